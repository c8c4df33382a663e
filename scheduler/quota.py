"""Keeps quota for statutory reminders (``architecture.md`` §3, 8).

While the month's messages are low (``domain.quota``), only alarms and statutory reminders are sent; lesser messages
wait and administrators are told once a day. The quota is LINE's number of the last hour plus what was sent since.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.quota import Quota, is_low
from scheduler.alarms import AlarmTopic, raise_alarm
from storage import shared_state
from storage.circulars import batches
from storage.outbox import Priority
from storage.outbox_claims import Now
from storage.quota import known_quota, people_linked, quota_standing
from storage.shared_state import StateKey
from storage.tables import StateEntry

REFRESH_AFTER = timedelta(minutes=55)
"""Senders look every minute, so that no number is older than an hour."""


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


def forget_look(session: Session, real_now: datetime) -> None:
    """Let the known quota be stale: whoever sends asks LINE anew."""
    known = shared_state.get(session, StateKey.QUOTA)
    if known is not None:
        shared_state.put(session, StateKey.QUOTA, known | {"at": None}, real_now)


def count_pushes(session: Session, sent: int) -> None:
    """Add messages that LINE took since the last look-up."""
    entry = session.get(StateEntry, StateKey.QUOTA, with_for_update=True)
    quota = known_quota(session)
    if entry is not None and quota is not None and quota.limit is not None and sent:
        entry.value = {**entry.value, "used": quota.used + sent}


def free_for_circulars(session: Session, now: Now) -> int | None:
    """Return how many people circulars may still be sent to this month (None: any number).

    What is kept back for reminders and what is under way are taken off; when nothing is left administrators are told.
    The known quota is locked until the transaction ends, so that nobody else gives the same messages away.
    """
    session.get(StateEntry, StateKey.QUOTA, with_for_update=True)
    quota, standing = known_quota(session), quota_standing(session)
    if quota is None or standing is None:
        return None
    if not standing.free:
        _warn(session, quota, now)
    return max(standing.free - batches.under_way(session), 0)


def ceiling(session: Session, now: Now) -> Priority | None:
    """Return the least priority that may still be sent (None: all may); while quota is low administrators are told."""
    quota = known_quota(session)
    if quota is None or not _is_short(session, quota):
        return None
    _warn(session, quota, now)
    return Priority.STATUTORY


def only_statutory(session: Session) -> bool:
    """Tell whether lesser messages wait for want of quota."""
    quota = known_quota(session)
    return quota is not None and _is_short(session, quota)


def _is_short(session: Session, quota: Quota) -> bool:
    return quota.limit is not None and is_low(quota.limit, quota.used, people_linked(session))


def _warn(session: Session, quota: Quota, now: Now) -> None:
    raise_alarm(session, AlarmTopic.QUOTA_LOW, {"limit": quota.limit, "used": quota.used}, now.business)
