"""The process that cleans one file: reads it from standard input, writes what ``apart`` reads to standard output."""

from __future__ import annotations

import json
import resource
import sys

MOST_MEMORY = 1024 * 1024 * 1024
"""Of address space, in bytes: a photo of 50 million pixels takes a third of it."""
MOST_SECONDS = 20
"""Of processor time."""


def main() -> None:
    """Clean the file, within bounds that no honest file reaches."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    from domain.evidence import EvidenceRefused  # noqa: PLC0415 - only now, within the bounds
    from storage.evidence_cleaning.cleaning import cleaned  # noqa: PLC0415

    try:
        found = cleaned(sys.stdin.buffer.read())
    except EvidenceRefused as refused:
        _write({"fault": refused.fault})
        return
    thumbnail = found.thumbnail or b""
    _write({"kind": found.kind, "thumbnail": len(thumbnail)}, thumbnail, found.content)


def _write(head: dict[str, object], *parts: bytes) -> None:
    for part in (json.dumps(head).encode(), b"\n", *parts):
        sys.stdout.buffer.write(part)


if __name__ == "__main__":
    main()
