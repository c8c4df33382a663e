"""Edits of an official project: wished values that wait beside it until their approval makes them official."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from domain.submissions import SubmissionKind
from storage.tables import Project, Submission, SubmissionVersion

NOT_EDITABLE = frozenset({"id", "code", "unit_id", "official_version", "import_mark"})
"""Columns that an edit leaves alone: what the project is called by, whose it is, and what we keep about it."""


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return wished values by column as ``SubmissionVersion.changes`` keeps them: baht and days as text."""
    return {name: str(value) if isinstance(value, (Decimal, date)) else value for name, value in values.items()}


def from_json(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wished values that ``as_json`` gave, as the columns of ``projects`` take them."""
    columns = inspect(Project).columns
    return {
        name: _read(columns[name].type.python_type, value)
        for name, value in changes.items()
        if name in columns and name not in NOT_EDITABLE
    }


_Told = dict[str, Any]


def told_changes(session: Session, row: Submission, changes: Mapping[str, Any]) -> tuple[_Told, _Told]:
    """Return what ``changes`` replace and what with, each as the audit trail keeps it; empty where nothing changes."""
    if not changes:
        return {}, {}
    project = session.get_one(Project, row.project_id)
    told: _Told = {"changes": as_json(changes)}
    if row.kind is SubmissionKind.PROJECT_ENTRY:  # it is in the project already, official or not
        return {}, told
    replaced = {name: getattr(project, name) for name in changes if name in inspect(Project).columns}
    return {"changes": as_json(replaced)}, told


def apply_changes(session: Session, row: Submission) -> None:
    """Make the wished values of the version that is approved the project's own."""
    query = select(SubmissionVersion.changes).where(
        SubmissionVersion.submission_id == row.id, SubmissionVersion.version == row.version
    )
    changes = from_json(session.scalar(query) or {})
    if changes:
        session.execute(update(Project).where(Project.id == row.project_id).values(**changes))


def _read(kind: type, value: Any) -> Any:
    if value is None:
        return None
    if kind is Decimal:
        return Decimal(value)
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if issubclass(kind, StrEnum) else value
