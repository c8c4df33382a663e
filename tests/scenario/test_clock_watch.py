"""Senders look after the clock: one that stopped is told to the administrators, once a day."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from scheduler import worker as workers
from scheduler.line_port import Answer, LinePort
from scheduler.worker import Worker
from storage import shared_state
from storage.database import Database
from storage.shared_state import StateKey
from storage.tables import OutboxMessage
from storage.tables.messaging import NoticeKind
from tests.plain_freezer import PlainFreezer
from tests.processes import wait_for
from tests.sending import SWIFT, HandClock, ScriptedLine, settle_people, stored


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CLOCK_WATCH_SECONDS", 0.01)


@contextmanager
def worker_at_work(database: Database, clock: HandClock) -> Iterator[ScriptedLine]:
    line = ScriptedLine(Answer(200))

    @asynccontextmanager
    async def connect() -> AsyncIterator[LinePort]:
        yield line

    worker = Worker(database, connect, PlainFreezer(), clock, SWIFT)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield line
    finally:
        worker.stop()
        thread.join(10)
        assert not thread.is_alive()


def ticked(database: Database, clock: HandClock) -> None:
    with database.write() as session:
        shared_state.put(session, StateKey.LAST_TICK, {"at": clock.real.isoformat()}, clock.real)


def alarms(database: Database) -> list[OutboxMessage]:
    return [row for row in stored(database) if row.kind is NoticeKind.ALARM]


def test_administrators_are_told_once_a_day_that_the_clock_stopped(database: Database) -> None:
    clock = HandClock()
    *_, first, second = settle_people(database, 3, admins=2)
    ticked(database, clock)
    clock.advance(minutes=6)
    with capture_logs() as logs, worker_at_work(database, clock) as line:
        wait_for(lambda: len([log for log in logs if log["event"] == "clock_late"]) >= 3, 20, "three looks")
        assert {row.person_id for row in alarms(database)} == {first, second}
        wait_for(lambda: len(line.pushes) == 2, 20, "both were sent")
        clock.advance(days=1)
        wait_for(lambda: len(alarms(database)) == 4, 20, "the next day's")
    assert {(row.args["topic"], row.args["minutes"]) for row in alarms(database)} == {
        ("clock_late", 6),
        ("clock_late", 1446),
    }


def test_a_clock_that_ticks_or_never_ran_is_no_news(database: Database) -> None:
    clock = HandClock()
    settle_people(database, 1, admins=1)
    looks = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, "_look_at_clock", lambda self, look=Worker._look_at_clock: looks.append(look(self)))
        with worker_at_work(database, clock):
            wait_for(lambda: len(looks) >= 2, 20, "two looks at a clock that never ran")
            ticked(database, clock)
            clock.real += timedelta(minutes=4)
            wait_for(lambda: len(looks) >= 4, 20, "two looks at a clock that ticked")
    assert alarms(database) == []
