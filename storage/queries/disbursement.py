"""Disbursement against plan, in baht: of a project, of the projects of a unit, and summed up from the kept sums.

The report that counts is the approved one; what is not approved yet is told apart, to those who may look into it.
Percentages go by the plan in force at the quarter's end (``contract.md`` §4, spending).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, and_, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from domain.fiscal import Quarter, YearBasis
from domain.obligations import owes_report as owes
from domain.permissions import Sight, Visibility
from domain.spending import NOTHING, Carried, Spending
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from storage.queries.obligations import owes_report, report_of
from storage.queries.projects import find_project, is_tracked
from storage.queries.scope import projects_in, submissions_in
from storage.queries.spending_plans import plan_in_force, plan_of, planned, planned_to_date
from storage.reference import Reference
from storage.tables import Project, QuarterReport, SpendingPlan, SpendingSum, Submission

_FEW_UNITS = 100
_Amount = InstrumentedAttribute[Decimal | None]


@dataclass(frozen=True, slots=True)
class ProjectSpending:
    """What a project disbursed against its plan, in the quarter and in the fiscal year up to it.

    ``plan_dated_on``: as ``PlanOfQuarter.dated_on``. ``carried`` is an earlier year's money (None: there is none), by
    approved reports as well. ``unapproved`` is what the quarter's report says that is not approved yet. ``left`` is the
    budget without all that is reported and approved, of whichever year; what was spent before ``counted_from`` (None:
    nothing was) is not known here. ``without_report`` are the year's quarters up to the asked one that are owed and not
    approved.
    """

    code: str
    name: str
    unit: str
    basis: YearBasis
    uses_budget: bool
    budget_total: Decimal | None
    own: Spending
    to_date: Spending
    plan_dated_on: date | None
    carried: Carried | None
    unapproved: Decimal | None
    left: Decimal | None
    counted_from: Quarter | None
    without_report: Sequence[Quarter]


@dataclass(frozen=True, slots=True)
class UnitSpending:
    """What projects disbursed against their plans, in the quarter and in the year up to it.

    ``projects`` owe a report of the quarter and use budget, ``reported`` of them have an approved report, and
    ``below`` disbursed less in the quarter than planned.
    """

    own: Spending = NOTHING
    to_date: Spending = NOTHING
    projects: int = 0
    reported: int = 0
    below: int = 0

    def __add__(self, other: UnitSpending) -> UnitSpending:
        return UnitSpending(
            self.own + other.own,
            self.to_date + other.to_date,
            self.projects + other.projects,
            self.reported + other.reported,
            self.below + other.below,
        )


@dataclass(frozen=True, slots=True)
class ListedSpending:
    """A row of a list of projects: what was disbursed against plan in the quarter, and in the year up to it."""

    code: str
    name: str
    unit: str
    own: Spending
    to_date: Spending


def project_spending(
    session: Session, reference: Reference, sight: Sight, code: str, quarter: Quarter
) -> ProjectSpending:
    """Return what the project with this code disbursed.

    Raises:
        NoSuchProject: there is none within the sight.
    """
    project, narrow = find_project(session, reference, sight, code)
    unit = reference.unit_codes[project.unit_id]
    plan = plan_of(session, project.id, quarter)
    approved = _approved(session, project.id, QuarterReport.disbursed_baht)
    carried = _approved(session, project.id, QuarterReport.carried_disbursed_baht)
    reserved = plan.carried_over if plan else Decimal(0)
    carried_money = Carried(reserved, carried.get(quarter), _of_year(carried, quarter))
    return ProjectSpending(
        code=project.code,
        name=project.name,
        unit=unit,
        basis=reference.rules.organisation.year_basis(unit),
        uses_budget=project.uses_budget,
        budget_total=project.budget_total,
        own=Spending(plan.own if plan else None, approved.get(quarter)),
        to_date=Spending(plan.to_date if plan else None, _of_year(approved, quarter)),
        plan_dated_on=plan.dated_on if plan else None,
        carried=carried_money if carried_money.is_any else None,
        unapproved=_unapproved(session, reference, narrow, project.id, quarter),
        left=_left(project, [*approved.values(), *carried.values()]),
        counted_from=_counted_from(reference, unit, project),
        without_report=_without_report(reference, unit, project, quarter, approved),
    )


def spending_by_place(
    session: Session, reference: Reference, sight: Sight, quarter: Quarter, places: Mapping[str, str]
) -> Mapping[str, UnitSpending]:
    """Return the sums of the places (codes) that units (codes) belong to, of units of which the asker sees anything.

    The sums hold approved data alone, which whoever sees anything of a unit may know.
    """
    ids = reference.unit_ids
    seen = {ids[unit]: place for unit, place in places.items() if sight.of(unit) > Visibility.NOTHING}
    if len(seen) > _FEW_UNITS:  # a range of the table is read faster than thousands of its rows
        ministries = {ids[reference.rules.organisation.ministry_of(unit)] for unit in places}
        where = SpendingSum.ministry_id.in_(ministries)
    else:
        where = SpendingSum.unit_id.in_(seen)
    by_place: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for unit_id, *figures in session.execute(_summed(quarter, SpendingSum.unit_id, where)):
        if unit_id in seen:
            by_place[seen[unit_id]].append(figures)
    return {place: _added_up(figures) for place, figures in by_place.items()}


def spending_by_ministry(
    session: Session, reference: Reference, sight: Sight, quarter: Quarter
) -> Mapping[str, UnitSpending]:
    """Return the sums of every ministry, for somebody who sees the whole country or its approved data."""
    if not sight.is_countrywide:
        return {}
    rows = session.execute(_summed(quarter, SpendingSum.ministry_id))
    return {reference.unit_codes[ministry]: _added_up([figures]) for ministry, *figures in rows}


def count_spending(
    session: Session, reference: Reference, sight: Sight, quarter: Quarter, units: frozenset[str], *, below: bool
) -> int:
    """Return how many rows ``page_of_spending`` has altogether."""
    query = _listed(reference, sight, quarter, units, below=below).with_only_columns(func.count(Project.id))
    return session.scalar(query) or 0


def page_of_spending(
    session: Session, reference: Reference, sight: Sight, quarter: Quarter, units: frozenset[str], rows: range,
    *, below: bool,
) -> Sequence[ListedSpending]:  # fmt: skip
    """Return projects of ``units`` (codes) that use budget and owe a report of the quarter; ``rows`` counts from 0.

    ``below``: only those that disbursed less than planned in the quarter, the smallest share of the plan first.
    """
    query = _listed(reference, sight, quarter, units, below=below).add_columns(_disbursed_to_date(quarter))
    share = cast(QuarterReport.disbursed_baht, Float) / cast(planned(quarter.number), Float)
    order = (share, Project.code) if below else (Project.unit_id, Project.code)
    found = session.execute(query.order_by(*order).limit(len(rows)).offset(rows.start))
    return [
        ListedSpending(code, name, reference.unit_codes[unit], Spending(plan, own), Spending(plan_to_date, to_date))
        for code, name, unit, plan, plan_to_date, own, to_date in found
    ]


def _left(project: Project, spent: Iterable[Decimal]) -> Decimal | None:
    return None if project.budget_total is None else project.budget_total - sum(spent)


def _of_year(amounts: Mapping[Quarter, Decimal], quarter: Quarter) -> Decimal | None:
    """Return the sum of the fiscal year up to the quarter; None: nothing is reported of it."""
    found = [amount for at, amount in amounts.items() if at.fiscal_year == quarter.fiscal_year and at <= quarter]
    return sum(found, Decimal(0)) if found else None


def _approved(session: Session, project_id: int, amount: _Amount) -> Mapping[Quarter, Decimal]:
    """Return an amount that the approved reports of a project say, by quarter."""
    query = (
        select(Submission.fiscal_year, Submission.quarter, amount)
        .join(QuarterReport, _current_content())
        .where(
            Submission.project_id == project_id,
            Submission.kind == SubmissionKind.QUARTER_REPORT,
            Submission.state == SubmissionState.APPROVED,
            amount.is_not(None),
        )
    )
    return {Quarter(year, number): found for year, number, found in session.execute(query) if found is not None}


def _unapproved(
    session: Session, reference: Reference, sight: Sight, project_id: int, quarter: Quarter
) -> Decimal | None:
    query = (
        select(QuarterReport.disbursed_baht)
        .join(Submission, QuarterReport.submission_id == Submission.id)
        .where(
            Submission.project_id == project_id,
            Submission.kind == SubmissionKind.QUARTER_REPORT,
            Submission.fiscal_year == quarter.fiscal_year,
            Submission.quarter == quarter.number,
            Submission.state != SubmissionState.APPROVED,
            submissions_in(sight, reference.unit_ids),
        )
        .order_by(QuarterReport.version.desc())
        .limit(1)
    )
    return session.scalar(query)


def _counted_from(reference: Reference, unit: str, project: Project) -> Quarter | None:
    """Return the first quarter whose reports count, if the project ran before it."""
    begins = reference.rules.policy(unit).tracked_from
    return begins if begins is not None and project.start_month < begins.first_day else None


def _without_report(
    reference: Reference, unit: str, project: Project, quarter: Quarter, approved: Mapping[Quarter, Decimal]
) -> Sequence[Quarter]:
    entry = SubmissionState.APPROVED if project.official_version else SubmissionState.DRAFT
    of_year = [Quarter(quarter.fiscal_year, number) for number in range(1, quarter.number + 1)]
    return [
        at
        for at in of_year
        if at not in approved
        and is_tracked(reference.rules, unit, at)
        and owes(project.start_month, project.end_month, entry, project.execution_status, at)
    ]


def _summed(quarter: Quarter, place: Any, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the query for the sums of places: what ``_added_up`` takes."""
    row = SpendingSum
    own = (row.planned, row.planned_to_date, row.disbursed, row.projects, row.reported, row.below)
    return (
        select(
            place,
            *(func.sum(case((row.quarter == quarter.number, figure))) for figure in own),
            func.sum(row.disbursed),
            func.sum(row.reported),
        )
        .where(row.fiscal_year == quarter.fiscal_year, row.quarter <= quarter.number, *conditions)
        .group_by(place)
    )


