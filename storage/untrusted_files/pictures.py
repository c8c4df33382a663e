"""Photos without anything but their pixels: drawn anew, upright, and not larger than a screen shows."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageCms

from domain.evidence import MOST_BYTES, MOST_PIXELS, EvidenceFault, EvidenceRefused
from storage.untrusted_files.kinds import Cleaned, Kind

LONGEST_SIDE = 2_560
LONGEST_SIDE_OF_THUMBNAIL = 240
_MOST_SCANS = 100
"""Of a JPEG: real ones have about ten, and each goes over the whole picture again."""
_START_OF_SCAN = b"\xff\xda"
_HOW: Mapping[Kind, Mapping[str, Any]] = {Kind.JPEG: {"quality": 88, "optimize": True}, Kind.PNG: {}}
"""How it is written; squeezing a PNG harder takes ten times as long for a tenth of its size."""
_AS_IT_IS = 1
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned upright, by the orientation that its EXIF data give (EXIF 2.32, tag 274)."""
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)
"""What Pillow raises at files that are not what they claim to be."""


def cleaned_picture(content: bytes, kind: Kind) -> Cleaned:
    """Return a photo as it may be kept: a JPEG, or a PNG where it was one.

    Position, device, comments, colour profile and all frames but the first are gone; colours are sRGB.

    Raises:
        EvidenceRefused: it is broken, or has too many pixels.
    """
    if kind is Kind.JPEG and content.count(_START_OF_SCAN) > _MOST_SCANS:
        raise EvidenceRefused(EvidenceFault.TOO_DEMANDING)
    try:
        picture = _pixels(content, kind)
    except Image.DecompressionBombError as error:
        raise EvidenceRefused(EvidenceFault.TOO_MANY_PIXELS) from error
    except _BROKEN as error:
        raise EvidenceRefused(EvidenceFault.BROKEN_PICTURE) from error
    if kind is Kind.PNG:
        drawn = _encoded(picture, Kind.PNG)
        if len(drawn) <= MOST_BYTES:
            return Cleaned(drawn, Kind.PNG, _thumbnail(picture))
    return Cleaned(_encoded(_on_white(picture), Kind.JPEG), Kind.JPEG, _thumbnail(picture))


def _pixels(content: bytes, kind: Kind) -> Image.Image:
    """Return the bare pixels, upright and scaled down."""
    with _opened(content, kind) as checked:
        checked.verify()  # leaves it of no further use
    with _opened(content, kind) as picture:
        picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is scaled while it is decoded
        turn = _UPRIGHT.get(picture.getexif().get(ExifTags.Base.Orientation, _AS_IT_IS))
        found = _in_srgb(picture)
    found.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    found = found.transpose(turn) if turn is not None else found
    found.info.clear()  # some of it would be written into the new file
    return found


def _opened(content: bytes, kind: Kind) -> Image.Image:
    picture = Image.open(BytesIO(content), formats=[kind.name])
    if picture.width * picture.height > MOST_PIXELS:
        raise EvidenceRefused(EvidenceFault.TOO_MANY_PIXELS)
    return picture


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return grey, RGB or RGBA of eight bits, in the colours that a screen takes for granted."""
    picture.load()
    if picture.mode.startswith("I"):  # sixteen bits
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    if picture.mode in ("RGB", "CMYK") and (profile := picture.info.get("icc_profile")):
        return _by_profile(picture, profile)
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        meant = ImageCms.ImageCmsProfile(BytesIO(profile))
        found = ImageCms.profileToProfile(picture, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):  # of no use: the colours are taken as they are
        found = None
    return found or picture.convert("RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture)
    return paper


def _thumbnail(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((LONGEST_SIDE_OF_THUMBNAIL, LONGEST_SIDE_OF_THUMBNAIL))
    return _encoded(_on_white(small), Kind.JPEG)


def _encoded(picture: Image.Image, kind: Kind) -> bytes:
    file = BytesIO()
    picture.save(file, kind.name, **_HOW[kind])
    return file.getvalue()
