"""Sentences that ask for the form of a report: «กรอกรายงาน รง 0501-66-0003», «รายงานเลย»."""

from __future__ import annotations

import re

from messages_th.understanding.particles import without_particles
from messages_th.understanding.spans import Mark

WISH, REPORT = "wish", "report"
"""Under which name, and as what, ``Understood.extra`` tells that somebody wants to write a report."""
REPORTING = "กรอกรายงาน"
"""The words that the menu has for it."""
_FORM = r"(?:แบบ)?(?:รายงาน(?:ความก้าวหน้า)?|m6)"
_TO_WRITE = rf"(?:ขอ|จะ|อยาก(?:จะ)?)?(?:กรอก|เขียน|คีย์|ทำ|จัดทำ|แก้ไข|แก้) ?{_FORM}"
_OF_PROJECT = rf"(?: ?(?:ของ|โครงการ))* ?{Mark.CODE}"
_QUARTER = rf"(?: ?{Mark.QUARTER})?"
_REPORTING = re.compile(
    rf"(?:{_TO_WRITE}{_QUARTER}|รายงาน){_OF_PROJECT}{_QUARTER}(?: ?เลย)?"
    rf"|{_TO_WRITE}{_QUARTER}(?: ?เลย)?|รายงาน{_QUARTER} ?เลย"
)


def wishes_to_report(masked: str) -> bool:
    """Tell whether a sentence, its particulars masked, asks for the form of a report and says nothing else."""
    return _REPORTING.fullmatch(without_particles(masked)) is not None
