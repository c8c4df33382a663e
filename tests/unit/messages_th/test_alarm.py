import json
from datetime import datetime
from typing import Any

import pytest

from domain.reminders import BANGKOK
from messages_th.alarm import alarm
from scheduler.alarms import AlarmTopic
from scheduler.outcomes import StopReason

NOW = datetime(2023, 3, 20, 8, 30, tzinfo=BANGKOK)
FACTS: dict[str, Any] = {"reason": "token", "limit": 15000, "used": 14500, "minutes": 1200, "tries": 120}


@pytest.mark.parametrize(
    ("topic", "facts", "effect", "cure"),
    (
        ("clock_late", {"minutes": 34}, "ไม่ทำงานมาแล้ว 34 นาที", "emenscr-bot clock"),
        ("sender_late", {"minutes": 1200}, "ข้อความแรกรอส่งมาแล้ว 1,200 นาที", "emenscr-bot worker"),
        ("quota_low", {"limit": 15000, "used": 14500}, "ใช้ไป 14,500 จาก 15,000 ข้อความ", "ซื้อข้อความเพิ่ม"),
        ("link_attempts", {"tries": 1200}, "มีรหัสผิด 1,200 ครั้ง", "emenscr-bot invite"),
        ("sender_stopped", {"reason": "quota"}, "ใช้จำนวนข้อความของเดือนนี้ครบแล้ว", "ซื้อข้อความเพิ่ม"),
        ("sender_stopped", {"reason": "token"}, "LINE ไม่ยอมรับรหัสของช่องทาง", "LINE_CHANNEL_SECRET"),
        ("sender_stopped", {"reason": "forbidden"}, "ไม่มีสิทธิส่งข้อความ", "LINE Official Account Manager"),
    ),
)
def test_an_alarm_says_what_stands_still_and_what_to_do(
    topic: str, facts: dict[str, object], effect: str, cure: str
) -> None:
    rendered = alarm(topic, facts, NOW)
    (sent,) = json.loads(rendered.body)
    assert sent["type"] == "text"
    what, to_do = sent["text"].split("สิ่งที่ต้องดำเนินการ")
    assert what.startswith("แจ้งผู้ดูแลระบบ: ")
    assert effect in what
    assert cure in to_do
    assert sent["text"].endswith("ข้อมูล ณ วันที่ 20 มี.ค. 66 เวลา 08.30 น.")
    assert rendered.alt == sent["text"]


def test_every_alarm_that_can_be_raised_has_words() -> None:
    for topic in AlarmTopic:
        assert alarm(topic, FACTS, NOW).alt
    for reason in StopReason:
        assert alarm(AlarmTopic.SENDER_STOPPED, {"reason": reason}, NOW).alt


def test_an_alarm_without_words_is_an_error() -> None:
    with pytest.raises(KeyError):
        alarm("nonsense", FACTS, NOW)
    with pytest.raises(KeyError):
        alarm("sender_stopped", {"reason": "nonsense"}, NOW)


def test_an_alarm_reads_line_by_line() -> None:
    assert alarm("clock_late", {"minutes": 6}, NOW).alt.split("\n") == [
        "แจ้งผู้ดูแลระบบ: ตัวตั้งเวลาหยุดทำงาน",
        "ไม่ทำงานมาแล้ว 6 นาที",
        "ระหว่างนี้จะไม่มีการแจ้งเตือนกำหนดเวลา",
        "",
        "สิ่งที่ต้องดำเนินการ",
        "1. ตรวจสอบว่าเปิดคำสั่ง emenscr-bot clock อยู่",
        "2. เรียก emenscr-bot doctor เพื่อดูสาเหตุ",
        "เมื่อแก้ไขแล้ว ระบบจะส่งต่อให้เองโดยไม่ส่งซ้ำ",
        "",
        "ข้อมูล ณ วันที่ 20 มี.ค. 66 เวลา 08.30 น.",
    ]
