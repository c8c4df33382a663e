"""Tells people once when a circular replaces a window that they were already told of (``domain.md`` §4 rule 5)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.calendar_changes import CalendarChange, WindowChange, calendar_changes
from domain.fiscal import YearBasis
from domain.in_force import Rules
from domain.reminders import BANGKOK
from domain.sending_hours import next_sending_time
from domain.windows import CalendarWindow, Occasion, Span, Stage, WindowKind
from storage.outbox import NewMessage, enqueue
from storage.queries.readers import people_reading
from storage.queries.rules import load_rules
from storage.queries.windows import load_windows
from storage.tables import OutboxMessage, Person, ReminderOccurrence
from storage.tables.messaging import NoticeKind, OutboxState


def announce(session: Session, before: Sequence[CalendarWindow], now: datetime) -> int:
    """Queue one notice per person whose window changed against ``before``; return how many. ``now`` is business time.

    Call it in the transaction that changed the calendar, after its rows are flushed.
    """
    today = now.astimezone(BANGKOK).date()
    return _queue(session, before, today, now)


def announce_letters_of(session: Session, after: date, now: datetime) -> int:
    """Queue the notices of letters that were imported ahead of their date and came into force after that day."""
    windows, today = load_windows(session), now.astimezone(BANGKOK).date()
    if not any(window.issued_on is not None and after < window.issued_on <= today for window in windows):
        return 0
    return _queue(session, windows, after, now)


def _queue(session: Session, before: Sequence[CalendarWindow], as_of: date, now: datetime) -> int:
    rules = load_rules(session, now.astimezone(BANGKOK).date())
    changes = calendar_changes(rules, before, as_of, _reminded(session))
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
