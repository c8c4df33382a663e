"""Which window binds a unit: the override model (domain.md §4), and how days in it are counted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidWindow
from domain.fiscal import Quarter
from domain.windows import (
    CalendarWindow,
    Occasion,
    Roll,
    Scope,
    ScopePath,
    Span,
    Stage,
    StageWindows,
    WindowBook,
    WindowKind,
    default_windows,
    tracked_from,
)
from tests.unit.domain.labour import CALENDAR, report
from tests.unit.domain.thai_dates import day, span

AGENCY, UPPER, ALL = Stage.AGENCY, Stage.UPPER, Stage.ALL
Q2 = report(2566, 2)
PATH = ScopePath("กอง", "กรม", ("กลุ่มภารกิจ",), "กระทรวง")
SCOPE_IDS = {
    Scope.UNIT: "กอง",
    Scope.AGENCY: "กรม",
    Scope.AGENCY_GROUP: "กลุ่มภารกิจ",
    Scope.MINISTRY: "กระทรวง",
    Scope.NATIONAL: "",
}
NARROWEST_FIRST = list(SCOPE_IDS)
LATER = day("31 ธ.ค. 66")


def window(
    dates: str,
    scope: Scope = Scope.MINISTRY,
    stage: Stage = ALL,
    issued: str | None = "27 ม.ค. 66",
    letter: str = "ว 1",
    occasion: Occasion = Q2,
) -> CalendarWindow:
    issued_on = day(issued) if issued else None
    return CalendarWindow(occasion, stage, scope, SCOPE_IDS[scope], span(dates), issued_on, letter)


def in_force(
    rows: Iterable[CalendarWindow], occasion: Occasion = Q2, path: ScopePath = PATH, as_of: date = LATER
) -> StageWindows | None:
    return WindowBook(rows).resolve(occasion, path, as_of)


def agency_span(rows: Iterable[CalendarWindow], as_of: date = LATER) -> Span | None:
    found = in_force(rows, as_of=as_of)
    return found.agency if found is not None else None


# Precedence of scopes


@pytest.mark.parametrize("narrowest", NARROWEST_FIRST, ids=lambda scope: scope.value)
def test_the_most_specific_scope_wins(narrowest: Scope) -> None:
    wider = NARROWEST_FIRST[NARROWEST_FIRST.index(narrowest) :]
    rows = [window(f"{n}–20 เม.ย. 66", scope) for n, scope in enumerate(wider, start=1)]
    assert agency_span(rows) == span("1–20 เม.ย. 66")


def test_without_any_circular_the_default_rule_holds() -> None:
    assert in_force([]) == default_windows(Q2)


def test_a_national_extension_does_not_undo_a_ministrys_narrower_dates() -> None:
    ministry = window("1–18 เม.ย. 66", issued="27 ม.ค. 66")
    extension = window("1 เม.ย.–31 พ.ค. 66", Scope.NATIONAL, issued="10 เม.ย. 66")
    assert agency_span([ministry, extension]) == span("1–18 เม.ย. 66")


def test_a_window_binds_its_own_occasion_alone() -> None:
    assert agency_span([window("1–18 ก.ค. 66", occasion=report(2566, 3))]) == span("1–30 เม.ย. 66")


@pytest.mark.parametrize("scope", (Scope.UNIT, Scope.AGENCY, Scope.AGENCY_GROUP, Scope.MINISTRY))
def test_a_window_does_not_bind_a_unit_elsewhere(scope: Scope) -> None:
    elsewhere = replace(window("1–10 เม.ย. 66", scope), scope_id="อื่น")
    assert in_force([elsewhere]) == default_windows(Q2)


def test_a_division_may_have_a_window_that_its_sister_has_not() -> None:
    rows = [window("1–25 เม.ย. 66", Scope.UNIT), window("1–18 เม.ย. 66")]
    sister = in_force(rows, path=PATH._replace(unit="กอง 2"))
    assert agency_span(rows) == span("1–25 เม.ย. 66")
    assert sister is not None
    assert sister.agency == span("1–18 เม.ย. 66")


def test_of_two_groups_that_a_department_lies_in_the_latest_letter_wins() -> None:
    path = PATH._replace(groups=("ก", "ข"))
    older = replace(window("1–10 เม.ย. 66", Scope.AGENCY_GROUP, issued="1 ก.พ. 66"), scope_id="ก")
    newer = replace(window("1–12 เม.ย. 66", Scope.AGENCY_GROUP, issued="1 มี.ค. 66"), scope_id="ข")
    found = in_force([older, newer], path=path)
    assert found is not None
    assert found.agency == span("1–12 เม.ย. 66")


def test_dates_of_two_groups_in_one_letter_are_never_mixed() -> None:
    path = PATH._replace(groups=("ก", "ข"))
    both_stages = [
        replace(window("1–10 เม.ย. 66", Scope.AGENCY_GROUP, AGENCY), scope_id="ก"),
        replace(window("11–20 เม.ย. 66", Scope.AGENCY_GROUP, UPPER), scope_id="ก"),
    ]
    agency_alone = replace(window("1–15 เม.ย. 66", Scope.AGENCY_GROUP, AGENCY), scope_id="ข")
    found = in_force([*both_stages, agency_alone], path=path)
    assert found is not None
    assert (found.agency, found.upper) in [
        (span("1–10 เม.ย. 66"), span("11–20 เม.ย. 66")),
        (span("1–15 เม.ย. 66"), None),
    ]


# A whole set of stages


def test_a_circular_replaces_both_stages_even_when_it_names_one() -> None:
    """Dates of two circulars are never merged: the ministry's UPPER window is gone with its letter."""
    rows = [
        window("1–18 เม.ย. 66", stage=AGENCY),
        window("19–30 เม.ย. 66", stage=UPPER),
        window("1–20 เม.ย. 66", Scope.AGENCY, AGENCY),
    ]
    found = in_force(rows)
    assert found is not None
    assert (found.agency, found.upper) == (span("1–20 เม.ย. 66"), None)


