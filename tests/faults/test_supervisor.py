"""The supervisor: whatever dies comes back, and when it ends nothing stays behind."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.demo.line import free_port
from tests.bot_process import ends_on, readiness, running_bot
from tests.processes import child_environment, children, is_running, python, wait_for
from tests.sending import CHANNEL, line_on_loopback

PROGRAM = """
import sys
import structlog
from bot import supervisor
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
supervisor.RESTART_PAUSE_SECONDS, supervisor.GRACE_SECONDS = float(sys.argv[1]), 0.5
python = [sys.executable, "-S", "-E", "-c"]
plain = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + plain
commands = {
    "plain": [*python, plain],
    "other": [*python, stubborn if "stubborn" in sys.argv else plain],
    "missing": ["/no/such/program"],
}
if "missing" not in sys.argv:
    del commands["missing"]
supervisor.Supervisor(commands).run()
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where a supervisor's standard error goes."""
    return tmp_path / "log"


def start(log: Path, pause: float, *kinds: str) -> subprocess.Popen[str]:
    with log.open("w") as stderr:
        return subprocess.Popen(
            python("-c", PROGRAM, str(pause), *kinds),
            env=child_environment(), stdout=subprocess.PIPE, stderr=stderr, text=True,
        )  # fmt: skip


@contextmanager
def supervisor(log: Path, pause: float, *kinds: str) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """A supervisor of two programs, and their process ids, which they print when they are up."""
    process = start(log, pause, *kinds)
    pids = [process.pid]
    try:
        assert process.stdout is not None
        pids += [int(process.stdout.readline()) for _ in range(2)]
        yield process, pids[1], pids[2]
    finally:
        for pid in filter(is_running, pids):
            os.kill(pid, signal.SIGKILL)
        process.communicate()


def test_a_killed_child_is_started_again_and_sigterm_ends_all(log: Path) -> None:
    with supervisor(log, 0.05) as (at_work, first, second):
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: not is_running(first) and len(children(at_work.pid)) == 2, 20, "another in its place")
        now = children(at_work.pid)
        assert second in now
        assert ends_on(at_work, signal.SIGTERM) == 0
        assert not any(map(is_running, now))


def test_a_stop_while_a_restart_is_due_leaves_nobody_behind(log: Path) -> None:
    with supervisor(log, 60) as (at_work, first, second):
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: "process_ended" in log.read_text(), 20, "the supervisor saw it")
        assert ends_on(at_work, signal.SIGTERM) == 0
        assert not is_running(second)


@pytest.mark.parametrize("number", (signal.SIGTERM, signal.SIGINT))
def test_a_child_that_does_not_listen_is_killed_in_the_end(log: Path, number: signal.Signals) -> None:
    with supervisor(log, 60, "stubborn") as (at_work, first, second):
        assert ends_on(at_work, number) == 0
        assert not is_running(first)
        assert not is_running(second)


def test_a_program_that_cannot_be_started_takes_the_others_with_it(log: Path) -> None:
    ended = start(log, 60, "stubborn", "missing")
    ended.communicate(timeout=10)  # to the end of standard output, which nobody holds any longer
    assert ended.returncode == 1
    assert "FileNotFoundError" in log.read_text()


def test_the_whole_bot_in_one_command_heals_itself_and_ends_together(tmp_path: Path, sqlite_url: str) -> None:
    port = free_port()
    with line_on_loopback(phones=1) as line:
        settings = {
            "DATABASE_URL": sqlite_url, "PORT": str(port), "WEB_CONCURRENCY": "1", "LINE_API_BASE": line.origin,
            "LINE_CHANNEL_ID": CHANNEL.channel_id, "LINE_CHANNEL_SECRET": CHANNEL.channel_secret,
        }  # fmt: skip
        with running_bot(tmp_path, "run", **settings) as bot:
            wait_for(
                lambda: readiness(f"http://127.0.0.1:{port}")[0] == 200 and line.platform.calls(), 60, "all three work"
            )
            family = children(bot.pid)
            assert len(family) == 3
            os.kill(family[1], signal.SIGKILL)
            wait_for(lambda: len(set(children(bot.pid)) - {family[1]}) == 3, 20, "the worker is back")
            family = children(bot.pid)
            assert ends_on(bot, signal.SIGTERM, within=20) == 0
            assert [pid for pid in family if is_running(pid)] == []
    log = (tmp_path / "log").read_text()
    assert "process_ended" in log
    assert CHANNEL.channel_secret not in log
