"""Sentences that lean on the last answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from messages_th.understanding.agencies import AgencyNames
from messages_th.understanding.intents import NOTHING_SAID, Slots
from messages_th.understanding.normalise import lowered, normalised
from messages_th.understanding.particles import without_particles
from messages_th.understanding.particulars import particulars


@dataclass(frozen=True, slots=True)
class NextPage:
    """«หน้าถัดไป»."""


@dataclass(frozen=True, slots=True)
class PreviousPage:
    """«หน้าก่อน»."""


@dataclass(frozen=True, slots=True)
class Pick:
    """«อันแรก», «ข้อ 3»: a row of the list, from 1; -1 is the last."""

    number: int

    def of(self, shown: Sequence[str]) -> str | None:
        """Return what is meant of what was shown; None: so many rows there were not."""
        index = self.number - 1 if self.number > 0 else self.number
        return shown[index] if -len(shown) <= index < len(shown) else None


@dataclass(frozen=True, slots=True)
class Amend:
    """«แล้วของ กกจ. ล่ะ»: the same question with other particulars."""

    slots: Slots


FollowUp = NextPage | PreviousPage | Pick | Amend


_ASKED_POLITELY = r"(?:ขอ|ช่วย|เอา|อยาก)? ?(?:ดู|เปิด|เลือก|ไป|เอา|แสดง)? ?"
_NEXT = re.compile(
    rf"{_ASKED_POLITELY}(?:หน้า ?(?:ถัดไป|ต่อไป|ต่อ|หน้า)|ถัดไป|ต่อ(?:ไป|เลย)?|ดูต่อ|เพิ่ม(?:เติม|อีก)?|อีก"
    rf"|ที่เหลือ|มีอีกไหม|มีอีกมั้ย|next(?: page)?|more)"
)
_PREVIOUS = re.compile(
    rf"{_ASKED_POLITELY}(?:หน้า ?(?:ก่อน(?:หน้า)?(?:นี้)?|ที่แล้ว|เดิม)|ก่อนหน้า(?:นี้)?|ย้อน(?:กลับ|ไป)?"
    rf"|กลับ(?:ไป)?(?:หน้า ?(?:ก่อน(?:หน้า)?|ที่แล้ว|เดิม))?|back|prev(?:ious)?(?: page)?)"
)
_ORDINALS = ("แรก", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า", "สิบ")
_ROW = re.compile(
    rf"{_ASKED_POLITELY}(?:(?:อัน|ข้อ|ลำดับ|รายการ|เรื่อง|โครงการ|เบอร์|หมายเลข|ตัว|แถว|no\.?|#) ?(?:ที่)? ?"
    rf"(?P<said>\d{{1,3}}|แรก|หนึ่ง|{'|'.join(_ORDINALS[1:])}|สุดท้าย|ท้ายสุด|ล่าสุด)|(?P<bare>\d{{1,2}}))(?:สุด)?"
)
_AROUND = re.compile(
    r"(?:แล้ว|ถ้า|เอา|ของ|ขอ|อยาก|ช่วย|ดู|เฉพาะ|ส่วน|ล่ะ|หละ|ละ|ด้วย|บ้าง|เป็น ?(?:ยังไง|อย่างไร|ไง)|เป็น|ว่าไง"
    r"|ยังไง|เปลี่ยน|ที่|ใน|กับ|ปี|มี"
    r"|ไหม|มั้ย|หน่อย|งั้น|แต่|ฝั่ง|ทาง|หน่วยงาน|(?:what|how) about|[?.,!])"
)


def read_follow_up(utterance: str, names: AgencyNames) -> FollowUp | None:
    """Return what the sentence asks of the last answer; None: it stands by itself."""
    text = without_particles(lowered(normalised(utterance)))
    if _NEXT.fullmatch(text):
        return NextPage()
    if _PREVIOUS.fullmatch(text):
        return PreviousPage()
    if (row := _ROW.fullmatch(text)) is not None:
        return _pick(row["said"] or row["bare"])
    found = particulars(text, names)
    slots = found.slots(status=None)
    rest = found.sentence.masked()
    if slots == NOTHING_SAID or slots.project_code or slots.project_query:
        return None
    for span in found.sentence.spans:
        rest = rest.replace(span.mark, " ")
    return None if _AROUND.sub("", rest).strip() else Amend(slots)


def _pick(said: str) -> Pick | None:
    if said in ("สุดท้าย", "ท้ายสุด", "ล่าสุด"):
        return Pick(-1)
    if said == "หนึ่ง":
        return Pick(1)
    number = _ORDINALS.index(said) + 1 if said in _ORDINALS else int(said)
    return Pick(number) if number else None
