"""Projects that owe a report which is not approved yet, and whose turn it is (``domain.md`` §3, ``unreported``).

A question counts first, by unit and by how reports stand, and then reads the rows of one page alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, Text, case, func, select, true, type_coerce
from sqlalchemy.orm import Session

from domain.fiscal import Quarter, YearBasis
from domain.in_force import Rules
from domain.permissions import Sight
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.spoken_quarters import reporting_quarter
from domain.submissions import DutyState, SubmissionState
from domain.windows import Stage, StageWindows
from storage import tables
from storage.queries.obligations import entered_state, owes_report, report_of
from storage.queries.readers import PersonReading, people_reading
from storage.queries.standings import DUTY_STATES, WRITTEN, Delays, Standing
from storage.reference import Reference

EVERY_STATE = frozenset(DutyState)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which unreported projects are meant: of a quarter and of ``units`` (codes), as far as the asker may see them.

    ``states`` are the breakdown's parts that are wanted, ``words`` must all stand in the project's name or code, and
    ``overdue`` leaves only what somebody is late with.
    """

    quarter: Quarter
    units: frozenset[str]
    states: frozenset[DutyState] = EVERY_STATE
    words: str = ""
    overdue: bool = False


@dataclass(frozen=True)
class Tally:
    """How many projects there are, by unit (code) and standing; ``late_by_unit`` by unit and whose delay it is."""

    by_unit: Mapping[str, Mapping[Standing, int]]
    late_by_unit: Mapping[str, Mapping[Stage, int]] = field(default_factory=dict)

    @cached_property
    def total(self) -> int:
        """Number of projects."""
        return sum(self.states.values())

    @cached_property
    def states(self) -> Mapping[DutyState, int]:
        """The breakdown of all."""
        return self.of(self.by_unit)

    @cached_property
    def late(self) -> Mapping[Stage, int]:
        """How many projects are whose delay."""
        return self.late_of(self.late_by_unit)

    def of(self, units: Iterable[str]) -> Counter[DutyState]:
        """Return the breakdown of these units together."""
        states: Counter[DutyState] = Counter()
        for unit in units:
            for standing, number in self.by_unit[unit].items():
                states[standing.state] += number
        return states

    def late_of(self, units: Iterable[str]) -> Counter[Stage]:
        """Return how many projects of these units are whose delay."""
        stages: Counter[Stage] = Counter()
        for unit in units:
            for stage, number in self.late_by_unit.get(unit, {}).items():
                stages[stage] += number
        return stages


@dataclass(frozen=True, slots=True)
class UnreportedProject:
    """A report that is owed: ``step`` is where it waits, ``turn_of`` who has to act, ``since`` (Bangkok) from when.

    ``overdue`` is whose delay it is, None while nobody is late. ``basis`` is how the project's agency labels the
    quarter.
    """

    code: str
    name: str
    agency_code: str
    agency: str
    unit_code: str
    unit: str
    quarter: Quarter
    basis: YearBasis
    state: DutyState
    step: int | None
    overdue: Stage | None
    turn_of: tuple[PersonReading, ...]
    since: date | None
    late_reason: str


def tally(session: Session, reference: Reference, sight: Sight, asked: Asked) -> Tally:
    """Return how many of the projects that are asked for there are, within ``sight``.

    Nothing before tracking began is owed, and approved data alone is no ground to learn what is missing. Without words
    to look for, the kept counters say it.
    """
    units = sight.owing(asked.units)
    if not units:
        return Tally({})
    delays, codes = Delays.of_quarter(reference, asked.quarter), reference.unit_codes
    groups: Iterable[tuple[str, Standing, int]]
    if asked.words:
        owed = _owed(reference, sight, asked)
        columns = owed.c.unit_id, owed.c.state, owed.c.step, owed.c.returned_by
        live: Iterable[Any] = session.execute(select(*columns, func.count()).group_by(*columns))
        groups = ((codes[row[0]], delays.standing(*row[:4]), row[4]) for row in live)
    else:
        kept = session.execute(_kept(reference, asked.quarter, units)).all()
        standings = {row[1:4]: Standing(DUTY_STATES[row[1]], row[2], row[3]) for row in kept}
        groups = ((codes[row[0]], standings[row[1:4]], row[4]) for row in kept)
    return _tallied(asked, delays, groups)


