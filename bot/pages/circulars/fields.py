"""The fields of the form, each by itself: how a draft says it, and the draft in which it says what was typed.

A field is a text, whatever its control looks like: choices of several are codes between spaces, rows of the calendar
are JSON. The text that ``shown`` gives is what a browser sends back as what stood there before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from bot.pages.cells import Unreadable, read_cell
from bot.pages.circulars.calendar import read_rows, rows_as_text
from domain.circulars.audience import reach_of
from domain.circulars.letters import LONGEST_NUMBER, LONGEST_SUBJECT, LONGEST_TEXT, Urgency
from domain.circulars.life import CircularRefused
from domain.fiscal import Quarter
from domain.report_fields import typed_text
from domain.roles import Role
from handlers.conversation import Request
from handlers.places import pressed_quarter
from messages_th.circulars.moments import read_sending
from messages_th.formats import one_line
from messages_th.pages import circulars_words as words
from storage.circulars.drafts import Draft
from storage.circulars.groups import group_names
from storage.circulars.rows import found
from storage.imports import values as cell

YES = "yes"
"""What a ticked box says; one that is not ticked says nothing."""
_Member = TypeVar("_Member", Urgency, Role)
_LAST_ID = 2**31
_QUARTER = re.compile(r"(\d{4})/(\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class DraftField:
    """One field. ``change`` returns the draft that says what was typed; raises Unreadable where that cannot be.

    ``is_set``: it holds codes in any order, each of which is ticked or not, whatever becomes of the others.
    """

    shown: Callable[[Draft], str]
    change: Callable[[Request, Draft, str], Draft]
    is_set: bool = False


def _letter(shown: Callable[[Draft], str], name: str, read: Callable[[Request, str], Any]) -> DraftField:
    def change(asked: Request, draft: Draft, text: str) -> Draft:
        return replace(draft, letter=replace(draft.letter, **{name: read(asked, text)}))

    return DraftField(shown, change)


def _audience(
    shown: Callable[[Draft], str], name: str, read: Callable[[Request, str], Any], *, is_set: bool = False
) -> DraftField:
    def change(asked: Request, draft: Draft, text: str) -> Draft:
        return replace(draft, audience=replace(draft.audience, **{name: read(asked, text)}))

    return DraftField(shown, change, is_set)


def _ticked(_: Request, text: str) -> bool:
    return text == YES


def _line(limit: int, label: str) -> Callable[[Request, str], str]:
    """Return how a line of so many characters is read; what it is called, typed before it, does not belong to it."""

    def read(_: Request, text: str) -> str:
        line = read_cell(typed_text(text), cell.short_text(limit)) or ""
        return str(line).removeprefix(label).strip()

    return read


def _text(_: Request, text: str) -> str:
    if len(text.rstrip()) > LONGEST_TEXT:
        raise Unreadable(words.TEXT_TOO_LONG)
    return text.rstrip()


def _day(_: Request, text: str) -> date | None:
    found: date | None = read_cell(text, cell.day)
    return found


def _day_to_come(asked: Request, text: str) -> date | None:
    day = _day(asked, text)
    if day is not None and day < asked.today:
        raise Unreadable(words.DAY_IS_OVER)
    return day


def _moment(asked: Request, text: str) -> datetime | None:
    """Return when it is to be sent, by the words that the chat understands, too; nothing typed: at once."""
    said = one_line(typed_text(text))
    if not said:
        return None
    read = read_sending(said, asked.now, asked.reference.rules.calendar) if len(said) <= cell.MAX_SHORT else None
    if read is None or read.end != len(said):
        raise Unreadable(words.MOMENT_UNCLEAR)
    if read.at is not None and read.at < asked.now:
        raise Unreadable(words.MOMENT_IS_OVER)
    return read.at


def _places(asked: Request, text: str) -> frozenset[str]:
    """Return the units that were ticked; those that are gone meanwhile are left out.

    Raises:
        Unreadable: one is not within the reach of who ticks it.
    """
    organisation = asked.reference.rules.organisation
    reach = reach_of(organisation, asked.asker.code)
    units = frozenset(text.split()) & organisation.units.keys()
    if reach is not None and not units <= reach:
        raise Unreadable(words.OUT_OF_REACH)
    return units


def _members(kind: type[_Member]) -> Callable[[Request, str], frozenset[_Member]]:
    def read(_: Request, text: str) -> frozenset[_Member]:
        try:
            return frozenset(kind(one) for one in text.split())
        except ValueError as error:
            raise Unreadable(words.NO_SUCH_CHOICE) from error

    return read


def _urgency(_: Request, text: str) -> Urgency:
    try:
        return Urgency(text)
    except ValueError as error:
        raise Unreadable(words.NO_SUCH_CHOICE) from error


def _quarter(_: Request, text: str) -> Quarter | None:
    if not text:
        return None
    match = _QUARTER.fullmatch(text)
    quarter = pressed_quarter(int(match[1]), int(match[2])) if match else None
    if quarter is None:
        raise Unreadable(words.NO_SUCH_CHOICE)
    return quarter


def _groups(asked: Request, text: str) -> tuple[int, ...]:
    """Return the saved groups that were ticked; those that are gone meanwhile are left out."""
    known = group_names(asked.session, asked.reference, asked.asker.code)
    return tuple(sorted({_id(one) for one in text.split()} & known.keys()))


def _earlier(asked: Request, text: str) -> int | None:
    """Return the earlier circular whose recipients are meant, one that the asker handles."""
    if not text:
        return None
    try:
        return found(asked.session, asked.reference, asked.actor, _id(text)).id
    except CircularRefused as refused:
        raise Unreadable(words.NO_SUCH_CHOICE) from refused


def _id(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(_LAST_ID)) else 0
    if not number:
        raise Unreadable(words.NO_SUCH_CHOICE)
    return number


def _codes(some: Any) -> str:
    return " ".join(sorted(map(str, some)))


def _yes(*, is_ticked: bool) -> str:
    return YES if is_ticked else ""


FIELDS: Mapping[str, DraftField] = {
    words.LETTER_NO: _letter(
        lambda draft: draft.letter.letter_no, "letter_no", _line(LONGEST_NUMBER, words.BEFORE_NUMBER)
    ),
    words.LETTER_DATE: _letter(lambda draft: words.day(draft.letter.letter_date), "letter_date", _day),
    words.URGENCY: _letter(lambda draft: draft.letter.urgency.value, "urgency", _urgency),
    words.SUBJECT: _letter(
        lambda draft: draft.letter.subject, "subject", _line(LONGEST_SUBJECT, words.BEFORE_SUBJECT)
    ),
    words.TEXT: _letter(lambda draft: draft.letter.text, "text", _text),
    words.EVERYONE: _audience(lambda draft: _yes(is_ticked=draft.audience.everyone), "everyone", _ticked),
    words.UNITS: _audience(lambda draft: _codes(draft.audience.units), "units", _places, is_set=True),
    words.ROLES: _audience(lambda draft: _codes(draft.audience.roles), "roles", _members(Role), is_set=True),
    words.UNREPORTED: _audience(lambda draft: words.quarter_code(draft.audience.unreported), "unreported", _quarter),
    words.GROUPS: _audience(lambda draft: _codes(draft.audience.groups), "groups", _groups, is_set=True),
    words.RECIPIENTS_OF: _audience(
        lambda draft: str(draft.audience.recipients_of or ""), "recipients_of", _earlier
    ),
    words.WITHOUT_UNITS: _audience(
        lambda draft: _codes(draft.audience.without_units), "without_units", _places, is_set=True
    ),
    words.WITHOUT_ROLES: _audience(
        lambda draft: _codes(draft.audience.without_roles), "without_roles", _members(Role), is_set=True
    ),
    words.WANTS_ACKNOWLEDGEMENT: _letter(
        lambda draft: _yes(is_ticked=draft.letter.wants_acknowledgement), "wants_acknowledgement", _ticked
    ),
    words.ACKNOWLEDGE_BY: _letter(
        lambda draft: words.day(draft.letter.acknowledge_by), "acknowledge_by", _day_to_come
    ),
    words.SEND_AT: _letter(lambda draft: words.moment(draft.letter.send_at), "send_at", _moment),
    words.WINDOWS: DraftField(
        lambda draft: rows_as_text(draft.windows),
        lambda asked, draft, text: replace(draft, windows=read_rows(asked, text)),
    ),
}  # fmt: skip
"""By the names of the controls, in the order of the form."""
