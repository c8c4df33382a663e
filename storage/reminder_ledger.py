"""The ledger of reminders: which occurrence was put into whose digest, so that none is sent twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from domain.in_force import Rules
from domain.reminders import BANGKOK, Digest, Ledger, OccurrenceKey
from domain.windows import Occasion
from storage.database import insert_into
from storage.queries.situation import ActiveOccasions
from storage.tables import OutboxMessage, Person, ReminderOccurrence
from storage.tables.messaging import NoticeKind, OutboxState

_KEY = ("person_id", "kind", "fiscal_year", "quarter", "stage", "step", "on")

_LOOKBACK = timedelta(days=14)
"""Reminders that belong to no active occasion (items waiting for long) come weekly: older entries cannot matter."""


def reminder_key(on: date, person: str, earlier: int) -> str:
    """Return the outbox key of a person's reminder of one day; ``earlier`` ones of that day told the person nothing."""
    return f"{NoticeKind.REMINDER.value}:{on.isoformat()}:{person}" + (f":{earlier + 1}" if earlier else "")


def reminders_of(session: Session, day: date) -> tuple[Mapping[int, int], Collection[int]]:
    """Return how many reminders of ``day`` (Bangkok) each person (id) has in the outbox, and whom one of them told.

    A coordinator's chase counts from when it was made ready to be sent: until then the day's reminder goes before it.
    """
    row = OutboxMessage
    counts = select(row.person_id, func.count()).where(_is_of(day)).group_by(row.person_id)
    told = select(row.person_id).join(Person, Person.id == row.person_id).where(_is_of(day), _told_the_person())
    return dict(session.execute(counts).all()), frozenset(session.scalars(told))


def _is_of(day: date) -> ColumnElement[bool]:
    row, midnight = OutboxMessage, datetime.combine(day, time(), BANGKOK)
    in_the_day = and_(row.not_before >= midnight, row.not_before < midnight + timedelta(days=1))
    is_chase = and_(row.kind == NoticeKind.CHASE, row.body.is_not(None))
    return and_(or_(row.kind == NoticeKind.REMINDER, is_chase), in_the_day)


def _told_the_person() -> ColumnElement[bool]:
    """Return the condition that a message told, tells or may have told its person something.

    It did not when it ended unsent and LINE surely did not take it, nor when it was skipped for somebody who could
    not be reached then and can be now: what it was to say may come again.
    """
    row = OutboxMessage
    unsent = row.state.in_((OutboxState.EXPIRED, OutboxState.CANCELLED)) & ~row.uncertain
    reachable_now = Person.line_user_id.is_not(None) & Person.unreachable_since.is_(None)
    return ~(unsent | ((row.state == OutboxState.SKIPPED) & reachable_now))


def reminded_today(session: Session, day: date, people: Collection[int], without: Collection[int]) -> Collection[int]:
    """Return which of these people (ids) a reminder of ``day`` told or will tell something; ``without`` as below."""
    row = OutboxMessage
    told = select(row.person_id).join(Person, Person.id == row.person_id).where(_is_of(day), _told_the_person())
    return frozenset(session.scalars(told.where(row.person_id.in_(people), row.id.not_in(without))))


def reminded_since(session: Session, person_id: int, occasion: Occasion, since: datetime) -> bool:
    """Tell whether a reminder that was queued at or after ``since`` (business time) told the person of ``occasion``."""
    row = ReminderOccurrence
    query = (
        select(row.id)
        .join(OutboxMessage, OutboxMessage.id == row.outbox_id)
        .join(Person, Person.id == row.person_id)
        .where(row.person_id == person_id, row.kind == occasion.kind, row.fiscal_year == occasion.fiscal_year)
        .where(row.quarter == (occasion.quarter or 0), OutboxMessage.created_at >= since, _told_the_person())
    )
    return session.scalar(query.limit(1)) is not None


def load_ledger(
    session: Session, rules: Rules, *, people: Collection[int] | None = None, without: Collection[int] = ()
) -> Ledger:
    """Return what was sent before, as far as it can still matter today, to ``people`` (ids) where they are given.

    ``without`` are ids of outbox messages whose occurrences and people are left out: to look at them once more.
    """
    concerned = true() if people is None else Person.id.in_(people)
    tomorrow = datetime.combine(rules.today + timedelta(days=1), time(), BANGKOK)
    row = ReminderOccurrence
    occasions = [(o.kind, o.fiscal_year, o.quarter or 0) for o in ActiveOccasions(rules).anywhere()]
    query = (
        select(Person.code, row.kind, row.fiscal_year, row.quarter, row.stage, row.step, row.on, row.outbox_id)
        .join(Person, Person.id == row.person_id)
        .join(OutboxMessage, OutboxMessage.id == row.outbox_id)
        .where(concerned)
        .where(_told_the_person(), OutboxMessage.not_before < tomorrow)
        .where(tuple_(row.kind, row.fiscal_year, row.quarter).in_(occasions) | (row.on >= rules.today - _LOOKBACK))
    )
    left_out = frozenset(without)
    occurrences = frozenset(
        OccurrenceKey(person, Occasion(kind, year, quarter or None), stage, step, on)
        for person, kind, year, quarter, stage, step, on, outbox_id in session.execute(query)
        if outbox_id not in left_out
    )
    return Ledger(occurrences, frozenset(_reminded_on(session, rules.today, concerned, left_out)))


def _reminded_on(
    session: Session, day: date, concerned: ColumnElement[bool], left_out: Collection[int]
) -> Iterable[str]:
    query = (
        select(Person.code, OutboxMessage.id)
        .join(OutboxMessage, OutboxMessage.person_id == Person.id)
        .where(concerned, _is_of(day), _told_the_person())
    )
    return (person for person, outbox_id in session.execute(query) if outbox_id not in left_out)


def forget(session: Session, outbox_ids: Collection[int]) -> None:
    """Remove what these messages were to say: they are looked at once more, and recorded as they will be sent."""
    session.execute(delete(ReminderOccurrence).where(ReminderOccurrence.outbox_id.in_(outbox_ids)))


def forget_day(session: Session, person_id: int, day: date) -> bool:
    """Remove what a person's reminders of ``day`` said, so that it counts as not said; tell whether there was any."""
    reminders = select(OutboxMessage.id).where(OutboxMessage.person_id == person_id, _is_of(day))
    row = ReminderOccurrence
    forgotten = session.scalars(select(row.id).where(row.outbox_id.in_(reminders))).all()
    session.execute(delete(row).where(row.id.in_(forgotten)))
    return bool(forgotten)


def record_digests(session: Session, digests: Iterable[tuple[int, int, Digest]]) -> None:
    """Enter what digests hold, given as (outbox id, person id, digest); an occurrence belongs to its newest digest."""
    rows = [
        {
            "person_id": person_id,
            "kind": topic.occasion.kind,
            "fiscal_year": topic.occasion.fiscal_year,
            "quarter": topic.occasion.quarter or 0,
            "stage": topic.stage,
            "step": topic.step,
            "on": topic.on,
            "outbox_id": outbox_id,
        }
        for outbox_id, person_id, digest in digests
        for topic in digest.topics
    ]
    if rows:
        statement = insert_into(session, ReminderOccurrence)
        session.execute(
            statement.on_conflict_do_update(index_elements=_KEY, set_={"outbox_id": statement.excluded.outbox_id}), rows
        )
