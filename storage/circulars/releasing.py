"""Releasing a circular, and what can be done about it afterwards: two at once, and the first wins.

A release names the recipients, freezes what they get, and enters the calendar rows that the letter announces, all in
one transaction; ``storage.circulars.batches`` is what the sender does from then on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.circulars.audience import reach_of
from domain.circulars.calendar import check_windows
from domain.circulars.letters import CircularIncomplete, Relation
from domain.circulars.life import (
    CircularAct,
    CircularRefusal,
    CircularRefused,
    CircularState,
    PauseReason,
    is_possible,
)
from domain.circulars.news import CircularEvent
from domain.submissions import says_enough
from storage.audit import record
from storage.circulars import calendar, news
from storage.circulars.drafts import Draft, is_withdrawn, read
from storage.circulars.hours import next_hour, policy_of
from storage.circulars.people import recipients
from storage.circulars.rows import locked, maker_of, subject_of
from storage.imports.store import insert_rows
from storage.outbox import Reason, unreachable
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import Circular, CircularRecipient, Person
from storage.tables.messaging import AuditAction, OutboxState

_CODES_A_QUERY = 5_000


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did: how many people are named, how many of them cannot be reached, when it goes out (Bangkok)."""

    recipients: int
    unreachable: int
    goes_at: datetime


def wants_second_officer(reference: Reference, row: Circular) -> bool:
    """Tell whether somebody else than its maker has to release a circular."""
    return policy_of(reference, row).second_officer


def propose(session: Session, reference: Reference, by: Actor, circular_id: int, version: int, at: Now) -> Draft:
    """Hand a draft to the ministry's second officers, who are told.

    Raises:
        CircularRefused: NOT_YOURS, WRONG_STATE, STALE_VERSION, NOBODY, OUT_OF_REACH, CALENDAR_OVER, CALENDAR_UNCLEAR,
            WITHDRAWN; CircularIncomplete.
    """
    row = locked(session, reference, by, circular_id, CircularAct.PROPOSE, version)
    _named(session, reference, row)
    row.state, row.sent_back_reason = CircularState.WAITING_RELEASE, ""
    _audit(session, AuditAction.CIRCULAR_PROPOSE, row, by, at)
    news.tell_releasers(session, reference, row, by, at)
    return read(session, row)


def take_back(
    session: Session, reference: Reference, by: Actor, circular_id: int, version: int, reason: str, at: Now
) -> Draft:
    """Make a circular that waits for its release a draft again; anybody but its maker has to say why.

    Raises:
        CircularRefused: NOT_YOURS, WRONG_STATE, STALE_VERSION, REASON_TOO_SHORT.
    """
    row = locked(session, reference, by, circular_id, CircularAct.TAKE_BACK, version)
    is_maker = row.maker_id == by.person_id
    if not (is_maker or says_enough(reason)):
        raise CircularRefused(CircularRefusal.REASON_TOO_SHORT)
    row.state, row.sent_back_reason = CircularState.DRAFT, "" if is_maker else reason.strip()
    _audit(session, AuditAction.CIRCULAR_TAKE_BACK, row, by, at, reason=reason.strip())
    if not is_maker:
        news.tell_maker(session, reference, row, CircularEvent.SENT_BACK, at)
    return read(session, row)


