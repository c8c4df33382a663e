"""The clocks: real time, and business time shifted for developers (``BOT_NOW``, contract §2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storage import shared_state
from storage.database import Database
from storage.shared_state import StateKey


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock; business time runs ``shift`` apart from it."""

    shift: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Return business time (UTC)."""
        return self.real_now() + self.shift

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


def shared_clock(database: Database, bot_now: datetime | None) -> SystemClock:
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
    return SystemClock(timedelta(seconds=known["seconds"]))
