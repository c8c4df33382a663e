"""A circular sent to one of its handlers alone, to see how it looks on a phone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from storage.circulars.drafts import Draft
from storage.outbox import NewMessage, Priority, enqueue
from storage.outbox_claims import Now
from storage.submissions.actor import Actor
from storage.tables.messaging import NoticeKind

_HOLDS_FOR = timedelta(hours=1)


def queue_test(session: Session, by: Actor, draft: Draft, at: Now) -> None:
    """Put a circular as it stands into the outbox for ``by`` alone, at any hour; one press sends it once."""
    message = NewMessage(
        key=f"circular:{draft.circular_id}:test:{by.person_id}:{by.event_id or at.real.isoformat()}",
        kind=NoticeKind.CIRCULAR_TEST,
        person_id=by.person_id,
        not_before=at.business,
        expires_at=at.business + _HOLDS_FOR,
        priority=Priority.ORDINARY,
        args={"person": by.code, "circular": draft.circular_id},
    )
    enqueue(session, [message], at.business)
