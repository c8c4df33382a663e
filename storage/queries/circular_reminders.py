"""What reminders of circulars say when they go out: which of the letters somebody still has to acknowledge.

A person gets one such message a day, and none on the day of a digest or a chase; but what waited for one day goes out
on the next whatever else does, and so does what would come after the last day for acknowledging.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.circulars.letters import Letter
from domain.circulars.life import CircularState
from domain.policy import DEFAULT_POLICY, ReminderPolicy
from domain.reminders import BANGKOK
from domain.sending_hours import next_sending_time
from domain.workdays import WorkingCalendar
from storage.circulars.drafts import Draft, is_withdrawn, read
from storage.circulars.hours import policy_of
from storage.outbox_claims import Now
from storage.outbox_merging import Args, pieces_of
from storage.queries.readers import PersonReading
from storage.reference import Reference
from storage.reminder_ledger import reminded_today
from storage.tables import Circular, CircularRecipient, OutboxMessage, Person
from storage.tables.messaging import NoticeKind, OutboxState


@dataclass(frozen=True, slots=True)
class SilentLetter:
    """A circular that waits for its reader's acknowledgement; ``working_days_left`` until the last day for that."""

    circular_id: int
    letter: Letter
    files: int
    working_days_left: int


class ReminderHours(NamedTuple):
    """Sending hours of a ministry, not before ``earliest``."""

    policy: ReminderPolicy
    earliest: datetime
    is_last_day: bool = False

    def next_time(self, now: datetime, calendar: WorkingCalendar) -> datetime:
        """Return when a reminder may go out from ``now`` on."""
        return next_sending_time(max(now, self.earliest), self.policy, calendar)


class SilentReading:
    """Tells what of queued reminders of circulars holds."""

    def __init__(self, session: Session, reference: Reference, now: Now, pieces: Collection[Args]) -> None:
        self._reference, self._now = reference, now.business
        numbers = {piece["circular"] for piece in pieces}
        rows = session.scalars(select(Circular).where(Circular.id.in_(numbers)))
        self._circulars: Mapping[int, Circular] = {row.id: row for row in rows if not _is_over(session, row)}
        self._sheets: Mapping[int, Draft] = {number: read(session, row) for number, row in self._circulars.items()}
        codes = {piece["person"] for piece in pieces}
        self._ids = dict(session.execute(select(Person.code, Person.id).where(Person.code.in_(codes))).all())
        self._silent = _silent(session, numbers, self._ids.values())
        self._told = _told_of(session, self._today, self._ids.values())
        self._reminded = reminded_today(session, self._today, self._ids.values(), [])

    def holding(self, reader: PersonReading, pieces: Sequence[Args]) -> Sequence[tuple[Args, SilentLetter]]:
        """Return the letters that the reader has to acknowledge and was not reminded of today, the soonest first."""
        found: dict[int, tuple[Args, SilentLetter]] = {}
        for piece in pieces:
            number = piece["circular"]
            is_told = number in self._told[reader.person_id]
            if number in self._circulars and (number, reader.person_id) in self._silent and not is_told:
                found.setdefault(number, (piece, self._fact(number)))
        return sorted(found.values(), key=lambda pair: (pair[1].letter.acknowledge_by or date.max, pair[1].circular_id))

    def hours(self, piece: Args) -> ReminderHours:
        """Return when the person may be reminded of it."""
        row, rules = self._circulars.get(piece["circular"]), self._reference.rules
        if row is None:  # it is not sent at all
            return ReminderHours(DEFAULT_POLICY, self._now)
        policy = policy_of(self._reference, row)
        tomorrow = datetime.combine(self._today + timedelta(days=1), time(), BANGKOK)
        next_morning = next_sending_time(tomorrow, policy, rules.calendar)
        person = self._ids[piece["person"]]
        is_told = person in self._reminded or bool(self._told[person])
        has_waited = date.fromisoformat(piece["on"]) < self._today
        is_too_late = row.acknowledge_by is not None and next_morning.date() > row.acknowledge_by
        return ReminderHours(policy, next_morning if is_told and not (has_waited or is_too_late) else self._now)

    @property
    def _today(self) -> date:
        return self._reference.rules.today

    def _fact(self, number: int) -> SilentLetter:
        sheet, rules = self._sheets[number], self._reference.rules
        last_day = sheet.letter.acknowledge_by
        left = rules.calendar.working_days_left(rules.today, last_day) if last_day else 0
        return SilentLetter(number, sheet.letter, len(sheet.files), left)


def _is_over(session: Session, row: Circular) -> bool:
    return row.state is CircularState.CANCELLED or not row.wants_acknowledgement or is_withdrawn(session, row.id)


def _silent(session: Session, circulars: Collection[int], people: Collection[int]) -> frozenset[tuple[int, int]]:
    row = CircularRecipient
    query = select(row.circular_id, row.person_id).where(row.circular_id.in_(circulars), row.person_id.in_(people))
    return frozenset((number, person) for number, person in session.execute(query.where(row.acknowledged_at.is_(None))))


def _told_of(session: Session, day: date, people: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return of which circulars (ids) each of these people was reminded on ``day``, or is being reminded just now."""
    row, midnight = OutboxMessage, datetime.combine(day, time(), BANGKOK)
    under_way = and_(row.state.in_([OutboxState.DUE, OutboxState.SENDING]), row.body.is_not(None))
    sent = and_(row.state == OutboxState.SENT, row.sent_at >= midnight)
    query = select(row.person_id, row.args).where(
        row.kind == NoticeKind.CIRCULAR_REMINDER, row.person_id.in_(people), or_(sent, under_way)
    )
    told: dict[int, frozenset[int]] = defaultdict(frozenset)
    for person, args in session.execute(query):
        told[person] |= {piece["circular"] for piece in pieces_of(args)}
    return told
