"""What a sender does with the outbox: claim under a lease, freeze, mark (``architecture.md`` §3, 3 and 4).

A claimed message is in *sending* until its lease ends; from then on anyone may claim it again. Business time decides
when a message is due or too late, real time about leases, the wait between tries and the life of a retry key. Every
function belongs into a transaction of ``Database.write``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CursorResult,
    Table,
    and_,
    bindparam,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Update

from storage.outbox import RETRY_KEY_LIFE, Priority, Reason, new_retry_key, unreachable
from storage.tables import OutboxMessage, Person
from storage.tables.messaging import NoticeKind, OutboxState

_TABLE = cast("Table", OutboxMessage.__table__)
_ROW = OutboxMessage


class Now(NamedTuple):
    """One moment on both clocks."""

    business: datetime
    real: datetime


class Lease(NamedTuple):
    """Who holds a message, until when (real time)."""

    owner: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that its claimer alone may send until the lease ends.

    ``recipient`` is the LINE id that gets it. ``body`` is None until the message is frozen.
    ``uncertain``: an earlier try may have been accepted unseen.
    """

    id: int
    kind: NoticeKind
    person_id: int
    args: Mapping[str, Any]
    recipient: str
    body: str | None
    retry_key: str
    attempts: int
    uncertain: bool


class Ending(NamedTuple):
    """How a message ends unsent: one of the final states and why."""

    state: OutboxState
    reason: str


class Postponed(NamedTuple):
    """A message to be tried again at ``retry_at`` (real time); ``uncertain``: this try may have been accepted."""

    id: int
    reason: str
    retry_at: datetime
    uncertain: bool


def claim(
    session: Session,
    limit: int,
    lease: Lease,
    now: Now,
    ceiling: Priority | None = None,
    busy: Collection[str] = (),
) -> Sequence[Claimed]:
    """Take up to ``limit`` messages to send: first what others left in *sending*, then by priority and age.

    With a ``ceiling`` lesser messages wait, except those that LINE may have accepted already. Messages to the LINE ids
    in ``busy`` wait, too: earlier ones are on their way there. Messages to people who cannot be reached any more end as
    skipped.
    """
    left = and_(_ROW.state == OutboxState.SENDING, _ROW.lease_until <= now.real)
    rows = _lock(session, and_(left, _is_free(busy)), limit, now, ceiling)
    rows += _lock(session, and_(_is_due(now), _is_free(busy)), limit - len(rows), now, ceiling)
    endings = {row.id: Ending(OutboxState.SKIPPED, why) for row in rows if (why := _lost(row)) is not None}
    abandoned = {row.id for row in rows if row.state is OutboxState.SENDING and row.body is not None}
    claimed = [_claimed(row, abandoned=row.id in abandoned) for row in rows if row.id not in endings]
    end(session, endings)
    if claimed:
        _hold(session, claimed, abandoned - endings.keys(), lease)
    return claimed


def _lost(row: Any) -> Reason | None:
    """Tell why a claimed row's person gets nothing: an account for which it was frozen may be another's by now."""
    if row.account is not None:
        return None
    if row.recipient not in (None, row.line_user_id):
        return Reason.NOT_LINKED
    return unreachable(row.line_user_id, row.unreachable_since)


def _claimed(row: Any, *, abandoned: bool) -> Claimed:
    return Claimed(
        id=row.id,
        kind=row.kind,
        person_id=row.person_id,
        args=row.args,
        recipient=row.account or row.line_user_id,
        body=row.body,
        retry_key=row.retry_key,
        attempts=row.attempts + abandoned,
        uncertain=row.uncertain or abandoned,
    )


def _is_due(now: Now) -> ColumnElement[bool]:
    return and_(
        _ROW.state == OutboxState.DUE,
        _ROW.not_before <= now.business,
        or_(_ROW.retry_at.is_(None), _ROW.retry_at <= now.real),
    )


def _is_free(busy: Collection[str]) -> ColumnElement[bool]:
    return func.coalesce(_ROW.account, Person.line_user_id, "").not_in(busy) if busy else true()


