"""Writes lists as .xlsx files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_MAX_WIDTH = 60


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, a header row, and rows of text.

    Every cell is written as text, whatever it looks like: a name that begins with an equals sign is no formula.
    """

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


def table_bytes(table: Table) -> bytes:
    """Return the table as the content of an .xlsx file."""
    content = BytesIO()
    _workbook(table).save(content)
    return content.getvalue()


def write_table(path: Path, table: Table) -> int:
    """Write the table and return how many rows it has; the file appears complete or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with NamedTemporaryFile(dir=path.parent, suffix=path.suffix, delete=False) as draft:
        try:
            _workbook(table).save(draft)
            draft.close()
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    return len(table.rows)


def _workbook(table: Table) -> Workbook:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(table.title)
    rows = [table.headers, *table.rows]
    sheet.freeze_panes = "A2"
    for column, cells in enumerate(zip(*rows, strict=True), 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(max(map(len, cells)), _MAX_WIDTH) + 2
    sheet.append(_cells(sheet, rows[0], Font(bold=True)))
    for row in rows[1:]:
        sheet.append(_cells(sheet, row, Font()))
    return workbook


def _cells(sheet: WriteOnlyWorksheet, texts: Iterable[str], font: Font) -> Iterator[Cell]:
    for text in texts:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
        cell.data_type = "s"
        cell.font = font
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        yield cell
