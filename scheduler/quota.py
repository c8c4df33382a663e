"""Keeps quota for statutory reminders (``architecture.md`` §3, 8).

The rule: when fewer messages remain this month than a tenth of the allowance, or than there are people linked to LINE
(one message for each of them), only alarms and statutory reminders are sent; lesser messages wait and administrators
are told once a day. The quota is LINE's number of the last hour plus what was sent since.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.alarms import AlarmTopic, raise_alarm
from scheduler.line_port import Quota
from storage import shared_state
from storage.outbox import Priority
from storage.outbox_claims import Now
from storage.shared_state import StateKey
from storage.tables import Person, StateEntry

REFRESH_AFTER = timedelta(minutes=55)
"""Senders look every minute, so that no number is older than an hour."""

MOST_MESSAGES = 10**9
"""No month has so many; a greater number is an error of whoever wrote it."""


def read_quota(limit: Any, used: Any) -> Quota:
    """Return a quota out of JSON values: whole numbers from 0 to below 10**9; a limit of None allows any number.

    Raises:
        ValueError: they are something else.
    """
    for value in (used,) if limit is None else (limit, used):
        if type(value) is not int or not 0 <= value < MOST_MESSAGES:  # True is an int, too
            raise ValueError("not a number of messages")
    return Quota(limit, used)


def known_quota(session: Session) -> Quota | None:
    """Return the last known quota; None before the first look-up, and when what is stored is none."""
    try:
        value = shared_state.get(session, StateKey.QUOTA)
        return None if value is None else read_quota(value["limit"], value["used"])
    except (ValueError, TypeError, KeyError):
        return None


def is_stale(session: Session, real_now: datetime) -> bool:
    """Tell whether LINE has to be asked again, as when what is stored is unreadable. ``real_now`` is real time."""
    if known_quota(session) is None:
        return True
    try:
        asked = datetime.fromisoformat(shared_state.get(session, StateKey.QUOTA)["at"])
        return asked <= real_now - REFRESH_AFTER
    except (ValueError, TypeError, KeyError):
        return True


def remember_quota(session: Session, quota: Quota, real_now: datetime) -> None:
    """Keep what LINE said at ``real_now`` (real time) for every process."""
    value = {"limit": quota.limit, "used": quota.used, "at": real_now.isoformat()}
    shared_state.put(session, StateKey.QUOTA, value, real_now)


def count_pushes(session: Session, sent: int) -> None:
    """Add messages that LINE took since the last look-up."""
    entry = session.get(StateEntry, StateKey.QUOTA, with_for_update=True)
    quota = known_quota(session)
    if entry is not None and quota is not None and quota.limit is not None and sent:
        entry.value = {**entry.value, "used": quota.used + sent}


def ceiling(session: Session, now: Now) -> Priority | None:
    """Return the least priority that may still be sent (None: all may); while quota is low administrators are told."""
    quota = known_quota(session)
    if quota is None or quota.limit is None:
        return None
    linked = session.scalar(select(func.count()).where(Person.line_user_id.is_not(None))) or 0
    if not is_low(quota.limit, quota.used, linked):
        return None
    raise_alarm(session, AlarmTopic.QUOTA_LOW, {"limit": quota.limit, "used": quota.used}, now.business)
    return Priority.STATUTORY


def is_low(limit: int, used: int, linked: int) -> bool:
    """Tell whether so few messages remain that the rest is kept for statutory reminders."""
    remaining = limit - used
    return remaining * 10 < limit or remaining < linked
