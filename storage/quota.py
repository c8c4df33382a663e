"""The month's messages by the last look at LINE, as every process knows them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.quota import Quota, kept_back, read_quota
from storage import shared_state
from storage.shared_state import StateKey
from storage.tables import Person


@dataclass(frozen=True, slots=True)
class QuotaStanding:
    """The month's messages: ``left``, and of these ``kept_back`` for statutory reminders (``domain.quota``).

    ``promised`` are those that circulars which were released before still need.
    """

    left: int
    kept_back: int
    promised: int = 0

    @property
    def free(self) -> int:
        """How many a circular may take."""
        return max(self.left - self.kept_back - self.promised, 0)


def known_quota(session: Session) -> Quota | None:
    """Return the last known quota; None before the first look-up, and when what is stored is none."""
    try:
        value = shared_state.get(session, StateKey.QUOTA)
        return None if value is None else read_quota(value["limit"], value["used"])
    except (ValueError, TypeError, KeyError):
        return None


def people_linked(session: Session) -> int:
    """Return how many people are linked to LINE."""
    return session.scalar(select(func.count()).where(Person.line_user_id.is_not(None))) or 0


def quota_standing(session: Session) -> QuotaStanding | None:
    """Return how the month's messages stand by the last look; None: not known, or without limit."""
    known = known_quota(session)
    if known is None or known.limit is None:
        return None
    return QuotaStanding(max(known.limit - known.used, 0), kept_back(known.limit, people_linked(session)))
