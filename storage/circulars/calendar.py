"""What circulars do to the calendar: rows are entered or end when one is released, and none is ever overwritten.

A row holds from the date of its letter on, whenever the circular is released or goes out (``domain.md`` §4 rule 5):
one that is dated ahead is in force from that day, one that is scheduled or cancelled after its release is in force all
the same. Earlier letters' rows stay as history. The same letter (number and date) released again corrects its own rows.
A withdrawal ends the rows of the letter that it withdraws, from its own date on: what held before that letter holds
again by itself, in each scope, be it an earlier letter, a wider scope or the default rule. Nothing is copied, so that a
later letter for the wider scope is not held up by a copy in the narrower one.

Recipients learn of all that by the circular; who else is concerned gets the notice of ``storage.calendar_changes``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.calendar_changes import Letter
from domain.circulars.audience import reach_of
from domain.circulars.calendar import PlaceChange, is_of_letter, letter_changes, place_of
from domain.circulars.letters import Relation
from domain.reminders import BANGKOK
from domain.windows import CalendarWindow, Stage
from storage import shared_state
from storage.audit import record
from storage.calendar_changes import GETS_IT, announce
from storage.circulars.calendar_rows import read_windows
from storage.circulars.drafts import Draft
from storage.circulars.rows import maker_of
from storage.database import insert_into
from storage.outbox_claims import Now
from storage.queries.windows import load_windows
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import CalendarWindow as WindowRow
from storage.tables import Circular, CircularRecipient, Person
from storage.tables.messaging import AuditAction, OutboxState


def window_changes(session: Session, reference: Reference, draft: Draft) -> Sequence[PlaceChange]:
    """Return what a circular changes in the calendar, or changed when it was released, place by place."""
    first = session.get(Circular, draft.about) if draft.relation is Relation.WITHDRAWS else None
    if not draft.windows and first is None:
        return ()
    row = session.get_one(Circular, draft.circular_id)
    return letter_changes(
        reference.rules,
        draft.windows,
        _rows_of(session, reference, row, first, reference.rules.windows.issued()) if first else (),
        draft.letter.letter_date,
        row.released_at.astimezone(BANGKOK).date() if row.released_at else None,
    )


def take_effect(session: Session, reference: Reference, row: Circular, by: Actor, at: Now) -> None:
    """Do to the calendar what a circular that is being released says, and tell whom it concerns and does not reach.

    Its recipients have to be named already.
    """
    before = load_windows(session)
    first = session.get(Circular, row.about_id) if row.relation is Relation.WITHDRAWS else None
    entries = [
        *_enter(session, reference, row, before),
        *(_end(session, reference, row, first, before) if first else ()),
    ]
    if not entries:
        return
    for subject, was, becomes in entries:
        record(session, AuditAction.CALENDAR_CHANGE, subject, by, at, before=was, after=becomes)
    shared_state.reference_changed(session, at.real)
    session.flush()
    announce(session, before, at.business, told=_people(session, row.id, GETS_IT), because_of=_because_of(row))


def tell_left_out(session: Session, row: Circular, left: Collection[int], at: Now) -> None:
    """Tell whom a cancelled circular's calendar concerns, of those (ids) who did not get it or of whom nobody knows."""
    if row.released_at is None or not left:
        return
    people = _people(session, row.id, [OutboxState.CANCELLED, OutboxState.EXPIRED])
    only = {code for code, person_id in people.items() if person_id in left}
    announce(session, _without(session, row), at.business, only=only, because_of=_because_of(row))


def _because_of(row: Circular) -> Letter | None:
    """Return the letter to refer to: a withdrawal, for what holds again is of earlier letters."""
    return Letter(row.letter_no, row.letter_date) if row.relation is Relation.WITHDRAWS else None


def _people(session: Session, circular_id: int, states: Collection[OutboxState]) -> Mapping[str, int]:
    """Return the recipients in these states, ids by code."""
    row = CircularRecipient
    query = select(Person.code, row.person_id).join(row, row.person_id == Person.id)
    return dict(session.execute(query.where(row.circular_id == circular_id, row.state.in_(states))).all())


def _without(session: Session, row: Circular) -> Sequence[CalendarWindow]:
    """Return the calendar as if a circular had never been released."""
    first = session.get(Circular, row.about_id) if row.relation is Relation.WITHDRAWS else None
    return [
        replace(window, withdrawn_on=None)
        if first is not None and is_of_letter(window, first.letter_no, first.letter_date)
        else window
        for window in load_windows(session)
        if not is_of_letter(window, row.letter_no, row.letter_date)
    ]


