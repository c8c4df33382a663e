"""On which days a window reminds those who have not sent: opened, ahead, last day, overdue (domain.md §5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policy import DEFAULT_POLICY, ReminderPolicy
from domain.reminders import Rung, Step, ladder, last_rung
from domain.windows import Roll, Span
from domain.workdays import WorkingCalendar
from tests.unit.domain.labour import CALENDAR
from tests.unit.domain.thai_dates import day, days, span

OPENED, AHEAD, LAST_DAY, OVERDUE = Step.OPENED, Step.AHEAD, Step.LAST_DAY, Step.OVERDUE


def rungs(dates: str, ends_before: str, policy: ReminderPolicy = DEFAULT_POLICY) -> Sequence[Rung]:
    window = span(dates).rolled(policy.roll, CALENDAR)
    return ladder(window, window.opens_on, day(ends_before), CALENDAR, policy)


def on(step: Step, found: Sequence[Rung]) -> list[date]:
    return [rung.on for rung in found if rung.step is step]


def test_the_second_quarter_of_2566_around_songkran() -> None:
    q2 = rungs("1–18 เม.ย. 66", ends_before="1 ก.ค. 66")
    assert on(OPENED, q2) == [day("3 เม.ย. 66")]  # 1–2 are a weekend
    assert on(AHEAD, q2) == days("5, 11 เม.ย. 66")
    assert on(LAST_DAY, q2) == [day("18 เม.ย. 66")]
    assert on(OVERDUE, q2) == [
        *days("19, 24 เม.ย. 66"),
        *days("1, 8, 15, 22, 29 พ.ค. 66"),  # offices work on 1 พ.ค.
        *days("6, 12, 19, 26 มิ.ย. 66"),  # 5 มิ.ย. is a holiday
    ]


def test_the_fourth_quarter_of_2566_whose_deadline_is_a_sunday_after_a_holiday() -> None:
    q4 = rungs("1–15 ต.ค. 66", ends_before="1 ม.ค. 67")
    assert on(OPENED, q4) == [day("2 ต.ค. 66")]
    assert on(AHEAD, q4) == days("5, 10 ต.ค. 66")
    assert on(LAST_DAY, q4) == [day("12 ต.ค. 66")]
    assert on(OVERDUE, q4)[:2] == [day("16 ต.ค. 66"), day("24 ต.ค. 66")]  # 23 ต.ค. is a holiday
    assert on(OVERDUE, q4)[-1] == day("25 ธ.ค. 66")
    assert span("1–15 ต.ค. 66").days_left(day("12 ต.ค. 66")) == 3  # the deadline stays 15 ต.ค.


def test_overdue_reminders_end_where_the_next_quarters_window_opens() -> None:
    q1 = rungs("7–20 มี.ค. 66", ends_before="1 เม.ย. 66")
    assert on(OVERDUE, q1) == days("21, 27 มี.ค. 66")


@pytest.mark.parametrize(
    ("dates", "expected"),
    (
        pytest.param(
            "4–11 เม.ย. 66",
            [(OPENED, "4 เม.ย. 66"), (AHEAD, "7 เม.ย. 66"), (LAST_DAY, "11 เม.ย. 66")],
            id="five days ahead lies before the window",
        ),
        pytest.param("3–5 เม.ย. 66", [(AHEAD, "3 เม.ย. 66"), (LAST_DAY, "5 เม.ย. 66")], id="ahead on the first day"),
        pytest.param("3–4 เม.ย. 66", [(OPENED, "3 เม.ย. 66"), (LAST_DAY, "4 เม.ย. 66")], id="two days"),
        pytest.param("4–4 เม.ย. 66", [(LAST_DAY, "4 เม.ย. 66")], id="one day, the first and the last"),
        pytest.param("13–17 เม.ย. 66", [], id="no working day at all: nothing is said before it opens"),
        pytest.param("12–17 เม.ย. 66", [(LAST_DAY, "12 เม.ย. 66")], id="one working day before สงกรานต์"),
    ),
)
def test_a_short_window_has_the_rungs_that_fit_in_and_one_a_day(dates: str, expected: list[tuple[Step, str]]) -> None:
    found = [(rung.step, rung.on) for rung in rungs(dates, ends_before="1 ก.ค. 66") if rung.step is not OVERDUE]
    assert found == [(step, day(text)) for step, text in expected]


def test_a_window_without_a_working_day_is_overdue_afterwards() -> None:
    assert on(OVERDUE, rungs("13–17 เม.ย. 66", ends_before="1 ก.ค. 66"))[0] == day("18 เม.ย. 66")


def test_a_window_that_was_open_from_the_start_is_announced_with_its_letter() -> None:
    entry = ladder(span("–20 ก.พ. 66"), day("27 ม.ค. 66"), day("7 มี.ค. 66"), CALENDAR, DEFAULT_POLICY)
    assert on(OPENED, entry) == [day("27 ม.ค. 66")]
    assert on(AHEAD, entry) == days("13, 16 ก.พ. 66")
    assert on(OVERDUE, entry) == days("21, 27 ก.พ. 66")  # 6 มี.ค. is มาฆบูชา, the 7th opens Q1


def test_nothing_opens_where_neither_opening_nor_letter_has_a_date() -> None:
    entry = ladder(span("–20 ก.พ. 66"), None, day("7 มี.ค. 66"), CALENDAR, DEFAULT_POLICY)
    assert [rung.step for rung in entry] == [AHEAD, AHEAD, LAST_DAY, OVERDUE, OVERDUE]


@pytest.mark.parametrize(
    ("lead_days", "ahead"),
    (
        pytest.param((5, 2), "5, 11 เม.ย. 66", id="the default"),
        pytest.param((3,), "10 เม.ย. 66", id="three days are enough"),
        pytest.param((2, 5), "5, 11 เม.ย. 66", id="in any order"),
        pytest.param((7, 5, 1), "3, 5, 12 เม.ย. 66", id="seven days ahead is the opening day, and says more"),
        pytest.param((0, 2), "11 เม.ย. 66", id="no day ahead is the last day"),
    ),
)
def test_a_ministry_may_choose_its_lead_days(lead_days: tuple[int, ...], ahead: str) -> None:
    policy = replace(DEFAULT_POLICY, lead_days=lead_days)
    found = rungs("1–18 เม.ย. 66", "1 ก.ค. 66", policy)
    assert on(AHEAD, found) == days(ahead)
    assert on(LAST_DAY, found) == [day("18 เม.ย. 66")]


def test_a_ministry_may_send_no_reminder_ahead() -> None:
    found = rungs("1–18 เม.ย. 66", "1 ก.ค. 66", replace(DEFAULT_POLICY, lead_days=()))
    assert [rung.step for rung in found][:3] == [OPENED, LAST_DAY, OVERDUE]


def test_where_last_days_roll_the_whole_ladder_moves_with_them() -> None:
    q4 = rungs("1–15 ต.ค. 66", "1 ม.ค. 67", replace(DEFAULT_POLICY, roll=Roll.NEXT_WORKING_DAY))
    assert on(AHEAD, q4) == days("6, 11 ต.ค. 66")
    assert on(LAST_DAY, q4) == [day("16 ต.ค. 66")]
    assert on(OVERDUE, q4)[0] == day("17 ต.ค. 66")


@pytest.mark.parametrize(
    ("today", "newest"),
    (
        pytest.param("2 เม.ย. 66", None, id="before the first rung"),
        pytest.param("4 เม.ย. 66", (OPENED, "3 เม.ย. 66"), id="a day later"),
        pytest.param("12 เม.ย. 66", (AHEAD, "11 เม.ย. 66"), id="only the newest of two missed"),
        pytest.param("18 เม.ย. 66", (LAST_DAY, "18 เม.ย. 66"), id="on the day"),
        pytest.param("21 เม.ย. 66", (OVERDUE, "19 เม.ย. 66"), id="not the last day any more"),
    ),
)
def test_what_counts_after_downtime_is_the_newest_rung(today: str, newest: tuple[Step, str] | None) -> None:
    so_far = [rung for rung in rungs("1–18 เม.ย. 66", ends_before="1 ก.ค. 66") if rung.on <= day(today)]
    rung = last_rung(so_far, frozenset(Step))
    assert (rung and (rung.step, rung.on)) == (newest and (newest[0], day(newest[1])))


dates = st.dates(date(2023, 1, 1), date(2023, 9, 30))
windows = st.builds(lambda opens, length: Span(opens, opens + timedelta(days=length)), dates, st.integers(0, 60))
calendars = st.builds(WorkingCalendar.of, st.sets(dates, max_size=40))
policies = st.builds(ReminderPolicy, lead_days=st.lists(st.integers(0, 12), max_size=3).map(tuple))


@given(windows, calendars, policies, st.integers(1, 100))
def test_every_ladder_has_one_rung_a_day_in_order_on_working_days_and_in_its_place(
    window: Span, calendar: WorkingCalendar, policy: ReminderPolicy, next_window: int
) -> None:
    ends_before = window.closes_on + timedelta(days=next_window)
    found = ladder(window, window.opens_on, ends_before, calendar, policy)
    days_ = [rung.on for rung in found]
    assert days_ == sorted(set(days_))
    assert all(calendar.is_working(rung.on) for rung in found)
    assert all(window.holds(rung.on) != (rung.step is OVERDUE) for rung in found)
    assert all(rung.on < ends_before for rung in found)
    assert len(on(LAST_DAY, found)) == (window.working_days(calendar) != 0)
    weeks = [day.isocalendar()[:2] for day in on(OVERDUE, found)]
    assert len(weeks) == len(set(weeks))
