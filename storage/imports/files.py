"""Which files a call means, and what each is called in the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from storage.imports.problems import Problem, ProblemCode
from storage.imports.vocabulary import clean

_READ = frozenset({".xlsx", ".csv"})
_REFUSED_LATER = frozenset({".xls", ".xlsm", ".xlsb", ".ods"})
"""Somebody expects these to be read: reading them says why not."""
_LOCK_FILE = "~$"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read; ``name`` is its file name, with its folders where two files of the call have the same."""

    path: Path
    name: str


def find_files(paths: Iterable[Path]) -> tuple[list[SourceFile], list[Problem]]:
    """Return each file that ``paths`` name, folders searched one level deep, and what is wrong with the rest.

    Only regular files are returned: opening a pipe or a device could wait for ever.
    """
    found: dict[Path, Path] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            if path.is_dir():
                found.update((file.resolve(), file) for file in _inside(path, problems))
            elif path.is_file():
                found.setdefault(path.resolve(), path)
            else:
                problems.append(Problem(ProblemCode.NO_SUCH_PATH, _shown(path)))
        except (OSError, RuntimeError):  # too long a name, a link to itself, no permission
            problems.append(Problem(ProblemCode.NO_SUCH_PATH, _shown(path)))
    names = Counter(path.name for path in found.values())
    return [SourceFile(path, _shown(path.name if names[path.name] == 1 else path)) for path in found.values()], problems


def _inside(folder: Path, problems: list[Problem]) -> list[Path]:
    files: list[Path] = []
    unreadable = 0
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", _LOCK_FILE)) or path.is_dir():
            continue
        if path.suffix.lower() not in _READ | _REFUSED_LATER:
            problems.append(Problem(ProblemCode.FILE_IGNORED, _shown(path.name)))
        elif path.is_file():
            files.append(path)
        else:
            unreadable += 1
            problems.append(Problem(ProblemCode.NO_SUCH_PATH, _shown(path)))
    if not files and not unreadable:
        problems.append(Problem(ProblemCode.NOTHING_TO_READ, _shown(folder)))
    return files


def _shown(path: Path | str) -> str:
    """Return a path as people can read it: without control characters, and without bytes that are no text."""
    return clean(str(path).encode(errors="replace").decode())
