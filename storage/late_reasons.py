"""Why something is late, as the unit explains it (``domain.md`` §5): kept with or without a report."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.submissions import SubmissionKind, SubmissionState, check_reason
from domain.windows import Occasion
from storage.audit import record
from storage.outbox_claims import Now
from storage.queries.obligations import report_of
from storage.shared_state import plan_changed
from storage.submissions.actor import Actor
from storage.submissions.rows import plan_subject, project_subject
from storage.tables import AgencyDuty, Project, Submission, Unit
from storage.tables.messaging import AuditAction


def explain_late_report(session: Session, code: str, quarter: Quarter, reason: str, by: Actor, at: Now) -> None:
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
        plan_changed(session, at.real)  # what was not begun is a draft now
    if report.state is SubmissionState.APPROVED:
        raise TransitionRefused(Refusal.WRONG_STATE)
    subject = project_subject(SubmissionKind.QUARTER_REPORT, code, quarter.fiscal_year, quarter.number)
    _audit(session, subject, report.late_reason, reason, by, at)
    report.late_reason = reason


def explain_late_entry(session: Session, code: str, reason: str, by: Actor, at: Now) -> None:
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
    _audit(session, project_subject(kind, code, 0, 0), entry.late_reason, reason, by, at)
    entry.late_reason = reason


def explain_late_duty(
    session: Session, unit_id: int, occasion: Occasion, plan_name: str, reason: str, by: Actor, at: Now
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
    unit = session.scalars(select(Unit.code).where(Unit.id == unit_id)).one()
    subject = plan_subject(unit, occasion.kind, occasion.fiscal_year, duty.listed_as or plan_name)
    _audit(session, subject, duty.late_reason, reason, by, at)
    duty.late_reason = reason


def _checked(reason: str) -> str:
    check_reason(reason)
    return reason.strip()


def _audit(session: Session, subject: str, before: str, after: str, by: Actor, at: Now) -> None:
    record(session, AuditAction.LATE_REASON_GIVE, subject, by, at, before=before, after=after)
