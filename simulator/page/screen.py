"""What a phone shows: the lines of a chat, its rich menu, who holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.clock import BANGKOK
from simulator.line.chats import Delivery, Line
from simulator.line.people import Group, Person
from simulator.line.platform import Platform
from simulator.line.rich_menus import RichMenu
from simulator.page import flex
from simulator.page.taps import Tap, tap

_READ = ("altText", "text", "fileName")
"""What there is to read of a message."""

MOST_PHONES = 6
"""Side by side on a page."""
MOST_LINES = 60
"""Of a chat that are drawn at once; who wants to see earlier ones asks for them."""


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A line of a chat.

    Args:
        number: Its place in the chat.
        at: When, in local time.
        kind: Type of the message.
        text: What there is to read, or what a notification says of it.
        speaker: Name of the person who said it, empty for the bot.
        notified: Whether the phone showed a notification.
        bubbles: Its Flex bubbles, drawn.
        quick_replies: The buttons below it, as long as it is the newest line.
        unsent: Whether the person has taken it back.
        size: Of a file, in bytes.
    """

    number: int
    at: datetime
    kind: str
    text: str
    speaker: str = ""
    notified: bool = False
    bubbles: tuple[flex.Bubble, ...] = ()
    quick_replies: tuple[Tap, ...] = ()
    unsent: bool = False
    size: int = 0

    @classmethod
    def of(cls, line: Line, platform: Platform) -> "ChatLine":
        """The line as it is shown."""
        message, at = line.message, line.at.astimezone(BANGKOK)
        kind, text = message["type"], words(line)
        if isinstance(line, Delivery):
            drawn = flex.bubbles(message["contents"]) if kind == "flex" else ()
            replies = tuple(tap(item["action"]) for item in message.get("quickReply", {}).get("items", ()))
            return cls(line.number, at, kind, text, notified=line.notified, bubbles=drawn, quick_replies=replies)
        speaker, size = platform.person(line.user_id), message.get("fileSize", 0)
        return cls(
            line.number, at, kind, text, speaker.name if speaker else line.user_id, unsent=line.unsent, size=size
        )


def words(line: Line) -> str:
    """What there is to read of a line, or what a notification says of it."""
    return next((line.message[name] for name in _READ if line.message.get(name)), "")


@dataclass(frozen=True, slots=True)
class Area:
    """A tappable area of a rich menu; ``style`` is CSS that lays it on its picture, whatever size that is shown in."""

    style: str
    tap: Tap


@dataclass(frozen=True, slots=True)
class Menu:
    """A rich menu.

    Args:
        id: Under which its picture is found.
        chat_bar_text: What the bar says that opens and closes it.
        style: CSS that tells the style sheet its shape.
        starts_open: Whether it is open until somebody closes it.
        areas: What can be tapped.
    """

    id: str
    chat_bar_text: str
    style: str
    starts_open: bool
    areas: tuple[Area, ...]

    @classmethod
    def of(cls, menu: RichMenu) -> "Menu":
        """The menu as it is shown."""
        layout = menu.layout
        width, height = layout["size"]["width"], layout["size"]["height"]
        areas = tuple(_area(area, width, height) for area in layout["areas"])
        return cls(menu.id, layout["chatBarText"], f"--shape: {width / height:.4f}", layout["selected"], areas)


def _area(area: Mapping[str, Any], width: int, height: int) -> Area:
    bounds = area["bounds"]
    shares = (
        ("left", bounds["x"] / width),
        ("top", bounds["y"] / height),
        ("width", bounds["width"] / width),
        ("height", bounds["height"] / height),
    )
    return Area("; ".join(f"{edge}: {share:.4%}" for edge, share in shares), tap(area["action"]))


@dataclass(frozen=True, slots=True)
class Phone:
    """A chat with the bot and all that is in it: a person's own, or a group's.

    Args:
        chat_id: LINE id of the person or group.
        acts: Path of the control API under which people act here.
        name: Of the person or group.
        caption: What stands below the name.
        notification: The newest message that the phone called attention to.
        blocked: Whether the person has blocked the bot.
        members: Who can write here; empty for a person's own chat.
        menu: The rich menu.
        loading: Seconds that the loading indicator will still be seen.
    """

    chat_id: str
    acts: str
    name: str
    caption: str
    notification: str
    blocked: bool = False
    members: tuple[Person, ...] = ()
    menu: Menu | None = None
    loading: float = 0.0


def phone_of(chat: Person | Group, platform: Platform) -> Phone:
    """A chat as it is shown, but for its lines."""
    if isinstance(chat, Group):
        members = tuple(person for user_id in chat.members if (person := platform.person(user_id)))
        names = ", ".join(person.name for person in members)
        acts, notification = f"/sim/groups/{chat.group_id}", _notification(chat.group_id, platform)
        return Phone(chat.group_id, acts, chat.name, names, notification, members=members)
    menu = platform.menus.shown_to(chat.user_id)
    return Phone(
        chat_id=chat.user_id,
        acts=f"/sim/people/{chat.user_id}",
        name=chat.name,
        caption=chat.caption,
        notification=_notification(chat.user_id, platform),
        blocked=chat.blocked,
        menu=None if menu is None or chat.blocked else Menu.of(menu),
        loading=platform.loading(chat.user_id),
    )


def _notification(chat_id: str, platform: Platform) -> str:
    return next((words(line) for line in reversed(platform.deliveries(chat_id)) if line.notified), "")
