"""The road map of the Ministry of Labour for fiscal year 2566, row by row (domain.md §4)."""

import pytest

from domain.fiscal import Quarter, QuarterLabel, YearBasis
from domain.windows import Occasion, StageWindows, WindowKind, tracked_from
from tests.unit.domain.labour import (
    BOOK,
    CALENDAR,
    EMPLOYMENT,
    ISSUED,
    LETTER,
    MINISTRY,
    ROAD_MAP,
    SOCIAL_SECURITY,
    TRACKED_FROM,
    Cell,
    Row,
    path_of,
    report,
    windows,
)
from tests.unit.domain.thai_dates import day, span

rows = pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in ROAD_MAP.items()])
cells = pytest.mark.parametrize(
    "cell",
    [
        pytest.param(cell, id=f"{name} {stage}")
        for name, row in ROAD_MAP.items()
        for stage, cell in (("AGENCY", row.agency), ("UPPER", row.upper))
        if cell is not None
    ],
)


def in_force(occasion: Occasion, agency: str = EMPLOYMENT) -> StageWindows:
    found = BOOK.resolve(occasion, path_of(agency), ISSUED)
    assert found is not None
    return found


@rows
def test_the_row_is_in_force_for_those_whom_it_binds(row: Row) -> None:
    found = in_force(row.occasion, row.only or EMPLOYMENT)
    assert found.agency == span(row.agency.span)
    assert found.upper == (span(row.upper.span) if row.upper else None)
    assert (found.letter_no, found.issued_on, found.is_default) == (LETTER, ISSUED, False)


@cells
def test_the_window_has_as_many_days_as_the_table_says(cell: Cell) -> None:
    assert span(cell.span).inclusive_days == cell.inclusive_days


@cells
def test_the_window_has_as_many_working_days_as_the_table_says(cell: Cell) -> None:
    if cell.working_days is not None:  # a dash in the table
        assert span(cell.span).working_days(CALENDAR) == cell.working_days


@pytest.mark.parametrize(
    ("closes_on", "last_working_day"),
    (
        pytest.param("20 ก.พ. 66", "20 ก.พ. 66", id="project entry"),
        pytest.param("6 มี.ค. 66", "3 มี.ค. 66", id="project entry, UPPER: 6 มี.ค. is มาฆบูชา"),
        pytest.param("20 มี.ค. 66", "20 มี.ค. 66", id="report Q1"),
        pytest.param("31 มี.ค. 66", "31 มี.ค. 66", id="report Q1, UPPER"),
        pytest.param("18 เม.ย. 66", "18 เม.ย. 66", id="report Q2"),
        pytest.param("30 เม.ย. 66", "28 เม.ย. 66", id="report Q2, UPPER: a Sunday"),
        pytest.param("16 ก.ค. 66", "14 ก.ค. 66", id="report Q3: a Sunday"),
        pytest.param("30 ก.ค. 66", "27 ก.ค. 66", id="report Q3, UPPER: 28 ก.ค.–2 ส.ค. are all holidays"),
        pytest.param("15 ต.ค. 66", "12 ต.ค. 66", id="report Q4: a Sunday after a holiday"),
        pytest.param("30 ต.ค. 66", "30 ต.ค. 66", id="report Q4, UPPER"),
        pytest.param("30 ธ.ค. 66", "28 ธ.ค. 66", id="achievement: a Saturday after a special holiday"),
        pytest.param("31 ธ.ค. 66", "28 ธ.ค. 66", id="Open-D"),
    ),
)
def test_the_last_working_day_lies_on_or_before_the_deadline(closes_on: str, last_working_day: str) -> None:
    assert CALENDAR.on_or_before(day(closes_on)) == day(last_working_day)


@pytest.mark.parametrize(
    ("on", "is_working"),
    (
        pytest.param("1 พ.ค. 66", True, id="offices work on Labour Day"),
        pytest.param("2 พ.ค. 65", True, id="and on the day in lieu of it"),
        pytest.param("17 พ.ค. 66", False, id="closed on the Royal Ploughing Day"),
        pytest.param("6 เม.ย. 66", False, id="จักรี"),
        pytest.param("17 เม.ย. 66", False, id="in lieu of สงกรานต์"),
        pytest.param("31 ก.ค. 66", False, id="special day between two holidays"),
        pytest.param("13 ต.ค. 66", False, id="13 ต.ค."),
        pytest.param("18 เม.ย. 66", True, id="the day after สงกรานต์"),
    ),
)
def test_offices_keep_the_holidays_of_the_civil_service(on: str, is_working: bool) -> None:  # noqa: FBT001
    assert CALENDAR.is_working(day(on)) is is_working


def test_the_road_map_replaces_the_default_entirely() -> None:
    """The first quarter was reported in March: nothing is clamped to the thirty days of January."""
    q1 = in_force(report(2566, 1))
    assert q1.agency is not None
    assert not q1.agency.holds(day("30 ม.ค. 66"))
    assert q1.agency.holds(day("7 มี.ค. 66"))


def test_its_mid_year_rounds_replace_the_default_ones() -> None:
    assert BOOK.resolve(Occasion(WindowKind.MIDYEAR_ENTRY, 2566, 3), path_of(EMPLOYMENT), ISSUED) is None


def test_an_agency_of_calendar_years_has_its_own_achievement_dates() -> None:
    annual_2566 = Occasion(WindowKind.ACHIEVEMENT_ANNUAL, 2566)
    assert in_force(annual_2566, EMPLOYMENT).agency == span("1–30 ธ.ค. 66")
    assert in_force(annual_2566, SOCIAL_SECURITY).agency == span("1–30 เม.ย. 67")


def test_nobody_else_reports_the_achievement_of_2565() -> None:
    assert BOOK.resolve(Occasion(WindowKind.ACHIEVEMENT_ANNUAL, 2565), path_of(EMPLOYMENT), ISSUED) is None


@pytest.mark.parametrize(
    ("number", "label"),
    ((1, QuarterLabel(4, 2565)), (2, QuarterLabel(1, 2566)), (3, QuarterLabel(2, 2566)), (4, QuarterLabel(3, 2566))),
    ids=["report Q1/66 = สปส. Q4/65", "report Q2/66 = Q1/66", "report Q3/66 = Q2/66", "report Q4/66 = Q3/66"],
)
def test_the_social_security_office_reports_on_the_same_days_under_another_name(
    number: int, label: QuarterLabel
) -> None:
    assert Quarter(2566, number).label(YearBasis.CALENDAR) == label
    assert in_force(report(2566, number), SOCIAL_SECURITY) == in_force(report(2566, number), EMPLOYMENT)


def test_tracking_begins_with_the_first_quarter_of_2566() -> None:
    """Although one row asks for the achievement of 2565: that row is about a plan, not about projects."""
    assert tracked_from(windows(), frozenset({MINISTRY, SOCIAL_SECURITY})) == TRACKED_FROM == Quarter(2566, 1)
