"""What single cells mean."""

import time
import timeit
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fiscal import BUDDHIST_ERA_OFFSET
from domain.submissions import SubmissionState
from messages_th import spreadsheets
from storage.imports import values
from storage.imports.problems import BadValue, ProblemCode
from storage.imports.vocabulary import Words, clean, loose

WORDS = Words(spreadsheets)
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def thai(text: str) -> str:
    return text.translate(THAI_DIGITS)


def problem(convert: Callable[[Any, Words], Any], cell: Any) -> ProblemCode:
    with pytest.raises(BadValue) as caught:
        convert(cell, WORDS)
    return caught.value.code


@pytest.mark.parametrize(
    "cell",
    (
        "16 มี.ค. 2566",
        "16 มี.ค. 66",
        "๑๖ มี.ค. ๒๕๖๖",
        "16 มีนาคม 2566",
        "16มีนาคม2566",
        "16/03/2566",
        "16/3/66",
        "16-03-2566",
        "16.03.2566",
        "2023-03-16",
        "2566-03-16",
        "วันที่ 16 มีนาคม พ.ศ. 2566",
        "16 มี.ค. ค.ศ. 2023",
        "วันพฤหัสบดีที่ 16 มีนาคม 2566",
        "16\u00a0มี.ค.\u00a02566",
        "\u200b16 มี.ค. 2566\ufeff",
        "16–03–2566",
        "16 Mar 2023",
        "2023-03-16T00:00:00",
        "16/03/2566 00:00",
        date(2023, 3, 16),
        datetime.fromisoformat("2023-03-16T09:30"),
        date(2566, 3, 16),
        datetime.fromisoformat("2566-03-16"),
    ),
)
def test_a_day_is_read_in_every_spelling_of_either_era(cell: Any) -> None:
    assert values.day(cell, WORDS) == date(2023, 3, 16)


@pytest.mark.parametrize(
    "cell",
    (
        "ตุลาคม 2565",
        "ต.ค. 65",
        "ต.ค.65",
        "ต.ค 2565",
        "10/2565",
        "๑๐/๒๕๖๕",
        "1 ตุลาคม 2565",
        "31/10/2565",
        "10-2565",
        "2565-10",
        "2022-10",
        "เดือนตุลาคม พ.ศ. 2565",
        "Oct-65",
        date(2022, 10, 5),
        datetime.fromisoformat("2565-10-01"),
    ),
)
def test_a_month_is_read_in_every_spelling(cell: Any) -> None:
    assert values.month(cell, WORDS) == date(2022, 10, 1)


def test_29_february_exists_in_the_years_that_have_it_in_the_common_era() -> None:
    assert values.day("29 ก.พ. 2567", WORDS) == date(2024, 2, 29)
    assert problem(values.day, "29 ก.พ. 2566") is ProblemCode.NOT_A_DATE


@pytest.mark.parametrize(
    "cell",
    ("31/13/2566", "0/2566", "13/2566", "ไตรมาส 1", "2566", 2566.0, 44927.0, True, "10/256", "32 ต.ค. 2565", "ตุลา"),
)
def test_what_is_no_month_is_refused(cell: Any) -> None:
    assert problem(values.month, cell) is ProblemCode.NOT_A_MONTH


@pytest.mark.parametrize("cell", ("03/66", "มี.ค. 2566", "16 มี.ค.", "30 ก.พ. 66", "16/03/2250", 44927.0, "16//03/2566"))
def test_what_is_no_day_is_refused(cell: Any) -> None:
    assert problem(values.day, cell) is ProblemCode.NOT_A_DATE


@given(day=st.dates(date(1960, 1, 1), date(2090, 12, 31)), spelling=st.integers(0, 5), in_thai_digits=st.booleans())
def test_every_day_survives_being_written_by_an_office(day: date, spelling: int, *, in_thai_digits: bool) -> None:
    year = day.year + BUDDHIST_ERA_OFFSET
    names = [name for name, number in spreadsheets.MONTHS.items() if number == day.month]
    written = [
        f"{day.day} {names[0]} {year}",
        f"{day.day} {names[1]} {year}",
        f"{day.day:02}/{day.month:02}/{year}",
        f"{day.day}/{day.month}/{day.year}",
        day.isoformat(),
        f" {day.day}\u00a0{names[0]} พ.ศ. {year}",
    ][spelling]
    assert values.day(thai(written) if in_thai_digits else written, WORDS) == day


