"""Working days of government offices (``domain.md`` §4): Monday to Friday without public holidays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days offices are open. ``holidays`` holds C.E. dates, weekends need not be in it."""

    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, holidays: Iterable[date]) -> WorkingCalendar:
        """Return the calendar whose holidays are these dates."""
        return cls(frozenset(holidays))

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on ``day``."""
        return day.weekday() < 5 and day not in self.holidays

    def count(self, first: date, last: date) -> int:
        """Return the number of working days from ``first`` to ``last``, both inclusive; 0 when ``last`` is earlier."""
        days = (last - first).days + 1
        if days <= 0:
            return 0
        weeks, rest = divmod(days, 7)
        weekdays = 5 * weeks + sum((first.weekday() + n) % 7 < 5 for n in range(rest))
        return weekdays - sum(first <= day <= last and day.weekday() < 5 for day in self.holidays)

    def working_days_left(self, today: date, closes_on: date) -> int:
        """Return the number of working days after ``today`` until ``closes_on``, inclusive; 0 when that is past."""
        return self.count(today + _ONE_DAY, closes_on)

    def on_or_after(self, day: date) -> date:
        """Return ``day`` when offices work on it, else the next working day."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        """Return ``day`` when offices work on it, else the last working day before it."""
        while not self.is_working(day):
            day -= _ONE_DAY
        return day

    def before(self, day: date, working_days: int) -> date:
        """Return the working day that lies ``working_days`` (≥ 0) working days before ``day``."""
        day = self.on_or_before(day)
        for _ in range(working_days):
            day = self.on_or_before(day - _ONE_DAY)
        return day

    def after(self, day: date, working_days: int) -> date:
        """Return the working day that lies ``working_days`` (≥ 1) working days after ``day``, working day or not."""
        for _ in range(working_days):
            day = self.on_or_after(day + _ONE_DAY)
        return day

    def first_of_week(self, day: date) -> date | None:
        """Return the first working day of the week (Monday to Friday) of ``day``; None when all five are holidays."""
        monday = day - timedelta(days=day.weekday())
        return next((d for n in range(5) if self.is_working(d := monday + timedelta(days=n))), None)

    def first_of_next_week(self, day: date) -> date:
        """Return the first working day of the next week (after that of ``day``) that has one."""
        monday = day + timedelta(days=7 - day.weekday())
        while (first := self.first_of_week(monday)) is None:
            monday += timedelta(days=7)
        return first
