"""The form in which a plan officer says when an agency's plan, yearly report or open data came into eMENSCR."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from domain.days_of_entry import DayFault
from domain.errors import Refusal
from domain.fiscal import YearBasis
from domain.send_timing import SendTiming
from domain.submissions import MIN_REASON_LENGTH, SubmissionState
from domain.windows import Occasion, Span
from messages_th import formats, occasions
from messages_th.duties import NOT_ENTERED, Due
from messages_th.lengths import cut
from messages_th.pages.evidence import EvidencePart
from messages_th.pages.rendering import page
from messages_th.project_card import RouteStep
from messages_th.refusals import refusal_words
from messages_th.words import word

PLAN_NAME, ENTERED_ON, REFERENCE, LATE_REASON = "plan_name", "entered_on", "reference", "late_reason"
LABELS: Mapping[str, str] = MappingProxyType(
    {
        PLAN_NAME: "ชื่อแผน",
        ENTERED_ON: "วันที่นำเข้าระบบ eMENSCR",
        REFERENCE: "เลขที่อ้างอิง (ถ้ามี)",
        LATE_REASON: "เหตุผลที่ล่าช้า",
    }
)
"""What the fields of the form are called."""
_OPEN_D_DAY = "วันที่นำเข้าระบบ Open-D"
_DAY_FAULTS: Mapping[DayFault, str] = MappingProxyType(
    {
        DayFault.AHEAD: "ต้องไม่เป็นวันที่ยังมาไม่ถึง โปรดระบุวันที่นำเข้าจริง",
        DayFault.TOO_EARLY: "ต้องไม่ก่อนปีงบประมาณ 2562 ซึ่งเริ่มใช้ระบบ โปรดตรวจสอบปี พ.ศ.",
    }
)
DAY_NEEDED = "โปรดระบุวันที่นำเข้า เช่น 15 ก.พ. 66"
NAME_NEEDED = "โปรดระบุชื่อแผน"
NAME_TAKEN = "หน่วยงานมีแผนชื่อนี้ในปีเดียวกันแล้ว"
_REGULAR_NAME = re.compile(
    r"แผนปฏิบัติการด้าน.+ระยะที่\s*\S.*\(\s*พ\.?\s?ศ\.?\s*\d{4}\s*[-–—]\s*(?:พ\.?\s?ศ\.?\s*)?\d{4}\s*\)"
)
_NOTHING = "–"


class Done(StrEnum):
    """What was done last, as the address of the page says it."""

    SAVED = "saved"
    SENT = "sent"
    ENTERED = "entered"
    NOT_ENTERED = "not_entered"
    WITHDRAWN = "withdrawn"


_DONE: Mapping[Done, str] = MappingProxyType(
    {
        Done.SAVED: "บันทึกร่างแล้ว ยังไม่ได้ส่งอนุมัติ",
        Done.SENT: "ส่งอนุมัติแล้ว ระหว่างนี้ไม่มีการเตือนท่านอีก",
        Done.ENTERED: "บันทึกว่านำเข้าแล้ว ไม่มีการเตือนเรื่องนี้อีก",
        Done.NOT_ENTERED: "บันทึกแล้วว่ายังไม่ได้นำเข้า",
        Done.WITHDRAWN: "ดึงกลับเป็นฉบับร่างแล้ว แก้ไขแล้วส่งใหม่ได้",
    }
)


@dataclass(frozen=True, slots=True)
class ToldReturn:
    """Who sent it back, by position, when and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ToldDuty:
    """The duty as the page tells of it; ``entered_on`` is the day that counts, ``stated_on`` what its officer stated.

    ``due`` and ``span`` are of the window that binds whoever has to act. ``timing``: how sending it today would count,
    or why it cannot be sent. ``stated_by`` names who stated anything last.
    """

    occasion: Occasion
    basis: YearBasis
    agency: str
    plan_name: str
    is_thematic: bool
    has_route: bool
    is_editable: bool
    can_withdraw: bool
    state: SubmissionState | None
    version: int
    entered_on: date | None
    stated_on: date | None
    reference: str
    stated_by: str
    stated_at: datetime | None
    due: Due | None
    span: Span | None
    timing: SendTiming | Refusal
    opens_on: date | None
    returned: ToldReturn | None
    steps: Sequence[RouteStep]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields, and what is wrong with it, by field."""

    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page needs beside the duty: where it sends to, its proof of origin, and what has just happened.

    ``refused`` says why something was not done. ``overtaken``: somebody else was quicker; what stands in the duty is
    theirs, and what is typed is the reader's.
    """

    address: str
    form_key: str
    revision: int
    done: Done | None = None
    refused: str = ""
    overtaken: bool = False
    files: EvidencePart | None = None


