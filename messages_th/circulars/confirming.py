"""What is asked before a circular is cancelled, sent again or its silent readers are reminded, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from messages_th import formats
from messages_th.circulars.letters import number_and_date
from messages_th.listing import BROWN, NAVY, RED, Button, Count, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain


@dataclass(frozen=True, slots=True)
class Ask:
    """What a question is about; ``confirm`` does it, ``back`` leads to how the circular stands."""

    letter_no: str
    confirm: str
    back: str
    as_of: datetime


def ask_cancel(reader: Reader, ask: Ask, sent: int, waiting: int) -> Rendered:
    """Return the question before a circular is cancelled, when ``waiting`` people have not got it yet."""
    counts = [Count("ได้รับแล้ว", _people(sent)), Count("จะไม่ได้รับ", _people(waiting), RED)]
    intro = (
        "เมื่อยกเลิกการส่ง ผู้ที่ยังรอส่งจะไม่ได้รับหนังสือนี้ ผู้ที่ได้รับแล้วยังเปิดอ่านและรับทราบได้ "
        f"และกลับมาส่งต่ออีกไม่ได้{reader.particle} หากต้องการหยุดไว้ก่อนโปรดใช้ «พักการส่ง»"
    )
    return _question(ask, "ยืนยันการยกเลิกการส่ง", intro, counts, "ยืนยันยกเลิกการส่ง", colour=RED)


def ask_resend(reader: Reader, ask: Ask, people: int, free: int | None) -> Rendered:
    """Return the question before a circular goes to ``people`` whom it failed to reach.

    ``free`` is how many messages of the month circulars may still take; None: not known, or without limit.
    """
    counts = [Count("ส่งซ้ำถึง", _people(people)), *_cost(people, free)]
    intro = f"ส่งเฉพาะผู้ที่ส่งไม่ถึงและขณะนี้ติดต่อได้ ผู้ที่ได้รับแล้วไม่ได้รับซ้ำ{reader.particle}"
    return _question(ask, "ส่งซ้ำเฉพาะที่ไม่ถึง", intro, counts, "ยืนยันส่งซ้ำ")


@dataclass(frozen=True, slots=True)
class SilentCount:
    """Who is silent: of ``silent`` people ``unreachable`` get no message; ``reminded`` were, or will be, today."""

    silent: int
    unreachable: int
    reminded: int

    @property
    def people(self) -> int:
        """How many a reminder goes to."""
        return max(self.silent - self.unreachable - self.reminded, 0)


def ask_remind(reader: Reader, ask: Ask, count: SilentCount, free: int | None) -> Rendered:
    """Return the question before the silent are reminded; without anybody to remind there is nothing to confirm."""
    counts = [Count("ยังไม่รับทราบ", _people(count.silent), BROWN)]
    if count.reminded:
        counts.append(Count("เตือนไปแล้ววันนี้", _people(count.reminded)))
    if count.unreachable:
        counts.append(Count("ติดต่อทาง LINE ไม่ได้", _people(count.unreachable), RED))
    counts += [Count("จะได้รับการเตือน", _people(count.people)), *_cost(count.people, free)]
    intro = (
        f"ข้อความถึงแต่ละคน: ที่หนังสือ เรื่อง วันสุดท้าย พร้อมปุ่มรับทราบ ส่งในเวลาราชการ วันละไม่เกินหนึ่งครั้งต่อฉบับ{reader.particle} "
        "ผู้ที่ได้รับการแจ้งเตือนของวันนี้แล้วจะได้รับในเช้าวันทำการถัดไปหากยังไม่รับทราบ"
    )
    return _question(ask, "เตือนผู้ยังไม่รับทราบ", intro, counts, "ส่งการเตือน" if count.people else "")


def _question(
    ask: Ask, headline: str, intro: str, counts: Sequence[Count], confirm: str, colour: str = NAVY
) -> Rendered:
    sure = [Button(confirm, ask.confirm, about=confirm, primary=True)] if confirm else []
    return listing(
        Sheet(
            headline=headline,
            as_of=ask.as_of,
            place=number_and_date(ask.letter_no, None),
            intro=intro,
            counts=counts,
            empty="โปรดตรวจสอบก่อนยืนยัน" if confirm else "ขณะนี้ไม่มีผู้ที่ต้องเตือนเพิ่ม",
            buttons=[*sure, Button("ไม่ดำเนินการ", ask.back, about="ไม่ดำเนินการ")],
            colour=colour,
        )
    )


def _cost(people: int, free: int | None) -> Sequence[Count]:
    counts = [Count("ใช้โควตาข้อความ", f"{formats.count(people)} ข้อความ")]
    if free is not None:
        colour = NAVY if free >= people else RED
        counts.append(Count("โควตาที่ใช้ได้เดือนนี้", f"{formats.count(free)} ข้อความ", colour))
    return counts


def paused(reader: Reader) -> Rendered:
    """Return that nothing more goes out until somebody resumes it."""
    return plain(f"พักการส่งแล้ว{reader.particle} ข้อความที่กำลังส่งอยู่อาจถึงผู้รับอีกเล็กน้อย กด «ส่งต่อ» เมื่อต้องการส่งต่อ")


def resumed(reader: Reader) -> Rendered:
    """Return that it goes on."""
    return plain(f"ส่งหนังสือต่อแล้ว{reader.particle}")


def cancelled(reader: Reader, people: int) -> Rendered:
    """Return that it was cancelled, and how many people get it no more."""
    unsent = f" ผู้ที่ไม่ได้รับ {_people(people)}" if people else ""
    return plain(f"ยกเลิกการส่งแล้ว{reader.particle}{unsent}")


def resent(reader: Reader, people: int) -> Rendered:
    """Return to how many it goes again."""
    return plain(f"กำลังส่งซ้ำถึง {_people(people)}{reader.particle}")


def reminded(reader: Reader, people: int) -> Rendered:
    """Return how many are reminded."""
    if not people:
        return plain(f"ผู้ที่ยังไม่รับทราบทุกคนได้รับการเตือนวันนี้แล้ว{reader.particle} เตือนได้อีกครั้งในวันทำการถัดไป")
    return plain(f"เตรียมส่งการเตือนถึง {_people(people)}แล้ว{reader.particle} ผู้ที่รับทราบก่อนจะไม่ได้รับการเตือน")


def _people(number: int) -> str:
    return f"{formats.count(number)} คน"
