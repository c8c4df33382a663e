"""Kept counters of quarterly reports: what a country's summary adds up instead of 300,000 projects.

Whoever changes a project, a report, a route or where a unit belongs recounts the units concerned in the same
transaction. A unit is always counted anew as a whole, so that no counter can drift.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Insert,
    Select,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from domain.fiscal import Quarter
from domain.organisation import UnitLevel
from domain.submissions import SubmissionState
from domain.windows import Stage
from storage import spending_sums
from storage.queries.obligations import QuarterColumns, as_parameters, entered_state, owes_report, report_of
from storage.tables import Project, ReportCount, RouteStep, Submission, Unit

FIRST_QUARTER = Quarter(2562, 1)
"""eMENSCR's first year (``domain.md`` §4); how far ahead is counted is where the units' last project ends."""
_UNITS_A_STATEMENT = 500
_LEVELS = 10
"""Units above a unit, mergers included; a circle of mergers ends there."""


_UNITS: BindParameter[int] = bindparam("units", expanding=True)
_ANALYZE = text("ANALYZE units, projects, submissions, quarter_reports, spending_plans")


def recount(
    session: Session,
    unit_ids: Collection[int] | None = None,
    quarters: Collection[Quarter] | None = None,
    *,
    with_spending: bool = True,
) -> None:
    """Count the reports of these units and quarters anew; None: all there are.

    The rows of the units are locked until the transaction ends, so that of two changes the later one counts both.
    ``with_spending``: what approved reports say changed, or which are approved, and so the sums of their money.
    """
    session.flush()
    if quarters is not None and not quarters:
        return
    if unit_ids is None and session.get_bind().dialect.name == "postgresql":
        session.execute(_ANALYZE)  # after a country was written at once, plans of yesterday take minutes
    for units in _statements(_with_projects(session) if unit_ids is None else unit_ids):
        _recount(session, units, quarters)
        if with_spending:
            spending_sums.recount_units(session, units, quarters, _places())


def fill_if_empty(session: Session) -> None:
    """Count everything where nothing is counted yet: in a database that is older than the counters."""
    if session.scalar(select(ReportCount.unit_id).limit(1)) is None:
        recount(session)


def _with_projects(session: Session) -> Collection[int]:
    counted = session.scalars(select(ReportCount.unit_id).distinct())
    return {*counted, *session.scalars(select(Project.unit_id).distinct())}


def _statements(unit_ids: Collection[int]) -> Iterator[Sequence[int]]:
    ordered = sorted(unit_ids)  # in one order everywhere: two transactions never wait for each other
    for start in range(0, len(ordered), _UNITS_A_STATEMENT):
        yield ordered[start : start + _UNITS_A_STATEMENT]


def _recount(session: Session, units: Sequence[int], quarters: Collection[Quarter] | None) -> None:
    session.execute(select(Unit.id).where(Unit.id.in_(units)).order_by(Unit.id).with_for_update(key_share=True))
    stale = delete(ReportCount).where(ReportCount.unit_id.in_(units))
    if quarters is not None:
        wanted = [(quarter.fiscal_year, quarter.number) for quarter in quarters]
        stale = stale.where(tuple_(ReportCount.fiscal_year, ReportCount.quarter).in_(wanted))
    session.execute(stale.execution_options(synchronize_session=False))
    counted = sorted(quarters) if quarters is not None else _owed_quarters(session, units)
    if counted:
        session.connection().execute(_counting(len(counted)), {"units": units, **as_parameters(counted)})


def _owed_quarters(session: Session, units: Sequence[int]) -> Sequence[Quarter]:
    """Return the quarters in which any project of the units runs."""
    months = select(func.min(Project.start_month), func.max(Project.end_month))
    found = session.execute(months.where(Project.unit_id.in_(units), Project.official_version > 0)).one()
    return [] if None in found else list(_quarters(*found))


def _quarters(first: date, last: date) -> Iterator[Quarter]:
    quarter = max(FIRST_QUARTER, Quarter.containing(first))
    while quarter.first_day <= last:
        yield quarter
        quarter = quarter.next()


@lru_cache(maxsize=spending_sums.MOST_STATEMENTS)
def _counting(quarters: int) -> Insert:
    """Return the statement that counts so many quarters; it is built once, for that takes longer than running it."""
    query = _counted(QuarterColumns.asked(quarters))
    table = ReportCount.metadata.tables[ReportCount.__tablename__]
    return insert(table).from_select([column.name for column in query.selected_columns], query)


def _counted(quarter: QuarterColumns) -> Select[*tuple[object, ...]]:
    """Return the query for all counters of the parameter "units" in the quarters, by the names of their columns."""
    place = _places()
    waits = Submission.state == SubmissionState.PENDING_APPROVAL
    owed = (
        select(
            quarter.fiscal_year.label("fiscal_year"),
            quarter.number.label("quarter"),
            place.c.ministry_id,
            Project.unit_id,
            func.coalesce(entered_state(), "").label("state"),
            case((waits, func.coalesce(Submission.step, 1)), else_=0).label("step"),
            func.coalesce(_left_agency(place), False).label("left_agency"),
            func.coalesce(Submission.is_late, False).label("is_late"),
        )
        .select_from(Project)
        .join(place, place.c.unit_id == Project.unit_id)
        .join(quarter.table, owes_report(quarter))
        .outerjoin(Submission, report_of(quarter))
        .where(Project.unit_id.in_(_UNITS))
        .subquery()
    )
    return select(*owed.c, func.count().label("number")).group_by(*owed.c)


def _left_agency(place: CTE) -> ColumnElement[bool]:
    waits_above = exists().where(
        RouteStep.unit_id == place.c.route_id, RouteStep.order == Submission.step, RouteStep.stage == Stage.UPPER
    )
    return or_(
        Submission.state == SubmissionState.APPROVED,
        (Submission.state == SubmissionState.PENDING_APPROVAL) & waits_above,
        func.coalesce(Submission.returned_by, "") == Stage.UPPER,
    )


@cache
def _places() -> CTE:
    """Return each unit's ministry (or topmost unit) and the unit whose route it goes by, as ``Organisation`` does."""
    lineage = _lineage()
    has_route = Unit.merged_into_id.is_(None) & exists().where(RouteStep.unit_id == Unit.id)
    depths = (
        select(
            lineage.c.unit_id,
            func.min(case((Unit.level == UnitLevel.MINISTRY, lineage.c.depth))).label("ministry"),
            func.max(lineage.c.depth).label("top"),
            func.min(case((has_route, lineage.c.depth))).label("route"),
        )
        .join(Unit, Unit.id == lineage.c.ancestor_id)
        .group_by(lineage.c.unit_id)
        .cte("depths")
    )
    ministry, route = lineage.alias("ministry"), lineage.alias("route")
    at_ministry = ministry.c.depth == func.coalesce(depths.c.ministry, depths.c.top)
    return (
        select(depths.c.unit_id, ministry.c.ancestor_id.label("ministry_id"), route.c.ancestor_id.label("route_id"))
        .join(ministry, (ministry.c.unit_id == depths.c.unit_id) & at_ministry)
        .outerjoin(route, (route.c.unit_id == depths.c.unit_id) & (route.c.depth == depths.c.route))
        .cte("places")
    )


def _lineage() -> CTE:
    """Return the units of the parameter "units" with all above them; a successor is in the place of a parent."""
    itself = select(Unit.id.label("unit_id"), Unit.id.label("ancestor_id"), literal(0).label("depth"))
    lineage = itself.where(Unit.id.in_(_UNITS)).cte("lineage", recursive=True)
    here = aliased(Unit)
    above = func.coalesce(here.merged_into_id, here.parent_id)
    return lineage.union_all(
        select(lineage.c.unit_id, above, lineage.c.depth + 1)
        .join(here, here.id == lineage.c.ancestor_id)
        .where(above.is_not(None), lineage.c.depth < _LEVELS)
    )
