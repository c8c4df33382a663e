"""Requests that changed something, by idempotency key: asked again, they get the first answer and change nothing.

Only what was done is kept, in the transaction that did it. A refused request left nothing, so its key is free again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from storage.database import insert_into
from storage.tables import ApiRequest

KEPT_FOR = timedelta(days=30)
_ROWS_A_PRUNE = 1_000


class KeyUsedOtherwise(Exception):
    """The idempotency key belongs to another request."""


@dataclass(frozen=True, slots=True)
class Request:
    """What asks: whose key, and with which idempotency key; ``fingerprint`` is a hash of what it asks for."""

    api_key_id: int
    idempotency_key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status with its JSON body."""

    status: int
    body: str


def begin(session: Session, request: Request, real_now: datetime) -> Answer | None:
    """Take the idempotency key for this transaction; return the answer that the same request got before, if any.

    Of two at the same moment the second waits here until the first one's transaction ends.

    Raises:
        KeyUsedOtherwise: another request had the key.
    """
    new = insert_into(session, ApiRequest).values(
        api_key_id=request.api_key_id,
        idempotency_key=request.idempotency_key,
        fingerprint=request.fingerprint,
        status=0,
        body="",
        created_at=real_now,
    )
    key = [ApiRequest.api_key_id, ApiRequest.idempotency_key]
    if session.scalar(new.on_conflict_do_nothing(index_elements=key).returning(ApiRequest.id)) is not None:
        return None
    before = session.scalars(select(ApiRequest).where(*_is(request))).one()
    if before.fingerprint != request.fingerprint:
        raise KeyUsedOtherwise
    return Answer(before.status, before.body)


def finish(session: Session, request: Request, answer: Answer) -> None:
    """Keep the answer of a request that was begun in this transaction."""
    session.execute(update(ApiRequest).where(*_is(request)).values(status=answer.status, body=answer.body))


def prune(session: Session, real_now: datetime) -> int:
    """Delete answers that are 30 days old, no more than a page of them, and return how many."""
    old = select(ApiRequest.id).where(ApiRequest.created_at < real_now - KEPT_FOR).limit(_ROWS_A_PRUNE)
    result = session.execute(delete(ApiRequest).where(ApiRequest.id.in_(old.scalar_subquery())))
    return cast("CursorResult[Any]", result).rowcount


def _is(request: Request) -> tuple[Any, ...]:
    return ApiRequest.api_key_id == request.api_key_id, ApiRequest.idempotency_key == request.idempotency_key
