"""Batches of a circular: up to 500 people to whom one multicast goes, formed and taken over by whoever sends.

A batch is stored with its list and retry key before its first try, and stays as it is until LINE said what became of it
(``architecture.md`` §3, 3); ``storage.circulars.settling`` records that. A sender that died leaves its batch to whoever
comes after its lease. Recipients without a batch are *due*: whether their people can be reached is looked up when one
is formed. Every function belongs into a transaction of ``Database.write``, those that only look into any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from domain.circulars.letters import Urgency
from domain.circulars.life import CircularState
from domain.circulars.news import CircularEvent
from storage.circulars import calendar
from storage.circulars.hours import next_hour
from storage.circulars.news import tell_maker
from storage.outbox import RETRY_KEY_LIFE, Reason, new_retry_key, unreachable
from storage.outbox_claims import Lease, Now
from storage.quota import quota_standing
from storage.reference import Reference
from storage.tables import Circular, CircularBatch, CircularRecipient, Person
from storage.tables.messaging import OutboxState

LARGEST_BATCH = 500
"""LINE takes no more in one multicast (reference, "Send multicast message")."""

_BATCH = CircularBatch
_ROW = CircularRecipient
_ON_ITS_WAY = (CircularState.SCHEDULED, CircularState.SENDING)
_URGENCY = case({urgency: rank for rank, urgency in enumerate(Urgency)}, value=Circular.urgency)


@dataclass(frozen=True, slots=True)
class Batch:
    """What its holder alone may send until the lease ends: ``body`` to ``accounts`` under ``retry_key``.

    ``accounts`` maps LINE ids, in the order in which they are sent, to person ids. ``tries`` counts those before this
    one, of the batch or, if more, of others of its circular that failed since the last success. ``cut`` is how many
    people LINE named as unknown since it was first formed.
    """

    id: int
    circular_id: int
    accounts: Mapping[str, int]
    body: str
    retry_key: str
    tries: int
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A recipient as of now, with the LINE id to which it would go and why it cannot."""

    person_id: int
    account: str | None
    lost: Reason | None


def is_work(session: Session, now: Now) -> bool:
    """Tell whether there is something to form, to take over or to finish; whether quota is left is another question."""
    circular = exists().where(or_(_wants_a_batch(now), _is_done(now)))
    batch = exists().where(_can_be_taken(now))
    return bool(session.scalar(select(or_(circular, batch))))


def next_ready(session: Session, now: Now) -> datetime | None:
    """Return when (real time) a batch that is held or waits for a retry, or a circular that pauses, can go on."""
    later = Circular.retry_at > now.real, Circular.state.in_(_ON_ITS_WAY), Circular.not_before <= now.business
    instants = [
        session.scalar(select(func.min(_BATCH.lease_until)).where(_BATCH.state == OutboxState.SENDING)),
        session.scalar(select(func.min(_BATCH.retry_at)).where(_BATCH.state == OutboxState.DUE)),
        session.scalar(select(func.min(Circular.retry_at)).where(*later, _has(OutboxState.DUE))),
    ]
    return min((instant for instant in instants if instant is not None), default=None)


def next_due(session: Session, now: datetime) -> datetime | None:
    """Return when (business time) the next circular that waits for its hour is due; None: none waits."""
    return session.scalar(
        select(func.min(Circular.not_before)).where(Circular.state.in_(_ON_ITS_WAY), Circular.not_before > now)
    )


def oldest_due_age(session: Session, now: datetime) -> timedelta | None:
    """Return for how long (business time) the longest waiting circular has not moved on; None: none waits for a sender.

    What is paused or waits for quota waits for somebody else.
    """
    standing = quota_standing(session)
    if standing is not None and not standing.free:
        return None
    moved_on = select(func.max(_BATCH.sent_at)).where(_BATCH.circular_id == Circular.id).scalar_subquery()
    since = case((moved_on > Circular.not_before, moved_on), else_=Circular.not_before)
    waiting = Circular.state.in_(_ON_ITS_WAY), Circular.not_before <= now
    oldest: datetime | None = session.scalar(select(func.min(since)).where(*waiting))
    return None if oldest is None else now - oldest


