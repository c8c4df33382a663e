"""What the agencies' API answers, in Thai; its programs go by codes and field names, its people read these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from messages_th.imports import PROBLEMS, problem_text

_FAULTS: Mapping[str, str] = {
    "unknown_field": "ไม่มีช่องข้อมูลชื่อนี้ โปรดตรวจการสะกด",
    "not_an_object": "ต้องเป็นอ็อบเจกต์ JSON",
    "not_a_list": "ต้องเป็นรายการ (array) ของ JSON",
    "not_a_value": "ต้องเป็นข้อความหรือตัวเลขค่าเดียว",
    "not_a_flag": "ต้องเป็น true หรือ false",
    "not_a_coordinate": "ไม่ใช่พิกัดเป็นองศา ตัวอย่างที่ใช้ได้: 13.7563",
    "too_many_items": "มีได้ไม่เกิน {limit} รายการ",
    "unknown_activity": "โครงการนี้ไม่มีกิจกรรมชื่อนี้",
    "sub_activity_alone": (
        "เป็นกิจกรรมย่อย: {parent} > {part} โปรดส่งชื่อกิจกรรมหลักในช่อง activity และชื่อกิจกรรมย่อยในช่อง sub_activity"
    ),
    "unknown_link": "โครงการนี้ไม่มีแผนระดับ 2 ชื่อนี้",
    "code_not_free": "รหัสโครงการนี้ใช้กับหน่วยงานของท่านไม่ได้ โปรดตรวจสอบ",
    "no_draft_of_edit": "การแก้ไขโครงการเก็บเป็นร่างไม่ได้ ต้องส่งทันที",
    "nothing_to_change": "ไม่มีค่าใดต่างจากข้อมูลปัจจุบัน",
    "impossible_day": "วันที่นำเข้าระบบ eMENSCR ต้องไม่เป็นวันที่ยังมาไม่ถึง และไม่ก่อนปีงบประมาณ 2562",
    "unknown_unit": "ไม่มีหน่วยงานรหัสนี้ในหน่วยงานของกุญแจ",
    "unknown_person": "ไม่มีบุคคลรหัสนี้ในหน่วยงานของกุญแจ",
    "unknown_project": "ไม่มีโครงการรหัสนี้ในหน่วยงานของกุญแจ",
    "duplicate": "ซ้ำกับรายการก่อนหน้า",
    "not_an_agency": "ต้องเป็นรหัสของกรมหรือเทียบเท่า",
}
"""Faults that no spreadsheet has, and those that are worded for one."""

_TITLES: Mapping[str, str] = {
    "bad_json": "อ่าน JSON ไม่ได้",
    "no_idempotency_key": "ต้องมี header Idempotency-Key ยาว 1–255 ตัวอักษร (ASCII)",
    "idempotency_key_used": "Idempotency-Key นี้ใช้กับคำขออื่นไปแล้ว โปรดใช้ค่าใหม่",
    "unauthorized": "ไม่มีกุญแจ API หรือกุญแจใช้ไม่ได้แล้ว",
    "not_found": "ไม่พบรายการนี้",
    "method_not_allowed": "ที่อยู่นี้ไม่รับวิธีเรียกนี้",
    "too_large": "คำขอใหญ่เกิน 2 MB",
    "not_json": "ต้องส่งเป็น Content-Type: application/json",
    "too_many_requests": "เรียกถี่เกินไป โปรดเว้นระยะตาม Retry-After แล้วเรียกใหม่",
    "invalid": "ข้อมูลไม่ถูกต้องหรือไม่ครบถ้วน จึงไม่ได้บันทึกสิ่งใด",
    "refused": "ดำเนินการขั้นนี้ไม่ได้",
}


def fault(code: str, params: Mapping[str, Any]) -> str:
    """Return what is wrong with a value and how to put it right."""
    return _FAULTS[code].format(**params) if code in _FAULTS else problem_text(code, params)


def title(code: str) -> str:
    """Return why a request is refused as a whole; refusals of the rules share one title."""
    return _TITLES.get(code, _TITLES["refused"])


MISSING = PROBLEMS["blank"]
"""What is wrong with a field that must be filled before something is sent."""

DESCRIPTION = (
    "ส่งรายงานและข้อมูลโครงการของหน่วยงาน และดูสถานะการอนุมัติ คู่มือภาษาไทยอยู่ที่ docs/th/api.md "
    "ไตรมาสและปีเป็นปีงบประมาณ พ.ศ. วันและเวลาเป็น ISO 8601 (ค.ศ.) จำนวนเงินเป็นบาท"
)
SUMMARY: Mapping[str, str] = {
    "list": "รายการที่ส่งทั้งหมดของหน่วยงาน ทีละหน้า ใหม่สุดก่อน",
    "get": "สถานะของรายการเดียว",
    "send": "บันทึกและส่งรายการเข้าเส้นทางอนุมัติ",
    "withdraw": "ดึงรายการกลับก่อนมีผู้พิจารณา",
    "describe": "คำอธิบาย API นี้ (OpenAPI 3.1)",
    "done": "สำเร็จ",
}
