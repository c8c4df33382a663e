"""Projects that owe a report which is not approved yet, and whose turn it is (``domain.md`` §3, ``unreported``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.fiscal import Quarter, YearBasis
from domain.in_force import QUARTERS_BACK, Rules
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.submissions import DutyState, SubmissionState, duty_state, overdue_stage
from domain.windows import Occasion, Stage, WindowKind
from storage import tables
from storage.queries.obligations import entered_state, owes_report, report_of
from storage.queries.readers import PersonReading, people_reading, unit_names
from storage.queries.rules import load_rules


class UnknownUnit(LookupError):
    """No unit has this code."""


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


def unreported(
    session: Session, at: datetime, *, within: Sequence[str] = (), quarter: Quarter | None = None
) -> list[UnreportedProject]:
    """Return what is not reported at ``at``, in the order of agencies, units and project codes.

    ``within`` are codes of units: only projects of units that are, or lie below, every one of them. Without ``quarter``
    each unit is asked for the newest quarter whose window has opened. Nothing before tracking began is owed.

    Raises:
        UnknownUnit: ``within`` names a unit that does not exist.
    """
    rules = load_rules(session, at.astimezone(BANGKOK).date())
    for code in within:
        if code not in rules.organisation.units:
            raise UnknownUnit(code)
    quarters: dict[Quarter, list[str]] = defaultdict(list)
    for code in rules.organisation.units:
        if set(within) <= {unit.code for unit in rules.organisation.ancestry(code)}:
            asked = quarter or reporting_quarter(rules, code)
            tracked = rules.policy(code).tracked_from
            if asked is not None and (tracked is None or asked >= tracked):
                quarters[asked].append(code)
    found = [project for asked, codes in quarters.items() for project in _of_quarter(session, rules, asked, codes)]
    return sorted(found, key=lambda project: (project.agency_code, project.unit_code, project.code))


def reporting_quarter(rules: Rules, unit: str) -> Quarter | None:
    """Return the newest quarter whose agency window has opened for the unit; None when none has."""
    quarter, path = Quarter.containing(rules.today), rules.organisation.path(unit)
    for _ in range(QUARTERS_BACK + 1):
        windows = rules.window(Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number), path)
        starts_on = windows.starts_on(Stage.AGENCY) if windows else None
        if starts_on is not None and starts_on <= rules.today:
            return quarter
        quarter = quarter.previous()
    return None


def _of_quarter(session: Session, rules: Rules, quarter: Quarter, codes: Iterable[str]) -> Iterable[UnreportedProject]:
    project, report = tables.Project, tables.Submission
    units = dict(session.execute(select(tables.Unit.id, tables.Unit.code)).all())
    wanted = frozenset(codes)
    query = (
        select(
            project.code,
            project.name,
            project.unit_id,
            entered_state().label("state"),
            report.step,
            report.arrived_at,
            report.sent_at,
            report.late_reason,
            report.returned_by,
        )
        .outerjoin(report, report_of(quarter))
        .where(owes_report(quarter), report.id.is_(None) | (report.state != SubmissionState.APPROVED))
    )
    rows = [row for row in session.execute(query) if units[row.unit_id] in wanted]
    holders = _holders(rules, {(units[row.unit_id], row.step if row.state else None) for row in rows})
    people = people_reading(session, {code for codes in holders.values() for code in codes}, rules.today)
    names = unit_names(session)
    for row in rows:
        unit = units[row.unit_id]
        agency = rules.organisation.path(unit).agency or unit
        step = row.step if row.state is SubmissionState.PENDING_APPROVAL else None
        since = row.arrived_at if step else row.sent_at
        yield UnreportedProject(
            code=row.code,
            name=row.name,
            agency_code=agency,
            agency=names[agency],
            unit_code=unit,
            unit=names[unit],
            quarter=quarter,
            basis=rules.organisation.year_basis(unit),
            state=duty_state(row.state) or DutyState.MISSING,
            step=step,
            overdue=_overdue(rules, quarter, unit, row.state, step, row.returned_by),
            turn_of=tuple(people[code] for code in holders[unit, step] if code in people),
            since=since.astimezone(BANGKOK).date() if since else _window_start(rules, quarter, unit, step),
            late_reason=row.late_reason or "",
        )


def _holders(rules: Rules, turns: Iterable[tuple[str, int | None]]) -> Mapping[tuple[str, int | None], Sequence[str]]:
    """Return who has to act: the approvers of the step, or the unit's officers where nothing waits."""
    organisation = rules.organisation
    return {
        (unit, step): organisation.holders(Role.PROJECT_OFFICER, unit)
        if step is None
        else organisation.approvers(unit, step)
        for unit, step in turns
    }


def _window_start(rules: Rules, quarter: Quarter, unit: str, step: int | None) -> date | None:
    """Return since when a report is owed that was never sent."""
    occasion = Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
    windows = rules.window(occasion, rules.organisation.path(unit))
    return windows.starts_on(Stage.AGENCY) if windows and step is None else None


def _overdue(
    rules: Rules,
    quarter: Quarter,
    unit: str,
    state: SubmissionState | None,
    step: int | None,
    returned_by: Stage | None,
) -> Stage | None:
    """Return whose delay it is today, as the domain derives it."""
    organisation = rules.organisation
    occasion = Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
    windows = rules.window(occasion, organisation.path(unit))
    waiting_at = None if step is None else organisation.stage_of(unit, step)
    return overdue_stage(state, waiting_at, returned_by, windows, rules.today) if windows else None
