"""Thai fiscal years and quarters (``domain.md`` §4).

Years are Buddhist Era (B.E.) wherever a name says ``fiscal_year`` or ``be_year``; dates are Common Era ``date``.
Fiscal year Y runs from 1 October of Y−1 to 30 September of Y.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from domain.errors import InvalidQuarter

BUDDHIST_ERA_OFFSET = 543
QUARTERS = (1, 2, 3, 4)
_FIRST_MONTH = {1: 10, 2: 1, 3: 4, 4: 7}


class YearBasis(StrEnum):
    """How an agency names its quarters; months and windows are the same for both."""

    FISCAL = "fiscal"
    CALENDAR = "calendar"


def fiscal_year_of(day: date) -> int:
    """Return the fiscal year (B.E.) that holds ``day``."""
    return day.year + BUDDHIST_ERA_OFFSET + (1 if day.month >= 10 else 0)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of a fiscal year, always in fiscal terms whatever an agency calls it.

    Raises:
        InvalidQuarter: ``number`` is not 1 to 4.
    """

    fiscal_year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in QUARTERS:
            raise InvalidQuarter(f"quarter {self.number} of {self.fiscal_year}")

    @classmethod
    def containing(cls, day: date) -> Self:
        """Return the quarter that ``day`` lies in."""
        return cls(fiscal_year_of(day), (day.month - 10) % 12 // 3 + 1)

    @property
    def first_day(self) -> date:
        """First day of the quarter (C.E.)."""
        month = _FIRST_MONTH[self.number]
        year = self.fiscal_year - BUDDHIST_ERA_OFFSET - (1 if self.number == 1 else 0)
        return date(year, month, 1)

    @property
    def last_day(self) -> date:
        """Last day of the quarter (C.E.)."""
        return self.next().first_day - timedelta(days=1)

    def next(self) -> Quarter:
        """Return the quarter after this one."""
        return Quarter(self.fiscal_year + 1, 1) if self.number == 4 else Quarter(self.fiscal_year, self.number + 1)

    def previous(self) -> Quarter:
        """Return the quarter before this one."""
        return Quarter(self.fiscal_year - 1, 4) if self.number == 1 else Quarter(self.fiscal_year, self.number - 1)

    def label(self, basis: YearBasis) -> QuarterLabel:
        """Return what an agency of this year basis calls the quarter.

        For a calendar-year agency fiscal Qn/Y is calendar Q(n−1)/Y, fiscal Q1/Y is Q4/(Y−1): a label, no date shift.
        """
        if basis is YearBasis.FISCAL:
            return QuarterLabel(self.number, self.fiscal_year)
        if self.number == 1:
            return QuarterLabel(4, self.fiscal_year - 1)
        return QuarterLabel(self.number - 1, self.fiscal_year)


@dataclass(frozen=True, slots=True, order=True)
class QuarterLabel:
    """A quarter as an agency writes it: number and year (B.E.) of its own year basis."""

    number: int
    be_year: int

    def quarter(self, basis: YearBasis) -> Quarter:
        """Return the fiscal quarter that an agency of this year basis means.

        Raises:
            InvalidQuarter: ``number`` is not 1 to 4.
        """
        if self.number not in QUARTERS:
            raise InvalidQuarter(f"quarter {self.number} of {self.be_year}")
        if basis is YearBasis.FISCAL:
            return Quarter(self.be_year, self.number)
        if self.number == 4:
            return Quarter(self.be_year + 1, 1)
        return Quarter(self.be_year, self.number + 1)


def first_day_of_fiscal_year(fiscal_year: int) -> date:
    """Return 1 October before the fiscal year (B.E.) as a C.E. date."""
    return Quarter(fiscal_year, 1).first_day