def _added_up(figures: Iterable[Sequence[Any]]) -> UnitSpending:
    columns = [sum(filter(None, column), 0) for column in zip(*figures, strict=True)]
    planned_own, planned_so_far, own, projects, reported, below, so_far, reported_so_far = columns
    return UnitSpending(
        Spending(Decimal(planned_own), Decimal(own) if reported else None),
        Spending(Decimal(planned_so_far), Decimal(so_far) if reported_so_far else None),
        projects,
        reported,
        below,
    )


def _listed(
    reference: Reference, sight: Sight, quarter: Quarter, units: frozenset[str], *, below: bool
) -> Select[*tuple[Any, ...]]:
    narrow = sight.within(units)
    query: Select[*tuple[Any, ...]] = (
        select(
            Project.code,
            Project.name,
            Project.unit_id,
            planned(quarter.number),
            planned_to_date(quarter.number),
            QuarterReport.disbursed_baht,
        )
        .select_from(Project)
        .outerjoin(SpendingPlan, plan_in_force(quarter))
        .outerjoin(Submission, and_(report_of(quarter), Submission.state == SubmissionState.APPROVED))
        .outerjoin(QuarterReport, _current_content())
        .where(
            Project.unit_id.in_([reference.unit_ids[unit] for unit in units]),  # what an index can look up
            projects_in(narrow, reference.unit_ids),
            owes_report(quarter),
            Project.uses_budget.is_(True),
            Project.execution_status != ExecutionStatus.CANCELLED,
        )
    )
    if below:
        query = query.where(QuarterReport.disbursed_baht < planned(quarter.number))
    return query


def _disbursed_to_date(quarter: Quarter) -> ColumnElement[Decimal | None]:
    report, content = aliased(Submission), aliased(QuarterReport)
    return (
        select(func.sum(content.disbursed_baht))
        .join(report, and_(content.submission_id == report.id, content.version == report.version))
        .where(
            report.project_id == Project.id,
            report.kind == SubmissionKind.QUARTER_REPORT,
            report.fiscal_year == quarter.fiscal_year,
            report.quarter <= quarter.number,
            report.state == SubmissionState.APPROVED,
        )
        .correlate(Project)
        .scalar_subquery()
    )


def _current_content() -> ColumnElement[bool]:
    return and_(QuarterReport.submission_id == Submission.id, QuarterReport.version == Submission.version)
