"""What people type about reminders is read as the change that they mean, or as none."""

import pytest

from domain.preferences import Wish
from messages_th.reminder_settings.wishes import names_weekends, read_wish

MON, WED, FRI = frozenset({1}), frozenset({3}), frozenset({5})


@pytest.mark.parametrize(
    ("sentence", "wish"),
    (
        ("เตือนล่วงหน้า 3 วันพอ", Wish(lead_days=(3,))),
        ("เตือนก่อน ๕ และ ๒ วันนะคะ", Wish(lead_days=(5, 2))),
        ("เตือนล่วงหน้า 5,2 วันทำการ", Wish(lead_days=(5, 2))),
        ("เตือนล่วงหน้าสามวัน", Wish(lead_days=(3,))),
        ("เตือนล่วงหน้า 1 สัปดาห์", Wish(lead_days=(5,))),
        ("เตือนก่อน 2 อาทิตย์ครับ", Wish(lead_days=(10,))),
        ("ปิดแจ้งเตือนวันศุกร์", Wish(quiet=FRI)),
        ("ไม่ต้องเตือนวันจันทร์กับวันพุธ", Wish(quiet=MON | WED)),
        ("ปิดแจ้งเตือนวันเสาร์อาทิตย์", Wish(quiet=frozenset({6, 7}))),
        ("เปิดแจ้งเตือนวันศุกร์", Wish(loud=FRI)),
        ("เตือน 3 วัน และงดวันศุกร์", Wish(lead_days=(3,), quiet=FRI)),
        ("เตือนตามกระทรวง", Wish(as_ministry=True)),
        ("กลับไปใช้ค่าเริ่มต้น", Wish(as_ministry=True)),
        ("ตั้งค่าการแจ้งเตือน", Wish()),
        ("เตือนวันศุกร์ที่ 3 มี.ค.", Wish()),
    ),
)
def test_a_sentence_is_the_wish_that_it_means(sentence: str, wish: Wish) -> None:
    assert read_wish(sentence) == wish


@pytest.mark.parametrize(
    ("sentence", "named"),
    (
        ("ปิดแจ้งเตือนวันเสาร์อาทิตย์", True),
        ("วันหยุดอย่าเตือน", True),
        ("ปิดแจ้งเตือนวันศุกร์", False),
        ("เตือนก่อน 2 อาทิตย์", False),
    ),
)
def test_days_without_reminders_are_noticed(sentence: str, *, named: bool) -> None:
    assert names_weekends(sentence) is named
