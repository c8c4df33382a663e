"""How long a newcomer waits from ``git clone`` and ``make demo`` to the first digest on a phone; pip has its cache."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bot.demo.line import free_port
from bot.settings import Settings
from tests.processes import ROOT

LIMIT = 120.0
_LOOK_SECONDS = 0.2


def run() -> None:
    """Print the figures. What is cloned is the newest commit; pip's own cache is used as it stands."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        begun = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        _make(clone, ".venv/.run")
        installed = time.monotonic() - begun
        address = f"http://127.0.0.1:{(port := free_port())}"
        demo = subprocess.Popen(
            ["make", "--silent", "demo", f"ARGS=--port {port}"],
            cwd=clone, env=_environment(), stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            while not _digests(address):
                assert demo.poll() is None, "the demo ended"
                time.sleep(_LOOK_SECONDS)
            total = time.monotonic() - begun
        finally:
            os.killpg(demo.pid, signal.SIGINT)
            demo.wait()
    print(
        f"clone and install {installed:.1f} s, then the first digest after {total - installed:.1f} s: "
        f"{total:.1f} s = {total / LIMIT:.2f} × the limit of {LIMIT:g} s"
    )


def _make(clone: Path, target: str) -> None:
    subprocess.run(["make", "--silent", target], cwd=clone, env=_environment(), check=True)


def _environment() -> Mapping[str, str]:
    """Return this environment without what it may say of a bot."""
    return {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}


def _digests(address: str) -> bool:
    """Tell whether anything has arrived on a phone."""
    return any(call["path"].startswith("/v2/bot/message/") for call in _get(f"{address}/sim/calls"))


def _get(url: str) -> list[Any]:
    try:
        with urlopen(url, timeout=5) as answer:
            found: list[Any] = json.load(answer)
            return found
    except OSError:
        return []