@pytest.mark.parametrize(
    ("cell", "baht"),
    (
        (5011443.32, "5011443.32"),
        (1854073.8299999998, "1854073.83"),
        ("9,270,369.14", "9270369.14"),
        ("๒,๗๘๑,๑๑๐.๗๔", "2781110.74"),
        (" 38940.90 ", "38940.90"),
        ("0.00", "0.00"),
        ("1,250,000.00 บาท", "1250000"),
        ("1250000บาท", "1250000"),
        ("1 250 000.50", "1250000.50"),
        ("๑, ๒๕๐, ๐๐๐ บาท", "1250000"),
        ("500", "500"),
        (0.0, "0"),
        ("\u00a0594.5", "594.5"),
        (".5", "0.5"),
        (9999999999999.0, "9999999999999"),
    ),
)
def test_money_is_read_to_the_satang(cell: Any, baht: str) -> None:
    assert values.amount(cell, WORDS) == Decimal(baht)


@pytest.mark.parametrize(
    ("cell", "code"),
    (
        ("5 ล้านบาท", ProblemCode.NOT_AN_AMOUNT),
        ("538800.0000ล้านบาท", ProblemCode.NOT_AN_AMOUNT),
        ("1,25", ProblemCode.NOT_AN_AMOUNT),
        ("12,34,567", ProblemCode.NOT_AN_AMOUNT),
        ("12 34", ProblemCode.NOT_AN_AMOUNT),
        ("1  250", ProblemCode.NOT_AN_AMOUNT),
        ("1.250.000", ProblemCode.NOT_AN_AMOUNT),
        ("1.234,56", ProblemCode.NOT_AN_AMOUNT),
        ("ไม่มี", ProblemCode.NOT_AN_AMOUNT),
        (date(2023, 1, 1), ProblemCode.NOT_AN_AMOUNT),
        (True, ProblemCode.NOT_AN_AMOUNT),
        ("1.234", ProblemCode.TOO_MANY_DECIMALS),
        (0.125, ProblemCode.TOO_MANY_DECIMALS),
        ("-5", ProblemCode.NEGATIVE_AMOUNT),
        ("(1,000.00)", ProblemCode.NEGATIVE_AMOUNT),
        ("–๕", ProblemCode.NEGATIVE_AMOUNT),
        (-0.01, ProblemCode.NEGATIVE_AMOUNT),
        ("10000000000000000", ProblemCode.AMOUNT_TOO_LARGE),
        (1e16, ProblemCode.AMOUNT_TOO_LARGE),
        (float("inf"), ProblemCode.NOT_AN_AMOUNT),
        (float("nan"), ProblemCode.NOT_AN_AMOUNT),
        (1e300, ProblemCode.AMOUNT_TOO_LARGE),
    ),
)
def test_money_is_never_guessed(cell: Any, code: ProblemCode) -> None:
    assert problem(values.amount, cell) is code


@given(satang=st.integers(0, 10**15 - 1), style=st.integers(0, 3))
def test_every_amount_survives_being_written_by_an_office(satang: int, style: int) -> None:
    baht = Decimal(satang) / 100
    cell = [f"{baht:,.2f}", thai(f"{baht:,.2f}"), f" {baht:.2f} บาท", float(baht)][style]
    assert values.amount(cell, WORDS) == baht


@pytest.mark.parametrize("cell", ("", "-", "–", " - ", "—", "\u00a0", "\u200b", "--"))
@pytest.mark.parametrize(
    "convert",
    (values.text, values.amount, values.day, values.month, values.code, values.project_code, values.fiscal_year),
)
def test_a_dash_is_nothing(convert: Callable[[Any, Words], Any], cell: str) -> None:
    assert convert(cell, WORDS) is None


@pytest.mark.parametrize("cell", (2566.0, "2566", "๒๕๖๖", "66", "พ.ศ. 2566", "ปีงบประมาณ 2566", 2023.0, "2023", " ๖๖ "))
def test_a_fiscal_year_is_buddhist_era(cell: Any) -> None:
    assert values.fiscal_year(cell, WORDS) == 2566