def title(occasion: Occasion, basis: YearBasis) -> str:
    """Return what the page is called: «แผนระดับ 3 ปีงบประมาณ 2566»."""
    return f"{word(occasion.kind)} {occasions.period(occasion, basis)}"


def day_fault(fault: DayFault) -> str:
    """Return what is wrong with a day of entry."""
    return _DAY_FAULTS[fault]


def kept(duty: ToldDuty, late_reason: str) -> Mapping[str, str]:
    """Return what stands in the fields when the page is opened."""
    return {
        PLAN_NAME: duty.plan_name,
        ENTERED_ON: formats.short_date(duty.stated_on) if duty.stated_on else "",
        REFERENCE: duty.reference,
        LATE_REASON: late_reason,
    }


def is_regular_name(name: str) -> bool:
    """Tell whether a plan is named «แผนปฏิบัติการด้าน… ระยะที่ … (พ.ศ. … – …)» (``domain.md`` §6)."""
    return _REGULAR_NAME.fullmatch(formats.arabic_digits(formats.one_line(name))) is not None


def duty_page(duty: ToldDuty, typed: Typed, sheet: Sheet) -> str:
    """Return the page."""
    labels = {**LABELS, ENTERED_ON: LABELS[ENTERED_ON] if duty.has_route else _OPEN_D_DAY}
    asks_reason = duty.timing is Refusal.LATE_REASON_NEEDED
    return page(
        "duty.html.j2",
        title=title(duty.occasion, duty.basis),
        duty=duty,
        labels=labels,
        typed=typed,
        sheet=sheet,
        done=_DONE[sheet.done] if sheet.done else "",
        standing=_standing(duty),
        window=formats.span_text(duty.span) if duty.span else "",
        returned_at=formats.date_and_time(duty.returned.at) if duty.returned else "",
        stated=_stated(duty),
        entered_on=formats.short_date(day) if (day := duty.stated_on or duty.entered_on) else _NOTHING,
        differing=_differing(duty, typed, labels) if sheet.overtaken else (),
        steps=[_step(step) for step in duty.steps],
        warns_of_name=duty.is_thematic and bool(duty.plan_name) and not is_regular_name(duty.plan_name),
        least=MIN_REASON_LENGTH,
        asks_reason=duty.is_editable and duty.has_route and asks_reason,
        cannot_send=_cannot_send(duty),
        is_entered=duty.entered_on is not None,
    )


def _standing(duty: ToldDuty) -> str:
    current = next((step.order for step in duty.steps if step.is_current), None)
    if current is not None:
        return f"{word(SubmissionState.PENDING_APPROVAL)} ลำดับที่ {current} จาก {duty.steps[-1].order}"
    if duty.entered_on is not None:
        done = f"นำเข้าแล้ว {formats.short_date(duty.entered_on)}"
        return f"อนุมัติครบทุกลำดับแล้ว · {done}" if duty.state is SubmissionState.APPROVED else done
    return word(duty.state) if duty.state else NOT_ENTERED


def _stated(duty: ToldDuty) -> str:
    if duty.stated_at is None:
        return ""
    return f"บันทึกล่าสุดโดย {formats.one_line(duty.stated_by)} {formats.date_and_time(duty.stated_at)}"


def _differing(duty: ToldDuty, typed: Typed, labels: Mapping[str, str]) -> Sequence[tuple[str, str, str]]:
    """Return the fields in which what is kept and what was typed are not the same: label, kept, typed."""
    theirs = kept(duty, "")
    return [
        (labels[name], theirs[name] or _NOTHING, typed.values[name] or _NOTHING)
        for name in ((PLAN_NAME,) if duty.is_thematic else ()) + (ENTERED_ON, REFERENCE)
        if theirs[name] != typed.values[name]
    ]


def _step(step: RouteStep) -> tuple[str, str, bool]:
    """Return a step of the route: whose it is, how it stands, and whether it waits there."""
    who = f"ลำดับที่ {step.order} {cut(' / '.join(dict.fromkeys(step.people)), 160)}".rstrip()
    if step.on:
        return who, f"อนุมัติแล้ว {formats.short_date(step.on)}", False
    if step.is_current:
        return who, "รอพิจารณา", True
    return who, "ผ่านแล้ว" if step.is_passed else "ยังไม่ถึงลำดับ", False


def _cannot_send(duty: ToldDuty) -> str:
    """Return why it cannot be sent today; "" where it can, be it with a reason."""
    match duty.timing:
        case SendTiming() | Refusal.LATE_REASON_NEEDED:
            return ""
        case Refusal.NOT_OPEN_YET if duty.opens_on is not None:
            return f"ส่งอนุมัติได้ตั้งแต่วันที่ {formats.short_date(duty.opens_on)} ระหว่างนี้บันทึกร่างไว้ก่อนได้"
        case refusal:
            return refusal_words(refusal)
