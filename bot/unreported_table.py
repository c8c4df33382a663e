"""The list of unreported projects as a spreadsheet: the command writes it, the page hands it out."""

from __future__ import annotations

from collections.abc import Iterable

from messages_th import formats
from messages_th import imports as thai
from messages_th.words import word
from storage.exports.spreadsheet import Table
from storage.queries.unreported import UnreportedProject


def unreported_table(projects: Iterable[UnreportedProject]) -> Table:
    """Return the table of ``projects``, in their order."""
    return Table(thai.UNREPORTED_TITLE, thai.UNREPORTED_HEADERS, [_row(project) for project in projects])


def _row(project: UnreportedProject) -> list[str]:
    state = word(project.state)
    return [
        project.code,
        project.name,
        project.agency,
        project.unit,
        formats.quarter_text(project.quarter, project.basis),
        state if project.step is None else thai.waiting_at(state, project.step),
        "" if project.overdue is None else thai.OVERDUE_AT[project.overdue],
        ", ".join(f"{person.full_name} ({person.position})" for person in project.turn_of),
        formats.short_date(project.since) if project.since else "",
        project.late_reason,
    ]
