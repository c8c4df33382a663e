"""From sheets to rows of values: finds the header row, tells the kind of file, converts every cell.

No fault ends the reading: every cell of every row is looked at, and each fault is noted with its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from storage.imports.columns import LAYOUTS, Column, Layout, Values
from storage.imports.problems import BadValue, Problem, ProblemCode
from storage.imports.sheets import Cell, Sheet
from storage.imports.values import shown
from storage.imports.vocabulary import FileKind, Words, clean, loose

_HEAD_ROWS = 20
"""A header row lies within this many rows; titles above it are common."""
_EXCERPT = 200
"""Characters of a wrong cell that a message shows."""
_MARK_BYTES = 16
_ROWS_PER_PROGRESS = 1_000

Note = Callable[[Problem], None]
Advance = Callable[[int, int], None]
"""Called with (rows read, rows altogether) now and then."""
Marks = Mapping[tuple[Any, ...], str]
"""Marks of the rows that are in the database, by key."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sheet that was recognised: its label in reports, its kind, and the header of each column that it has."""

    file: str
    kind: FileKind
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A row as read, numbered as the spreadsheet shows it. ``is_unchanged``: by its mark; it holds its key alone."""

    place: Place
    number: int
    values: Values
    mark: str = ""
    is_unchanged: bool = False

    def problem(self, code: ProblemCode, column: str | None = None, value: Any = None, **params: Any) -> Problem:
        """Return a problem of this row; ``column`` is the column's name."""
        header = None if column is None else self.place.headers.get(column)
        return Problem(code, self.place.file, self.number, header, value, params)

    def key(self, columns: Iterable[str]) -> tuple[Any, ...]:
        """Return the values of ``columns``."""
        return tuple(self.values.get(column) for column in columns)


@dataclass(frozen=True, slots=True)
class _Header:
    kind: FileKind
    positions: Mapping[str, int]
    repeated: tuple[str, ...]
    row: int
    cells: Sequence[Cell]

    @property
    def rank(self) -> tuple[int, int, int]:
        """Fewest required columns missing, then most columns known, then fewest columns in the layout."""
        return -len(self.missing), len(self.positions), -len(LAYOUTS[self.kind].columns)

    @property
    def missing(self) -> list[Column]:
        return [c for c in LAYOUTS[self.kind].columns if c.required and c.name not in self.positions]

    @property
    def is_plausible(self) -> bool:
        required = sum(column.required for column in LAYOUTS[self.kind].columns)
        return len(self.positions) >= 2 and 2 * len(self.missing) <= required


def read_sheet(
    sheet: Sheet, label: str, words: Words, note: Note, marks: Callable[[FileKind], Marks], advance: Advance
) -> tuple[Place, Iterator[Row]] | None:
    """Return where the rows of ``sheet`` come from and the rows, read as they are asked for; None: not recognised."""
    rows = enumerate(sheet.rows, 1)
    head = list(islice(rows, _HEAD_ROWS))
    header = _find_header(head, words)
    if header is None:
        return None
    texts = {name: clean(shown(header.cells[at])) for name, at in header.positions.items()}
    place = Place(label, header.kind, texts)
    _note_header(header, place, words, note)
    layout = LAYOUTS[header.kind]
    reader = _RowReader(place, header, sheet, words, note, marks(header.kind) if layout.is_marked else None)
    rest = chain(head[header.row :], rows)
    return place, reader.read(rest, advance)


def _find_header(head: Iterable[tuple[int, Sequence[Cell]]], words: Words) -> _Header | None:
    found: list[_Header] = []
    for row, cells in head:
        texts = [loose(cell) if isinstance(cell, str) else "" for cell in cells]
        found += [_match(kind, row, cells, texts, words) for kind in FileKind]
    plausible = [header for header in found if header.is_plausible]
    return max(plausible, key=lambda header: (header.rank, -header.row), default=None)


def _match(kind: FileKind, row: int, cells: Sequence[Cell], texts: Sequence[str], words: Words) -> _Header:
    known = words.headers[kind]
    positions: dict[str, int] = {}
    repeated: list[str] = []
    for at, text in enumerate(texts):
        column = known.get(text)
        if column in positions:
            repeated.append(clean(cells[at]))
        elif column is not None:
            positions[column] = at
    return _Header(kind, positions, tuple(repeated), row, cells)


def _note_header(header: _Header, place: Place, words: Words, note: Note) -> None:
    for column in header.missing:
        proper = words.header(header.kind, column.name)
        note(Problem(ProblemCode.MISSING_COLUMN, place.file, header.row, proper))
    for text in header.repeated:
        note(Problem(ProblemCode.REPEATED_COLUMN, place.file, header.row, text))
    used = set(header.positions.values())
    for at, cell in enumerate(header.cells):
        text = clean(shown(cell))
        if at not in used and text and text not in header.repeated:
            note(Problem(ProblemCode.UNKNOWN_COLUMN, place.file, header.row, text))


