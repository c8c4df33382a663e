"""Approving many at once: the list to tick off from, the summary before it is confirmed, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from domain.bulk_approval import Caution, Outcome
from domain.organisation import Capacity
from domain.submissions import UNDO_FOR
from messages_th.formats import LAST_DAY, baht, count, date_and_time, dated_deadline
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, GREY, NAVY, RED, Button, Count, Page, Row, Sheet, listing
from messages_th.occasions import matter
from messages_th.pending import Delay, PendingItem
from messages_th.positions import acting_position
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

_HEADLINE = "อนุมัติหลายรายการ"
_NO_NAME = "แผนหรือรายงานของหน่วยงาน"
_NOT_TOLD = "เรื่องหนึ่งในรายการ"
"""What is called so may not be named to the reader any more."""
_NAME_LENGTH = 90


@dataclass(frozen=True, slots=True)
class BulkItem:
    """One thing on the list. ``waiting`` None: it no longer waits as the list showed it.

    ``press`` opens it; ``toggle`` takes it out or, when ``excluded``, back. ``disbursed`` and ``budget`` are baht.
    """

    code: str
    name: str
    waiting: PendingItem | None
    press: str = ""
    toggle: str = ""
    excluded: bool = False
    disbursed: Decimal | None = None
    budget: Decimal | None = None
    cautions: Sequence[Caution] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """The counts of a whole list: ``shown`` of ``total`` that wait, of them ``excluded``, and ``gone`` since.

    ``place`` and ``period`` are what it was narrowed down to.
    """

    total: int
    shown: int
    excluded: int
    gone: int
    place: str = ""
    period: str = ""

    @property
    def included(self) -> int:
        """How many would be approved."""
        return self.shown - self.excluded - self.gone


@dataclass(frozen=True, slots=True)
class Principal:
    """In whose place ``number`` of the items are approved: a position, and in what capacity."""

    position: str
    capacity: Capacity | None
    number: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What is approved altogether, in baht: the quarter's money of reports, and the budgets of entries and edits."""

    disbursed: Decimal | None
    budget: Decimal | None
    with_cautions: int
    principals: Sequence[Principal] = ()


