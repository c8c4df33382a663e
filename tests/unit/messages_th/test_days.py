"""Days and wishes about deputies, as people type them."""

from datetime import date

import pytest

from domain.organisation import Capacity
from messages_th.days import read_days
from messages_th.delegation.wishes import (
    DeputyWish,
    is_about_deputies,
    is_about_handover,
    read_deputy_wish,
    searched,
)
from messages_th.positions import acting_position

TODAY = date(2023, 3, 20)
MARCH_20, MARCH_24 = date(2023, 3, 20), date(2023, 3, 24)


@pytest.mark.parametrize(
    ("said", "days"),
    (
        ("20 มี.ค. 66", (MARCH_20, None)),
        ("๒๐ มีนาคม ๒๕๖๖ ค่ะ", (MARCH_20, None)),
        ("20/3/66", (MARCH_20, None)),
        ("24 มีค66", (MARCH_24, None)),
        ("20-24 มี.ค.", (MARCH_20, MARCH_24)),
        ("20–24/3/2566", (MARCH_20, MARCH_24)),
        ("ตั้งแต่วันที่ 20 ถึงวันที่ 24 มี.ค. 66", (MARCH_20, MARCH_24)),
        ("1 เม.ย. ถึง 3 พ.ค. 2566", (date(2023, 4, 1), date(2023, 5, 3))),
        ("28 ธ.ค. - 3 ม.ค.", (date(2023, 12, 28), date(2024, 1, 3))),
        ("19 มี.ค.", (date(2024, 3, 19), None)),
        ("พรุ่งนี้", (date(2023, 3, 21), None)),
        ("31 ก.พ. 66", None),
        ("32-33 มี.ค.", None),
        ("20 มี.ค. 66 - 31 เม.ย. 66", None),
        ("31 ธ.ค. 9999", None),
        ("31/12/2023", None),
        ("20-24 มี.ค. 666", None),
        ("เมื่อไรก็ได้", None),
    ),
)
def test_days_are_read_as_they_are_typed(said: str, days: tuple[date, date | None] | None) -> None:
    assert read_days(said, TODAY) == days


@pytest.mark.parametrize(
    ("said", "wish"),
    (
        ("ตั้งผู้รักษาราชการแทน", DeputyWish("", None, None)),
        ("ผู้รักษาราชการแทนค่ะ", DeputyWish("", None, None)),
        ("ใครรักษาการแทนอธิบดี", DeputyWish("", None, None)),
        ("มอบหมายรองอธิบดีแทน 20-24 มี.ค.", DeputyWish("รองอธิบดี", MARCH_20, MARCH_24)),
        ("ขอตั้งนางวราภรณ์รักษาราชการแทนผม วันที่ 24 มี.ค. 66", DeputyWish("นางวราภรณ์", MARCH_24, None)),
    ),
)
def test_a_sentence_about_deputies_names_whom_and_when(said: str, wish: DeputyWish) -> None:
    assert is_about_deputies(said)
    assert read_deputy_wish(said, TODAY) == wish


@pytest.mark.parametrize("said", ("อนุมัติ รง 0402-66-0003", "รายการรออนุมัติ", "ตั้งค่าการแจ้งเตือน", "โครงการของฉัน", "แทน"))
def test_other_sentences_are_about_something_else(said: str) -> None:
    assert not is_about_deputies(said)
    assert not is_about_handover(said)


def test_somebody_is_searched_for_without_how_one_addresses_them() -> None:
    assert [searched(words) for words in ("คุณสมศรี", "นาง สมศรี ค่ะ", "รองอธิบดี")] == ["สมศรี", "สมศรี", "รองอธิบดี"]


def test_both_positions_are_named_once() -> None:
    assert acting_position("รองอธิบดี", "อธิบดี", Capacity.ACTING) == "รองอธิบดี รักษาราชการแทน อธิบดี"
    assert acting_position("รองอธิบดี", "อธิบดี", Capacity.ON_BEHALF) == "รองอธิบดี ปฏิบัติราชการแทน อธิบดี"
    assert acting_position("รองอธิบดี รักษาราชการแทน อธิบดี", "อธิบดี", Capacity.ACTING).count("รักษาราชการแทน") == 1
    assert acting_position("อธิบดี", "", None) == "อธิบดี"
    assert acting_position("", "", Capacity.ACTING) == "ผู้อนุมัติ รักษาราชการแทน ผู้อนุมัติ"
