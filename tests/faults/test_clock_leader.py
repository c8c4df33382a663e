"""Real clocks on one database: one leads, kill -9 hands the lead over, and every reminder is queued once."""

import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from bot.clock import FixedClock
from domain.submissions import SubmissionState
from scheduler.clock import Ticker
from storage import tables
from storage.tables.messaging import NoticeKind
from tests.office import Bot, labour
from tests.processes import ROOT, child_environment, python, wait_for

__all__ = ["labour"]

SCRIPT = Path(__file__).with_name("clock_that_tells.py")
CLUSTER_HEAD = "P00006"
"""Has nothing to decide until a report reaches the ministry."""
AT_AGENCY = "รง 0301-66-0001"
LONGEST_SECONDS = 120.0


@contextmanager
def clock(bot: Bot, what: str = "ticks") -> Iterator[subprocess.Popen[str]]:
    """Run a clock; one that says nothing for too long is killed, so that no test waits for ever."""
    command = python(str(SCRIPT), bot.url, bot.at.isoformat(), what)
    with subprocess.Popen(command, cwd=ROOT, env=child_environment(), stdout=subprocess.PIPE, text=True) as process:
        guard = threading.Timer(LONGEST_SECONDS, process.kill)
        guard.start()
        try:
            yield process
        finally:
            guard.cancel()
            process.kill()


def ticks(process: subprocess.Popen[str], number: int) -> list[str]:
    """Return what a clock says after each of its next ticks."""
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(number)]


def wait_until_it_leads(process: subprocess.Popen[str]) -> None:
    while (said := ticks(process, 1)) != ["leads"]:
        assert said == ["follows"], "the clock ended"


def reminders(bot: Bot) -> Counter[str]:
    """Return how many reminders each person has in the outbox."""
    row, person = tables.OutboxMessage, tables.Person
    query = select(person.code).join(row, row.person_id == person.id).where(row.kind == NoticeKind.REMINDER)
    with bot.database.read() as session:
        return Counter(session.scalars(query))


def expected(bot: Bot) -> Counter[str]:
    return Counter(reminder["person"] for reminder in bot.json("remind", "--dry-run"))


def test_when_the_leading_clock_is_killed_the_other_takes_over_and_repeats_nothing(labour: Bot) -> None:
    due = expected(labour)
    with clock(labour) as first, clock(labour) as second:
        said = {process: set(ticks(process, 3)) for process in (first, second)}
        assert sorted(said.values(), key=sorted) == [{"follows"}, {"leads"}]
        assert reminders(labour) == due
        leader, follower = sorted(said, key=lambda process: said[process] == {"follows"})
        leader.kill()
        assert leader.wait(10) == -signal.SIGKILL
        wait_until_it_leads(follower)
        assert reminders(labour) == due
        labour.report(AT_AGENCY, SubmissionState.PENDING_APPROVAL, step=3, arrived_at=labour.at)
        new = due + Counter([CLUSTER_HEAD])
        wait_for(lambda: reminders(labour) == new, 10, "the reminder of what reached the ministry since")
        follower.send_signal(signal.SIGTERM)
        assert follower.wait(10) == 0


def test_a_clock_that_dies_while_it_queues_leaves_nothing_half_and_the_next_one_queues_it_all(labour: Bot) -> None:
    due = expected(labour)
    with clock(labour, "dies while it queues") as dying:
        assert dying.wait(LONGEST_SECONDS) == -signal.SIGKILL
    assert reminders(labour) == Counter()
    assert labour.row_counts()["reminder_occurrences"] == 0
    ticker = Ticker(labour.database, FixedClock(labour.at))
    assert ticker.tick()
    ticker.close()
    assert reminders(labour) == due
