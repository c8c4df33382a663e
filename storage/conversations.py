"""What is remembered of a person's last answer for the next sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from storage.database import insert_into
from storage.tables import Conversation, GroupChat
from storage.tables.base import Instant

_REMEMBERED = select(Conversation.context).where(
    Conversation.person_id == bindparam("person_id"), Conversation.expires_at > bindparam("real_now", type_=Instant())
)


def recall(session: Session, person_id: int, real_now: datetime) -> Mapping[str, Any] | None:
    """Return what was remembered for the person and has not expired."""
    found: Mapping[str, Any] | None = session.scalar(_REMEMBERED, {"person_id": person_id, "real_now": real_now})
    return found


def remember_all(session: Session, contexts: Mapping[int, Mapping[str, Any] | None], expires_at: datetime) -> None:
    """Remember for each person (by id), until an instant of real time, in place of what was; None: forget."""
    forgotten = [person for person, context in contexts.items() if context is None]
    if forgotten:
        session.execute(delete(Conversation).where(Conversation.person_id.in_(forgotten)))
    kept = [
        {"person_id": person, "context": dict(context), "expires_at": expires_at}
        for person, context in sorted(contexts.items())
        if context is not None
    ]
    if kept:
        statement = insert_into(session, Conversation)
        new = {"context": statement.excluded.context, "expires_at": statement.excluded.expires_at}
        upsert = statement.on_conflict_do_update(index_elements=[Conversation.person_id], set_=new)
        session.connection().execute(upsert, kept)


def forget_expired(session: Session, real_now: datetime) -> None:
    """Forget what nothing may lean on any more: it holds what people typed."""
    session.execute(delete(Conversation).where(Conversation.expires_at <= real_now))


def forget(session: Session, person_id: int) -> None:
    """Forget what the person's last answer was about."""
    session.execute(delete(Conversation).filter_by(person_id=person_id))


def tell_group(session: Session, group: str, real_now: datetime) -> bool:
    """Note that a group or room (a LINE id) is told that the bot talks in private only; False: it was told before."""
    told = insert_into(session, GroupChat).values(chat_id=group, told_at=real_now)
    told_now = told.on_conflict_do_nothing(index_elements=[GroupChat.chat_id]).returning(GroupChat.chat_id)
    return session.scalar(told_now) is not None


def forget_group(session: Session, group: str) -> None:
    """Forget a group or room that the bot has left."""
    session.execute(delete(GroupChat).filter_by(chat_id=group))
