"""Taking back what was sent, before anybody decided."""

from __future__ import annotations

from datetime import datetime

from domain.submissions import SubmissionState
from messages_th import formats
from messages_th.approval_card import wording
from messages_th.approval_card.view import ItemView
from messages_th.information import About
from messages_th.lengths import cut
from messages_th.listing import BROWN, Button, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

_CONFIRM, _TO_PROJECT = "ยืนยันดึงกลับ", "ดูโครงการ"
_UNIT_LENGTH = 120


def confirm_withdrawal(about: About, item: ItemView, confirm: str, project: str, as_of: datetime) -> Rendered:
    """Return the one question before an item is taken back; ``project`` leads to its project, empty for plans."""
    sent = f"ส่งเมื่อ {formats.date_and_time(item.sent_at)}" if item.sent_at else ""
    buttons = [Button(_CONFIRM, confirm, about=f"{_CONFIRM} {about.code}".rstrip(), primary=True)]
    return listing(
        Sheet(
            headline="ดึงกลับเป็นฉบับร่าง",
            as_of=as_of,
            place=cut(formats.one_line(item.unit), _UNIT_LENGTH),
            period=about.matter,
            intro="\n".join(filter(None, (about.named(), sent, _due(item)))),
            empty="ข้อมูลที่กรอกไว้ยังอยู่ครบ และต้องส่งอนุมัติใหม่อีกครั้ง",
            buttons=[
                *buttons,
                *([Button(_TO_PROJECT, project, about=f"{_TO_PROJECT} {about.code}")] if project else []),
            ],
            colour=BROWN,
            alt=f"ดึงกลับเป็นฉบับร่าง {about.named()}",
        )
    )


def withdrawn(reader: Reader, about: About, item: ItemView) -> Rendered:
    """Return that it is a draft again, and until when it is to be sent; ``item`` is as it stood before."""
    lines = (about.lines(), _due(item))
    return plain("\n".join((f"ดึงกลับแล้ว{reader.particle} สถานะ: {word(SubmissionState.DRAFT)}", *filter(None, lines))))


def not_withdrawn(reader: Reader, about: About, item: ItemView, version: int) -> Rendered:
    """Return why it cannot be taken back: somebody decided, it is a draft, or was sent anew; and how it stands."""
    told = f"ดึงกลับไม่ได้แล้ว{reader.particle}"
    if item.state is SubmissionState.DRAFT:
        return plain(f"รายการนี้เป็นฉบับร่างอยู่แล้ว{reader.particle}\n{about.lines()}")
    if item.version != version:
        why = f"เพราะเป็นปุ่มของฉบับเดิม รายการนี้ส่งใหม่เป็นฉบับที่ {item.version} แล้ว"
    else:
        why = f"เพราะมีการพิจารณาแล้ว\n{wording.decided(item.decisions[-1])}" if item.decisions else "เพราะผ่านลำดับแรกแล้ว"
    step = f" {wording.step_of(item.step, item.steps)}" if item.step is not None else ""
    return plain(f"{told} {why}\n{about.lines()}\nขณะนี้: {wording.turn(item)}{step}")


def _due(item: ItemView) -> str:
    if item.delay is None:
        return ""
    return (
        f"กำหนดส่ง: {formats.dated_deadline(item.delay.closes_on, item.delay.days_left, item.delay.working_days_left)}"
    )
