"""The words of the guided tour of ``make demo``: eight steps from the opening of a round to a circular acknowledged.

What the tour waits for on the phones is made of the words of the real messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.fiscal import Quarter, YearBasis
from domain.submissions import UNDO_FOR
from domain.windows import WindowKind
from messages_th import formats, page_link
from messages_th.approval_card import APPROVE, wording
from messages_th.circulars import before_release, following, labels, letter_card, receiving
from messages_th.deciding import CONFIRM, NEXT_STEP
from messages_th.digest.wording import OPENED, REPORT_NOW
from messages_th.occasions import action
from messages_th.pages.report import before_text

TITLE = "ลองทำตามทีละขั้น"
UNIT, PROJECT = "รง0210", "รง 0210-66-0001"
"""Codes of the sample ministry: whose report the tour follows."""
_APPROVERS = ("ผู้อำนวยการศูนย์", "รองปลัดกระทรวง", "ปลัดกระทรวง")
"""The route of that unit: head, agency, permanent secretary."""
_RECIPIENTS = "สป.รง."
_UNBROKEN = str.maketrans({" ": "\N{NO-BREAK SPACE}", "-": "-\N{WORD JOINER}", "–": "\N{WORD JOINER}–\N{WORD JOINER}"})
ONE_HOUR = "เลื่อนเวลาไป 1 ชั่วโมง"
_MINUTES = int(UNDO_FOR.total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Words:
    """A step in words.

    ``how`` says what to press, each name of a button in «»; ``done`` are the words by which messages are known that
    arrive when it is done, one after the other.
    """

    title: str
    how: Sequence[str]
    done: Sequence[Sequence[str]]
    jump: str = ""
    says: str = ""


def opening(morning: datetime, quarter: Quarter) -> Words:
    """Return the step in which the round for ``quarter`` opens; ``morning`` is when officers hear of it (Bangkok)."""
    told = f"{OPENED}{action(WindowKind.QUARTER_REPORT)}"
    when = " ".join(map(_unbroken, (formats.weekday_date(morning.date()), f"เวลา {formats.clock_time(morning)}")))
    name = formats.quarter_text(quarter, YearBasis.FISCAL)
    return Words(
        title="เปิดรอบรายงาน",
        jump=f"เลื่อนเวลาไปเช้า{when}",
        how=(f"เช้าวันนั้นเปิดรอบ{_unbroken(name)}", f"กดปุ่มเลื่อนเวลา แล้วดูว่าเจ้าหน้าที่ได้รับข้อความ “{told}”"),
        done=((told, name),),
    )


def choosing() -> Words:
    """Return the step in which the officer asks for the form of the project."""
    return Words(
        title="เปิดแบบรายงานจากการ์ด",
        how=(f"ในโทรศัพท์ของเจ้าหน้าที่ กด «{REPORT_NOW}»", f"แล้วกด «{page_link.REPORT}» ใต้โครงการ {_unbroken(PROJECT)}"),
        done=((page_link.OPEN_REPORT, PROJECT),),
    )


def reporting(quarter: Quarter) -> Words:
    """Return the step in which the form for ``quarter`` is filled and sent to the first approver."""
    before = before_text(formats.quarter_name(quarter.previous(), YearBasis.FISCAL))
    return Words(
        title="กรอกและส่งแบบรายงาน (M6)",
        how=(
            f"กด «{page_link.OPEN_REPORT}» แล้วกด «เปิด» ในแท็บใหม่",
            f"กด «{before}» แล้วพิมพ์ผลสั้น ๆ ในช่องที่ยังว่าง ผลเบิกจ่ายใส่เท่าแผนไตรมาสนี้",
            "กด «ตรวจทานก่อนส่ง» แล้วกด «ส่งอนุมัติ» จากนั้นกลับมาที่แท็บนี้",
        ),
        done=((wording.YOUR_TURN, PROJECT, _step(1)),),
    )


def approving(step: int) -> Words:
    """Return the step of the tour in which the report is approved at a step of its route that is not the last."""
    undo = f"ลำดับก่อนหน้ายกเลิกได้ภายใน {_MINUTES} นาที เรื่องจึงมาถึงหลังจากนั้น กดเลื่อนเวลาก่อน"
    press = f"กด «{APPROVE}» บนการ์ด แล้วกด «{CONFIRM}»"
    return Words(
        title=f"{_APPROVERS[step - 1]}อนุมัติ {_step(step)}",
        jump=ONE_HOUR if step > 1 else "",
        how=(undo, press) if step > 1 else (press,),
        done=((NEXT_STEP, PROJECT, _step(step + 1)),),
    )


def finishing() -> Words:
    """Return the step in which the last one approves, and the officer hears of it."""
    who = _APPROVERS[-1]
    return Words(
        title=f"{who}อนุมัติ แล้วเจ้าหน้าที่ทราบว่า{wording.ALL_APPROVED}",
        jump=ONE_HOUR,
        how=(
            f"กดเลื่อนเวลา แล้วกด «{APPROVE}» และ «{CONFIRM}» ในโทรศัพท์ของ{who}",
            "ข้อความแจ้งผลถึงเจ้าหน้าที่ภายในหนึ่งนาที หากไม่รอ กดเลื่อนเวลาอีกครั้ง",
        ),
        done=((wording.ALL_APPROVED, PROJECT),),
    )


def circular(on: date) -> Words:
    """Return the step in which the coordinator sends a circular dated ``on``; the officer is among its recipients."""
    subject = "ขอเชิญประชุมชี้แจงการรายงานความก้าวหน้า"
    letter = f"{formats.thai_digits(f'ที่ รง 0214/ว 15 ลงวันที่ {formats.full_date(on)}')} เรื่อง {subject}"
    return Words(
        title="ป.ย.ป. ส่งหนังสือเวียน",
        says=f"ส่งหนังสือเวียน {letter} ถึง {_RECIPIENTS}",
        how=(
            "ในโทรศัพท์ของ ป.ย.ป. พิมพ์ประโยคด้านล่าง หรือกดปุ่มให้พิมพ์ให้",
            f"กด «{labels.CHECK}» แล้วกด «{before_release.RELEASE}» และ «{before_release.CONFIRM}»",
        ),
        done=((letter_card.ASKED, subject),),
    )


def acknowledging() -> Words:
    """Return the step in which the officer acknowledges, and the coordinator sees it counted."""
    return Words(
        title=f"เจ้าหน้าที่กด{letter_card.ACKNOWLEDGE} แล้ว ป.ย.ป. เห็นจำนวน",
        how=(
            f"ในโทรศัพท์ของเจ้าหน้าที่ กด «{letter_card.ACKNOWLEDGE}»",
            f"ในโทรศัพท์ของ ป.ย.ป. กด «{labels.FOLLOW}» แล้วดูจำนวนที่รับทราบแล้ว",
        ),
        done=((receiving.ACKNOWLEDGED,), (following.RECIPIENTS, following.ACKNOWLEDGED)),
    )


def _unbroken(text: str) -> str:
    return text.translate(_UNBROKEN)


def _step(step: int) -> str:
    return wording.step_of(step, len(_APPROVERS))
