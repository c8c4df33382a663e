"""The demo as somebody runs it in a terminal."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

from bot.demo.line import free_port
from bot.demo.ministry import line_user_id
from tests.processes import child_environment, children, python

OF_A_BOT_OF_ONES_OWN = {"http_proxy": "http://127.0.0.1:9", "SECRET_KEY_FILE": "/nowhere", "LIFF_ID": "1-a"}
"""What somebody has set who runs the demo: for another bot, for an office's proxy."""
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass
class RunningDemo:
    """A demo that was started."""

    process: subprocess.Popen[str]

    def told(self, last: str = "Ctrl-C") -> str:
        """Return what it says till the line with these words."""
        assert self.process.stdout is not None
        lines: list[str] = []
        while not lines or last not in lines[-1]:
            lines.append(self.process.stdout.readline())
            assert lines[-1], f"it ended after {lines}"
        return "".join(lines)

    def opens(self) -> str:
        """Wait until it can be visited, and return the address of its page."""
        found = _ADDRESS.search(self.told())
        assert found
        return found[0]

    def children(self) -> list[int]:
        """Return its processes that still run."""
        return children(self.process.pid)


@contextmanager
def demo(*arguments: str) -> Iterator[RunningDemo]:
    """Run the demo on a free port unless told which, and leave nothing of it behind even when the test fails."""
    chosen = arguments if "--port" in arguments else (*arguments, "--port", str(free_port()))
    with TemporaryDirectory() as folder:
        Path(folder, ".env").write_text("APP_ENV=production\n")
        process = subprocess.Popen(
            python("-m", "bot.demo", *chosen),
            cwd=folder, env=child_environment(TMPDIR=folder, **OF_A_BOT_OF_ONES_OWN),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            yield RunningDemo(process)
        finally:
            left = children(process.pid)
            process.kill()
            for pid in left:
                with suppress(ProcessLookupError):  # it has ended meanwhile
                    os.kill(pid, signal.SIGKILL)
            process.communicate()


def messages(address: str, person: str) -> list[Any]:
    """Return what arrived on a person's phone."""
    with urlopen(f"{address}/sim/people/{line_user_id(person)}/messages", timeout=5) as answer:
        found: list[Any] = json.load(answer)
        return found
