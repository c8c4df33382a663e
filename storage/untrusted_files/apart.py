"""Reads files in a process of their own: what a hostile one breaks is that process, which knows no secret of ours."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from domain.circulars.letters import LetterFault, LetterRefused
from domain.evidence import EvidenceFault, EvidenceRefused
from storage.untrusted_files.kinds import CheckedLetter, Cleaned, Kind, Task

COMMAND = [sys.executable, "-m", "storage.untrusted_files"]
TIME_LIMIT = 40.0
"""Seconds by the clock on the wall, on a machine that is busy with other things."""
PATIENCE = 20.0
"""Seconds for which a file waits for its turn."""
MOST_AT_ONCE = 4
"""Files that are read or wait for it: each takes a thread of the web process, and LINE's webhook needs some, too."""
_ROOT = Path(__file__).parents[2]
one_at_a_time = threading.Lock()
waiting_room = threading.BoundedSemaphore(MOST_AT_ONCE)
_log = structlog.get_logger()


class ReadingBusy(Exception):
    """Too many files came at once; the same one may be sent again in a moment."""


class _NothingCame(Exception):
    """That process died, or was ended for what it took."""


class _Told(NamedTuple):
    head: dict[str, Any]
    rest: bytes


def cleaned_apart(content: bytes) -> Cleaned:
    """Return what ``cleaning.cleaned`` makes of a file; one file at a time in each of our processes.

    Raises:
        EvidenceRefused: as ``cleaned``, or nothing came of it within the bounds of time and memory.
        ReadingBusy: others were before it for too long, or too many are.
    """
    try:
        told = _told(Task.CLEAN, content)
    except _NothingCame as error:
        raise EvidenceRefused(EvidenceFault.TOO_DEMANDING) from error
    if "fault" in told.head:
        raise EvidenceRefused(EvidenceFault(told.head["fault"]))
    size = int(told.head["thumbnail"])
    return Cleaned(told.rest[size:], Kind(told.head["kind"]), told.rest[:size] or None)


def checked_apart(content: bytes) -> CheckedLetter:
    """Return a PDF as it is, once ``letters.check_letter`` found nothing in it; one file at a time, as above.

    Raises:
        LetterRefused: as ``check_letter``, or nothing came of it within the bounds of time and memory.
        ReadingBusy: others were before it for too long, or too many are.
    """
    try:
        told = _told(Task.CHECK_LETTER, content)
    except _NothingCame as error:
        raise LetterRefused(LetterFault.TOO_DEMANDING) from error
    if "fault" in told.head:
        raise LetterRefused(LetterFault(told.head["fault"]))
    return CheckedLetter(content)


def _told(task: Task, content: bytes) -> _Told:
    if not waiting_room.acquire(blocking=False):
        raise ReadingBusy
    try:
        return _in_turn(task, content)
    finally:
        waiting_room.release()


def _in_turn(task: Task, content: bytes) -> _Told:
    if not one_at_a_time.acquire(timeout=PATIENCE):
        raise ReadingBusy
    try:
        head, _, rest = _run(task, content).partition(b"\n")
        return _Told(json.loads(head), rest)
    finally:
        one_at_a_time.release()


def _run(task: Task, content: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - no part of the command comes from outside
            [*COMMAND, task], input=content, capture_output=True, check=False, cwd=_ROOT, env={}, timeout=TIME_LIMIT
        )
    except subprocess.TimeoutExpired as error:
        raise _NothingCame from error
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        _log.warning("untrusted_file_not_read", task=task, returncode=done.returncode, error=last)
        raise _NothingCame
    return done.stdout