def _rows_of(
    session: Session, reference: Reference, row: Circular, first: Circular, windows: Iterable[CalendarWindow]
) -> Sequence[CalendarWindow]:
    """Return the rows of the letter ``first``, by whatever way they were entered, that its withdrawal ``row`` ends.

    They are within the reach of both letters: neither do administrators end by accident what another office's letter of
    the same number says, nor a ministry what an administrator's letter says of the country.
    """
    reaches = [_reach(session, reference, circular) for circular in (first, row)]
    return [
        window
        for window in windows
        if is_of_letter(window, first.letter_no, first.letter_date)
        and all(reach is None or window.scope_id in reach for reach in reaches)
    ]


def _reach(session: Session, reference: Reference, row: Circular) -> frozenset[str] | None:
    """Return whose calendar (units' codes; None: everybody's) a letter may set, also when its maker has left."""
    organisation = reference.rules.organisation
    reach = reach_of(organisation, maker_of(session, row))
    if reach is None or row.ministry_id is None:
        return None
    return reach | organisation.below(reference.unit_codes[row.ministry_id])


_KEY = ("kind", "fiscal_year", "quarter", "stage", "scope", "unit_id", "letter_no", "issued_on")
_Entry = tuple[str, Mapping[str, Any] | None, Mapping[str, Any]]
"""A row for the audit trail: what it is called there, how it was (None: it is new), and how it is."""


def _enter(
    session: Session, reference: Reference, circular: Circular, before: Sequence[CalendarWindow]
) -> Sequence[_Entry]:
    """Add a circular's rows to the calendar; rows of the same letter that are there already are corrected."""
    entries: list[_Entry] = []
    own = [window for window in before if is_of_letter(window, circular.letter_no, circular.letter_date)]
    letter_no = own[0].letter_no if own else circular.letter_no  # one spelling, for the rows are one letter's
    for window in read_windows(circular.windows, letter_no, circular.letter_date):
        old = next((w for w in own if (place_of(w), w.stage) == (place_of(window), window.stage)), None)
        if old is None:
            _insert(session, _values(reference, window))
            entries.append((_subject(window), None, _facts(window)))
        elif (old.span, old.withdrawn_on) != (window.span, None):
            row = session.get_one(WindowRow, old.entry)
            row.opens_on, row.closes_on, row.withdrawn_on = window.span.opens_on, window.span.closes_on, None
            entries.append((_subject(window), _facts(old), _facts(window)))
    return entries


def _insert(session: Session, values: Mapping[str, Any]) -> None:
    """Add a row, or correct it where another release of the same letter added it at the same moment."""
    statement = insert_into(session, WindowRow).values(values)
    statement = statement.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={"opens_on": statement.excluded.opens_on, "closes_on": statement.excluded.closes_on},
    )
    session.execute(statement)


def _end(
    session: Session, reference: Reference, row: Circular, first: Circular, before: Sequence[CalendarWindow]
) -> Sequence[_Entry]:
    """Let the rows of the letter that a circular withdraws end with the circular's date."""
    entries: list[_Entry] = []
    for window in _rows_of(session, reference, row, first, before):
        ended = replace(window, withdrawn_on=row.letter_date)
        session.get_one(WindowRow, window.entry).withdrawn_on = row.letter_date
        entries.append((_subject(window), _facts(window), _facts(ended)))
    return entries


def _subject(window: CalendarWindow) -> str:
    kind, year, quarter = window.occasion
    return f"calendar:{kind}:{year}:{quarter or 0}:{window.stage}:{window.scope}:{window.scope_id}"


def _facts(window: CalendarWindow) -> Mapping[str, Any]:
    facts = {
        "letter_no": window.letter_no,
        "issued_on": _day(window.issued_on),
        "opens_on": _day(window.span.opens_on),
        "closes_on": _day(window.span.closes_on),
    }
    return facts if window.withdrawn_on is None else facts | {"withdrawn_on": _day(window.withdrawn_on)}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _values(reference: Reference, window: CalendarWindow) -> Mapping[str, Any]:
    return {
        "kind": window.occasion.kind,
        "fiscal_year": window.occasion.fiscal_year,
        "quarter": window.occasion.quarter or 0,
        "stage": window.stage,
        "scope": window.scope,
        "unit_id": reference.unit_ids.get(window.scope_id),
        "opens_on": window.span.opens_on,
        "closes_on": window.span.closes_on,
        "letter_no": window.letter_no,
        "issued_on": window.issued_on,
    }


def closes_today(reference: Reference, ministry_id: int | None) -> bool:
    """Tell whether a window of the ministry (unit id) ends today, so that news go out until 21:00."""
    if ministry_id is None:
        return False
    rules = reference.rules
    path = rules.organisation.path(reference.unit_codes[ministry_id])
    for occasion in rules.windows.occasions():
        windows = rules.window(occasion, path)
        spans = [windows.of(stage) for stage in (Stage.AGENCY, Stage.UPPER)] if windows else []
        if any(span is not None and span.closes_on == rules.today for span in spans):
            return True
    return False
