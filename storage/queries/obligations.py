"""The obligation rule as SQL; ``domain.obligations.owes_report`` is the rule, and a test holds the two together."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, exists

from domain.fiscal import Quarter
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from storage.tables import Project, QuarterReport, Submission


def owes_report(quarter: Quarter) -> ColumnElement[bool]:
    """Return the condition that a row of ``projects`` owes a report of ``quarter``, wherever tracking begins."""
    return and_(
        Project.official_version > 0,
        Project.execution_status != ExecutionStatus.CANCELLED,
        Project.start_month <= quarter.last_day,
        Project.end_month >= quarter.first_day,
    )


def report_of(quarter: Quarter) -> ColumnElement[bool]:
    """Return the condition that joins a project to its report of ``quarter``."""
    return and_(
        Submission.project_id == Project.id,
        Submission.kind == SubmissionKind.QUARTER_REPORT,
        Submission.fiscal_year == quarter.fiscal_year,
        Submission.quarter == quarter.number,
    )


def entered_state() -> ColumnElement[SubmissionState | None]:
    """Return the state of a joined report; NULL while nothing of it is entered, even where a late reason was given."""
    is_empty = (Submission.state == SubmissionState.DRAFT) & ~exists().where(
        QuarterReport.submission_id == Submission.id
    )
    return case((is_empty, None), else_=Submission.state)
