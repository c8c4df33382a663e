"""Percentages of a plan, and what is below it."""

from decimal import Decimal

import pytest

from domain.spending import NOTHING, Carried, Spending


@pytest.mark.parametrize(
    ("planned", "disbursed", "percent", "below"),
    (
        ("200.00", "50.00", "25.00", True),
        ("3.00", "1.00", "33.33", True),
        ("3.00", "2.00", "66.67", True),
        ("800.00", "0.02", "0.00", True),
        ("800.00", "0.04", "0.01", True),
        ("1000000.00", "999999.99", "100.00", True),
        ("100.00", "100.00", "100.00", False),
        ("100.00", "250.00", "250.00", False),
        ("0.00", "10.00", None, False),
        (None, "10.00", None, False),
        ("100.00", None, None, False),
    ),
)
def test_a_percentage_has_two_decimals_and_what_is_below_plan_goes_by_the_satang(
    planned: str | None, disbursed: str | None, percent: str | None, *, below: bool
) -> None:
    spending = Spending(planned and Decimal(planned), disbursed and Decimal(disbursed))  # type: ignore[arg-type]
    assert spending.percent == (None if percent is None else Decimal(percent))
    assert spending.is_below_plan is below
    assert 0 <= spending.share <= 1


def test_sums_know_what_is_missing_on_both_sides() -> None:
    total = NOTHING + Spending(Decimal(2), None) + Spending(None, Decimal(1))
    assert total == Spending(Decimal(2), Decimal(1))


@pytest.mark.parametrize(
    ("reserved", "own", "to_date", "is_any"),
    ((0, None, None, False), (0, 0, 0, False), (5, None, None, True), (0, 5, 5, True), (0, None, 5, True)),
)
def test_money_is_carried_over_where_a_plan_or_a_report_says_so(
    reserved: int, own: int | None, to_date: int | None, *, is_any: bool
) -> None:
    own_baht, to_date_baht = (None if amount is None else Decimal(amount) for amount in (own, to_date))
    assert Carried(Decimal(reserved), own_baht, to_date_baht).is_any is is_any
