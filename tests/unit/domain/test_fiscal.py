"""Fiscal years and quarters of Thai offices, and what calendar-year agencies call them (domain.md §4)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidQuarter
from domain.fiscal import (
    Quarter,
    QuarterLabel,
    YearBasis,
    first_day_of_fiscal_year,
    fiscal_year_of,
)
from tests.unit.domain.thai_dates import day

FISCAL, CALENDAR = YearBasis.FISCAL, YearBasis.CALENDAR

any_day = st.dates(date(1960, 1, 1), date(2100, 12, 31))
any_quarter = st.builds(Quarter, st.integers(2500, 2640), st.integers(1, 4))


@pytest.mark.parametrize(
    ("on", "quarter"),
    (
        ("30 ก.ย. 65", Quarter(2565, 4)),
        ("1 ต.ค. 65", Quarter(2566, 1)),
        ("31 ธ.ค. 65", Quarter(2566, 1)),
        ("1 ม.ค. 66", Quarter(2566, 2)),
        ("31 มี.ค. 66", Quarter(2566, 2)),
        ("1 เม.ย. 66", Quarter(2566, 3)),
        ("30 มิ.ย. 66", Quarter(2566, 3)),
        ("1 ก.ค. 66", Quarter(2566, 4)),
        ("30 ก.ย. 66", Quarter(2566, 4)),
        ("1 ต.ค. 66", Quarter(2567, 1)),
        ("29 ก.พ. 67", Quarter(2567, 2)),
    ),
)
def test_a_fiscal_year_runs_from_october_to_september(on: str, quarter: Quarter) -> None:
    assert Quarter.containing(day(on)) == quarter
    assert fiscal_year_of(day(on)) == quarter.fiscal_year


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    (
        (Quarter(2566, 1), "1 ต.ค. 65", "31 ธ.ค. 65"),
        (Quarter(2566, 2), "1 ม.ค. 66", "31 มี.ค. 66"),
        (Quarter(2566, 3), "1 เม.ย. 66", "30 มิ.ย. 66"),
        (Quarter(2566, 4), "1 ก.ค. 66", "30 ก.ย. 66"),
    ),
)
def test_a_quarter_has_three_whole_months(quarter: Quarter, first: str, last: str) -> None:
    assert (quarter.first_day, quarter.last_day) == (day(first), day(last))


LABELS = [
    pytest.param(Quarter(2566, 1), QuarterLabel(4, 2565), id="สปส. ไตรมาส 4/65 = ต.ค.–ธ.ค. 2565"),
    pytest.param(Quarter(2566, 2), QuarterLabel(1, 2566), id="สปส. ไตรมาส 1/66 = ม.ค.–มี.ค. 2566"),
    pytest.param(Quarter(2566, 3), QuarterLabel(2, 2566), id="สปส. ไตรมาส 2/66 = เม.ย.–มิ.ย. 2566"),
    pytest.param(Quarter(2566, 4), QuarterLabel(3, 2566), id="สปส. ไตรมาส 3/66 = ก.ค.–ก.ย. 2566"),
    pytest.param(Quarter(2567, 1), QuarterLabel(4, 2566), id="สปส. ไตรมาส 4/66 = ต.ค.–ธ.ค. 2566"),
]


@pytest.mark.parametrize(("quarter", "label"), LABELS)
def test_a_calendar_year_agency_has_its_own_name_for_the_same_months(quarter: Quarter, label: QuarterLabel) -> None:
    assert quarter.label(CALENDAR) == label
    assert label.quarter(CALENDAR) == quarter


@pytest.mark.parametrize(("quarter", "_label"), LABELS)
def test_a_fiscal_year_agency_names_quarters_as_they_are(quarter: Quarter, _label: QuarterLabel) -> None:
    label = QuarterLabel(quarter.number, quarter.fiscal_year)
    assert quarter.label(FISCAL) == label
    assert label.quarter(FISCAL) == quarter


def test_quarters_are_ordered_by_time_and_not_by_number() -> None:
    assert Quarter(2565, 4) < Quarter(2566, 1) < Quarter(2566, 2) < Quarter(2567, 1)


@pytest.mark.parametrize("number", (0, 5, -1))
def test_there_is_no_quarter_but_one_to_four(number: int) -> None:
    with pytest.raises(InvalidQuarter):
        Quarter(2566, number)
    with pytest.raises(InvalidQuarter):
        QuarterLabel(number, 2566).quarter(FISCAL)


def test_the_leap_day_belongs_to_the_buddhist_year_whose_common_year_is_leap() -> None:
    """2567 as a year number is no leap year: dates are kept in C.E. and converted at the edge alone."""
    leap = Quarter(2567, 2)
    assert (leap.last_day - leap.first_day).days + 1 == 91
    with pytest.raises(ValueError, match="day"):
        date(2567, 2, 29)


@given(any_day)
def test_every_day_lies_in_exactly_one_quarter(on: date) -> None:
    quarter = Quarter.containing(on)
    assert quarter.first_day <= on <= quarter.last_day
    assert not any(q.first_day <= on <= q.last_day for q in (quarter.previous(), quarter.next()))


@given(any_quarter)
def test_quarters_follow_each_other_without_a_gap(quarter: Quarter) -> None:
    assert quarter.next().first_day == quarter.last_day + timedelta(days=1)
    assert quarter.next().previous() == quarter == quarter.previous().next()
    assert quarter.previous() < quarter < quarter.next()


@given(any_quarter, st.sampled_from(YearBasis))
def test_a_label_leads_back_to_its_quarter(quarter: Quarter, basis: YearBasis) -> None:
    assert quarter.label(basis).quarter(basis) == quarter


@given(any_quarter)
def test_a_calendar_label_carries_the_year_that_its_months_lie_in(quarter: Quarter) -> None:
    label = quarter.label(CALENDAR)
    assert label.be_year == quarter.first_day.year + 543 == quarter.last_day.year + 543
    assert label.number == (quarter.first_day.month + 2) // 3


@given(any_day)
def test_a_fiscal_year_begins_on_its_first_day(on: date) -> None:
    first = first_day_of_fiscal_year(fiscal_year_of(on))
    assert first <= on
    assert (first.month, first.day) == (10, 1)
    assert fiscal_year_of(first - timedelta(days=1)) == fiscal_year_of(on) - 1