def waiting(session: Session) -> Mapping[CircularState, int]:
    """Return how many people wait for circulars that are scheduled, being sent or paused."""
    query = (
        select(Circular.state, func.count())
        .join(_ROW, _ROW.circular_id == Circular.id)
        .where(Circular.state.in_([*_ON_ITS_WAY, CircularState.PAUSED]), _ROW.state.in_(_UNDECIDED))
        .group_by(Circular.state)
    )
    return dict(session.execute(query).all())


def under_way(session: Session) -> int:
    """Return how many people are in batches of which nobody knows yet whether LINE took them."""
    return session.scalar(select(func.sum(_BATCH.size)).where(_BATCH.state.in_(_UNDECIDED))) or 0


def finish(session: Session, reference: Reference, now: Now) -> None:
    """Close circulars of which each recipient has reached an end, and tell their makers."""
    for row in session.scalars(select(Circular).where(_is_done(now)).with_for_update(skip_locked=True, key_share=True)):
        row.state, row.finished_at = CircularState.SENT, now.business
        tell_maker(session, reference, row, CircularEvent.SENT, now)


def expire(session: Session, now: Now) -> None:
    """End batches of which LINE said nothing and that are tried no more: whether it took them nobody will know.

    Their retry keys are near the end of their lives, or their circular was cancelled: then nothing more of it is sent.
    """
    is_left = or_(_BATCH.state == OutboxState.DUE, _is_abandoned(now))
    is_over = or_(_key_dies_by(now.real), Circular.state == CircularState.CANCELLED)
    query = select(_BATCH, Circular).join(Circular, Circular.id == _BATCH.circular_id).where(is_left, is_over)
    for row, circular in session.execute(query.with_for_update(skip_locked=True, of=_BATCH)).all():
        reason, people = f"{Reason.RETRY_WINDOW} {row.reason}".rstrip(), set(row.accounts.values())
        row.state, row.reason, row.accounts = OutboxState.EXPIRED, reason, {}
        row.lease_owner = row.lease_until = row.retry_at = None
        _change(session, _ROW.batch_id == row.id, state=OutboxState.EXPIRED, reason=reason)
        if circular.state is CircularState.CANCELLED:
            calendar.tell_left_out(session, circular, people, now)


def take_over(session: Session, reference: Reference, limit: int, lease: Lease, now: Now) -> Sequence[Batch]:
    """Take up to ``limit`` batches whose last try failed or whose sender died: the same people under the same key.

    All of these LINE may have accepted, so they are tried again until it says so, even if their circular is paused by
    now: else nobody could ever say who has it. At night they wait for the morning, unless the key is dead by then.
    """
    query = (
        select(_BATCH, Circular)
        .join(Circular, Circular.id == _BATCH.circular_id)
        .where(_can_be_taken(now), ~_key_dies_by(now.real))
        .order_by(_BATCH.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=_BATCH)
    )
    taken: list[Batch] = []
    for row, circular in session.execute(query):
        row.attempts += row.state is OutboxState.SENDING
        row.uncertain = True
        morning = now.real + (next_hour(reference, circular, now.business) - now.business)
        if now.real < morning < row.first_tried_at + RETRY_KEY_LIFE:
            row.state, row.retry_at, row.lease_owner, row.lease_until = OutboxState.DUE, morning, None, None
            continue
        row.state, row.retry_at, row.lease_owner, row.lease_until = OutboxState.SENDING, None, lease.owner, lease.until
        taken.append(_held(row, circular))
    return taken


