"""The sentences of a decision card: whose turn, what is to be noted, money, changes, and what happened so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.revisions import Basis, Change, Changes
from domain.spending import Spending
from domain.submissions import SubmissionState
from messages_th import formats
from messages_th.approval_card.view import ItemView, ToldDecision, ToldEnquiry
from messages_th.carried_over import CARRIED_OVER, PLAN_IN_FORCE, carried_over, plan_version
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, NAVY
from messages_th.project_fields import NOTHING, field_value, project_field_name
from messages_th.words import word

YOUR_TURN = "รอท่านพิจารณา"
ALL_APPROVED = "อนุมัติครบทุกลำดับแล้ว"
NO_NAME = "แผนหรือรายงานของหน่วยงาน"
UNIT_STILL_WRITES = "หน่วยงานยังต้องบันทึกใน eMENSCR"
"""What remains after the last approval, in ministries that write there by hand."""
_POSITION_LENGTH, _REASON_LENGTH, _VALUE_LENGTH, _FACT_LENGTH = 90, 160, 70, 120
_MOST_CHANGES, _MOST_DECISIONS, _MOST_ENQUIRIES = 4, 5, 2
_CHANGED = {
    Basis.APPROVED: "เปลี่ยนจากฉบับที่ {version} ซึ่งอนุมัติแล้ว",
    Basis.SENT_BEFORE: "เปลี่ยนจากฉบับที่ {version} ที่ส่งครั้งก่อน",
    Basis.OFFICIAL: "ขอแก้ไขจากข้อมูลที่อนุมัติแล้ว",
}


@dataclass(frozen=True, slots=True)
class Money:
    """A line of money against plan; ``percent`` (0 to 100) draws a bar, None: no bar."""

    label: str
    planned: str
    disbursed: str
    share: str
    percent: int | None
    colour: str


def position(words: str) -> str:
    """Return a position as cards write it."""
    return cut(formats.one_line(words), _POSITION_LENGTH) or "ผู้อนุมัติ"


def said(value: Any, name: str, length: int) -> str:
    """Return a field's value in at most ``length`` graphemes."""
    return cut(field_value(name, value), length)


def step_of(step: int, steps: int) -> str:
    """Return where in its route something stands: «ลำดับที่ 2 จาก 4»."""
    return f"ลำดับที่ {step} จาก {steps}"


def whose(holders: Sequence[str]) -> str:
    """Return who decides, by position: «อธิบดี หรือ รองอธิบดี»."""
    return " หรือ ".join(dict.fromkeys(map(position, holders))) or "ผู้อนุมัติ"


def turn(item: ItemView) -> str:
    """Return whose turn it is, or how it ended."""
    match item.state:
        case SubmissionState.APPROVED:
            return ALL_APPROVED
        case SubmissionState.RETURNED:
            return "ส่งกลับแก้ไขแล้ว รอหน่วยงานแก้ไขและส่งใหม่"
        case SubmissionState.DRAFT:
            return "ฉบับร่าง ยังไม่ได้ส่งอนุมัติ"
        case SubmissionState.PENDING_APPROVAL if item.is_readers:
            return " ".join(filter(None, (YOUR_TURN, acting(item))))
        case SubmissionState.PENDING_APPROVAL:
            return f"รอ{whose(item.holders)} พิจารณา"


def acting(item: ItemView) -> str:
    """Return in whose place the reader decides: «ในฐานะ รองอธิบดี รักษาราชการแทน อธิบดี»; "" for the own step."""
    return f"ในฐานะ {position(item.acting)}" if item.acting else ""


def since(item: ItemView) -> str:
    """Return from when on it waits, and to an assistant that deciding is the approver's."""
    day = f"ตั้งแต่ {formats.short_date(item.since)}" if item.since and item.step is not None else ""
    return " · ".join(filter(None, (day, "ท่านดูและเตรียมเรื่องได้ การพิจารณาเป็นของผู้อนุมัติ" if item.prepares else "")))


def flags(item: ItemView) -> Sequence[str]:
    """Return what is to be noted before anything else."""
    noted = [UNIT_STILL_WRITES] if item.is_left_to_mirror else []
    if item.is_late:
        reason = f" เหตุผล: “{_quoted(item.late_reason)}”" if item.late_reason else ""
        noted.append(f"ส่งล่าช้า{reason}")
    if item.is_resent:
        noted.append("แก้ไขตามที่ส่งกลับ")
    if item.sent_back is not None:
        noted.append(
            f"ฉบับที่ {item.sent_back.version} {position(item.sent_back.by)} ส่งกลับแก้ไข: “{_quoted(item.sent_back.reason)}”"
        )
    return noted


