"""Taking over from an approver who left, and what people are told of deputies and handovers (``domain.md`` §1, §10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from messages_th import formats
from messages_th.delegation import Choice, Somebody, Substitution, facts_card, substitution_facts
from messages_th.lengths import cut
from messages_th.listing import GREY, NAVY, RED, Button, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

_HOLDINGS_SHOWN = 10
_NAME_LENGTH = 110


@dataclass(frozen=True, slots=True)
class Held:
    """How much waits for the same people (as messages call them, who acts for whom included); nobody: unheld."""

    holders: Sequence[str]
    number: int


def confirm(reader: Reader, former: Somebody, successor: Somebody, waiting: int, yes: str) -> Rendered:
    """Return what the handover means, with the button that does it."""
    facts = [
        ("ผู้พ้นตำแหน่ง", former.text),
        ("ผู้รับช่วงต่อ", successor.text),
        ("เรื่องที่รอพิจารณาขณะนี้", f"{formats.count(waiting)} เรื่อง"),
    ]
    lines = [
        "มีผลทันที: ทุกลำดับในเส้นทางอนุมัติของผู้พ้นตำแหน่งเป็นของผู้รับช่วงต่อ และสิทธิพิจารณาเดิมสิ้นสุด",
        "เรื่องที่พิจารณาไปแล้วยังคงเดิม",
    ]
    return facts_card("ยืนยันการโอนเรื่อง", reader.salutation, facts, lines, [Choice("ยืนยัน", yes, is_first=True)])


def handed_over(
    reader: Reader, former: Somebody, successor: Somebody, held: Sequence[Held], as_of: datetime
) -> Rendered:
    """Return that the successor took over, and who holds what now."""
    intro = f"โอนเรื่องของ {former.text} ให้ {successor.text} แล้ว{reader.particle}"
    return _holdings("โอนเรื่องแล้ว", intro, held, reader, as_of, ())


def holdings(reader: Reader, held: Sequence[Held], show: str, at: datetime) -> Rendered:
    """Return to a coordinator who holds now what changed hands at ``at``; ``show`` lists all that waits."""
    intro = f"{reader.salutation} ผู้พิจารณาของเรื่องที่รออนุมัติเปลี่ยนไปเมื่อ {formats.date_and_time(at)}"
    return _holdings("ขณะนี้ใครถือเรื่องใด", intro, held, reader, at, [Button("รายการรออนุมัติ", show, primary=True)])


def deputy_named(
    reader: Reader, one: Substitution, by: Somebody, waiting: int, show: str, *, is_deputy: bool
) -> Rendered:
    """Return to deputy or principal that the deputy was named, by whom, and how much waits."""
    facts = _facts(one, by)
    facts.append(("เรื่องที่รอพิจารณาขณะนี้", f"{formats.count(waiting)} เรื่อง"))
    whose = f"ท่านได้รับมอบหมายให้{word(one.capacity)}" if is_deputy else f"มีผู้{word(one.capacity)}ท่าน"
    said = f"{reader.salutation}\n{whose} {one.days}"
    choices = [Choice("รายการรออนุมัติ", show, is_first=True)] if is_deputy else []
    return facts_card(f"ผู้{word(one.capacity)}", said, facts, [], choices)


def last_day(reader: Reader, one: Substitution, waiting: int, show: str, *, is_deputy: bool) -> Rendered:
    """Return on its last working day that a delegation ends by itself, and what still waits."""
    facts = substitution_facts(one)
    facts.append(("เรื่องที่รอพิจารณาขณะนี้", f"{formats.count(waiting)} เรื่อง"))
    said = f"{reader.salutation}\nวันนี้เป็นวันทำการสุดท้ายของการ{word(one.capacity)}"
    lines = ["เมื่อพ้นวันสุดท้าย เรื่องที่ยังค้างจะรอผู้ดำรงตำแหน่งพิจารณาตามเดิม"]
    choices = [Choice("รายการรออนุมัติ", show, is_first=True)] if is_deputy else []
    return facts_card(f"การ{word(one.capacity)}ใกล้สิ้นสุด", said, facts, lines, choices)


def deputy_ended(reader: Reader, one: Substitution, by: Somebody) -> Rendered:
    """Return that a delegation was ended before its day, and by whom."""
    said = f"{reader.salutation}\nการ{word(one.capacity)}นี้สิ้นสุดก่อนกำหนดแล้ว"
    lines = ["เรื่องที่ยังค้างรอผู้ดำรงตำแหน่งพิจารณาตามเดิม"]
    return facts_card(f"สิ้นสุดการ{word(one.capacity)}", said, _facts(one, by), lines, [])


def nothing_to_hand_over(reader: Reader) -> Rendered:
    """Return that routes do not name the person (any more), or that the reader may not say who takes over."""
    return plain(f"ไม่พบผู้อนุมัตินี้ในเส้นทางอนุมัติ หรือโอนไปแล้ว{reader.particle}")


def _facts(one: Substitution, by: Somebody) -> list[tuple[str, str]]:
    return [*substitution_facts(one), ("กำหนดโดย", by.text)]


def _holdings(
    headline: str, intro: str, held: Sequence[Held], reader: Reader, as_of: datetime, buttons: Sequence[Button]
) -> Rendered:
    shown = held[:_HOLDINGS_SHOWN]
    rows = [
        Row(
            cut(" หรือ ".join(one.holders), _NAME_LENGTH) if one.holders else "ยังไม่มีผู้พิจารณา",
            note=f"{formats.count(one.number)} เรื่อง",
            colour=NAVY if one.holders else RED,
        )
        for one in shown
    ]
    if further := sum(one.number for one in held[_HOLDINGS_SHOWN:]):
        rows.append(Row(f"และผู้พิจารณาอื่นอีก {formats.count(further)} เรื่อง", colour=GREY))
    unheld = sum(one.number for one in held if not one.holders)
    note = f"โปรดกำหนดผู้อนุมัติของเรื่องที่ยังไม่มีผู้พิจารณา{reader.particle}" if unheld else ""
    empty = "" if rows else f"ไม่มีเรื่องที่รอพิจารณา{reader.particle}"
    return listing(
        Sheet(headline=headline, as_of=as_of, intro=intro, rows=rows, empty=empty, note=note, buttons=buttons)
    )
