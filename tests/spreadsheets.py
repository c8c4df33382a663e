"""Spreadsheets for tests: ordinary ones, and ones that no program writes."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

FIXTURES = Path(__file__).parent / "fixtures"
CLEAN = FIXTURES / "mol-2566"
MESSY = FIXTURES / "mol-2566-messy"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def write_xlsx(path: Path, *sheets: Sequence[Sequence[Any]], titles: Sequence[str] = ()) -> Path:
    """Write sheets of rows; None is an empty cell."""
    workbook = Workbook(write_only=True)
    for number, rows in enumerate(sheets):
        sheet = workbook.create_sheet(titles[number] if titles else f"Sheet{number + 1}")
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def rows_of(path: Path) -> list[list[Any]]:
    """Return the rows of the first sheet, as a person would retype them: whole numbers without a decimal point."""
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return [[int(c) if isinstance(c, float) and c.is_integer() else c for c in row] for row in sheet.iter_rows()]


def changed(rows: Iterable[Sequence[Any]], header: str, new: Mapping[int, Any]) -> list[list[Any]]:
    """Return the rows with other cells in one column, by the row's number in the spreadsheet."""
    copied = [list(row) for row in rows]
    for number, value in new.items():
        copied[number - 1][copied[0].index(header)] = value
    return copied


def raw_parts(sheet_xml: str | bytes) -> dict[str, str | bytes]:
    """Return the parts of a workbook whose one sheet is this XML; only a test writes such sheets."""
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": sheet_xml,
    }


def write_parts(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """Write a zip archive of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def sheet_xml(rows: Sequence[str]) -> str:
    """Return a worksheet of rows that are given as XML."""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def text_row(number: int, texts: Iterable[str], *, first_column: str = "A") -> str:
    """Return a row of inline texts as XML."""
    columns = (chr(ord(first_column) + at) for at in range(26))
    cells = (
        f'<c r="{column}{number}" t="inlineStr"><is><t>{t}</t></is></c>'
        for column, t in zip(columns, texts, strict=False)
    )
    return f'<row r="{number}">{"".join(cells)}</row>'
