"""Circulars as their officers follow them: which there are, how far each is, and who has not acknowledged it.

Only what ``storage.circulars.rows`` lets somebody know of. Instants are business time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from domain.circulars.letters import Relation
from domain.circulars.life import CircularState
from domain.circulars.searching import Sought, matches
from domain.reminders import BANGKOK
from storage.circulars.rows import of_handler, subject_of
from storage.queries.readers import PersonReading, people_reading
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import AuditEntry, Circular, CircularRecipient, Person
from storage.tables.messaging import AuditAction, OutboxState

_ROW = CircularRecipient
_WAITING = (OutboxState.DUE, OutboxState.SENDING)
_UNREACHED = (OutboxState.PARKED, OutboxState.EXPIRED, OutboxState.CANCELLED, OutboxState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Listed:
    """A circular in a list; ``recipients`` are none before the release.

    ``reached`` are those of them who got it, ``acknowledged`` of these. Who acknowledged it got it, by whatever way.
    """

    circular_id: int
    letter_no: str
    letter_date: date | None
    subject: str
    relation: Relation | None
    state: CircularState
    wants_acknowledgement: bool
    released_at: datetime | None
    recipients: int
    reached: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a circular is: people by state of what was sent to them, and the ends without sending by reason.

    ``states`` add up to all recipients, and so do ``unreached``, who are waiting for it, and who was sent it.
    ``reached`` and ``acknowledged`` as in ``Listed``; ``silent`` were sent it and have not acknowledged.
    """

    states: Mapping[OutboxState, int]
    unreached: Mapping[tuple[OutboxState, str], int]
    reached: int
    acknowledged: int
    opened: int
    silent: int

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many people each reason kept from it, however that ended."""
        found: Counter[str] = Counter()
        for (_, reason), people in self.unreached.items():
            found[reason] += people
        return found

    @property
    def recipients(self) -> int:
        """All who are named."""
        return sum(self.states.values())

    @property
    def sent(self) -> int:
        """To how many it was sent."""
        return self.states.get(OutboxState.SENT, 0)

    @property
    def waiting(self) -> int:
        """How many wait for it."""
        return sum(self.states.get(state, 0) for state in _WAITING)


@dataclass(frozen=True, slots=True)
class Share:
    """How many people of an agency (a unit's code; the ministry's where there is none) got it and acknowledged it."""

    unit: str
    recipients: int
    reached: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class Named:
    """A recipient by name, with the unit (code) through which it is one; ``state`` and ``reason`` as in the outbox."""

    name: str
    position: str
    unit: str
    state: OutboxState
    reason: str
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class LastAct:
    """What was done with a circular last, by whom (None: the operator's shell) and when."""

    action: AuditAction
    by: PersonReading | None
    at: datetime


def found_circulars(session: Session, reference: Reference, by: Actor, sought: Sought) -> Sequence[int]:
    """Return the circulars (ids) that ``by`` handles and that are sought, newest first."""
    row = Circular
    newest = func.coalesce(row.released_at, row.changed_at)
    query = of_handler(select(row.id, row.letter_no, row.subject), reference, by).order_by(newest.desc(), row.id.desc())
    if sought.first_day is not None and sought.last_day is not None:
        query = query.where(_is_of_days(sought.first_day, sought.last_day))
    found = session.execute(query)
    return [number for number, letter_no, subject in found if matches(sought.words, letter_no, subject)]


def _is_of_days(first: date, last: date) -> ColumnElement[bool]:
    row = Circular
    begin = datetime.combine(first, time(), BANGKOK)
    end = datetime.combine(last, time(), BANGKOK) + timedelta(days=1)
    return or_(row.letter_date.between(first, last), and_(row.released_at >= begin, row.released_at < end))


def listed(session: Session, circulars: Sequence[int]) -> Sequence[Listed]:
    """Return these circulars (ids), in their order."""
    row = Circular
    counted = {
        number: counts
        for number, *counts in session.execute(
            select(_ROW.circular_id, *_shares()).where(_ROW.circular_id.in_(circulars)).group_by(_ROW.circular_id)
        )
    }
    query = select(
        row.id, row.letter_no, row.letter_date, row.subject, row.relation, row.state, row.wants_acknowledgement,
        row.released_at,
    ).where(row.id.in_(circulars))  # fmt: skip
    found = {values[0]: Listed(*values, *counted.get(values[0], (0, 0, 0))) for values in session.execute(query)}
    return [found[number] for number in circulars]


def _shares() -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    """Return the columns that count recipients, whom it reached, and who acknowledged."""
    reached = case((or_(_ROW.state == OutboxState.SENT, _ROW.acknowledged_at.is_not(None)), 1))
    return func.count(), func.count(reached), func.count(_ROW.acknowledged_at)


def progress(session: Session, circular_id: int) -> Progress:
    """Return how far a circular is."""
    under_way = OutboxState.DUE, OutboxState.SENDING, OutboxState.SENT
    counted = [func.count(case((_ROW.state == state, 1))) for state in under_way]
    further = func.count(_ROW.opened_at), func.count(case((is_silent(), 1)))
    whole = select(*_shares(), *further, *counted).where(_ROW.circular_id == circular_id)
    recipients, reached, acknowledged, opened, silent, *numbers = session.execute(whole).one()
    states = dict(zip(under_way, numbers, strict=True))
    unreached = _unreached(session, circular_id) if sum(numbers) < recipients else {}
    for (state, _), people in unreached.items():
        states[state] = states.get(state, 0) + people
    return Progress(states, unreached, reached, acknowledged, opened, silent)


def _unreached(session: Session, circular_id: int) -> Mapping[tuple[OutboxState, str], int]:
    """Return how many people a circular did not reach, by how that ended and why."""
    query = (
        select(_ROW.state, _ROW.reason, func.count())
        .where(_ROW.circular_id == circular_id, _ROW.state.in_(_UNREACHED))
        .group_by(_ROW.state, _ROW.reason)
    )
    return {(state, reason): people for state, reason, people in session.execute(query)}


def shares(session: Session, reference: Reference, circular_id: int) -> Sequence[Share]:
    """Return how far a circular is in each agency, in the order of their codes."""
    organisation = reference.rules.organisation
    query = select(_ROW.unit_id, *_shares()).where(_ROW.circular_id == circular_id).group_by(_ROW.unit_id)
    counts: dict[str, list[int]] = {}
    for unit_id, *figures in session.execute(query):
        code = reference.unit_codes[unit_id]
        agency = organisation.path(code).agency or organisation.ministry_of(code)
        counts[agency] = [sum(both) for both in zip(counts.get(agency, (0, 0, 0)), figures, strict=True)]
    return [Share(agency, *figures) for agency, figures in sorted(counts.items())]


def is_silent() -> ColumnElement[bool]:
    """Return the condition that a recipient was sent a circular and has not acknowledged it."""
    return and_(_ROW.state == OutboxState.SENT, _ROW.acknowledged_at.is_(None))


def is_unreached() -> ColumnElement[bool]:
    """Return the condition that a recipient never got a circular."""
    return and_(_ROW.state.in_(_UNREACHED), _ROW.acknowledged_at.is_(None))


def number_of(session: Session, circular_id: int, condition: ColumnElement[bool]) -> int:
    """Return how many recipients are in a condition."""
    query = select(func.count()).select_from(_ROW).where(_ROW.circular_id == circular_id, condition)
    return session.scalar(query) or 0


def names_of(
    session: Session, reference: Reference, circular_id: int, condition: ColumnElement[bool], first: int, number: int
) -> Sequence[Named]:
    """Return ``number`` recipients in a condition from number ``first`` (from 0) on, unit by unit."""
    query = (
        select(Person.code, _ROW.unit_id, _ROW.state, _ROW.reason, _ROW.opened_at)
        .join(Person, Person.id == _ROW.person_id)
        .where(_ROW.circular_id == circular_id, condition)
        .order_by(_ROW.unit_id, _ROW.person_id)
        .offset(first)
        .limit(number)
    )
    rows = session.execute(query).all()
    people = people_reading(session, {code for code, *_ in rows}, reference.rules.today)
    return [
        Named(people[code].full_name, people[code].position, reference.unit_codes[unit_id], state, reason, opened_at)
        for code, unit_id, state, reason, opened_at in rows
    ]


def last_act(session: Session, reference: Reference, circular_id: int) -> LastAct | None:
    """Return what was done with a circular last, reminding left aside; None: nothing was yet."""
    row = AuditEntry
    query = (
        select(row.action, Person.code, row.business_at, row.at)
        .outerjoin(Person, Person.id == row.actor_id)
        .where(row.subject == subject_of(circular_id), row.action.in_(_ACTS))
        .order_by(row.id.desc())
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    action, code, business_at, at = found
    reader = people_reading(session, [code], reference.rules.today).get(code) if code else None
    return LastAct(action, reader, business_at or at)


_ACTS = (
    AuditAction.CIRCULAR_PROPOSE,
    AuditAction.CIRCULAR_TAKE_BACK,
    AuditAction.CIRCULAR_RELEASE,
    AuditAction.CIRCULAR_PAUSE,
    AuditAction.CIRCULAR_RESUME,
    AuditAction.CIRCULAR_CANCEL,
    AuditAction.CIRCULAR_RESEND,
)
