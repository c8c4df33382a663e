"""What somebody owes, holds or watches: all of it at a glance, and the lists beside quarterly reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.fiscal import YearBasis
from domain.roles import PROJECT_KINDS
from domain.submissions import DutyState
from domain.windows import Occasion
from messages_th import formats, occasions
from messages_th.approval_card import WITHDRAW
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, NAME_LENGTH, NAVY, RED, Button, Count, Page, Row, Sheet, listing
from messages_th.page_link import page_link
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from messages_th.unreported import STATE_COLOURS
from messages_th.words import word

NOT_ENTERED = "ยังไม่นำเข้า"
_NOBODY = "ผู้อนุมัติ"
_REASON_LENGTH, _UNIT_LENGTH = 100, 80


@dataclass(frozen=True, slots=True)
class Due:
    """The agency's last day with the days left, both kinds counted without today."""

    closes_on: date
    days_left: int
    working_days_left: int

    @property
    def text(self) -> str:
        """The day in words."""
        return formats.dated_deadline(self.closes_on, self.days_left, self.working_days_left)

    @property
    def colour(self) -> str:
        """Ink that says how near it is."""
        if self.days_left > 0:
            return NAVY
        return BROWN if self.days_left == 0 else RED


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of duty for one window: how many in which state; ``press`` is the data of a tap that lists them."""

    occasion: Occasion
    basis: YearBasis
    states: Mapping[DutyState, int]
    due: Due | None
    press: str


@dataclass(frozen=True, slots=True)
class OwedItem:
    """A project entry or an agency's duty that is not done; ``name`` may be empty for an agency's own plan.

    ``state`` None: it was entered on ``entered_on``. ``details`` are lines below, ``button`` is what can be done.
    """

    code: str
    name: str
    unit: str
    state: DutyState | None
    reason: str = ""
    press: str = ""
    details: Sequence[str] = ()
    button: Button | None = None
    entered_on: date | None = None


def everything(
    reader: Reader,
    waiting: tuple[int, str] | None,
    matters: Sequence[Matter],
    page: Page,
    as_of: datetime,
    left: Row | None = None,
) -> Rendered:
    """Return all that the reader owes, holds or watches; ``waiting``: how many await the reader, and a tap's data.

    ``left`` leads to what is approved and still to be written into eMENSCR.
    """
    rows = [*([left] if left else []), *(_matter_row(matter) for matter in matters)]
    if waiting is not None and page.number == 1:
        number, press = waiting
        rows.insert(0, Row("รายการรอท่านพิจารณา", note=f"{formats.count(number)} เรื่อง", colour=NAVY, press=press))
    return listing(
        Sheet(
            headline="รายการทั้งหมดของท่าน",
            as_of=as_of,
            rows=rows,
            empty=f"ขณะนี้ไม่มีรายการที่ต้องดำเนินการหรือติดตาม{reader.particle}",
            page=page,
        )
    )


@dataclass(frozen=True, slots=True)
class OwedList:
    """What was not sent for one window, or not approved: a page of it, with the breakdown of the whole.

    ``unseen`` counts what the reader may know of and not see.
    """

    occasion: Occasion
    basis: YearBasis
    due: Due | None
    states: Mapping[DutyState, int]
    items: Sequence[OwedItem]
    page: Page
    unseen: int = 0


def owed_items(reader: Reader, owed: OwedList, as_of: datetime, buttons: Sequence[Button] = ()) -> Rendered:
    """Return the list."""
    occasion, items = owed.occasion, owed.items
    things = occasions.classifier(occasion.kind)
    note = f"หน่วยงานในสายงานของท่านกำลังดำเนินการอีก {formats.count(owed.unseen)} {things}" if owed.unseen else ""
    return listing(
        Sheet(
            headline=f"{word(occasion.kind)} {_unfinished(occasion)}",
            as_of=as_of,
            period=occasions.period(occasion, owed.basis),
            intro=owed.due.text if owed.due else "",
            counts=[
                Count(_state(occasion, state), f"{formats.count(number)} {things}", STATE_COLOURS[state])
                for state, number in owed.states.items()
                if number
            ],
            rows=[_item_row(occasion, item) for item in items],
            empty=note or f"ไม่มีรายการ{_unfinished(occasion)}{reader.particle}",
            note=note if items else "",
            page=owed.page,
            buttons=buttons,
        )
    )


def _matter_row(matter: Matter) -> Row:
    things = occasions.classifier(matter.occasion.kind)
    total = f"{formats.count(sum(matter.states.values()))} {things}"
    parts = " · ".join(
        f"{_state(matter.occasion, state)} {formats.count(number)}" for state, number in matter.states.items() if number
    )
    what = f"{word(matter.occasion.kind)} {occasions.period(matter.occasion, matter.basis)}"
    return Row(
        title=what,
        note=" · ".join(filter(None, (f"{total}: {parts}", matter.due.text if matter.due else ""))),
        colour=matter.due.colour if matter.due else NAVY,
        press=matter.press,
        about=what,
    )


def _item_row(occasion: Occasion, item: OwedItem) -> Row:
    reason = f"เหตุผล: {cut(formats.one_line(item.reason), _REASON_LENGTH)}" if item.reason else ""
    return Row(
        title=item.name or f"{word(occasion.kind)} ของหน่วยงาน",
        code=item.code,
        note=" · ".join(filter(None, (cut(item.unit, _UNIT_LENGTH), _standing(occasion, item), reason))),
        colour=STATE_COLOURS[item.state] if item.state else GREEN,
        press=item.press,
        about=item.code,
        details=item.details,
        button=item.button,
    )


def turn(step: int, steps: int, holders: Sequence[str]) -> Sequence[str]:
    """Return whose step it is that something waits at."""
    return [f"ลำดับที่ {step} จาก {steps}: รอ {cut(' / '.join(dict.fromkeys(holders)) or _NOBODY, _REASON_LENGTH)}"]


def returned(by: str, reason: str) -> str:
    """Return who sent something back, by position, and why."""
    return f"{cut(by, _UNIT_LENGTH)}: “{cut(formats.one_line(reason), _REASON_LENGTH)}”"


def enter_button(press: str) -> Button:
    """Return the button that opens the form of a duty."""
    return Button("บันทึกการนำเข้า", press)


def correct_button(press: str) -> Button:
    """Return the button that opens the form of a duty that is done."""
    return Button("แก้ไขการนำเข้า", press)


def withdraw_button(press: str) -> Button:
    """Return the button that takes back what nobody has decided on."""
    return Button(WITHDRAW, press)


def form_link(reader: Reader, occasion: Occasion, basis: YearBasis, about: str, link: str, as_of: datetime) -> Rendered:
    """Return the card whose button opens the form of a duty; ``about`` names the plan and the agency."""
    period = f"{word(occasion.kind)} {occasions.period(occasion, basis)}"
    button = Button("เปิดแบบบันทึก", uri=link, primary=True)
    return page_link(reader, "บันทึกการนำเข้า", period, button, as_of, cut(formats.one_line(about), NAME_LENGTH))


def _standing(occasion: Occasion, item: OwedItem) -> str:
    if item.state is not None:
        return _state(occasion, item.state)
    return f"นำเข้าแล้ว {formats.short_date(item.entered_on)}" if item.entered_on else ""


def _unfinished(occasion: Occasion) -> str:
    return "ที่ยังไม่ส่ง" if occasion.kind in PROJECT_KINDS else "ที่ยังไม่แล้วเสร็จ"


def _state(occasion: Occasion, state: DutyState) -> str:
    if state is DutyState.MISSING and occasion.kind not in PROJECT_KINDS:
        return NOT_ENTERED
    return word(state)