def test_a_later_letter_of_the_same_scope_replaces_both_stages_too() -> None:
    rows = [
        window("1–18 เม.ย. 66", stage=AGENCY),
        window("19–30 เม.ย. 66", stage=UPPER),
        window("1–25 เม.ย. 66", stage=AGENCY, issued="10 เม.ย. 66", letter="ว 2"),
    ]
    found = in_force(rows)
    assert found is not None
    assert (found.agency, found.upper) == (span("1–25 เม.ย. 66"), None)


def test_a_row_for_both_stages_binds_both() -> None:
    found = in_force([window("1–20 เม.ย. 66", stage=ALL)])
    assert found is not None
    assert found.of(AGENCY) == found.of(UPPER) == span("1–20 เม.ย. 66")


def test_a_stages_own_row_goes_before_the_row_for_both_in_the_same_letter() -> None:
    both = window("1–20 เม.ย. 66", stage=ALL)
    with_upper = in_force([both, window("21–30 เม.ย. 66", stage=UPPER)])
    with_agency = in_force([both, window("1–15 เม.ย. 66", stage=AGENCY)])
    assert with_upper is not None
    assert with_agency is not None
    assert (with_upper.agency, with_upper.upper) == (span("1–20 เม.ย. 66"), span("21–30 เม.ย. 66"))
    assert (with_agency.agency, with_agency.upper) == (span("1–15 เม.ย. 66"), span("1–20 เม.ย. 66"))


@pytest.mark.parametrize(
    "dates", ("7–20 มี.ค. 66", "1 พ.ค.–30 มิ.ย. 66", "1 เม.ย.–31 พ.ค. 66"), ids=["before", "after", "longer"]
)
def test_a_window_outside_the_default_month_is_never_clamped(dates: str) -> None:
    assert agency_span([window(dates)]) == span(dates)


# History


def test_a_letter_counts_from_its_date() -> None:
    rows = [window("1–18 เม.ย. 66", issued="27 ม.ค. 66")]
    assert agency_span(rows, day("26 ม.ค. 66")) == span("1–30 เม.ย. 66")
    assert agency_span(rows, day("27 ม.ค. 66")) == span("1–18 เม.ย. 66")


