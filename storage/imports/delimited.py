"""Text files with separators, in the encodings and with the separators that Thai Excel writes."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import islice
from pathlib import Path

from storage.imports.problems import ProblemCode, Refused
from storage.imports.vocabulary import loose

_SEPARATORS = (",", ";", "\t")
_HEAD_ROWS = 20
_PIECE = 256 * 1024
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_PLAIN_ENCODINGS = ("utf-8", "cp874")
"""cp874 is what Thai Windows writes, and includes TIS-620."""
_BYTES_AS_THEY_ARE = "latin-1"


def open_delimited(path: Path, header_guess: Sequence[str]) -> Iterator[list[str]]:
    """Yield the rows of a text file with separators; rows are numbered as Excel does, line breaks in quotes included.

    The separator is the one that gives the most cells that look like ``header_guess``.

    Raises:
        Refused: it is no text in a known encoding, or its quotes do not match.
    """
    encoding = _encoding(path)
    known = {loose(header) for header in header_guess}
    separator = max(_SEPARATORS, key=lambda s: _recognised(islice(_rows(path, encoding, s), _HEAD_ROWS), known))
    return _rows(path, encoding, separator)


def _recognised(rows: Iterator[list[str]], known: AbstractSet[str]) -> int:
    """Return how many cells look like known headers, up to where the separator makes no sense."""
    count = 0
    with suppress(Refused):
        for row in rows:
            count += sum(loose(cell) in known for cell in row)
    return count


def _rows(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=separator, strict=True)
        row = 0
        try:
            for row, cells in enumerate(reader, 1):  # noqa: B007 - the number says where the fault is
                yield cells
        except csv.Error:
            raise Refused(ProblemCode.BAD_CSV, row=str(row + 1)) from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if head.startswith(mark)), None)
    if any(_CONTROL_CHARACTERS.search(piece) for piece in _pieces(path, marked or _BYTES_AS_THEY_ARE, "replace")):
        raise Refused(ProblemCode.NOT_A_SPREADSHEET)
    for encoding in [marked] if marked else _PLAIN_ENCODINGS:
        if _is_readable(path, encoding):
            return encoding
    raise Refused(ProblemCode.UNKNOWN_ENCODING)


def _pieces(path: Path, encoding: str, errors: str) -> Iterator[str]:
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        while piece := file.read(_PIECE):
            yield piece


def _is_readable(path: Path, encoding: str) -> bool:
    try:
        for _ in _pieces(path, encoding, "strict"):
            pass
    except UnicodeError:
        return False
    return True
