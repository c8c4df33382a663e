"""Asking a unit why something is late, and thanking for the answer (``domain.md`` §5, §10: without blame)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.fiscal import YearBasis
from domain.submissions import MIN_REASON_LENGTH
from domain.windows import Occasion
from messages_th import occasions
from messages_th.formats import one_line
from messages_th.lengths import cut
from messages_th.listing import RED, Page, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

ANOTHER = "แจ้งเหตุผลอื่น"
"""What the quick reply says that goes on with the next late item."""
_NAME_LENGTH = 150


@dataclass(frozen=True, slots=True)
class LateItem:
    """Something late. ``code`` is a project's, ``name`` a project's or plan's; both may be empty for an own plan."""

    code: str
    name: str
    occasion: Occasion
    basis: YearBasis
    reason: str = ""


def which(reader: Reader, items: Sequence[tuple[LateItem, str]], page: Page, as_of: datetime) -> Rendered:
    """Return the question which of the late items is meant; each comes with the data of a tap."""
    return listing(
        Sheet(
            headline="เลือกรายการที่จะแจ้งเหตุผล",
            as_of=as_of,
            intro=f"โปรดแตะรายการที่ประสงค์จะแจ้งเหตุผล{reader.particle}",
            rows=[_row(item, press) for item, press in items],
            page=page,
        )
    )


def ask(reader: Reader, item: LateItem) -> Rendered:
    """Return the question why the item is late."""
    before = f"\nเหตุผลที่แจ้งไว้: {cut(one_line(item.reason), _NAME_LENGTH)}" if item.reason else ""
    return plain(
        f"{_about(item)}{before}\n\nขอความกรุณาพิมพ์เหตุผลที่ยังไม่ได้ดำเนินการ "
        f"(อย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร){reader.particle} "
        "หากไม่ประสงค์จะแจ้ง โปรดพิมพ์ «ยกเลิก»"
    )


def kept(reader: Reader, item: LateItem, reason: str) -> Rendered:
    """Return that the reason is recorded."""
    return plain(
        f"บันทึกเหตุผลแล้ว\n{_about(item)}\nเหตุผล: {cut(one_line(reason), _NAME_LENGTH)}\n\n"
        f"ผู้ประสานงานระดับกระทรวงจะเห็นเหตุผลนี้ในรายการ ขอบคุณ{reader.particle}"
    )


def nothing_late(reader: Reader) -> Rendered:
    """Return that nothing of it is late any more, or that it is not the asker's to explain."""
    return plain(f"ขณะนี้ไม่มีรายการเกินกำหนดที่ท่านต้องแจ้งเหตุผล{reader.particle}")


def _row(item: LateItem, press: str) -> Row:
    return Row(
        title=_name(item),
        code=item.code,
        note=f"แจ้งเหตุผลแล้ว: {cut(one_line(item.reason), _NAME_LENGTH)}" if item.reason else "ยังไม่ได้แจ้งเหตุผล",
        colour=RED,
        press=press,
        about=f"แจ้งเหตุผล {item.code or cut(_name(item), _NAME_LENGTH)}",
    )


def _about(item: LateItem) -> str:
    named = " ".join(filter(None, (item.code, cut(_name(item), _NAME_LENGTH))))
    return f"{named}\n{word(item.occasion.kind)} {occasions.period(item.occasion, item.basis)}"


def _name(item: LateItem) -> str:
    return one_line(item.name) or f"{word(item.occasion.kind)} ของหน่วยงาน"