def form(
    session: Session, reference: Reference, limit: int, free: int | None, lease: Lease, now: Now
) -> Sequence[Batch]:
    """Form up to ``limit`` batches out of recipients who are due, the most urgent circulars first.

    ``free`` is how many people may be reached this month; None: any number. Who cannot be reached any more ends as
    skipped. What the end of the sending hours interrupts goes on the next working morning.
    """
    query = select(Circular).where(_wants_a_batch(now)).order_by(_URGENCY.desc(), Circular.id)
    circulars = session.scalars(query.with_for_update(skip_locked=True, key_share=True)).all()
    formed: list[Batch] = []
    for row in circulars:
        if (hour := next_hour(reference, row, now.business)) > now.business:
            row.not_before = hour
            continue
        row.state, row.retry_at = CircularState.SENDING, None
        is_due = and_(_ROW.circular_id == row.id, _ROW.state == OutboxState.DUE)
        most = min(len(formed) + max(limit // len(circulars), 1), limit)
        while len(formed) < most:
            size = LARGEST_BATCH if free is None else min(LARGEST_BATCH, free)
            if not (found := members(session, is_due, size)):
                break
            if (batch := put(session, row, is_due, found, lease, now)) is not None:
                formed.append(batch)
                free = None if free is None else free - len(batch.accounts)
    return formed


def members(session: Session, which: ColumnElement[bool], limit: int) -> Sequence[Member]:
    """Return up to ``limit`` recipients by person id, as they can be reached now."""
    if limit <= 0:
        return []
    query = (
        select(_ROW.person_id, Person.line_user_id, Person.unreachable_since)
        .join(Person, Person.id == _ROW.person_id)
        .where(which)
        .order_by(_ROW.person_id)
        .limit(limit)
    )
    return [Member(person, account, unreachable(account, since)) for person, account, since in session.execute(query)]


def put(
    session: Session,
    circular: Circular,
    which: ColumnElement[bool],
    found: Sequence[Member],
    lease: Lease,
    now: Now,
    cut: int = 0,
) -> Batch | None:
    """Make a batch of ``found``, which are the first of ``which``, under a new retry key; None: nobody can be reached.

    The caller holds the circular's lock.
    """
    for reason in {member.lost for member in found if member.lost is not None}:
        lost = [member.person_id for member in found if member.lost is reason]
        _change(session, and_(which, _ROW.person_id.in_(lost)), state=OutboxState.SKIPPED, reason=reason, batch_id=None)
    accounts = {member.account: member.person_id for member in found if member.account and member.lost is None}
    if not accounts:
        return None
    row = _BATCH(
        circular_id=circular.id,
        accounts=accounts,
        size=len(accounts),
        retry_key=new_retry_key(),
        first_tried_at=now.real,
        lease_owner=lease.owner,
        lease_until=lease.until,
        attempts=0,
    )
    session.add(row)
    session.flush()
    span = _ROW.person_id.between(found[0].person_id, found[-1].person_id)
    _change(session, and_(which, span), state=OutboxState.SENDING, batch_id=row.id)
    return _held(row, circular, cut)


def _change(session: Session, which: ColumnElement[bool], **values: Any) -> None:
    session.execute(update(_ROW).where(which).values(values).execution_options(synchronize_session=False))


def _held(row: CircularBatch, circular: Circular, cut: int = 0) -> Batch:
    if circular.body is None:
        raise ValueError(f"circular {circular.id} was never released")
    tries = max(row.attempts, circular.failures)
    return Batch(row.id, row.circular_id, row.accounts, circular.body, row.retry_key, tries, cut)


_UNDECIDED = (OutboxState.DUE, OutboxState.SENDING)


def _has(*states: OutboxState) -> ColumnElement[bool]:
    return exists().where(_ROW.circular_id == Circular.id, _ROW.state.in_(states))


def _wants_a_batch(now: Now) -> ColumnElement[bool]:
    return and_(
        Circular.state.in_(_ON_ITS_WAY),
        Circular.not_before <= now.business,
        or_(Circular.retry_at.is_(None), Circular.retry_at <= now.real),
        _has(OutboxState.DUE),
    )


def _is_done(now: Now) -> ColumnElement[bool]:
    return and_(Circular.state.in_(_ON_ITS_WAY), Circular.not_before <= now.business, ~_has(*_UNDECIDED))


def _can_be_taken(now: Now) -> ColumnElement[bool]:
    return or_(and_(_BATCH.state == OutboxState.DUE, _BATCH.retry_at <= now.real), _is_abandoned(now))


def _is_abandoned(now: Now) -> ColumnElement[bool]:
    return and_(_BATCH.state == OutboxState.SENDING, _BATCH.lease_until <= now.real)


def _key_dies_by(instant: datetime) -> ColumnElement[bool]:
    return _BATCH.first_tried_at <= instant - RETRY_KEY_LIFE
