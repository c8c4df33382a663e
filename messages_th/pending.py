"""What waits for a decision: the list, and one item before it is decided (``domain.md`` §3, §10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.fiscal import YearBasis
from domain.submissions import SubmissionKind
from domain.windows import Occasion
from messages_th import occasions
from messages_th.formats import LAST_DAY, count, dated_deadline, short_date
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREY, NAVY, RED, Button, Count, Page, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain

_NO_NAME = "แผนหรือรายงานของหน่วยงาน"
_OTHERS = "อื่น ๆ"
_NAME_LENGTH = 90
"""Graphemes of a unit or position within a line; a deputy permanent secretary's takes up to 80."""


@dataclass(frozen=True, slots=True)
class Delay:
    """The last day of the step's window with the days left, both kinds counted without today."""

    closes_on: date
    days_left: int
    working_days_left: int


@dataclass(frozen=True, slots=True)
class PendingItem:
    """One thing that waits. ``holder`` is whose step it is (a position), empty where it is the reader's own.

    ``press`` is the data of a tap on its row; empty where there is nothing to open.
    """

    code: str
    name: str
    unit: str
    kind: SubmissionKind
    occasion: Occasion
    basis: YearBasis
    step: int
    holder: str
    since: date | None
    delay: Delay | None
    press: str = ""

    @property
    def matter(self) -> str:
        """What waits and when it is for: «รายงานความก้าวหน้า ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)»."""
        return occasions.matter(self.kind, self.occasion, self.basis)


@dataclass(frozen=True, slots=True)
class PendingFigures:
    """The counts of the whole list, of which a page shows ten."""

    total: int
    overdue: int = 0
    last_day: int = 0
    by_group: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class PendingView:
    """Whose list it is. ``own``: the reader decides; ``on_behalf`` names whom the reader acts for or assists.

    ``place`` and ``period`` say what the list was narrowed down to; ``late``: to what waits too long.
    """

    own: bool
    assists: bool = False
    on_behalf: Sequence[str] = ()
    place: str = ""
    period: str = ""
    late: bool = False


def pending_list(
    reader: Reader,
    view: PendingView,
    figures: PendingFigures,
    items: Sequence[PendingItem],
    page: Page,
    as_of: datetime,
    buttons: Sequence[Button] = (),
) -> Rendered:
    """Return the list, counts first."""
    return listing(
        Sheet(
            headline=_headline(view),
            as_of=as_of,
            place=view.place,
            period=view.period,
            intro=_whose(view),
            counts=_counts(view, figures),
            rows=[_row(view, item) for item in items],
            empty=f"ไม่มีรายการ{'ค้างเกินกำหนด' if view.late else 'รออนุมัติ'}{reader.particle}",
            note=_tap(view) if any(item.press for item in items) else "",
            page=page,
            buttons=buttons,
        )
    )


def _headline(view: PendingView) -> str:
    if view.late:
        return "รายการค้างเกินกำหนด"
    return "รายการรอท่านพิจารณา" if view.own else "รายการรออนุมัติ"


def _whose(view: PendingView) -> str:
    names = " · ".join(cut(name, _NAME_LENGTH) for name in view.on_behalf)
    if view.assists:
        return f"เรื่องของ {names} ท่านดูและเตรียมเรื่องได้ การพิจารณาเป็นของผู้อนุมัติ"
    return f"รวมเรื่องที่ท่านพิจารณาแทน {names}" if names else ""


def _tap(view: PendingView) -> str:
    return "แตะที่เรื่องเพื่อพิจารณา" if view.own and not view.assists else "แตะที่เรื่องเพื่อดู"


def _counts(view: PendingView, figures: PendingFigures) -> list[Count]:
    if not figures.total:
        return []
    counts = [Count("รอท่านพิจารณา" if view.own else "รออนุมัติ", _items(figures.total))]
    if figures.overdue:
        counts.append(Count("พ้นกำหนดแล้ว", _items(figures.overdue), RED))
    if figures.last_day:
        counts.append(Count(LAST_DAY, _items(figures.last_day), BROWN))
    return counts + [Count(label, _items(number), GREY) for label, number in figures.by_group]


def _items(number: int) -> str:
    return f"{count(number)} เรื่อง"


def _row(view: PendingView, item: PendingItem) -> Row:
    is_today = item.delay is not None and item.delay.days_left == 0
    until = LAST_DAY if is_today else _until(item)
    parts = (
        item.matter,
        "" if view.own else cut(item.unit, _NAME_LENGTH),
        _turn(view, item),
        until,
    )
    return Row(
        title=item.name or _NO_NAME,
        code=item.code,
        note=" · ".join(filter(None, parts)),
        colour=_colour(item),
        press=item.press,
        about=item.code,
    )


