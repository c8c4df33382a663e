"""What is said around a decision: the one question before it, what came of it, and the truth to old buttons.

Executives are told in a line or two what is so, by whom and since when (``domain.md`` §10); nobody is left guessing
whether a press counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.submissions import UNDO_FOR, SubmissionState
from messages_th import formats
from messages_th.approval_card import wording
from messages_th.approval_card.view import ItemView, ToldDecision
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, Button, Count, Row, Sheet, listing
from messages_th.occasions import matter
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain

CONFIRM, NEXT_STEP = "ยืนยันอนุมัติ", "ขั้นต่อไป"
_NAME_LENGTH, _UNIT_LENGTH, _LABEL_LENGTH = 160, 120, 20
_UNDOABLE = f"เมื่ออนุมัติแล้ว ยังยกเลิกได้ภายใน {UNDO_FOR // timedelta(minutes=1)} นาที"
_LAST_DONE = "ท่านเป็นผู้อนุมัติลำดับสุดท้าย ข้อมูลฉบับนี้ถือเป็นฉบับที่อนุมัติแล้ว"
_LAST = "เป็นการอนุมัติลำดับสุดท้าย เมื่ออนุมัติแล้วยกเลิกไม่ได้"


@dataclass(frozen=True, slots=True)
class Following:
    """What waits for the reader next; ``press`` opens it. ``left``: how much waits, or more; 0: not counted."""

    press: str
    left: int = 0
    is_more: bool = False

    @property
    def number(self) -> str:
        """How much waits: «12» or «50+»; empty where it was not counted."""
        return f"{formats.count(self.left)}{'+' if self.is_more else ''}" if self.left else ""


@dataclass(frozen=True, slots=True)
class Way:
    """Data of buttons that lead on, empty where they lead nowhere.

    ``undo`` takes the reader's approval back, ``until`` when at the latest.
    """

    show: str = ""
    undo: str = ""
    until: datetime | None = None
    following: Following | None = None


def confirm_approval(item: ItemView, cautions: Sequence[str], confirm: str, details: str, as_of: datetime) -> Rendered:
    """Return the one question before an approval; ``cautions`` are what to look at first."""
    step = wording.step_of(item.step or 1, item.steps)
    after = _LAST if item.step == item.steps else _UNDOABLE
    return listing(
        Sheet(
            headline=f"{CONFIRM} {step}",
            as_of=as_of,
            place=_place(item),
            period=_matter(item),
            intro="\n".join(filter(None, (_named(item), _on_behalf(item)))),
            counts=[Count(one.label, one.disbursed) for one in wording.money(item)[:1]] + _budget(item),
            rows=[Row("โปรดตรวจสอบก่อน", note=" · ".join(cautions), colour=BROWN)] if cautions else [],
            empty=after,
            note=after if cautions else "",
            buttons=[
                Button(CONFIRM, confirm, about=f"{CONFIRM} {_about(item)}", primary=True),
                Button("รายละเอียด", details, about=f"รายละเอียด {_about(item)}"),
            ],
            alt=f"{CONFIRM} {_about(item)} {step}",
        )
    )


def approved(reader: Reader, item: ItemView, way: Way, as_of: datetime) -> Rendered:
    """Return that an approval counts, who is next, and till when it can be taken back; ``item`` is as it stands now."""
    is_last = item.state is SubmissionState.APPROVED
    headline = wording.ALL_APPROVED if is_last else "อนุมัติแล้ว"
    then = (
        " ".join((_LAST_DONE, *([wording.UNIT_STILL_WRITES] if item.is_left_to_mirror else [])))
        if is_last
        else f"{NEXT_STEP}: {wording.whose(item.holders)} ({wording.step_of(item.step or 1, item.steps)})"
    )
    return _done(reader, item, headline, then, way, as_of, GREEN)


def returned(reader: Reader, item: ItemView, reason: str, way: Way, as_of: datetime) -> Rendered:
    """Return that an item went back to its unit, with the reason as it is told there."""
    told = f"แจ้งหน่วยงาน{_and_earlier(item)}แล้ว พร้อมเหตุผล\n“{cut(formats.one_line(reason), 300)}”"
    return _done(reader, item, "ส่งกลับแก้ไขแล้ว", told, way, as_of, BROWN)


def undone(item: ItemView, show: str, as_of: datetime) -> Rendered:
    """Return that an approval was taken back, so that the item waits for the reader again."""
    return _truth(item, "ยกเลิกการอนุมัติแล้ว", [f"เรื่องกลับมา{_turn(item)}"], Way(show), as_of)


def gone(reader: Reader) -> Rendered:
    """Return that there is no such item for the reader: the same whether it exists or not."""
    return plain(f"ไม่พบเรื่องนี้ในรายการที่ท่านดูหรือพิจารณาได้ในขณะนี้{reader.particle} โปรดพิมพ์ «รายการรออนุมัติ» เพื่อดูเรื่องที่รออยู่")


def already(item: ItemView, version: int, step: int, readers: Sequence[int], way: Way, as_of: datetime) -> Rendered:
    """Return the truth to a button of ``version`` and ``step``: who decided when, and where the item is now.

    ``readers`` are the steps that the reader decided on this version.
    """
    since = [one for one in item.decisions if one.step >= step]
    headline = "เรื่องนี้มีการเปลี่ยนแปลงแล้ว"
    lines = [_decided(one, is_readers=one.step in readers) for one in since]
    if item.version != version:
        at = f" เมื่อ {formats.date_and_time(item.sent_at)}" if item.sent_at else ""
        lines = [f"เรื่องนี้ส่งใหม่เป็นฉบับที่ {item.version}{at} ปุ่มของฉบับเดิมจึงใช้ไม่ได้"]
        headline = "เรื่องนี้ส่งใหม่แล้ว"
    elif since:
        headline = "ท่านพิจารณาเรื่องนี้แล้ว" if since[0].step in readers else "เรื่องนี้พิจารณาแล้ว"
    elif item.state is SubmissionState.DRAFT:
        lines = ["หน่วยงานดึงเรื่องกลับไปแก้ไข และยังไม่ได้ส่งใหม่"]
    now = "" if item.state in (SubmissionState.DRAFT, SubmissionState.RETURNED) and lines else _now(item)
    return _truth(item, headline, [*lines, now, _undo_until(way)], way, as_of)


def own_submission(reader: Reader, item: ItemView, way: Way, as_of: datetime) -> Rendered:
    """Return that nobody decides what they sent, and who may."""
    others = [f"ผู้พิจารณาได้: {wording.whose(item.holders)}"] if len(item.holders) > 1 else []
    advice = f"โปรดให้ผู้มีสิทธิพิจารณาท่านอื่นดำเนินการ หรือแจ้งผู้ประสานงานระดับกระทรวง (ป.ย.ป.){reader.particle}"
    return _truth(item, "เรื่องนี้ท่านเป็นผู้ส่ง จึงพิจารณาเองไม่ได้", [*others, advice], way, as_of)


def not_your_step(item: ItemView, way: Way, as_of: datetime) -> Rendered:
    """Return, to somebody who may look at the item, that it is not theirs to decide, and whose it is."""
    return _truth(item, "เรื่องนี้ไม่ได้อยู่ในลำดับการอนุมัติของท่าน", [_now(item)], way, as_of)


def not_undone(item: ItemView, why: str, readers: Sequence[int], way: Way, as_of: datetime) -> Rendered:
    """Return that an approval cannot be taken back (``why``, a sentence), with all that was decided."""
    lines = [_decided(one, is_readers=one.step in readers) for one in item.decisions]
    return _truth(item, "ยกเลิกการอนุมัติไม่ได้", [why, *lines[-2:], _now(item)], way, as_of)


def still_waits(item: ItemView, way: Way, as_of: datetime) -> Rendered:
    """Return that nothing is to be taken back: the item waits for the reader."""
    return _truth(item, "เรื่องนี้รอท่านพิจารณาอยู่", [_now(item)], way, as_of)


def _done(reader: Reader, item: ItemView, headline: str, told: str, way: Way, as_of: datetime, colour: str) -> Rendered:
    notes = [_undo_until(way), _rest(reader, way)]
    return listing(
        Sheet(
            headline=headline,
            as_of=as_of,
            place=_place(item),
            period=_matter(item),
            intro=_named(item),
            empty=told,
            note="\n".join(filter(None, notes)),
            buttons=_buttons(item, way),
            colour=colour,
            alt=f"{headline} {_about(item)} {told}",
        )
    )


def _rest(reader: Reader, way: Way) -> str:
    if way.following is None:
        return f"ไม่มีเรื่องอื่นรอท่านพิจารณา{reader.particle}"
    return f"ยังมีเรื่องรอท่านพิจารณาอีก {way.following.number} เรื่อง" if way.following.number else ""


def _truth(item: ItemView, headline: str, lines: Sequence[str], way: Way, as_of: datetime) -> Rendered:
    told = "\n".join(filter(None, lines))
    return listing(
        Sheet(
            headline=headline,
            as_of=as_of,
            place=_place(item),
            period=_matter(item),
            intro=_named(item),
            empty=told,
            buttons=_buttons(item, way),
            alt=f"{headline} {_about(item)} {told}",
        )
    )


def _buttons(item: ItemView, way: Way) -> Sequence[Button]:
    buttons = []
    if way.following:
        left = f" (เหลือ {way.following.number})" if way.following.number else ""
        label = cut(f"เรื่องถัดไป{left}", _LABEL_LENGTH)
        buttons.append(Button(label, way.following.press, about="เรื่องถัดไป", primary=True))
    if way.undo:
        buttons.append(Button("ยกเลิกการอนุมัติ", way.undo, about=f"ยกเลิกการอนุมัติ {_about(item)}"))
    if way.show:
        buttons.append(Button("ดูเรื่องนี้", way.show, about=f"ดูเรื่อง {_about(item)}"))
    return buttons


def _undo_until(way: Way) -> str:
    if not way.undo or way.until is None:
        return ""
    return f"ยกเลิกได้ถึงเวลา {formats.clock_time(way.until)} หากผู้อนุมัติลำดับถัดไปยังไม่พิจารณา"


def _decided(decision: ToldDecision, *, is_readers: bool) -> str:
    told = wording.decided(decision)
    return f"{told} (ท่านเป็นผู้พิจารณา)" if is_readers else told


def _now(item: ItemView) -> str:
    return f"ขณะนี้: {_turn(item)}"


def _turn(item: ItemView) -> str:
    step = f" {wording.step_of(item.step, item.steps)}" if item.step is not None else ""
    return f"{wording.turn(item)}{step}"


def _on_behalf(item: ItemView) -> str:
    return f"ท่านพิจารณา{wording.acting(item)}" if item.acting else ""


def _budget(item: ItemView) -> list[Count]:
    budget = item.values.get("budget_total")
    return [Count("วงเงินงบประมาณ", formats.baht(budget))] if budget is not None else []


def _and_earlier(item: ItemView) -> str:
    return "และผู้อนุมัติลำดับก่อนหน้า" if any(not one.is_return for one in item.decisions) else ""


def _place(item: ItemView) -> str:
    return cut(formats.one_line(item.unit), _UNIT_LENGTH)


def _matter(item: ItemView) -> str:
    return matter(item.kind, item.occasion, item.basis)


def _named(item: ItemView) -> str:
    return " ".join(filter(None, (item.code, cut(formats.one_line(item.name), _NAME_LENGTH) or wording.NO_NAME)))


def _about(item: ItemView) -> str:
    return item.code or cut(formats.one_line(item.name), 80) or wording.NO_NAME