def release(
    session: Session, reference: Reference, by: Actor, circular_id: int, version: int, body: str, at: Now
) -> Released:
    """Name the recipients, freeze ``body`` (JSON text of the messages array) and let it go out at its hour.

    Raises:
        CircularRefused: NOT_YOURS, WRONG_STATE (somebody released or cancelled it before), STALE_VERSION, OWN_CIRCULAR,
            NOBODY, OUT_OF_REACH, CALENDAR_OVER, CALENDAR_UNCLEAR, WITHDRAWN; CircularIncomplete. Nothing was changed
            then.
    """
    row = locked(session, reference, by, circular_id, CircularAct.RELEASE, version)
    if wants_second_officer(reference, row) and row.maker_id == by.person_id:
        raise CircularRefused(CircularRefusal.OWN_CIRCULAR)
    people = _named(session, reference, row)
    named = _name(session, reference, row, people)
    leaves_at = goes_at(reference, row, at)
    row.state, row.not_before = CircularState.SCHEDULED, leaves_at
    row.body, row.released_at, row.released_by_id = body, at.business, by.person_id
    _audit(session, AuditAction.CIRCULAR_RELEASE, row, by, at, recipients=len(people))
    if row.relation is Relation.WITHDRAWS and row.about_id is not None:
        _call_off(session, session.get_one(Circular, row.about_id), by, at)
    calendar.take_effect(session, reference, row, by, at)
    if row.maker_id != by.person_id:
        news.tell_maker(session, reference, row, CircularEvent.RELEASED, at)
    session.flush()
    return Released(len(people), named[OutboxState.SKIPPED], leaves_at)


def pause(session: Session, reference: Reference, by: Actor, circular_id: int, at: Now) -> None:
    """Send nothing more of a circular until it is resumed; what is on its way arrives.

    Raises:
        CircularRefused: NOT_YOURS, WRONG_STATE.
    """
    row = locked(session, reference, by, circular_id, CircularAct.PAUSE)
    row.state, row.pause_reason = CircularState.PAUSED, PauseReason.BY_HAND
    _audit(session, AuditAction.CIRCULAR_PAUSE, row, by, at)


def resume(session: Session, reference: Reference, by: Actor, circular_id: int, at: Now) -> None:
    """Go on with a paused circular.

    Raises:
        CircularRefused: NOT_YOURS, WRONG_STATE.
    """
    row = locked(session, reference, by, circular_id, CircularAct.RESUME)
    row.state, row.pause_reason = CircularState.SENDING, None
    _go_on(reference, row, at)
    _audit(session, AuditAction.CIRCULAR_RESUME, row, by, at)


def cancel(session: Session, reference: Reference, by: Actor, circular_id: int, at: Now) -> int:
    """Send nothing more of a circular, ever, and return how many people get it no more.

    A try that is under way is not called back, and none follows it: of whom LINE said nothing by then, nobody will know
    whether they got it. What it said of the calendar stays in force: who is concerned and does not surely get it is
    told of that by itself.

    Raises:
        CircularRefused: NOT_YOURS, WRONG_STATE.
    """
    row = locked(session, reference, by, circular_id, CircularAct.CANCEL)
    left = _call_off(session, row, by, at)
    calendar.tell_left_out(session, row, left, at)
    return len(left)


def _call_off(session: Session, row: Circular, by: Actor, at: Now) -> Sequence[int]:
    """Send nothing more of a circular, if it still goes out, and return who (ids) gets it no more."""
    if not is_possible(CircularAct.CANCEL, row.state):
        return ()
    waiting = CircularRecipient.circular_id == row.id, CircularRecipient.state == OutboxState.DUE
    left = session.scalars(select(CircularRecipient.person_id).where(*waiting)).all()
    session.execute(
        update(CircularRecipient)
        .where(*waiting)
        .values(state=OutboxState.CANCELLED, reason=Reason.CALLED_OFF)
        .execution_options(synchronize_session=False)
    )
    row.state, row.finished_at = CircularState.CANCELLED, at.business
    _audit(session, AuditAction.CIRCULAR_CANCEL, row, by, at, unsent=len(left))
    return left


