"""The audit trail in words: what was done, about what, from what to what, and by which way.

Actions, subjects and values come as the database keeps them, and entries stay for ever: what this module has no word
for any more is shown as it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from domain.fiscal import Quarter, YearBasis
from domain.organisation import Capacity
from domain.roles import Role
from domain.send_timing import SendTiming
from domain.submissions import SubmissionState
from domain.windows import Scope, Stage, WindowKind
from messages_th import formats
from messages_th.imports import KINDS as FILE_KINDS
from messages_th.project_fields import field_value, project_field_name
from messages_th.words import word

TITLE = "บันทึกการดำเนินการ"
HEADERS = (
    "วันเวลา",
    "รหัสผู้ดำเนินการ",
    "ชื่อผู้ดำเนินการ",
    "ตำแหน่ง",
    "ดำเนินการแทน (รหัส)",
    "ดำเนินการแทน (ชื่อ)",
    "ดำเนินการแทน (ตำแหน่ง)",
    "ในฐานะ",
    "การดำเนินการ",
    "เรื่อง",
    "ก่อน",
    "หลัง",
    "ช่องทาง",
    "รหัสเหตุการณ์",
)
"""Columns of the spreadsheet."""
ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "import:run": "นำเข้าข้อมูลจากไฟล์",
        "policy:set": "กำหนดนโยบายของกระทรวง",
        "person:link": "ผูกบัญชี LINE",
        "person:unlink": "ยกเลิกการผูกบัญชี LINE",
        "invite:issue": "ออกรหัสยืนยัน",
        "invite:decline": "ตอบว่ารหัสยืนยันไม่ใช่ของตน",
        "outbox:retry": "สั่งส่งข้อความที่พักไว้อีกครั้ง",
        "late_reason:give": "แจ้งเหตุผลที่ล่าช้า",
        "chase:send": "ส่งข้อความติดตามรายงาน",
        "preference:set": "ตั้งค่าการแจ้งเตือน",
        "reminder:snooze": "เลื่อนการแจ้งเตือน",
        "calendar:change": "เปลี่ยนแปลงปฏิทิน",
        "role:grant": "เพิ่มบทบาท",
        "role:change": "แก้ไขบทบาท",
        "role:revoke": "ถอนบทบาท",
        "route:add": "เพิ่มผู้อนุมัติในเส้นทางอนุมัติ",
        "route:change": "แก้ไขเส้นทางอนุมัติ",
        "route:remove": "ถอดผู้อนุมัติออกจากเส้นทางอนุมัติ",
        "submission:send": "ส่งอนุมัติ",
        "submission:withdraw": "ดึงกลับ",
        "submission:approve": "อนุมัติ",
        "submission:return": "ส่งกลับแก้ไข",
        "submission:undo": "ยกเลิกการอนุมัติ",
        "submission:reopen": "เปิดให้แก้ไขอีกครั้ง",
        "submission:reroute": "เปลี่ยนลำดับหรือหน่วยงานตามโครงสร้างใหม่",
        "submission:mirror": "แจ้งว่าบันทึกใน eMENSCR แล้ว",
        "submission:unmirror": "ยกเลิกการแจ้งว่าบันทึกใน eMENSCR แล้ว",
        "information:ask": "ขอข้อมูลเพิ่ม",
        "information:answer": "ตอบข้อมูลเพิ่ม",
        "evidence:add": "แนบหลักฐาน",
        "evidence:remove": "นำหลักฐานออก",
        "delegation:start": "มอบหมายผู้พิจารณาแทน",
        "delegation:end": "สิ้นสุดการพิจารณาแทน",
        "duty:state": "บันทึกการนำเข้าของหน่วยงาน",
        "circular:propose": "เสนอหนังสือเวียนเพื่อปล่อยส่ง",
        "circular:take_back": "นำหนังสือเวียนกลับมาแก้ไข",
        "circular:release": "ปล่อยหนังสือเวียน",
        "circular:pause": "พักการส่งหนังสือเวียน",
        "circular:resume": "ส่งหนังสือเวียนต่อ",
        "circular:cancel": "ยกเลิกการส่งหนังสือเวียน",
        "circular:resend": "ส่งหนังสือเวียนซ้ำเฉพาะที่ไม่ถึง",
        "circular:remind": "เตือนผู้ที่ยังไม่รับทราบหนังสือเวียน",
        "audience:save": "บันทึกกลุ่มผู้รับ",
        "audience:remove": "ลบกลุ่มผู้รับ",
        "api_key:issue": "ออกกุญแจ API",
        "api_key:revoke": "เพิกถอนกุญแจ API",
    }
)
"""What was done, by the trail's own name for it."""
CHANNELS: Mapping[str, str] = MappingProxyType(
    {"line": "LINE", "page": "หน้าเว็บ", "api": "API ของหน่วยงาน", "cli": "คำสั่งของผู้ดูแลระบบ", "import": "นำเข้าจากไฟล์"}
)
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "reason": "เหตุผล",
        "concerns": "ส่วนที่ขอให้แก้ไข",
        "late_reason": "เหตุผลที่ล่าช้า",
        "timing": "การส่ง",
        "question": "ข้อมูลที่ขอ",
        "answer": "คำตอบ",
        "capacity": "ฐานะ",
        "position": "ตำแหน่ง",
        "valid_from": "ตั้งแต่วันที่",
        "valid_to": "ถึงวันที่",
        "acting_for": "แทน",
        "principal": "ผู้มอบหมาย",
        "deputy": "ผู้พิจารณาแทน",
        "stage": "ขั้น",
        "approver": "ผู้อนุมัติ",
        "letter_no": "ที่หนังสือ",
        "subject": "เรื่อง",
        "recipients": "จำนวนผู้รับ",
        "unsent": "จำนวนที่ยังไม่ได้ส่ง",
        "issued_on": "ลงวันที่",
        "opens_on": "วันเปิด",
        "closes_on": "วันปิด",
        "withdrawn_on": "ยกเลิกตั้งแต่วันที่",
        "linked": "ผูกบัญชีแล้ว",
        "privacy_version": "ประกาศความเป็นส่วนตัวฉบับ",
        "consented_at": "ยินยอมเมื่อ",
        "expires_at": "ใช้ได้ถึง",
        "lead_days": "เตือนล่วงหน้า (วันทำการ)",
        "quiet_weekdays": "วันที่ไม่รับการเตือน",
        "day": "การเตือนของวันที่",
        "units": "หน่วยงาน",
        "everyone": "ทุกคน",
        "roles": "บทบาท",
        "unreported": "ที่ยังไม่รายงาน (ปีงบประมาณ, ไตรมาส)",
        "groups": "กลุ่มผู้รับ",
        "recipients_of": "ผู้รับหนังสือเวียนลำดับที่",
        "without_units": "ยกเว้นหน่วยงาน",
        "without_roles": "ยกเว้นบทบาท",
        "unit": "หน่วยงาน",
        "people": "บุคคล",
        "projects": "จำนวนโครงการ",
        "label": "ชื่อ",
        "kind": "ชนิด",
        "added": "เพิ่ม",
        "updated": "ปรับปรุง",
        "unchanged": "คงเดิม",
        "state": "สถานะ",
        "step": "ลำดับที่",
        "version": "ฉบับที่",
        "retrial": "วิธีส่ง",
        "entered_on": "วันที่นำเข้า",
        "mirrored_on": "วันที่บันทึกใน eMENSCR",
        "reference": "เลขที่อ้างอิง",
        "plan_name": "ชื่อแผน",
        "file": "ไฟล์",
        "size": "ขนาด (ไบต์)",
    }
)
_OUTBOX = {
    "due": "รอส่ง",
    "sending": "กำลังส่ง",
    "sent": "ส่งแล้ว",
    "parked": "พักไว้",
    "expired": "หมดเวลาส่ง",
    "cancelled": "ยกเลิก",
    "skipped": "ข้าม",
}
_RETRIALS = {"same_key": "ส่งซ้ำด้วยกุญแจเดิม", "fresh": "ส่งใหม่"}
_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
_NOTHING = "–"