def tally_of_country(session: Session, reference: Reference, asked: Asked) -> Tally:
    """Return the tally of the whole country by ministry (code) instead of by unit, from the kept counters.

    Whose delay it is goes by the ministry's own windows. ``asked.units`` and ``asked.words`` play no part.
    """
    row, codes = tables.ReportCount, reference.unit_codes
    columns = row.ministry_id, row.state, row.left_agency
    kept = session.execute(
        select(*columns, func.sum(row.number))
        .where(row.fiscal_year == asked.quarter.fiscal_year, row.quarter == asked.quarter.number)
        .where(row.state != SubmissionState.APPROVED)
        .group_by(*columns)
    )
    groups = ((codes[unit_id], Standing(DUTY_STATES[state], 0, left), number) for unit_id, state, left, number in kept)
    return _tallied(asked, Delays.of_quarter(reference, asked.quarter), groups)


def page_of(
    session: Session, reference: Reference, sight: Sight, asked: Asked, counted: Tally, start: int, rows: int
) -> list[UnreportedProject]:
    """Return the projects from number ``start`` (from 0) on, in the order of agencies, units and project codes.

    In a unit come first those that are with its officers, then those that wait for approval. ``counted`` is what
    ``tally`` returned for the same question.
    """
    units, skip = _units_of_page(reference.rules, counted, start, rows)
    if not units:
        return []
    owed = _owed(reference, sight, replace(asked, units=frozenset(units)))
    ranks = {reference.unit_ids[unit]: rank for rank, unit in enumerate(units)}
    query = select(owed).order_by(case(ranks, value=owed.c.unit_id), owed.c.step > 0, owed.c.code)
    if asked.overdue:  # what is late differs from unit to unit
        delays = Delays.of_quarter(reference, asked.quarter)
        found = [row for row in session.execute(query) if delays.of_row(row) is not None][skip : skip + rows]
    else:
        found = list(session.execute(query.offset(skip).limit(rows)))
    return _projects(session, reference, asked.quarter, found)


def every(session: Session, reference: Reference, sight: Sight, questions: Iterable[Asked]) -> list[UnreportedProject]:
    """Return all projects that are asked for, in the order of agencies, units and project codes."""
    found: list[UnreportedProject] = []
    for asked in questions:
        delays = Delays.of_quarter(reference, asked.quarter)
        rows = [
            row
            for row in session.execute(select(_owed(reference, sight, asked)))
            if delays.is_tracked(reference.unit_codes[row.unit_id])
            and (not asked.overdue or delays.of_row(row) is not None)
        ]
        found += _projects(session, reference, asked.quarter, rows)
    return sorted(found, key=lambda project: (project.agency_code, project.unit_code, project.code))


def newest_quarters(rules: Rules, units: Iterable[str]) -> Mapping[Quarter, frozenset[str]]:
    """Return the units by the newest quarter whose window has opened for them; none where none has."""
    found: dict[Quarter, set[str]] = defaultdict(set)
    for unit in units:
        quarter = reporting_quarter(rules, unit)
        if quarter is not None:
            found[quarter].add(unit)
    return {quarter: frozenset(codes) for quarter, codes in found.items()}


def _owed(reference: Reference, sight: Sight, asked: Asked) -> Subquery:
    """Return the unreported projects that are asked for, late or not, with how each stands."""
    project, report = tables.Project, tables.Submission
    is_waiting = report.state == SubmissionState.PENDING_APPROVAL
    query: Select[Any] = (
        select(
            project.id,
            project.unit_id,
            project.code,
            project.name,
            func.coalesce(type_coerce(entered_state(), Text), "").label("state"),
            case((is_waiting, func.coalesce(report.step, 1)), else_=0).label("step"),
            func.coalesce(type_coerce(report.returned_by, Text), "").label("returned_by"),
            report.arrived_at,
            report.sent_at,
            func.coalesce(report.late_reason, "").label("late_reason"),
        )
        .outerjoin(report, report_of(asked.quarter))
        .where(_scope(reference, sight, asked.units), owes_report(asked.quarter))
        .where(report.id.is_(None) | (report.state != SubmissionState.APPROVED))
        .where(*(_says(word) for word in asked.words.split()))
    )
    owed = query.subquery()
    if asked.states == EVERY_STATE:
        return owed
    wanted = sorted(WRITTEN[state] for state in asked.states)
    return select(owed).where(owed.c.state.in_(wanted)).subquery()