def resend(session: Session, reference: Reference, by: Actor, circular_id: int, at: Now) -> int:
    """Send a circular again to those alone whom it surely did not reach, and return how many these are.

    Who could not be reached then gets it if that is possible now; whom LINE may have told already is left alone.

    Raises:
        CircularRefused: NOT_YOURS, WRONG_STATE, WITHDRAWN, NOTHING_FAILED.
    """
    row = locked(session, reference, by, circular_id, CircularAct.RESEND)
    if is_withdrawn(session, row.id):
        raise CircularRefused(CircularRefusal.WITHDRAWN)
    again = resendable(session, row.id)
    if not again:
        raise CircularRefused(CircularRefusal.NOTHING_FAILED)
    for start in range(0, len(again), _CODES_A_QUERY):
        some = again[start : start + _CODES_A_QUERY]
        session.execute(
            update(CircularRecipient)
            .where(CircularRecipient.circular_id == row.id, CircularRecipient.person_id.in_(some))
            .values(state=OutboxState.DUE, reason="", batch_id=None)
            .execution_options(synchronize_session=False)
        )
    row.state, row.finished_at = CircularState.SENDING, None
    _go_on(reference, row, at)
    _audit(session, AuditAction.CIRCULAR_RESEND, row, by, at, recipients=len(again))
    return len(again)


def resendable(session: Session, circular_id: int) -> list[int]:
    """Return the people (ids) whom a circular surely did not reach, and who can be reached now."""
    row = CircularRecipient
    failed = row.state.in_([OutboxState.PARKED, OutboxState.SKIPPED, OutboxState.EXPIRED])
    surely = row.reason.not_like(f"{Reason.RETRY_WINDOW}%")
    query = (
        select(row.person_id)
        .join(Person, Person.id == row.person_id)
        .where(row.circular_id == circular_id, failed, surely)
        .where(Person.line_user_id.is_not(None), Person.unreachable_since.is_(None))
    )
    return list(session.scalars(query))


def _named(session: Session, reference: Reference, row: Circular) -> Mapping[str, str]:
    """Return whom a circular names, checked: nothing is missing, nobody and no window is out of its maker's reach."""
    sheet = read(session, row)
    if missing := sheet.missing():
        raise CircularIncomplete(missing)
    if row.about_id is not None:
        session.get_one(Circular, row.about_id, with_for_update=True, populate_existing=True)  # one of two waits here
        if is_withdrawn(session, row.about_id):
            raise CircularRefused(CircularRefusal.WITHDRAWN)
    maker = maker_of(session, row)
    check_windows(reference.rules, sheet.windows, reach_of(reference.rules.organisation, maker))
    people = recipients(session, reference, maker, sheet.audience)
    if not people:
        raise CircularRefused(CircularRefusal.NOBODY)
    return people


def _name(
    session: Session, reference: Reference, row: Circular, people: Mapping[str, str]
) -> Mapping[OutboxState, int]:
    """Write a row per recipient and return how many are due and how many cannot be reached."""
    query = select(Person.id, Person.code, Person.line_user_id, Person.unreachable_since)
    if len(people) <= _CODES_A_QUERY:
        query = query.where(Person.code.in_(people))
    rows: list[dict[str, Any]] = []
    counts = {OutboxState.DUE: 0, OutboxState.SKIPPED: 0}
    for person_id, code, account, blocked_since in session.execute(query):
        if code not in people:
            continue
        why = unreachable(account, blocked_since)
        state = OutboxState.DUE if why is None else OutboxState.SKIPPED
        counts[state] += 1
        rows.append(
            {
                "circular_id": row.id,
                "person_id": person_id,
                "unit_id": reference.unit_ids[people[code]],
                "state": state,
                "reason": why or "",
            }
        )
    session.flush()
    insert_rows(session, CircularRecipient, rows)
    return counts


def goes_at(reference: Reference, row: Circular, at: Now) -> datetime:
    """Return when a circular goes out that is released now: at its own hour, or at once, in the hours for news."""
    return next_hour(reference, row, max(row.send_at or at.business, at.business))


def _go_on(reference: Reference, row: Circular, at: Now) -> None:
    """Let a circular be sent from its own hour on, or the next one there is."""
    row.failures, row.retry_at = 0, None
    row.not_before = next_hour(reference, row, max(row.not_before or at.business, at.business))


def _audit(session: Session, action: AuditAction, row: Circular, by: Actor, at: Now, **facts: Any) -> None:
    after = {"letter_no": row.letter_no, "subject": row.subject, "state": row.state, **facts}
    record(session, action, subject_of(row.id), by, at, after=after)
