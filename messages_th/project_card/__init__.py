"""A project at a glance: its modules, the quarters of a year as a strip of states, whose turn it is and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.fiscal import Quarter, YearBasis
from domain.modules import Module, ModuleState
from domain.reminders import BANGKOK
from domain.report_standing import QuarterStanding, ReportStanding
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from messages_th import formats
from messages_th.approval_card import ANSWER, WITHDRAW
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, GREY, NAVY, RED, Button
from messages_th.mirroring import COPY
from messages_th.page_link import PROJECT
from messages_th.project_fields import field_to_correct
from messages_th.reader import Reader
from messages_th.rendering import Rendered, card
from messages_th.reopening import REOPEN
from messages_th.standings import standing_colour, standing_words
from messages_th.trail import TRAIL
from messages_th.words import word

_NAME_LENGTH, _REASON_LENGTH, _ALT_NAME_LENGTH, _POSITION_LENGTH = 500, 600, 80, 90
_PEOPLE_NAMED = 2
_MARKS = {
    ModuleState.COMPLETE: "✓",
    ModuleState.WAITING: "●",
    ModuleState.PARTIAL: "½",
    ModuleState.EMPTY: "–",
    ModuleState.NOT_NEEDED: "–",
}
_MARK_COLOURS = {
    ModuleState.COMPLETE: GREEN,
    ModuleState.WAITING: NAVY,
    ModuleState.PARTIAL: BROWN,
    ModuleState.EMPTY: GREY,
    ModuleState.NOT_NEEDED: GREY,
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of the window that binds now, with the days left without today (negative: passed)."""

    closes_on: date
    days_left: int
    working_days_left: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is: ``positions`` hold ``step``, None: the unit reports. ``is_readers``: it is the reader's own."""

    step: int | None
    positions: Sequence[str]
    is_readers: bool
    since: date | None
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class SentBack:
    """Why a quarter's report came back, by the position that sent it back; empty where nothing is on record.

    ``concerns`` is the field that the reason points at, by its name in ``domain.errors.Gap``; "" at none.
    """

    quarter: Quarter
    reason: str
    position: str
    on: date | None
    concerns: str = ""


@dataclass(frozen=True, slots=True)
class RouteStep:
    """A step of the route: who decided it (``on`` a day in Bangkok, None: not on record), or who may, by position."""

    order: int
    people: Sequence[str]
    is_passed: bool
    is_current: bool
    on: date | None


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """Something of the project that waits for a decision; ``questions`` of approvers have no answer yet."""

    kind: SubmissionKind
    steps: Sequence[RouteStep]
    questions: int


@dataclass(frozen=True, slots=True)
class Glance:
    """What the card says. Months are C.E. days in them, money is baht; ``entry`` None: the project is official.

    ``asks_return``: the reader took it for sent back, and is told if it is not. ``in_emenscr`` says whether the unit
    wrote an approved report into eMENSCR; empty where nobody does so by hand.
    """

    code: str
    name: str
    unit: str
    basis: YearBasis
    start_month: date
    end_month: date
    budget_total: Decimal | None
    uses_budget: bool
    execution: ExecutionStatus
    entry: SubmissionState | None
    modules: Mapping[Module, ModuleState]
    quarters: Sequence[QuarterStanding]
    focus: QuarterStanding
    turn: Turn | None
    sent_back: SentBack | None
    as_of: datetime
    asks_return: bool = False
    on_its_way: OnItsWay | None = None
    in_emenscr: str = ""


@dataclass(frozen=True, slots=True)
class Presses:
    """Data of the card's buttons, empty for what the reader cannot do now; ``report`` lead to forms of its reports."""

    history: str
    disbursement: str
    decide: str = ""
    answer: str = ""
    withdraw: str = ""
    trail: str = ""
    sheet: str = ""
    reopen: str = ""
    mirror: str = ""
    report: Sequence[Button] = ()


