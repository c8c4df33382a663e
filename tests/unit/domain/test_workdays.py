"""Working days of government offices, whatever days are holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.workdays import WorkingCalendar
from tests.unit.domain.labour import CALENDAR
from tests.unit.domain.thai_dates import day

days = st.dates(date(2023, 1, 1), date(2023, 12, 31))
calendars = st.builds(WorkingCalendar.of, st.sets(days, max_size=60))
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "first"),
    (
        pytest.param("20 เม.ย. 66", "18 เม.ย. 66", id="Monday is a holiday"),
        pytest.param("18 เม.ย. 66", "18 เม.ย. 66", id="the day itself"),
        pytest.param("16 เม.ย. 66", "10 เม.ย. 66", id="a Sunday belongs to the week before it"),
        pytest.param("30 ก.ค. 66", "24 ก.ค. 66", id="an ordinary week"),
    ),
)
def test_the_first_working_day_of_a_week(on: str, first: str) -> None:
    assert CALENDAR.first_of_week(day(on)) == day(first)


def test_a_week_of_holidays_has_no_first_working_day() -> None:
    closed = WorkingCalendar.of(day(f"{n} เม.ย. 66") for n in range(10, 15))
    assert closed.first_of_week(day("12 เม.ย. 66")) is None
    assert closed.first_of_next_week(day("7 เม.ย. 66")) == day("17 เม.ย. 66")


def test_counting_backwards_skips_weekends_and_holidays() -> None:
    last_day = day("18 เม.ย. 66")
    assert [CALENDAR.before(last_day, n) for n in (0, 1, 2, 5)] == [
        day(text) for text in ("18 เม.ย. 66", "12 เม.ย. 66", "11 เม.ย. 66", "5 เม.ย. 66")
    ]


@given(calendars, days, st.integers(-3, 40))
def test_the_count_agrees_with_looking_at_each_day(calendar: WorkingCalendar, first: date, length: int) -> None:
    each = [first + n * ONE_DAY for n in range(length + 1)]
    assert calendar.count(first, first + length * ONE_DAY) == len(
        [d for d in each if d.isoweekday() <= 5 and d not in calendar.holidays]
    )


@given(calendars, days, st.integers(-5, 40))
def test_what_is_left_begins_tomorrow_and_is_never_negative(
    calendar: WorkingCalendar, today: date, length: int
) -> None:
    left = [d for n in range(1, length + 1) if calendar.is_working(d := today + n * ONE_DAY)]
    assert calendar.working_days_left(today, today + length * ONE_DAY) == len(left)


@given(calendars, days, st.integers(0, 40), st.integers(0, 40))
def test_counts_of_neighbouring_spans_add_up(calendar: WorkingCalendar, first: date, left: int, right: int) -> None:
    middle, last = first + left * ONE_DAY, first + (left + right) * ONE_DAY
    assert calendar.count(first, last) == calendar.count(first, middle) + calendar.count(middle + ONE_DAY, last)


@given(calendars, days, st.integers(0, 40), days)
def test_a_longer_span_never_has_fewer_working_days_and_one_more_holiday_never_adds_one(
    calendar: WorkingCalendar, first: date, length: int, holiday: date
) -> None:
    last = first + length * ONE_DAY
    assert calendar.count(first, last) <= calendar.count(first, last + ONE_DAY) <= calendar.count(first, last) + 1
    assert WorkingCalendar.of({*calendar.holidays, holiday}).count(first, last) <= calendar.count(first, last)


@given(calendars, days)
def test_the_nearest_working_days_enclose_a_day_that_is_none(calendar: WorkingCalendar, on: date) -> None:
    before, after = calendar.on_or_before(on), calendar.on_or_after(on)
    assert before <= on <= after
    assert calendar.is_working(before)
    assert calendar.is_working(after)
    assert (before == on == after) == calendar.is_working(on)
    assert calendar.count(before, after) == (1 if before == after else 2)


@given(calendars, days, st.integers(0, 15))
def test_n_working_days_before_leaves_n_working_days_to_go(calendar: WorkingCalendar, on: date, n: int) -> None:
    earlier = calendar.before(on, n)
    assert calendar.is_working(earlier)
    assert calendar.count(earlier + ONE_DAY, on) == n


@given(calendars, days)
def test_each_week_with_a_working_day_has_one_first(calendar: WorkingCalendar, on: date) -> None:
    first = calendar.first_of_week(on)
    monday = on - timedelta(days=on.weekday())
    if first is None:
        assert calendar.count(monday, monday + 6 * ONE_DAY) == 0
    else:
        assert calendar.count(monday, first) == 1
        assert calendar.first_of_week(first) == first
        assert calendar.first_of_next_week(first) > first + (6 - first.weekday()) * ONE_DAY
