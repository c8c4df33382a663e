"""Draws what the page shows, with the templates: whole phones, single lines, the parts beside the phones."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from simulator.line.chats import Delivery, Line
from simulator.line.people import Group, Person
from simulator.line.platform import Platform
from simulator.page.panels import Panel
from simulator.page.screen import MOST_LINES, ChatLine, Phone, phone_of, words

_MOST_KEPT = 5_000
"""Lines that are kept as they were drawn."""
_MOST_COUNTED = 100
"""Messages of a chat that can be unread; a badge shows no higher number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A chat in the list beside the phones.

    Args:
        chat_id: LINE id of the person or group.
        name: Of the person or group.
        caption: What stands below the name.
        blocked: Whether the person has blocked the bot.
        text: What its newest line says.
        numbers: Of the newest messages of the bot: those after the last one seen are unread.
    """

    chat_id: str
    name: str
    caption: str
    blocked: bool
    text: str
    numbers: tuple[int, ...]


class Drawing:
    """Markup for the page, every value in it escaped. Safe to use from many threads.

    Args:
        platform: Whose phones are drawn.
        bot_name: Name of the bot in every chat.
    """

    def __init__(self, platform: Platform, bot_name: str) -> None:
        self._platform = platform
        self._bot_name = bot_name
        self._kept: dict[int, tuple[Line, Person | None, Markup]] = {}

    def entries(self) -> list[Entry]:
        """Every chat, people before groups, in the order of registration."""
        people = [
            self._entry(person.user_id, person.name, person.caption, blocked=person.blocked)
            for person in self._platform.people()
        ]
        return people + [self._entry(group.group_id, group.name) for group in self._platform.groups()]

    def phone(self, chat_id: str) -> Markup | None:
        """A phone with the newest lines of its chat; None for a chat that does not exist."""
        until, _ = self._platform.chats.progress
        shown = self._shown(chat_id)
        if shown is None:
            return None
        lines = self.lines(chat_id)
        return self._markup("phone.html", phone=shown, lines=lines, until=until)

    def parts(self, chat_id: str) -> Markup | None:
        """What changes on a phone without a new line: the loading indicator and the rich menu."""
        shown = self._shown(chat_id)
        return None if shown is None else self._markup("parts.html", phone=shown)

    def lines(self, chat_id: str, *, before: int | None = None) -> Markup:
        """The newest lines of a chat, and above them a way to earlier ones, if there are any.

        Args:
            chat_id: Which chat.
            before: Number of the line that stands below them; None for the newest of all.
        """
        found = self._platform.chats.newest(chat_id, MOST_LINES + 1, before=before)
        shown = found[-MOST_LINES:]
        return self._markup("lines.html", lines=map(self.line, shown), is_cut=len(found) > len(shown))

    def line(self, line: Line) -> Markup:
        """A line of a chat, drawn once."""
        speaker = None if isinstance(line, Delivery) else self._platform.person(line.user_id)
        kept = self._kept.get(line.number)
        if kept and kept[0] is line and kept[1] is speaker:
            return kept[2]
        drawn = self._markup("line.html", line=ChatLine.of(line, self._platform))
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[line.number] = line, speaker, drawn
        return drawn

    def panel(self, panel: Panel) -> Markup:
        """A part of the page beside the phones."""
        return self._markup(panel.template, **panel.shown())

    def page(self, chat_ids: Iterable[str], panels: Iterable[Panel], **settings: object) -> Markup:
        """The whole page, with these phones open."""
        chosen = list(chat_ids)
        return self._markup(
            "page.html",
            entries=self.entries(),
            phones=[phone for chat_id in chosen if (phone := self.phone(chat_id))],
            chosen=chosen,
            panels={panel.name: self.panel(panel) for panel in panels},
            **settings,
        )

    def _markup(self, template: str, **values: object) -> Markup:
        return Markup(render_template(template, bot_name=self._bot_name, **values))  # noqa: S704 - templates escape

    def _shown(self, chat_id: str) -> Phone | None:
        chat: Person | Group | None = self._platform.person(chat_id) or self._platform.group(chat_id)
        return None if chat is None else phone_of(chat, self._platform)

    def _entry(self, chat_id: str, name: str, caption: str = "", *, blocked: bool = False) -> Entry:
        newest = self._platform.chats.newest(chat_id, _MOST_COUNTED)
        numbers = tuple(line.number for line in newest if isinstance(line, Delivery))
        return Entry(chat_id, name, caption, blocked, words(newest[-1]) if newest else "", numbers)
