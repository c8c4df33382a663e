"""How far the reports of a quarter are, unit by unit or ministry by ministry, from the kept counters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.fiscal import Quarter
from domain.in_force import Rules
from domain.permissions import Sight, Visibility
from domain.submissions import DutyState, SubmissionState
from domain.windows import Occasion, Stage, WindowKind
from storage.queries.standings import DUTY_STATES
from storage.reference import Reference
from storage.tables import ReportCount

_FEW_UNITS = 100


@dataclass(slots=True)
class Figures:
    """How many reports are owed, and how they stand as far as the asker may know.

    ``states`` breaks down what is not approved; ``hidden`` is what a monitor is not told of. ``due`` are those that
    should have left their agency by now, because its window has closed, and ``in_time`` those of them that did leave
    it (approved, at a step of the ministry, or sent back from there) and are not marked as sent late: what left in
    time is never the agency's delay (``domain.md`` §3).
    """

    owed: int = 0
    approved: int = 0
    hidden: int = 0
    due: int = 0
    in_time: int = 0
    states: Counter[DutyState] = field(default_factory=Counter)

    @property
    def reported(self) -> int:
        """Those that were sent: approved, or waiting for it."""
        return self.approved + self.states[DutyState.WAITING]

    def add(self, other: Figures) -> None:
        """Add the figures of another place."""
        self.owed += other.owed
        self.approved += other.approved
        self.hidden += other.hidden
        self.due += other.due
        self.in_time += other.in_time
        self.states.update(other.states)


def by_part(
    session: Session,
    reference: Reference,
    sight: Sight,
    quarter: Quarter,
    units: Iterable[str],
    part_of: Callable[[str], str],
) -> Mapping[str, Figures]:
    """Return the figures of ``units`` (codes) as far as the asker sees them, added up by the part each belongs to.

    A part that owes nothing is left out.
    """
    rules = reference.rules
    seen = {unit: seeing for unit in units if (seeing := sight.of(unit)) and _is_tracked(rules, unit, quarter)}
    is_closed = _closed_agencies(rules, quarter)
    alike: dict[_Viewed, Counter[_Standing]] = defaultdict(Counter)
    counted_with = {  # units that are seen alike are counted together first: there are thousands
        reference.unit_ids[unit]: alike[
            _Viewed(part_of(unit), is_told=visibility > Visibility.APPROVED, is_due=is_closed(unit))
        ]
        for unit, visibility in seen.items()
    }
    for unit_id, state, step, left_agency, is_late, number in session.execute(_counts_of(quarter, reference, seen)):
        if unit_id in counted_with:
            counted_with[unit_id][_Standing(state, step, left_agency, is_late)] += number
    found: dict[str, Figures] = defaultdict(Figures)
    for viewed, counted in alike.items():
        for standing, number in counted.items():
            _count(found[viewed.part], viewed, standing, number)
    return found


def _counts_of(quarter: Quarter, reference: Reference, units: Collection[str]) -> Select[*tuple[Any, ...]]:
    """Return the query for the counters of these units: one by one while they are few, else of their ministries."""
    count, ids = ReportCount, reference.unit_ids
    ministries = {ids[reference.rules.organisation.ministry_of(unit)] for unit in units}
    query = select(count.unit_id, count.state, count.step, count.left_agency, count.is_late, count.number).where(
        count.fiscal_year == quarter.fiscal_year, count.quarter == quarter.number, count.ministry_id.in_(ministries)
    )
    return query if len(units) > _FEW_UNITS else query.where(count.unit_id.in_([ids[unit] for unit in units]))


def by_ministry(session: Session, reference: Reference, sight: Sight, quarter: Quarter) -> Mapping[str, Figures]:
    """Return the figures of every ministry, for somebody who sees the whole country or its approved data.

    Whether a report should have left its agency goes by the ministry's own window.
    """
    if not sight.is_countrywide:
        return {}
    is_closed = _closed_agencies(reference.rules, quarter)
    found: dict[str, Figures] = defaultdict(Figures)
    for unit_id, *counted, number in session.execute(_counted_by_ministry(quarter)):
        ministry = reference.unit_codes[unit_id]
        if _is_tracked(reference.rules, ministry, quarter):
            viewed = _Viewed(ministry, is_told=sight.everything, is_due=is_closed(ministry))
            _count(found[ministry], viewed, _Standing(*counted), number)
    return found


def _counted_by_ministry(quarter: Quarter) -> Select[*tuple[Any, ...]]:
    count = ReportCount
    standing = (count.ministry_id, count.state, count.step, count.left_agency, count.is_late)
    return (
        select(*standing, func.sum(count.number))
        .where(count.fiscal_year == quarter.fiscal_year, count.quarter == quarter.number)
        .group_by(*standing)
    )


class _Standing(NamedTuple):
    """How reports of one counter stand."""

    state: str
    step: int
    left_agency: bool
    is_late: bool


class _Viewed(NamedTuple):
    """As part of what somebody sees the reports of a unit.

    ``is_told``: how those that are not approved stand, too. ``is_due``: the window of its agency has closed.
    """

    part: str
    is_told: bool
    is_due: bool


def _count(figures: Figures, viewed: _Viewed, standing: _Standing, number: int) -> None:
    """Count reports that stand alike into the figures of somebody who sees this much of them."""
    figures.owed += number
    if standing.state == SubmissionState.APPROVED:
        figures.approved += number
    elif viewed.is_told:
        figures.states[DUTY_STATES[standing.state]] += number
    else:
        figures.hidden += number
    if viewed.is_told and viewed.is_due:
        figures.due += number
        figures.in_time += number if standing.left_agency and not standing.is_late else 0


def _is_tracked(rules: Rules, unit: str, quarter: Quarter) -> bool:
    tracked = rules.policy(unit).tracked_from
    return tracked is None or quarter >= tracked


def _closed_agencies(rules: Rules, quarter: Quarter) -> Callable[[str], bool]:
    """Return what tells whether the agency's window of the quarter has closed for a unit."""
    occasion = Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)

    @cache
    def is_closed(unit: str) -> bool:
        windows = rules.window(occasion, rules.organisation.path(unit))
        span = windows.of(Stage.AGENCY) if windows else None
        return span is not None and span.closes_on < rules.today

    return is_closed
