"""What holds on one day: rules in force, who is responsible, and which occasions may remind somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.fiscal import Quarter, fiscal_year_of
from domain.organisation import Organisation
from domain.policy import DEFAULT_POLICY, ReminderPolicy
from domain.windows import ENTRY_KINDS, Occasion, Roll, ScopePath, Stage, StageWindows, WindowBook, WindowKind
from domain.workdays import WorkingCalendar

QUARTERS_BACK = 5
"""Reporting windows open at most this many quarters after the one they report; older ones are no longer reminded of."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the planner goes by on one day: who is responsible, which windows, holidays and policies hold."""

    organisation: Organisation
    windows: WindowBook
    calendar: WorkingCalendar
    policies: Mapping[str, ReminderPolicy]
    today: date

    def policy(self, unit: str) -> ReminderPolicy:
        """Return the policy of the ministry that the unit (its code) belongs to."""
        return self.policies.get(self.organisation.ministry_of(unit), DEFAULT_POLICY)

    def window(self, occasion: Occasion, path: ScopePath) -> StageWindows | None:
        """Return the windows in force today for ``occasion`` in ``path``."""
        return self.windows.resolve(occasion, path, self.today)

    def overdue_ends(self, closes_on: date, path: ScopePath) -> date:
        """Return the day from which a window that closed on ``closes_on`` reminds nobody any more.

        It is the day on which the next quarter's window opens, but not before the week of the first overdue reminder is
        over: that one comes even where the next window follows at once.
        """
        first = self.calendar.on_or_after(closes_on + timedelta(days=1))
        next_quarter = self.windows.first_reporting_day_after(closes_on, path, self.today)
        return max(next_quarter, self.calendar.first_of_next_week(first))


def active_occasions(rules: Rules, path: ScopePath) -> list[Occasion]:
    """Return the occasions that may remind somebody in ``path`` today: opened, and not yet too old.

    Of the two kinds of project entry only the one that opened last is active: a project is entered once.
    """
    candidates = [o for o in _candidates(rules) if _is_active(rules, o, path)]
    entries = [o for o in candidates if o.kind in ENTRY_KINDS]
    newest = max(entries, key=lambda o: (_starts_on(rules, o, path), o.order()), default=None)
    return [o for o in candidates if o.kind not in ENTRY_KINDS or o == newest]


def _candidates(rules: Rules) -> Iterable[Occasion]:
    quarter = Quarter.containing(rules.today)
    for _ in range(QUARTERS_BACK + 1):
        yield Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
        quarter = quarter.previous()
    this_year = fiscal_year_of(rules.today)
    for year in (this_year - 1, this_year, this_year + 1):
        for kind in WindowKind:
            if kind is not WindowKind.QUARTER_REPORT and (kind not in ENTRY_KINDS or year >= this_year):
                yield from (Occasion(kind, year, number) for number in rules.windows.rounds(kind, year))


def _is_active(rules: Rules, occasion: Occasion, path: ScopePath) -> bool:
    windows = rules.window(occasion, path)
    if windows is None or windows.agency is None or _starts_on(rules, occasion, path) > rules.today:
        return False
    spans = [span.rolled(Roll.NEXT_WORKING_DAY, rules.calendar) for span in (windows.agency, windows.upper) if span]
    return any(rules.today < rules.overdue_ends(span.closes_on, path) for span in spans)


def _starts_on(rules: Rules, occasion: Occasion, path: ScopePath) -> date:
    windows = rules.window(occasion, path)
    return (windows.starts_on(Stage.AGENCY) if windows else None) or date.min
