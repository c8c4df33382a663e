"""People decide how they are reminded: by words that open a card, by the card's buttons, and by putting one off."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.preferences import ReminderPreference
from domain.submissions import ExecutionStatus
from storage.queries.preferences import load_preferences
from storage.tables import AuditEntry, Person, Project, ReminderOccurrence
from storage.tables.messaging import AuditAction
from tests.chatting import Chatter, Shown, Stranger
from tests.office import Bot, bangkok, labour, steps
from tests.sending import line_on_loopback

__all__ = ["labour"]

OFFICER, APPROVER = "P00033", "P00034"
SNOOZE = "เตือนเช้าวันทำการถัดไป"


@pytest.fixture
def officer(labour: Bot) -> Chatter:
    return Chatter(labour, OFFICER)


def settings_of(bot: Bot, person: str = OFFICER) -> ReminderPreference:
    with bot.database.read() as session:
        return load_preferences(session).get(person, ReminderPreference())


def audited(bot: Bot, action: AuditAction) -> list[tuple[object, object]]:
    with bot.database.read() as session:
        found = select(AuditEntry.before, AuditEntry.after).where(AuditEntry.action == action).order_by(AuditEntry.id)
        return [(before, after) for before, after in session.execute(found)]


def chosen(shown: Shown) -> set[str]:
    """The buttons of choices that hold now."""
    return {
        node["action"]["label"] for node in nodes(shown.messages) if node.get("style") == "primary" and "action" in node
    }


def nodes(found: object) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        yield found
        for value in found.values():
            yield from nodes(value)
    elif isinstance(found, list | tuple):
        for value in found:
            yield from nodes(value)


def test_words_alone_change_nothing_and_the_button_does(officer: Chatter, labour: Bot) -> None:
    proposed = officer.says("เตือนล่วงหน้า 3 วันพอ")
    assert proposed.contains("ล่วงหน้า 3 วันทำการ", "โปรดกด «ยืนยัน»ค่ะ")
    assert settings_of(labour) == ReminderPreference()
    done = officer.presses("ยืนยัน")
    assert done.contains("บันทึกการตั้งค่าแล้วค่ะ", "ล่วงหน้า 3 วันทำการ")
    assert chosen(done) == {"3 วัน", "จ.", "อ.", "พ.", "พฤ.", "ศ."}
    assert settings_of(labour) == ReminderPreference(lead_days=(3,))
    assert audited(labour, AuditAction.PREFERENCE_SET) == [
        ({"lead_days": None, "quiet_weekdays": []}, {"lead_days": [3], "quiet_weekdays": []})
    ]


def test_the_card_shows_how_it_is_and_each_button_changes_one_thing(officer: Chatter, labour: Bot) -> None:
    shown = officer.says("ตั้งค่าการแจ้งเตือน")
    assert shown.contains("ล่วงหน้า 5 และ 2 วันทำการ (ตามนโยบายกระทรวง)", "รับการแจ้งเตือนทุกวันทำการ")
    assert "ใช้ตามนโยบายกระทรวง" not in shown.buttons()
    old_friday = shown.buttons()["ศ."]
    officer.presses("7 วัน")
    shown = officer.presses("ศ.")
    assert shown.contains("ไม่รับวันศุกร์", "ล่วงหน้า 7 วันทำการ")
    assert chosen(shown) == {"7 วัน", "จ.", "อ.", "พ.", "พฤ."}
    officer.presses(old_friday)  # an old card says what it said then: twice pressed changes nothing
    assert settings_of(labour) == ReminderPreference((7,), frozenset({5}))
    officer.says("ตั้งค่าการแจ้งเตือน")
    assert officer.presses("ศ.").contains("รับการแจ้งเตือนทุกวันทำการ")
    assert officer.presses("ใช้ตามนโยบายกระทรวง").contains("ล่วงหน้า 5 และ 2 วันทำการ (ตามนโยบายกระทรวง)")
    assert settings_of(labour) == ReminderPreference()
    assert len(audited(labour, AuditAction.PREFERENCE_SET)) == 4


def test_what_cannot_be_wished_is_explained(officer: Chatter, labour: Bot) -> None:
    assert officer.says("ปิดแจ้งเตือนวันเสาร์อาทิตย์").contains("ระบบไม่แจ้งเตือนอยู่แล้ว จึงไม่ต้องตั้งค่าค่ะ")
    assert officer.says("เตือนล่วงหน้า 60 วัน").contains("1–30 วันทำการ")
    for day in ("จ.", "อ.", "พ.", "พฤ."):
        officer.says("ตั้งค่าการแจ้งเตือน")
        officer.presses(day)
    officer.says("ตั้งค่าการแจ้งเตือน")
    assert officer.presses("ศ.").contains("ต้องเหลือวันทำการที่รับการแจ้งเตือนอย่างน้อยหนึ่งวันค่ะ")
    assert settings_of(labour).quiet_weekdays == {1, 2, 3, 4}
    for forged in ("st1:99:!0:", "st1:x::", "st1:!0:9:", "st1:!0:ก:"):
        officer.presses(forged)
    assert settings_of(labour).lead_days is None


def test_an_executive_has_quiet_days_but_nothing_to_be_reminded_of_ahead(labour: Bot) -> None:
    approver = Chatter(labour, APPROVER)
    assert approver.says("เตือนล่วงหน้า 3 วันพอ").contains("ใช้กับผู้ที่ต้องรายงานหรือนำเข้าข้อมูลเอง ท่านจึงไม่มีค่าที่ต้องตั้ง")
    shown = approver.says("ปิดแจ้งเตือนวันศุกร์")
    assert shown.contains("ไม่รับวันศุกร์", "วันทำการสุดท้ายของกำหนดแจ้งเตือนเสมอ")
    assert "ค่ะ" not in shown.text
    approver.presses("ยืนยัน")
    assert settings_of(labour, APPROVER).quiet_weekdays == {5}


def test_own_settings_decide_when_the_next_reminder_comes(officer: Chatter, labour: Bot) -> None:
    officer.says("เตือนล่วงหน้า 3 วันพอ")
    officer.presses("ยืนยัน")
    assert OFFICER in labour.remind(at=bangkok("7 มี.ค. 66"))  # the window opened
    assert OFFICER not in labour.remind(at=bangkok("13 มี.ค. 66"))  # the ministry's five working days ahead
    assert [step for *_, step, _ in steps(labour.remind(at=bangkok("15 มี.ค. 66"))[OFFICER])] == ["ahead"]


def test_a_stranger_cannot_press_anybodys_settings(labour: Bot) -> None:
    stranger = Stranger(labour)
    for data in ("st1:3::", "sn1:2023-03-20:0"):
        stranger.presses(data)
    with labour.database.read() as session:
        assert load_preferences(session) == {}
    assert audited(labour, AuditAction.PREFERENCE_SET) == audited(labour, AuditAction.REMINDER_SNOOZE) == []


# Putting one off


@pytest.fixture
def reminded(labour: Bot) -> Iterator[Chatter]:
    """An officer who has got the reminder of 13 มี.ค. 66, a Monday five working days before the last."""
    with line_on_loopback(phones=0) as line:
        labour.line = line
        labour.link(OFFICER)
        labour.at = bangkok("13 มี.ค. 66")
        labour.remind()
        labour.send()
        yield Chatter(labour, OFFICER)


def snooze_of(bot: Bot) -> str:
    (message,) = bot.phone(OFFICER)
    return Shown([message]).buttons()[SNOOZE]


def told(bot: Bot, on: str) -> list[tuple[str, str, int | None, str, int]]:
    found = bot.remind(at=bangkok(on)).get(OFFICER)
    return [] if found is None else steps(found)


def test_a_reminder_put_off_comes_again_once_on_the_next_working_morning(reminded: Chatter, labour: Bot) -> None:
    snooze = snooze_of(labour)
    labour.at = bangkok("13 มี.ค. 66", "10:00")
    said = reminded.presses(snooze)
    assert said.contains("อีกครั้งในเช้าวันอังคารที่ 14 มี.ค. 66ค่ะ")
    assert reminded.presses(snooze).text == said.text  # twice is harmless
    assert labour.remind() == {}  # nothing more today
    assert [step for *_, step, _ in told(labour, "14 มี.ค. 66")] == ["ahead"]
    assert told(labour, "15 มี.ค. 66") == []
    assert audited(labour, AuditAction.REMINDER_SNOOZE) == [(None, {"day": "2023-03-13"})]
    assert reminded.presses(snooze).contains("ของการแจ้งเตือนเมื่อวันจันทร์ที่ 13 มี.ค. 66 ซึ่งผ่านไปแล้ว")
    assert told(labour, "15 มี.ค. 66") == []


def test_what_is_done_meanwhile_does_not_come_again(reminded: Chatter, labour: Bot) -> None:
    reminded.presses(snooze_of(labour))
    with labour.writes() as session:
        session.execute(update(Project).values(execution_status=ExecutionStatus.CANCELLED))
    assert told(labour, "14 มี.ค. 66") == []


def test_on_the_last_day_it_says_that_the_deadline_is_today_and_still_does_it(labour: Bot) -> None:
    with line_on_loopback(phones=0) as line:
        labour.line = line
        labour.link(OFFICER)
        labour.remind()
        labour.send()
        officer = Chatter(labour, OFFICER)
        said = officer.presses(snooze_of(labour))
        assert said.contains("เช้าวันอังคารที่ 21 มี.ค. 66", "วันนี้เป็นวันทำการสุดท้ายของกำหนด")
        assert [step for *_, step, _ in told(labour, "21 มี.ค. 66")] == ["overdue"]


def test_a_friday_is_put_off_to_monday_even_when_pressed_on_sunday(labour: Bot) -> None:
    with line_on_loopback(phones=0) as line:
        labour.line = line
        labour.link(OFFICER)
        labour.remind(at=bangkok("17 มี.ค. 66"))
        labour.send()
        labour.at = bangkok("19 มี.ค. 66")
        officer = Chatter(labour, OFFICER)
        assert officer.presses(snooze_of(labour)).contains("เช้าวันจันทร์ที่ 20 มี.ค. 66")
        with labour.database.read() as session:
            kept = select(ReminderOccurrence.id).join(Person).where(Person.code == OFFICER)
            assert session.scalars(kept).all() == []
