"""Processes that tests start, and waiting for what they do."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[1]

_Found = TypeVar("_Found")
_PARENT, _STARTED = 1, 19
"""Where a process's parent and the moment of its start stand behind its name in ``/proc/<pid>/stat`` (proc(5))."""


def python(*arguments: str) -> list[str]:
    """Return the command line of this Python."""
    return [sys.executable, *arguments]


def child_environment(**settings: str) -> dict[str, str]:
    """Return the environment of a process of ours, free of what this run's own environment may set."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}


def wait_for(look: Callable[[], _Found], seconds: float, what: str) -> _Found:
    """Look again and again until there is something, and return it; fail when there is nothing in time."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"{what}: nothing within {seconds} s"
        time.sleep(0.02)
    return found


def children(pid: int) -> list[int]:
    """Return the processes that a process started and that still run, oldest first."""
    found = {stat.parent.name: _facts(stat) for stat in Path("/proc").glob("[0-9]*/stat")}
    own = [child for child, facts in found.items() if facts[_PARENT : _PARENT + 1] == [str(pid)]]
    oldest_first = sorted(own, key=lambda child: int(found[child][_STARTED]))  # numbers of processes begin anew
    return [int(child) for child in oldest_first if is_running(int(child))]


def is_running(pid: int) -> bool:
    """Tell whether a process exists and did not end; one that ended may still wait for its parent to look."""
    return _facts(Path(f"/proc/{pid}/stat"))[:1] not in ([], ["Z"])


def _facts(stat: Path) -> list[str]:
    """Return what the system knows of a process from its state on (proc(5)); nothing of one that is gone."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
