"""Disbursement against plan, in baht (``domain.md`` §2, M5 and M6; ``contract.md`` §4, spending)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Spending:
    """What was planned (None: there is no plan) and what was disbursed (None: nothing is reported), in baht."""

    planned: Decimal | None
    disbursed: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        """Disbursed in per cent of the plan, two decimals, halves up; None without a report or a plan above zero."""
        if self.disbursed is None or not self.planned:
            return None
        return (100 * self.disbursed / self.planned).quantize(_HUNDREDTH, ROUND_HALF_UP)

    @property
    def is_below_plan(self) -> bool:
        """Whether less was disbursed than planned, to the satang: a rounded 100.00 per cent may be below."""
        return self.disbursed is not None and self.planned is not None and self.disbursed < self.planned

    @property
    def share(self) -> float:
        """Disbursed as a share of the plan for drawing, 0 to 1; 0 where there is no percentage."""
        percent = self.percent
        return 0.0 if percent is None else float(min(max(percent / 100, Decimal(0)), Decimal(1)))

    def __add__(self, other: Spending) -> Spending:
        return Spending(total(self.planned, other.planned), total(self.disbursed, other.disbursed))


NOTHING = Spending(None, None)


@dataclass(frozen=True, slots=True)
class Carried:
    """Money of an earlier year that is spent in this one, in baht: no plan measures it, no percentage has it.

    ``reserved`` for the fiscal year by the plan in force, ``own`` is what the quarter disbursed of it, ``to_date`` the
    year up to the quarter (None: nothing is reported).
    """

    reserved: Decimal
    own: Decimal | None
    to_date: Decimal | None

    @property
    def is_any(self) -> bool:
        """Whether there is such money, or a report says so."""
        return any((self.reserved, self.own, self.to_date))


def total(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """Return the sum of two amounts of which each may be unknown; None: both are."""
    return other if one is None else one if other is None else one + other