def _lock(session: Session, which: ColumnElement[bool], limit: int, now: Now, ceiling: Priority | None) -> list[Any]:
    if limit <= 0:
        return []
    allowed = true() if ceiling is None else or_(_ROW.priority <= int(ceiling), _ROW.uncertain)
    query = (
        select(
            _ROW.id,
            _ROW.kind,
            _ROW.person_id,
            _ROW.args,
            _ROW.account,
            _ROW.recipient,
            _ROW.body,
            _ROW.retry_key,
            _ROW.attempts,
            _ROW.uncertain,
            _ROW.state,
            Person.line_user_id,
            Person.unreachable_since,
        )
        .join(Person, Person.id == _ROW.person_id)
        .where(which, allowed, ~_is_past(now), ~_key_is_dying(now))
        .order_by(_ROW.priority, _ROW.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=_ROW)
    )
    return list(session.execute(query))


def _is_past(now: Now) -> ColumnElement[bool]:
    return and_(_ROW.expires_at.is_not(None), _ROW.expires_at <= now.business)


def _key_is_dying(now: Now) -> ColumnElement[bool]:
    return and_(_ROW.first_tried_at.is_not(None), _ROW.first_tried_at <= now.real - RETRY_KEY_LIFE)


def _hold(session: Session, claimed: Sequence[Claimed], abandoned: Collection[int], lease: Lease) -> None:
    taken = {"state": OutboxState.SENDING, "lease_owner": lease.owner, "lease_until": lease.until, "retry_at": None}
    session.execute(update(_ROW).where(_ROW.id.in_([row.id for row in claimed])).values(taken))
    if abandoned:
        tried = {"attempts": _ROW.attempts + 1, "uncertain": True}
        session.execute(update(_ROW).where(_ROW.id.in_(abandoned)).values(tried))


def freeze(session: Session, frozen: Mapping[int, tuple[str, str]], now: Now) -> None:
    """Store recipient and body (JSON text of the messages array) of claimed messages, once; then they may be tried.

    ``frozen`` maps ids to (recipient, body). The life of the retry key counts from here, real time.
    """
    statement = (
        update(_TABLE)
        .where(_TABLE.c.id == bindparam("row_id"), _TABLE.c.body.is_(None))
        .values(recipient=bindparam("to"), body=bindparam("text"), first_tried_at=now.real)
    )
    _run(session, statement, [{"row_id": n, "to": to, "text": text} for n, (to, text) in frozen.items()])


def mark_sent(session: Session, request_ids: Mapping[int, str | None], now: Now) -> None:
    """Record that LINE accepted messages (ids to LINE's request ids), whoever holds them by now: it is the truth."""
    statement = (
        update(_TABLE)
        .where(_TABLE.c.id == bindparam("row_id"))
        .values(
            state=OutboxState.SENT,
            reason="",
            sent_at=now.business,
            attempts=_TABLE.c.attempts + 1,
            request_id=bindparam("request"),
            uncertain=false(),
            **_ENDED,
        )
    )
    _run(session, statement, [{"row_id": n, "request": request} for n, request in request_ids.items()])


def postpone(session: Session, owner: str, postponed: Sequence[Postponed]) -> None:
    """Give tried messages back, to be tried again later.

    Those that LINE surely never took start afresh, as in ``release``: what they say then is true then. The others go
    again with the same body and retry key.
    """
    untaken = [p.id for p in postponed if not p.uncertain]
    _run(session, _afresh(_held_by(owner)), [{"row_id": n, "new_key": new_retry_key()} for n in untaken])
    statement = _held_by(owner).values(
        state=OutboxState.DUE,
        reason=bindparam("why"),
        attempts=_TABLE.c.attempts + 1,
        uncertain=or_(_TABLE.c.uncertain, bindparam("unsure", type_=Boolean())),
        **{**_FREE, "retry_at": bindparam("at")},
    )
    _run(
        session,
        statement,
        [{"row_id": p.id, "why": p.reason, "unsure": p.uncertain, "at": p.retry_at} for p in postponed],
    )


def _afresh(held: Update) -> Update:
    """Return the update of those that LINE surely never took: rendered anew, under a new retry key."""
    return held.where(~_TABLE.c.uncertain).values(
        body=None, recipient=None, first_tried_at=None, retry_key=bindparam("new_key")
    )


