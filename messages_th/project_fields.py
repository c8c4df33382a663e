"""What the fields of a project (M1 to M5) and of a plan are called, and their values in words (``domain.md`` §2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from domain.modules import Module
from domain.submissions import ExecutionStatus
from messages_th.formats import baht, month_range, one_line, short_date
from messages_th.refusals import field_name
from messages_th.spreadsheets import CHOICES, HEADERS
from messages_th.words import word

NOTHING = "–"
MODULE_FIELDS: Mapping[Module, Sequence[str]] = MappingProxyType(
    {
        Module.M1: ("ns_area", "ns_goal", "master_plan_no", "plan_version", "y2", "sub_plan", "y1"),
        Module.M2: (
            "name", "work_type", "programme", "uses_budget", "self_run", "contracted", "gfmis_code", "execution_status",
            "start_month", "end_month", "director_title", "director_first_name", "director_last_name", "director_email",
            "director_phone", "owner_name", "owner_email", "owner_phone",
        ),
        Module.M3: (
            "rationale", "objectives", "output_target", "outcome_target", "expected_result", "kpis", "beneficiaries",
            "area_scope", "area_detail",
        ),
        Module.M5: ("budget_total",),
    }
)  # fmt: skip
"""The fields of a project with one value, in the order of eMENSCR's forms."""
_OTHER_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "plan_version": "ฉบับของแผนแม่บท (ปี พ.ศ.)",
        "self_run": "ดำเนินการเอง",
        "contracted": "จัดจ้าง",
        "director_title": "คำนำหน้าชื่อผู้อำนวยการกอง",
        "director_first_name": "ชื่อผู้อำนวยการกอง",
        "director_last_name": "นามสกุลผู้อำนวยการกอง",
        "director_email": "อีเมลผู้อำนวยการกอง",
        "director_phone": "โทรศัพท์ผู้อำนวยการกอง",
        "director_alt_email": "อีเมลสำรองผู้อำนวยการกอง",
        "director_fax": "โทรสารผู้อำนวยการกอง",
        "kpis": "ดัชนีชี้วัด",
        "area_scope": "ขอบเขตพื้นที่",
        "latitude": "พิกัดละติจูด",
        "longitude": "พิกัดลองจิจูด",
    }
)
"""Columns that no spreadsheet has."""
_AREAS = {
    "country": "ประเทศ",
    "region": "ภูมิภาค/กลุ่มจังหวัด",
    "province": "จังหวัด",
    "district": "อำเภอ",
    "subdistrict": "ตำบล",
    "village": "หมู่บ้าน",
    "other": "อื่น ๆ",
}
_CHOSEN = {"work_type": "work_type", "ns_area": "ns_area", "master_plan_no": "master_plan_issue"}
_NUMBERED = ("ns_area", "master_plan_no")


def project_field_name(name: str) -> str:
    """Return what forms and spreadsheets call a field of a project, an agency's plan or a report.

    Raises:
        KeyError: there is no such field.
    """
    if name in _OTHER_FIELDS:
        return _OTHER_FIELDS[name]
    headers = HEADERS["projects"].get(name) or HEADERS["duties"].get(name)
    return headers[0] if headers else field_name(name)


def field_to_correct(concerns: str) -> str:
    """Return which field of a report a return points at: «ส่วนที่ขอให้แก้ไข: ผลเบิกจ่ายไตรมาส»; "" where it names none.

    Raises:
        KeyError: a report has no such field.
    """
    return f"ส่วนที่ขอให้แก้ไข: {field_name(concerns)}" if concerns else ""


def chosen(choice: str, value: object) -> str:
    """Return the proper word of a value that spreadsheets choose from a list: ``chosen("link_kind", "law")``."""
    return next((words for words, meant in CHOICES[choice].items() if meant == str(value)), NOTHING)


def field_value(name: str, value: Any) -> str:
    """Return a field's value in words, on one line; «–» for nothing."""
    if value is None or value in ("", []):
        return NOTHING
    if name in _CHOSEN:
        number = f"{value} " if name in _NUMBERED else ""
        return f"{number}{chosen(_CHOSEN[name], value)}"
    if name == "area_scope":
        return _AREAS[str(value)]
    return _plain(name, value)


def _plain(name: str, value: Any) -> str:
    match value:
        case ExecutionStatus():
            return word(value)
        case bool():
            said = ("ใช้งบประมาณ", "ไม่ใช้งบประมาณ") if name == "uses_budget" else ("ใช่", "ไม่ใช่")
            return said[0 if value else 1]
        case Decimal():
            return baht(value)
        case date():
            return month_range(value, value) if name.endswith("_month") else short_date(value)
        case list() | tuple():
            return " · ".join(one_line(str(one)) for one in value)
        case _:
            return one_line(str(value)) or NOTHING
