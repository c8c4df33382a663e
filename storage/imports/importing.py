"""The import of files and folders: everything is read and checked first, then all of it is written or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from domain.reminders import BANGKOK
from storage import calendar_changes, report_counts, shared_state, tables
from storage.database import Database
from storage.imports.calendar import write_calendar, write_duties, write_holidays
from storage.imports.checks import check_rows
from storage.imports.content import ImportStep, Progress, read_content
from storage.imports.intake import Intake
from storage.imports.organisation import write_routes, write_units
from storage.imports.people import write_people
from storage.imports.permission_trail import PermissionTrail
from storage.imports.project_parts import write_activities, write_funding, write_links, write_spending
from storage.imports.projects import project_marks, write_projects
from storage.imports.reading import Marks, Row
from storage.imports.report import ImportReport
from storage.imports.reports import report_marks, write_reports
from storage.imports.vocabulary import FileKind, Vocabulary, Words
from storage.outbox_claims import Now
from storage.queries.rules import load_organisation
from storage.queries.windows import load_windows
from storage.rerouting import Rerouting
from storage.tables.messaging import AuditAction

_WRITERS: Mapping[FileKind, Callable[[Intake, Sequence[Row]], None]] = {
    FileKind.UNITS: write_units,
    FileKind.PEOPLE: write_people,
    FileKind.ROUTES: write_routes,
    FileKind.CALENDAR: write_calendar,
    FileKind.HOLIDAYS: write_holidays,
    FileKind.DUTIES: write_duties,
    FileKind.PROJECTS: write_projects,
    FileKind.ACTIVITIES: write_activities,
    FileKind.LINKS: write_links,
    FileKind.FUNDING: write_funding,
    FileKind.SPENDING: write_spending,
    FileKind.REPORTS: write_reports,
}
"""In an order in which nothing refers to what comes after it."""

_MARKS: Mapping[FileKind, Callable[[Session], Marks]] = {
    FileKind.PROJECTS: project_marks,
    FileKind.REPORTS: report_marks,
}


def import_files(
    database: Database,
    paths: Sequence[Path],
    vocabulary: Vocabulary,
    *,
    now: datetime,
    real_now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files, and the spreadsheets of folders, in one transaction; return what came of it.

    With any error nothing is written, and all errors of all files are in the report. Files may refer to one another in
    any order. What is there already is updated, nothing is deleted but steps that left a route and periods that another
    took the place of. ``now`` is business time. A dry run writes nothing. The files are read before the transaction
    begins, so that nobody waits for that; whatever depends on the database is decided within it.
    """
    words, tell = Words(vocabulary), progress or (lambda *_: None)

    def stored_marks(kind: FileKind) -> Marks:
        with database.read() as session:
            return _MARKS[kind](session)

    content = read_content(paths, words, stored_marks, tell)
    with database.write() as session:
        if not content.agrees_with(lambda kind: _MARKS[kind](session)):  # somebody changed rows that were passed over
            content = read_content(paths, words, lambda _: {}, tell)
        _take(Intake(session, words, content.report, content.rows, now, real_now), tell)
        if dry_run or content.report.errors:
            session.rollback()
    content.report.sort()
    return content.report


def _take(intake: Intake, progress: Progress) -> None:
    check_rows(intake)
    if not intake.report.errors:
        _write(intake, progress)


def _write(intake: Intake, progress: Progress) -> None:
    session, report = intake.session, intake.report
    windows_before = load_windows(session) if intake.rows[FileKind.CALENDAR] else []
    kinds = {kind for kind, rows in intake.rows.items() if rows}
    trail = PermissionTrail(session, kinds)
    rerouting = _rerouting(intake, kinds)
    _write_rows(intake, progress)
    session.expire_all()  # the rows went past the ORM
    if not report.files:
        return
    trail.record(intake.real_now)
    counts = {name: asdict(count) for name, count in report.files.items()}
    session.add(
        tables.AuditEntry(
            at=intake.real_now, action=AuditAction.IMPORT_RUN, subject="import", before=None, after=counts
        )
    )
    session.flush()
    if report.has_changes:
        report.rerouted = rerouting.follow(Now(intake.now, intake.real_now))
        _recount(intake)
        shared_state.reference_changed(session, intake.real_now)
        if intake.rows[FileKind.CALENDAR]:
            calendar_changes.announce(session, windows_before, intake.now)


def _rerouting(intake: Intake, kinds: Collection[FileKind]) -> Rerouting:
    """Return what lets what waits for a decision go on after the import."""
    today = intake.now.astimezone(BANGKOK).date()
    changes_deciders = any(kind in (FileKind.UNITS, FileKind.PEOPLE, FileKind.ROUTES) for kind in kinds)
    return Rerouting(intake.session, today, load_organisation(intake.session, today) if changes_deciders else None)


def _recount(intake: Intake) -> None:
    """Keep the counters; where units or routes changed, what was counted elsewhere may belong to another ministry."""
    moving = (FileKind.UNITS, FileKind.ROUTES)
    counts = intake.report.files.values()
    lost_steps = intake.report.removed > 0 and bool(intake.rows[FileKind.ROUTES])
    is_moved = lost_steps or any(count.kind in moving and (count.added or count.updated) for count in counts)
    report_counts.recount(intake.session, None if is_moved else intake.recounted_units)


def _write_rows(intake: Intake, progress: Progress) -> None:
    total = sum(len(rows) for rows in intake.rows.values())
    done = 0
    for kind, write in _WRITERS.items():
        progress(ImportStep.WRITE, kind, done, total)
        if rows := intake.rows[kind]:
            write(intake, rows)
            done += len(rows)
    progress(ImportStep.WRITE, "", total, total)
