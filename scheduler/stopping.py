"""Stops every sender when nothing can be sent, and lets them go on when a probe succeeds.

The stop is in the database, so that it holds for all processes and through restarts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from domain.quota import Quota
from scheduler.alarms import AlarmTopic, raise_alarm
from scheduler.line_port import Reply
from scheduler.outcomes import StopReason
from scheduler.quota import remember_quota
from storage import shared_state
from storage.outbox_claims import Now
from storage.shared_state import StateKey

PROBE_EVERY = timedelta(minutes=5)

_log = structlog.get_logger()


def stop_reason(session: Session) -> StopReason | None:
    """Return why all sending is stopped; None: it is not."""
    stop = shared_state.get(session, StateKey.SENDER_STOP)
    return None if stop is None else StopReason(stop["reason"])


def stop_all(session: Session, reason: StopReason, now: Now) -> None:
    """Stop all senders; the administrators get a notice once per reason and day."""
    if stop_reason(session) is not None:
        return
    _put(session, reason, since=now.real, real_now=now.real)
    raise_alarm(session, AlarmTopic.SENDER_STOPPED, {"reason": reason}, now.business, incident=reason)
    _log.error("sender_stopped", reason=reason)


def begin_probe(session: Session, real_now: datetime, *, at_once: bool = False) -> StopReason | None:
    """Return what to probe for, to one caller per interval; None: nothing is stopped or it is not time yet."""
    stop = shared_state.get(session, StateKey.SENDER_STOP)
    if stop is None or not (at_once or datetime.fromisoformat(stop["probe_at"]) <= real_now):
        return None
    reason = StopReason(stop["reason"])
    _put(session, reason, since=datetime.fromisoformat(stop["since"]), real_now=real_now)
    return reason


def _put(session: Session, reason: StopReason, *, since: datetime, real_now: datetime) -> None:
    value = {"reason": reason, "since": since.isoformat(), "probe_at": (real_now + PROBE_EVERY).isoformat()}
    shared_state.put(session, StateKey.SENDER_STOP, value, real_now)


def probe_soon(session: Session, real_now: datetime) -> None:
    """Let the next probe of a stop come at once."""
    stop = shared_state.get(session, StateKey.SENDER_STOP)
    if stop is not None:
        shared_state.put(session, StateKey.SENDER_STOP, stop | {"probe_at": real_now.isoformat()}, real_now)


def end_probe(session: Session, reason: StopReason, found: Quota | Reply, real_now: datetime) -> bool:
    """Lift the stop if LINE answered the quota look-up, and with messages left if it was about these; tell whether."""
    if not isinstance(found, Quota):
        return False
    remember_quota(session, found, real_now)
    if reason is StopReason.QUOTA and found.is_used_up:
        return False
    shared_state.put(session, StateKey.SENDER_STOP, None, real_now)
    _log.info("sender_resumed", after=reason)
    return True
