"""A worker outlives a database that is away, or in disorder, for a while; a drain says so."""

import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from scheduler import worker
from scheduler.freezing import Freezer
from scheduler.line_port import Answer, LinePort
from scheduler.worker import Worker
from storage.database import Database
from storage.outbox_claims import Claimed, Now
from storage.tables.messaging import OutboxState
from tests.plain_freezer import PlainFreezer
from tests.sending import SWIFT, HandClock, ScriptedLine, message, queue, settle_people, states


class FlakyDatabase(Database):
    """Refuses some of the next writes."""

    refusals = 0

    @contextmanager
    def write(self) -> Iterator[Session]:
        if self.refusals > 0:
            self.refusals -= 1
            raise OperationalError("BEGIN", {}, ConnectionError("server closed the connection"))
        with super().write() as session:
            yield session


@pytest.fixture
def database(database_url: str) -> Iterator[FlakyDatabase]:
    database = FlakyDatabase(database_url)
    yield database
    database.dispose()


def make_worker(database: Database, line: ScriptedLine, freezer: Freezer | None = None) -> Worker[LinePort]:
    @asynccontextmanager
    async def connect() -> AsyncIterator[LinePort]:
        yield line

    return Worker(database, connect, freezer or PlainFreezer(), HandClock(), SWIFT)


def test_a_worker_waits_for_the_database_and_then_sends_everything_once(
    database: FlakyDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "TROUBLE_PAUSE_SECONDS", 0.01)
    queue(database, *(message(person) for person in settle_people(database, 5)))
    database.refusals = 3
    line = ScriptedLine(Answer(200))
    run_until_all_is_sent(make_worker(database, line), database, 5)
    assert states(database) == {OutboxState.SENT: 5}
    assert len(line.pushes) == 5


def run_until_all_is_sent(at_work: Worker[LinePort], database: Database, messages: int) -> None:
    thread = threading.Thread(target=at_work.run)
    thread.start()
    until = time.monotonic() + 20
    while states(database)[OutboxState.SENT] < messages and time.monotonic() < until:
        time.sleep(0.01)
    at_work.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_a_worker_waits_for_what_all_messages_need_and_then_sends_everything_once(
    database: FlakyDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "TROUBLE_PAUSE_SECONDS", 0.01)
    queue(database, *(message(person) for person in settle_people(database, 5)))
    faults = [KeyError("U1"), ValueError("window"), KeyError("U1")]

    class FlakyFreezer(PlainFreezer):
        def prepare(self, _session: Session, _rows: Sequence[Claimed], _now: Now) -> None:
            if faults:
                raise faults.pop()

    line = ScriptedLine(Answer(200))
    with capture_logs() as logs:
        run_until_all_is_sent(make_worker(database, line, FlakyFreezer()), database, 5)
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["messages_not_prepared"] * 3
    assert len(line.pushes) == 5


def test_a_drain_without_its_database_fails_loudly(database: FlakyDatabase) -> None:
    database.refusals = 1
    with pytest.raises(OperationalError):
        make_worker(database, ScriptedLine(Answer(200))).run(drain=True)


def test_a_worker_that_is_stopped_before_it_runs_does_nothing(database: FlakyDatabase) -> None:
    queue(database, *(message(person) for person in settle_people(database, 1)))
    line = ScriptedLine(Answer(200))
    stopped = make_worker(database, line)
    stopped.stop()
    stopped.run()
    assert line.pushes == []
