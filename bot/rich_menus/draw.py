"""Draws a rich menu: calm navy on white, letters that are read with reading glasses.

Thai needs raqm: without it Pillow sets vowels and tone marks one on the other.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import lru_cache

import fontpkg
from PIL import Image, ImageDraw, ImageFont, features

from bot.rich_menus.icons import icon_mask
from bot.rich_menus.layout import HEIGHT, WIDTH, Box, Cell, Tab, cells, tabs
from messages_th.rich_menus import PAGES, Menu

MAX_BYTES = 1_000_000
"""LINE takes 1 MB (reference, "Upload rich menu image")."""
PAPER = (233, 238, 245)
_CARD, _EDGE, _INK, _NAVY, _TINT = (
    (255, 255, 255),
    (205, 214, 226),
    (20, 38, 63),
    (31, 58, 95),
    (226, 234, 245),
)
_COLOURS = 128
_LABEL_SIZE, _TAB_SIZE, _SMALLEST = 132, 104, 48
_LEADING = 1.36
"""Line height: Thai carries two storeys above its letters and one below."""
_LARGEST_DISC, _GAP, _PADDING, _AIR = 310, 18, 44, 28
_ICON_SHARE = 0.58
_ROUND, _FINER = 44, 2


class FontsMissing(Exception):
    """Pillow cannot shape Thai, or the letters are not installed; carries what is missing."""


def missing_fonts() -> list[str]:
    """Return what pictures with Thai need and this machine lacks."""
    missing = [] if features.check("raqm") else ["raqm"]
    try:
        fontpkg.path("Sarabun", "bold")
    except fontpkg.FontpkgError:
        missing.append("Sarabun")
    return missing


def draw(menu: Menu) -> bytes:
    """Return the menu as a PNG of 2500 × 1686 pixels below 1 MB.

    Raises:
        FontsMissing: Thai cannot be drawn on this machine.
    """
    if missing := missing_fonts():
        raise FontsMissing(", ".join(missing))
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    _draw_tabs(picture, tabs(menu))
    _draw_cells(picture, cells(menu))
    file = io.BytesIO()
    # Few colours are used, so that a palette loses nothing that an eye could see, and two thirds of the bytes.
    picture.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_tabs(picture: Image.Image, strip: Sequence[Tab]) -> None:
    if not strip:
        return
    font = _fitting([(PAGES[tab.role].tab, tab.box.width - 80) for tab in strip], _TAB_SIZE)
    for tab in strip:
        _draw_tab(picture, tab, font)


def _draw_tab(picture: Image.Image, tab: Tab, font: ImageFont.FreeTypeFont) -> None:
    """Draw a tab: the open one is a part of the page below it."""
    box = tab.box
    ImageDraw.Draw(picture).rectangle((box.x, box.y, box.right - 1, box.bottom - 1), fill=_NAVY)
    if tab.is_open:
        inner = Box(box.x + 20, box.y + 30, box.width - 40, box.height)  # its lower corners lie below the strip
        mask = _rounded(inner.width, inner.height)
        picture.paste(PAPER, (inner.x, inner.y), mask.crop((0, 0, inner.width, box.bottom - inner.y)))
    centre = (box.x + box.width // 2, box.y + 20 + box.height // 2)
    _write(picture, PAGES[tab.role].tab, font, centre, _INK if tab.is_open else _CARD)


def _draw_cells(picture: Image.Image, found: Sequence[Cell]) -> None:
    """Draw all entries with letters of one size and icons on one height: a menu is calm when its cells agree."""
    labels = [(line, cell.box.width - 2 * _PADDING) for cell in found for line in cell.entry.label.split("\n")]
    font = _fitting(labels, _LABEL_SIZE)
    line_height = round(font.size * _LEADING)
    text_height = line_height * max(cell.entry.label.count("\n") + 1 for cell in found)
    for cell in found:
        room = cell.box.height - text_height - _GAP
        disc = min(_LARGEST_DISC, room - 2 * _AIR)
        top = cell.box.y + (room - disc) // 2
        _draw_card(picture, cell)
        _draw_icon(picture, cell, top, disc)
        _draw_label(picture, cell, top + disc + _GAP + text_height // 2, font, line_height)


def _draw_card(picture: Image.Image, cell: Cell) -> None:
    box = cell.box
    picture.paste(_NAVY if cell.leads else _EDGE, (box.x, box.y), _rounded(box.width, box.height))
    if not cell.leads:
        picture.paste(_CARD, (box.x + 3, box.y + 3), _rounded(box.width - 6, box.height - 6))


def _draw_icon(picture: Image.Image, cell: Cell, top: int, disc: int) -> None:
    left = cell.box.x + (cell.box.width - disc) // 2
    picture.paste(_CARD if cell.leads else _TINT, (left, top), _disc_mask(disc))
    side = round(disc * _ICON_SHARE)
    offset = (disc - side) // 2
    picture.paste(_NAVY, (left + offset, top + offset), icon_mask(cell.entry.icon, side))


def _draw_label(picture: Image.Image, cell: Cell, middle: int, font: ImageFont.FreeTypeFont, line_height: int) -> None:
    lines = cell.entry.label.split("\n")
    first = middle - line_height * (len(lines) - 1) // 2
    for number, line in enumerate(lines):
        centre = (cell.box.x + cell.box.width // 2, first + line_height * number)
        _write(picture, line, font, centre, _CARD if cell.leads else _INK)


@lru_cache(maxsize=64)
def _rounded(width: int, height: int) -> Image.Image:
    mask = Image.new("L", (width * _FINER, height * _FINER), 0)
    shape = (0, 0, width * _FINER - 1, height * _FINER - 1)
    ImageDraw.Draw(mask).rounded_rectangle(shape, radius=_ROUND * _FINER, fill=255)
    return mask.resize((width, height), Image.Resampling.BOX)


@lru_cache(maxsize=8)
def _disc_mask(diameter: int) -> Image.Image:
    side = diameter * _FINER
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
    return mask.resize((diameter, diameter), Image.Resampling.BOX)


def _fitting(lines: Iterable[tuple[str, int]], size: int) -> ImageFont.FreeTypeFont:
    """Return the largest font up to ``size`` in which every line is no longer than its pixels."""
    widest = list(lines)
    while size > _SMALLEST and any(_font(size).getlength(line, language="th") > room for line, room in widest):
        size -= 4
    return _font(size)


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fontpkg.path("Sarabun", "bold"), size, layout_engine=ImageFont.Layout.RAQM)


def _write(
    picture: Image.Image, words: str, font: ImageFont.FreeTypeFont, centre: tuple[int, int], ink: tuple[int, int, int]
) -> None:
    """Write words centred; the same height for every line, whatever vowels it carries."""
    ImageDraw.Draw(picture).text(centre, words, font=font, fill=ink, anchor="mm", language="th")
