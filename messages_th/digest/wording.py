"""What a reminder says of one topic (``domain.md`` §5, §10): the step, how many of what, and what to press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.reminders import Step, Topic
from domain.roles import PROJECT_KINDS
from domain.submissions import DutyState
from domain.windows import Stage, WindowKind
from messages_th.formats import count
from messages_th.lengths import cut
from messages_th.occasions import action, classifier
from messages_th.reader import Reader
from messages_th.words import word

OPENED = "เปิดให้"
"""How the headline of a window begins that opens."""
REPORT_NOW = "รายงานเลย"
UNITS_NAMED = 3
_NAME_LENGTH = 80
_CORRECTED = "(แก้ไขตามที่ส่งกลับ)"
_WITHOUT_APPROVAL = frozenset({WindowKind.OPEN_D, WindowKind.PROPOSAL})


def headline(topic: Topic) -> str:
    """Return what the topic is, as one clause: «ใกล้ครบกำหนดรายงานความก้าวหน้า».

    Whose step it is shows in the words: an approver is asked to consider, never to report.
    """
    kind = topic.occasion.kind
    doing = action(kind) if topic.stage is not Stage.UPPER else f"ส่ง{word(kind)} {_CORRECTED}"
    match topic.step:
        case Step.OPENED:
            return f"{OPENED}{doing}"
        case Step.AHEAD:
            return f"ใกล้ครบกำหนด{doing}"
        case Step.LAST_DAY:
            return f"วันทำการสุดท้ายของการ{doing}"
        case Step.OVERDUE:
            return f"พ้นกำหนด{doing}"
        case Step.PENDING:
            return f"รอท่านพิจารณา {word(kind)}"
        case Step.ESCALATED:
            return _escalated(topic)


def _escalated(topic: Topic) -> str:
    matter = word(topic.occasion.kind)
    states = {state for state, _ in topic.states}
    if states == {DutyState.WAITING}:
        return f"รอผู้อนุมัติ{word(topic.stage)}พิจารณา {matter}"
    if topic.stage is not Stage.UPPER:
        return f"หน่วยงานยังไม่ได้{action(topic.occasion.kind)}"
    if states == {DutyState.RETURNED}:
        return f"หน่วยงานยังไม่ได้ส่ง{matter} {_CORRECTED}"
    return f"ยังไม่ได้รับอนุมัติระดับกระทรวง: {matter}"


def how_many(topic: Topic) -> str:
    """Return the count with what it is made of: «ยังไม่กรอก 2 โครงการ», «5 โครงการ: ยังไม่กรอก 4 · ร่าง 1»."""
    kind = topic.occasion.kind
    things = f"{count(topic.count)} {classifier(kind)}"
    if topic.step is Step.PENDING or not topic.states:
        return things
    if len(topic.states) == 1:
        return f"{_state(kind, topic.states[0][0])} {things}"
    parts = " · ".join(f"{_state(kind, state)} {count(number)}" for state, number in topic.states)
    return f"{things}: {parts}"


def _state(kind: WindowKind, state: DutyState) -> str:
    if state is DutyState.MISSING and kind not in PROJECT_KINDS:
        return "ยังไม่นำเข้า"
    return word(state)


def units(topic: Topic, names: Mapping[str, str]) -> str:
    """Return the units that the topic concerns, the first few by name: «4 หน่วยงาน: กกจ. · กพร. และอีก 2»."""
    named = " · ".join(_unit_name(share.unit, names) for share in topic.shares[:UNITS_NAMED])
    if len(topic.shares) == 1:
        return named
    further = len(topic.shares) - UNITS_NAMED
    rest = f" และอีก {count(further)}" if further > 0 else ""
    return f"{count(len(topic.shares))} หน่วยงาน: {named}{rest}"


def shares(topic: Topic, names: Mapping[str, str]) -> Sequence[str]:
    """Return each unit with its part of the count: «กกจ. 12 โครงการ»."""
    counted = classifier(topic.occasion.kind)
    return [f"{_unit_name(share.unit, names)} {count(share.count)} {counted}" for share in topic.shares]


def _unit_name(code: str, names: Mapping[str, str]) -> str:
    return cut(names[code], _NAME_LENGTH)


def request(topic: Topic, reader: Reader) -> str:
    """Return what the reader is asked to do and which button does it."""
    match topic.step:
        case Step.PENDING:
            return f"โปรดกด «ดูรายการ» เพื่อพิจารณา{reader.particle}"
        case Step.ESCALATED:
            return _for_information(reader)
        case Step.OVERDUE if topic.is_to_be_reported:
            return f"ยังส่งได้ โดยจะแสดงว่าส่งล่าช้า โปรดกด «รายงานเลย» หากยังไม่พร้อม ขอความกรุณากด «แจ้งเหตุผล»{reader.particle}"
        case Step.OVERDUE if topic.late_allowed:
            return f"ยังส่งได้ โดยจะแสดงว่าส่งล่าช้า ขอความกรุณากด «แจ้งเหตุผล» ด้วย{reader.particle}"
        case Step.OVERDUE:
            return (
                f"ปิดรับแล้ว หากประสงค์จะส่ง โปรดติดต่อกลุ่ม ป.ย.ป. ของกระทรวง และขอความกรุณากด «แจ้งเหตุผล» ด้วย{reader.particle}"
            )
        case Step.OPENED | Step.AHEAD | Step.LAST_DAY:
            until = "ภายในวันนี้" if topic.step is Step.LAST_DAY else "ภายในกำหนด"
            button = REPORT_NOW if topic.is_to_be_reported else "ดูรายการ"
            return f"โปรดกด «{button}» เพื่อ{_work(topic)}{until}{reader.particle}"


def _work(topic: Topic) -> str:
    if topic.stage is Stage.UPPER:
        return "แก้ไขและส่งอนุมัติใหม่"
    return "ดำเนินการ" if topic.occasion.kind in _WITHOUT_APPROVAL else "ดำเนินการและส่งอนุมัติ"


def _for_information(reader: Reader) -> str:
    if reader.executive:
        return "จึงเรียนมาเพื่อโปรดทราบ กด «ดูรายการ» เพื่อดูรายละเอียด"
    aim = "เพื่อทราบและประสานหน่วยงาน" if reader.coordinates else "เพื่อทราบ"
    return f"{aim} โปรดกด «ดูรายการ» เพื่อดูรายละเอียด{reader.particle}"