def project_card(glance: Glance, reader: Reader, presses: Presses) -> Rendered:
    """Return the card of a project."""
    return card(
        "project_card",
        code=glance.code,
        name=cut(formats.one_line(glance.name), _NAME_LENGTH) or glance.code,
        short_name=cut(formats.one_line(glance.name), _ALT_NAME_LENGTH),
        unit=formats.one_line(glance.unit),
        facts=_facts(glance),
        modules=[(module.value, _MARKS[found], _MARK_COLOURS[found]) for module, found in glance.modules.items()],
        lacking=_lacking(glance.modules),
        year=_year(glance),
        quarters=[_cell(found, glance.basis) for found in glance.quarters],
        about=_about(glance),
        premise=_premise(glance, reader),
        state=_state(glance),
        state_colour=NAVY if glance.entry else standing_colour(glance.focus),
        turn=_turn(glance.turn),
        since=_since(glance.turn, glance.as_of) or glance.in_emenscr,
        deadline=_deadline(glance.turn),
        deadline_colour=RED if glance.turn and glance.turn.deadline and glance.turn.deadline.days_left < 0 else BROWN,
        sent_back=_sent_back(glance),
        way=_way(glance.on_its_way),
        steps=[_step(step) for step in glance.on_its_way.steps] if glance.on_its_way else [],
        questions=_questions(glance.on_its_way),
        buttons=_buttons(glance.code, presses),
        as_of=formats.as_of(glance.as_of),
    )


def _buttons(code: str, presses: Presses) -> Sequence[Button]:
    """Return the buttons, what the reader can do now first."""
    offered = (
        ("เปิดเพื่อพิจารณา", presses.decide, True),
        (ANSWER, presses.answer, True),
        (WITHDRAW, presses.withdraw, False),
        (COPY, presses.mirror, False),
        ("ประวัติรายงาน", presses.history, False),
        (TRAIL, presses.trail, False),
        ("การเบิกจ่าย", presses.disbursement, False),
        (PROJECT, presses.sheet, False),
        (REOPEN, presses.reopen, False),
    )
    buttons = [
        Button(label, press, about=f"{label} {code}", primary=primary) for label, press, primary in offered if press
    ]
    return [*presses.report, *buttons]


def _facts(glance: Glance) -> Sequence[tuple[str, str]]:
    budget = "ไม่ใช้งบประมาณ" if not glance.uses_budget else "ยังไม่มีข้อมูล"
    if glance.uses_budget and glance.budget_total is not None:
        budget = formats.baht(glance.budget_total)
    return (
        ("ระยะเวลา", formats.month_range(glance.start_month, glance.end_month)),
        ("วงเงิน", budget),
        ("สถานะโครงการ", word(glance.execution)),
    )


def _lacking(modules: Mapping[Module, ModuleState]) -> str:
    """Return what the marks mean, naming what is not complete: «รออนุมัติ: M6 รายงานความก้าวหน้า»."""
    parts = []
    for state in (ModuleState.WAITING, ModuleState.PARTIAL, ModuleState.EMPTY, ModuleState.NOT_NEEDED):
        named = [f"{module.value} {word(module)}" for module, found in modules.items() if found is state]
        if named:
            parts.append(f"{word(state)}: {', '.join(named)}")
    return "\n".join(parts) or "ครบทุกส่วน"


def _year(glance: Glance) -> str:
    """Return the year of the strip; its quarters carry their own labels where years are calendar ones."""
    return formats.fiscal_year_text(glance.quarters[0].quarter.fiscal_year, YearBasis.FISCAL)


def _cell(found: QuarterStanding, basis: YearBasis) -> tuple[str, str, str, str]:
    label = found.quarter.label(basis)
    return (
        f"{label.number}/{label.be_year % 100:02d}",
        formats.quarter_months(found.quarter),
        standing_words(found),
        standing_colour(found),
    )


def _about(glance: Glance) -> str:
    return "ข้อมูลโครงการ" if glance.entry else formats.quarter_text(glance.focus.quarter, glance.basis)


