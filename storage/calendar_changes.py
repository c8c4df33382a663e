"""Tells people once when a circular replaces a window that they were already told of (``domain.md`` §4 rule 5)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.calendar_changes import CalendarChange, Letter, WindowChange, calendar_changes
from domain.circulars.letters import Relation
from domain.fiscal import YearBasis
from domain.in_force import Rules
from domain.reminders import BANGKOK
from domain.sending_hours import next_sending_time
from domain.windows import CalendarWindow, Occasion, Span, Stage, WindowKind
from storage.outbox import NewMessage, enqueue
from storage.queries.readers import people_reading
from storage.queries.rules import load_rules
from storage.queries.windows import load_windows
from storage.tables import Circular, CircularRecipient, OutboxMessage, Person, ReminderOccurrence
from storage.tables.messaging import NoticeKind, OutboxState

GETS_IT = (OutboxState.DUE, OutboxState.SENDING, OutboxState.SENT)
"""States of a circular's recipient who gets it, or got it."""


def announce(
    session: Session,
    before: Sequence[CalendarWindow],
    now: datetime,
    told: Collection[str] = (),
    only: Collection[str] | None = None,
    because_of: Letter | None = None,
) -> int:
    """Queue one notice per person whose window changed against ``before``; return how many. ``now`` is business time.

    Call it in the transaction that changed the calendar, after its rows are flushed. ``told`` are people (codes) who
    learn of it by the circular itself; ``only`` these others hear of it, where they are given. ``because_of`` is the
    letter to refer to where it is not the one that set the new windows.
    """
    rules = load_rules(session, now.astimezone(BANGKOK).date())
    changes = calendar_changes(rules, before, rules.today, _reminded(session), because_of)
    concerned = (change for change in changes if change.person not in told)
    return _queue(session, rules, [change for change in concerned if only is None or change.person in only], now)


def announce_letters_of(session: Session, after: date, now: datetime) -> int:
    """Queue the notices of letters that were entered ahead of their date and came into force after that day.

    Who gets such a letter as a circular learns of it by the circular itself.
    """
    windows, today = load_windows(session), now.astimezone(BANGKOK).date()
    dates = {on for window in windows for on in (window.issued_on, window.withdrawn_on) if on is not None}
    if not any(after < on <= today for on in dates):
        return 0
    rules, told = load_rules(session, today), _told_by_circulars(session, after, today)
    changes = [
        change
        for change in calendar_changes(rules, windows, after, _reminded(session))
        if told.isdisjoint({(change.person, Letter(change.letter_no, change.issued_on)), (change.person, None)})
    ]
    return _queue(session, rules, changes, now)


def _told_by_circulars(session: Session, after: date, today: date) -> frozenset[tuple[str, Letter | None]]:
    """Return who gets, or got, circulars dated from the day after ``after`` to today, each with the letter.

    The letter of a withdrawal is None: what holds again is of others.
    """
    recipient, circular = CircularRecipient, Circular
    query = (
        select(Person.code, circular.letter_no, circular.letter_date, circular.relation)
        .join(recipient, recipient.person_id == Person.id)
        .join(circular, circular.id == recipient.circular_id)
        .where(circular.letter_date > after, circular.letter_date <= today, recipient.state.in_(GETS_IT))
    )
    return frozenset(
        (person, None if relation is Relation.WITHDRAWS else Letter(letter_no, letter_date))
        for person, letter_no, letter_date, relation in session.execute(query)
    )


def _queue(session: Session, rules: Rules, changes: Sequence[CalendarChange], now: datetime) -> int:
    readers = people_reading(session, {change.person for change in changes}, rules.today)
    messages = [_notice(rules, change, readers[change.person].person_id, now) for change in changes]
    return len(enqueue(session, messages, now))


def _reminded(session: Session) -> Collection[tuple[str, Occasion]]:
    """Return who had a reminder of what that LINE took."""
    row = ReminderOccurrence
    query = (
        select(Person.code, row.kind, row.fiscal_year, row.quarter)
        .join(Person, Person.id == row.person_id)
        .join(OutboxMessage, OutboxMessage.id == row.outbox_id)
        .where(OutboxMessage.state == OutboxState.SENT)
        .distinct()
    )
    return {(person, Occasion(kind, year, quarter or None)) for person, kind, year, quarter in session.execute(query)}


def _notice(rules: Rules, change: CalendarChange, person_id: int, now: datetime) -> NewMessage:
    args = encode(change)
    mark = hashlib.sha256(json.dumps(args, sort_keys=True).encode()).hexdigest()[:16]
    return NewMessage(
        key=f"{NoticeKind.CALENDAR_CHANGED}:{change.person}:{mark}",
        kind=NoticeKind.CALENDAR_CHANGED,
        person_id=person_id,
        not_before=next_sending_time(now, rules.policy(change.unit), rules.calendar),
        args=args,
    )


def encode(change: CalendarChange) -> dict[str, Any]:
    """Return a change as JSON for the outbox; ``decode`` reads it back."""
    return {
        "person": change.person,
        "unit": change.unit,
        "letter_no": change.letter_no,
        "issued_on": change.issued_on.isoformat() if change.issued_on else None,
        "basis": change.basis,
        "changes": [
            [c.occasion.kind, c.occasion.fiscal_year, c.occasion.quarter, c.stage, _days(c.before), _days(c.after)]
            for c in change.changes
        ],
    }


def decode(args: Mapping[str, Any]) -> CalendarChange:
    """Return the change that ``encode`` wrote."""
    return CalendarChange(
        person=args["person"],
        unit=args["unit"],
        letter_no=args["letter_no"],
        issued_on=date.fromisoformat(args["issued_on"]) if args["issued_on"] else None,
        basis=YearBasis(args["basis"]),
        changes=tuple(
            WindowChange(Occasion(WindowKind(kind), year, quarter), Stage(stage), _span(before), _span(after))
            for kind, year, quarter, stage, before, after in args["changes"]
        ),
    )


def _days(span: Span | None) -> list[str | None] | None:
    return None if span is None else [span.opens_on.isoformat() if span.opens_on else None, span.closes_on.isoformat()]


def _span(days: list[str | None] | None) -> Span | None:
    if days is None:
        return None
    opens_on, closes_on = (date.fromisoformat(day) if day else None for day in days)
    return None if closes_on is None else Span(opens_on, closes_on)
