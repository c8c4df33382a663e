"""The keywords of Flex Messages and what they come to in pixels.

LINE documents the order of the keywords, not the numbers; these are the ones its own Flex Message Simulator draws with.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PIXELS = re.compile(r"\d+(\.\d+)?px")
OFFSET_PIXELS = re.compile(r"-?\d+(\.\d+)?px")
PERCENTAGE = re.compile(r"\d+(\.\d+)?%")
COLOR = re.compile(r"#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})")
ASPECT_RATIO = re.compile(r"([1-9]\d{0,5}):([1-9]\d{0,5})")
ANGLE = re.compile(r"\d+(\.\d+)?deg")

#: ``margin``, ``spacing``, ``padding…``, ``offset…`` and ``cornerRadius``.
SPACES: Mapping[str, float] = MappingProxyType({"none": 0, "xs": 2, "sm": 4, "md": 8, "lg": 12, "xl": 16, "xxl": 20})
BORDERS: Mapping[str, float] = MappingProxyType(
    {"none": 0, "light": 0.5, "normal": 1, "medium": 2, "semi-bold": 3, "bold": 4}
)
#: ``size`` of text, span and icon.
FONTS: Mapping[str, float] = MappingProxyType(
    {"xxs": 11, "xs": 13, "sm": 14, "md": 16, "lg": 19, "xl": 22, "xxl": 29, "3xl": 35, "4xl": 48, "5xl": 74}
)
#: ``size`` of an image, apart from ``full``.
IMAGES: Mapping[str, float] = MappingProxyType(
    {"xxs": 40, "xs": 60, "sm": 80, "md": 100, "lg": 120, "xl": 140, "xxl": 160, "3xl": 180, "4xl": 200, "5xl": 220}
)


@dataclass(frozen=True, slots=True)
class BubbleSize:
    """A ``size`` of bubbles.

    Args:
        width: How wide such a bubble is, in pixels, where the screen has the room.
        radius: Of its corners, in pixels.
        header: CSS padding of a header that names none.
        body: CSS padding of a body that names none.
        body_above_footer: The same where a footer follows.
    """

    width: float
    radius: float
    header: str
    body: str
    body_above_footer: str


def _tight(width: float) -> BubbleSize:
    return BubbleSize(width, 10, "10px", "10px", "10px")


def _middling(width: float) -> BubbleSize:
    return BubbleSize(width, 10, "11px 14px 13px", "11px 14px 13px", "11px 14px 17px")


def _roomy(width: float) -> BubbleSize:
    return BubbleSize(width, 17, "20px", "19px 20px 20px", "19px 20px 10px")


BUBBLES: Mapping[str, BubbleSize] = MappingProxyType(
    {
        "nano": _tight(120),
        "micro": _tight(160),
        "deca": _middling(220),
        "hecto": _middling(241),
        "kilo": BubbleSize(260, 10, "13px", "13px", "13px 13px 17px"),
        "mega": _roomy(300),
        "giga": _roomy(386),
    }
)
FOOTER_PADDING = "10px"
