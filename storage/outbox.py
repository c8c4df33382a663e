"""The outbox: messages to people, put there by the transaction that causes them (``architecture.md`` §3, 2 to 4).

Callers add, list and retry messages here; what a sender does with them is in ``storage.outbox_claims``.
Instants are business time unless their name says ``real``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from storage.database import insert_into
from storage.tables import AuditEntry, OutboxMessage, Person
from storage.tables.messaging import AuditAction, NoticeKind, OutboxState

RETRY_KEY_LIFE = timedelta(hours=23)
"""How long a retry key is used after its first try; LINE forgets it after 24 hours ("Retrying an API request")."""

_ROWS_PER_QUERY = 500


class Priority(IntEnum):
    """What goes first, and what still goes when the month's quota runs low: up to STATUTORY."""

    ALARM = 1
    ANSWER = 2
    STATUTORY = 3
    ORDINARY = 5
    BULK = 7


class Reason(StrEnum):
    """Why a message ended unsent without LINE's doing."""

    NOT_LINKED = "not_linked"
    BLOCKED = "blocked"
    TOO_LATE = "too_late"
    RETRY_WINDOW = "retry_window"
    CALLED_OFF = "called_off"
    """Somebody cancelled it before it went out."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to put into the outbox; ``key`` names its occurrence and is never used twice.

    Not sent before ``not_before`` nor from ``expires_at`` on (None: never too late). ``account`` is a LINE id that gets
    it in the person's stead, linked or not.
    """

    key: str
    kind: NoticeKind
    person_id: int
    not_before: datetime
    expires_at: datetime | None = None
    priority: Priority = Priority.ORDINARY
    args: Mapping[str, Any] = field(default_factory=dict)
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A message as operators see it, without text and LINE id; ``retry_at`` and ``first_tried_at`` are real time."""

    id: int
    key: str
    kind: NoticeKind
    person: str
    state: OutboxState
    reason: str
    attempts: int
    uncertain: bool
    created_at: datetime
    not_before: datetime
    expires_at: datetime | None
    first_tried_at: datetime | None
    retry_at: datetime | None
    sent_at: datetime | None


class Retrial(StrEnum):
    """What became of the wish to send a message again."""

    FRESH = "fresh"
    """LINE surely did not take it: it is rendered anew and goes under a new retry key."""
    SAME_KEY = "same_key"
    """LINE may have taken it: it goes again as it stands, and a second acceptance is impossible."""
    TOO_OLD = "too_old"
    """LINE may have taken it and its retry key is dead: sending again could send twice, so it stays parked."""
    TOO_LATE = "too_late"
    """What it says holds no more: its last hour has passed, so it stays parked."""
    NOT_PARKED = "not_parked"
    """No parked message has this id."""


def unreachable(line_user_id: str | None, unreachable_since: datetime | None) -> Reason | None:
    """Tell why a person gets nothing; None: the person can be reached."""
    if line_user_id is None:
        return Reason.NOT_LINKED
    return Reason.BLOCKED if unreachable_since is not None else None


def enqueue(session: Session, messages: Iterable[NewMessage], now: datetime) -> dict[str, int]:
    """Add messages whose key is new and return their ids by key; keys that are there already are left as they are.

    A message to somebody without LINE, or who blocked the bot, is recorded as skipped at once.
    """
    statement = insert_into(session, OutboxMessage).on_conflict_do_nothing(index_elements=[OutboxMessage.key])
    waiting = list(messages)
    added: dict[str, int] = {}
    for start in range(0, len(waiting), _ROWS_PER_QUERY):
        page = waiting[start : start + _ROWS_PER_QUERY]
        reasons = _unreachable_people(session, {message.person_id for message in page})
        rows = [_row(m, None if m.account else reasons.get(m.person_id), now) for m in page]
        inserted = session.execute(statement.returning(OutboxMessage.key, OutboxMessage.id), rows)
        added.update((key, number) for key, number in inserted)
    return added


def _unreachable_people(session: Session, people: Collection[int]) -> dict[int, Reason]:
    query = select(Person.id, Person.line_user_id, Person.unreachable_since).where(Person.id.in_(people))
    reasons = {person: unreachable(line_user_id, since) for person, line_user_id, since in session.execute(query)}
    return {person: reason for person, reason in reasons.items() if reason is not None}


def _row(message: NewMessage, skipped: Reason | None, now: datetime) -> dict[str, Any]:
    return {
        "key": message.key,
        "kind": message.kind,
        "priority": int(message.priority),
        "person_id": message.person_id,
        "args": dict(message.args),
        "account": message.account,
        "retry_key": new_retry_key(),
        "state": OutboxState.DUE if skipped is None else OutboxState.SKIPPED,
        "reason": skipped or "",
        "created_at": now,
        "not_before": message.not_before,
        "expires_at": message.expires_at,
    }


def new_retry_key() -> str:
    """Return a value for ``X-Line-Retry-Key`` that was never used."""
    return str(uuid4())


def retry(session: Session, ids: Collection[int], now: datetime, real_now: datetime) -> dict[int, Retrial]:
    """Make parked messages due again and tell what became of each id; every one that goes again is audited.

    ``now`` is business time (for the message's last hour), ``real_now`` real time (for the life of retry keys and the
    audit).
    """
    query = select(OutboxMessage).where(OutboxMessage.id.in_(ids), OutboxMessage.state == OutboxState.PARKED)
    parked = {message.id: message for message in session.scalars(query.with_for_update())}
    return {
        number: _retry_one(session, parked[number], now, real_now) if number in parked else Retrial.NOT_PARKED
        for number in ids
    }


def _retry_one(session: Session, message: OutboxMessage, now: datetime, real_now: datetime) -> Retrial:
    if message.expires_at is not None and message.expires_at <= now:
        return Retrial.TOO_LATE
    retrial = Retrial.SAME_KEY if message.uncertain else Retrial.FRESH
    if message.uncertain and (message.first_tried_at is None or message.first_tried_at <= real_now - RETRY_KEY_LIFE):
        return Retrial.TOO_OLD
    session.add(
        AuditEntry(
            at=real_now,
            action=AuditAction.OUTBOX_RETRY,
            subject=f"outbox:{message.id}",
            before={"state": message.state, "reason": message.reason},
            after={"state": OutboxState.DUE, "retrial": retrial},
        )
    )
    if retrial is Retrial.FRESH:
        message.retry_key = new_retry_key()
        message.body = message.recipient = message.first_tried_at = None
    message.state, message.reason, message.retry_at = OutboxState.DUE, "", None
    return retrial


def forget(session: Session, person_id: int, account: str) -> None:
    """Take a LINE id out of the outbox that its person leaves (PDPA).

    What was made ready for it ends, and so do answers to what was asked there; what was not ready yet waits for the
    person's next account. The rows are locked first, so that one that a sender is making ready just now is seen, too.
    If LINE takes one nevertheless, the sender records it. Batches of circulars need nothing: they hold the id only
    while LINE may have taken them (``storage.circulars.settling``).
    """
    row = OutboxMessage
    waiting = row.state.in_([OutboxState.DUE, OutboxState.SENDING, OutboxState.PARKED])
    concerned = select(row.id).where(waiting, or_(row.person_id == person_id, row.account == account))
    ids = session.scalars(concerned.order_by(row.id).with_for_update()).all()
    is_ready = row.body.is_not(None) | (row.kind == NoticeKind.ANSWER)
    ready = or_(row.account == account, and_(row.account.is_(None), is_ready))
    ended = {"state": OutboxState.SKIPPED, "reason": Reason.NOT_LINKED, "account": None}
    free = {"lease_owner": None, "lease_until": None, "retry_at": None}
    session.execute(update(row).where(row.id.in_(ids), ready).values(**ended, **free))
    theirs = or_(row.person_id == person_id, row.id.in_(ids))
    session.execute(update(row).where(theirs, row.recipient == account).values(recipient=None))


def listing(session: Session, states: Collection[OutboxState], limit: int | None = None) -> Sequence[Listed]:
    """Return the messages in any of ``states``, oldest first."""
    row = OutboxMessage
    query = (
        select(
            row.id,
            row.key,
            row.kind,
            Person.code.label("person"),
            row.state,
            row.reason,
            row.attempts,
            row.uncertain,
            row.created_at,
            row.not_before,
            row.expires_at,
            row.first_tried_at,
            row.retry_at,
            row.sent_at,
        )
        .join(Person, Person.id == row.person_id)
        .where(row.state.in_(states))
        .order_by(row.id)
        .limit(limit)
    )
    return [Listed(**found._asdict()) for found in session.execute(query)]


def counts(session: Session) -> Mapping[OutboxState, int]:
    """Return how many messages stand where."""
    return dict(session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)).all())


def oldest_due_age(session: Session, now: datetime) -> timedelta | None:
    """Return how long the longest waiting message has been due (business time); None: nothing is due.

    What is being sent, or waits for another try, is waiting too.
    """
    row = OutboxMessage
    due_since = case((row.not_before > row.created_at, row.not_before), else_=row.created_at)
    waiting = row.state.in_([OutboxState.DUE, OutboxState.SENDING])
    oldest: datetime | None = session.scalar(select(func.min(due_since)).where(waiting, row.not_before <= now))
    return None if oldest is None else now - oldest


def due_count(session: Session, now: datetime) -> int:
    """Return how many messages are due (business time) and not sent, whether or not a sender may take them."""
    row = OutboxMessage
    waiting = row.state.in_([OutboxState.DUE, OutboxState.SENDING])
    return session.scalar(select(func.count()).where(waiting, row.not_before <= now)) or 0


def next_due(session: Session, now: datetime) -> datetime | None:
    """Return when (business time) the next message that waits for its hour is due; None: none waits."""
    row = OutboxMessage
    return session.scalar(select(func.min(row.not_before)).where(row.state == OutboxState.DUE, row.not_before > now))
