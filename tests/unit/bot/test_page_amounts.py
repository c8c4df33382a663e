"""Amounts as officers type them into the form of a report."""

import pytest

from bot.pages.cells import Unreadable, read_cell
from storage.imports.values import amount


@pytest.mark.parametrize(
    ("typed", "baht"),
    (
        ("1250000", "1250000.00"),
        ("1,250,000.00", "1250000.00"),
        (" ๑,๒๕๐,๐๐๐.๕๐ บาท ", "1250000.50"),
        ("1 250 000", "1250000.00"),
        ("0", "0.00"),
        (".5", "0.50"),
        ("฿500", "500.00"),
    ),
)
def test_an_amount_is_read_as_people_type_it(typed: str, baht: str) -> None:
    assert str(read_cell(typed, amount)) == baht


@pytest.mark.parametrize("typed", ("", "  ", "-", "–", "\u200b"))
def test_blanks_and_dashes_are_no_amount_and_no_error(typed: str) -> None:
    assert read_cell(typed, amount) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    (
        ("ห้าร้อย", "ไม่ใช่จำนวนเงินเป็นบาท"),
        ("1.25 ล้านบาท", "ไม่ใส่หน่วยล้านบาท"),
        ("1.250.000", "ไม่ใช่จำนวนเงินเป็นบาท"),
        ("=1+1", "ไม่ใช่จำนวนเงินเป็นบาท"),
        ("<script>", "ไม่ใช่จำนวนเงินเป็นบาท"),
        ("9" * 20_000, "ไม่ใช่จำนวนเงินเป็นบาท"),
        ("-500", "ต้องไม่ติดลบ"),
        ("12.345", "ทศนิยมเกินสองตำแหน่ง"),
        ("1" + "0" * 16, "สูงเกินกว่าที่เป็นไปได้"),
    ),
)
def test_what_is_no_amount_is_told_in_thai(typed: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_cell(typed, amount)
