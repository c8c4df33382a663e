"""Spending plans as SQL: the version in force at a quarter's end, and what it plans (``contract.md`` §4, spending)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import aliased

from domain.fiscal import QUARTERS, Quarter
from storage.queries.obligations import QuarterColumns
from storage.tables import Project, SpendingPlan

_OF_QUARTER: Mapping[int, ColumnElement[Decimal]] = {
    1: SpendingPlan.q1.expression,
    2: SpendingPlan.q2.expression,
    3: SpendingPlan.q3.expression,
    4: SpendingPlan.q4.expression,
}


def plan_in_force(quarter: Quarter | QuarterColumns) -> ColumnElement[bool]:
    """Return the condition that joins a project to its plan of the year that was in force on the quarter's last day."""
    version = aliased(SpendingPlan)
    newest = (
        select(func.max(version.dated_on))
        .where(
            version.project_id == Project.id,
            version.fiscal_year == quarter.fiscal_year,
            version.dated_on <= quarter.last_day,
        )
        .correlate_except(version)
        .scalar_subquery()
    )
    return and_(
        SpendingPlan.project_id == Project.id,
        SpendingPlan.fiscal_year == quarter.fiscal_year,
        SpendingPlan.dated_on == newest,
    )


def planned(number: int | ColumnElement[int]) -> ColumnElement[Decimal]:
    """Return what a joined plan plans for the quarter of this number (1 to 4), in baht."""
    if isinstance(number, int):
        return _OF_QUARTER[number]
    return case(*((number == quarter, amount) for quarter, amount in _OF_QUARTER.items()))


def planned_to_date(number: int | ColumnElement[int]) -> ColumnElement[Decimal]:
    """Return what a joined plan plans from the year's first quarter to the one of this number, in baht."""
    up_to = {quarter: sum((_OF_QUARTER[q] for q in QUARTERS[1:quarter]), start=_OF_QUARTER[1]) for quarter in QUARTERS}
    if isinstance(number, int):
        return up_to[number]
    return case(*((number == quarter, amount) for quarter, amount in up_to.items()))