@pytest.mark.parametrize("cell", ("256", "25666", 2566.5, "ปีนี้", date(2023, 1, 1), 2300.0, True))
def test_what_is_no_year_is_refused(cell: Any) -> None:
    assert problem(values.fiscal_year, cell) is ProblemCode.NOT_A_YEAR


@pytest.mark.parametrize(
    "cell",
    (
        "รง 0402-66-0003",
        "รง0402-66-0003",
        "รง.0402-66-0003",
        "รง. 0402-66-0003",
        "รง\u00a00402-66-0003",
        "รง 0402–66–0003",
        "รง ๐๔๐๒-๖๖-๐๐๐๓",
        " รง 0402 - 66 - 0003\u200b",
    ),
)
def test_a_project_code_has_one_form(cell: str) -> None:
    assert values.project_code(cell, WORDS) == "รง 0402-66-0003"


def test_a_project_code_may_name_a_sub_unit() -> None:
    assert values.project_code("กษ0403.31(นม)-๖๖-0001", WORDS) == "กษ 0403.31(นม)-66-0001"


@pytest.mark.parametrize("cell", ("รง 0402-66-003", "0402-66-0003", "รงง 0402-66-0003", "รง 0402/66/0003", 402.0))
def test_what_is_no_project_code_is_refused(cell: Any) -> None:
    assert problem(values.project_code, cell) is ProblemCode.NOT_A_PROJECT_CODE


def test_names_keep_quotes_and_ampersands_on_one_line() -> None:
    assert values.text(' โครงการ "คนไทย" & ครอบครัว\r\n ระยะที่ 2 ', WORDS) == 'โครงการ "คนไทย" & ครอบครัว ระยะที่ 2'


def test_longer_texts_keep_their_lines() -> None:
    assert values.lines("ข้อ 1\r\n\r\n  ข้อ 2 \n", WORDS) == "ข้อ 1\nข้อ 2"


@pytest.mark.parametrize("cell", ("อนุมัติแล้ว", " อนุมัติ แล้ว", "อนุมัติแล้ว\u200b"))
def test_a_choice_is_recognised_in_spite_of_spaces(cell: str) -> None:
    assert values.choice("submission_state", SubmissionState)(cell, WORDS) is SubmissionState.APPROVED


def test_a_choice_outside_the_list_names_the_list() -> None:
    with pytest.raises(BadValue) as caught:
        values.choice("submission_state", SubmissionState)("ตีตก", WORDS)
    assert caught.value.params["choices"] == "ฉบับร่าง, รออนุมัติ, ส่งกลับแก้ไข, อนุมัติแล้ว"


@pytest.mark.parametrize(("cell", "number"), ((1.0, 1), ("๑", 1), ("ไตรมาส 3", 3), ("ไตรมาสที่ ๔", 4), ("Q2", 2)))
def test_a_quarter_is_a_number_with_or_without_the_word(cell: Any, number: int) -> None:
    assert values.whole(1, 4)(cell, WORDS) == number


def test_a_number_outside_its_range_is_refused() -> None:
    assert problem(values.whole(1, 4), 5.0) is ProblemCode.OUT_OF_RANGE
    assert problem(values.whole(1, 4), 1.5) is ProblemCode.NOT_A_NUMBER


def test_an_area_may_be_named() -> None:
    assert values.whole(1, 6, "ns_area")("ความมั่นคง", WORDS) == 1


@pytest.mark.parametrize(
    ("cell", "quarters"),
    (("1, 2", {1, 2}), ("1-3", {1, 2, 3}), ("ไตรมาส 1 และ 4", None), (2.0, {2}), ("๒–๔", {2, 3, 4})),
)
def test_quarters_of_an_activity_are_a_list_or_a_range(cell: Any, quarters: set[int] | None) -> None:
    if quarters is None:
        assert problem(values.quarters, cell) is ProblemCode.NOT_A_NUMBER
    else:
        assert set(values.quarters(cell, WORDS) or ()) == quarters


def test_a_decomposed_sara_am_is_the_same_word() -> None:
    assert loose("ทํา") == loose("ทำ")
    assert loose("นํ้า") == loose("น้ํา") == loose("น้ำ")


@pytest.mark.parametrize("code", (*range(9), *range(14, 32), *range(127, 133), *range(134, 160)))
@pytest.mark.parametrize("around", ("ab", "กข"))
def test_control_characters_are_dropped(code: int, around: str) -> None:
    spelled = around[0] + chr(code) + around[1]
    assert clean(spelled) == values.text(spelled, WORDS) == values.code(spelled, WORDS) == around
    assert values.lines(chr(code), WORDS) is None


