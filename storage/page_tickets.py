"""Links that were opened: each opens once. Instants are real time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.database import insert_into
from storage.tables import PageTicket


def spend(session: Session, nonce: str, expires_at: datetime, real_now: datetime) -> bool:
    """Note that the link was opened; False: it had been before. Links that are over by now are forgotten."""
    session.execute(delete(PageTicket).where(PageTicket.expires_at <= real_now))
    statement = insert_into(session, PageTicket).values(nonce=nonce, expires_at=expires_at)
    return session.scalar(statement.on_conflict_do_nothing().returning(PageTicket.nonce)) is not None


def is_spent(session: Session, nonce: str) -> bool:
    """Tell whether the link was opened."""
    return session.scalar(select(PageTicket.nonce).where(PageTicket.nonce == nonce)) is not None
