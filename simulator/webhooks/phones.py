"""What people do with their phones. Whatever LINE tells a bot becomes an event on its way there."""

import mimetypes
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from simulator.line.chats import Utterance
from simulator.line.people import Group, Person
from simulator.line.platform import Platform
from simulator.line.rich_menus import UnknownAlias, UnknownMenu, WithoutImage
from simulator.webhooks import events
from simulator.webhooks.events import Event, Part, SwitchStatus
from simulator.webhooks.postman import Postman

STICKER, IMAGE = "sticker", "image"


class CannotWrite(Exception):
    """The person has blocked the bot, or is not in that group."""


class Phones:
    """Everybody's phone, in the hands of its owner; each act gives the event that it caused.

    Without a webhook events go nowhere but to the caller, who may post them: `simulator.webhooks.letters.letter`.

    ``group_id`` puts an act into a group's chat instead of the person's own. Every method raises KeyError for people,
    groups and messages that do not exist, and `CannotWrite` where a real phone has nowhere to write.
    """

    def __init__(self, platform: Platform, postman: Postman) -> None:
        self._platform = platform
        self._postman = postman

    def settle(self, timeout: float) -> bool:
        """Wait until the bot has been handed every event, or has failed to take it; False when that takes longer."""
        return self._postman.settle(timeout)

    # Messages and buttons

    def says(self, user_id: str, text: str, *, group_id: str = "") -> Event:
        """Type a message and send it."""
        return self._sends(user_id, events.text(self._platform.next_message_id(), text), group_id)

    def sends(self, user_id: str, kind: str, *, group_id: str = "") -> Event:
        """Send a `STICKER` or an `IMAGE`."""
        make = {STICKER: events.sticker, IMAGE: events.image}[kind]
        return self._sends(user_id, make(self._platform.next_message_id()), group_id)

    def sends_file(self, user_id: str, name: str, content: bytes) -> Event:
        """Send a file; the bot may fetch its bytes by the message's id."""
        message_id = self._platform.next_message_id()
        path = f"/{name}"  # its ending alone says the type, also where the name looks like an address
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        ready_in = self._platform.behaviour.content_pause
        self._platform.contents.keep(message_id, content, media_type, ready_in=ready_in)
        return self._sends(user_id, events.file(message_id, name, len(content)), "")

    def unsends(self, user_id: str, message_id: str) -> Event:
        """Take a message back."""
        said = next(
            (each for each in self._platform.utterances() if (each.user_id, each.id) == (user_id, message_id)), None
        )
        if said is None:
            raise KeyError(message_id)
        self._platform.chats.replace(_unsent(said))
        self._platform.contents.unsend(message_id)
        group = self._platform.group(said.chat_id)
        source = events.in_chat(user_id) if group is None else events.in_group(group)
        return self._happens(source, events.unsend(message_id))

    def presses(
        self,
        user_id: str,
        data: str,
        *,
        params: Mapping[str, str] | None = None,
        shown: str = "",
        group_id: str = "",
    ) -> Event:
        """Press a button of a card, a quick reply or a menu.

        Args:
            user_id: Who.
            data: The button's data, of any card however old: LINE keeps them all alive.
            params: What was chosen, for a date picker.
            shown: The button's ``displayText``, which the chat shows as the person's words.
            group_id: In which group's chat.
        """
        group = self._writes_in(user_id, group_id)
        if shown:
            self._shows(user_id, group, {"type": "text", "text": shown})
        source = events.in_group(group) if group else events.in_chat(user_id)
        return self._happens(source, events.postback(data, params), answerable_in=group_id or user_id)

    def switches(self, user_id: str, alias: str, data: str) -> Event:
        """Tap a tab of the rich menu: the person is linked to the menu of that alias."""
        self._writes_in(user_id, "")
        status = SwitchStatus.SUCCESS
        try:
            self._platform.menus.link([user_id], self._platform.menus.alias(alias))
        except UnknownAlias:
            status = SwitchStatus.ALIAS_NOT_FOUND
        except UnknownMenu:
            status = SwitchStatus.MENU_NOT_FOUND
        except WithoutImage:
            status = SwitchStatus.FAILED
        return self.presses(user_id, data, params=events.switched(alias, status))

    # Friendship

    def follows(self, user_id: str) -> Event:
        """Add the bot as a friend."""
        self._person(user_id)
        return self._happens(events.in_chat(user_id), events.follow(unblocked=False), answerable_in=user_id)

    def blocks(self, user_id: str) -> Event:
        """Block the bot."""
        self._platform.set_blocked(user_id, blocked=True)
        return self._happens(events.in_chat(user_id), events.UNFOLLOW)

    def unblocks(self, user_id: str) -> Event:
        """Take a block back."""
        self._platform.set_blocked(user_id, blocked=False)
        return self._happens(events.in_chat(user_id), events.follow(unblocked=True), answerable_in=user_id)

    # Groups

    def gathers(self, group: Group) -> list[Event]:
        """Invite the bot into a new group, or let people come into and leave a known one.

        Raises:
            ValueError: The id is not a group's or room's, or a member is not registered.
        """
        before = self._platform.group(group.group_id)
        self._platform.set_group(group)
        source = events.in_group(group)
        if before is None:
            return [self._happens(source, events.JOIN, answerable_in=group.group_id)]
        came = [user_id for user_id in group.members if user_id not in before.members]
        went = [user_id for user_id in before.members if user_id not in group.members]
        happened = []
        if came:
            happened.append(self._happens(source, events.members_joined(came), answerable_in=group.group_id))
        if went:
            happened.append(self._happens(source, events.members_left(went)))
        return happened

    def dismisses(self, group_id: str) -> Event:
        """Take the bot out of a group."""
        group = self._group(group_id)
        self._platform.remove_group(group_id)
        return self._happens(events.in_group(group), events.LEAVE)

    # What all acts have in common

    def _sends(self, user_id: str, message: Part, group_id: str) -> Event:
        group = self._writes_in(user_id, group_id)
        self._shows(user_id, group, message)
        source = events.in_group(group, user_id) if group else events.in_chat(user_id)
        return self._happens(source, events.message(message), answerable_in=group_id or user_id)

    def _shows(self, user_id: str, group: Group | None, message: Part) -> None:
        self._platform.chats.add(
            partial(
                Utterance,
                id=message.get("id", ""),
                chat_id=group.group_id if group else user_id,
                user_id=user_id,
                at=self._platform.now(),
                message=message,
            )
        )

    def _happens(self, source: Part, about: Part, *, answerable_in: str = "") -> Event:
        token = self._platform.reply_tokens.issue(answerable_in) if answerable_in else None
        event = events.envelope(self._platform.now(), source, token, about, standby=self._platform.behaviour.standby)
        return self._postman.post(event)

    def _writes_in(self, user_id: str, group_id: str) -> Group | None:
        person = self._person(user_id)
        if not group_id:
            if person.blocked:
                raise CannotWrite(f"{user_id} has blocked the bot")
            return None
        group = self._group(group_id)
        if user_id not in group.members:
            raise CannotWrite(f"{user_id} is not in the group")
        return group

    def _person(self, user_id: str) -> Person:
        person = self._platform.person(user_id)
        if person is None:
            raise KeyError(user_id)
        return person

    def _group(self, group_id: str) -> Group:
        group = self._platform.group(group_id)
        if group is None:
            raise KeyError(group_id)
        return group


def _unsent(said: Utterance) -> Utterance:
    return replace(said, message={"type": said.message["type"], "id": said.id}, unsent=True)
