"""What the form of a quarterly report says: labels, hints, figures, and what became of edits (``domain.md`` §2).

Names of people, reasons and texts come in as they were written; the templates escape them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from domain.errors import Refusal
from domain.fiscal import Quarter, YearBasis
from domain.report_fields import MOST_CHARACTERS, FieldKey, Value
from domain.spending import Carried, Spending
from domain.submissions import DutyState, SubmissionState
from messages_th import formats
from messages_th.baht_words import baht_in_words
from messages_th.carried_over import CARRIED_OVER, carried_over, plan_version
from messages_th.lengths import cut
from messages_th.project_fields import chosen, field_value, project_field_name
from messages_th.refusals import field_name, refusal_words
from messages_th.words import word

_LISTED_LENGTH = 60
"""Grapheme clusters of a name in the checklist; the field itself has all of it."""
NONE = "ไม่มี"
"""The answer that counts where there is nothing to tell (``domain.md`` §2)."""
SAVED = "บันทึกแล้ว"
NONE_FOR = ("problems", "recommendations")
TOO_LONG = f"ข้อความยาวเกิน {MOST_CHARACTERS:,} ตัวอักษร จึงยังไม่ได้บันทึกช่องนี้ โปรดสรุปให้สั้นลง"
GONE = "ช่องนี้ไม่อยู่ในแบบรายงานแล้วเพราะข้อมูลโครงการเปลี่ยนไป จึงยังไม่ได้บันทึก โปรดคัดลอกข้อความไว้แล้วเปิดหน้านี้ใหม่"
NOT_WRITABLE = "รายงานนี้ส่งอนุมัติหรืออนุมัติแล้ว จึงแก้ไขไม่ได้ โปรดเปิดหน้านี้ใหม่เพื่อดูสถานะล่าสุด"
NOT_FILLED = "ไม่ได้กรอก"
NOT_ALL_SAVED = "บางช่องยังไม่ได้บันทึก โปรดตรวจสอบช่องที่มีข้อความแจ้ง"
COMPLETE = "กรอกครบทุกช่องแล้ว"
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "output_progress": "ความคืบหน้าผลผลิต",
        "outcome_progress": "ความคืบหน้าผลลัพธ์",
        "kpi_progress": "ความคืบหน้าตัวชี้วัด",
        "level1_progress": "ความคืบหน้าต่อแผนระดับ 1",
        "disbursed_baht": "ผลเบิกจ่ายไตรมาสนี้ (บาท)",
        "carried_disbursed_baht": f"เบิกจ่าย{CARRIED_OVER}ในไตรมาสนี้ (บาท) ถ้ามี",
    }
)
_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "disbursed_baht": "เฉพาะไตรมาสนี้ ไม่ใช่ยอดสะสม หากไม่มีการเบิกจ่าย ให้กรอก 0",
        "carried_disbursed_baht": "แยกจากเงินงบประมาณของปีนี้ และไม่นับเทียบกับแผนของปี",
        "underspend_reason": "โปรดระบุเพราะผลเบิกจ่ายต่ำกว่าแผนของไตรมาสนี้",
    }
)
_PROMISED: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "output_progress": ("output_target",),
        "outcome_progress": ("outcome_target", "expected_result"),
        "kpi_progress": ("kpis",),
        "level1_progress": ("ns_area", "ns_goal", "master_plan_no", "y2", "sub_plan", "y1"),
        "summary": ("objectives", "beneficiaries"),
    }
)


def label(key: FieldKey, about: str = "") -> str:
    """Return what the form calls a field; ``about`` names the activity or plan that it belongs to."""
    return formats.one_line(about) or _LABELS.get(key.name) or field_name(key.name)


def missing_label(key: FieldKey, about: str = "") -> str:
    """Return what the checklist calls a field."""
    return f"{field_name(key.name)}: {cut(formats.one_line(about), _LISTED_LENGTH)}" if about else label(key)


def hint(key: FieldKey) -> str:
    """Return how to fill a field; "" where it needs no word."""
    return _HINTS.get(key.name, "")


def promised(key: FieldKey, said: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return what the project promised, of M1 and M3 (``said``, by column), beside the field that tells of it."""
    return [
        (project_field_name(name), field_value(name, said[name])) for name in _PROMISED.get(key.name, ()) if said[name]
    ]


def link_name(kind: str, name: str) -> str:
    """Return a plan of level 2 with what it is, unless its name begins with just that."""
    what, called = chosen("link_kind", kind), formats.one_line(name)
    return called if called.startswith(what) else f"{what}: {called}"


def shown(value: Value) -> str:
    """Return a field's value as the form writes it: an amount as «1,250,000.00», nothing as ""."""
    return f"{value:,.2f}" if isinstance(value, Decimal) else value or ""


