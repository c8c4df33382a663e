"""When a circular is to be sent, as people type it: «พรุ่งนี้ 9 โมง», «24 มี.ค. 66 เวลา 13.30 น.», «เช้าวันทำการถัดไป»."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from domain.policy import DEFAULT_POLICY
from domain.reminders import BANGKOK
from domain.workdays import WorkingCalendar
from messages_th.days import find_day
from messages_th.formats import arabic_digits

MORNING = DEFAULT_POLICY.send_from
_AT_ONCE = re.compile(r"ทันที|เลย|เดี๋ยวนี้|ตอนนี้")
_NEXT_MORNING = re.compile(r"(?:ใน)?เช้า(?:ของ)?วันทำการ(?:ถัดไป|หน้า)|วันทำการ(?:ถัดไป|หน้า)")
_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัส(?:บดี)?", "ศุกร์", "เสาร์", "อาทิตย์")
_WEEKDAY = re.compile(rf"วัน(?:{'|'.join(f'(?P<w{number}>{name})' for number, name in enumerate(_WEEKDAYS))})(?:นี้|หน้า)?")
_BETWEEN = re.compile(rf"(?: |,|วันที่|วัน(?:{'|'.join(_WEEKDAYS)})ที่ ?(?=\d)|เวลา|ตอน(?=เช้า|บ่าย|เที่ยง| ?\d)|ใน)*")
_HOURS: Mapping[str, int] = MappingProxyType(
    {
        **{str(hour): hour for hour in range(24)},
        **{f"0{hour}": hour for hour in range(10)},
        "หนึ่ง": 1,
        "สอง": 2,
        "สาม": 3,
        "สี่": 4,
        "ห้า": 5,
        "หก": 6,
        "เจ็ด": 7,
        "แปด": 8,
        "เก้า": 9,
        "สิบเอ็ด": 11,
        "สิบ": 10,
    }
)
_SPELLED = "|".join(name for name in _HOURS if not name.isdecimal())
_TIME = re.compile(
    rf"(?P<hour>[01]?\d|2[0-3])[.:](?P<minute>[0-5]\d)(?![\d.:/]) ?(?:น\.?(?![ก-๎]))?"
    rf"|(?P<sharp>[01]?\d|2[0-3]) ?(?:น\.|นาฬิกา)"
    rf"|บ่าย ?(?P<afternoon>[1-6]|{_SPELLED})? ?(?:โมง)?(?P<half>ครึ่ง)?"
    rf"|(?P<clock>\d{{1,2}}|{_SPELLED}) ?โมง ?(?P<part>เช้า|เย็น)?(?P<half_past>ครึ่ง)?"
    rf"|(?P<noon>เที่ยง)|(?P<morning>เช้า)"
)
_EVENING = range(1, 7)


@dataclass(frozen=True, slots=True)
class Sending:
    """When it is to be sent (Bangkok; None: at once), and where in the text that ends."""

    at: datetime | None
    end: int


def next_working_morning(now: datetime, calendar: WorkingCalendar) -> datetime:
    """Return 08.30 of the next working day after today (Bangkok)."""
    tomorrow = now.astimezone(BANGKOK).date() + timedelta(days=1)
    return datetime.combine(calendar.on_or_after(tomorrow), MORNING, BANGKOK)


def read_sending(text: str, now: datetime, calendar: WorkingCalendar, start: int = 0) -> Sending | None:
    """Return when something is to be sent by the words that stand at ``start``; None: they do not say.

    A day alone means its morning, an hour alone the next such hour. The text has single plain spaces.
    """
    at = _past(_BETWEEN, text, start)
    if (once := _AT_ONCE.match(text, at)) is not None:
        return Sending(None, once.end())
    if (morning := _NEXT_MORNING.match(text, at)) is not None:
        return Sending(next_working_morning(now, calendar), morning.end())
    return _picked(text, at, now.astimezone(BANGKOK))


def _picked(text: str, at: int, now: datetime) -> Sending | None:
    day, hour, end = None, None, at
    for _ in range(2):  # the hour may stand before the day
        if hour is None and (found := _TIME.match(arabic_digits(text), at)) is not None:
            hour, end = _time(found), found.end()
        elif day is None and (named := _day(text, at, now.date())) is not None:
            day, end = named
        else:
            break
        at = _past(_BETWEEN, text, end)
    if day is None and hour is None:
        return None
    if day is None:
        moment = datetime.combine(now.date(), hour or MORNING, BANGKOK)
        return Sending(moment if moment > now else moment + timedelta(days=1), end)
    return Sending(datetime.combine(day, hour or MORNING, BANGKOK), end)


def _day(text: str, at: int, today: date) -> tuple[date, int] | None:
    weekday = _WEEKDAY.match(text, at)
    if weekday is not None:
        number = next(number for number in range(len(_WEEKDAYS)) if weekday[f"w{number}"])
        return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1), weekday.end()
    found = find_day(text[at : at + 40], today)
    return (found.day, at + found.end) if found and found.day and found.start == 0 else None


def _time(found: re.Match[str]) -> time | None:
    """Return the hour of the day that was written; None: there is no such hour."""
    if found["noon"]:
        return time(12)
    if found["morning"]:
        return MORNING
    half = 30 if found["half"] or found["half_past"] else 0
    if found["clock"]:
        hour = _HOURS.get(found["clock"], 24)
        evening = found["part"] == "เย็น" and hour in _EVENING
        return time(hour + 12 * evening, half) if hour + 12 * evening < 24 else None
    if found["hour"]:
        return time(int(found["hour"]), int(found["minute"]))
    if found["sharp"]:
        return time(int(found["sharp"]))
    return time(12 + _HOURS[found["afternoon"] or "1"], half)


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