def _scope(reference: Reference, sight: Sight, units: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a project which owes a report may be seen.

    Such a one is official, so that its unit decides; ``projects_in`` would look for entries at the asker's step, too.
    """
    if sight.everything and len(units) == len(reference.unit_ids):
        return true()
    return tables.Project.unit_id.in_(sorted(reference.unit_ids[unit] for unit in sight.owing(units)))


def _says(word: str) -> ColumnElement[bool]:
    project = tables.Project
    if word.upper() == word.lower():  # Thai has no case, and folding it takes longer than looking
        return project.name.contains(word, autoescape=True) | project.code.contains(word, autoescape=True)
    return project.name.icontains(word, autoescape=True) | project.code.icontains(word, autoescape=True)


def _kept(reference: Reference, quarter: Quarter, units: Collection[str]) -> Select[int, str, int, bool, int]:
    row, ids, organisation = tables.ReportCount, reference.unit_ids, reference.rules.organisation
    ministries = {organisation.ministry_of(unit) for unit in units}
    query = (
        select(row.unit_id, row.state, row.step, row.left_agency, func.sum(row.number))
        .where(row.fiscal_year == quarter.fiscal_year, row.quarter == quarter.number)
        .where(row.ministry_id.in_(sorted(ids[code] for code in ministries)))
        .where(row.state != SubmissionState.APPROVED)
        .group_by(row.unit_id, row.state, row.step, row.left_agency)
    )
    if len(units) == sum(len(organisation.below(code)) for code in ministries):
        return query  # whole ministries: a list of their thousands of units costs more than it saves
    return query.where(row.unit_id.in_(sorted(ids[unit] for unit in units)))


def _tallied(asked: Asked, delays: Delays, groups: Iterable[tuple[str, Standing, int]]) -> Tally:
    """Return the groups by unit, without what is not asked for or was owed before tracking began."""
    by_unit: dict[str, dict[Standing, int]] = {}
    late_by_unit: dict[str, dict[Stage, int]] = {}
    for unit, standing, number in groups:
        if standing.state not in asked.states or not delays.is_tracked(unit):
            continue
        late = delays.of(unit, standing)
        if late is not None:
            stages = late_by_unit.setdefault(unit, {})
            stages[late] = stages.get(late, 0) + number
        if late is not None or not asked.overdue:
            standings = by_unit.setdefault(unit, {})
            standings[standing] = standings.get(standing, 0) + number
    return Tally(by_unit, late_by_unit)


def _units_of_page(rules: Rules, counted: Tally, start: int, rows: int) -> tuple[list[str], int]:
    """Return the units that a page has rows of, in order, and how many rows of the first are on pages before."""
    organisation = rules.organisation
    ordered = sorted(counted.by_unit, key=lambda unit: (organisation.path(unit).agency or unit, unit))
    found: list[str] = []
    passed, skip = 0, 0
    for unit in ordered:
        here = sum(counted.by_unit[unit].values())
        if passed + here > start and passed < start + rows:
            skip = skip if found else start - passed
            found.append(unit)
        passed += here
    return found, max(skip, 0)


def _projects(
    session: Session, reference: Reference, quarter: Quarter, rows: Sequence[Row[Any]]
) -> list[UnreportedProject]:
    rules, delays = reference.rules, Delays.of_quarter(reference, quarter)
    holders = _holders(rules, {(reference.unit_codes[row.unit_id], row.step) for row in rows})
    people = people_reading(session, {code for codes in holders.values() for code in codes}, rules.today)
    found = []
    for row in rows:
        unit = reference.unit_codes[row.unit_id]
        standing = delays.standing(row.unit_id, row.state, row.step, row.returned_by)
        agency = rules.organisation.path(unit).agency or unit
        since = row.arrived_at if standing.step else row.sent_at
        found.append(
            UnreportedProject(
                code=row.code,
                name=row.name,
                agency_code=agency,
                agency=reference.unit_names[agency],
                unit_code=unit,
                unit=reference.unit_names[unit],
                quarter=quarter,
                basis=rules.organisation.year_basis(unit),
                state=standing.state,
                step=standing.step or None,
                overdue=delays.of(unit, standing),
                turn_of=tuple(people[code] for code in holders[unit, standing.step] if code in people),
                since=since.astimezone(BANGKOK).date() if since else _opened_on(delays.windows(unit), standing),
                late_reason=row.late_reason,
            )
        )
    return found


def _holders(rules: Rules, turns: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Sequence[str]]:
    """Return who has to act: the approvers of the step, or the unit's officers where nothing waits (step 0)."""
    organisation = rules.organisation
    return {
        (unit, step): organisation.approvers(unit, step) if step else organisation.holders(Role.PROJECT_OFFICER, unit)
        for unit, step in turns
    }


def _opened_on(windows: StageWindows | None, standing: Standing) -> date | None:
    """Return since when a report is owed that was never sent."""
    return windows.starts_on(Stage.AGENCY) if windows and not standing.step else None
