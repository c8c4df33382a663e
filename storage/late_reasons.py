"""Why something is late, as the unit explains it (``domain.md`` §5): kept with or without a report."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.submissions import MIN_REASON_LENGTH, SubmissionKind, SubmissionState
from domain.windows import Occasion
from storage.queries.obligations import report_of
from storage.shared_state import plan_changed
from storage.tables import AgencyDuty, AuditEntry, Project, Submission
from storage.tables.messaging import AuditAction


def explain_late_report(
    session: Session, code: str, quarter: Quarter, reason: str, by_id: int, real_now: datetime
) -> None:
    """Keep a unit's reason on a project's report of ``quarter``; an empty draft is begun where there is none.

    ``code`` is the project's.

    Raises:
        TransitionRefused: the reason has under ten characters, or the report is approved.
        sqlalchemy.exc.NoResultFound: there is no such project.
    """
    reason = _checked(reason)
    project = session.scalars(select(Project).where(Project.code == code)).one()
    report = session.scalar(select(Submission).join(Project, report_of(quarter)).where(Project.id == project.id))
    if report is None:
        report = Submission(
            project_id=project.id,
            unit_id=project.unit_id,
            kind=SubmissionKind.QUARTER_REPORT,
            fiscal_year=quarter.fiscal_year,
            quarter=quarter.number,
            state=SubmissionState.DRAFT,
            late_reason="",
        )
        session.add(report)
        plan_changed(session, real_now)  # what was not begun is a draft now
    if report.state is SubmissionState.APPROVED:
        raise TransitionRefused(Refusal.WRONG_STATE)
    subject = f"report:{code}:{quarter.number}/{quarter.fiscal_year}"
    _audit(session, subject, report.late_reason, reason, by_id, real_now)
    report.late_reason = reason


def explain_late_entry(session: Session, code: str, reason: str, by_id: int, real_now: datetime) -> None:
    """Keep a unit's reason on the entry of the project with this code, which was begun and not sent.

    Raises:
        TransitionRefused: the reason has under ten characters, or the entry is approved.
        sqlalchemy.exc.NoResultFound: the project has no entry.
    """
    reason = _checked(reason)
    kind = SubmissionKind.PROJECT_ENTRY
    entry = session.scalars(select(Submission).join(Project).where(Project.code == code, Submission.kind == kind)).one()
    if entry.state is SubmissionState.APPROVED:
        raise TransitionRefused(Refusal.WRONG_STATE)
    _audit(session, f"entry:{code}", entry.late_reason, reason, by_id, real_now)
    entry.late_reason = reason


def explain_late_duty(
    session: Session, unit_id: int, occasion: Occasion, plan_name: str, reason: str, by_id: int, real_now: datetime
) -> None:
    """Keep an agency's reason on one of its duties; the agency's own plan has the empty name.

    Raises:
        TransitionRefused: the reason has under ten characters, or the duty is done.
    """
    reason = _checked(reason)
    row = AgencyDuty
    duty = session.scalar(
        select(row).where(
            row.unit_id == unit_id,
            row.kind == occasion.kind,
            row.fiscal_year == occasion.fiscal_year,
            row.plan_name == plan_name,
        )
    )
    if duty is None:
        duty = AgencyDuty(
            unit_id=unit_id, kind=occasion.kind, fiscal_year=occasion.fiscal_year, plan_name=plan_name, late_reason=""
        )
        session.add(duty)
    if duty.entered_on is not None:
        raise TransitionRefused(Refusal.WRONG_STATE)
    subject = f"duty:{unit_id}:{occasion.kind}:{occasion.fiscal_year}:{plan_name}"
    _audit(session, subject, duty.late_reason, reason, by_id, real_now)
    duty.late_reason = reason


def _checked(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < MIN_REASON_LENGTH:
        raise TransitionRefused(Refusal.REASON_TOO_SHORT)
    return reason


def _audit(session: Session, subject: str, before: str, after: str, by_id: int, real_now: datetime) -> None:
    session.add(
        AuditEntry(
            at=real_now,
            action=AuditAction.LATE_REASON_GIVE,
            subject=subject,
            actor_id=by_id,
            channel="line",
            before=before,
            after=after,
        )
    )
