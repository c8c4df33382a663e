"""What people type to find a past circular, and what days it means: never ones that are still to come."""

from datetime import date

import pytest

from domain.circulars.searching import Sought
from messages_th.circulars.searching import read_sought, wanted_circular

TODAY = date(2023, 3, 20)


@pytest.mark.parametrize(
    ("words", "sought"),
    (
        ("ว ๓", Sought("ว 3")),
        ("ที่ รง ๐๒๑๔/ว ๓ ลงวันที่ 27 ม.ค. 66", Sought("รง 0214/ว 3", date(2023, 1, 27), date(2023, 1, 27))),
        ("เรื่อง ขยายเวลา", Sought("ขยายเวลา")),
        ("ขยายเวลา มกราคม 2566", Sought("ขยายเวลา", date(2023, 1, 1), date(2023, 1, 31))),
        ("เดือนกุมภาพันธ์", Sought("", date(2023, 2, 1), date(2023, 2, 28))),
        ("ธ.ค.", Sought("", date(2022, 12, 1), date(2022, 12, 31))),
        ("20 เม.ย.", Sought("", date(2022, 4, 20), date(2022, 4, 20))),
        ("1-15 ก.พ. 66", Sought("", date(2023, 2, 1), date(2023, 2, 15))),
        ("วันนี้", Sought("", TODAY, TODAY)),
        ("29 ก.พ. 66", Sought("29 ก.พ. 66")),
    ),
)
def test_words_and_days_are_told_apart(words: str, sought: Sought) -> None:
    assert read_sought(words, TODAY) == sought


def test_only_a_sentence_that_begins_so_looks_for_circulars() -> None:
    assert wanted_circular("ค้นหนังสือเวียน ว 3 ค่ะ") == "ว 3"
    assert wanted_circular("ขอค้นหาหนังสือเวียน") == ""
    assert wanted_circular("ส่งหนังสือเวียน ว 3") is None
