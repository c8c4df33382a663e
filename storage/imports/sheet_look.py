"""A look into a worksheet's XML for what python-calamine shows as blank or cannot bear.

Calamine reads error cells and formulas without a stored value as blanks, and builds the whole rectangle between the
first and the last cell in memory, however far apart they lie. Most sheets hold plain values in the spelling that all
programs use: a glance over the bytes is enough to know that. Any other sheet is parsed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from storage.imports.package import parse, xml_parser
from storage.imports.problems import ProblemCode, Refused

MAX_CELLS = 8_000_000

_PLAIN_START = re.compile(rb"(?:\xef\xbb\xbf)?<(?:\?xml|worksheet)")
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="[0-9]+")?(?: t="(?:s|n|b|d|str|inlineStr)")? ?/?>')
_PECULIAR = (re.compile(rb"<(?:[f!]|c[^ a-z])"), re.compile(rb":[cf][ />]"))
"""Formulas, declarations, cells without a reference; cells and formulas under a prefix."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """An error value or a formula that was never calculated."""

    code: ProblemCode
    value: str


Faults = Mapping[int, Mapping[int, CellFault]]
"""Faults by row and column, both counted from 0."""


def look(unpack: Callable[[], Iterable[bytes]]) -> Faults:
    """Return the faults of a worksheet; ``unpack`` yields its XML from the start each time it is called.

    Raises:
        Refused: it is not well-formed, or spans more cells than fit in memory.
    """
    if _is_plain(unpack()):
        return {}
    reader = _Reader()
    for piece in unpack():
        parse(reader.parser, piece)
        reader.extent.check()
    parse(reader.parser, b"", is_last=True)
    return reader.faults


@dataclass(slots=True)
class _Extent:
    """The rectangle of the filled cells: rows from 0, columns as letters or, where cells have no name, from 0."""

    first_row: int = -1
    last_row: int = -1
    letters: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)

    def add_row(self, row: int) -> None:
        self.first_row = row if self.first_row < 0 else min(self.first_row, row)
        self.last_row = max(self.last_row, row)

    def check(self) -> None:
        """Refuse a rectangle that is too large, or cells that lie outside their row."""
        if not all(letters.isalpha() for letters in self.letters):
            raise Refused(ProblemCode.DAMAGED)
        columns = self.numbers | {column_number(letters) for letters in self.letters}
        width = max(columns) - min(columns) + 1 if columns else 0
        if width * (self.last_row - self.first_row + 1) > MAX_CELLS:
            raise Refused(ProblemCode.TOO_MANY_CELLS, limit=f"{MAX_CELLS:,}")


def _is_plain(pieces: Iterable[bytes]) -> bool:
    """Tell whether every cell of a whole sheet is a plain value as usually spelled, in a rectangle not too large."""
    extent, rest, is_first = _Extent(), b"", True
    for piece in pieces:
        if is_first and _PLAIN_START.match(piece) is None:
            return False
        is_first = False
        text, rest = _whole_tags(rest + piece)
        if not _is_plain_text(text, extent):
            return False
        try:
            extent.check()
        except Refused:  # formatted but empty cells may reach far; only a parser tells them from filled ones
            return False
    return rest.rstrip().endswith(b"</worksheet>") and _is_plain_text(rest, extent)


def _whole_tags(text: bytes) -> tuple[bytes, bytes]:
    """Split before the last tag, which the piece may have cut."""
    at = text.rfind(b"<")
    return (text[:at], text[at:]) if at > 0 else (b"", text)


def _is_plain_text(text: bytes, extent: _Extent) -> bool:
    if any(mark.search(text) for mark in _PECULIAR):
        return False
    cells = _PLAIN_CELL.findall(text)
    if len(cells) != text.count(b"<c "):
        return False
    extent.letters.update(letters.decode() for letters in {letters for letters, _ in cells})
    for row in {row for _, row in cells}:
        extent.add_row(int(row) - 1)
    return True


class _LocalNames(dict[str, str]):
    """Tag names without their prefix; each is worked out once."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition(":")[2]
        self[name] = local
        return local


class _Reader:
    """Listens to the parser. The starts of tags are all it needs, but inside formulas and error cells."""

    def __init__(self) -> None:
        self.faults: defaultdict[int, dict[int, CellFault]] = defaultdict(dict)
        self.extent = _Extent()
        self.parser = xml_parser()
        self.parser.StartElementHandler = self._start
        self._names = _LocalNames()
        self._row = self._column = -1
        self._row_label = ""
        self._reference = self._type = ""
        self._is_stored = False
        self._formula: str | None = None
        self._text: list[str] = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._names[name]
        if tag == "c":
            self._column += 1
            self._reference = attributes.get("r", "")
            self._type = attributes.get("t", "")
            if self._type == "e":
                self._listen()
        elif tag in ("v", "is"):
            if self._reference:
                self.extent.letters.add(self._reference.removesuffix(self._row_label))
            else:
                self.extent.numbers.add(self._column)
            if self._row != self.extent.last_row:
                self.extent.add_row(self._row)
            self._is_stored = True
            self._text.clear()
        elif tag == "f":
            self._listen()
        elif tag == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._row_label = str(self._row + 1)
            self._column = -1

    def _listen(self) -> None:
        """Follow the rest of the cell closely."""
        self._is_stored = False
        self._text.clear()
        self.parser.CharacterDataHandler = self._text.append
        self.parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        tag = self._names[name]
        if tag == "f":
            self._formula = "".join(self._text)
        elif tag in ("v", "is"):
            self.parser.CharacterDataHandler = None
        elif tag == "c":
            self._judge()
            self._formula = None
            self.parser.CharacterDataHandler = None
            self.parser.EndElementHandler = None

    def _judge(self) -> None:
        value = "".join(self._text) if self._is_stored else ""
        letters = self._reference.removesuffix(self._row_label)
        column = column_number(letters) if letters else self._column
        if self._type == "e":
            self.faults[self._row][column] = CellFault(ProblemCode.ERROR_CELL, value)
        elif self._formula is not None and not (self._is_stored and (value or self._type in ("str", "inlineStr"))):
            self.faults[self._row][column] = CellFault(ProblemCode.FORMULA_WITHOUT_VALUE, f"={self._formula}")


def column_number(letters: str) -> int:
    """Return the number, from 0, of a column named by letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
