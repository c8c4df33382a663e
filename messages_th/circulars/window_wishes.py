"""Dates that a letter sets, as they are typed: «ขยายเวลารายงานไตรมาส 2 ขั้นหน่วยงานถึง 25 เม.ย. 66»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.windows import Stage, WindowKind
from messages_th.days import read_days
from messages_th.deadlines import matter_of
from messages_th.understanding.agencies import AgencyNames
from messages_th.understanding.intents import Slots
from messages_th.understanding.normalise import normalised
from messages_th.understanding.particulars import particulars

_BEGINS = re.compile(
    r"(?:ขยาย|เลื่อน|เปลี่ยน(?:แปลง)?|ปรับ)(?:ระยะ)?(?:เวลา|กำหนด|วัน|ช่วง|ปฏิทิน|ครบกำหนด)|กำหนด(?:เวลา|ส่ง)?ใหม่|ขยายให้|เลื่อนให้|ต่อเวลา"
)
_FORMER = re.compile(r"(?:จาก)?(?:กำหนด)?เดิม.*?(?=เป็น|ใหม่)|จาก(?:วัน).*?(?=เป็น|ไปเป็น)")
_STAGES = (
    (Stage.ALL, r"(?:ทั้งสอง|ทั้ง ?2|ทุก) ?(?:ขั้น|ระดับ|ชั้น)"),
    (Stage.AGENCY, r"(?:ขั้น|ระดับ|ชั้น)(?:ของ)? ?(?:หน่วยงาน|กรม|ผู้บริหารหน่วยงาน|อธิบดี)"),
    (
        Stage.UPPER,
        r"(?:ขั้น|ระดับ|ชั้น)(?:ของ)? ?(?:กระทรวง|ปลัด(?:กระทรวง)?|ปรง\.?|หัวหน้ากลุ่มภารกิจ)|หัวหน้ากลุ่มภารกิจ|ปลัดกระทรวง",
    ),
)
_STAGE = re.compile("|".join(f"(?P<{stage}>{words})" for stage, words in _STAGES))
_LATER_LETTER_DAY = re.compile(r"(?:รับทราบ|ลง ?วันที่|ลว\.).*")
_REPORTS = (WindowKind.QUARTER_REPORT,)


@dataclass(frozen=True, slots=True)
class WindowWish:
    """Dates that somebody wants a letter to set.

    ``days`` are the first day (None: as it is) and the last one of a stage, None: no stage was named. ``slots`` hold
    the quarter as the speaker or the agency that is named there labels it; ``said`` is the sentence.
    """

    said: str
    kinds: Sequence[WindowKind]
    slots: Slots
    days: Mapping[Stage | None, tuple[date | None, date]]


def read_window_wish(typed: str, names: AgencyNames, today: date) -> WindowWish | None:
    """Return which dates somebody wants a letter to set; None: the words set none."""
    said = normalised(typed)
    begins = _BEGINS.search(said)
    if begins is None:
        return None
    found = particulars(said[begins.start() :], names)
    words = _LATER_LETTER_DAY.sub("", _FORMER.sub("", found.sentence.open))
    days = dict(_days(words, today))
    if not days:
        return None
    return WindowWish(said, matter_of(words).kinds or _REPORTS, found.slots(None), days)


def _days(words: str, today: date) -> Iterator[tuple[Stage | None, tuple[date | None, date]]]:
    """Yield the days that follow the name of each stage, or all there are."""
    stages = list(_STAGE.finditer(words))
    ends = [*(stage.start() for stage in stages[1:]), len(words)]
    for stage, end in zip(stages, ends, strict=False):
        if (found := read_days(words[stage.end() : end], today)) is not None:
            yield Stage(stage.lastgroup or Stage.ALL), _first_and_last(found)
    if not stages and (found := read_days(words, today)) is not None:
        yield None, _first_and_last(found)


def _first_and_last(days: tuple[date, date | None]) -> tuple[date | None, date]:
    first, last = days
    return (None, first) if last is None else (first, last)
