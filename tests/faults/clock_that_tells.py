"""A clock of its own process, for tests to kill: it ticks fast and says after each tick whether it leads.

Arguments: database, business time to begin with, what happens: "ticks" or "dies while it queues".
"""

import os
import signal
import sys
from datetime import datetime

import structlog
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import shared_clock
from scheduler.clock import ClockProcess, Ticker
from storage import reminder_ledger
from storage.database import Database


class TellingTicker(Ticker):
    """Writes a line a tick on standard output."""

    def tick(self) -> bool:
        """Tick, and say whether this process leads."""
        leads = super().tick()
        print("leads" if leads else "follows", flush=True)  # noqa: T201 - the test reads it
        return leads


def main() -> None:
    """Run until a signal."""
    url, begins_at, what = sys.argv[1:]
    if what == "dies while it queues":
        reminder_ledger.record_digests = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    database = Database(url)
    ticker = TellingTicker(database, shared_clock(database, datetime.fromisoformat(begins_at)))
    ClockProcess(ticker, IntervalTrigger(seconds=0.1)).run()


if __name__ == "__main__":
    main()
