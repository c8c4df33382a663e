"""Photos and documents that prove a report: how many, how large, and why one is not taken."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from domain.errors import DomainError

MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024
"""Of one file as it is handed in."""
MOST_PIXELS = 50_000_000
"""Of a photo: phones make 12 to 50 million; a few kilobytes can claim thousands of millions."""
_LONGEST_NAME = 120
_LONGEST_ENDING = 10


class EvidenceFault(StrEnum):
    """Why a file is not taken; the message catalogue words it."""

    TOO_MANY = "too_many"
    """As many belong to it as may."""
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    UNKNOWN_KIND = "unknown_kind"
    """Its content is neither a photo nor a PDF, whatever it is called."""
    HEIC = "heic"
    """A photo as some phones keep it, which other devices cannot show."""
    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN_PICTURE = "broken_picture"
    BROKEN_DOCUMENT = "broken_document"
    LOCKED_DOCUMENT = "locked_document"
    """It is encrypted, with or without a password to open it."""
    TOO_DEMANDING = "too_demanding"
    """Reading it takes more time or memory than any honest file."""


class EvidenceRefused(DomainError):
    """A file is not taken as evidence."""

    def __init__(self, fault: EvidenceFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def display_name(given: str) -> str:
    """Return how a file's name is shown: without folders and invisible characters, at most 120 characters long.

    What turns the direction of writing goes, too, for it can make one ending look like another. A long name keeps its
    ending. "" where nothing is left.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    seen = "".join(" " if mark.isspace() else mark for mark in last if mark.isspace() or _is_seen(mark))
    name = " ".join(seen.split()).lstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if len(name) <= _LONGEST_NAME or not dot or len(ending) > _LONGEST_ENDING:
        return name[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(ending) - 2]}…{dot}{ending}"


def _is_seen(mark: str) -> bool:
    return unicodedata.category(mark) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