@dataclass(frozen=True, slots=True)
class ResultItem:
    """What became of one item; ``outcome`` None: nothing yet. ``following`` are positions; ``at`` business time."""

    code: str
    name: str
    outcome: Outcome | None
    press: str = ""
    by: str = ""
    principal: str = ""
    capacity: Capacity | None = None
    was_returned: bool = False
    at: datetime | None = None
    following: Sequence[str] = ()
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a confirmed list were approved, were not, and are left; ``can_undo``: some can be taken back yet."""

    approved: int
    refused: int
    unfinished: int
    can_undo: bool


def selection(
    reader: Reader, chosen: Selection, items: Sequence[BulkItem], page: Page, as_of: datetime, summary: str
) -> Rendered:
    """Return the list to tick off from; ``summary`` is the data of the button that leads on."""
    return listing(
        Sheet(
            headline=_HEADLINE,
            as_of=as_of,
            place=chosen.place,
            period=chosen.period,
            intro=_how_many(chosen),
            counts=_chosen(chosen),
            rows=[_ticked(item) for item in items],
            empty=_nothing(reader),
            note="เรื่องที่นำออกยังรอท่านพิจารณาตามเดิม ยังไม่มีการบันทึกผลในขั้นนี้",
            page=page,
            buttons=(Button("สรุปก่อนอนุมัติ", summary, primary=True),),
        )
    )


def summary(
    reader: Reader,
    chosen: Selection,
    totals: Totals,
    items: Sequence[BulkItem],
    page: Page,
    as_of: datetime,
    *,
    confirm: str,
    back: str,
) -> Rendered:
    """Return what a confirmation would approve, what to look at first; ``confirm`` and ``back`` are button data.

    Without ``confirm`` there is nothing to approve.
    """
    label = f"ยืนยันอนุมัติ {count(chosen.included)} เรื่อง"
    buttons = [Button(label, confirm, primary=True)] if confirm else []
    return listing(
        Sheet(
            headline="สรุปก่อนอนุมัติ",
            as_of=as_of,
            place=chosen.place,
            period=chosen.period,
            intro=_on_behalf(reader, totals.principals),
            counts=[*_chosen(chosen), *_money(totals)],
            rows=[_summed_up(item) for item in items],
            empty=_nothing(reader),
            note="โปรดตรวจสอบก่อนยืนยัน เมื่อยืนยันแล้วระบบจะบันทึกการอนุมัติทีละเรื่อง" if confirm else "",
            page=page,
            buttons=[*buttons, Button("กลับไปเลือกรายการ", back)],
        )
    )


def result(
    tally: Tally, items: Sequence[ResultItem], page: Page, as_of: datetime, *, go_on: str = "", more: str = ""
) -> Rendered:
    """Return what became of a confirmed list, what was not approved first.

    ``go_on`` confirms once more what is unfinished, ``more`` shows what waits yet (button data).
    """
    counts = [Count("อนุมัติแล้ว", _items(tally.approved), GREEN)]
    if tally.refused:
        counts.append(Count("ยังไม่ได้อนุมัติ", _items(tally.refused), RED))
    if tally.unfinished:
        counts.append(Count("ยังดำเนินการไม่เสร็จ", _items(tally.unfinished), BROWN))
    buttons = [Button("ดำเนินการต่อ", go_on, primary=True)] if go_on else []
    return listing(
        Sheet(
            headline="ผลการอนุมัติหลายรายการ",
            as_of=as_of,
            counts=counts,
            rows=[_told(item) for item in items],
            note=_UNDO if tally.can_undo else "",
            page=page,
            buttons=[*buttons, *([Button("ดูเรื่องที่ยังรออยู่", more)] if more else [])],
            colour=GREEN,
        )
    )


_UNDO = (
    f"ยกเลิกการอนุมัติได้ภายใน {UNDO_FOR // timedelta(minutes=1)} นาที โดยแตะที่เรื่องนั้น "
    "เว้นแต่ลำดับถัดไปพิจารณาแล้ว หรือเป็นการอนุมัติลำดับสุดท้าย"
)


def nothing_waits(reader: Reader) -> Rendered:
    """Return that nothing waits for the reader's decision."""
    return plain(f"ไม่มีเรื่องที่รอท่านพิจารณา{reader.particle}")


def list_is_gone(reader: Reader) -> Rendered:
    """Return that a button is of a list that was made anew since, or that is somebody else's."""
    return plain(f"รายการนี้ใช้ไม่ได้แล้ว{reader.particle} ยังไม่มีการบันทึกผลจากการกดครั้งนี้ โปรดเปิดรายการรออนุมัติแล้วเลือกใหม่")


def selection_changed(reader: Reader) -> Rendered:
    """Return that nothing was approved, for the summary that was confirmed is not what is chosen now."""
    return plain(f"รายการที่เลือกเปลี่ยนไปหลังจากแสดงสรุปนั้น จึงยังไม่มีการอนุมัติ{reader.particle} โปรดตรวจสรุปล่าสุดแล้วยืนยันอีกครั้ง")


def _nothing(reader: Reader) -> str:
    return f"ไม่มีเรื่องที่จะอนุมัติ{reader.particle}"


def _items(number: int) -> str:
    return f"{count(number)} เรื่อง"


def _how_many(chosen: Selection) -> str:
    if chosen.shown == chosen.total:
        return ""
    return f"แสดง {count(chosen.shown)} จาก {count(chosen.total)} เรื่อง เรียงตามความเร่งด่วน"


def _chosen(chosen: Selection) -> list[Count]:
    counts = [Count("จะอนุมัติ", _items(chosen.included), GREEN)]
    if chosen.excluded:
        counts.append(Count("นำออกแล้ว", _items(chosen.excluded), GREY))
    if chosen.gone:
        counts.append(Count("ไม่ได้รออยู่แล้ว", _items(chosen.gone), BROWN))
    return counts


