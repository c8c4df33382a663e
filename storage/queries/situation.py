"""What is owed and what waits on one day: the inputs of the reminder planner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.fiscal import Quarter, first_day_of_fiscal_year
from domain.in_force import Rules, active_occasions
from domain.obligations import AGENCY_KINDS, DutyRecord, agency_duties
from domain.obligations import owes_report as owes
from domain.organisation import UnitLevel
from domain.planner import Plan
from domain.preferences import ReminderPreference
from domain.reminders import OpenDuty, WaitingItem
from domain.roles import Role
from domain.submissions import DutyState, ExecutionStatus, SubmissionKind, SubmissionState, duty_state
from domain.windows import ENTRY_KINDS, Occasion, ScopePath, WindowKind
from storage import tables
from storage.queries.obligations import entered_state, owes_report, report_of
from storage.queries.preferences import load_preferences
from storage.queries.rules import load_rules

_UNSENT = (SubmissionState.DRAFT, SubmissionState.RETURNED)


@dataclass(frozen=True, slots=True)
class Situation:
    """One day: the rules in force, what is not sent, what waits for a decision, and people's own settings by code."""

    rules: Rules
    duties: tuple[OpenDuty, ...]
    waiting: tuple[WaitingItem, ...]
    preferences: Mapping[str, ReminderPreference]

    def plan(self) -> Plan:
        """Return who is to be told what on this day."""
        return Plan(self.rules, self.duties, self.waiting, self.preferences)


def load_situation(session: Session, today: date, rules: Rules | None = None) -> Situation:
    """Return the situation of the whole country on ``today``, a day in Bangkok; ``rules`` are its, if at hand."""
    rules = rules or load_rules(session, today)
    loader = _Loader(session, rules)
    return Situation(rules, tuple(loader.duties()), tuple(loader.waiting()), load_preferences(session))


