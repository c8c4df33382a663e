"""The process that reads one file: takes it from standard input, writes what ``apart`` reads to standard output."""

from __future__ import annotations

import json
import resource
import sys

MOST_MEMORY = 1024 * 1024 * 1024
"""Of address space, in bytes: a photo of 50 million pixels takes a third of it."""
MOST_SECONDS = 20
"""Of processor time."""


def main() -> None:
    """Do what the first argument says with the file, within bounds that no honest file reaches."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    from storage.untrusted_files.kinds import Task  # noqa: PLC0415 - only now, within the bounds

    tasks = {Task.CLEAN: _clean, Task.CHECK_LETTER: _check_letter}
    tasks[Task(sys.argv[1])](sys.stdin.buffer.read())


def _clean(content: bytes) -> None:
    from domain.evidence import EvidenceRefused  # noqa: PLC0415
    from storage.untrusted_files.cleaning import cleaned  # noqa: PLC0415

    try:
        found = cleaned(content)
    except EvidenceRefused as refused:
        _write({"fault": refused.fault})
        return
    thumbnail = found.thumbnail or b""
    _write({"kind": found.kind, "thumbnail": len(thumbnail)}, thumbnail, found.content)


def _check_letter(content: bytes) -> None:
    from domain.circulars.letters import LetterRefused  # noqa: PLC0415
    from storage.untrusted_files.letters import check_letter  # noqa: PLC0415

    try:
        check_letter(content)
    except LetterRefused as refused:
        _write({"fault": refused.fault})
        return
    _write({})


def _write(head: dict[str, object], *parts: bytes) -> None:
    for part in (json.dumps(head).encode(), b"\n", *parts):
        sys.stdout.buffer.write(part)


if __name__ == "__main__":
    main()
