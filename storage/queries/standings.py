"""How reports that are owed stand, and whose delay each is (``domain.md`` §3, ``overdue``)."""

from __future__ import annotations

import threading
from typing import Any, NamedTuple, Self

from sqlalchemy import Row

from domain.fiscal import Quarter
from domain.submissions import ApprovalStep, DutyState, SubmissionState, duty_state, overdue_stage
from domain.windows import Occasion, Stage, StageWindows, WindowKind
from storage.reference import Reference


class Standing(NamedTuple):
    """How an unreported project stands: where it waits (0: nowhere), and whether it once left the agency."""

    state: DutyState
    step: int
    left_agency: bool


DUTY_STATES = {
    "" if state is None else state.value: left
    for state in (None, *SubmissionState)
    if (left := duty_state(state)) is not None
}
"""What is left to do, by the state as counters and queries write it: empty while nothing is entered."""
WRITTEN = {left: state for state, left in DUTY_STATES.items()}
"""The other way round."""
_LEFT = {left: SubmissionState(state) if state else None for state, left in DUTY_STATES.items()}


class _Office(NamedTuple):
    """What units share on whose delay is worked out once: their windows and their route."""

    windows: StageWindows | None
    route: tuple[ApprovalStep, ...]
    is_tracked: bool


class Delays:
    """Whose delay a report of one quarter is today, and for which units the quarter counts at all; safe for threads."""

    def __init__(self, reference: Reference, quarter: Quarter) -> None:
        self._codes = reference.unit_codes
        self._rules = reference.rules
        self._quarter = quarter
        self._occasion = Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
        self._lock = threading.Lock()
        self._numbers: dict[_Office, int] = {}
        self._offices: list[_Office] = []
        self._office_of: dict[str, int] = {}
        self._late: dict[tuple[int, Standing], Stage | None] = {}

    @classmethod
    def of_quarter(cls, reference: Reference, quarter: Quarter) -> Self:
        """Return those of a quarter; what one question worked out serves the next."""
        return reference.worked_out((cls, quarter), lambda: cls(reference, quarter))

    def is_tracked(self, unit: str) -> bool:
        """Tell whether anything of the quarter is owed by the unit's ministry."""
        return self._offices[self._number(unit)].is_tracked

    def standing(self, unit_id: int, state: str, step: int, returned_by: str) -> Standing:
        """Return how a row of the live query stands."""
        is_above = step > 0 and self._rules.organisation.stage_of(self._codes[unit_id], step) is Stage.UPPER
        return Standing(DUTY_STATES[state], step, is_above or returned_by == Stage.UPPER)

    def of_row(self, row: Row[Any]) -> Stage | None:
        """Return whose delay a row of the live query is."""
        return self.of(self._codes[row.unit_id], self.standing(row.unit_id, row.state, row.step, row.returned_by))

    def of(self, unit: str, standing: Standing) -> Stage | None:
        """Return whose delay it is, as the domain derives it; None: nobody is late."""
        key = self._number(unit), standing
        if key not in self._late:
            self._late[key] = self._derived(self._offices[key[0]], standing)
        return self._late[key]

    def windows(self, unit: str) -> StageWindows | None:
        """Return the windows of the quarter that hold for the unit."""
        return self._offices[self._number(unit)].windows

    def has_opened(self, unit: str) -> bool:
        """Tell whether the unit's agency may report the quarter by now."""
        windows = self.windows(unit)
        opened = windows.starts_on(Stage.AGENCY) if windows else None
        return opened is not None and opened <= self._rules.today

    def _derived(self, office: _Office, standing: Standing) -> Stage | None:
        if office.windows is None:
            return None
        waiting_at = None
        if standing.state is DutyState.WAITING:
            above = Stage.UPPER if standing.left_agency else Stage.AGENCY
            waiting_at = next((step.stage for step in office.route if step.order == standing.step), above)
        returned_by = Stage.UPPER if standing.left_agency else None
        return overdue_stage(_LEFT[standing.state], waiting_at, returned_by, office.windows, self._rules.today)

    def _number(self, unit: str) -> int:
        number = self._office_of.get(unit)
        if number is None:
            rules, organisation = self._rules, self._rules.organisation
            begins = rules.policy(unit).tracked_from
            office = _Office(
                rules.window(self._occasion, rules.windows.shared_path(organisation.path(unit))),
                organisation.route(unit),
                begins is None or self._quarter >= begins,
            )
            with self._lock:
                number = self._numbers.setdefault(office, len(self._offices))
                if number == len(self._offices):
                    self._offices.append(office)
            self._office_of[unit] = number
        return number
