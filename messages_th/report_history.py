"""Past reports in words: state, sending, decisions and what was reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.fiscal import Quarter, YearBasis
from domain.submissions import SubmissionState
from messages_th import formats
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, NAVY, Button, Count, Page, Row, Sheet, listing
from messages_th.rendering import Rendered
from messages_th.trail import TRAIL
from messages_th.words import word

QUARTERS_A_PAGE = 4
"""Each with its decisions: more would be a card longer than LINE takes."""
_COLOURS = {
    SubmissionState.DRAFT: BROWN,
    SubmissionState.PENDING_APPROVAL: NAVY,
    SubmissionState.RETURNED: BROWN,
    SubmissionState.APPROVED: GREEN,
}
_NAME_LENGTH, _SUMMARY_LENGTH, _SHORT_SUMMARY, _REASON_LENGTH, _POSITION_LENGTH = 300, 200, 80, 120, 80
_MOST_DECISIONS = 5


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """A decision: ``acting`` for whoever holds ``position``; ``is_return``: it sent the report back."""

    step: int
    position: str
    acting: bool
    is_return: bool
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ToldReport:
    """A report with its newest sending; ``press`` opens its project where the list is of several."""

    code: str
    name: str
    quarter: Quarter
    state: SubmissionState
    step: int | None
    version: int
    sent_on: date | None
    sent_by: str
    is_late: bool
    summary: str
    decisions: Sequence[ToldDecision]
    press: str = ""


def project_history_list(
    code: str, name: str, place: str, basis: YearBasis, reports: Sequence[ToldReport], page: Page, trail: str,
    as_of: datetime,
) -> Rendered:  # fmt: skip
    """Return the reports of one project, quarter by quarter; ``trail`` is the data of the button to who did what."""
    return listing(
        Sheet(
            headline="ประวัติรายงาน",
            place=place,
            intro=f"{code} {cut(formats.one_line(name), _NAME_LENGTH)}",
            as_of=as_of,
            rows=[_quarter(report, basis) for report in reports],
            empty="ยังไม่มีรายงานที่ท่านดูได้",
            page=page,
            buttons=[Button(TRAIL, trail, about=f"{TRAIL} {code}")],
            alt=f"ประวัติรายงาน {code}",
        )
    )


def unit_history_list(
    place: str, basis: YearBasis, total: int, reports: Sequence[ToldReport], page: Page, as_of: datetime
) -> Rendered:
    """Return the reports of several projects, newest quarter first."""
    return listing(
        Sheet(
            headline="รายงานที่ผ่านมา",
            place=place,
            as_of=as_of,
            counts=[Count("ทั้งหมด", f"{formats.count(total)} รายงาน")] if total else [],
            rows=[_line(report, basis) for report in reports],
            empty="ยังไม่มีรายงาน",
            page=page,
        )
    )


def _quarter(report: ToldReport, basis: YearBasis) -> Row:
    decisions = [_decision(decision) for decision in report.decisions[-_MOST_DECISIONS:]]
    if len(report.decisions) > _MOST_DECISIONS:
        decisions.insert(0, f"ผลการพิจารณาก่อนหน้านี้อีก {len(report.decisions) - _MOST_DECISIONS} รายการ")
    summary = cut(formats.one_line(report.summary), _SUMMARY_LENGTH)
    return Row(
        title=formats.quarter_text(report.quarter, basis),
        note=_state(report),
        colour=_COLOURS[report.state],
        details=[*_sending(report), *decisions, *([f"สรุปผล: {summary}"] if summary else [])],
    )


def _line(report: ToldReport, basis: YearBasis) -> Row:
    summary = cut(formats.one_line(report.summary), _SHORT_SUMMARY)
    return Row(
        title=report.name,
        code=report.code,
        note=f"{formats.quarter_name(report.quarter, basis)}: {_state(report)}",
        colour=_COLOURS[report.state],
        press=report.press,
        details=[summary] if summary else [],
    )


def _state(report: ToldReport) -> str:
    state = word(report.state)
    if report.state is SubmissionState.PENDING_APPROVAL and report.step is not None:
        state = f"{state} ลำดับที่ {report.step}"
    return f"{state} (ส่งล่าช้า)" if report.is_late else state


def _sending(report: ToldReport) -> list[str]:
    if report.sent_on is None:
        return []
    by = f" โดย{_short(report.sent_by)}" if report.sent_by else ""
    again = f" (ฉบับที่ {report.version})" if report.version > 1 else ""
    return [f"ส่งเมื่อ {formats.short_date(report.sent_on)}{by}{again}"]


def _decision(decision: ToldDecision) -> str:
    position = _short(decision.position) or "ผู้อนุมัติ"
    if decision.acting:
        position = f"ผู้รักษาราชการแทน{position}"
    verdict = "ส่งกลับแก้ไข" if decision.is_return else "อนุมัติ"
    reason = cut(formats.one_line(decision.reason), _REASON_LENGTH)
    quoted = f": “{reason}”" if reason else ""
    return f"ลำดับที่ {decision.step} {position} {verdict}เมื่อ {formats.short_date(decision.on)}{quoted}"


def _short(position: str) -> str:
    return cut(formats.one_line(position), _POSITION_LENGTH)
