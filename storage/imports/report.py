"""What an import did, file by file, and what it found wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.imports.problems import Problem
from storage.imports.reading import Row
from storage.imports.store import Outcome
from storage.imports.vocabulary import FileKind
from storage.rerouting import Rerouted


@dataclass(slots=True)
class FileCounts:
    """What became of the rows of one sheet."""

    kind: FileKind
    added: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class ImportReport:
    """The result of one call: with any error nothing was written and all counts are 0.

    ``removed`` counts steps that left a route and periods that another took the place of, ``rerouted`` is what became
    of everything that waits for a decision.
    """

    files: dict[str, FileCounts] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    removed: int = 0
    rerouted: Rerouted = field(default_factory=Rerouted)

    @property
    def has_changes(self) -> bool:
        """Tell whether anything was added, updated or removed."""
        return self.removed > 0 or any(counts.added or counts.updated for counts in self.files.values())

    def note(self, problem: Problem) -> None:
        """Add a problem where it belongs."""
        (self.warnings if problem.is_warning else self.errors).append(problem)

    def count(self, row: Row, outcome: Outcome) -> None:
        """Count a row of a file."""
        counts = self.files[row.place.file]
        match outcome:
            case Outcome.ADDED:
                counts.added += 1
            case Outcome.UPDATED:
                counts.updated += 1
            case Outcome.UNCHANGED:
                counts.unchanged += 1

    def sort(self) -> None:
        """Put the problems in the order of files and rows; those of one row stay as they were found."""
        order = {file: number for number, file in enumerate(self.files)}
        for problems in (self.errors, self.warnings):
            problems.sort(key=lambda p: (order.get(p.file, -1), p.file, p.row or 0))
