"""Cleans files in a process of their own: what a hostile one breaks is that process, which knows no secret of ours."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import structlog

from domain.evidence import EvidenceFault, EvidenceRefused
from storage.evidence_cleaning.kinds import Cleaned, Kind

COMMAND = [sys.executable, "-m", "storage.evidence_cleaning"]
TIME_LIMIT = 40.0
"""Seconds by the clock on the wall, on a machine that is busy with other things."""
PATIENCE = 20.0
"""Seconds for which a file waits for its turn."""
MOST_AT_ONCE = 4
"""Files that are cleaned or wait for it: each takes a thread of the web process, and LINE's webhook needs some, too."""
_ROOT = Path(__file__).parents[2]
one_at_a_time = threading.Lock()
waiting_room = threading.BoundedSemaphore(MOST_AT_ONCE)
_log = structlog.get_logger()


class CleaningBusy(Exception):
    """Too many files came at once; the same one may be sent again in a moment."""


def cleaned_apart(content: bytes) -> Cleaned:
    """Return what ``cleaning.cleaned`` makes of a file; one file at a time in each of our processes.

    Raises:
        EvidenceRefused: as ``cleaned``, or nothing came of it within the bounds of time and memory.
        CleaningBusy: others were before it for too long, or too many are.
    """
    if not waiting_room.acquire(blocking=False):
        raise CleaningBusy
    try:
        return _in_turn(content)
    finally:
        waiting_room.release()


def _in_turn(content: bytes) -> Cleaned:
    if not one_at_a_time.acquire(timeout=PATIENCE):
        raise CleaningBusy
    try:
        return _read(_run(content))
    finally:
        one_at_a_time.release()


def _run(content: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - no part of the command comes from outside
            COMMAND, input=content, capture_output=True, check=False, cwd=_ROOT, env={}, timeout=TIME_LIMIT
        )
    except subprocess.TimeoutExpired as error:
        raise EvidenceRefused(EvidenceFault.TOO_DEMANDING) from error
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        _log.warning("evidence_cleaning_died", returncode=done.returncode, error=last)
        raise EvidenceRefused(EvidenceFault.TOO_DEMANDING)
    return done.stdout


def _read(answer: bytes) -> Cleaned:
    head, _, rest = answer.partition(b"\n")
    told: dict[str, Any] = json.loads(head)
    if "fault" in told:
        raise EvidenceRefused(EvidenceFault(told["fault"]))
    size = int(told["thumbnail"])
    return Cleaned(rest[size:], Kind(told["kind"]), rest[:size] or None)
