"""The inbox: events as LINE sent them, stored before they are acknowledged (``architecture.md`` §2 and §3, 1).

received -> working -> answering -> done or failed. Whoever works on an event, or gives its answer, holds it under a
lease; when that has ended, anybody may take it over. A sender has at most one event that is worked on or answered: the
index ``uq_inbox_open_sender`` sees to that. All instants are real time. Every function that changes something belongs
into a transaction of ``Database.write``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Table,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from storage.database import insert_into
from storage.outbox_claims import Lease
from storage.tables import InboxEvent
from storage.tables.conversations import InboxState

KEPT_FOR = timedelta(days=30)
"""How long a finished event is kept (``architecture.md`` §3, 11)."""

_TABLE = cast("Table", InboxEvent.__table__)
_C = _TABLE.c
_OPEN = (InboxState.WORKING, InboxState.ANSWERING)
_ROWS_A_PRUNE = 5_000


class LeaseLost(Exception):
    """Somebody else works on the event by now; what was done for it must not be committed."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event that came in. ``body`` is its JSON text, ``sender`` whose events must not overtake each other."""

    webhook_event_id: str
    body: str
    sender: str | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """An event that its holder alone may work on until the lease ends.

    ``attempts`` counts this one. ``answer`` is the JSON text of a messages array once the effects are committed; when
    it is ``answer_uncertain``, LINE may have taken it already. ``reference``: the number under which its failure is
    logged.
    """

    id: int
    webhook_event_id: str
    body: str
    sender: str | None
    occurred_at: datetime
    received_at: datetime
    attempts: int
    lease_owner: str
    answer: str | None = None
    answer_uncertain: bool = False
    reference: str = ""


_HELD = tuple(_C[name] for name in Held.__slots__)


def store(session: Session, arrivals: Sequence[Arrival], real_now: datetime, lease: Lease | None) -> Sequence[Held]:
    """Store events whose id is new and return those taken at once under ``lease``; None: take none.

    An event is left to others when its sender has another that is waiting or under way.
    """
    new: dict[str, Arrival] = {}
    for arrival in sorted(arrivals, key=lambda arrival: arrival.occurred_at):
        new.setdefault(arrival.webhook_event_id, arrival)
    taken = [] if lease is None else _stored_and_taken(session, list(new.values()), real_now, lease)
    for held in taken:
        del new[held.webhook_event_id]
    if new:
        left = [_row(arrival, real_now) for arrival in new.values()]
        statement = insert_into(session, InboxEvent).on_conflict_do_nothing(index_elements=[_C.webhook_event_id])
        session.connection().execute(statement, left)
    return taken


def store_all(
    session: Session, came: Sequence[Sequence[Arrival]], real_now: datetime, lease: Lease | None
) -> Sequence[Sequence[Held]]:
    """Store what several webhooks brought, and return for each what was taken of it at once, as ``store`` does."""
    together = [arrival for arrivals in came for arrival in arrivals]
    taken = {held.webhook_event_id: held for held in store(session, together, real_now, lease)}
    return [
        [taken.pop(arrival.webhook_event_id) for arrival in arrivals if arrival.webhook_event_id in taken]
        for arrivals in came
    ]


def _stored_and_taken(session: Session, arrivals: Sequence[Arrival], real_now: datetime, lease: Lease) -> list[Held]:
    """Store the first event of each sender as taken, and return those that are new and have none before them."""
    firsts: dict[str, Arrival] = {}
    for arrival in arrivals:
        firsts.setdefault(arrival.sender or arrival.webhook_event_id, arrival)
    waiting = select(_C.sender).where(_C.sender.in_(firsts), _C.state == InboxState.RECEIVED)
    behind_others = set(session.scalars(waiting))
    taking = [arrival for arrival in firsts.values() if arrival.sender not in behind_others]
    if not taking:
        return []
    held = {"state": InboxState.WORKING, "attempts": 1, "lease_owner": lease.owner, "lease_until": lease.until}
    # Whatever is in its way, the event itself or another of its sender: whether it has to be stored, ``store`` finds.
    statement = insert_into(session, InboxEvent).on_conflict_do_nothing().returning(_C.id, _C.webhook_event_id)
    rows = [{**_row(arrival, real_now), **held} for arrival in taking]
    ids = {event: number for number, event in session.connection().execute(statement, rows)}
    return [_new(ids[a.webhook_event_id], a, real_now, lease) for a in taking if a.webhook_event_id in ids]


