"""What stands in a submission, and what changed in it: reports (M6), projects (M1 to M5) and agencies' plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from domain.completeness import ReportContent
from domain.fiscal import Quarter
from domain.revisions import Basis, Change, Changes
from domain.spending import Spending
from domain.submissions import SubmissionKind, SubmissionState
from storage.queries.spending_plans import plan_in_force, planned, planned_to_date
from storage.submissions.drafts import LEVEL_TWO, content_of, content_row
from storage.submissions.project_changes import NOT_EDITABLE, from_json
from storage.tables import (
    Activity,
    AgencyDuty,
    Decision,
    FundingSource,
    Project,
    ProjectLink,
    QuarterReport,
    SpendingPlan,
    Submission,
    SubmissionVersion,
)
from storage.tables.projects import FundingKind, LinkKind
from storage.tables.submissions import Verdict

_BY_ITEM = ("activity_progress", "link_progress")
PLAIN = tuple(one.name for one in fields(ReportContent) if one.name not in _BY_ITEM)
"""Fields of M6 with one value."""
_OF_PROJECT = tuple(column.key for column in inspect(Project).columns if column.key not in NOT_EDITABLE)
_MONEY_BY_QUARTER = tuple[Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class MoneyOfQuarter:
    """Of a report, in baht: the quarter, and the fiscal year up to it with this report in the sum."""

    own: Spending
    to_date: Spending


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity of M4, or with ``is_part`` one of its parts: its fiscal quarters, and what the report says of it."""

    name: str
    is_part: bool
    quarters: Sequence[int]
    progress: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A plan, policy or law that M1 names, and what the report says of it."""

    kind: LinkKind
    name: str
    progress: str


@dataclass(frozen=True, slots=True)
class Particulars:
    """The lists that belong to a report or a project. Money is baht; ``plans`` are by fiscal year, of four quarters."""

    activities: Sequence[ActivityLine] = ()
    links: Sequence[LinkLine] = ()
    funding: Sequence[tuple[FundingKind, str, Decimal]] = ()
    plans: Mapping[int, _MONEY_BY_QUARTER] = field(default_factory=dict)


def values_of(session: Session, row: Submission, project: Project | None) -> Mapping[str, Any]:
    """Return what the version that was sent last says, by field: of M6, of the project's columns, or of the plan."""
    if project is None:
        duty = session.get_one(AgencyDuty, row.agency_duty_id)
        return {name: getattr(duty, name) for name in ("plan_name", "fiscal_year", "entered_on", "reference")}
    if row.kind is SubmissionKind.QUARTER_REPORT:
        content = content_of(session, content_row(session, row.id, row.version))
        return {name: getattr(content, name) for name in PLAIN}
    official = {name: getattr(project, name) for name in _OF_PROJECT}
    return {**official, **_wished(session, row, row.version)} if row.kind is SubmissionKind.PROJECT_EDIT else official


def money_of(session: Session, project: Project, quarter: Quarter, disbursed: Decimal | None) -> MoneyOfQuarter:
    """Return the plan in force at the quarter's end against ``disbursed`` in it, and both of the year so far."""
    plan = session.execute(
        select(planned(quarter.number), planned_to_date(quarter.number))
        .select_from(Project)
        .join(SpendingPlan, plan_in_force(quarter))
        .where(Project.id == project.id)
    ).first()
    earlier = session.scalar(
        select(func.sum(QuarterReport.disbursed_baht))
        .join(Submission, QuarterReport.submission_id == Submission.id)
        .where(
            QuarterReport.version == Submission.version,
            Submission.project_id == project.id,
            Submission.kind == SubmissionKind.QUARTER_REPORT,
            Submission.fiscal_year == quarter.fiscal_year,
            Submission.quarter < quarter.number,
            Submission.state == SubmissionState.APPROVED,
        )
    )
    so_far = Spending(None, disbursed) + Spending(None, earlier)
    own_plan, plan_to_date = plan or (None, None)
    return MoneyOfQuarter(Spending(own_plan, disbursed), Spending(plan_to_date, so_far.disbursed))


def changes_of(session: Session, row: Submission, project: Project | None, last_step: int) -> Changes | None:
    """Return what the version that was sent last changes; None: nothing was there before it."""
    if project is None:
        return None
    if row.kind is SubmissionKind.QUARTER_REPORT:
        return _changes_of_report(session, row, last_step)
    wished = _wished(session, row, row.version)
    if row.kind is SubmissionKind.PROJECT_EDIT:
        if row.state is SubmissionState.APPROVED:  # the project says by now what was wished
            return Changes(Basis.OFFICIAL, 0, [Change(name, None, after) for name, after in wished.items()])
        return Changes(Basis.OFFICIAL, 0, _differing({name: getattr(project, name) for name in wished}, wished))
    if row.version < 2:
        return None
    return Changes(Basis.SENT_BEFORE, row.version - 1, [Change(name, None, after) for name, after in wished.items()])


