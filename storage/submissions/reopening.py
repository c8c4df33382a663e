"""Giving a report back to its unit: which ones an administrator can open again, and doing it (``domain.md`` §3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.obligations import owes_report
from domain.send_timing import send_timing
from domain.submissions import SubmissionKind, SubmissionState
from storage.outbox_claims import Now
from storage.queries.projects import report_occasion
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.submissions.deciding import check_reopener, reopen
from storage.submissions.drafts import report_row
from storage.submissions.windows import windows_for
from storage.tables import Project, Submission

_MOST_QUARTERS = 80
"""Twenty years: longer than any project, whatever months an office entered."""
_REASON_GIVEN = "given with the sending"
"""Stands for the reason of a late sending: here it is asked only whether the window keeps it back."""


@dataclass(frozen=True, slots=True)
class Reopenable:
    """A report that can be opened again; ``state`` None: nothing is entered yet. ``version`` is its newest."""

    quarter: Quarter
    state: SubmissionState | None
    version: int


def reopenable_reports(session: Session, reference: Reference, code: str) -> Sequence[Reopenable]:
    """Return the reports of a project that an administrator can open again, newest first.

    Those are approved ones, and ones that are owed and cannot be sent any more since their window closed.
    """
    project = session.scalar(select(Project).where(Project.code == code))
    found = _reopenable(session, reference, project) if project else ()
    return sorted(found, key=lambda one: one.quarter, reverse=True)


def reopen_report(
    session: Session, reference: Reference, by: Actor, code: str, quarter: Quarter, reason: str, at: Now
) -> None:
    """Open a project's report of ``quarter`` again; an empty draft is begun where there is none. Its unit is told.

    Raises:
        TransitionRefused: ``by`` is no administrator, the reason is too short, or there is nothing to open.
    """
    check_reopener(reference, by, reason)
    if all(one.quarter != quarter for one in reopenable_reports(session, reference, code)):
        raise TransitionRefused(Refusal.WRONG_STATE)
    project = session.scalars(select(Project).where(Project.code == code)).one()
    reopen(session, reference, by, report_row(session, project, quarter).id, reason, at)


def _reopenable(session: Session, reference: Reference, project: Project) -> Iterator[Reopenable]:
    kind = SubmissionKind.QUARTER_REPORT
    query = select(Submission).where(Submission.project_id == project.id, Submission.kind == kind)
    rows = {Quarter(row.fiscal_year, row.quarter): row for row in session.scalars(query)}
    for quarter, report in rows.items():
        if report.state is SubmissionState.APPROVED:
            yield Reopenable(quarter, report.state, report.version)
    for quarter in _owed(reference, project):
        row = rows.get(quarter)
        if (row is None or _is_with_unit(row)) and _is_kept_back(reference, project, quarter, row):
            yield Reopenable(quarter, row.state if row else None, row.version if row else 0)


def _is_with_unit(row: Submission) -> bool:
    return row.state in (SubmissionState.DRAFT, SubmissionState.RETURNED) and row.reopened_at is None


def _owed(reference: Reference, project: Project) -> Iterator[Quarter]:
    rules = reference.rules
    tracked = rules.policy(reference.unit_codes[project.unit_id]).tracked_from
    entry = SubmissionState.APPROVED if project.official_version else SubmissionState.DRAFT
    quarter = Quarter.containing(rules.today)
    for _ in range(_MOST_QUARTERS):
        if owes_report(project.start_month, project.end_month, entry, project.execution_status, quarter, tracked):
            yield quarter
        quarter = quarter.previous()


def _is_kept_back(reference: Reference, project: Project, quarter: Quarter, row: Submission | None) -> bool:
    """Tell whether the report cannot be sent since its window closed."""
    rules, unit = reference.rules, reference.unit_codes[project.unit_id]
    windows, late_reports = windows_for(reference, unit, report_occasion(quarter)), rules.policy(unit).late_reports
    returned_by = row.returned_by if row else None
    try:
        send_timing(windows, returned_by, late_reports, rules.today, is_reopened=False, late_reason=_REASON_GIVEN)
    except TransitionRefused as refused:
        return refused.refusal is Refusal.WINDOW_CLOSED
    return False
