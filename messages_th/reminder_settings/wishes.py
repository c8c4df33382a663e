"""What somebody types about reminders: «เตือนล่วงหน้า 3 วันพอ», «ปิดแจ้งเตือนวันศุกร์», «เตือนตามกระทรวง»."""

from __future__ import annotations

import re

from domain.preferences import Wish
from messages_th.understanding.normalise import normalised

_WEEKDAYS = {"จันทร์": 1, "อังคาร": 2, "พุธ": 3, "พฤหัส": 4, "ศุกร์": 5, "เสาร์": 6, "อาทิตย์": 7}
_NUMBERS = {"หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบ": 10}
_NUMBER = rf"(?:(?<!\d)\d{{1,2}}(?!\d)|{'|'.join(_NUMBERS)})"
_NAMES = "|".join(_WEEKDAYS)
_DAYS = re.compile(rf"((?:{_NUMBER}(?: ?(?:,|และ|กับ))? ?){{1,9}})วัน(?!ที่|{_NAMES})")
_WEEKS = re.compile(rf"({_NUMBER}) ?(?:สัปดาห์|อาทิตย์)")
_WORKING_DAYS_A_WEEK = 5
_EACH_NUMBER = re.compile(_NUMBER)
_WEEKENDS = re.compile(r"สุดสัปดาห์|เสาร์|(?:วัน|กับ|และ) ?อาทิตย์|วันหยุด")
_LOUD = re.compile(r"เปิด|กลับมา|รับการแจ้งเตือนวัน")
_QUIET = re.compile(r"(?<!เ)ปิด|ไม่ต้อง|งด|หยุด|อย่า|ไม่รับ|ไม่เตือน")
_AS_MINISTRY = re.compile(r"ตาม(?:นโยบาย)?(?:ของ)?กระทรวง|ค่าเริ่มต้น|ค่าเดิม|ค่าปกติ|ตามปกติ")


def read_wish(utterance: str) -> Wish:
    """Return what the sentence wants to be different; weekdays change only where it says which way."""
    text = normalised(utterance)
    named = frozenset(number for name, number in _WEEKDAYS.items() if name in _WEEKS.sub("", text))
    silences = _QUIET.search(text) is not None
    return Wish(
        lead_days=_lead_days(text),
        as_ministry=_AS_MINISTRY.search(text) is not None,
        quiet=named if silences else frozenset(),
        loud=named if not silences and _LOUD.search(text) else frozenset(),
    )


def names_weekends(utterance: str) -> bool:
    """Tell whether the sentence speaks of days on which nobody is reminded anyway."""
    return _WEEKENDS.search(normalised(utterance)) is not None


def _lead_days(text: str) -> tuple[int, ...]:
    if (weeks := _WEEKS.search(text)) is not None:
        return (_WORKING_DAYS_A_WEEK * _number(weeks[1]),)
    if (days := _DAYS.search(text)) is not None:
        return tuple(_number(number) for number in _EACH_NUMBER.findall(days[1]))
    return ()


def _number(word: str) -> int:
    return _NUMBERS.get(word) or int(word)
