"""Until when something may be done, and the calendar of a year (``domain.md`` §4, §10)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.fiscal import YearBasis
from domain.windows import Occasion, Span, Stage, WindowKind
from messages_th import occasions
from messages_th.formats import (
    count,
    dated_deadline,
    fiscal_year_text,
    letter_reference,
    short_date,
    span_text,
)
from messages_th.listing import BROWN, GREEN, GREY, NAVY, RED, Button, Page, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from messages_th.words import word

PROJECT_WINDOWS = (WindowKind.PROJECT_ENTRY, WindowKind.MIDYEAR_ENTRY)
PLAN_WINDOWS = (
    WindowKind.LEVEL3_PLAN,
    WindowKind.ACHIEVEMENT_ANNUAL,
    WindowKind.ACHIEVEMENT_ACTION_PLAN,
    WindowKind.OPEN_D,
)
_WITHOUT_APPROVAL = frozenset({WindowKind.OPEN_D, WindowKind.PROPOSAL})
_MATTERS: Sequence[tuple[re.Pattern[str], tuple[WindowKind, ...]]] = (
    (re.compile(r"ผลสัมฤทธิ์.*ด้าน"), (WindowKind.ACHIEVEMENT_ACTION_PLAN,)),
    (re.compile(r"ผลสัมฤทธิ์|ผลสัมฤทธิ"), (WindowKind.ACHIEVEMENT_ANNUAL, WindowKind.ACHIEVEMENT_ACTION_PLAN)),
    (re.compile(r"open[ -]?d|ข้อมูลเปิด|โอเพ่นดี", re.IGNORECASE), (WindowKind.OPEN_D,)),
    (re.compile(r"กลางปี|ระหว่างปี|งบกลาง"), (WindowKind.MIDYEAR_ENTRY,)),
    (
        re.compile(r"โครงการใหม่|ข้อมูลโครงการ|นำเข้าโครงการ|คีย์โครงการ|เพิ่มโครงการ|m\s?[1-5]\b", re.IGNORECASE),
        PROJECT_WINDOWS,
    ),
    (re.compile(r"แผนปฏิบัติ|แผนระดับ|แผน\s?3|นำเข้าแผน|แผนราย|แผน\s?5\s?ปี"), (WindowKind.LEVEL3_PLAN,)),
)
_UPPER = re.compile(r"ปลัด|ปรง|หัวหน้ากลุ่มภารกิจ|ระดับกระทรวง|ชั้นกระทรวง")
_APPROVAL = re.compile(r"m\s?7", re.IGNORECASE)
_AGENCY = re.compile(r"อธิบดี|เลขาธิการ|ระดับกรม|ชั้นกรม|ระดับหน่วยงาน|ผู้บริหารหน่วยงาน|m\s?6", re.IGNORECASE)
_EXTENSION = re.compile(r"ขยาย|เลื่อน|ต่อเวลา|ผ่อนผัน")
_PAST = re.compile(r"ตอนนั้น|คราวนั้น|ครั้งนั้น|ตอนโน้น|สมัยนั้น|รอบนั้น")


@dataclass(frozen=True, slots=True)
class Matter:
    """What a question about time names: ``kinds`` (empty: the quarterly report), a stage, and how it is asked.

    ``about_approval``: M7 is named without saying whose.
    """

    kinds: tuple[WindowKind, ...] = ()
    stage: Stage | None = None
    about_approval: bool = False
    about_extension: bool = False
    about_then: bool = False


def matter_of(utterance: str) -> Matter:
    """Return what the sentence names, by its words alone."""
    kinds = next((kinds for pattern, kinds in _MATTERS if pattern.search(utterance)), ())
    stage = Stage.AGENCY if _AGENCY.search(utterance) else Stage.UPPER if _UPPER.search(utterance) else None
    return Matter(
        kinds,
        stage,
        about_approval=bool(_APPROVAL.search(utterance)),
        about_extension=bool(_EXTENSION.search(utterance)),
        about_then=bool(_PAST.search(utterance)),
    )


@dataclass(frozen=True, slots=True)
class StageDeadline:
    """The window of one stage today; days left are counted without today, negative when it has passed.

    ``is_answer`` marks the stage that is asked about, ``is_own`` the reader's. Stage ALL: one window holds for both.
    """

    stage: Stage
    span: Span
    today: date
    working_days_left: int
    is_answer: bool = False
    is_own: bool = False

    @property
    def days_left(self) -> int:
        """Days to the last one."""
        return self.span.days_left(self.today)

    @property
    def opens_in(self) -> int:
        """Days until it opens; 0 or less: it has."""
        return 0 if self.span.opens_on is None else (self.span.opens_on - self.today).days


@dataclass(frozen=True, slots=True)
class Letter:
    """What set the windows: the number and date of a circular, as far as known, or the default rule."""

    number: str = ""
    dated: date | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier letter had set."""

    letter: Letter
    spans: Sequence[tuple[Stage, Span]]


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """The windows of an occasion in a place; ``earlier`` are former ones, ``calendar`` is the data of a tap."""

    occasion: Occasion
    basis: YearBasis
    stages: Sequence[StageDeadline]
    letter: Letter
    place: str = ""
    earlier: Sequence[Earlier] = ()
    about_extension: bool = False
    calendar: str = ""


