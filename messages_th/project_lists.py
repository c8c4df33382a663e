"""Lists of projects: one's own, by agency, and those among which to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.report_standing import QuarterStanding, ReportStanding
from domain.submissions import ExecutionStatus, SubmissionState
from messages_th import formats
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, GREY, NAVY, Button, Count, Page, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.standings import COLOURS, listed_standing, standing_colour
from messages_th.understanding.intents import Status
from messages_th.words import word

_STATUS_WORDS = {
    Status.DRAFT: "ร่าง",
    Status.PENDING_APPROVAL: "รออนุมัติ",
    Status.RETURNED: "ส่งกลับแก้ไข",
    Status.APPROVED: "อนุมัติแล้ว",
    Status.UNREPORTED: "ยังไม่รายงาน",
    Status.OVERDUE: "เกินกำหนด",
    Status.COMPLETED: "แล้วเสร็จ",
    Status.CANCELLED: "ยกเลิก",
}
_POSITION_LENGTH = 90
_SAID_OF_PROJECT = (ExecutionStatus.COMPLETED, ExecutionStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class About:
    """What a list is about. ``place`` is whose projects they are, ``period`` the quarter whose reports are told of.

    ``fiscal_year`` (B.E.) and ``status`` are what the list was narrowed down to.
    """

    place: str
    period: str
    as_of: datetime
    fiscal_year: int | None = None
    status: Status | None = None

    @property
    def intro(self) -> str:
        """What the list was narrowed down to, in words."""
        year = "" if self.fiscal_year is None else f"โครงการที่ดำเนินการในปี {self.fiscal_year}"
        status = "" if self.status is None else f"เฉพาะ: {_STATUS_WORDS[self.status]}"
        return " ".join(filter(None, (year, status)))


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project in a list; ``entry`` is how its own entry stands while it is not approved, ``press`` opens it.

    ``turn`` is the position of whoever decides the step where the report waits, ``button`` what to do about the report.
    """

    code: str
    name: str
    execution: ExecutionStatus
    entry: SubmissionState | None
    report: QuarterStanding
    press: str
    turn: str = ""
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A ministry or agency: how many of its projects owe a report, how many reports are approved (None: not told)."""

    name: str
    projects: int | None
    approved: int | None
    press: str


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A project among which to choose; ``note`` tells it from others of the same name."""

    code: str
    name: str
    note: str
    press: str


def project_list(
    about: About, reports: Mapping[ReportStanding, int], entries: int, rows: Sequence[ProjectRow], page: Page
) -> Rendered:
    """Return the list of projects, how many stand how first; ``entries`` are not approved themselves."""
    total = sum(reports.values()) + entries
    counts = [Count("ทั้งหมด", _projects(total))] if total else []
    counts += [
        Count(word(standing), _projects(reports[standing]), COLOURS[standing])
        for standing in ReportStanding
        if reports.get(standing)
    ]
    if entries:
        counts.append(Count("ข้อมูลโครงการรออนุมัติ", _projects(entries), BROWN))
    return listing(
        Sheet(
            headline="รายการโครงการ",
            place=about.place,
            period=about.period,
            intro=about.intro,
            as_of=about.as_of,
            counts=counts,
            rows=[_row(row) for row in rows],
            empty="ไม่มีโครงการตามที่ถาม",
            note="แตะชื่อโครงการเพื่อดูรายละเอียด" if rows else "",
            page=page,
        )
    )


def group_list(about: About, rows: Sequence[GroupRow], projects: int, approved: int, page: Page) -> Rendered:
    """Return the list of ministries or agencies; ``projects`` and ``approved`` are of all of them."""
    told = any(row.projects is not None for row in rows)
    counts = [Count("ต้องรายงาน", _projects(projects)), Count("อนุมัติแล้ว", _projects(approved), GREEN)] if told else []
    return listing(
        Sheet(
            headline="รายการโครงการตามหน่วยงาน",
            place=about.place,
            period=about.period,
            intro=about.intro,
            as_of=about.as_of,
            counts=counts,
            rows=[_group(row) for row in rows],
            empty="ไม่มีหน่วยงานที่มีโครงการ",
            note="แตะชื่อหน่วยงานเพื่อดูโครงการ" if rows else "",
            page=page,
        )
    )


def _choices(headline: str, intro: str, rows: Sequence[ChoiceRow], place: str, as_of: datetime) -> Rendered:
    shown = [Row(title=row.name, code=row.code, note=row.note, press=row.press) for row in rows]
    return listing(Sheet(headline=headline, intro=intro, rows=shown, place=place, as_of=as_of))


def alike(reader: Reader, rows: Sequence[ChoiceRow], place: str, as_of: datetime) -> Rendered:
    """Return the projects that a name may have meant."""
    return _choices("พบหลายโครงการที่ชื่อใกล้เคียง", f"โปรดเลือกโครงการที่ท่านหมายถึง{reader.particle}", rows, place, as_of)


def which(reader: Reader, rows: Sequence[ChoiceRow], place: str, as_of: datetime) -> Rendered:
    """Return the question which project is meant, with some to choose from."""
    if not rows:
        return plain(f"ท่านหมายถึงโครงการใด โปรดพิมพ์รหัสหรือชื่อโครงการ{reader.particle}")
    intro = f"โปรดเลือก หรือพิมพ์รหัสหรือชื่อโครงการ{reader.particle}"
    return _choices("ท่านหมายถึงโครงการใด", intro, rows, place, as_of)


def not_found(reader: Reader) -> Rendered:
    """Return that no such project is seen; one answer for what does not exist and what is another's."""
    return plain(
        f"ไม่พบโครงการนี้ในขอบเขตที่ท่านดูได้{reader.particle}\n"
        "ลองพิมพ์รหัสโครงการให้ครบ หรือคำสำคัญในชื่อโครงการ หรือพิมพ์ «โครงการของฉัน» เพื่อดูรายการทั้งหมด"
    )


def _row(row: ProjectRow) -> Row:
    note = f"{listed_standing(row.entry, row.report)}{_where(row)}"
    colour = BROWN if row.entry else standing_colour(row.report)
    if row.execution in _SAID_OF_PROJECT:
        note = f"{note} · โครงการ{word(row.execution)}"
    return Row(title=row.name, code=row.code, note=note, colour=colour, press=row.press, button=row.button)


def _where(row: ProjectRow) -> str:
    """Return where the report waits: « ลำดับที่ 2 (อธิบดี)»; "" where it does not."""
    if row.entry is not None or row.report.step is None:
        return ""
    turn = cut(formats.one_line(row.turn), _POSITION_LENGTH)
    return f" ลำดับที่ {row.report.step}" + (f" ({turn})" if turn else "")


def _group(row: GroupRow) -> Row:
    if row.projects is None or row.approved is None:
        return Row(title=row.name, press=row.press)
    note = f"อนุมัติแล้ว {formats.count(row.approved)} จาก {_projects(row.projects)}"
    if not row.projects:
        return Row(title=row.name, note="ไม่มีโครงการที่ต้องรายงาน", press=row.press, colour=GREY)
    return Row(title=row.name, note=note, press=row.press, colour=NAVY, share=row.approved / row.projects)


def _projects(number: int) -> str:
    return f"{formats.count(number)} โครงการ"