def _money(totals: Totals) -> list[Count]:
    counts = []
    if totals.disbursed is not None:
        counts.append(Count("เบิกจ่ายตามรายงาน", baht(totals.disbursed)))
    if totals.budget is not None:
        counts.append(Count("วงเงินโครงการ", baht(totals.budget)))
    if totals.with_cautions:
        counts.append(Count("ควรตรวจสอบก่อน", _items(totals.with_cautions), BROWN))
    return counts


def _on_behalf(reader: Reader, principals: Sequence[Principal]) -> str:
    roles = ((who, acting_position(reader.position, who.position, who.capacity)) for who in principals)
    return "\n".join(f"{_items(who.number)} ในฐานะ {cut(role, 2 * _NAME_LENGTH)}" for who, role in roles)


def _ticked(item: BulkItem) -> Row:
    if item.waiting is None:
        return Row(item.name or _NOT_TOLD, item.code, note=_GONE, colour=BROWN)
    what = f"{_matter(item.waiting)} · {cut(item.waiting.unit, _NAME_LENGTH)}"
    label = "นำกลับ" if item.excluded else "นำออก"
    return Row(
        title=item.name or _NO_NAME,
        code=item.code,
        note="นำออกแล้ว ไม่อยู่ในรายการที่จะอนุมัติ" if item.excluded else _until(item.waiting.delay),
        colour=GREY if item.excluded else _urgency(item.waiting.delay),
        press=item.press,
        about=item.code,
        details=(what,),
        button=Button(label, item.toggle, about=f"{label} {item.code}".rstrip()),
    )


_GONE = "ไม่ได้รออยู่ที่ลำดับของท่านในฉบับที่แสดงแล้ว จะไม่ถูกอนุมัติ"


def _summed_up(item: BulkItem) -> Row:
    if item.waiting is None:
        return Row(item.name or _NOT_TOLD, item.code, note=_GONE, colour=BROWN)
    amounts = []
    if item.disbursed is not None:
        amounts.append(f"เบิกจ่าย {baht(item.disbursed)}")
    if item.budget is not None:
        amounts.append(f"วงเงิน {baht(item.budget)}")
    return Row(
        title=item.name or _NO_NAME,
        code=item.code,
        note=" · ".join(map(word, item.cautions)),
        colour=BROWN if item.cautions else NAVY,
        press=item.press,
        about=item.code,
        details=(" · ".join([_matter(item.waiting), *amounts]),),
    )


def _told(item: ResultItem) -> Row:
    is_good = item.outcome is Outcome.APPROVED
    return Row(
        title=item.name or (_NO_NAME if item.press else _NOT_TOLD),
        code=item.code,
        note=_approved(item) if is_good else _why_not(item),
        colour=GREEN if is_good else RED,
        press=item.press,
        about=item.code,
    )


def _approved(item: ResultItem) -> str:
    if item.is_final:
        return "อนุมัติครบทุกลำดับแล้ว"
    following = cut(" หรือ ".join(item.following), 2 * _NAME_LENGTH)
    return f"อนุมัติแล้ว ขั้นต่อไป: {following or 'ผู้อนุมัติลำดับถัดไป'}"


def _why_not(item: ResultItem) -> str:
    if item.outcome is None:
        return "ยังดำเนินการไม่ถึงเรื่องนี้"
    if item.outcome is Outcome.DECIDED and item.at is not None:
        who = cut(acting_position(item.by, item.principal, item.capacity), 2 * _NAME_LENGTH)
        return f"{who} {'ส่งกลับแก้ไข' if item.was_returned else 'อนุมัติ'}แล้วเมื่อ {date_and_time(item.at)}"
    return word(item.outcome)


def _matter(waiting: PendingItem) -> str:
    return matter(waiting.kind, waiting.occasion, waiting.basis)


def _until(delay: Delay | None) -> str:
    if delay is None or delay.days_left == 0:
        return LAST_DAY if delay else ""
    return dated_deadline(delay.closes_on, delay.days_left, delay.working_days_left)


def _urgency(delay: Delay | None) -> str:
    if delay is None or delay.days_left > 0:
        return GREY
    return BROWN if delay.days_left == 0 else RED