def money(item: ItemView) -> Sequence[Money]:
    """Return the quarter's money and, from the second of a fiscal year on, that of the year so far."""
    if item.own is None or item.to_date is None:
        return ()
    own, to_date = _money("การเบิกจ่ายไตรมาสนี้", item.own), _money("สะสมทั้งปีถึงไตรมาสนี้", item.to_date)
    return (own,) if item.occasion.quarter == 1 else (own, to_date)


def money_notes(item: ItemView) -> Sequence[tuple[str, str]]:
    """Return which version of the plan measures the money where it was changed, and what stands beside that plan."""
    version = [(PLAN_IN_FORCE, plan_version(item.plan_dated_on))] if item.plan_dated_on else []
    return [*version, (CARRIED_OVER, carried_over(item.carried))] if item.carried else version


def _money(label: str, found: Spending) -> Money:
    percent = found.percent
    return Money(
        label=label,
        planned=NOTHING if found.planned is None else formats.baht(found.planned),
        disbursed=NOTHING if found.disbursed is None else formats.baht(found.disbursed),
        share="" if percent is None else f"{percent}% ของแผน",
        percent=None if percent is None else round(100 * found.share),
        colour=BROWN if found.is_below_plan else GREEN if percent is not None else NAVY,
    )


def changes_headline(changes: Changes | None) -> str:
    """Return against what the changes are told; nothing where there was nothing before."""
    if changes is None:
        return ""
    headline = _CHANGED[changes.basis].format(version=changes.version)
    return headline if changes.found else f"ไม่มีสิ่งที่{headline}"


def changes_lines(changes: Changes | None, most: int = _MOST_CHANGES, length: int = _VALUE_LENGTH) -> Sequence[str]:
    """Return the changes, each as «ผลผลิต: เดิม … เป็น …», and how many more there are."""
    found = changes.found if changes else ()
    lines = [_change(one, length) for one in found[:most]]
    further = len(found) - most
    return [*lines, f"และอีก {formats.count(further)} รายการ ดูที่รายละเอียด"] if further > 0 else lines


def _change(change: Change, length: int) -> str:
    field = project_field_name(change.field)
    about = f" “{cut(formats.one_line(change.about), length)}”" if change.about else ""
    after = cut(field_value(change.field, change.after), length)
    if change.before is None:
        return f"{field}{about}: {after}"
    return f"{field}{about}: เดิม {cut(field_value(change.field, change.before), length)} เป็น {after}"


def facts(item: ItemView) -> Sequence[tuple[str, str]]:
    """Return the master plan, and by whom and when it was sent."""
    found = []
    if item.code:
        found.append(("แผนแม่บท", said(item.master_plan_no, "master_plan_no", _FACT_LENGTH)))
        if not item.uses_budget:
            found.append(("งบประมาณ", "ไม่ใช้งบประมาณ"))
    by = f"โดย {position(item.sent_by)}" if item.sent_by else ""
    at = f"เมื่อ {formats.date_and_time(item.sent_at)}" if item.sent_at else ""
    sent = " ".join(filter(None, (f"ฉบับที่ {max(item.version, 1)}", by, at)))
    return [*found, ("ส่งอนุมัติ", sent)]


def story(item: ItemView) -> Sequence[str]:
    """Return what was decided on this version, step by step."""
    return [decided(one) for one in item.decisions[:_MOST_DECISIONS]]


def decided(decision: ToldDecision) -> str:
    """Return a decision in a line: «ลำดับที่ 1 ผู้อำนวยการกอง อนุมัติแล้ว เมื่อ 20 มี.ค. 66 เวลา 09.12 น.»."""
    verdict = word(SubmissionState.RETURNED) if decision.is_return else "อนุมัติ"
    reason = f": “{_quoted(decision.reason)}”" if decision.reason else ""
    at = formats.date_and_time(decision.at)
    return f"ลำดับที่ {decision.step} {position(decision.by)} {verdict}แล้ว เมื่อ {at}{reason}"


def enquiries(item: ItemView) -> Sequence[str]:
    """Return the newest questions with their answers."""
    return [line for one in item.enquiries[-_MOST_ENQUIRIES:] for line in _enquiry(one)]


def _enquiry(enquiry: ToldEnquiry) -> Sequence[str]:
    asked = f"{position(enquiry.by)} ขอข้อมูลเพิ่ม: “{_quoted(enquiry.question)}”"
    if enquiry.answered_at is None:
        return asked, "ยังไม่ได้รับคำตอบ"
    answered = f"{position(enquiry.answered_by)} ตอบเมื่อ {formats.date_and_time(enquiry.answered_at)}"
    return asked, f"{answered}: “{_quoted(enquiry.answer)}”"


def _quoted(words: str) -> str:
    return cut(formats.one_line(words), _REASON_LENGTH)
