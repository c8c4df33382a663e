"""A JPEG without what was written beside its picture, its pixels untouched (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN, _COMMENT = 0xDA, 0xFE
_APPLICATIONS = range(0xE0, 0xF0)
_NEEDED = {0xE0, 0xEE}
"""JFIF, and Adobe's, which says how the colours are meant."""
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""What ends the data of a scan."""


class BrokenJpeg(Exception):
    """The bytes are not a JPEG."""


class _Segment(NamedTuple):
    marker: int
    content: bytes


def without_metadata(jpeg: bytes) -> bytes:
    """Return the same picture without EXIF, XMP, IPTC, comments, previews, and whatever follows its end.

    Raises:
        BrokenJpeg: it cannot be read.
    """
    kept = [s.content for s in _segments(jpeg) if s.marker in _NEEDED or s.marker not in (*_APPLICATIONS, _COMMENT)]
    return b"".join((_START, *kept, _END))


def _segments(jpeg: bytes) -> Iterator[_Segment]:
    """Yield the segments between start and end, each scan with its data; a missing end is none to a reader either."""
    if not jpeg.startswith(_START):
        raise BrokenJpeg
    at = 2
    while at < len(jpeg) and jpeg[at : at + 2] != _END:
        if jpeg[at] != 0xFF or at + 4 > len(jpeg):
            raise BrokenJpeg
        if jpeg[at + 1] == 0xFF:  # fills up
            at += 1
            continue
        marker, end = jpeg[at + 1], at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        if marker == _SCAN:
            following = _MARKER.search(jpeg, end)
            end = following.start() if following else len(jpeg)
        yield _Segment(marker, jpeg[at:end])
        at = end
