"""What stands in outbox and inbox, for developers to watch: counts and the newest rows, without texts or LINE ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from scheduler import stopping
from scheduler.quota import forget_look, only_statutory
from storage import inbox, outbox
from storage.circulars import batches
from storage.outbox_claims import Now
from storage.tables import InboxEvent, OutboxMessage, Person
from storage.tables.messaging import OutboxState

MESSAGES = 8
EVENTS = 30
"""How many rows are told; of events more, for whoever asks has the newest by another order."""


def look(session: Session, now: Now) -> Mapping[str, Any]:
    """Return what stands in the queues, as JSON; states, kinds and reasons are codes, instants ISO 8601.

    ``notBefore`` is business time, and ``isDue`` says whether it has come; ``retryAt`` is real time. ``stopped`` says
    why nothing is sent at all, ``onlyStatutory`` that lesser messages wait for want of quota, ``circulars`` how many
    people wait for one.
    """
    return {
        "stopped": stopping.stop_reason(session),
        "onlyStatutory": only_statutory(session),
        "outbox": {"counts": outbox.counts(session), "newest": _messages(session, now)},
        "circulars": sum(batches.waiting(session).values()),
        "inbox": {"counts": inbox.open_counts(session), "newest": _events(session)},
    }


def ask_for_quota(session: Session, real_now: datetime) -> None:
    """Let the senders ask LINE anew how many messages are left: in an office an hour passes before they do."""
    forget_look(session, real_now)
    stopping.probe_soon(session, real_now)


def _messages(session: Session, now: Now) -> list[Mapping[str, Any]]:
    """Return first what is due and not sent, then what was sent or came last."""
    row = OutboxMessage
    open_now = and_(row.state.in_([OutboxState.DUE, OutboxState.SENDING]), row.not_before <= now.business)
    query = (
        select(
            row.id,
            row.kind,
            row.state,
            row.attempts,
            row.reason,
            row.not_before,
            row.retry_at,
            Person.code,
            Person.full_name,
        )
        .join(Person, Person.id == row.person_id)
        .order_by(open_now.desc(), func.coalesce(row.sent_at, row.created_at).desc(), row.id.desc())
        .limit(MESSAGES)
    )
    return [
        {
            "id": found.id,
            "kind": found.kind,
            "state": found.state,
            "attempts": found.attempts,
            "reason": found.reason,
            "notBefore": found.not_before.isoformat(),
            "isDue": found.not_before <= now.business,
            "retryAt": found.retry_at and found.retry_at.isoformat(),
            "person": found.code,
            "name": found.full_name,
        }
        for found in session.execute(query)
    ]


def _events(session: Session) -> list[Mapping[str, Any]]:
    row = InboxEvent
    query = select(row.webhook_event_id, row.state, row.attempts).order_by(row.id.desc()).limit(EVENTS)
    return [
        {"event": found.webhook_event_id, "state": found.state, "attempts": found.attempts}
        for found in session.execute(query)
    ]
