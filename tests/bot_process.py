"""The bot as its operators run it: commands in processes of their own, with settings of the test's choice."""

import json
import re
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.settings import Settings
from tests.processes import child_environment, python

THAI = re.compile("[\u0e00-\u0e7f]")
SETTING_NAMES = frozenset(name.upper() for name in Settings.model_fields)


def run_bot(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command in ``folder`` to its end."""
    return subprocess.run(
        python("-m", "bot", *arguments),
        cwd=folder, env=child_environment(**settings), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@contextmanager
def running_bot(folder: Path, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command that goes on until a signal; whatever the test leaves of it is killed. Its logs are in ``log``."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            python("-m", "bot", *arguments),
            cwd=folder, env=child_environment(**settings), stdout=subprocess.PIPE, stderr=log, text=True,
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
