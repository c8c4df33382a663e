"""Which quarter people mean (domain.md §9), on the road map of the Labour ministry."""

import pytest

from domain.errors import InvalidQuarter
from domain.fiscal import Quarter, YearBasis
from domain.spoken_quarters import (
    Purpose,
    current_quarter,
    labelled_quarter,
    numbered_quarter,
    previous_quarter,
    reporting_quarter,
)
from tests.unit.domain.ministry import DIVISION_1, INSURANCE, Ministry
from tests.unit.domain.thai_dates import day

REPORTING, DEADLINE = Purpose


def quarter(text: str) -> Quarter:
    number, _, year = text.partition("/")
    return Quarter(2500 + int(year), int(number))


@pytest.mark.parametrize(
    ("on", "reports", "deadline", "last"),
    (
        pytest.param("20 มี.ค. 66", "1/66", "1/66", "1/66", id="the agency's window is open"),
        pytest.param("25 มี.ค. 66", "1/66", "1/66", "1/66", id="the ministry's window is open"),
        pytest.param("10 เม.ย. 66", "2/66", "2/66", "2/66", id="the next window is open"),
        pytest.param("15 พ.ค. 66", "2/66", "3/66", "2/66", id="no window: the one closed last, the one to close next"),
        pytest.param("30 มิ.ย. 66", "2/66", "3/66", "2/66", id="the day before a window opens"),
        pytest.param("1 ก.ค. 66", "3/66", "3/66", "3/66", id="the day on which it opens"),
        pytest.param("15 ธ.ค. 66", "4/66", "1/67", "4/66", id="between two fiscal years"),
    ),
)
def test_this_quarter_and_the_last_one(on: str, reports: str, deadline: str, last: str) -> None:
    rules = Ministry().rules(day(on))
    assert current_quarter(rules, DIVISION_1, REPORTING) == quarter(reports)
    assert current_quarter(rules, DIVISION_1, DEADLINE) == quarter(deadline)
    assert previous_quarter(rules, DIVISION_1, REPORTING) == quarter(last)


@pytest.mark.parametrize(
    ("unit", "basis", "number", "reports", "deadline"),
    (
        pytest.param(DIVISION_1, YearBasis.FISCAL, 2, "2/66", "2/67", id="reported and closed"),
        pytest.param(
            DIVISION_1, YearBasis.FISCAL, 3, "3/65", "3/66", id="not begun: last year's, or the next to close"
        ),
        pytest.param(INSURANCE, YearBasis.CALENDAR, 1, "2/66", "2/67", id="a calendar-year label"),
        pytest.param(INSURANCE, YearBasis.CALENDAR, 4, "1/66", "1/67", id="the calendar year's last quarter"),
    ),
)
def test_a_quarter_without_a_year(unit: str, basis: YearBasis, number: int, reports: str, deadline: str) -> None:
    rules = Ministry().rules(day("15 พ.ค. 66"))
    assert numbered_quarter(rules, unit, number, basis, REPORTING) == quarter(reports)
    assert numbered_quarter(rules, unit, number, basis, DEADLINE) == quarter(deadline)


def test_a_label_with_its_year() -> None:
    assert labelled_quarter(4, 2565, YearBasis.CALENDAR) == Quarter(2566, 1)
    assert labelled_quarter(4, 2565, YearBasis.FISCAL) == Quarter(2565, 4)
    with pytest.raises(InvalidQuarter):
        labelled_quarter(5, 2566, YearBasis.FISCAL)


def test_before_the_first_tracked_window_reports_are_asked_of_the_first_tracked_quarter() -> None:
    ministry = Ministry()
    rules = ministry.rules(day("1 มี.ค. 66"))
    assert reporting_quarter(rules, DIVISION_1) == current_quarter(rules, DIVISION_1, REPORTING) == quarter("4/65")
    ministry.reminds(tracked_from=quarter("1/66"))
    assert current_quarter(ministry.rules(day("1 มี.ค. 66")), DIVISION_1, REPORTING) == quarter("1/66")


def test_a_quarter_without_a_year_is_none_from_before_tracking_began() -> None:
    ministry = Ministry()
    ministry.reminds(tracked_from=quarter("1/66"))
    rules = ministry.rules(day("20 มี.ค. 66"))
    assert numbered_quarter(rules, INSURANCE, 1, YearBasis.CALENDAR, REPORTING) == quarter("2/66")
    assert numbered_quarter(rules, DIVISION_1, 1, YearBasis.FISCAL, REPORTING) == quarter("1/66")
