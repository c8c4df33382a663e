"""What else a sentence says: reasons, days, weekdays. No slot, but what a card to confirm is filled with."""

from __future__ import annotations

import re

from messages_th.understanding.intents import Intent
from messages_th.understanding.particles import without_particles
from messages_th.understanding.particulars import Particulars
from messages_th.understanding.spans import Mark

_VERB = re.compile(
    r"(?:ขอ|ให้|ยัง)?(?:ส่งกลับ(?:ไป)?(?:แก้ไข|แก้)?|ตีกลับ|ส่งคืน(?:แก้ไข)?|ตีคืน|คืนเรื่อง|คืน|ไม่(?:ให้)?ผ่าน|ไม่อนุมัติ|ไม่เห็นชอบ|return|reject)"
    r"(?:โครงการ|เรื่อง|รายงาน|นี้)*(?: ?(?:นะ|ครับ|ค่ะ|คะ|คับ)(?![ก-๎]))*"
)
_ALL = re.compile(r"ทั้งหมด|ทุกเรื่อง|ทุกรายการ|ทุกโครงการ|ทุกฉบับ|\ball\b")
_DAYS = re.compile(r"(\d{1,2}|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด) ?วัน")
_SPELLED = {"หนึ่ง": "1", "สอง": "2", "สาม": "3", "สี่": "4", "ห้า": "5", "หก": "6", "เจ็ด": "7"}
_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัส", "ศุกร์", "เสาร์", "อาทิตย์")


def extras(intent: Intent | None, found: Particulars) -> dict[str, str]:
    """Return what is said beside the slots: ``letter_no``, ``year`` (relative), ``reason``, ``days``, ``weekdays``.

    ``all``: everything that waits is meant. ``days`` is a number of days, ``weekdays`` numbers from 1 for Monday, with
    commas.
    """
    text = found.sentence.open
    said: dict[str, str | None] = {"letter_no": found.letter_no}
    if found.relative_year is not None:
        said["year"] = found.relative_year.value
    if intent is Intent.APPROVE:
        said["all"] = "all" if _ALL.search(text) else None
    if intent is Intent.RETURN:
        said["reason"] = _reason(found)
    if intent is Intent.SETTINGS_REMINDERS:
        days = _DAYS.search(text)
        said["days"] = _SPELLED.get(days[1], days[1]) if days else None
        said["weekdays"] = ",".join(str(number) for number, name in enumerate(_WEEKDAYS, start=1) if name in text)
    return {name: value for name, value in said.items() if value}


def _reason(found: Particulars) -> str | None:
    """Return what follows the verb and what it is done to, as it was written."""
    verb = _VERB.search(found.sentence.open)
    ends = [span.end for span in found.sentence.spans if span.mark in (Mark.CODE, Mark.NAME)]
    start = max([*ends, verb.end() if verb else 0])
    reason = without_particles(found.sentence.text[start:]).strip(" :,-")
    return re.sub(r"^(?:เพราะว่า|เพราะ|เนื่องจาก|เหตุผล(?:คือ)?:?) ?", "", reason) or None