def action_word(action: str) -> str:
    """Return what was done."""
    return ACTIONS.get(action, action)


def channel_word(channel: str) -> str:
    """Return by which way it was done."""
    return CHANNELS.get(channel, channel)


def capacity_word(capacity: Capacity | None) -> str:
    """Return in what capacity somebody acted for another; "" for one's own."""
    return word(capacity) if capacity else ""


def standing_word(state: str, step: int | None, version: int | None) -> str:
    """Return where a submission stood: «รออนุมัติ ลำดับที่ 2 (ฉบับที่ 1)»."""
    words = [_one_of(SubmissionState, state)]
    if step is not None:
        words.append(f"ลำดับที่ {step}")
    if version:
        words.append(f"(ฉบับที่ {version})")
    return " ".join(words)


def kept_text(kept: Any) -> str:
    """Return what an entry keeps as before or after, one thing a line; "" for nothing."""
    match kept:
        case None:
            return ""
        case Mapping() if all(isinstance(value, Mapping) for value in kept.values()) and "changes" not in kept:
            return "\n".join(f"{name}: {_listed(values)}" for name, values in kept.items())  # an import's files
        case Mapping():
            return "\n".join(_lines(kept))
        case _:
            return _value("", kept)


def change_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[str]:
    """Return what an edit of a project wishes, by field: «ชื่อโครงการ: เดิม → ใหม่»; without what it was if not kept."""
    return [_changed(name, before, value) for name, value in after.items()]


def subject_text(subject: str) -> str:
    """Return what an entry is about: «รายงานความก้าวหน้า ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65) รง 0301-66-0001»."""
    kind, _, rest = subject.partition(":")
    read = _SUBJECTS.get(kind)
    try:
        return read(rest) if read else subject
    except ValueError:
        return subject


def _lines(kept: Mapping[str, Any]) -> list[str]:
    rest = dict(kept)
    lines = []
    if rest.get("state") in set(SubmissionState):
        lines.append(standing_word(rest.pop("state"), rest.pop("step", None), rest.pop("version", None)))
    edited = rest.pop("changes", {})
    lines += [f"{_LABELS.get(name, name)}: {_value(name, value)}" for name, value in rest.items()]
    return lines + [f"{_field(name)}: {field_value(name, value)}" for name, value in edited.items()]