def deadline_card(reader: Reader, view: DeadlineView, as_of: datetime) -> Rendered:
    """Return the windows of an occasion, the one that matters to the reader said first."""
    occasion = view.occasion
    asked = next((stage for stage in view.stages if stage.is_answer), view.stages[0])
    headline, period = f"กำหนดเวลา{occasions.action(occasion.kind)}", occasions.period(occasion, view.basis)
    lines = [f"{_stage_name(occasion, asked.stage)} {until(asked)}"]
    if view.about_extension:
        lines.append(_extension(reader, has_changed=bool(view.earlier)))
    rows = [_stage_row(occasion, stage) for stage in view.stages]
    return listing(
        Sheet(
            headline=headline,
            as_of=as_of,
            place=view.place,
            period=period,
            intro="\n".join(lines),
            rows=[*rows, *(_earlier_row(before) for before in view.earlier)],
            note=_basis_of(occasion, view.letter),
            buttons=[Button("ปฏิทินทั้งปี", view.calendar)] if view.calendar else (),
            alt=f"{headline} {period} {until(asked)}",
        )
    )


def until(stage: StageDeadline) -> str:
    """Return until when, or from when on: «ภายในวันที่ 20 มี.ค. 66 (เหลือ 3 วัน / 2 วันทำการ)»."""
    if stage.opens_in > 0 and stage.span.opens_on is not None:
        last = short_date(stage.span.closes_on)
        return f"เปิดวันที่ {short_date(stage.span.opens_on)} (อีก {count(stage.opens_in)} วัน) ถึงวันที่ {last}"
    return dated_deadline(stage.span.closes_on, stage.days_left, stage.working_days_left)


def _stage_row(occasion: Occasion, stage: StageDeadline) -> Row:
    mine = " (ขั้นของท่าน)" if stage.is_own else ""
    return Row(
        title=f"{_stage_name(occasion, stage.stage)}{mine}",
        note=f"{span_text(stage.span)} · {_progress(stage)}",
        colour=_colour(stage),
    )


def _earlier_row(before: Earlier) -> Row:
    spans = " · ".join(f"{word(stage)} {span_text(span)}" for stage, span in before.spans)
    reference = letter_reference(before.letter.number, before.letter.dated)
    return Row(title="กำหนดเดิม", note=f"{spans} ตาม{reference}" if reference else spans, colour=GREY)


def _stage_name(occasion: Occasion, stage: Stage) -> str:
    if stage is Stage.UPPER:
        return "อนุมัติระดับกระทรวง"
    doing = "นำเข้า" if occasions.action(occasion.kind).startswith("นำเข้า") else "รายงาน"
    return f"{doing}{'' if occasion.kind in _WITHOUT_APPROVAL else 'และอนุมัติ'}{word(stage)}"