@pytest.mark.parametrize("code", (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
def test_characters_that_turn_the_direction_of_writing_are_dropped(code: int) -> None:
    assert values.text(f"{chr(code)}รายงาน{chr(code)}txt.exe", WORDS) == "รายงานtxt.exe"
    assert values.text(chr(code), WORDS) is None


@pytest.mark.parametrize("end", ("\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"))
def test_line_ends_of_every_program_keep_words_apart(end: str) -> None:
    assert values.lines(f"ข้อ 1{end}\tข้อ\t2{end}{end}", WORDS) == "ข้อ 1\nข้อ\t2"
    assert values.text(f"ข้อ 1{end}ข้อ 2", WORDS) == "ข้อ 1 ข้อ 2"


@pytest.mark.parametrize(
    ("convert", "code"),
    (
        (values.day, ProblemCode.NOT_A_DATE),
        (values.month, ProblemCode.NOT_A_MONTH),
        (values.fiscal_year, ProblemCode.NOT_A_YEAR),
        (values.amount, ProblemCode.NOT_AN_AMOUNT),
        (values.whole(1, 4), ProblemCode.NOT_A_NUMBER),
        (values.quarters, ProblemCode.NOT_A_NUMBER),
        (values.project_code, ProblemCode.NOT_A_PROJECT_CODE),
        (values.code, ProblemCode.TOO_LONG),
        (values.codes, ProblemCode.TOO_LONG),
    ),
)
@pytest.mark.parametrize(
    "cell",
    ("ก" + "." * 30_000 + "x", "ก" + " " * 30_000 + "x", "(" * 30_000, "1" * 5_000, "1 " * 30_000 + "x", "1-" * 30_000),
    ids=("dots", "spaces", "brackets", "digits", "numbers", "dashes"),
)
def test_what_should_be_short_is_refused_by_its_length(
    convert: Callable[[Any, Words], Any], code: ProblemCode, cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WORDS, "without_noise", None)  # the first thing that would look into the cell
    assert problem(convert, cell) is code


def test_spaces_around_do_not_count_as_length() -> None:
    assert values.amount(" " * 30_000 + "500" + " " * 30_000, WORDS) == 500


@pytest.mark.parametrize("convert", (values.text, values.lines, values.short_text(10), values.code))
@pytest.mark.parametrize("filling", (" ", "\n", " \n", "\r\n", "\t", "\u00a0", "\x00"))
def test_a_long_text_takes_time_in_proportion_to_its_length(convert: Callable[[Any, Words], Any], filling: str) -> None:
    def seconds(length: int) -> float:
        cell = f"ก{filling * length}ข"
        attempts = timeit.repeat(lambda: attempt(convert, cell), timer=time.thread_time, number=3, repeat=5)
        return min(attempts)

    assert seconds(32_000) < 200 * max(seconds(1_000), 1e-5)  # 32 times as long; a square would be 1,024


def attempt(convert: Callable[[Any, Words], Any], cell: str) -> None:
    with suppress(BadValue):
        convert(cell, WORDS)


@pytest.mark.parametrize("cell", ("1-99999999999", "0-1", "3-2", "1-5", "5", "0", "1,5", "99999999999"))
def test_quarters_outside_the_year_are_refused_before_a_range_is_built(cell: str) -> None:
    assert problem(values.quarters, f"ไตรมาส {cell}") is ProblemCode.OUT_OF_RANGE


@pytest.mark.parametrize("cell", ("²", "፩", "1-²", "٣", "1-", "-1", "1--2", "1,"))
@pytest.mark.parametrize("convert", (values.quarters, values.whole(1, 4)))
def test_digits_that_are_neither_arabic_nor_thai_are_no_numbers(
    convert: Callable[[Any, Words], Any], cell: str
) -> None:
    assert problem(convert, cell) is ProblemCode.NOT_A_NUMBER


def test_codes_and_amounts_have_arabic_or_thai_digits() -> None:
    assert problem(values.project_code, "รง 0402-٦٦-0003") is ProblemCode.NOT_A_PROJECT_CODE
    assert problem(values.amount, "٥٠٠") is ProblemCode.NOT_AN_AMOUNT