def _listed(values: Mapping[str, Any]) -> str:
    return " ".join(f"{_LABELS.get(name, name)} {_value(name, value)}" for name, value in values.items())


def _changed(name: str, before: Mapping[str, Any], value: Any) -> str:
    old = f"{field_value(name, before[name])} → " if name in before else ""
    return f"{_field(name)}: {old}{field_value(name, value)}"


def _field(name: str) -> str:
    try:
        return project_field_name(name)
    except KeyError:
        return name


def _value(name: str, value: Any) -> str:
    match value:
        case None | "" | []:
            return _NOTHING
        case bool():
            return "ใช่" if value else "ไม่ใช่"
        case int():
            return formats.count(value)
        case list():
            return ", ".join(_LISTED.get(name, str)(one) for one in value)
        case str() if name in _VALUES:
            return _VALUES[name](value)
        case _:
            return str(value)


def _one_of(kind: type[StrEnum], value: str) -> str:
    return word(kind(value)) if value in set(kind) else value


def _role_word(value: str) -> str:
    return _one_of(Role, value)


def _day(value: str) -> str:
    return formats.short_date(date.fromisoformat(value))


def _moment(value: str) -> str:
    return formats.date_and_time(datetime.fromisoformat(value))


_DAYS = (
    "valid_from",
    "valid_to",
    "issued_on",
    "opens_on",
    "closes_on",
    "withdrawn_on",
    "day",
    "entered_on",
    "mirrored_on",
)
_LISTED: Mapping[str, Callable[[Any], str]] = {
    "quiet_weekdays": lambda number: _WEEKDAYS[number - 1],
    "roles": _role_word,
    "without_roles": _role_word,
}
_VALUES: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(_DAYS, _day),
    **dict.fromkeys(("consented_at", "expires_at"), _moment),
    "concerns": _field,
    "timing": lambda value: _one_of(SendTiming, value),
    "capacity": lambda value: _one_of(Capacity, value),
    "stage": lambda value: _one_of(Stage, value),
    "state": lambda value: _OUTBOX.get(value, value),
    "retrial": lambda value: _RETRIALS.get(value, value),
    "kind": lambda value: FILE_KINDS.get(value, value),
}


def _report(rest: str) -> str:
    code, _, period = rest.rpartition(":")
    number, _, fiscal_year = period.partition("/")
    quarter = formats.quarter_text(Quarter(int(fiscal_year), int(number)), YearBasis.FISCAL)
    return " ".join(filter(None, (word(WindowKind.QUARTER_REPORT), quarter, code)))


def _plan(rest: str) -> str:
    unit, kind, year, name = rest.split(":", 3)
    period = formats.fiscal_year_text(int(year), YearBasis.FISCAL)
    return " ".join(filter(None, (_one_of(WindowKind, kind), period, formats.one_line(name), f"หน่วยงาน {unit}")))


def _calendar(rest: str) -> str:
    kind, year, quarter, stage, scope, unit = rest.split(":", 5)
    number = f"ไตรมาส/รอบ {quarter}" if quarter not in ("0", "None") else ""
    period = formats.fiscal_year_text(int(year), YearBasis.FISCAL)
    place = f"{_one_of(Scope, scope)} {unit}".rstrip()
    return " ".join(filter(None, ("ปฏิทิน", _one_of(WindowKind, kind), period, number, _one_of(Stage, stage), place)))


def _role(rest: str) -> str:
    person, unit, role = rest.split(":", 2)
    return f"บทบาท {_one_of(Role, role)} ของบุคคล {person} หน่วยงาน {unit}"


def _route(rest: str) -> str:
    unit, order, approver = rest.split(":", 2)
    return f"เส้นทางอนุมัติของ {unit} ลำดับที่ {order} ผู้อนุมัติ {approver}"


def _delegation(rest: str) -> str:
    principal, deputy = rest.split(":", 1)
    return f"บุคคล {deputy} แทน {principal}"


def _policy(rest: str) -> str:
    ministry, name = rest.split(":", 1)
    return f"นโยบาย {name} ของ {ministry}"


_SUBJECTS: Mapping[str, Callable[[str], str]] = {
    "report": _report,
    "entry": lambda code: f"ข้อมูลโครงการ {code}",
    "edit": lambda code: f"การแก้ไขข้อมูลโครงการ {code}",
    "plan": _plan,
    "person": lambda code: f"บุคคล {code}",
    "role": _role,
    "route": _route,
    "calendar": _calendar,
    "delegation": _delegation,
    "policy": _policy,
    "outbox": lambda number: f"ข้อความเลขที่ {number}",
    "circular": lambda number: f"หนังสือเวียนลำดับที่ {number} ในระบบ",
    "audience": lambda name: f"กลุ่มผู้รับ {name}",
    "api_key": lambda number: f"กุญแจ API เลขที่ {number}",
    "import": lambda _: "ข้อมูลทั้งหมดในไฟล์ที่นำเข้า",
}
