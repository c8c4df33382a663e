"""Links that end: a new phone, somebody else's code, a wish to leave, a block. What is told and what is erased."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.notices import NoticeFreezer
from domain.invite_codes import ATTACK
from scheduler.clock import Ticker
from scheduler.line_port import Answer
from storage import tables
from storage.outbox import NewMessage, enqueue
from storage.shared_state import StateKey, get
from storage.tables.messaging import AuditAction, NoticeKind, OutboxState
from tests.chatting import Chatter, Stranger, web_of
from tests.linking import colleague, letter, link, owner, person, places_of, trail
from tests.office import Bot, bangkok, labour
from tests.sending import HandClock, ScriptedLine, drain

__all__ = ["labour"]

OFFICER, HEAD, COORDINATOR, ADMIN = "P00033", "P00034", "P00003", "P00001"
NAME, HEAD_NAME = "นางสมศรี จันทร์เพ็ญ", "นางวราภรณ์ ศรีสุข"


@pytest.fixture
def bot(labour: Bot) -> Iterator[Bot]:
    labour.at = bangkok("20 มี.ค. 66", "10:00")
    yield labour
    labour.close()


@pytest.fixture
def coordinator(bot: Bot) -> Chatter:
    return colleague(bot, COORDINATOR)


@pytest.fixture
def officer(bot: Bot) -> Stranger:
    """Somebody who was linked with a letter."""
    phone = Stranger(bot)
    link(phone, OFFICER)
    return phone


def told(phone: Stranger | Chatter) -> list[str]:
    """Return the texts ("" for a card) pushed to a phone since it was asked last, after everything due was sent."""
    platform = web_of(phone.bot).line.platform
    before = {delivery.number for delivery in platform.deliveries(phone.account)}
    phone.bot.send()
    return [d.message.get("text", "") for d in platform.deliveries(phone.account) if d.number not in before]


def test_a_new_phone_takes_the_link_over_and_the_old_one_is_told(
    bot: Bot, coordinator: Chatter, officer: Stranger
) -> None:
    new_phone = Stranger(bot)
    asked = new_phone.says(letter(bot, OFFICER))
    assert asked.contains("ชื่อนี้ผูกกับบัญชี LINE อื่นอยู่", "บัญชีเดิมจะใช้งานต่อไม่ได้")
    assert new_phone.presses("ใช่").contains("บัญชี LINE เดิมของท่านใช้งานต่อไม่ได้แล้ว")
    assert owner(bot, new_phone.account) == OFFICER
    assert owner(bot, officer.account) is None
    (warning,) = told(officer)
    assert warning.startswith("เรียน คุณสมศรี จันทร์เพ็ญ")
    assert "ผูกกับบัญชี LINE อื่นแล้วเมื่อ 20 มี.ค. 66 เวลา 10.00 น." in warning
    (notice,) = [d.message["text"] for d in web_of(bot).line.platform.deliveries(coordinator.account)]
    assert NAME in notice
    assert "เปลี่ยนไปใช้บัญชี LINE อื่น" in notice
    assert officer.says("ผูกบัญชี").contains("ยังไม่ได้ผูกกับเจ้าหน้าที่")
    officer_traces = [place for place in places_of(bot, officer.account) if not place.startswith("inbox.")]
    assert officer_traces == []
    actions = [entry[:2] for entry in trail(bot, f"person:{OFFICER}")][-2:]
    assert actions == [(AuditAction.PERSON_UNLINK, OFFICER), (AuditAction.PERSON_LINK, OFFICER)]


def test_the_old_phone_is_told_at_night_and_the_coordinator_in_the_morning(
    bot: Bot, coordinator: Chatter, officer: Stranger
) -> None:
    bot.at = bangkok("20 มี.ค. 66", "22:00")
    link(Stranger(bot), OFFICER)
    assert len(told(officer)) == 1
    assert told(coordinator) == []
    bot.at = bangkok("21 มี.ค. 66", "08:30")
    assert len(told(coordinator)) == 1


def test_an_account_that_types_somebody_elses_code_leaves_its_own_person(
    bot: Bot, coordinator: Chatter, officer: Stranger
) -> None:
    asked = officer.says(letter(bot, HEAD))
    assert asked.contains(HEAD_NAME, f"บัญชี LINE นี้ผูกกับ {NAME} อยู่")
    assert owner(bot, officer.account) == OFFICER
    assert officer.presses("ใช่").contains("เรียน ท่านผู้อำนวยการกอง", f"เลิกผูกกับ {NAME} แล้ว")
    assert owner(bot, officer.account) == HEAD
    assert person(bot, OFFICER).line_user_id is None
    (notice,) = told(coordinator)
    assert NAME in notice
    assert "ยกเลิกการผูกบัญชี LINE" in notice
    assert trail(bot, f"person:{OFFICER}")[-1][:2] == (AuditAction.PERSON_UNLINK, HEAD)


def test_unlinking_erases_the_line_id_everywhere_and_keeps_the_audit_entry(
    bot: Bot, coordinator: Chatter, officer: Stranger
) -> None:
    bot.remind()
    bot.send()
    officer.says("โครงการของฉัน")
    assert {"inbox.body", "inbox.sender", "people.line_user_id"} <= set(places_of(bot, officer.account))
    assert officer.says("ยกเลิกการผูกบัญชี").contains(NAME, "ไอดี LINE และข้อความที่เก็บไว้จะถูกลบ")
    assert list(officer.last.buttons()) == ["ยืนยันการยกเลิก", "ไม่ยกเลิก"]
    assert owner(bot, officer.account) == OFFICER
    assert officer.presses("ยืนยันการยกเลิก").contains("ยกเลิกการผูกบัญชีแล้วค่ะ")
    assert places_of(bot, officer.account) == []
    gone = person(bot, OFFICER)
    assert (gone.linked_at, gone.consented_at, gone.privacy_version, gone.menu_id) == (None, None, "", None)
    action, actor, before, after = trail(bot, f"person:{OFFICER}")[-1]
    assert (action, actor, before["linked"], after) == (AuditAction.PERSON_UNLINK, OFFICER, True, None)
    (notice,) = told(coordinator)
    assert "จะไม่ได้รับการแจ้งเตือนจนกว่าจะผูกบัญชีใหม่" in notice
    assert officer.says("โครงการของฉัน").contains("ยังไม่ได้ผูกกับเจ้าหน้าที่")


def test_who_asked_to_unlink_may_change_their_mind_and_an_old_card_asks_anew(bot: Bot, officer: Stranger) -> None:
    officer.says("ยกเลิกการผูกบัญชี")
    press = officer.last.buttons()["ยืนยันการยกเลิก"]
    assert officer.presses("ไม่ยกเลิก").contains("ยังผูกบัญชีไว้ตามเดิม")
    officer.waits(minutes=11)
    assert officer.presses(press).contains("ยืนยันการยกเลิกหรือไม่")
    assert owner(bot, officer.account) == OFFICER
    officer.presses("ยืนยันการยกเลิก")
    assert owner(bot, officer.account) is None


def test_an_old_phone_that_line_knows_no_more_leaves_no_trace(bot: Bot, officer: Stranger) -> None:
    link(Stranger(bot), OFFICER)
    assert "outbox.account" in places_of(bot, officer.account)
    drain(bot.database, ScriptedLine(Answer(400)), HandClock(bot.at), freezer=NoticeFreezer())
    assert bot.outcome()[OFFICER] == (OutboxState.SKIPPED, "http_400")
    assert places_of(bot, officer.account) == []


def test_an_account_that_unlinks_is_forgotten_with_what_it_was_still_to_be_told(bot: Bot, officer: Stranger) -> None:
    link(Stranger(bot), OFFICER)
    link(officer, HEAD)
    officer.says("ยกเลิกการผูกบัญชี")
    officer.presses("ยืนยันการยกเลิก")
    assert places_of(bot, officer.account) == []
    assert told(officer) == []


def test_messages_made_ready_for_an_account_that_left_reach_nobody_else(bot: Bot, officer: Stranger) -> None:
    bot.remind()
    with bot.database.write() as session:
        row = session.scalars(
            select(tables.OutboxMessage).join(tables.Person).where(tables.Person.code == OFFICER)
        ).one()
        row.body, row.recipient, row.state = '[{"type":"text","text":"ลับ"}]', officer.account, OutboxState.PARKED
        row.uncertain = True
        number = row.id
    new_phone = Stranger(bot)
    link(new_phone, OFFICER)
    with bot.database.read() as session:
        row = session.get_one(tables.OutboxMessage, number)
        assert (row.state, row.reason, row.recipient) == (OutboxState.SKIPPED, "not_linked", None)


def test_an_answer_that_is_still_on_its_way_does_not_follow_the_person_to_another_account(
    bot: Bot, officer: Stranger
) -> None:
    with bot.database.write() as session:
        asker = session.scalars(select(tables.Person.id).where(tables.Person.code == OFFICER)).one()
        body = '[{"type":"text","text":"คำตอบของบัญชีเดิม"}]'
        answer = NewMessage("answer:x", NoticeKind.ANSWER, asker, bot.at, args={"body": body})
        enqueue(session, [answer], bot.at)
    new_phone = Stranger(bot)
    link(new_phone, OFFICER)
    assert "คำตอบของบัญชีเดิม" not in [*told(new_phone), *told(officer)]
    with bot.database.read() as session:
        state = session.scalar(select(tables.OutboxMessage.state).where(tables.OutboxMessage.key == "answer:x"))
    assert state is OutboxState.SKIPPED


def test_a_block_stops_messages_and_an_unblock_brings_them_and_the_menu_back(bot: Bot, officer: Stranger) -> None:
    with bot.database.write() as session:
        session.scalars(select(tables.Person).where(tables.Person.code == OFFICER)).one().menu_id = "richmenu-1"
        before = get(session, StateKey.PLAN_VERSION)
    officer.sends("unfollow", replyToken=None)
    assert person(bot, OFFICER).unreachable_since is not None
    bot.remind()
    assert bot.outcome()[OFFICER] == (OutboxState.SKIPPED, "blocked")
    assert owner(bot, officer.account) == OFFICER
    back = officer.sends("follow", follow={"isUnblocked": True})
    assert back.contains("เรียน คุณสมศรี จันทร์เพ็ญ", "กลับมารับการแจ้งเตือนได้ตามปกติแล้วค่ะ")
    returned = person(bot, OFFICER)
    assert returned.unreachable_since is None
    assert returned.menu_id != "richmenu-1"
    with bot.database.read() as session:
        assert get(session, StateKey.PLAN_VERSION) != before


def test_guessing_in_bulk_is_told_to_the_administrators_once_a_day(bot: Bot) -> None:
    admin = colleague(bot, ADMIN)
    clock = web_of(bot).clock
    with bot.database.write() as session:
        session.add_all(tables.LinkAttempt(account="hash", at=clock.real_now()) for _ in range(ATTACK))
    ticker = Ticker(bot.database, clock)
    assert ticker.tick()
    assert ticker.tick()
    ticker.close()
    (alarm,) = [text for text in told(admin) if "รหัสผูกบัญชี" in text]
    assert f"{ATTACK} ครั้ง" in alarm
    with bot.database.read() as session:
        kinds = session.scalars(select(tables.OutboxMessage.kind)).all()
    assert kinds.count(NoticeKind.ALARM) == 1
