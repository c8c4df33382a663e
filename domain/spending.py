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
        return Spending(_sum(self.planned, other.planned), _sum(self.disbursed, other.disbursed))


NOTHING = Spending(None, None)


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one if other is None else one + other
