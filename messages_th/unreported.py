"""What is not reported, and what is late: the words of both lists (``domain.md`` §3, §9, §10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.fiscal import Quarter, YearBasis
from domain.submissions import DutyState
from domain.windows import Span, Stage
from messages_th import formats
from messages_th.lengths import cut
from messages_th.listing import BROWN, NAVY, RED, Button, Count, Page, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

STATE_COLOURS: Mapping[DutyState, str] = {
    DutyState.MISSING: RED,
    DutyState.DRAFT: BROWN,
    DutyState.WAITING: NAVY,
    DutyState.RETURNED: BROWN,
}
OVERDUE = "เกินกำหนด"
"""What the quick reply says that leaves what is late."""
_BREAKDOWN = (DutyState.MISSING, DutyState.DRAFT, DutyState.WAITING, DutyState.RETURNED)
_LATE_OF = {Stage.AGENCY: "ค้างที่หน่วยงาน", Stage.UPPER: "ค้างที่ผู้อนุมัติระดับกระทรวง"}
_PLACE_LENGTH, _POSITION_LENGTH, _REASON_LENGTH = 80, 90, 100


@dataclass(frozen=True, slots=True)
class OwedProject:
    """A project whose report is not approved yet, as a row shows it.

    ``unit`` is named where the list has several, else empty. ``turn`` is the position of whoever decides the step where
    it waits (0: nowhere), ``is_yours`` says that the reader does. ``late`` is whose delay it is.
    """

    code: str
    name: str
    state: DutyState
    unit: str = ""
    step: int = 0
    turn: str = ""
    is_yours: bool = False
    since: date | None = None
    late: Stage | None = None
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One agency or ministry of the list; ``label`` is its own name of the quarter where that is another one."""

    name: str
    states: Mapping[DutyState, int]
    late: Mapping[Stage, int]
    press: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a list is about: whose data, of which quarter, as which calendar names it.

    ``own_label`` is how the agency that is looked at names the quarter, where the reader names it otherwise. ``opens``
    is the window where it has not opened yet, ``before_tracking`` that nothing of the quarter is owed.
    """

    place: str
    quarter: Quarter
    basis: YearBasis
    as_of: datetime
    own_label: YearBasis | None = None
    words: str = ""
    before_tracking: bool = False
    opens: Span | None = None


def unreported_card(
    about: About,
    reader: Reader,
    states: Mapping[DutyState, int],
    rows: Sequence[Row],
    page: Page,
    buttons: Sequence[Button],
) -> Rendered:
    """Return the list of what is not reported, the breakdown first."""
    total = sum(states.values())
    counts = [Count("ยังไม่รายงาน", _projects(total)), *_breakdown(states)] if total else []
    return listing(
        Sheet(
            headline="โครงการที่ยังไม่รายงาน",
            as_of=about.as_of,
            place=_place(about),
            period=formats.quarter_text(about.quarter, about.basis),
            intro=_intro(about),
            counts=counts,
            rows=rows,
            empty=f"ไม่มีโครงการที่ยังไม่รายงาน{_among(about)}{reader.particle}",
            page=page,
            buttons=buttons,
            alt=_alt("โครงการที่ยังไม่รายงาน", about, states),
        )
    )


def overdue_card(
    about: About, reader: Reader, late: Mapping[Stage, int], rows: Sequence[Row], page: Page, buttons: Sequence[Button]
) -> Rendered:
    """Return the list of what is late, whose delay it is first."""
    counts = [
        Count(_LATE_OF[stage], _projects(late[stage]), RED if stage is Stage.AGENCY else BROWN)
        for stage in (Stage.AGENCY, Stage.UPPER)
        if late.get(stage)
    ]
    return listing(
        Sheet(
            headline="โครงการที่เกินกำหนด",
            as_of=about.as_of,
            place=_place(about),
            period=formats.quarter_text(about.quarter, about.basis),
            intro=_intro(about),
            counts=counts,
            rows=rows,
            empty=f"ไม่มีโครงการที่เกินกำหนด{_among(about)}{reader.particle}",
            page=page,
            buttons=buttons,
        )
    )


def project_row(project: OwedProject, press: str, button: Button | None = None) -> Row:
    """Return the row of a project: its state, whose turn it is and since when; ``button`` is what to do about it."""
    parts = [cut(project.unit, _PLACE_LENGTH), _standing(project), _turn(project)]
    if project.late is not None:
        parts.append(OVERDUE if project.late is Stage.AGENCY else f"{OVERDUE}{word(Stage.UPPER)}")
    if project.late_reason:
        parts.append(f"เหตุผล: {cut(formats.one_line(project.late_reason), _REASON_LENGTH)}")
    return Row(
        title=project.name,
        code=project.code,
        note=" · ".join(filter(None, parts)),
        colour=RED if project.late is Stage.AGENCY else STATE_COLOURS[project.state],
        press=press,
        button=button,
    )


def share_row(share: Share, *, overdue: bool) -> Row:
    """Return the row of an agency or ministry with its part of the count."""
    if overdue:
        parts = [f"{_LATE_OF[stage]} {formats.count(number)}" for stage, number in share.late.items() if number]
        total = sum(share.late.values())
    else:
        parts = [
            f"{word(state)} {formats.count(share.states[state])}" for state in _BREAKDOWN if share.states.get(state)
        ]
        total = sum(share.states.values())
    label = f" ({share.label} ของหน่วยงาน)" if share.label else ""
    return Row(
        title=f"{share.name}{label}",
        note=f"{_projects(total)}: {' · '.join(parts)}",
        colour=NAVY,
        press=share.press,
        about=f"{'โครงการที่เกินกำหนด' if overdue else 'โครงการที่ยังไม่รายงาน'} {share.name}",
    )


def no_such_list(reader: Reader) -> Rendered:
    """Return that the list behind a button is not among what the reader may see."""
    return plain(f"ไม่พบรายการนี้ในส่วนที่ท่านดูได้{reader.particle}")


def download_button(press: str) -> Button:
    """Return the button that asks for the list as a spreadsheet."""
    return Button("ดาวน์โหลด Excel", press)


def chase_button(press: str) -> Button:
    """Return the button that begins reminding the units of the list."""
    return Button("ทวงถาม", press)


def reason_button(press: str) -> Button:
    """Return the button that begins explaining a delay."""
    return Button("แจ้งเหตุผล", press, primary=True)


def _standing(project: OwedProject) -> str:
    return f"{word(project.state)} ลำดับที่ {project.step}" if project.step else word(project.state)


def _turn(project: OwedProject) -> str:
    since = f"ตั้งแต่ {formats.short_date(project.since)}" if project.since else ""
    if project.step and project.is_yours:
        whose = "รอท่านพิจารณา"
    elif project.step:
        whose = f"รอ{cut(formats.one_line(project.turn), _POSITION_LENGTH) or 'ผู้อนุมัติ'}พิจารณา"
    elif project.state is DutyState.RETURNED:
        whose = "รอหน่วยงานแก้ไข"
    else:
        whose = "รอหน่วยงานรายงาน"
    return f"{whose} {since}".rstrip()


def _breakdown(states: Mapping[DutyState, int]) -> Sequence[Count]:
    return [Count(word(state), _projects(states.get(state, 0)), STATE_COLOURS[state]) for state in _BREAKDOWN]


def _alt(headline: str, about: About, states: Mapping[DutyState, int]) -> str:
    total = sum(states.values())
    period = formats.quarter_text(about.quarter, about.basis)
    if not total:
        return f"{headline} {period}: ไม่มี"
    return f"{headline} {period} {_projects(total)}: {' · '.join(_parts(states))}"


def _parts(states: Mapping[DutyState, int]) -> Sequence[str]:
    return [f"{word(state)} {formats.count(states[state])}" for state in _BREAKDOWN if states.get(state)]


def _projects(number: int) -> str:
    return f"{formats.count(number)} โครงการ"


def _place(about: About) -> str:
    return " · ".join(filter(None, (cut(about.place, _PLACE_LENGTH), about.words and f"ค้นหา “{about.words}”")))


def _among(about: About) -> str:
    return "ที่ตรงกับคำค้นหา" if about.words else ""


def _intro(about: About) -> str:
    said = []
    if about.own_label is not None:
        name = formats.quarter_name(about.quarter, about.own_label)
        said.append(f"หน่วยงานนี้ใช้{word(about.own_label)} เรียกว่า {name}")
    if about.before_tracking:
        said.append("ไตรมาสนี้อยู่ก่อนช่วงที่ระบบเริ่มติดตาม")
    elif about.opens is not None:
        said.append(f"ยังไม่เปิดให้รายงาน กำหนด {formats.span_text(about.opens)}")
    return " · ".join(said)
