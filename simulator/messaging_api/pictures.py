"""Size of a PNG or JPEG, read from its header."""

import struct

PNG, JPEG = "image/png", "image/jpeg"

_PNG_START = b"\x89PNG\r\n\x1a\n"
_JPEG_START = b"\xff\xd8\xff"
# Markers of a frame header (ITU T.81, table B.1): C0 to CF without DHT, JPG and DAC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class NotAPicture(Exception):
    """The bytes are no PNG or JPEG."""


def dimensions(picture: bytes) -> tuple[str, int, int]:
    """Media type, width and height.

    Raises:
        NotAPicture: The bytes are neither, or end within the header.
    """
    try:
        if picture.startswith(_PNG_START) and picture[12:16] == b"IHDR":
            return PNG, *struct.unpack_from(">II", picture, 16)
        if picture.startswith(_JPEG_START):
            return JPEG, *_jpeg_size(picture)
    except struct.error:
        raise NotAPicture from None
    raise NotAPicture


def _jpeg_size(picture: bytes) -> tuple[int, int]:
    """Width and height from the first frame header; segments before it are skipped by their length."""
    at = 2
    while True:
        start, marker, length = struct.unpack_from(">BBH", picture, at)
        if start != 0xFF:
            raise NotAPicture
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", picture, at + 5)
            return width, height
        at += 2 + length
