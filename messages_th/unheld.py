"""Tells coordinators of steps that nobody holds who can be reached, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from domain.news import UnheldPost
from messages_th import formats
from messages_th.lengths import cut
from messages_th.listing import BROWN, ROWS_A_PAGE, Button, Count, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from messages_th.words import word

_UNITS_NAMED = 3
_NAME_LENGTH = 90


def unheld_steps(reader: Reader, posts: Sequence[UnheldPost], show_all: str, at: datetime) -> Rendered:
    """Return at whose steps how much waits; ``show_all`` is the data of the list of all that waits."""
    total = sum(post.number for post in posts)
    by_holder: dict[str, list[UnheldPost]] = {}
    for post in posts:
        by_holder.setdefault(post.holder or f"{post.unit} {post.step}", []).append(post)
    groups = sorted(by_holder.values(), key=lambda group: -sum(post.number for post in group))
    further = len(groups) - ROWS_A_PAGE
    return listing(
        Sheet(
            headline="ยังไม่มีผู้พิจารณาที่ติดต่อได้ทาง LINE",
            as_of=at,
            intro=(
                f"{reader.salutation} มีเรื่องรออนุมัติในลำดับที่ยังไม่มีผู้พิจารณาที่ติดต่อได้ทาง LINE "
                f"โปรดออกรหัสเชื่อมบัญชีหรือมอบหมายผู้รักษาราชการแทน{reader.particle}"
            ),
            counts=[Count("รออยู่", f"{formats.count(total)} เรื่อง", BROWN)],
            rows=[_row(group) for group in groups[:ROWS_A_PAGE]],
            note=f"และอีก {formats.count(further)} ตำแหน่ง" if further > 0 else "",
            buttons=[Button("ดูรายการ", show_all, about="รออนุมัติ", primary=True)],
            colour=BROWN,
        )
    )


def _row(group: Sequence[UnheldPost]) -> Row:
    post = group[0]
    numbers: Counter[str] = Counter()
    for each in group:
        numbers[each.unit] += each.number
    named = numbers.most_common(_UNITS_NAMED)
    units = " · ".join(f"{cut(unit, _NAME_LENGTH)} {formats.count(number)} เรื่อง" for unit, number in named)
    further = len(numbers) - len(named)
    return Row(
        title=post.holder or "ยังไม่มีผู้ดำรงตำแหน่งหรือผู้รักษาราชการแทน",
        note=f"ลำดับที่ {post.step} {word(post.stage)}",
        colour=BROWN,
        details=[f"{units} และอีก {formats.count(further)} หน่วยงาน" if further > 0 else units],
    )