class ActiveOccasions:
    """The occasions that may remind somebody of each unit today."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._active: dict[ScopePath, tuple[Occasion, ...]] = {}

    def of(self, unit: str) -> tuple[Occasion, ...]:
        """Return the occasions that may remind somebody of the unit today, none from before tracking began."""
        path = self._rules.windows.shared_path(self._rules.organisation.path(unit))
        if path not in self._active:
            tracked = self._rules.policy(unit).tracked_from
            self._active[path] = tuple(
                occasion
                for occasion in active_occasions(self._rules, path)
                if occasion.kind is not WindowKind.QUARTER_REPORT or tracked is None or _quarter_of(occasion) >= tracked
            )
        return self._active[path]

    def entry_of(self, unit: str) -> Occasion | None:
        """Return the occasion for which the unit enters projects today; None: there is none."""
        return next((occasion for occasion in self.of(unit) if occasion.kind in ENTRY_KINDS), None)

    def anywhere(self) -> Collection[Occasion]:
        """Return the occasions that are active for at least one unit."""
        return {occasion for unit in self._rules.organisation.units for occasion in self.of(unit)}


class _Loader:
    """Loads duties and waiting items for the occasions that are active for each unit."""

    def __init__(self, session: Session, rules: Rules) -> None:
        self._session = session
        self._rules = rules
        self._active = ActiveOccasions(rules)
        self._codes: Mapping[int, str] = dict(session.execute(select(tables.Unit.id, tables.Unit.code)).all())

    def duties(self) -> Iterable[OpenDuty]:
        """Yield everything that was not sent."""
        for occasion in sorted(self._active.anywhere(), key=Occasion.order):
            if occasion.kind is WindowKind.QUARTER_REPORT:
                yield from self._unsent_reports(occasion)
        yield from self._unsent_entries()
        yield from self._agency_duties()

    def waiting(self) -> Iterable[WaitingItem]:
        """Yield everything that waits at a step of its route."""
        row = tables.Submission
        query = (
            select(
                row.unit_id,
                row.kind,
                row.fiscal_year,
                row.quarter,
                row.step,
                row.arrived_at,
                tables.AgencyDuty.kind,
                func.coalesce(tables.Project.name, tables.AgencyDuty.plan_name, ""),
                tables.Project.start_month,
                tables.Project.end_month,
                tables.Project.official_version,
            )
            .outerjoin(tables.Project, tables.Project.id == row.project_id)
            .outerjoin(tables.AgencyDuty, tables.AgencyDuty.id == row.agency_duty_id)
            .where(row.state == SubmissionState.PENDING_APPROVAL)
            .where(func.coalesce(tables.Project.execution_status, "") != ExecutionStatus.CANCELLED)
            .order_by(row.arrived_at, row.id)
        )
        for unit_id, kind, year, quarter, step, since, duty_kind, title, *project in self._session.execute(query):
            unit = self._codes[unit_id]
            occasion = self._occasion(unit, kind, year, quarter or None, duty_kind)
            if occasion.kind is not WindowKind.QUARTER_REPORT or self._is_owed(unit, occasion, *project):
                yield WaitingItem(unit, occasion, step or 1, since, title)

    def _is_owed(self, unit: str, occasion: Occasion, start: date, end: date, official_version: int) -> bool:
        """Tell whether a report that waits is one that somebody owes: others count nowhere and remind nobody."""
        entry = SubmissionState.APPROVED if official_version else SubmissionState.DRAFT
        tracked = self._rules.policy(unit).tracked_from
        return owes(start, end, entry, ExecutionStatus.IN_PROGRESS, _quarter_of(occasion), tracked)

    def _occasion(
        self, unit: str, kind: SubmissionKind, year: int, quarter: int | None, duty_kind: WindowKind | None
    ) -> Occasion:
        if duty_kind is not None:
            return Occasion(duty_kind, year)
        if kind is SubmissionKind.QUARTER_REPORT:
            return Occasion(WindowKind.QUARTER_REPORT, year, quarter)
        return self._active.entry_of(unit) or Occasion(WindowKind.PROJECT_ENTRY, year)

    def _unsent_reports(self, occasion: Occasion) -> Iterable[OpenDuty]:
        row, report = tables.Project, tables.Submission
        quarter = _quarter_of(occasion)
        query = (
            select(row.unit_id, entered_state(), row.name, report.returned_by)
            .outerjoin(report, report_of(quarter))
            .where(owes_report(quarter), report.id.is_(None) | report.state.in_(_UNSENT))
            .order_by(row.code)
        )
        bound = {unit_id: code for unit_id, code in self._codes.items() if occasion in self._active.of(code)}
        states = {state: duty_state(state) or DutyState.MISSING for state in (None, *_UNSENT)}
        for unit_id, state, name, returned_by in self._session.execute(query):
            if unit_id in bound:
                yield OpenDuty(bound[unit_id], occasion, states[state], name, returned_by)

    def _unsent_entries(self) -> Iterable[OpenDuty]:
        row, entry = tables.Project, tables.Submission
        query = (
            select(row.unit_id, entry.state, row.name, entry.returned_by, row.end_month)
            .join(entry, (entry.project_id == row.id) & (entry.kind == SubmissionKind.PROJECT_ENTRY))
            .where(entry.state.in_(_UNSENT), row.execution_status != ExecutionStatus.CANCELLED)
            .order_by(row.code)
        )
        for unit_id, state, name, returned_by, end_month in self._session.execute(query):
            unit = self._codes[unit_id]
            occasion = self._active.entry_of(unit)
            if occasion is not None and end_month >= first_day_of_fiscal_year(occasion.fiscal_year):
                yield OpenDuty(unit, occasion, DutyState(state.value), name, returned_by)

    def _agency_duties(self) -> Iterable[OpenDuty]:
        row, sent = tables.AgencyDuty, tables.Submission
        query = (
            select(row.unit_id, row.kind, row.fiscal_year, row.plan_name, row.is_thematic, row.entered_on)
            .add_columns(sent.state, sent.returned_by)
            .outerjoin(sent, sent.agency_duty_id == row.id)
            .order_by(row.id)
        )
        listed: dict[tuple[str, Occasion], list[DutyRecord]] = defaultdict(list)
        for unit_id, kind, year, *record in self._session.execute(query):
            unit, occasion = self._codes[unit_id], Occasion(kind, year)
            listed[unit, occasion].append(DutyRecord(unit, occasion, *record))
        for agency in self._agencies_with_plan_officer():
            for occasion in self._active.of(agency):
                if occasion.kind in AGENCY_KINDS:
                    for owed in agency_duties(agency, occasion, listed[agency, occasion]):
                        if owed.state is not DutyState.WAITING:  # that is the approver's turn
                            yield OpenDuty(agency, occasion, owed.state, owed.plan_name, owed.returned_by)

    def _agencies_with_plan_officer(self) -> Iterator[str]:
        organisation = self._rules.organisation
        for unit in organisation.units.values():
            if unit.level is UnitLevel.AGENCY and organisation.holders_within(Role.PLAN_OFFICER, unit.code):
                yield unit.code


def _quarter_of(occasion: Occasion) -> Quarter:
    return Quarter(occasion.fiscal_year, occasion.quarter or 1)
