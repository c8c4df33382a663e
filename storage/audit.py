"""One way into the audit trail for what people do (``architecture.md`` §3, 11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from storage.outbox_claims import Now
from storage.submissions.actor import Actor, Channel
from storage.tables import AuditEntry
from storage.tables.messaging import AuditAction


def record(
    session: Session,
    action: AuditAction,
    subject: str,
    by: Actor | None,
    at: Now,
    *,
    before: Mapping[str, Any] | str | None = None,
    after: Mapping[str, Any] | str | None = None,
    acting_for_id: int | None = None,
) -> None:
    """Add that ``by`` did something to ``subject``, with how it was and is, in words without a LINE id.

    ``by`` None: the operator's shell or the bot itself. ``acting_for_id`` is in whose place, by database id.
    """
    session.add(
        AuditEntry(
            at=at.real,
            business_at=at.business,
            action=action,
            subject=subject,
            actor_id=by.person_id if by else None,
            acting_for_id=acting_for_id,
            channel=by.channel if by else Channel.CLI,
            event_id=by.event_id if by else "",
            before=before,
            after=after,
        )
    )
