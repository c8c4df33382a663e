"""Plain words to administrators when the machinery itself fails: what stands still, what it means, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from messages_th import formats
from messages_th.rendering import Rendered, text

_DOCTOR = "เรียก emenscr-bot doctor เพื่อดูสาเหตุ"
_MORE_QUOTA = "เพิ่มแพ็กเกจหรือซื้อข้อความเพิ่มใน LINE Official Account Manager"
_STOPPED: Mapping[str, tuple[str, Sequence[str]]] = MappingProxyType(
    {
        "quota": ("ใช้จำนวนข้อความของเดือนนี้ครบแล้ว", (_MORE_QUOTA,)),
        "token": (
            "LINE ไม่ยอมรับรหัสของช่องทาง",
            ("ตรวจสอบ LINE_CHANNEL_ID และ LINE_CHANNEL_SECRET ให้ตรงกับ LINE Developers Console", _DOCTOR),
        ),
        "forbidden": (
            "บัญชี LINE นี้ไม่มีสิทธิส่งข้อความ",
            ("ตรวจสอบสถานะและแพ็กเกจของบัญชีใน LINE Official Account Manager", _DOCTOR),
        ),
    }
)


def alarm(topic: str, facts: Mapping[str, object], now: datetime) -> Rendered:
    """Return what administrators are told of ``topic``; ``now`` is aware.

    Topics with their facts: ``sender_stopped`` (``reason``: quota, token or forbidden), ``quota_low`` (``limit`` and
    ``used``, messages of this month), ``sender_late`` and ``clock_late`` (``minutes``), ``link_attempts`` (``tries``).

    Raises:
        KeyError: an unknown topic or reason, or a fact is missing.
    """
    headline, effects, cure = _words(topic, facts)
    return text(
        "alarm",
        headline=headline,
        effects=effects,
        cure=cure,
        stands_still=topic != "link_attempts",
        as_of=formats.as_of(now),
    )


def _words(topic: str, facts: Mapping[str, object]) -> tuple[str, Sequence[str], Sequence[str]]:
    """Return the headline, what it means and what to do."""
    match topic:
        case "sender_stopped":
            headline, cure = _STOPPED[str(facts["reason"])]
            return headline, ("หยุดส่งข้อความทั้งหมดไว้ก่อน",), cure
        case "quota_low":
            return (
                "จำนวนข้อความของเดือนนี้ใกล้หมด",
                (
                    f"ใช้ไป {_number(facts, 'used')} จาก {_number(facts, 'limit')} ข้อความ",
                    "ส่งเฉพาะการแจ้งเตือนตามกำหนดเวลา ข้อความอื่นรอไว้ก่อน",
                ),
                (_MORE_QUOTA,),
            )
        case "sender_late":
            return (
                "ข้อความออกล่าช้า",
                (f"ข้อความแรกรอส่งมาแล้ว {_number(facts, 'minutes')} นาที",),
                ("ตรวจสอบว่าเปิดคำสั่ง emenscr-bot worker อยู่", "เรียก emenscr-bot outbox เพื่อดูข้อความที่รอ"),
            )
        case "clock_late":
            return (
                "ตัวตั้งเวลาหยุดทำงาน",
                (f"ไม่ทำงานมาแล้ว {_number(facts, 'minutes')} นาที", "ระหว่างนี้จะไม่มีการแจ้งเตือนกำหนดเวลา"),
                ("ตรวจสอบว่าเปิดคำสั่ง emenscr-bot clock อยู่", _DOCTOR),
            )
        case "link_attempts":
            return (
                "มีการพิมพ์รหัสผูกบัญชีผิดจำนวนมาก",
                (
                    f"ใน 1 ชั่วโมงที่ผ่านมามีรหัสผิด {_number(facts, 'tries')} ครั้ง อาจมีผู้พยายามเดารหัส",
                    "บัญชีที่พิมพ์ผิดซ้ำถูกพักไว้ชั่วคราว ผู้อื่นยังผูกบัญชีได้ตามปกติ",
                ),
                (
                    "สอบถามหน่วยงานที่เพิ่งได้รับรหัสว่าพิมพ์ผิดหรือไม่",
                    "หากสงสัยว่ารหัสรั่วไหล ออกรหัสใหม่ด้วย emenscr-bot invite รหัสเดิมจะใช้ไม่ได้",
                ),
            )
        case _:
            raise KeyError(topic)


def _number(facts: Mapping[str, object], name: str) -> str:
    return formats.count(int(str(facts[name])))
