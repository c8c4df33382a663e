"""What a unit is writing: the report of a quarter before it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.completeness import ReportContent, ReportDemands
from domain.errors import Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.roles import Role
from domain.submissions import SubmissionKind, SubmissionState
from storage.database import insert_into
from storage.outbox_claims import Now
from storage.queries.spending_plans import plan_of
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.submissions.rows import changed
from storage.tables import (
    Activity,
    ActivityProgress,
    DraftField,
    LinkProgress,
    Project,
    ProjectLink,
    QuarterReport,
    Submission,
)
from storage.tables.projects import LinkKind
from storage.tables.submissions import Origin

LEVEL_TWO = (LinkKind.NESD_PLAN, LinkKind.SECURITY_PLAN, LinkKind.REFORM_PLAN)
"""Links of M1 to plans of level 2, to each of which a report says what it contributes (``domain.md`` §2)."""
_PLAIN = (
    "output_progress", "outcome_progress", "kpi_progress", "level1_progress", "disbursed_baht",
    "carried_disbursed_baht", "underspend_reason", "summary", "problems", "recommendations",
)  # fmt: skip


def save_report(
    session: Session, reference: Reference, by: Actor, code: str, quarter: Quarter, content: ReportContent, at: Now
) -> Submission:
    """Keep what the unit wrote for a project's report (``code``) of ``quarter``; it is not sent by that.

    Raises:
        TransitionRefused: the report is on its way or approved, or ``by`` does not enter the unit's data.
        sqlalchemy.exc.NoResultFound: there is no such project.
    """
    project = session.scalars(select(Project).where(Project.code == code)).one()
    unit = reference.unit_codes[project.unit_id]
    if not reference.rules.organisation.enters_data_of(by.code, unit, Role.PROJECT_OFFICER):
        raise TransitionRefused(Refusal.NOT_YOUR_UNIT)
    row = report_row(session, project, quarter)
    if row.state not in (SubmissionState.DRAFT, SubmissionState.RETURNED):
        raise TransitionRefused(Refusal.WRONG_STATE)
    row.origin = Origin.BOT
    write_content(session, row, row.version + 1, content)
    forget_marks(session, row.id)
    changed(session, row, row.state, at)
    return row


def write_content(session: Session, row: Submission, version: int, content: ReportContent) -> None:
    """Make ``content`` what the report says in ``version``."""
    written = content_row(session, row.id, version)
    if written is None:
        written = QuarterReport(submission_id=row.id, version=version)
        session.add(written)
    for name in _PLAIN:
        setattr(written, name, getattr(content, name))
    session.flush()
    session.execute(delete(ActivityProgress).where(ActivityProgress.report_id == written.id))
    session.execute(delete(LinkProgress).where(LinkProgress.report_id == written.id))
    session.add_all(
        ActivityProgress(report_id=written.id, activity_id=number, progress=said)
        for number, said in content.activity_progress.items()
    )
    session.add_all(
        LinkProgress(report_id=written.id, link_id=number, progress=said)
        for number, said in content.link_progress.items()
    )
    session.flush()


def forget_marks(session: Session, submission_id: int) -> None:
    """Forget who wrote which field of a report: it is approved, or was written anew as a whole."""
    session.execute(delete(DraftField).where(DraftField.submission_id == submission_id))


def content_row(session: Session, submission_id: int, version: int) -> QuarterReport | None:
    """Return what the report says in exactly this version."""
    of_version = (QuarterReport.submission_id == submission_id) & (QuarterReport.version == version)
    return session.scalar(select(QuarterReport).where(of_version))


def newest_content(session: Session, submission_id: int) -> QuarterReport | None:
    """Return the newest that was written for the report, sent or not."""
    query = select(QuarterReport).where(QuarterReport.submission_id == submission_id)
    return session.scalar(query.order_by(QuarterReport.version.desc()).limit(1))


def content_of(session: Session, written: QuarterReport | None) -> ReportContent:
    """Return a stored content as the rules know it; blank where nothing is written."""
    if written is None:
        return ReportContent()
    activities = _said(session, select(ActivityProgress.activity_id, ActivityProgress.progress), written.id)
    links = _said(session, select(LinkProgress.link_id, LinkProgress.progress), written.id)
    plain: dict[str, Any] = {name: getattr(written, name) for name in _PLAIN}
    return ReportContent(**plain, activity_progress=activities, link_progress=links)


def demands_of(session: Session, project: Project, quarter: Quarter) -> ReportDemands:
    """Return what the project asks of its report of ``quarter``."""
    plan = plan_of(session, project.id, quarter) if project.uses_budget else None
    in_quarter = getattr(Activity, f"in_q{quarter.number}")
    activities = select(Activity.id).where(Activity.project_id == project.id, in_quarter).order_by(Activity.id)
    links = select(ProjectLink.id).where(ProjectLink.project_id == project.id, ProjectLink.kind.in_(LEVEL_TWO))
    return ReportDemands(
        uses_budget=project.uses_budget,
        planned_baht=plan.own if plan else None,
        activities=session.scalars(activities).all(),
        links=session.scalars(links.order_by(ProjectLink.id)).all(),
    )


def report_row(session: Session, project: Project, quarter: Quarter) -> Submission:
    """Return the project's report of ``quarter``, locked; an empty draft is begun where there is none."""
    found = existing_report(session, project.id, quarter, locked=True)
    if found is None:
        begun = insert_into(session, Submission).values(
            **_about(project.id, quarter), unit_id=project.unit_id, state=SubmissionState.DRAFT, origin=Origin.BOT
        )
        session.execute(begun.on_conflict_do_nothing())  # somebody else may begin it at the same time
        found = existing_report(session, project.id, quarter, locked=True)
    if found is None:
        raise RuntimeError("the report that was begun is not there")
    return found


def existing_report(session: Session, project_id: int, quarter: Quarter, *, locked: bool = False) -> Submission | None:
    """Return the project's report of ``quarter``; None: nobody has begun it.

    ``locked``: it is read anew, and nobody else changes it until the transaction ends.
    """
    query = select(Submission).filter_by(**_about(project_id, quarter))
    if locked:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalar(query)


def _about(project_id: int, quarter: Quarter) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "kind": SubmissionKind.QUARTER_REPORT,
        "fiscal_year": quarter.fiscal_year,
        "quarter": quarter.number,
    }


def _said(session: Session, query: Any, report_id: int) -> Mapping[int, str]:
    number, _ = query.selected_columns
    rows: Sequence[Any] = session.execute(query.where(number.table.c.report_id == report_id)).all()
    return dict(rows)
