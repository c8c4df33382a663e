"""On which days something can have been entered into eMENSCR: reports that a unit mirrors, and agencies' duties."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from domain.errors import DomainError
from domain.fiscal import first_day_of_fiscal_year

FIRST_ENTRIES = first_day_of_fiscal_year(2562)
"""Nothing stands in eMENSCR from before the year in which offices began with it (``domain.md`` §4)."""


class DayFault(StrEnum):
    """What is wrong with a day of entry into eMENSCR that somebody states."""

    AHEAD = "ahead"
    """It has not come yet."""
    TOO_EARLY = "too_early"
    """eMENSCR did not exist, or what is entered was not approved."""


class ImpossibleDay(DomainError):
    """Nothing can have been entered into eMENSCR on the day that somebody states."""

    def __init__(self, fault: DayFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def check_day_of_entry(entered_on: date, today: date, approved_on: date | None = None) -> None:
    """Check that something can have been entered into eMENSCR on that day (Bangkok days, C.E.).

    ``approved_on`` is the day from which on it may be entered; None: no approval comes before it, or none is on record.

    Raises:
        ImpossibleDay: not so.
    """
    if entered_on > today:
        raise ImpossibleDay(DayFault.AHEAD)
    if entered_on < (approved_on or FIRST_ENTRIES):
        raise ImpossibleDay(DayFault.TOO_EARLY)
