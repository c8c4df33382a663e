"""What was sent or decided in the bot and is left alone by an import, which lists the differences (contract §4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.submissions import SubmissionKind
from storage.imports.intake import Intake
from storage.imports.problems import ProblemCode
from storage.imports.reading import Row
from storage.imports.store import Outcome
from storage.tables import Submission
from storage.tables.submissions import Origin

_NOT_THERE = "–"
"""What the bot has where the file has a row that the bot lacks."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How rows of a file are compared with what is stored: ``key`` tells them apart, ``column`` holds the value.

    A row that is not ``there`` differs by its ``named`` column. ``read`` gives values the form in which they are
    compared and shown.
    """

    key: Callable[[Row], Any]
    column: str
    named: str
    there: Mapping[Any, Any]
    read: Callable[[Any], Any] = lambda value: value


def entered_in_bot(session: Session) -> frozenset[int]:
    """Return the ids of projects that were entered in the bot, or whose entry was decided there."""
    row = Submission
    is_entry = (row.kind == SubmissionKind.PROJECT_ENTRY) & (row.origin == Origin.BOT)
    query = select(row.project_id).where(is_entry, row.project_id.is_not(None))
    return frozenset(number for number in session.scalars(query) if number is not None)


def note_kept(intake: Intake, rows: Sequence[Row], kept: Kept) -> None:
    """List how rows differ from what is stored, and count them as unchanged."""
    for row in rows:
        key, value = kept.key(row), kept.read(row.values.get(kept.column))
        if key not in kept.there:
            intake.note(row, ProblemCode.KEPT_FROM_BOT, kept.named, row.values.get(kept.named), kept=_NOT_THERE)
        elif kept.column in row.values and (there := kept.read(kept.there[key])) != value:
            intake.note(row, ProblemCode.KEPT_FROM_BOT, kept.column, value, kept=there)
        intake.report.count(row, Outcome.UNCHANGED)