def particulars_of(session: Session, row: Submission, project: Project | None) -> Particulars:
    """Return the lists of a report (the activities of its quarter, links to level 2) or of a whole project."""
    if project is None:
        return Particulars()
    is_report = row.kind is SubmissionKind.QUARTER_REPORT
    said = content_of(session, content_row(session, row.id, row.version)) if is_report else ReportContent()
    activities = [
        activity
        for activity in _in_order(session.scalars(select(Activity).where(Activity.project_id == project.id)).all())
        if not is_report or getattr(activity, f"in_q{row.quarter}") or activity.id in said.activity_progress
    ]
    links = session.scalars(
        select(ProjectLink).where(ProjectLink.project_id == project.id).order_by(ProjectLink.kind, ProjectLink.id)
    )
    return Particulars(
        activities=[
            ActivityLine(one.name, one.parent_id is not None, _quarters(one), said.activity_progress.get(one.id, ""))
            for one in activities
        ],
        links=[
            LinkLine(one.kind, one.name, said.link_progress.get(one.id, ""))
            for one in links
            if not is_report or one.kind in LEVEL_TWO
        ],
        funding=[] if is_report else _funding(session, project),
        plans={} if is_report else _plans(session, project),
    )


def _wished(session: Session, row: Submission, version: int) -> Mapping[str, Any]:
    of_version = (SubmissionVersion.submission_id == row.id) & (SubmissionVersion.version == version)
    return from_json(session.scalar(select(SubmissionVersion.changes).where(of_version)) or {})


def _changes_of_report(session: Session, row: Submission, last_step: int) -> Changes | None:
    base = _compared_with(session, row, last_step)
    if base is None:
        return None
    basis, version = base
    before = content_of(session, content_row(session, row.id, version))
    after = content_of(session, content_row(session, row.id, row.version))
    found = _differing({n: getattr(before, n) for n in PLAIN}, {n: getattr(after, n) for n in PLAIN})
    for name, item in (("activity_progress", Activity), ("link_progress", ProjectLink)):
        old, new = getattr(before, name), getattr(after, name)
        differing = [key for key in sorted({*old, *new}) if old.get(key, "") != new.get(key, "")]
        names = dict(session.execute(select(item.id, item.name).where(item.id.in_(differing))).all())
        found += [Change(name, old.get(key, ""), new.get(key, ""), names.get(key, "")) for key in differing]
    return Changes(basis, version, found)


def _compared_with(session: Session, row: Submission, last_step: int) -> tuple[Basis, int] | None:
    """Return the newest version before this one that passed the last step, or else the one sent before."""
    approved = session.scalar(
        select(func.max(Decision.version)).where(
            Decision.submission_id == row.id,
            Decision.version < row.version,
            Decision.step >= last_step,
            Decision.verdict == Verdict.APPROVED,
        )
    )
    if approved is not None:
        return Basis.APPROVED, approved
    of_row = (QuarterReport.submission_id == row.id) & (QuarterReport.version < row.version)
    sent = session.scalar(select(func.max(QuarterReport.version)).where(of_row))
    return None if sent is None else (Basis.SENT_BEFORE, sent)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    return [Change(name, before[name], value) for name, value in after.items() if before[name] != value]


def _in_order(activities: Sequence[Activity]) -> Sequence[Activity]:
    """Return the activities as they were entered, each followed by its parts."""
    ordered = sorted(activities, key=lambda one: one.id)
    ids = {one.id for one in ordered}
    tops = [one for one in ordered if one.parent_id not in ids]
    return [one for top in tops for one in (top, *(part for part in ordered if part.parent_id == top.id))]


def _quarters(activity: Activity) -> Sequence[int]:
    return [number for number in range(1, 5) if getattr(activity, f"in_q{number}")]


def _funding(session: Session, project: Project) -> Sequence[tuple[FundingKind, str, Decimal]]:
    query = select(FundingSource.kind, FundingSource.origin, FundingSource.amount)
    rows = session.execute(query.where(FundingSource.project_id == project.id).order_by(FundingSource.id))
    return [(kind, origin, amount) for kind, origin, amount in rows]


def _plans(session: Session, project: Project) -> Mapping[int, _MONEY_BY_QUARTER]:
    """Return the newest plan of each year."""
    query = select(SpendingPlan).where(SpendingPlan.project_id == project.id)
    plans = session.scalars(query.order_by(SpendingPlan.fiscal_year, SpendingPlan.dated_on))
    return {plan.fiscal_year: (plan.q1, plan.q2, plan.q3, plan.q4) for plan in plans}