def _row(arrival: Arrival, real_now: datetime) -> dict[str, Any]:
    return {
        "webhook_event_id": arrival.webhook_event_id,
        "body": arrival.body,
        "sender": arrival.sender,
        "occurred_at": arrival.occurred_at,
        "received_at": real_now,
        "state": InboxState.RECEIVED,
        "attempts": 0,
        "answer_uncertain": False,
        "reference": "",
    }


def _new(number: int, arrival: Arrival, received_at: datetime, lease: Lease) -> Held:
    return Held(
        id=number,
        webhook_event_id=arrival.webhook_event_id,
        body=arrival.body,
        sender=arrival.sender,
        occurred_at=arrival.occurred_at,
        received_at=received_at,
        attempts=1,
        lease_owner=lease.owner,
    )


def claim(session: Session, limit: int, lease: Lease, real_now: datetime) -> Sequence[Held]:
    """Take up to ``limit`` events: first those whose holder is gone, then, by age, those that wait.

    Of a sender with nothing under way the earliest is taken. What was being answered may have been taken by LINE.

    Raises:
        sqlalchemy.exc.IntegrityError: somebody else took an event of the same sender meanwhile; try again.
    """
    left = and_(_C.state.in_(_OPEN), _C.lease_until <= real_now)
    held = _take(session, left, limit, lease)
    held += _take(session, _is_next(), limit - len(held), lease)
    return held


def _is_next() -> ColumnElement[bool]:
    other = aliased(InboxEvent)
    earlier = (other.occurred_at < _C.occurred_at) | ((other.occurred_at == _C.occurred_at) & (other.id < _C.id))
    first = other.state.in_(_OPEN) | ((other.state == InboxState.RECEIVED) & earlier)
    return and_(_C.state == InboxState.RECEIVED, ~exists().where(other.sender == _C.sender, first))


def _take(session: Session, which: ColumnElement[bool], limit: int, lease: Lease) -> list[Held]:
    if limit <= 0:
        return []
    found = select(_C.id).where(which).order_by(_C.received_at, _C.id).limit(limit).with_for_update(skip_locked=True)
    rows = session.connection().execute(_taking(lease).where(_C.id.in_(list(session.scalars(found)))))
    return sorted((Held(*row) for row in rows), key=lambda held: (held.received_at, held.id))


def _taking(lease: Lease) -> Any:
    is_answered = _C.state == InboxState.ANSWERING
    return (
        update(_TABLE)
        .values(
            state=case((is_answered, _C.state), else_=literal(InboxState.WORKING, type_=_C.state.type)),
            attempts=_C.attempts + 1,
            answer_uncertain=_C.answer_uncertain | is_answered,
            lease_owner=lease.owner,
            lease_until=lease.until,
        )
        .returning(*_HELD)
    )


def extend_all(session: Session, events: Sequence[Held], until: datetime) -> None:
    """Let the leases of events that are worked on go on to ``until``.

    Raises:
        LeaseLost: the transaction must be rolled back.
    """
    _must_change(session, _EXTENDED, [_key(held, InboxState.WORKING) for held in events], until=until)


def settle_all(session: Session, events: Sequence[Held], until: datetime, real_now: datetime) -> None:
    """Note that the events' effects are part of this transaction, and what each has by now as answer and reference.

    With an answer the lease goes on to ``until``. A ``reference`` says that the event failed, under this number.

    Raises:
        LeaseLost: the transaction must be rolled back.
    """
    answered = [held for held in events if held.answer is not None]
    rows = [{**_key(held, InboxState.WORKING), "said": held.answer, "number": held.reference} for held in answered]
    _must_change(session, _SETTLED, rows, until=until)
    _end(session, [held for held in events if held.answer is None], InboxState.WORKING, real_now)


def close_all(session: Session, events: Sequence[Held], real_now: datetime) -> None:
    """Note that the answers were given, or went to the outbox in this transaction.

    Raises:
        LeaseLost: the transaction must be rolled back.
    """
    _end(session, events, InboxState.ANSWERING, real_now)


