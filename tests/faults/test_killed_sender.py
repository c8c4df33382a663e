"""kill -9 of a sender at every point of its work: LINE accepts each message exactly once (architecture.md §3, 3)."""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.notices import NoticeFreezer
from scheduler.sender import DEFAULT_PACE
from storage.database import Database
from storage.tables import OutboxMessage, Person, ReminderOccurrence
from storage.tables.messaging import OutboxState
from tests.office import Bot, labour, line_id_of, steps
from tests.processes import ROOT, child_environment, python
from tests.sending import (
    CHANNEL,
    PUSH,
    HandClock,
    Line,
    drain_to,
    line_id,
    line_on_loopback,
    message,
    queue,
    settle_people,
    states,
)

__all__ = ["labour"]

SCRIPT = Path(__file__).with_name("sender_that_dies.py")
PEOPLE = 12
LINKED = ("P00003", "P00005", "P00009", "P00010", "P00015", "P00033", "P00034")
"""Of the sample ministry; each has something to do on its last day."""


@pytest.fixture
def line() -> Iterator[Line]:
    with line_on_loopback(phones=PEOPLE) as line:
        yield line


def start_sender(url: str, line: Line, point: str, *at: str) -> subprocess.Popen[bytes]:
    command = python(str(SCRIPT), url, line.origin, CHANNEL.channel_id, CHANNEL.channel_secret, point, *at)
    return subprocess.Popen(command, cwd=ROOT, env=child_environment(), stdout=subprocess.DEVNULL)


@pytest.mark.parametrize(
    "point", ("before claim", "after claim", "after line accepted", "before mark", "before marks are committed")
)
def test_line_accepts_each_message_exactly_once_wherever_the_sender_is_killed(
    database: Database, database_url: str, line: Line, point: str
) -> None:
    queue(database, *(message(person) for person in settle_people(database, PEOPLE)))
    with start_sender(database_url, line, point) as sender:
        assert sender.wait(30) == -signal.SIGKILL
    assert states(database)[OutboxState.SENT] < PEOPLE
    drain_to(database, line, HandClock(real=datetime.now(UTC) + DEFAULT_PACE.lease))
    assert states(database) == {OutboxState.SENT: PEOPLE}
    assert line.received() == {line_id(number): 1 for number in range(PEOPLE)}
    assert line.pushes().count(200) == PEOPLE
    tries = Counter(call.retry_key for call in line.platform.calls() if call.path == PUSH)
    assert len(tries) == PEOPLE
    assert set(tries.values()) <= {1, 2}
    if point in {"after line accepted", "before mark", "before marks are committed"}:
        assert line.pushes().count(409) >= 1


@pytest.mark.parametrize("point", ("after claim", "after line accepted", "before marks are committed"))
def test_each_digest_arrives_once_and_stands_in_the_ledger_once_wherever_the_sender_is_killed(
    labour: Bot, line: Line, point: str
) -> None:
    labour.line = line
    labour.link(*LINKED)
    queued = labour.remind()
    with start_sender(labour.url, line, point, labour.at.isoformat()) as sender:
        assert sender.wait(30) == -signal.SIGKILL
    after_lease = HandClock(labour.at, datetime.now(UTC) + DEFAULT_PACE.lease)
    drain_to(labour.database, line, after_lease, freezer=NoticeFreezer())
    assert line.received() == {line_id_of(person): 1 for person in LINKED}
    assert line.pushes().count(200) == len(LINKED)
    assert ledger(labour) == {
        person: sorted((kind, quarter, stage, step) for kind, stage, quarter, step, _ in steps(queued[person]))
        for person in LINKED
    }
    assert labour.remind() == {}


def ledger(bot: Bot) -> dict[str, list[tuple[str, int | None, str, str]]]:
    """Return the occurrences that were sent to each person."""
    row = ReminderOccurrence
    query = (
        select(Person.code, row.kind, row.quarter, row.stage, row.step)
        .join(OutboxMessage, OutboxMessage.id == row.outbox_id)
        .join(Person, Person.id == row.person_id)
        .where(OutboxMessage.state == OutboxState.SENT)
    )
    found: dict[str, list[tuple[str, int | None, str, str]]] = {}
    with bot.database.read() as session:
        for person, kind, quarter, stage, step in session.execute(query):
            found.setdefault(person, []).append((kind, quarter, stage, step))
    return {person: sorted(occurrences) for person, occurrences in found.items()}


@pytest.mark.parametrize("number", (signal.SIGTERM, signal.SIGINT))
def test_a_signal_ends_a_sender_in_good_order(sqlite_url: str, line: Line, number: signal.Signals) -> None:
    database = Database(sqlite_url)
    people = settle_people(database, PEOPLE)
    line.fault("slow", seconds=0.2)
    queue(database, *(message(person) for person in people))
    with start_sender(sqlite_url, line, "at work") as sender:
        until = time.monotonic() + 20
        while not line.pushes() and time.monotonic() < until:
            time.sleep(0.01)
        sender.send_signal(number)
        assert sender.wait(10) == 0
    counted = states(database)
    database.dispose()
    assert set(counted) <= {OutboxState.SENT, OutboxState.DUE}
    assert counted[OutboxState.SENT] == sum(line.received().values()) >= 1