def _turn(view: PendingView, item: PendingItem) -> str:
    holder = cut(item.holder, _NAME_LENGTH) or "ผู้อนุมัติ"
    whom = "รอท่านพิจารณา" if view.own and not item.holder else f"รอ{holder} พิจารณา"
    return f"{whom} ตั้งแต่ {short_date(item.since)}" if item.since else whom


def _until(item: PendingItem) -> str:
    if item.delay is None:
        return ""
    return dated_deadline(item.delay.closes_on, item.delay.days_left, item.delay.working_days_left)


def _colour(item: PendingItem) -> str:
    if item.delay is None or item.delay.days_left > 0:
        return GREY
    return BROWN if item.delay.days_left == 0 else RED


def bulk_button(press: str) -> Button:
    """Return the button that begins the approval of several items at once."""
    return Button("อนุมัติหลายรายการ", press)


def whole_list_button(press: str) -> Button:
    """Return the button from one's own list to all that waits in the units that one sees."""
    return Button("ดูที่รออยู่ทั้งหมด", press)


def late_list_button(press: str) -> Button:
    """Return the button to what waits past its window or too long."""
    return Button("ค้างเกินกำหนด", press)


def waiting_by_ministry(
    reader: Reader, period: str, rows: Sequence[tuple[str, int, str]], page: Page, total: int, as_of: datetime
) -> Rendered:
    """Return how many reports wait in each ministry; rows are its name, the number, and the data of a tap."""
    return listing(
        Sheet(
            headline="รายการรออนุมัติ",
            as_of=as_of,
            place="ทุกกระทรวง",
            period=period,
            counts=[Count("รายงานที่รออนุมัติ", _items(total))] if total else [],
            rows=[Row(name, note=_items(number), colour=NAVY, press=press, about=name) for name, number, press in rows],
            empty=f"ไม่มีรายการรออนุมัติ{reader.particle}",
            page=page,
        )
    )


def not_your_step(reader: Reader, item: PendingItem) -> Rendered:
    """Return whose step it is, to somebody who sees the item but does not decide it now."""
    return plain(
        f"{item.code or item.name} ไม่ได้อยู่ในลำดับการอนุมัติของท่าน{reader.particle}\n"
        f"{item.matter}\n{_turn(PendingView(own=False), item)} (ลำดับที่ {item.step})"
    )


def not_found(reader: Reader, said: str) -> Rendered:
    """Return that nothing of this code or name waits for the reader."""
    return plain(f"ไม่พบเรื่องที่รอท่านพิจารณาตรงกับ “{cut(said, _NAME_LENGTH)}”{reader.particle} โปรดตรวจรหัสหรือชื่อโครงการอีกครั้ง")


def how_to_ask(reader: Reader, route: Sequence[str]) -> Rendered:
    """Return, to an officer who asks for an approval, how it goes and who decides in which order."""
    steps = "\n".join(f"{order}. {holder}" for order, holder in enumerate(route, 1))
    ways = f"\nลำดับการอนุมัติของหน่วยงานท่าน\n{steps}" if route else ""
    return plain(
        f"การอนุมัติเป็นของผู้อนุมัติตามลำดับ เมื่อส่งอนุมัติในระบบ eMENSCR แล้ว เรื่องจะไปรอผู้อนุมัติลำดับแรก{reader.particle}{ways}\n"
        "พิมพ์ «รายการรออนุมัติ» เพื่อดูว่าเรื่องของท่านรออยู่ที่ใด"
    )


def waits_at(holder: str) -> str:
    """Return the label of what waits at a step: «รอปลัดกระทรวง»."""
    return f"รอ{cut(holder, _NAME_LENGTH)}" if holder else _OTHERS


def grouped(numbers: Mapping[str, int], most: int) -> Sequence[tuple[str, int]]:
    """Return the largest groups with their numbers, the rest added up; nothing where there is only one group."""
    if len(numbers) < 2:
        return ()
    named = ((name, number) for name, number in numbers.items() if name != _OTHERS)
    ranked = sorted(named, key=lambda pair: (-pair[1], pair[0]))
    rest = numbers.get(_OTHERS, 0) + sum(number for _, number in ranked[most:])
    return [*ranked[:most], *([(_OTHERS, rest)] if rest else [])]