def test_what_was_in_force_then_can_still_be_asked() -> None:
    rows = [
        window("1–18 เม.ย. 66", issued="27 ม.ค. 66"),
        window("1–25 เม.ย. 66", issued="10 เม.ย. 66", letter="ว 2"),
        window("1–28 เม.ย. 66", issued="24 เม.ย. 66", letter="ว 3"),
    ]
    answers = {text: agency_span(rows, day(text)) for text in ("9 เม.ย. 66", "10 เม.ย. 66", "24 เม.ย. 66")}
    assert answers == {
        "9 เม.ย. 66": span("1–18 เม.ย. 66"),
        "10 เม.ย. 66": span("1–25 เม.ย. 66"),
        "24 เม.ย. 66": span("1–28 เม.ย. 66"),
    }
    letters = WindowBook([*rows, window("1–5 เม.ย. 66", Scope.NATIONAL, issued="1 มี.ค. 66", letter="ว 9")])
    assert [found.letter_no for found in letters.history(Q2, PATH)] == ["ว 1", "ว 2", "ว 3"]
    assert WindowBook([]).history(Q2, PATH) == []


def test_the_latest_letter_wins_in_whatever_order_letters_were_imported() -> None:
    older, newer = window("1–18 เม.ย. 66"), window("1–25 เม.ย. 66", issued="10 เม.ย. 66", letter="ว 2")
    assert agency_span([newer, older]) == agency_span([older, newer]) == span("1–25 เม.ย. 66")


def test_of_two_letters_of_one_day_the_one_that_came_in_later_wins() -> None:
    ninth = replace(window("1–18 เม.ย. 66", letter="ว ๙"), entry=1)
    tenth = replace(window("1–25 เม.ย. 66", letter="ว ๑๐"), entry=2)
    for rows in ([ninth, tenth], [tenth, ninth]):
        found = in_force(rows)
        assert found is not None
        assert found.letter_no == "ว ๑๐"


def test_a_letter_may_shorten_a_window() -> None:
    rows = [window("1–25 เม.ย. 66"), window("1–10 เม.ย. 66", issued="3 เม.ย. 66", letter="ว 2")]
    assert agency_span(rows) == span("1–10 เม.ย. 66")


def test_a_window_without_a_letters_date_counts_from_ever_and_yields_to_any_letter() -> None:
    undated = window("1–12 เม.ย. 66", issued=None, letter="")
    assert agency_span([undated], day("1 ม.ค. 60")) == span("1–12 เม.ย. 66")
    assert agency_span([undated, window("1–18 เม.ย. 66")]) == span("1–18 เม.ย. 66")


# Days


def test_a_window_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(InvalidWindow):
        Span(day("18 เม.ย. 66"), day("17 เม.ย. 66"))


def test_a_window_without_opening_date_is_open_already() -> None:
    entry = span("–20 ก.พ. 66")
    assert entry.holds(day("1 ม.ค. 60"))
    assert not entry.holds(day("21 ก.พ. 66"))
    assert entry.inclusive_days is None
    assert entry.working_days(CALENDAR) is None


def test_a_window_without_opening_date_starts_with_its_letter() -> None:
    found = in_force([window("–20 ก.พ. 66", issued="27 ม.ค. 66")])
    assert found is not None
    assert found.starts_on(AGENCY) == day("27 ม.ค. 66")


@pytest.mark.parametrize(
    ("on", "is_open", "days_left"),
    (
        pytest.param("31 มี.ค. 66", False, 18, id="the day before it opens"),
        pytest.param("1 เม.ย. 66", True, 17, id="the first day, from 00.00"),
        pytest.param("17 เม.ย. 66", True, 1, id="one day left"),
        pytest.param("18 เม.ย. 66", True, 0, id="today is the last day, until 23.59.59"),
        pytest.param("19 เม.ย. 66", False, -1, id="one day overdue"),
    ),
)
def test_both_ends_of_a_window_belong_to_it(on: str, is_open: bool, days_left: int) -> None:  # noqa: FBT001
    q2 = span("1–18 เม.ย. 66")
    assert q2.holds(day(on)) is is_open
    assert q2.days_left(day(on)) == days_left


