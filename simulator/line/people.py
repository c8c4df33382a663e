"""Who has LINE on the emulated platform: people, and the groups they chat in."""

import re
from dataclasses import dataclass

USER_ID = re.compile(r"U[0-9a-f]{32}")
GROUP_ID = re.compile(r"[CR][0-9a-f]{32}")
CHAT_ID = re.compile(r"[UCR][0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with LINE on the phone and the bot as a friend.

    Args:
        user_id: ``U`` and 32 hexadecimal digits.
        name: The name in the profile.
        caption: What the page writes below the name, such as the position.
        blocked: Whether this person has blocked the bot.
    """

    user_id: str
    name: str
    caption: str = ""
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group, or an old room of several people, that the bot is a member of.

    Args:
        group_id: ``C`` (group) or ``R`` (room) and 32 hexadecimal digits.
        name: Its name.
        members: User ids, without the bot's.
    """

    group_id: str
    name: str
    members: tuple[str, ...]