def _state(glance: Glance) -> str:
    if glance.entry is not None:
        return word(glance.entry)
    if glance.focus.standing is ReportStanding.APPROVED:
        return "อนุมัติครบทุกลำดับแล้ว"
    return standing_words(glance.focus)


def _premise(glance: Glance, reader: Reader) -> str:
    if not glance.asks_return or any(found.standing is ReportStanding.RETURNED for found in glance.quarters):
        return ""
    if glance.entry is SubmissionState.RETURNED:
        return ""
    return f"โครงการนี้ไม่ได้อยู่ในสถานะส่งกลับแก้ไข{reader.particle}"


def _turn(turn: Turn | None) -> str:
    if turn is None:
        return ""
    if turn.step is None:
        return "รอท่านดำเนินการ" if turn.is_readers else "รอหน่วยงานดำเนินการ"
    if turn.is_readers:
        return f"รอท่านพิจารณา (ลำดับที่ {turn.step})"
    positions = " หรือ ".join(dict.fromkeys(filter(None, map(formats.one_line, turn.positions)))) or "ผู้อนุมัติ"
    return f"รอ{positions}พิจารณา (ลำดับที่ {turn.step})"


def _way(on_its_way: OnItsWay | None) -> str:
    """Return what is on its way, where the card does not say so already: an edit of the project."""
    is_edit = on_its_way is not None and on_its_way.kind is SubmissionKind.PROJECT_EDIT
    return f"{word(SubmissionKind.PROJECT_EDIT)} {word(SubmissionState.PENDING_APPROVAL)}" if is_edit else ""


def _step(step: RouteStep) -> tuple[str, str, str]:
    """Return mark, words and colour of a step: «✓ ลำดับที่ 1 ผู้อำนวยการกอง… 18 มี.ค. 66»."""
    names = dict.fromkeys(cut(formats.one_line(name), _POSITION_LENGTH) for name in step.people)
    people = " หรือ ".join([*names][:_PEOPLE_NAMED]) or "ผู้อนุมัติ"
    if step.is_current:
        return "●", f"ลำดับที่ {step.order} {people} รอพิจารณา", NAVY
    if not step.is_passed:
        return "○", f"ลำดับที่ {step.order} {people}", GREY
    on = formats.short_date(step.on) if step.on else ""
    return "✓", f"ลำดับที่ {step.order} {people} {on}".rstrip(), GREEN


def _questions(on_its_way: OnItsWay | None) -> str:
    if on_its_way is None or not on_its_way.questions:
        return ""
    return f"มีคำถามจากผู้อนุมัติ {formats.count(on_its_way.questions)} ข้อ รอหน่วยงานตอบ"


def _since(turn: Turn | None, now: datetime) -> str:
    if turn is None or turn.since is None:
        return ""
    days = (now.astimezone(BANGKOK).date() - turn.since).days
    return f"ตั้งแต่ {formats.short_date(turn.since)} ({formats.count(days)} วัน)" if days > 0 else "ตั้งแต่วันนี้"


def _deadline(turn: Turn | None) -> str:
    if turn is None or turn.deadline is None:
        return ""
    due = turn.deadline
    return formats.dated_deadline(due.closes_on, due.days_left, due.working_days_left)


def _sent_back(glance: Glance) -> Sequence[str]:
    """Return who sent it back and when, the reason quoted, and what to correct; empty when nothing was."""
    back = glance.sent_back
    if back is None:
        return ()
    position = formats.one_line(back.position)
    by = f"โดย{position}" if position else ""
    on = f"เมื่อ {formats.short_date(back.on)}" if back.on else ""
    head = " ".join(filter(None, (f"ส่งกลับแก้ไข {formats.quarter_name(back.quarter, glance.basis)}", by, on)))
    reason = cut(formats.one_line(back.reason), _REASON_LENGTH)
    quoted = f"“{reason}”" if reason else "ไม่มีเหตุผลบันทึกไว้ในระบบ"
    return [line for line in (head, quoted, field_to_correct(back.concerns)) if line]