@pytest.mark.parametrize(
    ("dates", "roll", "closes_on"),
    (
        pytest.param("1–15 ต.ค. 66", Roll.NONE, "15 ต.ค. 66", id="no circular found moves a last day"),
        pytest.param("1–15 ต.ค. 66", Roll.NEXT_WORKING_DAY, "16 ต.ค. 66", id="Civil Code 193/8 moves a Sunday"),
        pytest.param("1–18 เม.ย. 66", Roll.NEXT_WORKING_DAY, "18 เม.ย. 66", id="a working day stays"),
        pytest.param("17–30 ก.ค. 66", Roll.NEXT_WORKING_DAY, "3 ส.ค. 66", id="over a row of holidays"),
    ),
)
def test_a_last_day_moves_only_as_the_policy_says(dates: str, roll: Roll, closes_on: str) -> None:
    rolled = span(dates).rolled(roll, CALENDAR)
    assert (rolled.opens_on, rolled.closes_on) == (span(dates).opens_on, day(closes_on))


# Mid-year rounds, the next reporting day, where tracking begins

ROUND_1, ROUND_3 = (Occasion(WindowKind.MIDYEAR_ENTRY, 2566, n) for n in (1, 3))


def test_own_mid_year_rounds_replace_the_default_rounds() -> None:
    rows = [window("1–18 เม.ย. 66", occasion=ROUND_1)]
    assert in_force(rows, ROUND_1) is not None
    assert in_force(rows, ROUND_3) is None


def test_default_rounds_hold_until_the_letter_with_own_rounds_is_issued() -> None:
    rows = [window("1–18 เม.ย. 66", occasion=ROUND_1, issued="27 ม.ค. 66")]
    assert in_force(rows, ROUND_3, as_of=day("26 ม.ค. 66")) == default_windows(ROUND_3)


def test_own_rounds_of_one_ministry_leave_others_alone() -> None:
    rows = [window("1–18 เม.ย. 66", occasion=ROUND_1)]
    assert in_force(rows, ROUND_3, path=PATH._replace(ministry="อื่น")) == default_windows(ROUND_3)


def test_the_next_reporting_day_is_the_opening_of_the_next_quarters_window() -> None:
    book = WindowBook([window("7–20 มี.ค. 66", occasion=report(2566, 1)), window("5–18 เม.ย. 66")])
    next_days = {text: book.first_reporting_day_after(day(text), PATH, LATER) for text in ("20 มี.ค. 66", "18 เม.ย. 66")}
    assert next_days == {"20 มี.ค. 66": day("5 เม.ย. 66"), "18 เม.ย. 66": day("1 ก.ค. 66")}


def test_where_circulars_open_nothing_any_more_the_next_quarter_ends_the_overdue_reminders() -> None:
    open_already = [
        window("30–31 มี.ค. 66", occasion=report(year, number))
        for year in (2565, 2566, 2567, 2568)
        for number in (1, 2, 3, 4)
    ]
    undated = [replace(row, span=Span(None, day("31 มี.ค. 66"))) for row in open_already]
    assert WindowBook(undated).first_reporting_day_after(day("31 มี.ค. 66"), PATH, LATER) == day("1 เม.ย. 66")


