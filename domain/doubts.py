"""Figures of a report that are most likely mistyped: the page asks back before it sends them (``domain.md`` §2).

A ministry's own form prints millions for baht, so magnitudes are compared and never guessed: nothing is corrected here.
Amounts come read already (not negative, at most two decimals); what cannot be an amount is no doubt but an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

UNIT_FACTOR = 300
"""From how many times the plan on, or below which part of it, a figure looks typed in another unit.

Thousands of baht in place of baht make a figure 1,000 times too small or too large, millions 1,000,000 times. Who spent
a third to three times the plan and took the wrong unit lands beyond 300 times or a 300th; who took the right one spends
300 times the plan never, and a 300th of it so seldom that one tick is no burden. Spending below that is ordinary: its
reason is asked for anyway.
"""


class DoubtKind(StrEnum):
    """What is odd about the figure."""

    FAR_ABOVE_PLAN = "far_above_plan"
    """``UNIT_FACTOR`` times the quarter's plan or more: a plan in thousands or millions, or zeros too many."""
    FAR_BELOW_PLAN = "far_below_plan"
    """That part of the quarter's plan or less: thousands or millions typed where baht are asked for."""
    OVER_BUDGET = "over_budget"
    """With this report more is disbursed than the project's whole budget: most often the sum of several quarters."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure to ask about, in baht: ``figure`` stands against ``measure``, the plan or the whole budget."""

    kind: DoubtKind
    figure: Decimal
    measure: Decimal


def doubts_about(
    disbursed: Decimal | None,
    planned: Decimal | None,
    disbursed_before: Decimal,
    budget_total: Decimal | None,
    carried_disbursed: Decimal | None = None,
) -> tuple[Doubt, ...]:
    """Return what to ask about a quarter's own disbursement, all in baht.

    ``planned`` is the quarter's plan in force (None: there is none), ``disbursed_before`` what all other approved
    reports of the project disbursed, of whatever year, and ``budget_total`` the whole budget (None: not known).
    ``carried_disbursed`` is an earlier year's money: no plan measures it, and the budget holds it, too. Nothing spent,
    or nothing planned, says nothing of units.
    """
    now = (disbursed or Decimal(0)) + (carried_disbursed or Decimal(0))
    return (*_off_plan(disbursed, planned), *_over_budget(now, disbursed_before + now, budget_total))


def _off_plan(disbursed: Decimal | None, planned: Decimal | None) -> Iterator[Doubt]:
    if disbursed and planned:
        if disbursed >= planned * UNIT_FACTOR:
            yield Doubt(DoubtKind.FAR_ABOVE_PLAN, disbursed, planned)
        elif disbursed * UNIT_FACTOR <= planned:
            yield Doubt(DoubtKind.FAR_BELOW_PLAN, disbursed, planned)


def _over_budget(now: Decimal, to_date: Decimal, budget_total: Decimal | None) -> Iterator[Doubt]:
    if now and budget_total is not None and to_date > budget_total:
        yield Doubt(DoubtKind.OVER_BUDGET, to_date, budget_total)