class _RowReader:
    """Converts the rows of one sheet."""

    def __init__(
        self, place: Place, header: _Header, sheet: Sheet, words: Words, note: Note, marks: Marks | None
    ) -> None:
        self._place, self._words, self._note, self._marks, self._sheet = place, words, note, marks, sheet
        self._layout: Layout = LAYOUTS[place.kind]
        self._positions = header.positions
        columns = [c for c in self._layout.columns if c.name in header.positions]
        self._columns = [(c, header.positions[c.name], _converter(c, words)) for c in columns]
        self._key = [entry for entry in self._columns if entry[0].name in self._layout.key]
        self._absent = dict.fromkeys(column.name for column in header.missing)
        self._width = max(header.positions.values()) + 1
        self._marked = [at for _, at in sorted(header.positions.items())]
        self._names = repr(sorted(header.positions))

    def read(self, rows: Iterable[tuple[int, Sequence[Cell]]], advance: Advance) -> Iterator[Row]:
        """Yield every row that holds anything."""
        for number, cells in rows:
            if number % _ROWS_PER_PROGRESS == 0:
                advance(number, self._sheet.row_count)
            short = self._width - len(cells)
            row = self._read(number, [*cells, *[""] * short] if short > 0 else cells)
            if row is not None:
                yield row

    def _read(self, number: int, cells: Sequence[Cell]) -> Row | None:
        faults = self._faults(number)
        if self._marks is None or faults:
            return self._convert(number, cells, faults, "")
        mark = self._mark(cells)
        key = self._known_key(cells)
        if key is not None and self._marks.get(key) == mark:
            return Row(self._place, number, dict(zip(self._layout.key, key, strict=True)), mark, is_unchanged=True)
        return self._convert(number, cells, faults, mark)

    def _convert(self, number: int, cells: Sequence[Cell], faults: Mapping[str, Problem], mark: str) -> Row | None:
        values: Values = self._absent.copy()
        problems = dict(faults)
        for column, at, convert in self._columns:
            name = column.name
            values[name] = None
            if name in faults:
                continue
            try:
                values[name] = convert(cells[at])
            except BadValue as bad:
                problems[name] = self._problem(number, name, bad.code, cells, bad.params)
        if not problems and all(value is None for value in values.values()):
            return None
        for column, _, _ in self._columns:
            if column.filled and values[column.name] is None:
                problems.setdefault(column.name, self._problem(number, column.name, ProblemCode.BLANK, cells))
        for name, code in self._layout.check(values):
            problems.setdefault(name, self._problem(number, name, code, cells))
        for problem in problems.values():
            self._note(problem)
        return Row(self._place, number, values, mark)

    def _problem(
        self, number: int, name: str, code: ProblemCode, cells: Sequence[Cell], params: Mapping[str, str] | None = None
    ) -> Problem:
        at = self._positions.get(name)
        header = self._words.header(self._place.kind, name) if at is None else self._place.headers[name]
        return Problem(code, self._place.file, number, header, "" if at is None else _excerpt(cells[at]), params or {})

    def _faults(self, number: int) -> Mapping[str, Problem]:
        """Return the cells of the row that the reader of values shows as blank although they are not."""
        if not (found := self._sheet.faults.get(number - 1)):
            return {}
        return {
            column.name: Problem(
                fault.code, self._place.file, number, self._place.headers[column.name], _excerpt(fault.value)
            )
            for column, at, _ in self._columns
            if (fault := found.get(at + self._sheet.first_column)) is not None
        }

    def _mark(self, cells: Sequence[Cell]) -> str:
        content = self._names + repr([cells[at] for at in self._marked])
        return hashlib.blake2b(content.encode(), digest_size=_MARK_BYTES).hexdigest()

    def _known_key(self, cells: Sequence[Cell]) -> tuple[Any, ...] | None:
        try:
            found = {column.name: convert(cells[at]) for column, at, convert in self._key}
        except BadValue:
            return None
        return tuple(found.get(name) for name in self._layout.key)


def _excerpt(value: Cell) -> str:
    """Return a cell as a message shows it: on one line, cut where it is very long."""
    text = " ".join(clean(shown(value)).split())
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"


def _converter(column: Column, words: Words) -> Callable[[Cell], Any]:
    """Return the column's converter; where values repeat, one that converts each of them once."""
    convert = column.convert
    if not column.repeats:
        return lambda cell: convert(cell, words)
    known: dict[tuple[type, Hashable], Any] = {}

    def remember(cell: Cell) -> Any:
        key = (cell.__class__, cell)
        if key not in known:
            known[key] = convert(cell, words)
        return known[key]

    return remember
