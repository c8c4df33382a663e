"""The bot as its operators run it: commands in processes of their own, with an environment of the test's choice."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.settings import Settings

ROOT = Path(__file__).parents[1]
THAI = re.compile("[\u0e00-\u0e7f]")
SETTING_NAMES = frozenset(name.upper() for name in Settings.model_fields)
PATIENCE_SECONDS = 20.0


def environment(**settings: str) -> dict[str, str]:
    """The environment of this process with these settings and no other ones."""
    inherited = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in SETTING_NAMES}
    return inherited | {"PYTHONPATH": str(ROOT)} | settings


def run_bot(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command in ``folder`` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder, env=environment(**settings), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@contextmanager
def running_bot(folder: Path, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command that goes on until a signal; whatever the test leaves of it is killed. Its logs are in ``log``."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=folder, env=environment(**settings), stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


def ends_on(process: subprocess.Popen[str], number: signal.Signals, within: float = 10.0) -> int:
    """Send a signal and return the exit code."""
    process.send_signal(number)
    return process.wait(within)


def children(pid: int) -> list[int]:
    """The processes that a process started and that have not ended."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for child in map(int, listed) if is_running(child)]


def is_running(pid: int) -> bool:
    """Whether a process exists and did not end; one that ended may still wait for its parent to look."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(true: Callable[[], Any], what: str = "") -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"it never came true: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as asker:
        asker.bind(("127.0.0.1", 0))
        port: int = asker.getsockname()[1]
        return port


def fetch(url: str, method: str = "GET") -> tuple[int, str]:
    """Status and body of an HTTP answer; status 0 when nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except (urllib.error.URLError, ConnectionError):
        return 0, ""


def readiness(origin: str) -> tuple[int, Mapping[str, Any]]:
    """What ``/readyz`` says."""
    status, body = fetch(f"{origin}/readyz")
    return status, json.loads(body or "{}")
