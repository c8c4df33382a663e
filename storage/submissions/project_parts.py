"""What belongs to a project beside its own row: activities (M4), links (M1), funding and spending plan (M5)."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.fiscal import QUARTERS
from storage.tables import Activity, ActivityProgress, FundingSource, LinkProgress, ProjectLink, SpendingPlan
from storage.tables.projects import INITIAL_PLAN_DATE, FundingKind, LinkKind


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """An activity or, with ``sub_activity``, one below it, and the fiscal quarters it is planned in."""

    activity: str
    sub_activity: str | None = None
    quarters: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """A plan, policy or law that the project contributes to."""

    kind: LinkKind
    name: str


@dataclass(frozen=True, slots=True)
class Funding:
    """Money of one source, in baht."""

    kind: FundingKind
    origin: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlannedSpending:
    """What is planned for one quarter of a fiscal year (B.E.), in baht.

    ``carried_over`` is money of an earlier year for this one; what several quarters say of it is added up.
    """

    fiscal_year: int
    quarter: int
    amount: Decimal
    carried_over: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProjectParts:
    """The parts that an entry has; None: it says nothing of them, so that they stay as they are."""

    activities: Sequence[PlannedActivity] | None = None
    links: Sequence[Link] | None = None
    funding: Sequence[Funding] | None = None
    spending_plan: Sequence[PlannedSpending] | None = None


def replace_parts(session: Session, project_id: int, parts: ProjectParts) -> None:
    """Let the project have these parts and no others of their kind.

    What reports of the past tell about cannot go: such an activity is planned in no quarter any more, such a link
    stays.
    """
    if parts.activities is not None:
        _replace_activities(session, project_id, parts.activities)
    if parts.links is not None:
        _replace_links(session, project_id, parts.links)
    if parts.funding is not None:
        session.execute(delete(FundingSource).where(FundingSource.project_id == project_id))
        session.add_all(
            FundingSource(project_id=project_id, kind=source.kind, origin=source.origin, amount=source.amount)
            for source in parts.funding
        )
    if parts.spending_plan is not None:
        _replace_plan(session, project_id, parts.spending_plan)
    session.flush()


def activity_ids(session: Session, project_id: int) -> Mapping[tuple[str, str | None], int]:
    """Return the project's activities by their name and, below one, the name of the sub-activity."""
    rows = session.scalars(select(Activity).where(Activity.project_id == project_id)).all()
    names = {row.id: row.name for row in rows if row.parent_id is None}
    return {((row.name, None) if row.parent_id is None else (names[row.parent_id], row.name)): row.id for row in rows}


def _replace_activities(session: Session, project_id: int, wanted: Sequence[PlannedActivity]) -> None:
    rows = session.scalars(select(Activity).where(Activity.project_id == project_id)).all()
    by_id = {row.id: row for row in rows}
    there = {key: by_id[number] for key, number in activity_ids(session, project_id).items()}
    quarters = {(item.activity, item.sub_activity): item.quarters for item in wanted}
    quarters = {(name, None): frozenset() for name, _ in quarters} | quarters  # a sub-activity's parent has a row
    for is_below in (False, True):
        for key in (key for key in quarters if (key[1] is not None) is is_below):
            name, sub_name = key
            row = there.get(key)
            if row is None:
                parent = there[name, None].id if is_below else None
                row = there[key] = Activity(project_id=project_id, parent_id=parent, name=sub_name or name)
                session.add(row)
            _tick(row, quarters[key])
        session.flush()  # what lies below needs the ids of what is above
    gone = [row for key, row in there.items() if key not in quarters]
    told_of = _named(session, ActivityProgress.activity_id, [row.id for row in gone])
    kept = told_of | {row.parent_id for row in gone if row.id in told_of}
    for row in sorted(gone, key=lambda row: row.parent_id is None):
        if row.id in kept:
            _tick(row, frozenset())
        else:
            session.delete(row)
            session.flush()


def _tick(row: Activity, quarters: frozenset[int]) -> None:
    for quarter in QUARTERS:
        setattr(row, f"in_q{quarter}", quarter in quarters)


def _replace_links(session: Session, project_id: int, wanted: Sequence[Link]) -> None:
    rows = session.scalars(select(ProjectLink).where(ProjectLink.project_id == project_id)).all()
    there = {Link(row.kind, row.name): row for row in rows}
    gone = [row for link, row in there.items() if link not in set(wanted)]
    told_of = _named(session, LinkProgress.link_id, [row.id for row in gone])
    for row in gone:
        if row.id not in told_of:
            session.delete(row)
    session.add_all(
        ProjectLink(project_id=project_id, kind=link.kind, name=link.name) for link in wanted if link not in there
    )


def _replace_plan(session: Session, project_id: int, wanted: Sequence[PlannedSpending]) -> None:
    """Replace the first plan; what a letter changed later stays in force from its day on.

    Money carried over into a year stays as it is unless something is said of it.
    """
    first = (SpendingPlan.project_id == project_id) & (SpendingPlan.dated_on == INITIAL_PLAN_DATE)
    reserved = dict(session.execute(select(SpendingPlan.fiscal_year, SpendingPlan.carried_over).where(first)).all())
    session.execute(delete(SpendingPlan).where(first))
    said: dict[int, Decimal] = {}
    years: dict[int, dict[str, Decimal]] = {}
    for item in wanted:
        figures = years.setdefault(item.fiscal_year, {f"q{quarter}": Decimal(0) for quarter in QUARTERS})
        figures[f"q{item.quarter}"] = item.amount
        if item.carried_over is not None:
            said[item.fiscal_year] = said.get(item.fiscal_year, Decimal(0)) + item.carried_over
    for year, figures in years.items():
        figures["carried_over"] = said.get(year, reserved.get(year, Decimal(0)))
    session.add_all(
        SpendingPlan(project_id=project_id, fiscal_year=year, dated_on=INITIAL_PLAN_DATE, **figures)
        for year, figures in years.items()
    )


def _named(session: Session, column: Any, ids: Collection[Hashable]) -> set[Any]:
    """Return which of these ids reports tell about."""
    return set(session.scalars(select(column).where(column.in_(ids)))) if ids else set()
