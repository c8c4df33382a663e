"""Where each cell of a rich menu lies: the picture and LINE's tappable areas are made of the same boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.roles import Role
from messages_th.rich_menus import Entry, Menu

WIDTH, HEIGHT = 2500, 1686
"""Pixels of a large menu (LINE docs, "Rich menus overview")."""
TAB_HEIGHT = 236
MARGIN = 36
"""Between cells, and around them."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels from the upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column that lies outside."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row that lies outside."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Cell:
    """An entry and where it is; ``leads``: it is the first of its menu and stands out."""

    box: Box
    entry: Entry
    leads: bool


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab and where it is."""

    box: Box
    role: Role
    is_open: bool


def tabs(menu: Menu) -> list[Tab]:
    """Return the strip of tabs, edge to edge; none for a menu of one role."""
    columns = _split(0, WIDTH, len(menu.tabs), 0)
    return [
        Tab(Box(x, 0, width, TAB_HEIGHT), role, role is menu.role)
        for (x, width), role in zip(columns, menu.tabs, strict=True)
    ]


def cells(menu: Menu) -> list[Cell]:
    """Return the entries below the strip."""
    top = TAB_HEIGHT if menu.tabs else 0
    found: list[Cell] = []
    for (y, height), row in zip(_split(top, HEIGHT, len(menu.page.rows), MARGIN), menu.page.rows, strict=True):
        for (x, width), entry in zip(_split(0, WIDTH, len(row), MARGIN), row, strict=True):
            found.append(Cell(Box(x, y, width, height), entry, leads=not found))
    return found


def _split(start: int, end: int, parts: int, margin: int) -> Sequence[tuple[int, int]]:
    """Return start and length of ``parts`` equal lengths with ``margin`` between and around them."""
    room = end - start - margin
    edges = [start + margin + room * number // max(parts, 1) for number in range(parts + 1)]
    return [(edges[number], edges[number + 1] - edges[number] - margin) for number in range(parts)]
