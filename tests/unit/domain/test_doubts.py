"""Which figures the page asks about before it sends them: typed in the wrong unit, or more than the whole budget."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.doubts import Doubt, DoubtKind, doubts_about

PLAN, BUDGET, BEFORE = Decimal("450000.00"), Decimal("2000000.00"), Decimal("600000.00")
ABOVE, BELOW, OVER = DoubtKind.FAR_ABOVE_PLAN, DoubtKind.FAR_BELOW_PLAN, DoubtKind.OVER_BUDGET
amounts = st.decimals("0.01", "9999999999.99", places=2)


def kinds(
    disbursed: str | None, planned: Decimal | None = PLAN, before: Decimal = BEFORE, budget: Decimal | None = BUDGET
) -> list[DoubtKind]:
    found = doubts_about(None if disbursed is None else Decimal(disbursed), planned, before, budget)
    return [doubt.kind for doubt in found]


@pytest.mark.parametrize(
    ("typed", "asked"),
    (
        pytest.param("450000.00", [], id="exactly the plan"),
        pytest.param("440123.75", [], id="a little below"),
        pytest.param("45000", [], id="a tenth of the plan is ordinary spending"),
        pytest.param("4500", [], id="a hundredth is, too"),
        pytest.param("1500.01", [], id="just more than a 300th"),
        pytest.param("1500", [BELOW], id="a 300th"),
        pytest.param("450", [BELOW], id="typed in thousands"),
        pytest.param("0.45", [BELOW], id="typed in millions"),
        pytest.param("0.01", [BELOW], id="one satang"),
        pytest.param("0.00", [], id="nothing spent has its reason, not a doubt"),
        pytest.param(None, [], id="nothing typed"),
        pytest.param("1400000.00", [], id="three times the plan, all of the budget"),
        pytest.param("1400000.01", [OVER], id="a satang over the budget"),
        pytest.param("4500000", [OVER], id="a zero too many"),
        pytest.param("134999999.99", [OVER], id="just below 300 times"),
        pytest.param("135000000", [ABOVE, OVER], id="300 times"),
        pytest.param("450000000", [ABOVE, OVER], id="a thousand times"),
        pytest.param("450000000000", [ABOVE, OVER], id="a million times"),
    ),
)
def test_a_figure_far_off_its_plan_or_budget_asks_back(typed: str | None, asked: list[DoubtKind]) -> None:
    assert kinds(typed) == asked


def test_without_a_plan_or_a_budget_nothing_is_measured() -> None:
    assert kinds("450000000", planned=None, budget=None) == []
    assert kinds("450000000", planned=Decimal(0), budget=None) == []
    assert kinds("450000000", planned=None) == [OVER]
    assert kinds("0.01", planned=Decimal(0), budget=Decimal(0), before=Decimal(0)) == [OVER]
    assert kinds("0", before=BUDGET + 1) == []  # earlier reports are not this report's mistake


@pytest.mark.parametrize(
    ("disbursed", "carried", "asked"),
    (
        pytest.param("450000", "950000", [], id="all of the budget"),
        pytest.param("450000", "950000.01", [OVER], id="a satang over the budget"),
        pytest.param("0", "1400000.01", [OVER], id="nothing of this year's money"),
        pytest.param(None, "1400000.01", [OVER], id="this year's money is not typed yet"),
        pytest.param("450000", "450", [], id="no plan measures it"),
    ),
)
def test_money_carried_over_counts_against_the_budget_and_no_plan(
    disbursed: str | None, carried: str, asked: list[DoubtKind]
) -> None:
    typed = None if disbursed is None else Decimal(disbursed)
    assert [one.kind for one in doubts_about(typed, PLAN, BEFORE, BUDGET, Decimal(carried))] == asked


def test_a_doubt_names_the_figures_to_compare() -> None:
    assert doubts_about(Decimal(450_000_000), PLAN, BEFORE, BUDGET) == (
        Doubt(ABOVE, Decimal(450_000_000), PLAN),
        Doubt(OVER, Decimal(450_600_000), BUDGET),
    )


@given(plan=amounts, percent=st.integers(34, 299), unit=st.sampled_from([1_000, 1_000_000]))
def test_who_spends_about_the_plan_and_takes_the_wrong_unit_is_always_asked(
    plan: Decimal, percent: int, unit: int
) -> None:
    spent = plan * percent / 100
    assert [doubt.kind for doubt in doubts_about(spent * unit, plan, Decimal(0), None)] == [ABOVE]
    assert [doubt.kind for doubt in doubts_about(spent / unit, plan, Decimal(0), None)] == [BELOW]
    assert doubts_about(spent, plan, Decimal(0), None) == ()


@given(spent=amounts, plan=amounts, before=amounts, budget=amounts)
def test_a_figure_is_never_both_too_large_and_too_small(
    spent: Decimal, plan: Decimal, before: Decimal, budget: Decimal
) -> None:
    found = [doubt.kind for doubt in doubts_about(spent, plan, before, budget)]
    assert not {ABOVE, BELOW} <= set(found)
    assert (OVER in found) == (before + spent > budget)
