"""Notices that are told at once where one comes, and together where many do, in each item's own hours.

A message looks for others of its kind to the same person right before it goes out, takes over what they say, and says
what of all that still holds. ``storage.outbox_merging`` keeps that nothing gets lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy.orm import Session

from domain.reminders import BANGKOK
from domain.workdays import WorkingCalendar
from scheduler.freezing import Deferred, Dropped, Frozen, Verdict
from storage.outbox_claims import Claimed, Now
from storage.outbox_merging import NO_LONGER_TRUE, Alike, Args, alike, carry, told_since
from storage.queries.readers import PersonReading, people_reading
from storage.reference import Reference, ReferenceBook

_AT_ONCE = timedelta(0)
_Fact = TypeVar("_Fact")
_FactOut_co = TypeVar("_FactOut_co", covariant=True)


class Hours(Protocol):
    """When people may be told of something."""

    @property
    def is_last_day(self) -> bool:
        """Whether waiting until tomorrow would be too late."""
        ...

    def next_time(self, now: datetime, calendar: WorkingCalendar) -> datetime:
        """Return when they may be told from ``now`` on."""
        ...


class Reading(Protocol[_FactOut_co]):
    """What the arguments of a page's notices are about, as it stands now."""

    def holding(self, reader: PersonReading, pieces: Sequence[Args]) -> Sequence[tuple[Args, _FactOut_co]]:
        """Return what of ``pieces`` is true and the reader's business, each with what to say of it."""
        ...

    def hours(self, piece: Args) -> Hours:
        """Return the hours in which people may be told of it."""
        ...


class Scene(NamedTuple):
    """Whom a message tells, and when."""

    session: Session
    reference: Reference
    reader: PersonReading
    now: Now


Read = Callable[[Session, Reference, Now, Sequence[Args]], Reading[_Fact]]
Render = Callable[[Scene, Sequence[_Fact]], str]


class GatheringFreezer(Generic[_Fact]):
    """Renders notices of one kind, at most one message a person within ``pause``.

    What is due within ``ahead`` is told with what is due now.
    """

    def __init__(
        self, read: Read[_Fact], render: Render[_Fact], *, ahead: timedelta = _AT_ONCE, pause: timedelta = _AT_ONCE
    ) -> None:
        self._read = read
        self._render = render
        self._ahead = ahead
        self._pause = pause
        self._book = ReferenceBook()

    def prepare(self, session: Session, _rows: Sequence[Claimed], now: Now) -> None:
        """Load the rules in force."""
        self._reference = self._book.on(session, now.business.astimezone(BANGKOK).date())

    def freeze(self, session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
        """Return the body of each message, or that it is merged or holds no more, or when it is due again."""
        found = alike(session, rows, now.business + self._ahead, now)
        pieces = [piece for messages in found.values() for message in messages for piece in message.pieces]
        reading = self._read(session, self._reference, now, pieces)
        readers = people_reading(session, {row.args["person"] for row in rows}, self._reference.rules.today)
        told = told_since(session, rows[0].kind, found, now.business - self._pause, now) if self._pause else {}
        verdicts: dict[int, Verdict] = {}
        for reader in readers.values():
            if messages := found.get(reader.person_id):
                scene = Scene(session, self._reference, reader, now)
                verdicts.update(self._of_person(scene, reading, messages, told.get(reader.person_id)))
        return verdicts

    def _of_person(
        self, scene: Scene, reading: Reading[_Fact], messages: Sequence[Alike], told_at: datetime | None
    ) -> Mapping[int, Verdict]:
        now = scene.now.business
        hours = {m.id: min(self._hour(reading, piece, now, told_at) for piece in m.pieces) for m in messages}
        verdicts: dict[int, Verdict] = {m.id: Deferred(hours[m.id]) for m in messages if m.is_claimed}
        ready = [message for message in messages if hours[message.id] <= now]
        verdicts |= {message.id: Dropped(NO_LONGER_TRUE) for message in ready if message.is_claimed}
        holding = reading.holding(scene.reader, [piece for message in ready for piece in message.pieces])
        pieces = [piece for piece, _ in holding]
        carrier = next((m for m in ready if m.is_claimed and m.says_any(pieces)), None)
        if carrier is None:  # what else holds goes out by itself in a moment
            return verdicts
        others = [message for message in ready if message is not carrier]
        endings = carry(scene.session, carrier, others, pieces)
        verdicts |= {m.id: Dropped(endings[m.id].reason) for m in others if m.is_claimed}
        verdicts[carrier.id] = Frozen(self._render(scene, [fact for _, fact in holding]))
        return verdicts

    def _hour(self, reading: Reading[_Fact], piece: Args, now: datetime, told_at: datetime | None) -> datetime:
        """Return when a piece may be told: after the pause, unless that ends after the hours of its last day."""
        hours, calendar = reading.hours(piece), self._reference.rules.calendar
        soonest = hours.next_time(now, calendar)
        if soonest > now or told_at is None:
            return soonest
        later = hours.next_time(told_at + self._pause, calendar)
        is_too_late = hours.is_last_day and later.astimezone(BANGKOK).date() > now.astimezone(BANGKOK).date()
        return soonest if is_too_late else later
