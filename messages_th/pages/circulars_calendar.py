"""Rows of the calendar in the form of a circular: what their cells are called, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from domain.circulars.life import CircularRefusal
from domain.windows import WindowKind
from messages_th.circulars.refusals import circular_refusal_words

WITH_ROUND = frozenset({WindowKind.QUARTER_REPORT, WindowKind.MIDYEAR_ENTRY})
CELLS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "เรื่อง",
        "fiscal_year": "ปีงบประมาณ",
        "quarter": "ไตรมาสหรือรอบ",
        "stage": "ขั้น",
        "unit": "ใช้กับ",
        "opens_on": "วันเปิด (เว้นว่าง: เปิดอยู่แล้ว)",
        "closes_on": "วันสุดท้าย",
    }
)
COUNTRY = "ทั่วประเทศ"
TOO_MANY = "มีแถวมากเกินไป โปรดแยกเป็นหนังสือหลายฉบับ หรือนำเข้าปฏิทินจากไฟล์"
YEAR_NEEDED = "โปรดระบุปีงบประมาณ พ.ศ. เช่น 2566"
ROUND_NEEDED = "โปรดระบุไตรมาสหรือรอบ 1 ถึง 4"
ROUND_UNWANTED = "เรื่องนี้ไม่มีไตรมาสหรือรอบ โปรดเว้นว่าง"
LAST_DAY_NEEDED = "โปรดระบุวันสุดท้าย เช่น 25 เม.ย. 66"
ENDS_BEFORE_START = "วันสุดท้ายต้องไม่มาก่อนวันเปิด"


def refused(refusal: CircularRefusal) -> str:
    """Return why rows cannot be what they are together."""
    return circular_refusal_words(refusal)


def in_row(position: int, name: str, why: str) -> str:
    """Return what is wrong in a cell of a row (counted from 1)."""
    return f"แถวที่ {position} {CELLS[name]}: {why}"
