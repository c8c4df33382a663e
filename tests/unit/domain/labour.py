"""The Ministry of Labour's road map of fiscal year 2566, as its circular of 27 ม.ค. 2566 prints it (domain.md §4)."""

from collections.abc import Iterator
from typing import NamedTuple

from domain.fiscal import Quarter
from domain.windows import CalendarWindow, Occasion, Scope, ScopePath, Stage, WindowBook, WindowKind
from domain.workdays import WorkingCalendar
from storage.holidays import office_holidays
from tests.unit.domain.thai_dates import day, span

ISSUED = day("27 ม.ค. 66")
LETTER = "รง ๐๒๑๔/ว ๓"

MINISTRY = "รง."
SOCIAL_SECURITY = "สปส."
EMPLOYMENT = "กกจ."

CALENDAR = WorkingCalendar.of(day for year in range(2022, 2026) for day in office_holidays(year))


class Cell(NamedTuple):
    """One window of the road map with the length that the table states (None: a dash)."""

    span: str
    inclusive_days: int | None = None
    working_days: int | None = None


class Row(NamedTuple):
    """One row of the road map: what it is about, whom it binds, and the windows of both stages."""

    occasion: Occasion
    agency: Cell
    upper: Cell | None = None
    only: str = ""


def report(fiscal_year: int, quarter: int) -> Occasion:
    """Return the occasion of reporting a fiscal quarter."""
    return Occasion(WindowKind.QUARTER_REPORT, fiscal_year, quarter)


ROAD_MAP = {
    "project entry": Row(
        Occasion(WindowKind.PROJECT_ENTRY, 2566), Cell("–20 ก.พ. 66"), Cell("21 ก.พ.–6 มี.ค. 66", 14, 9)
    ),
    "report Q1/66": Row(report(2566, 1), Cell("7–20 มี.ค. 66", 14, 10), Cell("21–31 มี.ค. 66", 11, 9)),
    "report Q2/66": Row(report(2566, 2), Cell("1–18 เม.ย. 66", 18, 8), Cell("19–30 เม.ย. 66", 12, 8)),
    "mid-year entry round 1": Row(
        Occasion(WindowKind.MIDYEAR_ENTRY, 2566, 1), Cell("1–18 เม.ย. 66", 18, 8), Cell("19–30 เม.ย. 66", 12, 8)
    ),
    "report Q3/66": Row(report(2566, 3), Cell("1–16 ก.ค. 66", 16, 10), Cell("17–30 ก.ค. 66", 14, 9)),
    "mid-year entry round 2": Row(
        Occasion(WindowKind.MIDYEAR_ENTRY, 2566, 2), Cell("1–16 ก.ค. 66", 16, 10), Cell("17–30 ก.ค. 66", 14, 9)
    ),
    "report Q4/66": Row(report(2566, 4), Cell("1–15 ต.ค. 66", 15, 9), Cell("16–30 ต.ค. 66", 15, 10)),
    "level-3 plans": Row(Occasion(WindowKind.LEVEL3_PLAN, 2566), Cell("–28 ก.พ. 66"), Cell("1–31 มี.ค. 66", 31, 22)),
    "achievement of 2565 (สปส.)": Row(
        Occasion(WindowKind.ACHIEVEMENT_ANNUAL, 2565), Cell("1–20 เม.ย. 66", 20, 10), only=SOCIAL_SECURITY
    ),
    "achievement of 2566": Row(Occasion(WindowKind.ACHIEVEMENT_ANNUAL, 2566), Cell("1–30 ธ.ค. 66", 30)),
    "achievement of thematic plans": Row(Occasion(WindowKind.ACHIEVEMENT_ACTION_PLAN, 2566), Cell("1–30 ธ.ค. 66", 30)),
    "achievement of 2566 (สปส.)": Row(
        Occasion(WindowKind.ACHIEVEMENT_ANNUAL, 2566), Cell("1–30 เม.ย. 67", 30), only=SOCIAL_SECURITY
    ),
    "Open-D": Row(Occasion(WindowKind.OPEN_D, 2566), Cell("–31 ธ.ค. 66")),
}

TRACKED_FROM = Quarter(2566, 1)


def windows() -> Iterator[CalendarWindow]:
    """Yield the circular's rows as the office would enter them."""
    for row in ROAD_MAP.values():
        scope = Scope.AGENCY if row.only else Scope.MINISTRY
        for stage, cell in ((Stage.AGENCY, row.agency), (Stage.UPPER, row.upper)):
            if cell is not None:
                yield CalendarWindow(row.occasion, stage, scope, row.only or MINISTRY, span(cell.span), ISSUED, LETTER)


BOOK = WindowBook(windows())


def path_of(agency: str) -> ScopePath:
    """Return the scopes of a division of the agency."""
    return ScopePath(f"{agency} กอง 1", agency, (), MINISTRY)