def park(session: Session, owner: str, reasons: Mapping[int, str]) -> None:
    """Set tried messages aside for an operator, with why; to an account that was left there is nothing to try again."""
    rows = [{"row_id": n, "why": why} for n, why in reasons.items()]
    tried = _held_by(owner).values(reason=bindparam("why"), attempts=_TABLE.c.attempts + 1)
    nobodys = _TABLE.c.account.is_not(None)
    _run(session, tried.where(nobodys).values(state=OutboxState.SKIPPED, **_ENDED), rows)
    _run(session, tried.where(~nobodys).values(state=OutboxState.PARKED, **_FREE), rows)


def release(session: Session, owner: str, ids: Collection[int], reason: str) -> None:
    """Give messages back that LINE did not take in this claim.

    Those that it surely never took start afresh: rendered anew, under a new retry key. The others keep body and key.
    """
    back = _held_by(owner).values(state=OutboxState.DUE, reason=reason, **_FREE)
    _run(session, _afresh(_held_by(owner)), [{"row_id": n, "new_key": new_retry_key()} for n in ids])
    _run(session, back, [{"row_id": n} for n in ids])


def end(session: Session, endings: Mapping[int, Ending]) -> None:
    """Bring messages to their end without a try, such as cancelled because the duty is done meanwhile."""
    ending = update(_TABLE).where(_TABLE.c.id == bindparam("row_id"))
    ending = ending.values(state=bindparam("ending"), reason=bindparam("why"))
    rows = [{"row_id": n, "ending": e.state, "why": e.reason} for n, e in endings.items()]
    _run(session, ending.values(**_FREE), [row for row in rows if row["ending"] is OutboxState.PARKED])
    _run(session, ending.values(**_ENDED), [row for row in rows if row["ending"] is not OutboxState.PARKED])


def defer(session: Session, instants: Mapping[int, datetime]) -> None:
    """Give claimed messages back that were never frozen, to be due at an instant each (business time)."""
    statement = (
        update(_TABLE)
        .where(_TABLE.c.id == bindparam("row_id"), _TABLE.c.body.is_(None))
        .values(state=OutboxState.DUE, not_before=bindparam("at"), **_FREE)
    )
    _run(session, statement, [{"row_id": n, "at": at} for n, at in instants.items()])


def expire(session: Session, now: Now) -> int:
    """End messages past ``expires_at`` or with a retry key near the end of its life, and return how many."""
    nobodys = or_(_ROW.state == OutboxState.DUE, and_(_ROW.state == OutboxState.SENDING, _ROW.lease_until <= now.real))
    expiring = update(_ROW).where(nobodys).values(state=OutboxState.EXPIRED, **_ENDED)
    past = expiring.where(_is_past(now)).values(reason=Reason.TOO_LATE)
    last_reason = func.rtrim(literal(f"{Reason.RETRY_WINDOW} ").concat(_ROW.reason))
    dying = expiring.where(_key_is_dying(now)).values(reason=last_reason)
    return sum(cast("CursorResult[Any]", session.execute(statement)).rowcount for statement in (past, dying))


def next_ready(session: Session, now: Now) -> datetime | None:
    """Return when (real time) the next message that is held or postponed can be claimed; None: there is none."""
    held = select(func.min(_ROW.lease_until)).where(_ROW.state == OutboxState.SENDING)
    postponed = select(func.min(_ROW.retry_at)).where(
        _ROW.state == OutboxState.DUE, _ROW.not_before <= now.business, _ROW.retry_at > now.real
    )
    instants = [session.scalar(held), session.scalar(postponed)]
    return min((instant for instant in instants if instant is not None), default=None)


_FREE: dict[str, Any] = {"lease_owner": null(), "lease_until": null(), "retry_at": null()}
_ENDED: dict[str, Any] = {**_FREE, "recipient": null(), "account": null()}


def _held_by(owner: str) -> Update:
    """Return an update of rows by ``row_id`` that spares what was taken over by somebody else."""
    return update(_TABLE).where(
        _TABLE.c.id == bindparam("row_id"),
        _TABLE.c.state == OutboxState.SENDING,
        _TABLE.c.lease_owner == owner,
    )


def _run(session: Session, statement: Update, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.connection().execute(statement, rows)
