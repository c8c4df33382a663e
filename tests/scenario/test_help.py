"""The menu as a card, whom else to ask, and small talk, for each role."""

import json
from datetime import UTC, datetime

import pytest

from domain.roles import Role
from messages_th.help import entries_for, menu_card
from messages_th.lengths import grapheme_length
from messages_th.reader import Reader
from messages_th.understanding.commands import TYPED_WORDS
from messages_th.understanding.intents import Intent
from messages_th.understanding.wishes import REPORTING
from tests.chatting import Chatter, Stranger
from tests.office import Bot, labour, texts

__all__ = ["labour"]

OFFICER, DIRECTOR_GENERAL, MONITOR, COORDINATOR, ADMIN = "P00017", "P00015", "P00002", "P00003", "P00001"


@pytest.mark.parametrize("role", Role)
def test_every_entry_of_the_menu_has_its_typed_word_and_a_tap_that_types_it(role: Role) -> None:
    card = json.loads(menu_card(Reader("ก", "", executive=False, roles=frozenset({role})), datetime.now(UTC)).body)
    rows = [box["action"] for box in card[0]["contents"]["body"]["contents"] if "action" in box]
    words = [REPORTING] if role is Role.PROJECT_OFFICER else []
    words += [TYPED_WORDS[intent] for intent in entries_for([role])]
    assert [(row["type"], row["text"]) for row in rows] == [("message", word) for word in words]
    assert set(words) <= set(texts(card))
    assert all(grapheme_length(row["label"]) <= 20 for row in rows)


def test_the_menu_is_of_the_askers_role_and_a_tap_leads_on(labour: Bot) -> None:
    monitor = Chatter(labour, MONITOR).says("เมนู")
    assert monitor.contains("สรุปภาพรวม", "กลุ่ม ป.ย.ป.")
    assert "รายการรออนุมัติ" not in monitor.text
    officer = Chatter(labour, OFFICER)
    assert officer.says("ใช้งานยังไง").contains("โครงการของฉัน")
    assert officer.presses("กำหนดส่ง").contains("กำหนดเวลารายงานความก้าวหน้า")


def test_questions_for_people_are_answered_with_whom_to_ask(labour: Bot) -> None:
    shown = Chatter(labour, OFFICER).says("ลืมรหัสเข้าระบบ eMENSCR ต้องติดต่อใคร")
    assert shown.contains("0-2280-4085 ต่อ 6232–6235", "แก้ไขให้ไม่ได้")
    assert shown.text.index("กลุ่ม ป.ย.ป.") < shown.text.index("0-2280-4085")


def test_greetings_fit_the_role_and_say_what_waits(labour: Bot) -> None:
    assert Chatter(labour, OFFICER).says("สวัสดีค่ะ").contains("สวัสดีค่ะ คุณสุดารัตน์ ใจดี", "เมนู")
    director = Chatter(labour, DIRECTOR_GENERAL).says("สวัสดี")
    assert director.contains("เรียน ท่านอธิบดี", "มีเรื่องรอท่านพิจารณา 1 เรื่อง")
    assert "ค่ะ" not in director.text


def test_other_matters_are_declined_kindly(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    assert officer.says("พรุ่งนี้ฝนตกไหม").contains("ที่นี่ตอบเฉพาะเรื่องการรายงานโครงการ")
    assert officer.says("เงินชราภาพประกันสังคมออกวันไหน").contains("สายด่วน 1506")


def test_a_stranger_gets_no_menu_of_ours(labour: Bot) -> None:
    stranger = Stranger(labour)
    for sentence in ("เมนู", TYPED_WORDS[Intent.AGENCY_SUMMARY], TYPED_WORDS[Intent.WINDOW_CALENDAR]):
        assert "โครงการของฉัน" not in stranger.says(sentence).text


def test_dropping_what_was_never_begun_does_not_end_the_link_of_the_account(labour: Bot) -> None:
    shown = Chatter(labour, OFFICER).says("ยกเลิก")
    assert shown.contains("ไม่มีการบันทึกสิ่งใด")
    assert shown.buttons() == {}
