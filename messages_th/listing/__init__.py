"""The card of every list and figure: headline, counts first, ten rows a page, the next tap, «ข้อมูล ณ»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from messages_th import formats
from messages_th.lengths import cut
from messages_th.rendering import Rendered, card

ROWS_A_PAGE = 10
NAME_LENGTH = 110
"""Graphemes of a name in a row; the card behind the row has all of it."""
_LABEL_LENGTH = 20

NAVY, GREEN, BROWN, RED, GREY = "#1F3A5F", "#1B5E20", "#7A4100", "#8B1E1E", "#4A4A4A"
"""Colours of states, each with a contrast of at least 7:1 on white."""


@dataclass(frozen=True, slots=True)
class Count:
    """One figure of the summary at the top: «ยังไม่กรอก» «12 โครงการ»."""

    label: str
    value: str
    colour: str = NAVY


@dataclass(frozen=True, slots=True)
class Button:
    """A button below: it sends ``press``, or opens ``uri``. ``label`` has at most 20 graphemes."""

    label: str
    press: str = ""
    uri: str = ""
    about: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. ``code`` is written plainly; ``press`` is the data of a tap on the row, ``about`` its words.

    ``says`` is what a tap types, in place of ``press``. ``share`` (0 to 1) draws a bar in ``colour`` below the note;
    None: no bar. ``details`` are lines below all that, and ``button`` a press of its own at the end.
    """

    title: str
    code: str = ""
    note: str = ""
    colour: str = GREY
    press: str = ""
    about: str = ""
    share: float | None = None
    details: Sequence[str] = ()
    says: str = ""
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Which page this is (from 1) of how many, and the button data of its neighbours, empty at the ends."""

    number: int
    of: int
    previous: str = ""
    next: str = ""


ONLY_PAGE = Page(1, 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a listing says. ``period`` echoes the quarter, ``place`` whose data it is, ``intro`` explains in a sentence.

    ``empty`` is said in place of rows. ``alt`` is the notification's line; by default headline, period and counts.
    """

    headline: str
    as_of: datetime
    place: str = ""
    period: str = ""
    intro: str = ""
    counts: Sequence[Count] = ()
    rows: Sequence[Row] = ()
    empty: str = ""
    note: str = ""
    page: Page = ONLY_PAGE
    buttons: Sequence[Button] = ()
    colour: str = NAVY
    alt: str = ""


def listing(sheet: Sheet) -> Rendered:
    """Return the card of a sheet."""
    counts = " ".join(f"{count.label} {count.value}" for count in sheet.counts)
    alt = sheet.alt or " ".join(filter(None, (sheet.headline, sheet.period, counts or sheet.empty)))
    return card(
        "listing",
        sheet=sheet,
        rows=[_shown(row) for row in sheet.rows],
        buttons=[*_turning(sheet.page), *sheet.buttons],
        as_of=formats.as_of(sheet.as_of),
        alt=alt,
    )


def pages(total: int, rows: int = ROWS_A_PAGE) -> int:
    """Return how many pages a list of this many rows has, with ``rows`` on each; an empty one has one."""
    return max(1, -(-total // rows))


@dataclass(frozen=True, slots=True)
class _Shown:
    title: str
    code: str
    note: str
    colour: str
    weight: str
    press: str
    label: str
    about: str
    percent: int | None
    details: Sequence[str]
    says: str
    button: Button | None


def _shown(row: Row) -> _Shown:
    title = cut(formats.one_line(row.title), NAME_LENGTH)
    return _Shown(
        title=title or row.code,
        code=row.code if title else "",
        note=formats.one_line(row.note),
        colour=row.colour,
        weight="regular" if row.colour == GREY else "bold",
        press=row.press,
        label=cut(row.code or title, _LABEL_LENGTH),
        about=row.about or row.code or title,
        percent=None if row.share is None else round(100 * min(max(row.share, 0.0), 1.0)),
        details=[formats.one_line(line) for line in row.details],
        says=row.says,
        button=row.button,
    )


def _turning(page: Page) -> list[Button]:
    turning = []
    if page.next:
        turning.append(Button("หน้าถัดไป", page.next, about="หน้าถัดไป", primary=True))
    if page.previous:
        turning.append(Button("หน้าก่อน", page.previous, about="หน้าก่อน"))
    return turning
