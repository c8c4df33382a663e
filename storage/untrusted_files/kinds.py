"""What a file is, told by how its content begins, and what becomes of it; what it is called plays no part."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.evidence import EvidenceFault, EvidenceRefused

_APPLE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


class Task(StrEnum):
    """What a process of its own does with a file (``apart``)."""

    CLEAN = "clean"
    CHECK_LETTER = "check_letter"


class Kind(StrEnum):
    """Kinds of files that are taken, by media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file as it is kept: a JPEG, a PNG, or a PDF. ``thumbnail`` is a small JPEG; a PDF has none."""

    content: bytes
    kind: Kind
    thumbnail: bytes | None = None


@dataclass(frozen=True, slots=True)
class CheckedLetter:
    """A PDF as it was handed in, byte by byte, in which nothing was found that acts (``letters.check_letter``)."""

    content: bytes


def kind_of(content: bytes) -> Kind:
    """Return what the content begins as.

    Raises:
        EvidenceRefused: as nothing that is taken.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Kind.WEBP
    if content.startswith(b"%PDF-"):
        return Kind.PDF
    if content[4:8] == b"ftyp" and content[8:12] in _APPLE_BRANDS:
        raise EvidenceRefused(EvidenceFault.HEIC)
    raise EvidenceRefused(EvidenceFault.UNKNOWN_KIND)