@pytest.mark.parametrize(
    ("rows", "first"),
    (
        pytest.param([], None, id="no circular: nothing limits what is owed"),
        pytest.param([window("–20 ก.พ. 66", occasion=Occasion(WindowKind.PROJECT_ENTRY, 2566))], 1, id="entry"),
        pytest.param([window("1–16 ก.ค. 66", occasion=report(2566, 3))], 3, id="a report of Q3"),
        pytest.param([window("1–16 ก.ค. 66", occasion=report(2566, 3)), window("1–18 เม.ย. 66")], 2, id="the earliest"),
        pytest.param(
            [
                window("1–20 เม.ย. 66", occasion=Occasion(WindowKind.ACHIEVEMENT_ANNUAL, 2565)),
                window("7–20 มี.ค. 66", occasion=report(2566, 1)),
            ],
            1,
            id="an achievement row of 2565 tracks no project",
        ),
        pytest.param([window("1–18 เม.ย. 66", Scope.NATIONAL)], 2, id="a national row"),
        pytest.param([replace(window("1–18 เม.ย. 66"), scope_id="อื่น")], None, id="another ministry's row"),
    ),
)
def test_tracking_begins_with_the_earliest_calendar_row(rows: list[CalendarWindow], first: int | None) -> None:
    expected = Quarter(2566, first) if first else None
    assert tracked_from(rows, frozenset(filter(None, SCOPE_IDS.values()))) == expected


# Properties

days = st.dates(date(2022, 10, 1), date(2024, 9, 30))
spans = st.builds(lambda opens, length: Span(opens, opens + timedelta(days=length)), days, st.integers(0, 90))
rows_ = st.builds(
    lambda scope, stage, dates, issued: CalendarWindow(
        Q2, stage, scope, SCOPE_IDS[scope], dates, issued, f"ว {issued}"
    ),
    st.sampled_from(Scope),
    st.sampled_from(Stage),
    spans,
    st.none() | days,
)
calendars = st.lists(rows_, max_size=12)


@given(calendars, rows_, days)
def test_a_wider_window_never_changes_the_answer(
    rows: list[CalendarWindow], wider: CalendarWindow, as_of: date
) -> None:
    scopes = [row.scope for row in rows if row.issued_on is None or row.issued_on <= as_of]
    rank = NARROWEST_FIRST.index
    if any(rank(scope) < rank(wider.scope) for scope in scopes):
        assert in_force([*rows, wider], as_of=as_of) == in_force(rows, as_of=as_of)


@given(calendars, days)
def test_the_answer_is_always_one_letter_of_one_scope(rows: list[CalendarWindow], as_of: date) -> None:
    found = in_force(rows, as_of=as_of)
    assert found is not None
    if found.is_default:
        assert all(row.issued_on is not None and row.issued_on > as_of for row in rows)
        return
    letters = {(row.scope, row.issued_on, row.letter_no) for row in rows}
    assert any(
        all(
            stage_span is None or any(row.span == stage_span and row.stage in (stage, ALL) for row in letter)
            for stage, stage_span in ((AGENCY, found.agency), (UPPER, found.upper))
        )
        and (letter[0].issued_on, letter[0].letter_no) == (found.issued_on, found.letter_no)
        for key in letters
        if (letter := [row for row in rows if (row.scope, row.issued_on, row.letter_no) == key])
    )


@given(calendars, days)
def test_a_letter_of_the_future_changes_nothing_today(rows: list[CalendarWindow], as_of: date) -> None:
    known = [row for row in rows if row.issued_on is None or row.issued_on <= as_of]
    assert in_force(rows, as_of=as_of) == in_force(known, as_of=as_of)


@given(spans)
def test_inclusive_days_count_both_ends(dates: Span) -> None:
    assert dates.opens_on is not None
    in_span = [d for n in range(-1, 92) if dates.holds(d := dates.opens_on + timedelta(days=n))]
    assert dates.inclusive_days == len(in_span)
    assert in_span[0] == dates.opens_on
    assert in_span[-1] == dates.closes_on
    assert dates.days_left(dates.opens_on) == len(in_span) - 1


@given(spans, st.sampled_from(Roll))
def test_a_rolled_window_is_never_shorter_and_ends_on_a_working_day(dates: Span, roll: Roll) -> None:
    rolled = dates.rolled(roll, CALENDAR)
    assert rolled.closes_on >= dates.closes_on
    assert rolled == dates or CALENDAR.is_working(rolled.closes_on)
    assert rolled.working_days(CALENDAR) == (dates.working_days(CALENDAR) or 0) + (rolled != dates)
