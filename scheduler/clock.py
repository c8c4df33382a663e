"""The clock: a tick a minute, on one leader among all clock processes of a database."""

from __future__ import annotations

import math
import signal
import threading
from datetime import datetime, timedelta
from types import FrameType

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.policy import DEFAULT_POLICY
from domain.reminders import BANGKOK
from scheduler.circular_reminders import queue_silent_reminders
from scheduler.reminders import queue_reminders
from scheduler.signals import StopSignal
from scheduler.silence import queue_unheld
from scheduler.watchdog import watch_links, watch_outbox
from storage import outbox_claims, shared_state
from storage.calendar_changes import announce_letters_of
from storage.database import Database
from storage.leader import Leadership
from storage.outbox_claims import Now
from storage.policies import load_policies
from storage.reference import ReferenceBook
from storage.shared_state import StateKey

_SET = timedelta(seconds=1)
"""By how much the shift of business time changes at least when somebody sets it."""

_log = structlog.get_logger()


class Ticker:
    """What one tick does. Every process with a clock may tick; only the leader's ticks do anything."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._leadership = Leadership(database)
        self._book = ReferenceBook()

    def tick(self) -> bool:
        """Queue what is due, end what is too late, look after the sender; tell whether this process leads."""
        if not self._leadership.hold():
            return False
        now = self._clock.now()
        with self._database.read() as session:
            version = shared_state.get(session, StateKey.PLAN_VERSION)
            last_plan = _last_plan(session)
            must_plan = last_plan is None or _must_plan(session, last_plan, version, now)
        if must_plan:
            queued = queue_reminders(self._database, self._clock, self._book)
            unheld = queue_unheld(self._database, self._clock, self._book)
            silent = queue_silent_reminders(self._database, self._clock, self._book)
            _log.info("reminders_planned", queued=len(queued), unheld_steps=unheld, silent_on_circulars=silent)
        with self._database.write() as session:
            if must_plan:
                if last_plan is not None:
                    announce_letters_of(session, last_plan.date(), now)
                planned = {"at": now.isoformat(), "version": version}
                shared_state.put(session, StateKey.PLANNED, planned, self._clock.real_now())
            expired = outbox_claims.expire(session, Now(now, self._clock.real_now()))
            watch_outbox(session, now)
            watch_links(session, now, self._clock.real_now())
            real_now = self._clock.real_now()
            ticked = {"at": real_now.isoformat(), "for": now.isoformat()}
            shared_state.put(session, StateKey.LAST_TICK, ticked, real_now)
        if expired:
            _log.warning("messages_expired", count=expired)
        return True

    def shift(self) -> timedelta:
        """Return by how much business time is ahead of real time."""
        return self._clock.now() - self._clock.real_now()

    def close(self) -> None:
        """Give the lead up."""
        self._leadership.release()


def _last_plan(session: Session) -> datetime | None:
    """Return when the clock last planned (business time, Bangkok)."""
    planned = shared_state.get(session, StateKey.PLANNED)
    return None if planned is None else datetime.fromisoformat(planned["at"]).astimezone(BANGKOK)


def _must_plan(session: Session, last: datetime, version: str | None, now: datetime) -> bool:
    """Tell whether anything may be due that the last plan did not see.

    It is when a ministry's sending hour began since, or a change of duties, windows or people was noted.
    """
    if shared_state.get(session, StateKey.PLANNED)["version"] != version:
        return True
    local = now.astimezone(BANGKOK)
    if last > local:  # the clock was set back: what it planned then says nothing of now
        return True
    policies = [DEFAULT_POLICY, *load_policies(session).values()]
    begun = [datetime.combine(local.date(), policy.send_from, BANGKOK) for policy in policies]
    return any(last < hour <= local for hour in begun)


class ClockProcess:
    """Ticks at once and then by ``trigger``, each full minute of business time, until it is told to stop.

    With ``watch_seconds`` it looks that often whether business time was set, and ticks at once when it was: for
    developers alone, whose clock can be moved.
    """

    def __init__(self, ticker: Ticker, trigger: BaseTrigger | None = None, watch_seconds: float | None = None) -> None:
        self._ticker = ticker
        self._trigger = trigger
        self._watch_seconds = watch_seconds
        self._ticking = threading.Lock()
        self._stop = StopSignal()

    def run(self) -> None:
        """Tick until SIGTERM, SIGINT or ``stop``; signals are taken over in the main thread only."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._on_signal)
            signal.signal(signal.SIGINT, self._on_signal)
        scheduler = BackgroundScheduler(timezone=BANGKOK)
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        shift = self._ticker.shift()
        job = scheduler.add_job(self._tick, self._trigger or _each_minute(shift), **options)
        scheduler.add_job(self._tick, id="at once", **options)
        scheduler.start()
        _log.info("clock_started")
        while not self._stop.wait(self._watch_seconds):
            if abs((newest := self._ticker.shift()) - shift) >= _SET:
                shift = newest
                self._tick()
                job.reschedule(self._trigger or _each_minute(shift))
        scheduler.shutdown(wait=True)
        self._ticker.close()
        _log.info("clock_stopped")

    def stop(self) -> None:
        """End ``run`` after the tick under way."""
        self._stop.set()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _tick(self) -> None:
        with self._ticking:
            try:
                self._ticker.tick()
            except DBAPIError:
                _log.exception("tick_failed")


def _each_minute(shift: timedelta) -> CronTrigger:
    """Return the trigger for the second of real minutes at which minutes of business time are full."""
    return CronTrigger(second=math.ceil(-shift.total_seconds()) % 60, timezone=BANGKOK)
