"""A ministry coordinator asks for reports: what is shown before, what the officers get, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.fiscal import Quarter, YearBasis
from domain.submissions import DutyState
from domain.windows import Span
from messages_th import formats
from messages_th.lengths import cut
from messages_th.listing import BROWN, NAVY, RED, Button, Count, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, card
from messages_th.words import word

_UNITS_SHOWN = 10
_NAME_LENGTH, _POSITION_LENGTH = 100, 80
_TOLD_TODAY = "ได้รับการเตือนวันนี้แล้ว"
_ASKER = "ผู้ประสานงานระดับกระทรวง (กลุ่ม ป.ย.ป.)"


@dataclass(frozen=True, slots=True)
class Asking:
    """What an officer is asked for: ``names`` are those of the first projects, the days left are to the last day."""

    asked_by: str
    quarter: Quarter
    basis: YearBasis
    states: Mapping[DutyState, int]
    names: Sequence[str]
    span: Span | None
    days_left: int
    working_days_left: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom asking reaches: units with how many reports each owes, people, and units without anybody on LINE.

    Who was ``told_today`` had a reminder today already, and gets this one on another day. ``quota_left`` is what is
    left of the month's messages, None where that is not known or without limit.
    """

    quarter: Quarter
    basis: YearBasis
    units: Sequence[tuple[str, int]]
    projects: int
    people: int
    unlinked: Sequence[str]
    asked_today: int
    told_today: int
    quota_left: int | None


def chase_notice(asking: Asking, reader: Reader, show: str, at: datetime) -> Rendered:
    """Return what an officer gets; ``show`` is the data of the button that lists the reports."""
    total = sum(asking.states.values())
    parts = " · ".join(f"{word(state)} {formats.count(number)}" for state, number in asking.states.items() if number)
    further = total - len(asking.names)
    deadline = ""
    if asking.span is not None:
        deadline = formats.deadline(asking.span.closes_on, asking.days_left, asking.working_days_left)
    period = formats.quarter_text(asking.quarter, asking.basis)
    return card(
        "chase",
        headline="ขอความอนุเคราะห์รายงานความก้าวหน้า",
        colour=NAVY,
        asked_by=f"จาก {cut(formats.one_line(asking.asked_by), _POSITION_LENGTH) or _ASKER}",
        salutation=reader.salutation,
        period=period,
        how_many=f"{formats.count(total)} โครงการ: {parts}",
        deadline=deadline,
        deadline_colour=RED if asking.days_left <= 0 else NAVY,
        window=formats.span_text(asking.span) if asking.span else "",
        names=[cut(formats.one_line(name), _NAME_LENGTH) for name in asking.names],
        more=f"และอีก {formats.count(further)} โครงการ" if further > 0 else "",
        request=f"ขอความกรุณากด «ดูรายการ» เพื่อดำเนินการ หากส่งไปแล้วขอขอบคุณ{reader.particle}",
        show=show,
        about=f"รายงานความก้าวหน้า {period}",
        as_of=formats.as_of(at),
    )


def chase_preview(preview: Preview, reader: Reader, send: str, cancel: str, as_of: datetime) -> Rendered:
    """Return what asking would send, with the buttons that do it or not."""
    counts = [
        Count("หน่วยงานที่ยังไม่ส่ง", f"{formats.count(len(preview.units))} หน่วยงาน"),
        Count("โครงการ", f"{formats.count(preview.projects)} โครงการ"),
        Count("ผู้ได้รับข้อความ", f"{formats.count(preview.people)} คน"),
        Count("ใช้โควตาข้อความ", f"{formats.count(preview.people)} ข้อความ"),
    ]
    if preview.quota_left is not None:
        enough = preview.quota_left >= preview.people
        counts.append(Count("โควตาคงเหลือเดือนนี้", f"{formats.count(preview.quota_left)} ข้อความ", NAVY if enough else RED))
    if preview.told_today:
        counts.append(Count(_TOLD_TODAY, f"{formats.count(preview.told_today)} คน", BROWN))
    if preview.asked_today:
        counts.append(Count("ทวงถามไปแล้ววันนี้", f"{formats.count(preview.asked_today)} คน", BROWN))
    buttons = [Button("ส่งทวงถาม", send, primary=True)] if preview.people > preview.asked_today else []
    return listing(
        Sheet(
            headline="ตรวจสอบก่อนส่งทวงถาม",
            as_of=as_of,
            period=formats.quarter_text(preview.quarter, preview.basis),
            intro=(
                "ข้อความถึงผู้นำเข้าข้อมูลโครงการของแต่ละหน่วยงาน: จำนวนและชื่อโครงการที่ยังไม่ส่ง กำหนดเวลา "
                "และขอความอนุเคราะห์ดำเนินการ ส่งในเวลาราชการ ผู้ที่ได้รับการเตือนของวันนี้แล้ว "
                f"จะได้รับในเช้าวันทำการถัดไปหากยังไม่ส่งรายงาน{reader.particle}"
            ),
            counts=counts if preview.units else (),
            rows=_unit_rows(preview),
            empty=f"ไม่มีหน่วยงานที่ต้องทวงถาม{reader.particle}",
            note=_unlinked(preview.unlinked),
            buttons=[*buttons, Button("ยกเลิก", cancel)] if preview.units else (),
        )
    )


def chase_sent(preview: Preview, reader: Reader, queued: int, as_of: datetime) -> Rendered:
    """Return what came of it: how many messages wait to be sent."""
    repeated = preview.people - queued
    counts = [Count("เตรียมส่งข้อความแล้ว", f"{formats.count(queued)} คน")]
    if preview.told_today:
        counts.append(Count(_TOLD_TODAY, f"{formats.count(preview.told_today)} คน", BROWN))
    if repeated:
        counts.append(Count("ทวงถามไปแล้ววันนี้", f"{formats.count(repeated)} คน", BROWN))
    return listing(
        Sheet(
            headline="ทวงถามแล้ว",
            as_of=as_of,
            period=formats.quarter_text(preview.quarter, preview.basis),
            counts=counts,
            empty=f"ผู้ที่ได้รับการแจ้งเตือนของวันนี้แล้ว จะได้รับในเช้าวันทำการถัดไปหากยังไม่ส่งรายงาน{reader.particle}",
            note=_unlinked(preview.unlinked),
        )
    )


def _unit_rows(preview: Preview) -> Sequence[Row]:
    shown = preview.units[:_UNITS_SHOWN]
    rows = [Row(name, note=f"{formats.count(number)} โครงการ", colour=NAVY) for name, number in shown]
    further = len(preview.units) - len(rows)
    return [*rows, Row(f"และอีก {formats.count(further)} หน่วยงาน")] if further > 0 else rows


def _unlinked(units: Sequence[str]) -> str:
    if not units:
        return ""
    named = " · ".join(cut(unit, _POSITION_LENGTH) for unit in units[:_UNITS_SHOWN])
    further = len(units) - _UNITS_SHOWN
    rest = f" และอีก {formats.count(further)}" if further > 0 else ""
    return f"ยังไม่ได้ผูกบัญชี {formats.count(len(units))} หน่วยงาน: {named}{rest}"
