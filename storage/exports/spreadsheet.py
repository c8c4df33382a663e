"""Writes lists as .xlsx files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, count, islice
from pathlib import Path
from tempfile import NamedTemporaryFile

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MOST_ROWS = 1_048_575
"""Rows that one sheet holds below its header ("Excel specifications and limits"); what is more begins another."""
_MAX_WIDTH = 60
_ROWS_MEASURED = 500
"""Rows that columns are made wide enough for: widths come before the first row, and a long list is not kept."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list: the name of its sheet, a header row, and rows of text, which are read once and never held together.

    Every cell is written as text, whatever it looks like: a name that begins with an equals sign is no formula.
    """

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[str]]


def table_bytes(table: Table) -> bytes:
    """Return the table as the content of an .xlsx file."""
    content = BytesIO()
    workbook, _ = _workbook(table)
    workbook.save(content)
    return content.getvalue()


def write_table(path: Path, table: Table) -> int:
    """Write the table and return how many rows it has; the file appears complete or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with NamedTemporaryFile(dir=path.parent, suffix=path.suffix, delete=False) as draft:
        try:
            workbook, written = _workbook(table)
            workbook.save(draft)
            draft.close()
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    return written


def _workbook(table: Table) -> tuple[Workbook, int]:
    """Return the workbook and how many rows it has; one sheet, or as many as the rows need."""
    workbook = Workbook(write_only=True)
    rows, written = iter(table.rows), 0
    for number in count(1):
        first = list(islice(rows, min(_ROWS_MEASURED, MOST_ROWS)))
        if number > 1 and not first:
            break
        sheet = workbook.create_sheet(table.title if number == 1 else f"{table.title} {number}")
        sheet.freeze_panes = "A2"
        for column, cells in enumerate(zip(*[table.headers, *first], strict=True), 1):
            sheet.column_dimensions[get_column_letter(column)].width = min(max(map(len, cells)), _MAX_WIDTH) + 2
        _fill(sheet, [table.headers], Font(bold=True))
        written += _fill(sheet, chain(first, islice(rows, MOST_ROWS - len(first))), Font())
    return workbook, written


def _fill(sheet: WriteOnlyWorksheet, rows: Iterable[Sequence[str]], font: Font) -> int:
    """Write the rows and return how many; all through the same cells, for a new style each takes most of the time."""
    cells: list[Cell] = []
    written = 0
    for row in rows:
        cells = cells or [_styled(sheet, font) for _ in row]
        for cell, text in zip(cells, row, strict=True):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
            cell.data_type = "s"
        sheet.append(cells)
        written += 1
    return written


def _styled(sheet: WriteOnlyWorksheet, font: Font) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell
