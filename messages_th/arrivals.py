"""Something came to an approver's step: one thing at a glance, or how many and the most urgent of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from domain.news import ArrivedItem
from messages_th import formats
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREY, RED, ROWS_A_PAGE, Button, Count, Row, Sheet, listing
from messages_th.positions import acting_position
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from messages_th.submission_news import matter_text

_POSITION_LENGTH = 90
_NO_NAME = "แผนหรือรายงานของหน่วยงาน"


def arrivals(
    reader: Reader,
    items: Sequence[ArrivedItem],
    press: Callable[[ArrivedItem], str],
    show_all: str,
    start_bulk: str,
    at: datetime,
) -> Rendered:
    """Return what came, most urgent first; ``press`` returns the data of a tap on an item."""
    total = formats.count(len(items))
    overdue = sum(item.deadline is not None and item.deadline.days_left < 0 for item in items)
    last_day = sum(item.deadline is not None and item.deadline.days_left == 0 for item in items)
    counts = [Count("เรื่องที่มาถึงท่าน", f"{total} เรื่อง")]
    if overdue:
        counts.append(Count("พ้นกำหนดแล้ว", f"{formats.count(overdue)} เรื่อง", RED))
    if last_day:
        counts.append(Count(formats.LAST_DAY, f"{formats.count(last_day)} เรื่อง", BROWN))
    further = len(items) - ROWS_A_PAGE
    return listing(
        Sheet(
            headline="มีเรื่องรอท่านพิจารณา",
            as_of=at,
            intro=reader.salutation,
            counts=counts,
            rows=[_row(item, reader, press(item)) for item in items[:ROWS_A_PAGE]],
            note=f"และอีก {formats.count(further)} เรื่อง" if further > 0 else "",
            buttons=[
                Button("เปิดรายการ", show_all, about="รอท่านพิจารณา", primary=True),
                Button("อนุมัติหลายรายการ", start_bulk),
            ],
        )
    )


def _row(item: ArrivedItem, reader: Reader, press: str) -> Row:
    until = ""
    if item.deadline is not None:
        deadline = item.deadline
        until = formats.dated_deadline(deadline.span.closes_on, deadline.days_left, deadline.working_days_left)
    acting = ""
    if item.capacity is not None:
        own, principal = cut(reader.position, _POSITION_LENGTH), cut(item.principal, _POSITION_LENGTH)
        acting = acting_position(own, principal, item.capacity)
    details = (item.matter.unit, acting, until)
    return Row(
        title=item.matter.name or _NO_NAME,
        code=item.matter.code,
        note=f"{matter_text(item.matter)} · ลำดับที่ {item.step} จาก {item.steps}",
        colour=_colour(item),
        press=press,
        about=item.matter.code or matter_text(item.matter),
        details=[line for line in details if line],
    )


def _colour(item: ArrivedItem) -> str:
    if item.deadline is None or item.deadline.days_left > 0:
        return GREY
    return BROWN if item.deadline.days_left == 0 else RED
