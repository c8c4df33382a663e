"""Rows of the calendar as the form has them: seven cells each, between the texts of the page and windows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

from bot.pages.cells import Unreadable, read_cell
from domain.circulars.audience import reach_of
from domain.circulars.calendar import check_windows, scope_of
from domain.circulars.life import CircularRefused
from domain.errors import InvalidWindow
from domain.windows import CalendarWindow, Occasion, Scope, Span, Stage, WindowKind
from handlers.conversation import Request
from messages_th.pages import circulars_calendar as thai
from messages_th.pages.circulars_words import NO_SUCH_CHOICE, OUT_OF_REACH, day
from storage.imports import values as cell
from storage.imports.values import Converter

MOST_ROWS = 30
_Kind = TypeVar("_Kind", WindowKind, Stage)


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row as it stands in the form; ``unit`` is a code, "" for the whole country."""

    kind: str = WindowKind.QUARTER_REPORT.value
    fiscal_year: str = ""
    quarter: str = ""
    stage: str = Stage.AGENCY.value
    unit: str = ""
    opens_on: str = ""
    closes_on: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into it."""
        return not any((self.fiscal_year.strip(), self.quarter.strip(), self.opens_on.strip(), self.closes_on.strip()))


CELLS = tuple(TypedRow.__slots__)


def typed_rows(text: str) -> Sequence[TypedRow]:
    """Return the rows of the field's text.

    Raises:
        Unreadable: our page writes no such text.
    """
    try:
        rows = json.loads(text) if text else []
    except ValueError as error:
        raise Unreadable(NO_SUCH_CHOICE) from error
    if not _are_rows(rows) or len(rows) > MOST_ROWS:
        raise Unreadable(thai.TOO_MANY if _are_rows(rows) else NO_SUCH_CHOICE)
    return [TypedRow(*row) for row in rows]


def text_of(rows: Sequence[TypedRow]) -> str:
    """Return rows as the field's text, exactly as a script's ``JSON.stringify`` spells it."""
    kept = [list(asdict(row).values()) for row in rows if not row.is_blank]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else ""


def rows_as_text(windows: Sequence[CalendarWindow]) -> str:
    """Return windows as the field's text."""
    return text_of([_typed(window) for window in windows])


def read_rows(asked: Request, text: str) -> Sequence[CalendarWindow]:
    """Return the windows of the field's text; blank rows are none.

    Raises:
        Unreadable: a row cannot be taken; it says which, what is wrong and how to put it right.
    """
    windows = [_window(asked, number, row) for number, row in enumerate(typed_rows(text), 1) if not row.is_blank]
    reach = reach_of(asked.reference.rules.organisation, asked.asker.code)
    try:
        check_windows(asked.reference.rules, windows, reach)
    except CircularRefused as refused:
        raise Unreadable(thai.refused(refused.refusal)) from refused
    return windows


def _window(asked: Request, number: int, row: TypedRow) -> CalendarWindow:
    cells = _Cells(number, row)
    kind, stage = cells.choice(WindowKind, "kind"), cells.choice(Stage, "stage")
    year, quarter = cells.number("fiscal_year", cell.fiscal_year), cells.number("quarter", cell.whole(1, 4))
    opens_on, closes_on = cells.day("opens_on"), cells.day("closes_on")
    if year is None:
        raise cells.fault("fiscal_year", thai.YEAR_NEEDED)
    if kind in thai.WITH_ROUND and quarter is None:
        raise cells.fault("quarter", thai.ROUND_NEEDED)
    if kind not in thai.WITH_ROUND and quarter is not None:
        raise cells.fault("quarter", thai.ROUND_UNWANTED)
    if closes_on is None:
        raise cells.fault("closes_on", thai.LAST_DAY_NEEDED)
    units = asked.reference.rules.organisation.units
    if row.unit and row.unit not in units:
        raise cells.fault("unit", OUT_OF_REACH)
    try:
        span = Span(opens_on, closes_on)
    except InvalidWindow as error:
        raise cells.fault("closes_on", thai.ENDS_BEFORE_START) from error
    scope = scope_of(units[row.unit].level) if row.unit else Scope.NATIONAL
    return CalendarWindow(Occasion(kind, year, quarter), stage, scope, row.unit, span)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a row, read one by one; raises Unreadable with the row and the cell in which it is wrong."""

    position: int
    row: TypedRow

    def fault(self, name: str, why: str) -> Unreadable:
        return Unreadable(thai.in_row(self.position, name, why))

    def choice(self, kind: type[_Kind], name: str) -> _Kind:
        try:
            return kind(getattr(self.row, name))
        except ValueError as error:
            raise self.fault(name, NO_SUCH_CHOICE) from error

    def number(self, name: str, convert: Converter) -> int | None:
        found: int | None = self._read(name, convert)
        return found

    def day(self, name: str) -> date | None:
        found: date | None = self._read(name, cell.day)
        return found

    def _read(self, name: str, convert: Converter) -> Any:
        try:
            return read_cell(getattr(self.row, name), convert)
        except Unreadable as error:
            raise self.fault(name, str(error)) from error


def _typed(window: CalendarWindow) -> TypedRow:
    kind, year, quarter = window.occasion
    return TypedRow(
        kind=kind.value,
        fiscal_year=str(year),
        quarter=str(quarter or ""),
        stage=window.stage.value,
        unit=window.scope_id,
        opens_on=day(window.span.opens_on),
        closes_on=day(window.span.closes_on),
    )


def _are_rows(rows: Any) -> bool:
    """Tell whether what was read from JSON are rows of cells."""
    return isinstance(rows, list) and all(
        isinstance(row, list) and len(row) == len(CELLS) and all(isinstance(one, str) for one in row) for row in rows
    )
