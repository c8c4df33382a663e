"""kill -9 of a worker that sends a circular, at every point of its work: each person gets it exactly once."""

import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.circulars.life import CircularState
from scheduler.sender import DEFAULT_PACE
from storage.database import Database
from storage.tables.messaging import OutboxState
from tests.multicasting import circular_of, multicast_to, recipient_states, release, settle_many
from tests.processes import ROOT, child_environment, python
from tests.sending import CHANNEL, MORNING, HandClock, line_id, line_on_loopback

SCRIPT = Path(__file__).with_name("sender_that_dies.py")
MULTICAST = "/v2/bot/message/multicast"
PEOPLE = 1_700
UNLINKED = range(0, PEOPLE, 34)


@pytest.mark.parametrize(
    "point", ("before claim", "after claim", "after line accepted", "before mark", "before marks are committed")
)
def test_each_person_gets_a_circular_exactly_once_wherever_the_worker_is_killed(
    database: Database, database_url: str, point: str
) -> None:
    circular = release(database, settle_many(database, PEOPLE, unlinked=UNLINKED))
    with line_on_loopback(phones=PEOPLE) as line:
        command = python(str(SCRIPT), database_url, line.origin, CHANNEL.channel_id, CHANNEL.channel_secret)
        at_work = subprocess.Popen([*command, point, MORNING.isoformat()], cwd=ROOT, env=child_environment())
        with at_work:
            assert at_work.wait(30) == -signal.SIGKILL
        assert circular_of(database, circular).state is not CircularState.SENT
        multicast_to(database, line, HandClock(real=datetime.now(UTC) + DEFAULT_PACE.lease))
        reached = {line_id(number): 1 for number in range(PEOPLE) if number not in UNLINKED}
        assert line.received() == reached
        calls = [call for call in line.platform.calls() if call.path == MULTICAST]
        assert [call.status for call in calls].count(200) == 4
        keys = {call.retry_key: call.body["to"] for call in calls}
        assert all(call.body["to"] == keys[call.retry_key] for call in calls)
    skipped = len(UNLINKED)
    assert recipient_states(database, circular) == {OutboxState.SENT: PEOPLE - skipped, OutboxState.SKIPPED: skipped}
    assert circular_of(database, circular).state is CircularState.SENT
