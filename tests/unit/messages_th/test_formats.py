from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.fiscal import Quarter, YearBasis
from domain.windows import Span
from messages_th import formats


@pytest.mark.parametrize(
    ("day", "short", "full", "with_weekday"),
    (
        (date(2023, 1, 27), "27 ม.ค. 66", "27 มกราคม 2566", "วันศุกร์ที่ 27 ม.ค. 66"),
        (date(2023, 3, 20), "20 มี.ค. 66", "20 มีนาคม 2566", "วันจันทร์ที่ 20 มี.ค. 66"),
        (date(2024, 2, 29), "29 ก.พ. 67", "29 กุมภาพันธ์ 2567", "วันพฤหัสบดีที่ 29 ก.พ. 67"),
        (date(2022, 12, 31), "31 ธ.ค. 65", "31 ธันวาคม 2565", "วันเสาร์ที่ 31 ธ.ค. 65"),
        (date(2057, 1, 1), "1 ม.ค. 00", "1 มกราคม 2600", "วันจันทร์ที่ 1 ม.ค. 00"),
    ),
)
def test_a_day_is_written_in_the_buddhist_era(day: date, short: str, full: str, with_weekday: str) -> None:
    assert formats.short_date(day) == short
    assert formats.full_date(day) == full
    assert formats.weekday_date(day) == with_weekday


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    (
        (date(2023, 3, 7), date(2023, 3, 20), "7–20 มี.ค. 66"),
        (date(2023, 7, 28), date(2023, 8, 2), "28 ก.ค.–2 ส.ค. 66"),
        (date(2022, 12, 16), date(2023, 1, 15), "16 ธ.ค. 65–15 ม.ค. 66"),
        (date(2022, 3, 7), date(2023, 3, 7), "7 มี.ค. 65–7 มี.ค. 66"),
        (date(2023, 3, 7), date(2023, 3, 7), "7 มี.ค. 66"),
    ),
)
def test_a_range_says_month_and_year_once_where_they_agree(first: date, last: date, expected: str) -> None:
    assert formats.date_range(first, last) == expected
    assert formats.span_text(Span(first, last)) == expected


def test_a_window_that_was_always_open_says_only_when_it_closes() -> None:
    assert formats.span_text(Span(None, date(2023, 2, 20))) == "ถึงวันที่ 20 ก.พ. 66"


@pytest.mark.parametrize(
    ("moment", "time", "day_and_time"),
    (
        (datetime(2023, 3, 20, 9, 30, tzinfo=UTC), "16.30 น.", "20 มี.ค. 66 เวลา 16.30 น."),
        (datetime(2023, 3, 20, 1, 30, tzinfo=UTC), "08.30 น.", "20 มี.ค. 66 เวลา 08.30 น."),
        (datetime(2022, 12, 31, 17, 5, tzinfo=UTC), "00.05 น.", "1 ม.ค. 66 เวลา 00.05 น."),
    ),
)
def test_an_instant_is_told_in_bangkok(moment: datetime, time: str, day_and_time: str) -> None:
    assert formats.clock_time(moment) == time
    assert formats.as_of(moment) == f"ข้อมูล ณ วันที่ {day_and_time}"


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        formats.as_of(datetime(2023, 3, 20, 8, 30))  # noqa: DTZ001 - the fault under test


@pytest.mark.parametrize(
    ("quarter", "fiscal", "calendar"),
    (
        (Quarter(2566, 1), "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)", "ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65)"),
        (Quarter(2566, 2), "ไตรมาส 2/2566 (ม.ค.–มี.ค. 66)", "ไตรมาส 1/2566 (ม.ค.–มี.ค. 66)"),
        (Quarter(2566, 3), "ไตรมาส 3/2566 (เม.ย.–มิ.ย. 66)", "ไตรมาส 2/2566 (เม.ย.–มิ.ย. 66)"),
        (Quarter(2566, 4), "ไตรมาส 4/2566 (ก.ค.–ก.ย. 66)", "ไตรมาส 3/2566 (ก.ค.–ก.ย. 66)"),
    ),
)
def test_a_quarter_bears_the_label_of_the_readers_year_and_the_same_months(
    quarter: Quarter, fiscal: str, calendar: str
) -> None:
    assert formats.quarter_text(quarter, YearBasis.FISCAL) == fiscal
    assert formats.quarter_text(quarter, YearBasis.CALENDAR) == calendar


