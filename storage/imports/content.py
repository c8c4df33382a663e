"""What the files of one call hold, read before the database is locked for writing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Protocol

from storage.imports.columns import LAYOUTS
from storage.imports.files import SourceFile, find_files
from storage.imports.problems import Problem, ProblemCode, Refused
from storage.imports.reading import Marks, Row, read_sheet
from storage.imports.report import FileCounts, ImportReport
from storage.imports.sheets import open_sheets
from storage.imports.vocabulary import FileKind, Words

LoadMarks = Callable[[FileKind], Marks]
"""Looks up the marks of the rows of one kind that are in the database."""


class ImportStep(StrEnum):
    """What an import is busy with."""

    READ = "read"
    WRITE = "write"


class Progress(Protocol):
    """Is told now and then how far an import is."""

    def __call__(self, step: ImportStep, what: str, done: int, total: int) -> None:
        """Take note: ``what`` is the file being read or the kind being written; counts are rows."""
        ...


@dataclass(frozen=True, slots=True)
class Content:
    """All rows of the call by kind; ``report`` has every fault that shows without a look into the database."""

    report: ImportReport = field(default_factory=ImportReport)
    rows: dict[FileKind, list[Row]] = field(default_factory=lambda: {kind: [] for kind in FileKind})

    def agrees_with(self, load_marks: LoadMarks) -> bool:
        """Tell whether every row that was passed over as unchanged is still in the database as it was read."""
        for kind, rows in self.rows.items():
            passed_over = [row for row in rows if row.is_unchanged]
            if passed_over:
                marks, key = load_marks(kind), LAYOUTS[kind].key
                if any(marks.get(row.key(key)) != row.mark for row in passed_over):
                    return False
        return True


def read_content(paths: Iterable[Path], words: Words, load_marks: LoadMarks, progress: Progress) -> Content:
    """Read the files that ``paths`` name, and the spreadsheets of folders; rows with a known mark are passed over."""
    content = Content()
    files, problems = find_files(paths)
    for problem in problems:
        content.report.note(problem)
    for file in files:
        _read_file(content, file, words, load_marks, progress)
    return content


def _read_file(content: Content, file: SourceFile, words: Words, load_marks: LoadMarks, progress: Progress) -> None:
    """Read all sheets of a file whose header row is known; the first one goes by the file's name."""
    report = content.report
    ignored: list[str] = []
    recognised = 0
    headers = [alias for columns in words.headers.values() for alias in columns]
    try:
        for sheet in open_sheets(file.path, headers):
            label = f"{file.name} [{sheet.name}]" if recognised else file.name
            advance = partial(progress, ImportStep.READ, label)
            found = read_sheet(sheet, label, words, report.note, load_marks, advance)
            if found is None:
                ignored.append(sheet.name)
                continue
            recognised += 1
            place, rows = found
            report.files[label] = FileCounts(place.kind)
            content.rows[place.kind].extend(rows)
    except Refused as refused:
        row = refused.params.get("row")
        report.note(Problem(refused.code, file.name, int(row) if row else None, params=refused.params))
        return
    if not recognised:
        report.note(Problem(ProblemCode.UNKNOWN_HEADER, file.name))
    for name in ignored if recognised else ():
        report.note(Problem(ProblemCode.SHEET_IGNORED, file.name, value=name))
