"""Watches the machinery itself: a clock that stopped, a sender that falls behind, somebody who guesses codes."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from domain.invite_codes import ATTACK, ATTACK_WITHIN
from scheduler.alarms import AlarmTopic, raise_alarm
from storage import linking, outbox, shared_state
from storage.circulars import batches
from storage.shared_state import StateKey

CLOCK_LATE_AFTER = timedelta(minutes=5)
SENDER_LATE_AFTER = timedelta(minutes=10)

_log = structlog.get_logger()


def last_tick_age(session: Session, real_now: datetime) -> timedelta | None:
    """Return how long ago the clock ticked (real time); None: never."""
    tick = shared_state.get(session, StateKey.LAST_TICK)
    return None if tick is None else real_now - datetime.fromisoformat(tick["at"])


def oldest_due_age(session: Session, now: datetime) -> timedelta | None:
    """Return for how long the oldest message or circular has waited for a sender (business time); None: none does."""
    ages = [outbox.oldest_due_age(session, now), batches.oldest_due_age(session, now)]
    return max((age for age in ages if age is not None), default=None)


def watch_outbox(session: Session, now: datetime) -> None:
    """Tell the administrators when messages wait too long for a sender: the clock looks. ``now`` is business time."""
    age = oldest_due_age(session, now)
    if age is not None and age > SENDER_LATE_AFTER:
        _log.error("sender_late", oldest_due_seconds=round(age.total_seconds()))
        raise_alarm(session, AlarmTopic.SENDER_LATE, {"minutes": round(age.total_seconds() / 60)}, now)


def watch_clock(session: Session, now: datetime, real_now: datetime) -> None:
    """Tell the administrators when the clock stopped ticking: senders look. A clock that never ran is no news."""
    age = last_tick_age(session, real_now)
    if age is not None and age > CLOCK_LATE_AFTER:
        _log.error("clock_late", last_tick_seconds=round(age.total_seconds()))
        raise_alarm(session, AlarmTopic.CLOCK_LATE, {"minutes": round(age.total_seconds() / 60)}, now)


def watch_links(session: Session, now: datetime, real_now: datetime) -> None:
    """Tell the administrators when somebody seems to guess invite codes: the clock looks. Nobody is stopped by it."""
    tries = linking.wrong_codes(session, real_now - ATTACK_WITHIN)
    if tries >= ATTACK:
        _log.error("link_attempts", wrong_codes=tries)
        raise_alarm(session, AlarmTopic.LINK_ATTEMPTS, {"tries": tries}, now)
