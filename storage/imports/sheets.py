"""Opens a file of either format, told apart by content and not by name, as sheets of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from storage.imports.delimited import open_delimited
from storage.imports.package import MAX_FILE_BYTES, Package
from storage.imports.problems import ProblemCode, Refused
from storage.imports.sheet_look import Faults, look

Cell = Any
"""Text, float, bool, date, datetime, time or timedelta; a blank cell is the empty text."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells from row 1 of the spreadsheet on.

    ``first_column`` is the spreadsheet's column (from 0) of each row's first cell, ``row_count`` is about how many rows
    there are; ``faults`` count rows and columns from 0. The rows can be read once.
    """

    name: str
    rows: Iterator[Sequence[Cell]]
    row_count: int = 0
    first_column: int = 0
    faults: Faults = field(default_factory=dict)


def open_sheets(path: Path, header_guess: Sequence[str]) -> Iterator[Sheet]:
    """Yield the sheets of a file; ``header_guess`` are known headers, by which the separator of a .csv is found.

    Raises:
        Refused: it is not a spreadsheet, not one of the two formats, too large, damaged, or holds macros.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            magic = file.read(len(_OLE))
    except OSError:
        raise Refused(ProblemCode.NO_SUCH_PATH) from None
    if size == 0:
        raise Refused(ProblemCode.FILE_EMPTY)
    if size > MAX_FILE_BYTES:
        raise Refused(ProblemCode.FILE_TOO_LARGE, limit=str(MAX_FILE_BYTES // 1024**2))
    if magic.startswith(_OLE):
        is_encrypted = _ENCRYPTED_STREAM in path.read_bytes()
        raise Refused(ProblemCode.ENCRYPTED if is_encrypted else ProblemCode.OLD_EXCEL)
    if magic.startswith(_ZIP):
        return _workbook_sheets(path)
    return iter([Sheet("", open_delimited(path, header_guess))])


def _workbook_sheets(path: Path) -> Iterator[Sheet]:
    with Package(path) as package:
        faults: Mapping[str, Faults] = {
            name: look(partial(package.unpack, part)) for name, part in package.sheets().items()
        }
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            if not faults.keys() <= set(workbook.sheet_names):
                raise Refused(ProblemCode.DAMAGED)
            for name in faults:
                yield _sheet(name, workbook.get_sheet_by_name(name), faults[name])
    except CalamineError:
        raise Refused(ProblemCode.DAMAGED) from None


def _sheet(name: str, sheet: CalamineSheet, faults: Faults) -> Sheet:
    first_column = sheet.start[1] if sheet.start else 0
    return Sheet(name, iter(sheet.iter_rows()), sheet.total_height, first_column, faults)
