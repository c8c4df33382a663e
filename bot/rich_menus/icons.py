"""The icons of rich menus, drawn with a round pen on a square of 100 × 100."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from PIL import Image, ImageDraw

from messages_th.rich_menus import Icon

_FINER = 4
"""Pillow draws hard edges: icons are drawn so many times larger and made smaller, which softens them."""
_PEN = 7.0

_Point = tuple[float, float]


class _Pen:
    """Draws in a mask; coordinates and lengths are hundredths of its side."""

    def __init__(self, side: int) -> None:
        self._scale = side * _FINER / 100
        self.mask = Image.new("L", (side * _FINER, side * _FINER), 0)
        self._draw = ImageDraw.Draw(self.mask)

    def line(self, *points: _Point, closed: bool = False, width: float = _PEN) -> None:
        """Draw strokes from point to point with round ends and corners."""
        path = [*points, points[0]] if closed else [*points]
        scaled = [(x * self._scale, y * self._scale) for x, y in path]
        self._draw.line(scaled, fill=255, width=round(width * self._scale), joint="curve")
        for x, y in path:
            self.dot(x, y, width / 2)

    def dot(self, x: float, y: float, radius: float) -> None:
        """Fill a circle."""
        self._draw.ellipse(self._box(x - radius, y - radius, x + radius, y + radius), fill=255)

    def circle(self, x: float, y: float, radius: float) -> None:
        """Draw a circle whose stroke is centred on ``radius``."""
        outer = radius + _PEN / 2
        self._draw.ellipse(
            self._box(x - outer, y - outer, x + outer, y + outer), outline=255, width=round(_PEN * self._scale)
        )

    def arc(self, x: float, y: float, radius: float, start: float, end: float) -> None:
        """Draw a part of a circle, degrees clockwise from three o'clock."""
        steps = max(2, round(abs(end - start) / 4))
        angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
        self.line(*((x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles))

    def frame(self, left: float, top: float, right: float, bottom: float, corner: float = 8) -> None:
        """Draw a rectangle with round corners."""
        half = _PEN / 2
        self._draw.rounded_rectangle(
            self._box(left - half, top - half, right + half, bottom + half),
            radius=corner * self._scale,
            outline=255,
            width=round(_PEN * self._scale),
        )

    def block(
        self, left: float, top: float, right: float, bottom: float, corner: float = 3, *, ink: bool = True
    ) -> None:
        """Fill a rectangle with round corners, or take it out."""
        self._draw.rounded_rectangle(
            self._box(left, top, right, bottom), radius=corner * self._scale, fill=255 if ink else 0
        )

    def _box(self, left: float, top: float, right: float, bottom: float) -> Sequence[float]:
        return [value * self._scale for value in (left, top, right, bottom)]


def icon_mask(icon: Icon, side: int) -> Image.Image:
    """Return the icon as a mask of ``side`` × ``side`` pixels: 255 where there is ink."""
    pen = _Pen(side)
    _DRAWN[icon](pen)
    return pen.mask.resize((side, side), Image.Resampling.LANCZOS)


def _bars(pen: _Pen) -> None:
    pen.line((12, 12), (12, 88), (90, 88))
    pen.block(26, 56, 40, 78)
    pen.block(48, 36, 62, 78)
    pen.block(70, 18, 84, 78)


def _bell(pen: _Pen) -> None:
    pen.line((14, 72), (86, 72))
    pen.line((24, 72), (24, 46))
    pen.line((76, 72), (76, 46))
    pen.arc(50, 46, 26, 180, 360)
    pen.line((50, 10), (50, 18))
    pen.arc(50, 78, 11, 20, 160)


def _calendar(pen: _Pen) -> None:
    pen.frame(12, 20, 88, 88)
    pen.line((12, 42), (88, 42))
    pen.line((32, 10), (32, 26))
    pen.line((68, 10), (68, 26))
    for x in (31, 50, 69):
        for y in (56, 73):
            pen.dot(x, y, 5)


def _clipboard(pen: _Pen) -> None:
    pen.frame(18, 16, 82, 90)
    pen.block(34, 6, 66, 27, 6)
    pen.line((50, 40), (50, 62), width=9)
    pen.dot(50, 76, 5.5)


def _clock(pen: _Pen) -> None:
    pen.circle(50, 50, 38)
    pen.line((50, 26), (50, 52), (67, 62))


def _coins(pen: _Pen) -> None:
    pen.frame(8, 30, 92, 82)
    pen.circle(50, 56, 13)
    pen.dot(22, 56, 4.5)
    pen.dot(78, 56, 4.5)
    pen.line((20, 16), (80, 16))


def _folder(pen: _Pen) -> None:
    pen.line((10, 20), (38, 20), (48, 32), (90, 32), (90, 82), (10, 82), closed=True)
    pen.line((10, 46), (90, 46))


def _grid(pen: _Pen) -> None:
    for x in (14, 58):
        for y in (14, 58):
            pen.frame(x, y, x + 28, y + 28, 6)


def _history(pen: _Pen) -> None:
    pen.arc(52, 50, 37, -150, 150)
    pen.line((10, 18), (18, 36), (37, 30))
    pen.line((52, 28), (52, 52), (68, 61))


def _hourglass(pen: _Pen) -> None:
    pen.line((20, 10), (80, 10))
    pen.line((20, 90), (80, 90))
    pen.line((28, 10), (28, 26), (50, 50), (72, 26), (72, 10))
    pen.line((28, 90), (28, 74), (50, 50), (72, 74), (72, 90))
    pen.line((40, 79), (60, 79))


def _letter(pen: _Pen) -> None:
    pen.frame(8, 22, 92, 80)
    pen.line((14, 30), (50, 56), (86, 30))


def _link(pen: _Pen) -> None:
    pen.line((44, 32), (58, 18))
    pen.arc(70, 30, 17, -135, 45)
    pen.line((82, 42), (68, 56))
    pen.line((56, 68), (42, 82))
    pen.arc(30, 70, 17, 45, 225)
    pen.line((18, 58), (32, 44))
    pen.line((38, 62), (62, 38))


def _question(pen: _Pen) -> None:
    pen.circle(50, 50, 40)
    pen.arc(50, 40, 13, 180, 400)
    pen.line((58, 50), (50, 60))
    pen.dot(50, 74, 5)


def _search(pen: _Pen) -> None:
    pen.circle(42, 42, 29)
    pen.line((64, 64), (88, 88), width=10)


def _stamp(pen: _Pen) -> None:
    pen.frame(18, 10, 82, 90)
    pen.line((34, 54), (46, 66), (68, 40), width=9)
    pen.line((36, 26), (64, 26))


_DRAWN: Mapping[Icon, Callable[[_Pen], None]] = {
    Icon.BARS: _bars,
    Icon.BELL: _bell,
    Icon.CALENDAR: _calendar,
    Icon.CLIPBOARD: _clipboard,
    Icon.CLOCK: _clock,
    Icon.COINS: _coins,
    Icon.FOLDER: _folder,
    Icon.GRID: _grid,
    Icon.HISTORY: _history,
    Icon.HOURGLASS: _hourglass,
    Icon.LETTER: _letter,
    Icon.LINK: _link,
    Icon.QUESTION: _question,
    Icon.SEARCH: _search,
    Icon.STAMP: _stamp,
}
