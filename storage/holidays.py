"""Holidays of government offices: the public list, the office's corrections on top (``domain.md`` §4).

Offices work on Labour Day and Children's Day and are closed on the Royal Ploughing Day; the cabinet adds days late,
which admins enter in the table ``holidays``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.workdays import WorkingCalendar
from storage import tables

_OFFICES_WORK_ON = frozenset({"National Labor Day", "National Children's Day"})
_IN_LIEU = " (in lieu)"


def working_calendar(session: Session, first_year: int, last_year: int) -> WorkingCalendar:
    """Return the working days from ``first_year`` to ``last_year`` (C.E., inclusive)."""
    days = set().union(*(office_holidays(year) for year in range(first_year, last_year + 1)))
    for on, is_working in session.execute(select(tables.Holiday.on, tables.Holiday.is_working)):
        if is_working:
            days.discard(on)
        else:
            days.add(on)
    return WorkingCalendar.of(days)


def holiday_names(session: Session, first: date, last: date) -> Mapping[date, str]:
    """Return the Thai names of the days from ``first`` to ``last`` on which offices are closed, weekends aside."""
    years = range(first.year, last.year + 1)
    closed = working_calendar(session, first.year, last.year).holidays
    public = holidays.country_holidays("TH", years=years, categories=("public", "government"), language="th")
    entered = dict(
        session.execute(select(tables.Holiday.on, tables.Holiday.name).where(tables.Holiday.name != "")).all()
    )
    return {on: entered.get(on) or public.get(on, "") for on in closed if first <= on <= last}


@cache
def office_holidays(year: int) -> frozenset[date]:
    """Return the holidays of government offices in ``year`` (C.E.), before the office's own corrections."""
    found = holidays.country_holidays("TH", years=year, categories=("public", "government"), language="en_US")
    return frozenset(
        on
        for on, names in found.items()
        if not _OFFICES_WORK_ON.issuperset(name.removesuffix(_IN_LIEU) for name in names.split("; "))
    )
