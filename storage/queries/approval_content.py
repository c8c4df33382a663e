"""What stands in a submission, and what changed in it: reports (M6), projects (M1 to M5) and agencies' plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, inspect, select
from sqlalchemy.orm import Session

from domain.completeness import ReportContent
from domain.fiscal import Quarter
from domain.revisions import Basis, Change, Changes
from domain.spending import Carried, Spending, total
from domain.submissions import SubmissionKind, SubmissionState
from storage.queries.spending_plans import plan_of
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
    """Of a report, in baht: the quarter, and the fiscal year up to it with this report in the sum.

    ``plan_dated_on``: as ``PlanOfQuarter.dated_on``. ``carried``: an earlier year's money; None: there is none.
    """

    own: Spending
    to_date: Spending
    plan_dated_on: date | None
    carried: Carried | None


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
    """The lists that belong to a report or a project. Money is baht; ``plans`` are by fiscal year, of four quarters.

    ``carried_over`` is an earlier year's money by the fiscal year that it is spent in, where there is any.
    """

    activities: Sequence[ActivityLine] = ()
    links: Sequence[LinkLine] = ()
    funding: Sequence[tuple[FundingKind, str, Decimal]] = ()
    plans: Mapping[int, _MONEY_BY_QUARTER] = field(default_factory=dict)
    carried_over: Mapping[int, Decimal] = field(default_factory=dict)


def values_of(session: Session, row: Submission, project: Project | None) -> Mapping[str, Any]:
    """Return what the version that was sent last says, by field: of M6, of the project's columns, or of the plan."""
    if project is None:
        duty = session.get_one(AgencyDuty, row.agency_duty_id)
        stated = {name: getattr(duty, name) for name in ("plan_name", "fiscal_year", "reference")}
        return {**stated, "entered_on": duty.stated_on or duty.entered_on}
    if row.kind is SubmissionKind.QUARTER_REPORT:
        content = content_of(session, content_row(session, row.id, row.version))
        return {name: getattr(content, name) for name in PLAIN}
    official = {name: getattr(project, name) for name in _OF_PROJECT}
    return {**official, **_wished(session, row, row.version)} if row.kind is SubmissionKind.PROJECT_EDIT else official


def disbursed_of_every_year() -> ColumnElement[Decimal]:
    """Return what a version of a report says was disbursed, with an earlier year's money: a budget holds all of it."""
    amounts = QuarterReport.disbursed_baht, QuarterReport.carried_disbursed_baht
    own, carried = (func.coalesce(amount, 0) for amount in amounts)
    return own + carried


def money_of(
    session: Session, project: Project, quarter: Quarter, disbursed: Decimal | None, carried_disbursed: Decimal | None
) -> MoneyOfQuarter:
    """Return what a report says was disbursed, against the plan in force at its quarter's end, and the year so far."""
    plan = plan_of(session, project.id, quarter)
    earlier, earlier_carried = session.execute(
        select(func.sum(QuarterReport.disbursed_baht), func.sum(QuarterReport.carried_disbursed_baht))
        .join(Submission, QuarterReport.submission_id == Submission.id)
        .where(
            QuarterReport.version == Submission.version,
            Submission.project_id == project.id,
            Submission.kind == SubmissionKind.QUARTER_REPORT,
            Submission.fiscal_year == quarter.fiscal_year,
            Submission.quarter < quarter.number,
            Submission.state == SubmissionState.APPROVED,
        )
    ).one()
    reserved = plan.carried_over if plan else Decimal(0)
    carried = Carried(reserved, carried_disbursed, total(carried_disbursed, earlier_carried))
    return MoneyOfQuarter(
        own=Spending(plan.own if plan else None, disbursed),
        to_date=Spending(plan.to_date if plan else None, total(disbursed, earlier)),
        plan_dated_on=plan.dated_on if plan else None,
        carried=carried if carried.is_any else None,
    )


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
    if row.kind is not SubmissionKind.QUARTER_REPORT:
        return particulars_of_project(session, project)
    said = content_of(session, content_row(session, row.id, row.version))
    return Particulars(
        activities=[
            _activity(one, said)
            for one in _activities(session, project)
            if getattr(one, f"in_q{row.quarter}") or one.id in said.activity_progress
        ],
        links=[_link(one, said) for one in _links(session, project) if one.kind in LEVEL_TWO],
    )


def particulars_of_project(session: Session, project: Project) -> Particulars:
    """Return the lists of a project; its newest plan of each year."""
    plans, nothing = _plans(session, project), ReportContent()
    return Particulars(
        activities=[_activity(one, nothing) for one in _activities(session, project)],
        links=[_link(one, nothing) for one in _links(session, project)],
        funding=_funding(session, project),
        plans={year: (plan.q1, plan.q2, plan.q3, plan.q4) for year, plan in plans.items()},
        carried_over={year: plan.carried_over for year, plan in plans.items() if plan.carried_over},
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


def _activities(session: Session, project: Project) -> Sequence[Activity]:
    """Return the activities as they were entered, each followed by its parts."""
    rows = session.scalars(select(Activity).where(Activity.project_id == project.id).order_by(Activity.id)).all()
    ids = {one.id for one in rows}
    tops = [one for one in rows if one.parent_id not in ids]
    return [one for top in tops for one in (top, *(part for part in rows if part.parent_id == top.id))]


def _activity(activity: Activity, said: ReportContent) -> ActivityLine:
    progress = said.activity_progress.get(activity.id, "")
    return ActivityLine(activity.name, activity.parent_id is not None, _quarters(activity), progress)


def _links(session: Session, project: Project) -> Sequence[ProjectLink]:
    query = select(ProjectLink).where(ProjectLink.project_id == project.id)
    return session.scalars(query.order_by(ProjectLink.kind, ProjectLink.id)).all()


def _link(link: ProjectLink, said: ReportContent) -> LinkLine:
    return LinkLine(link.kind, link.name, said.link_progress.get(link.id, ""))


def _quarters(activity: Activity) -> Sequence[int]:
    return [number for number in range(1, 5) if getattr(activity, f"in_q{number}")]


def _funding(session: Session, project: Project) -> Sequence[tuple[FundingKind, str, Decimal]]:
    query = select(FundingSource.kind, FundingSource.origin, FundingSource.amount)
    rows = session.execute(query.where(FundingSource.project_id == project.id).order_by(FundingSource.id))
    return [(kind, origin, amount) for kind, origin, amount in rows]


def _plans(session: Session, project: Project) -> Mapping[int, SpendingPlan]:
    """Return the newest plan of each year."""
    query = select(SpendingPlan).where(SpendingPlan.project_id == project.id)
    plans = session.scalars(query.order_by(SpendingPlan.fiscal_year, SpendingPlan.dated_on))
    return {plan.fiscal_year: plan for plan in plans}
