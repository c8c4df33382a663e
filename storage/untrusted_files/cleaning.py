"""A file without personal data and without anything that acts; run it through ``apart``, for files may be hostile."""

from __future__ import annotations

from domain.evidence import MOST_BYTES, EvidenceFault, EvidenceRefused
from storage.untrusted_files.documents import cleaned_document
from storage.untrusted_files.kinds import Cleaned, Kind, kind_of
from storage.untrusted_files.pictures import cleaned_picture


def cleaned(content: bytes) -> Cleaned:
    """Return a file as it may be kept and shown to others.

    Photos are drawn anew: upright, at most 2,560 pixels long, with nothing but their pixels. PDFs lose their metadata
    and all that acts, leads elsewhere or is attached; their pages stay as they are.

    Raises:
        EvidenceRefused: it is empty, too large, of another kind, broken, locked, or out of all proportion.
    """
    check_size(len(content))
    kind = kind_of(content)
    return cleaned_document(content) if kind is Kind.PDF else cleaned_picture(content, kind)


def check_size(size: int) -> None:
    """Check that a file of so many bytes may be handed in.

    Raises:
        EvidenceRefused: not so.
    """
    if size == 0:
        raise EvidenceRefused(EvidenceFault.EMPTY)
    if size > MOST_BYTES:
        raise EvidenceRefused(EvidenceFault.TOO_LARGE)
