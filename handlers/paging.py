"""Pages of ten rows: which one is meant, and the buttons to its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from messages_th.listing import ROWS_A_PAGE, Page, pages

_Item = TypeVar("_Item")


def page_at(number: int, count: int, press: Callable[[int], str], rows: int = ROWS_A_PAGE) -> Page:
    """Return page ``number`` (from 1) of a list of ``count`` rows, or the nearest that there is.

    ``press`` gives the data of a button that shows a page; a page has ``rows``.
    """
    last = pages(count, rows)
    number = min(max(number, 1), last)
    previous = press(number - 1) if number > 1 else ""
    return Page(number, last, previous=previous, next=press(number + 1) if number < last else "")


def row_numbers(page: Page, rows: int = ROWS_A_PAGE) -> range:
    """Return the numbers (from 0) of the page's rows; the last page may have fewer."""
    first = (page.number - 1) * rows
    return range(first, first + rows)


def rows_of(page: Page, items: Sequence[_Item], rows: int = ROWS_A_PAGE) -> Sequence[_Item]:
    """Return the page's part of all rows."""
    numbers = row_numbers(page, rows)
    return items[numbers.start : numbers.stop]
