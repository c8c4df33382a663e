"""What becomes of batches after a try: LINE took one, may have taken it, surely did not, or knows somebody in it not.

A batch that LINE surely did not take is no batch any more: its people are due again and looked up anew when the next
one is formed, so who has left meanwhile is in none. One that LINE may have taken keeps list, key and LINE ids, also of
people who unlink, until LINE says what became of it; then the ids are blanked. Every function belongs into a
transaction of ``Database.write``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from domain.circulars.life import MOST_FAILURES, CircularState, PauseReason
from domain.circulars.news import CircularEvent
from storage.audit import record
from storage.circulars import calendar
from storage.circulars.batches import LARGEST_BATCH, Batch, members, put
from storage.circulars.news import tell_maker
from storage.circulars.rows import subject_of
from storage.outbox import Reason
from storage.outbox_claims import Lease, Now
from storage.reference import Reference
from storage.tables import Circular, CircularBatch, CircularRecipient
from storage.tables.messaging import AuditAction, OutboxState

_ROW = CircularRecipient
_Table = TypeVar("_Table", Circular, CircularBatch)

MOST_CUT = 100
"""So many people of one batch whom LINE does not know are no accident: the circular is paused."""


@dataclass(frozen=True, slots=True)
class Held:
    """A batch that was tried, with its circular; both are locked until the transaction ends.

    ``is_ours`` is False once somebody else took it over.
    """

    batch: Batch
    row: CircularBatch
    circular: Circular
    is_ours: bool


def hold(session: Session, owner: str, batches: Sequence[Batch]) -> Sequence[Held]:
    """Lock batches and their circulars; one that is no more is left out."""
    numbers = {batch.circular_id for batch in batches}
    circulars = _locked(session, Circular, numbers)
    rows = _locked(session, CircularBatch, [batch.id for batch in batches])
    return [
        Held(batch, row, circulars[row.circular_id], row.state is OutboxState.SENDING and row.lease_owner == owner)
        for batch in batches
        if (row := rows.get(batch.id)) is not None
    ]


def mark_sent(session: Session, held: Held, request_id: str | None, now: Now) -> int:
    """Record that LINE took a batch, whoever holds it by now: it is the truth. Return how many people that are new."""
    row = held.row
    if row.state is OutboxState.SENT:
        return 0
    _members_become(session, row, state=OutboxState.SENT, reason="", sent_at=now.business)
    row.state, row.reason, row.uncertain, row.accounts = OutboxState.SENT, "", False, {}
    row.attempts, row.sent_at, row.request_id = row.attempts + 1, now.business, request_id
    _free(row)
    held.circular.failures = 0
    return row.size


def postpone(session: Session, held: Held, reason: str, retry_at: datetime, now: Now, *, uncertain: bool) -> None:
    """Let a batch that LINE may have taken wait until ``retry_at`` (real time); of another its circular waits."""
    row, circular = held.row, held.circular
    if not (uncertain or row.uncertain):
        dissolve(session, held, now)
        circular.retry_at = max(circular.retry_at or retry_at, retry_at)
        return
    row.state, row.reason, row.uncertain = OutboxState.DUE, reason, True
    row.attempts += 1
    _free(row)
    row.retry_at = retry_at


def give_back(session: Session, held: Held, now: Now) -> None:
    """Give a batch back that was not tried, or to which LINE said no before it looked at it."""
    if not held.row.uncertain:
        dissolve(session, held, now)
        return
    held.row.state = OutboxState.DUE
    _free(held.row)
    held.row.retry_at = now.real


def dissolve(session: Session, held: Held, now: Now) -> None:
    """Remove a batch that LINE surely did not take; its people are due again, or get nothing of what was cancelled."""
    circular = held.circular
    is_cancelled = circular.state is CircularState.CANCELLED
    state, reason = (OutboxState.CANCELLED, Reason.CALLED_OFF) if is_cancelled else (OutboxState.DUE, "")
    left = set(held.row.accounts.values())
    _members_become(session, held.row, state=state, reason=reason, batch_id=None)
    session.delete(held.row)
    session.flush()
    if is_cancelled:
        calendar.tell_left_out(session, circular, left, now)


def cut(
    session: Session,
    reference: Reference,
    held: Held,
    places: Collection[int],
    reason: str,
    lease: Lease,
    now: Now,
) -> Sequence[Batch]:
    """Set people aside whom LINE does not know, by their places in the list; return the batch of the others.

    ``reason`` names no LINE id. Nothing is returned when nobody is left or no more of the circular is to be sent.
    """
    people = list(held.batch.accounts.values())
    unknown = [people[place] for place in places]
    cut_out = held.batch.cut + len(unknown)
    if cut_out > MOST_CUT:
        pause(session, reference, held.circular, reason, now)
    parked = update(_ROW).where(_ROW.batch_id == held.row.id, _ROW.person_id.in_(unknown))
    parked = parked.values(state=OutboxState.PARKED, reason=reason, batch_id=None)
    session.execute(parked.execution_options(synchronize_session=False))
    return _anew(session, held, _ROW.batch_id == held.row.id, lease, now, cut_out)


def halve(session: Session, held: Held, lease: Lease, now: Now) -> Sequence[Batch]:
    """Return a batch of the first half of the people, to find out whom LINE does not want; the others are due again."""
    people = list(held.batch.accounts.values())
    first_half = and_(_ROW.batch_id == held.row.id, _ROW.person_id < people[len(people) // 2])
    return _anew(session, held, first_half, lease, now, held.batch.cut)


def _anew(
    session: Session, held: Held, part: ColumnElement[bool], lease: Lease, now: Now, cut_out: int
) -> Sequence[Batch]:
    """Form a batch, under a new key, of a part of those whom LINE surely did not take in the old one."""
    batch: Batch | None = None
    if held.circular.state is CircularState.SENDING and (found := members(session, part, LARGEST_BATCH)):
        batch = put(session, held.circular, part, found, lease, now, cut_out)
    dissolve(session, held, now)
    return [] if batch is None else [batch]


def note_failure(session: Session, reference: Reference, circular: Circular, reason: str, now: Now) -> None:
    """Count a try that failed; too many one after the other pause the circular."""
    circular.failures += 1
    if circular.failures >= MOST_FAILURES:
        pause(session, reference, circular, reason, now)


def pause(session: Session, reference: Reference, circular: Circular, reason: str, now: Now) -> None:
    """Pause a circular that cannot be sent as it is, and tell its maker; ``reason`` is LINE's word."""
    if circular.state is not CircularState.SENDING:
        return
    circular.state, circular.pause_reason = CircularState.PAUSED, PauseReason.FAILURES
    after = {"state": CircularState.PAUSED, "pause_reason": PauseReason.FAILURES, "reason": reason}
    before = {"state": CircularState.SENDING}
    record(session, AuditAction.CIRCULAR_PAUSE, subject_of(circular.id), None, now, before=before, after=after)
    tell_maker(session, reference, circular, CircularEvent.PAUSED, now)


def _members_become(session: Session, row: CircularBatch, **values: object) -> None:
    members_of = update(_ROW).where(_ROW.batch_id == row.id).values(values)
    session.execute(members_of.execution_options(synchronize_session=False))


def _free(row: CircularBatch) -> None:
    row.lease_owner = row.lease_until = row.retry_at = None


def _locked(session: Session, table: type[_Table], numbers: Collection[int]) -> Mapping[int, _Table]:
    query = select(table).where(table.id.in_(numbers)).order_by(table.id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {row.id: row for row in session.scalars(query)}
