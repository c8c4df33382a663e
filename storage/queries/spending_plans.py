"""Spending plans: the version in force at a quarter's end, and what it plans (``contract.md`` §4, spending)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from domain.fiscal import QUARTERS, Quarter
from storage.queries.obligations import QuarterColumns
from storage.tables import Project, SpendingPlan
from storage.tables.projects import INITIAL_PLAN_DATE

_OF_QUARTER: Mapping[int, ColumnElement[Decimal]] = {
    1: SpendingPlan.q1.expression,
    2: SpendingPlan.q2.expression,
    3: SpendingPlan.q3.expression,
    4: SpendingPlan.q4.expression,
}


@dataclass(frozen=True, slots=True)
class PlanOfQuarter:
    """The version of a project's plan in force at a quarter's end, in baht: for the quarter, and the year up to it.

    ``dated_on`` is the day of the letter that changed the plan; None: it is the project's first plan. ``carried_over``
    is an earlier year's money for the whole year, which is in neither of the other two.
    """

    dated_on: date | None
    own: Decimal
    to_date: Decimal
    carried_over: Decimal


def plan_of(session: Session, project_id: int, quarter: Quarter) -> PlanOfQuarter | None:
    """Return the project's plan that measures its report of ``quarter``; None: there is none."""
    found = session.execute(_plan_of(quarter), {"project": project_id}).first()
    if found is None:
        return None
    dated_on, own, to_date, carried_over = found
    return PlanOfQuarter(None if dated_on == INITIAL_PLAN_DATE else dated_on, own, to_date, carried_over)


@cache
def _plan_of(quarter: Quarter) -> Select[*tuple[Any, ...]]:
    """Return the query for a project's plan; made once, for building it takes longer than running it."""
    return (
        select(
            SpendingPlan.dated_on,
            planned(quarter.number),
            planned_to_date(quarter.number),
            SpendingPlan.carried_over,
        )
        .select_from(Project)
        .join(SpendingPlan, plan_in_force(quarter))
        .where(Project.id == bindparam("project"))
    )


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