def _progress(stage: StageDeadline) -> str:
    """Return where the window stands, in a word or two."""
    if stage.opens_in > 0:
        return f"อีก {count(stage.opens_in)} วันจึงเปิด"
    if stage.days_left < 0:
        return f"พ้นกำหนดแล้ว {count(-stage.days_left)} วัน"
    if stage.days_left == 0:
        return "วันนี้เป็นวันสุดท้าย"
    return f"เหลือ {count(stage.days_left)} วัน / {count(stage.working_days_left)} วันทำการ"


def _colour(stage: StageDeadline) -> str:
    if stage.opens_in > 0:
        return NAVY
    if stage.days_left < 0:
        return GREY
    return BROWN if stage.days_left == 0 else GREEN


def _basis_of(occasion: Occasion, letter: Letter) -> str:
    if not letter.is_default:
        reference = letter_reference(letter.number, letter.dated)
        return f"ตาม{reference}" if reference else ""
    if occasion.kind is WindowKind.PROJECT_ENTRY:
        return "ยังไม่มีหนังสือกำหนดปฏิทิน จึงใช้หลักทั่วไป: ไตรมาสแรกของปีงบประมาณ"
    return "ยังไม่มีหนังสือกำหนดปฏิทิน จึงใช้หลักทั่วไป: 30 วันถัดจากวันสิ้นไตรมาส"


def _extension(reader: Reader, *, has_changed: bool) -> str:
    known = "มีหนังสือเปลี่ยนกำหนดแล้วตามข้างล่าง" if has_changed else "ขณะนี้ไม่มีหนังสือขยายเวลา ใช้กำหนดนี้อยู่"
    return f"{known} กำหนดเปลี่ยนได้โดยหนังสือเวียนเท่านั้น{reader.particle}"


def no_window(reader: Reader, kinds: Sequence[WindowKind], place: str, as_of: datetime) -> Rendered:
    """Return that no circular sets a window of this kind, and no rule does."""
    matter = " / ".join(word(kind) for kind in kinds)
    return listing(
        Sheet(
            headline="กำหนดเวลา",
            as_of=as_of,
            place=place,
            empty=f"ยังไม่มีหนังสือกำหนดเวลาสำหรับ{matter}{reader.particle}",
            note="สอบถามกำหนดการได้ที่กลุ่ม ป.ย.ป. ของกระทรวง",
        )
    )


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One window of the year; ``is_next`` marks the first that has not passed, ``press`` is the data of a tap."""

    occasion: Occasion
    deadline: StageDeadline
    is_next: bool
    press: str


def calendar_card(
    reader: Reader,
    fiscal_year: int,
    basis: YearBasis,
    place: str,
    lines: Sequence[CalendarLine],
    page: Page,
    as_of: datetime,
    *,
    by_default: bool,
) -> Rendered:
    """Return a page of the year's calendar in the order of last days."""
    default = "ยังไม่มีหนังสือกำหนดปฏิทินของปีนี้ จึงแสดงตามหลักทั่วไป 30 วันถัดจากวันสิ้นไตรมาส"
    return listing(
        Sheet(
            headline="ปฏิทินการรายงาน eMENSCR",
            as_of=as_of,
            place=place,
            period=fiscal_year_text(fiscal_year, basis),
            rows=[_calendar_row(line, basis) for line in lines],
            empty=f"ยังไม่มีกำหนดการของปีนี้{reader.particle}",
            note=default if by_default and lines else "",
            page=page,
            alt=f"ปฏิทินการรายงาน eMENSCR {fiscal_year_text(fiscal_year, basis)} {place}",
        )
    )


def _calendar_row(line: CalendarLine, basis: YearBasis) -> Row:
    mark = "กำหนดถัดไป: " if line.is_next else ""
    name = f"{occasions.action(line.occasion.kind)} {occasions.period(line.occasion, basis)}"
    passed = line.deadline.days_left < 0
    progress = "พ้นกำหนดแล้ว" if passed else _progress(line.deadline)
    return Row(
        title=f"{mark}{name}",
        note=f"{word(line.deadline.stage)} {span_text(line.deadline.span)} · {progress}",
        colour=RED if line.is_next and line.deadline.days_left == 0 else _colour(line.deadline),
        press=line.press,
        about=f"กำหนดเวลา {name}",
    )
