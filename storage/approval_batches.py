"""Approving many at once: the list that a person ticks off from, and its items, approved one transaction each.

What became of an item is written down in the transaction that approves it, so that whoever handles the confirmation
again, after a kill or a second press, goes on where it ended and does nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.bulk_approval import Outcome
from domain.errors import TransitionRefused
from domain.permissions import seats_of
from domain.submissions import SubmissionState
from storage.outbox_claims import Now
from storage.queries.pending import EVERYTHING, Wanted, waiting_for
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.submissions.deciding import Wish, decide
from storage.submissions.rows import unit_of
from storage.tables import ApprovalBatch, Decision, Submission
from storage.tables.submissions import Verdict

MOST_ITEMS = 50
"""An executive's burst (``domain.md`` §11); of more, nobody reads the summary."""


class NoSuchBatch(LookupError):
    """The person has no list of this id: a newer one took its place, or it is somebody else's."""


class SelectionChanged(Exception):
    """What was to be approved is not what the summary showed."""


class Item(NamedTuple):
    """Something on the list, as it stood when the list was made."""

    submission_id: int
    version: int
    step: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A person's list: items in their order, out of ``total`` that waited, and the ids of those that were ticked off.

    ``narrowed`` is what the list was narrowed down to, ``confirmed_at`` (real time) when it was confirmed, ``outcomes``
    what became of items since, by submission id.
    """

    id: int
    items: tuple[Item, ...]
    total: int
    excluded: frozenset[int]
    narrowed: Mapping[str, Any]
    confirmed_at: datetime | None
    outcomes: Mapping[int, Outcome]

    @property
    def included(self) -> tuple[Item, ...]:
        """The items that are to be approved."""
        return tuple(item for item in self.items if item.submission_id not in self.excluded)

    @property
    def digest(self) -> str:
        """What a confirmation must name: another one as soon as one more item is ticked off or taken back."""
        selection = json.dumps([self.items, sorted(self.excluded)]).encode()
        return hashlib.sha256(selection).hexdigest()[:16]


def start(
    session: Session,
    reference: Reference,
    by: Actor,
    at: Now,
    wanted: Wanted = EVERYTHING,
    **narrowed: str | int | None,
) -> Batch | None:
    """Make a new list of what ``by`` may decide, most urgent first, in place of the old one; None: nothing waits.

    What ``by`` sent is not on it. ``wanted`` narrows it down, and ``narrowed`` says to what.
    """
    session.execute(delete(ApprovalBatch).where(ApprovalBatch.person_id == by.person_id))
    seats = [seat for seat in seats_of(by.code, reference.rules.organisation) if seat.decides]
    waiting = waiting_for(session, reference, seats, wanted) if seats else []
    own = select(Submission.id).where(
        Submission.sent_by_id == by.person_id, Submission.state == SubmissionState.PENDING_APPROVAL
    )
    theirs = frozenset(session.scalars(own))
    waiting = [item for item in waiting if item.submission_id not in theirs]
    if not waiting:
        return None
    shown = waiting[:MOST_ITEMS]
    row = Submission
    ids = [item.submission_id for item in shown]
    versions = dict(session.execute(select(row.id, row.version).where(row.id.in_(ids))).all())
    batch = ApprovalBatch(
        person_id=by.person_id,
        created_at=at.real,
        items=[[item.submission_id, versions[item.submission_id], item.step] for item in shown],
        total=len(waiting),
        excluded=[],
        narrowed=narrowed,
        outcomes={},
    )
    session.add(batch)
    session.flush()
    return _read(batch)


def find(session: Session, person_id: int, batch_id: int) -> Batch:
    """Return a person's list.

    Raises:
        NoSuchBatch: the person has none of this id.
    """
    return _read(_row(session, person_id, batch_id))


def tick(session: Session, person_id: int, batch_id: int, submission_id: int, *, excluded: bool) -> Batch:
    """Take an item of a person's list out of what is to be approved, or back into it; once confirmed, it stays.

    Raises:
        NoSuchBatch: the person has no list of this id.
    """
    row = _row(session, person_id, batch_id, lock=True)
    if row.confirmed_at is None and any(number == submission_id for number, _, _ in row.items):
        without = {*row.excluded, submission_id} if excluded else {*row.excluded} - {submission_id}
        row.excluded = sorted(without)
        session.flush()
    return _read(row)


def confirm(session: Session, person_id: int, batch_id: int, digest: str, at: Now) -> Batch:
    """Fix what is to be approved; a list that was confirmed before is returned as it is.

    Raises:
        NoSuchBatch: the person has no list of this id.
        SelectionChanged: ``digest`` is of another selection.
    """
    row = _row(session, person_id, batch_id, lock=True)
    batch = _read(row)
    if batch.confirmed_at is not None:
        return batch
    if batch.digest != digest or not batch.included:
        raise SelectionChanged
    row.confirmed_at = at.real
    session.flush()
    return _read(row)


def approve_next(session: Session, reference: Reference, by: Actor, batch_id: int, at: Now) -> bool:
    """Approve the next item of a confirmed list that nothing became of yet, and write down what became of it.

    Return whether there was one.

    Raises:
        NoSuchBatch: a newer list took its place.
    """
    row = _row(session, by.person_id, batch_id, lock=True)
    batch = _read(row)
    left = [item for item in batch.included if item.submission_id not in batch.outcomes]
    if batch.confirmed_at is None or not left:
        return False
    outcome = _approved(session, reference, by, left[0], at)
    row.outcomes = {**row.outcomes, str(left[0].submission_id): outcome}
    return True


def _approved(session: Session, reference: Reference, by: Actor, item: Item, at: Now) -> Outcome:
    try:
        decide(session, reference, by, Wish(*item, Verdict.APPROVED), at)
    except TransitionRefused:  # which has changed nothing
        return _why_not(session, reference, by, item)
    return Outcome.APPROVED


def _why_not(session: Session, reference: Reference, by: Actor, item: Item) -> Outcome:
    """Return what became of an item that could not be approved; who lost the step does not learn who decided."""
    row = session.get_one(Submission, item.submission_id)
    made = decisions_on(session, [item]).get(item.submission_id)
    if made is not None and made.decided_by_id == by.person_id and made.verdict is Verdict.APPROVED:
        return Outcome.APPROVED
    if reference.rules.organisation.hand_at(by.code, unit_of(reference, row), item.step) is None:
        return Outcome.NOT_YOURS
    if row.sent_by_id == by.person_id:
        return Outcome.OWN
    if made is not None:
        return Outcome.DECIDED
    if row.version != item.version:
        return Outcome.RESENT
    return Outcome.WITHDRAWN if row.state is SubmissionState.DRAFT else Outcome.MOVED


def decisions_on(session: Session, items: Iterable[Item]) -> Mapping[int, Decision]:
    """Return what was decided on these versions at these steps, by submission id."""
    wanted = {item.submission_id: item for item in items}
    found = session.scalars(select(Decision).where(Decision.submission_id.in_(wanted)))
    return {
        made.submission_id: made
        for made in found
        if Item(made.submission_id, made.version, made.step) in wanted.values()
    }


def _row(session: Session, person_id: int, batch_id: int, *, lock: bool = False) -> ApprovalBatch:
    query = select(ApprovalBatch).where(ApprovalBatch.id == batch_id, ApprovalBatch.person_id == person_id)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NoSuchBatch(batch_id)
    return row


def _read(row: ApprovalBatch) -> Batch:
    return Batch(
        id=row.id,
        items=tuple(Item(*item) for item in row.items),
        total=row.total,
        excluded=frozenset(row.excluded),
        narrowed=row.narrowed,
        confirmed_at=row.confirmed_at,
        outcomes={int(number): Outcome(outcome) for number, outcome in row.outcomes.items()},
    )
