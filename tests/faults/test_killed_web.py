"""kill -9 of a web process after its 200, at every point: a worker finishes the event, its effect happens once."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.attachments import FETCHING_LEASE
from bot.handling import LEASE
from bot.inbox_keeper import InboxKeeper
from storage.tables import Circular, CircularFile, Conversation, InboxEvent
from storage.tables.conversations import InboxState
from tests.chatting import Chatter, Web, web_of
from tests.circular_files import letter_pdf
from tests.office import Bot, labour
from tests.processes import child_environment, python
from tests.sending import CHANNEL

__all__ = ["labour"]

SCRIPT = Path(__file__).with_name("web_that_dies.py")
QUESTION = "ไตรมาสนี้โครงการไหนยังไม่รายงาน"


@contextmanager
def deadly_web(bot: Bot, web: Web, point: str) -> Iterator[tuple[subprocess.Popen[str], Web]]:
    """Run a web process that dies at ``point``, and give a door to it."""
    words = [str(SCRIPT), bot.url, web.line.origin, CHANNEL.channel_id, CHANNEL.channel_secret, point]
    with subprocess.Popen(
        python(*words, bot.at.isoformat()), env=child_environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, Web(web.line, web.clock, web.conversations, process.stdout.readline().strip())
        finally:
            process.kill()


@pytest.mark.parametrize("point", ("before handling", "before effects are committed", "before reply", "after reply"))
def test_what_a_killed_web_process_left_is_finished_by_a_worker_with_one_effect(labour: Bot, point: str) -> None:
    web = web_of(labour)
    officer = Chatter(labour, "P00017")
    event = web.text(officer.account, QUESTION)
    with deadly_web(labour, web, point) as (process, door):
        assert deliver(door, event) in {200, 0}
        assert process.wait(30) == -signal.SIGKILL
    assert stored(labour) == [InboxState.ANSWERING if "reply" in point else InboxState.WORKING]
    assert web.deliver(event) == 200  # LINE delivers it once more
    web.settle()
    keeper = InboxKeeper(labour.database, web.conversations, web.clock)
    assert keeper.take() == 0  # the dead still holds it
    web.clock.ahead = timedelta(seconds=31)
    keeper.drain()
    labour.send()
    assert stored(labour) == [InboxState.DONE]
    assert len(labour.phone("P00017")) == 1
    assert officer.says("หน้าถัดไป").text
    with labour.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 1


@pytest.mark.parametrize("point", ("while a file is fetched", "before effects are committed"))
def test_a_file_that_a_killed_web_process_was_fetching_is_in_one_draft_once(labour: Bot, point: str) -> None:
    web = web_of(labour)
    coordinator = Chatter(labour, "P00003")
    event = web.file(coordinator.account, "กำหนดการ.pdf", letter_pdf())
    with deadly_web(labour, web, point) as (process, door):
        assert deliver(door, event) in {200, 0}
        assert process.wait(30) == -signal.SIGKILL
    assert stored(labour) == [InboxState.WORKING]
    keeper = InboxKeeper(labour.database, web.conversations, web.clock)
    web.clock.ahead = LEASE + timedelta(seconds=1)
    assert keeper.take() == 0  # fetching takes longer than answering
    web.clock.ahead = FETCHING_LEASE + timedelta(seconds=1)
    keeper.drain()
    labour.send()
    assert stored(labour) == [InboxState.DONE]
    assert len(labour.phone("P00003")) == 1
    with labour.database.read() as session:
        assert session.scalars(select(Circular.subject)).all() == ["กำหนดการ"]
        assert session.scalar(select(func.count()).select_from(CircularFile)) == 1


def deliver(door: Web, event: dict[str, object]) -> int:
    """Return the status, or 0 when the process died so soon that its 200 was lost on the way."""
    try:
        return door.deliver(event)
    except (ConnectionError, HTTPException):
        return 0


def stored(bot: Bot) -> list[InboxState]:
    with bot.database.read() as session:
        return list(session.scalars(select(InboxEvent.state).order_by(InboxEvent.id)))
