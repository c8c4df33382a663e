"""Kept sums of planned and disbursed money: what a ministry's question adds up instead of 20,000 plans and reports.

They are kept with the counters of reports (``storage.report_counts``), whose caller holds the units' locks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlalchemy import (
    CTE,
    ColumnElement,
    Insert,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Session

from domain.fiscal import QUARTERS, Quarter
from domain.submissions import ExecutionStatus, SubmissionState
from storage.queries.obligations import QuarterColumns, as_parameters, report_of
from storage.queries.spending_plans import plan_in_force, planned, planned_to_date
from storage.tables import Project, QuarterReport, SpendingPlan, SpendingSum, Submission

MOST_STATEMENTS = 64
"""Statements that are kept, one for each number of quarters that was ever counted at once."""


def recount_units(session: Session, units: Sequence[int], quarters: Collection[Quarter] | None, places: CTE) -> None:
    """Add the money of these units (ids) up anew; ``quarters``: what changed, None: every year that has a plan.

    ``places`` gives each of the units of the parameter "units" its ``ministry_id`` by ``unit_id``. A plan or report
    counts for the rest of its fiscal year, so the whole year is added up.
    """
    changed = None if quarters is None else sorted({quarter.fiscal_year for quarter in quarters})
    years = _planned_years(session, units) if changed is None else changed
    stale = delete(SpendingSum).where(SpendingSum.unit_id.in_(units))
    if changed is not None:
        stale = stale.where(SpendingSum.fiscal_year.in_(years))
    session.execute(stale.execution_options(synchronize_session=False))
    if years:
        asked = [Quarter(year, number) for year in years for number in QUARTERS]
        named = {"units": units, **as_parameters(asked)}
        session.connection().execute(_adding_up(len(asked), places), named)


def _planned_years(session: Session, units: Sequence[int]) -> Sequence[int]:
    of_units = select(Project.id).where(Project.unit_id.in_(units))
    years = select(SpendingPlan.fiscal_year).where(SpendingPlan.project_id.in_(of_units)).distinct()
    return sorted(session.scalars(years))


@lru_cache(maxsize=MOST_STATEMENTS)
def _adding_up(quarters: int, places: CTE) -> Insert:
    """Return the statement that adds so many quarters up; it is built once, for that takes longer than running it."""
    query = _sums(QuarterColumns.asked(quarters), places)
    table = SpendingSum.metadata.tables[SpendingSum.__tablename__]
    return insert(table).from_select([column.name for column in query.selected_columns], query)


def _sums(quarter: QuarterColumns, place: CTE) -> Select[*tuple[object, ...]]:
    """Return the query for all sums of the parameter "units", by the names of their columns."""
    owes = Project.end_month >= quarter.first_day
    is_reported = and_(owes, QuarterReport.disbursed_baht.is_not(None))
    plan = planned(quarter.number)
    return (
        select(
            quarter.fiscal_year,
            quarter.number.label("quarter"),
            place.c.ministry_id,
            Project.unit_id,
            func.coalesce(func.sum(case((owes, plan))), 0).label("planned"),
            func.coalesce(func.sum(planned_to_date(quarter.number)), 0).label("planned_to_date"),
            func.coalesce(func.sum(case((owes, QuarterReport.disbursed_baht))), 0).label("disbursed"),
            _number_of(owes).label("projects"),
            _number_of(is_reported).label("reported"),
            _number_of(and_(is_reported, QuarterReport.disbursed_baht < plan)).label("below"),
        )
        .select_from(Project)
        .join(place, place.c.unit_id == Project.unit_id)
        .join(quarter.table, _ran_this_year(quarter))
        .outerjoin(SpendingPlan, plan_in_force(quarter))
        .outerjoin(Submission, and_(report_of(quarter), Submission.state == SubmissionState.APPROVED))
        .outerjoin(
            QuarterReport,
            and_(QuarterReport.submission_id == Submission.id, QuarterReport.version == Submission.version),
        )
        .where(
            Project.unit_id.in_(bindparam("units", expanding=True)),
            Project.official_version > 0,
            Project.uses_budget.is_(True),
            Project.execution_status != ExecutionStatus.CANCELLED,
        )
        .group_by(quarter.fiscal_year, quarter.number, place.c.ministry_id, Project.unit_id)
    )


def _ran_this_year(quarter: QuarterColumns) -> ColumnElement[bool]:
    """Return the condition that a project owes the quarter or ran earlier in its year."""
    return and_(Project.start_month <= quarter.last_day, Project.end_month >= quarter.year_begins)


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))
