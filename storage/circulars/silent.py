"""Reminding those who have not acknowledged a circular: by a tap, or ahead of the last day as the policy says.

What is put into the outbox here is looked at once more right before it goes out
(``storage.queries.circular_reminders``). It goes in sending hours, once a day and circular at the most.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.circulars.life import CircularAct, CircularRefusal, CircularRefused, CircularState
from domain.policy import DEFAULT_POLICY
from domain.reminders import BANGKOK
from domain.sending_hours import next_sending_time
from storage.audit import record
from storage.chasing import AFTER_DIGESTS
from storage.circulars.drafts import is_withdrawn
from storage.circulars.hours import policy_of
from storage.circulars.rows import locked, subject_of
from storage.outbox import NewMessage, Priority, enqueue
from storage.outbox_claims import Now
from storage.outbox_merging import MERGED
from storage.queries.circulars import is_silent
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import Circular, CircularRecipient, OutboxMessage, Person
from storage.tables.messaging import AuditAction, NoticeKind, OutboxState

HOLDS_FOR = timedelta(days=7)
_WENT_OUT = (CircularState.SENDING, CircularState.PAUSED, CircularState.SENT)


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody who got a circular and has not acknowledged it, and can be reached."""

    person_id: int
    code: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """That those who are silent on a circular are to be reminded ``days`` working days before its last day: ``on``."""

    circular_id: int
    days: int
    on: date


def silent_people(session: Session, circular_id: int, *, sent_before: datetime | None = None) -> Sequence[Silent]:
    """Return who is silent and can be reached; ``sent_before`` (business time): of those who had got it by then."""
    row = CircularRecipient
    query = (
        select(Person.id, Person.code)
        .join(row, row.person_id == Person.id)
        .where(row.circular_id == circular_id, is_silent())
        .where(Person.line_user_id.is_not(None), Person.unreachable_since.is_(None))
        .order_by(Person.id)
    )
    if sent_before is not None:
        query = query.where(row.sent_at < sent_before)
    return [Silent(*values) for values in session.execute(query)]


def already_reminded(session: Session, circular_id: int, now: datetime) -> frozenset[int]:
    """Return who (ids) of the silent was reminded of a circular today, or will be yet; ``now`` is business time."""
    row, midnight = OutboxMessage, _midnight(now.astimezone(BANGKOK).date())
    went = or_(row.state.not_in([OutboxState.CANCELLED, OutboxState.EXPIRED]), row.reason == MERGED)
    query = (
        select(row.person_id)
        .join(CircularRecipient, CircularRecipient.person_id == row.person_id)
        .where(CircularRecipient.circular_id == circular_id, is_silent())
        .where(row.kind == NoticeKind.CIRCULAR_REMINDER, row.key.startswith(_keys(circular_id), autoescape=True))
        .where(or_(row.created_at >= midnight, row.not_before >= midnight), went)
    )
    return frozenset(session.scalars(query))


def remind(session: Session, reference: Reference, by: Actor, circular_id: int, at: Now) -> int:
    """Remind who is silent and was not reminded today, and return how many these are.

    Raises:
        CircularRefused: NOT_YOURS, WRONG_STATE, WITHDRAWN, NOBODY_SILENT.
    """
    row = locked(session, reference, by, circular_id, CircularAct.REMIND)
    if is_withdrawn(session, row.id):
        raise CircularRefused(CircularRefusal.WITHDRAWN)
    silent = silent_people(session, row.id) if row.wants_acknowledgement else ()
    if not silent:
        raise CircularRefused(CircularRefusal.NOBODY_SILENT)
    again = already_reminded(session, row.id, at.business)
    people = [one for one in silent if one.person_id not in again]
    if people:
        goes_at = _goes_at(reference, row, at.business)
        _queue(session, row.id, people, str(reference.rules.today), goes_at, goes_at + HOLDS_FOR, at)
        facts = {"letter_no": row.letter_no, "subject": row.subject, "recipients": len(people)}
        record(session, AuditAction.CIRCULAR_REMIND, subject_of(row.id), by, at, after=facts)
    return len(people)


def due_ahead(session: Session, reference: Reference) -> Sequence[Ahead]:
    """Return what the ministries' policies have fall due by today and is not planned yet, one of each circular.

    Of several that fell due meanwhile only the last one is; nothing is after the last day for acknowledging.
    """
    rules = reference.rules
    policies = [DEFAULT_POLICY, *rules.policies.values()]
    farthest = max((days for policy in policies for days in policy.remind_silent), default=0)
    row, reach = Circular, rules.calendar.after(rules.today, farthest + 1)
    query = select(row).where(row.state.in_(_WENT_OUT), row.wants_acknowledgement)
    found = []
    for circular in session.scalars(query.where(row.acknowledge_by.between(rules.today, reach))):
        due = _due(reference, circular)
        if due is not None and not is_withdrawn(session, circular.id):
            found.append(due)
    return found


def _due(reference: Reference, row: Circular) -> Ahead | None:
    if row.acknowledge_by is None:
        return None
    calendar, today = reference.rules.calendar, reference.rules.today
    days = {number: calendar.before(row.acknowledge_by, number) for number in policy_of(reference, row).remind_silent}
    due = min((number for number, day in days.items() if day <= today), default=None)
    is_new = due is not None and (row.silent_reminded is None or due < row.silent_reminded)
    return Ahead(row.id, due, days[due]) if due is not None and is_new else None


def queue_ahead(
    session: Session, reference: Reference, ahead: Ahead, people: Sequence[Silent], at: Now, *, is_all: bool
) -> int:
    """Queue the reminders of some people, and return how many are new; ``is_all``: with them all are planned."""
    row = session.get_one(Circular, ahead.circular_id)
    if row.acknowledge_by is None:
        return 0
    goes_at, ends_at = _goes_at(reference, row, at.business), _midnight(row.acknowledge_by + timedelta(days=1))
    if is_all:
        row.silent_reminded = ahead.days
    return _queue(session, row.id, people, str(ahead.days), goes_at, ends_at, at) if goes_at < ends_at else 0


def _goes_at(reference: Reference, row: Circular, now: datetime) -> datetime:
    """Return when reminders of a circular go out: after the day's digests, which make some of them wait."""
    policy = policy_of(reference, row)
    soonest = next_sending_time(now, policy, reference.rules.calendar)
    return max(soonest, datetime.combine(soonest.date(), policy.send_from, BANGKOK) + AFTER_DIGESTS)


def _queue(
    session: Session, circular_id: int, people: Collection[Silent], occurrence: str, goes_at: datetime,
    ends_at: datetime, at: Now,
) -> int:  # fmt: skip
    keys, facts = _keys(circular_id), {"circular": circular_id, "on": goes_at.date().isoformat()}
    messages = (
        NewMessage(
            key=f"{keys}{one.code}:{occurrence}",
            kind=NoticeKind.CIRCULAR_REMINDER,
            person_id=one.person_id,
            not_before=goes_at,
            expires_at=ends_at,
            priority=Priority.BULK,
            args={"person": one.code, **facts},
        )
        for one in people
    )
    return len(enqueue(session, messages, at.business))


def _keys(circular_id: int) -> str:
    """Return with what the keys of a circular's reminders begin; person and occurrence follow."""
    return f"circular_silent:{circular_id}:"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)