def next_of_all(session: Session, senders: Collection[str | None], lease: Lease) -> Mapping[str, Held]:
    """Take the earliest event that waits of each sender; in the transaction that ends the ones before."""
    waits = (
        select(_C.sender, _C.id)
        .where(_C.sender.in_({sender for sender in senders if sender}), _C.state == InboxState.RECEIVED)
        .order_by(_C.occurred_at.desc(), _C.id.desc())
    )
    firsts = dict(session.execute(waits).all())  # the last of equal keys stays: the earliest
    if not firsts:
        return {}
    taking = _taking(lease).where(_C.id.in_(firsts.values()), _C.state == InboxState.RECEIVED)
    return {row.sender: Held(*row) for row in session.connection().execute(taking)}


def _end(session: Session, events: Sequence[Held], state: InboxState, real_now: datetime) -> None:
    rows = [
        {
            **_key(held, state),
            "ended": InboxState.FAILED if held.reference else InboxState.DONE,
            "number": held.reference,
        }
        for held in events
    ]
    _must_change(session, _ENDED, rows, at=real_now)


def _key(held: Held, state: InboxState) -> dict[str, Any]:
    return {"row": held.id, "was": state, "owner": held.lease_owner}


_HELD_ROW = update(_TABLE).where(
    _C.id == bindparam("row"), _C.state == bindparam("was"), _C.lease_owner == bindparam("owner")
)
_EXTENDED = _HELD_ROW.values(lease_until=bindparam("until"))
_SETTLED = _HELD_ROW.values(
    state=InboxState.ANSWERING, answer=bindparam("said"), reference=bindparam("number"), lease_until=bindparam("until")
)
_ENDED = _HELD_ROW.values(
    state=bindparam("ended"),
    reference=bindparam("number"),
    answer=None,
    lease_owner=None,
    lease_until=None,
    finished_at=bindparam("at"),
)


def _must_change(session: Session, statement: Update, rows: Sequence[Mapping[str, Any]], **shared: Any) -> None:
    if not rows:
        return
    changed = session.connection().execute(statement, [{**row, **shared} for row in rows]).rowcount
    if changed != len(rows):
        raise LeaseLost


def is_latest(session: Session, held: Held) -> bool:
    """Tell whether nothing was received that the sender did after this event: webhooks may overtake each other."""
    later = select(_C.id).where(_C.sender == held.sender, _C.occurred_at > held.occurred_at).limit(1)
    return session.scalar(later) is None


def blank_message(session: Session, sender: str, message_id: str) -> None:
    """Take the text of a message that its sender took back out of what is kept (LINE docs, "Receive unsend events")."""
    kept = select(_C.id, _C.body).where(_C.sender == sender, _C.body.contains(message_id, autoescape=True))
    for number, body in session.execute(kept).all():
        event = json.loads(body)
        message = event.get("message")
        if isinstance(message, dict) and message.get("id") == message_id:
            event["message"] = {"id": message_id, "type": message.get("type"), "text": ""}
            session.execute(update(_TABLE).where(_C.id == number).values(body=json.dumps(event)))


def forget(session: Session, sender: str) -> None:
    """Blank the LINE id in what is kept of this account's events (PDPA), the one under way among them.

    Events that wait came after the wish to be forgotten; they are handled as those of a stranger.
    """
    session.execute(
        update(_TABLE).where(_C.sender == sender, _C.state != InboxState.RECEIVED).values(sender=None, body="{}")
    )


def prune(session: Session, real_now: datetime) -> int:
    """Delete events that were finished 30 days ago, no more than a page of them, and return how many."""
    old = select(_C.id).where(_C.finished_at < real_now - KEPT_FOR).limit(_ROWS_A_PRUNE)
    result = session.execute(delete(_TABLE).where(_C.id.in_(old.scalar_subquery())))
    return cast("CursorResult[Any]", result).rowcount


def open_counts(session: Session) -> Mapping[InboxState, int]:
    """Return how many events stand where, but for those that are done."""
    states = [state for state in InboxState if state is not InboxState.DONE]
    query = select(_C.state, func.count()).where(_C.state.in_(states)).group_by(_C.state)
    return dict(session.execute(query).all())
