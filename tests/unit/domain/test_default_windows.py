"""The national default rule: last days of fiscal years 2562 to 2570 (domain.md §4)."""

from datetime import timedelta

import pytest

from domain.windows import Occasion, Span, Stage, WindowKind, default_windows
from tests.unit.domain.thai_dates import day, span

LAST_DAYS = """
    2562 | 31 ธ.ค. 61 จ     | 30 ม.ค. 62 พ       | 30 เม.ย. 62 อ      | 30 ก.ค. 62 อ      | 30 ต.ค. 62 พ
    2563 | 31 ธ.ค. 62 อ     | 30 ม.ค. 63 พฤ      | 30 เม.ย. 63 พฤ     | 30 ก.ค. 63 พฤ     | 30 ต.ค. 63 ศ
    2564 | 31 ธ.ค. 63 พฤ    | **30 ม.ค. 64 ส**   | 30 เม.ย. 64 ศ      | 30 ก.ค. 64 ศ      | **30 ต.ค. 64 ส**
    2565 | 31 ธ.ค. 64 ศ     | **30 ม.ค. 65 อา**  | **30 เม.ย. 65 ส**  | **30 ก.ค. 65 ส**  | **30 ต.ค. 65 อา**
    2566 | **31 ธ.ค. 65 ส** | 30 ม.ค. 66 จ       | **30 เม.ย. 66 อา** | **30 ก.ค. 66 อา** | 30 ต.ค. 66 จ
    2567 | **31 ธ.ค. 66 อา**| 30 ม.ค. 67 อ       | 30 เม.ย. 67 อ      | 30 ก.ค. 67 อ      | 30 ต.ค. 67 พ
    2568 | 31 ธ.ค. 67 อ     | 30 ม.ค. 68 พฤ      | 30 เม.ย. 68 พ      | 30 ก.ค. 68 พ      | 30 ต.ค. 68 พฤ
    2569 | 31 ธ.ค. 68 พ     | 30 ม.ค. 69 ศ       | 30 เม.ย. 69 พฤ     | 30 ก.ค. 69 พฤ     | 30 ต.ค. 69 ศ
    2570 | 31 ธ.ค. 69 พฤ    | **30 ม.ค. 70 ส**   | 30 เม.ย. 70 ศ      | 30 ก.ค. 70 ศ      | **30 ต.ค. 70 ส**
"""
"""The table as the office prints it: entry, then quarters 1 to 4; bold where the last day is a Saturday or Sunday."""

WEEKDAYS = ["จ", "อ", "พ", "พฤ", "ศ", "ส", "อา"]
REPORT, ENTRY, MIDYEAR = WindowKind.QUARTER_REPORT, WindowKind.PROJECT_ENTRY, WindowKind.MIDYEAR_ENTRY


def cells() -> list[object]:
    rows = [[cell.strip() for cell in line.split("|")] for line in LAST_DAYS.strip().splitlines()]
    return [
        pytest.param(
            Occasion(REPORT, int(year), number) if number else Occasion(ENTRY, int(year)),
            cell,
            id=f"{year} {f'Q{number}' if number else 'entry'}",
        )
        for year, *row in rows
        for number, cell in enumerate(row)
    ]


def the_default(occasion: Occasion) -> Span:
    windows = default_windows(occasion)
    assert windows is not None
    assert windows.agency is not None
    return windows.agency


@pytest.mark.parametrize(("occasion", "cell"), cells())
def test_the_last_day_is_the_one_of_the_table(occasion: Occasion, cell: str) -> None:
    text, weekday = cell.strip("*").rsplit(" ", 1)
    last_day = the_default(occasion).closes_on
    assert last_day == day(text)
    assert WEEKDAYS[last_day.weekday()] == weekday
    assert (last_day.weekday() >= 5) == cell.startswith("**")


def test_the_table_has_forty_five_cells() -> None:
    assert len(cells()) == 45


@pytest.mark.parametrize("year", range(2562, 2571))
@pytest.mark.parametrize("number", (1, 2, 3, 4))
def test_a_quarter_is_reported_on_day_1_to_30_of_the_month_after_it(year: int, number: int) -> None:
    """Thirty days and not "a month": January, July and October have a day left."""
    window = the_default(Occasion(REPORT, year, number))
    assert window.opens_on == window.closes_on.replace(day=1)
    assert window.inclusive_days == 30


@pytest.mark.parametrize("year", range(2562, 2571))
def test_new_projects_have_the_first_quarter_of_92_days(year: int) -> None:
    """October to December: no leap day ever falls into it."""
    window = the_default(Occasion(ENTRY, year))
    assert window == span(f"1 ต.ค. {year % 100 - 1}–31 ธ.ค. {year % 100 - 1}")
    assert window.inclusive_days == 92


@pytest.mark.parametrize(
    ("round_", "dates"),
    ((1, "1–30 ม.ค. 66"), (2, "1–30 เม.ย. 66"), (3, "1–30 ก.ค. 66")),
)
def test_projects_may_enter_mid_year_in_the_thirty_days_after_a_quarter(round_: int, dates: str) -> None:
    assert the_default(Occasion(MIDYEAR, 2566, round_)) == span(dates)


def test_no_project_enters_mid_year_in_october() -> None:
    assert default_windows(Occasion(MIDYEAR, 2566, 4)) is None


@pytest.mark.parametrize(
    "kind", [kind for kind in WindowKind if kind not in (REPORT, ENTRY, MIDYEAR)], ids=lambda kind: kind.value
)
def test_other_kinds_have_no_default(kind: WindowKind) -> None:
    assert default_windows(Occasion(kind, 2566)) is None


def test_by_default_all_steps_of_approval_share_the_officers_window() -> None:
    windows = default_windows(Occasion(REPORT, 2566, 1))
    assert windows is not None
    assert windows.of(Stage.AGENCY) == windows.of(Stage.UPPER) == span("1–30 ม.ค. 66")
    assert windows.is_default


def test_the_first_day_of_the_thirty_is_the_day_after_the_quarter() -> None:
    """Civil Code 193/3: the day from which one counts is not counted."""
    assert the_default(Occasion(REPORT, 2566, 2)).opens_on == day("31 มี.ค. 66") + timedelta(days=1)
