"""The clocks: real time, and business time shifted for developers (``BOT_NOW``, contract §2)."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError

from domain.clock import Clock
from storage import shared_state
from storage.database import Database
from storage.shared_state import StateKey

FRESH_SECONDS = 0.02
"""How long a process goes on with the shift that it looked up last."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock, which is business time, too."""

    def now(self) -> datetime:
        """Return business time (UTC)."""
        return self.real_now()

    def real_now(self) -> datetime:
        """Return real time (UTC)."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """Business time that stands still at ``at``: for commands that take ``--at``."""

    at: datetime

    def now(self) -> datetime:
        """Return the instant that was asked for."""
        return self.at

    def real_now(self) -> datetime:
        """Return real time (UTC)."""
        return datetime.now(UTC)


class BackInTime(ValueError):
    """Business time only goes on; who wants to go back takes a snapshot first."""


class ShiftedClock:
    """Business time apart from real time by a shift in the database; whoever sets it there sets it for all processes.

    Raises:
        sqlalchemy.exc.DBAPIError: the database is away when the clock is made. Later the shift known last holds on.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looking = threading.Lock()
        self._fresh_until = 0.0
        self._shift = self._stored()

    def now(self) -> datetime:
        """Return business time (UTC)."""
        if time.monotonic() >= self._fresh_until and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looking.release()
        return self.real_now() + self._shift

    def real_now(self) -> datetime:
        """Return real time (UTC)."""
        return datetime.now(UTC)

    def set(self, instant: datetime, *, may_go_back: bool = False) -> None:
        """Let it be ``instant`` now, for every process on the database within ``FRESH_SECONDS``.

        Raises:
            BackInTime: it is later already, and it may not go back.
        """
        with self._looking:
            with self._database.write() as session:
                known = shared_state.get_to_change(session, StateKey.CLOCK_SHIFT)
                real = self.real_now()
                seconds = (instant - real).total_seconds()
                if seconds < known["seconds"] and not may_go_back:
                    raise BackInTime
                shared_state.put(session, StateKey.CLOCK_SHIFT, known | {"seconds": seconds}, real)
            self._shift = timedelta(seconds=seconds)
            self._fresh_until = time.monotonic() + FRESH_SECONDS

    def _look(self) -> None:
        try:
            self._shift = self._stored()
        except DBAPIError:  # whoever works with the database hears of it; what time it is, is known
            return
        finally:
            self._fresh_until = time.monotonic() + FRESH_SECONDS

    def _stored(self) -> timedelta:
        with self._database.read() as session:
            return timedelta(seconds=shared_state.get(session, StateKey.CLOCK_SHIFT)["seconds"])


def shared_clock(database: Database, bot_now: datetime | None) -> Clock:
    """Return the clock that all processes on this database with the same ``bot_now`` share; None: real time.

    When the database sees a value first, business time starts there. From then on it runs: a process that comes later
    with the same value joins in, and a restart does not turn the clock back.
    """
    if bot_now is None:
        return SystemClock()
    configured = bot_now.astimezone(UTC).isoformat()
    with database.write() as session:
        real = datetime.now(UTC)
        known = shared_state.get(session, StateKey.CLOCK_SHIFT)
        if known is None or known["bot_now"] != configured:
            known = {"bot_now": configured, "seconds": (bot_now - real).total_seconds()}
            shared_state.put(session, StateKey.CLOCK_SHIFT, known, real)
    return ShiftedClock(database)