def state(now: SubmissionState | None) -> str:
    """Return how the report stands."""
    return word(DutyState.MISSING) if now is None else word(now)


def deadline(closes_on: date | None, days_left: int, working_days_left: int) -> str:
    """Return how long the window that binds the report is open; nothing binds what has no window."""
    if closes_on is None:
        return "ยังไม่กำหนดช่วงรายงาน"
    return formats.dated_deadline(closes_on, days_left, working_days_left)


def cannot_be_sent(refusal: Refusal | None, opens_on: date | None) -> str:
    """Return why the report cannot be sent today, whatever it says; "" when it can."""
    match refusal:
        case None:
            return ""
        case Refusal.NOT_OPEN_YET if opens_on is not None:
            return f"กรอกและบันทึกไว้ก่อนได้ เปิดให้ส่งวันที่ {formats.short_date(opens_on)}"
        case Refusal.LATE_REASON_NEEDED:
            return "พ้นกำหนดส่งแล้ว แต่ยังส่งได้โดยระบุเหตุผลในขั้นตรวจทานก่อนส่ง"
        case _:
            return refusal_words(refusal)


def progress(done: int, total: int) -> str:
    """Return how much of what is asked for is filled."""
    return COMPLETE if done == total else f"กรอกแล้ว {formats.count(done)} จาก {formats.count(total)}"


def saved(at: datetime) -> str:
    """Return when the draft was saved."""
    return f"{SAVED} เวลา {formats.clock_time(at)}"


def clock(at: datetime) -> str:
    """Return the time of day in Bangkok without its unit: «14.05»."""
    return formats.clock_time(at).removesuffix(" น.")


def others(names: Collection[str]) -> str:
    """Return who else has the form open; "" when nobody has."""
    if not names:
        return ""
    return f"{' และ '.join(map(formats.one_line, names))} เปิดแบบรายงานนี้อยู่ด้วย ระบบจะไม่บันทึกทับข้อความของกัน"


def brought_over(quarter: Quarter | None, basis: YearBasis) -> str:
    """Return the mark of a text that is still that of the report before."""
    before = formats.quarter_name(quarter, basis) if quarter else "ไตรมาสก่อน"
    return f"ข้อความจาก{before} ยังไม่ได้แก้ไข"


def written_by(name: str, at: datetime) -> str:
    """Return the mark of a text that somebody else wrote."""
    return f"{formats.one_line(name)} แก้ไขเมื่อ {formats.date_and_time(at)}"


def whose(name: str, at: datetime | None) -> str:
    """Return above the other text of a conflict whose it is."""
    by = formats.one_line(name) or "ระบบอื่นของหน่วยงาน"
    return f"ข้อความของ{by}" + (f" เวลา {formats.clock_time(at)}" if at else "")


def returned(position: str, at: datetime) -> str:
    """Return who sent the report back, and when."""
    return f"{word(SubmissionState.RETURNED)}โดย {position} เมื่อ {formats.date_and_time(at)}"


def money_lines(own: Spending, to_date: Spending, dated_on: date | None, carried: Carried | None) -> Mapping[str, str]:
    """Return the amount in words, plan, difference, the year so far and money carried over, "" where there is none."""
    version = f" ({plan_version(dated_on)})" if dated_on else ""
    plan = "ยังไม่มีแผนการใช้จ่ายของไตรมาสนี้" if own.planned is None else f"แผนไตรมาสนี้ {formats.baht(own.planned)}{version}"
    return {
        "words": "" if own.disbursed is None else f"({baht_in_words(own.disbursed)})",
        "plan": plan,
        "difference": _difference(own),
        "year": _year_so_far(to_date),
        "carried": f"{CARRIED_OVER}: {carried_over(carried)}" if carried else "",
    }


def _difference(own: Spending) -> str:
    if own.disbursed is None or own.planned is None:
        return ""
    share = "" if own.percent is None else f" (ร้อยละ {own.percent:,.2f} ของแผน)"
    gap = own.disbursed - own.planned
    if not gap:
        return f"เบิกจ่ายเท่ากับแผน{share}"
    return f"{'สูงกว่า' if gap > 0 else 'ต่ำกว่า'}แผน {formats.baht(abs(gap))}{share}"


def _year_so_far(to_date: Spending) -> str:
    if to_date.disbursed is None:
        return ""
    planned = "" if to_date.planned is None else f" จากแผน {formats.baht(to_date.planned)}"
    share = "" if to_date.percent is None else f" (ร้อยละ {to_date.percent:,.2f})"
    return f"สะสมตั้งแต่ต้นปีงบประมาณ {formats.baht(to_date.disbursed)}{planned}{share}"