def test_a_year_is_a_fiscal_year_only_where_the_agency_counts_so() -> None:
    assert formats.fiscal_year_text(2566, YearBasis.FISCAL) == "ปีงบประมาณ 2566"
    assert formats.fiscal_year_text(2566, YearBasis.CALENDAR) == "ปี 2566"


@pytest.mark.parametrize(
    ("days_left", "working_days_left", "expected", "with_the_day"),
    (
        (3, 2, "ภายในวันที่ 20 มี.ค. 66 (เหลือ 3 วัน / 2 วันทำการ)", "ภายในวันที่ 20 มี.ค. 66 (เหลือ 3 วัน / 2 วันทำการ)"),
        (
            3,
            0,
            "ภายในวันที่ 20 มี.ค. 66 (เหลือ 3 วัน เป็นวันหยุดราชการ)",
            "ภายในวันที่ 20 มี.ค. 66 (เหลือ 3 วัน เป็นวันหยุดราชการ)",
        ),
        (0, 0, "วันนี้เป็นวันสุดท้าย", "วันนี้เป็นวันสุดท้าย (วันจันทร์ที่ 20 มี.ค. 66)"),
        (-2, 0, "พ้นกำหนดแล้ว 2 วัน", "พ้นกำหนดแล้ว 2 วัน (กำหนด 20 มี.ค. 66)"),
        (-1200, 0, "พ้นกำหนดแล้ว 1,200 วัน", "พ้นกำหนดแล้ว 1,200 วัน (กำหนด 20 มี.ค. 66)"),
    ),
)
def test_a_deadline_says_what_is_left(days_left: int, working_days_left: int, expected: str, with_the_day: str) -> None:
    closes_on = date(2023, 3, 20)
    assert formats.deadline(closes_on, days_left, working_days_left) == expected
    assert formats.dated_deadline(closes_on, days_left, working_days_left) == with_the_day


@pytest.mark.parametrize(
    ("number", "dated", "expected"),
    (
        ("ที่ รง ๐๒๑๔/ว ๓", date(2023, 1, 27), "หนังสือ ที่ รง 0214/ว 3 ลงวันที่ 27 ม.ค. 66"),
        ("รง 0214/ว 3", date(2023, 1, 27), "หนังสือ ที่ รง 0214/ว 3 ลงวันที่ 27 ม.ค. 66"),
        ("ด่วนที่สุด ที่ นร 1112/ว 5811", None, "หนังสือ ด่วนที่สุด ที่ นร 1112/ว 5811"),
        ("", date(2023, 1, 27), "หนังสือ ลงวันที่ 27 ม.ค. 66"),
        ("  ", None, ""),
    ),
)
def test_a_circular_is_quoted_by_number_and_date(number: str, dated: date | None, expected: str) -> None:
    assert formats.letter_reference(number, dated) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    (
        (Decimal(1250000), "1,250,000.00 บาท"),
        (Decimal("0.5"), "0.50 บาท"),
        (Decimal("9999999999999999.99"), "9,999,999,999,999,999.99 บาท"),
        (Decimal("-1200.10"), "-1,200.10 บาท"),
    ),
)
def test_money_is_exact_with_two_decimals(amount: Decimal, expected: str) -> None:
    assert formats.baht(amount) == expected


def test_counts_have_thousands_separators() -> None:
    assert [formats.count(n) for n in (0, 999, 1000, 2618000)] == ["0", "999", "1,000", "2,618,000"]


def test_digits_go_both_ways() -> None:
    assert formats.thai_digits("27 มกราคม 2566") == "๒๗ มกราคม ๒๕๖๖"
    assert formats.arabic_digits("ที่ รง ๐๒๑๔/ว ๓") == "ที่ รง 0214/ว 3"
    assert formats.arabic_digits(formats.thai_digits("0123456789")) == "0123456789"


def test_a_cell_with_line_breaks_becomes_one_line() -> None:
    assert formats.one_line(" โครงการ\nพัฒนา \u00a0 ฝีมือ\r\nแรงงาน ") == "โครงการ พัฒนา ฝีมือ แรงงาน"
