"""From the code in a letter to a linked account: typed, asked, confirmed; and all that may go wrong on the way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from domain.invite_codes import ATTACK, TRIES
from domain.windows import WindowKind
from handlers.late_reasons import ExplainDelay
from handlers.linking import ConfirmLink, DeclineLink
from handlers.reminders import ShowAllDuties
from messages_th.linking import PRIVACY_VERSION
from storage import tables
from storage.linking import confirm, wrong_codes
from storage.outbox_claims import Now
from storage.reference import load_reference
from storage.tables.messaging import AuditAction
from tests.chatting import Chatter, Shown, Stranger, web_of
from tests.linking import colleague, letter, link, owner, person, places_of, trail
from tests.office import Bot, bangkok, labour

__all__ = ["labour"]

OFFICER, HEAD, COORDINATOR = "P00033", "P00034", "P00003"
NAME, POSITION = "นางสมศรี จันทร์เพ็ญ", "นักวิเคราะห์นโยบายและแผนปฏิบัติการ"
UNKNOWN = "AB2D-EF3H-JK4N"


@pytest.fixture
def bot(labour: Bot) -> Iterator[Bot]:
    yield labour
    labour.close()


@pytest.fixture
def stranger(bot: Bot) -> Stranger:
    return Stranger(bot)


def invites(bot: Bot, **values: object) -> None:
    """Change all codes."""
    with bot.database.write() as session:
        session.execute(update(tables.InviteCode).values(**values))


def invite_number(shown: Shown) -> int:
    return ConfirmLink.unpack(shown.buttons()["ใช่"]).invite


def test_whoever_types_the_code_of_a_letter_is_asked_and_linked(bot: Bot, stranger: Stranger) -> None:
    asked = stranger.says(f"รหัสของดิฉันคือ {letter(bot, OFFICER).lower().replace('-', ' ')} ค่ะ")
    assert asked.contains("ท่านคือ", NAME, POSITION, "ใช่หรือไม่", "ผู้นำเข้าข้อมูลโครงการ กองยุทธศาสตร์และแผนงาน กสร.")
    assert asked.contains("ข้อมูลส่วนบุคคล (ประกาศฉบับที่ 1)", "ไอดี LINE", "ลบภายใน 30 วัน", "«ยกเลิกการผูกบัญชี»")
    assert list(asked.buttons()) == ["ใช่", "ไม่ใช่"]
    assert owner(bot, stranger.account) is None
    welcome = stranger.presses("ใช่")
    assert welcome.contains("เรียน คุณสมศรี จันทร์เพ็ญ", "ผูกบัญชีเรียบร้อยแล้วค่ะ", "• โครงการของฉัน", "• เมนู")
    assert "โครงการของฉัน" in welcome.buttons()
    linked = person(bot, OFFICER)
    assert linked.line_user_id == stranger.account
    assert linked.privacy_version == PRIVACY_VERSION
    assert linked.consented_at is not None
    assert linked.consented_at == linked.linked_at
    assert stranger.says("ผูกบัญชี").contains(f"ผูกกับ {NAME}", "«ยกเลิกการผูกบัญชี»")
    issued, made = trail(bot, f"person:{OFFICER}")
    assert issued[:2] == (AuditAction.INVITE_ISSUE, None)
    assert made[:3] == (AuditAction.PERSON_LINK, OFFICER, None)
    assert made[3]["privacy_version"] == PRIVACY_VERSION
    assert stranger.account not in str((issued, made))


def test_executives_are_addressed_by_position_and_see_their_own_words(bot: Bot, stranger: Stranger) -> None:
    asked = stranger.says(letter(bot, "P00005"))
    assert asked.contains("ปลัดกระทรวง", "ใช่หรือไม่")
    assert not asked.contains("ใช่หรือไม่คะ")
    welcome = stranger.presses("ใช่")
    assert welcome.contains("เรียน ท่านปลัดกระทรวง", "• รายการรออนุมัติ")
    assert not welcome.contains("ค่ะ")


def test_linking_late_makes_the_clock_plan_anew(bot: Bot, stranger: Stranger) -> None:
    bot.remind()
    link(stranger, OFFICER)
    assert {p for p, reminder in bot.remind().items() if reminder["linked"]} == {OFFICER}


def test_a_code_works_once_and_then_looks_like_any_wrong_one(bot: Bot, stranger: Stranger) -> None:
    code = letter(bot, OFFICER)
    stranger.says(code)
    stranger.presses("ใช่")
    other = Stranger(bot)
    assert other.says(code).text == other.says(UNKNOWN).text
    assert not other.last.contains(NAME)
    assert owner(bot, stranger.account) == OFFICER
    again = stranger.says(code)
    assert again.contains("บัญชี LINE นี้ผูกกับ", NAME)


def test_codes_that_expired_or_were_replaced_or_never_existed_all_get_the_same_words(bot: Bot) -> None:
    replaced = letter(bot, OFFICER)
    expired = letter(bot, HEAD)
    with bot.database.write() as session:
        session.execute(update(tables.InviteCode).values(expires_at=tables.InviteCode.created_at))
    newest = letter(bot, OFFICER)
    answers = {Stranger(bot).says(code).text for code in (replaced, expired, UNKNOWN)}
    assert len(answers) == 1
    assert "ใช้รหัสนี้ไม่ได้ค่ะ" in answers.pop()
    assert Stranger(bot).says(newest).contains(NAME)


def test_a_new_code_voids_an_old_one_even_after_the_question(bot: Bot, stranger: Stranger) -> None:
    stranger.says(letter(bot, OFFICER))
    letter(bot, OFFICER)
    assert stranger.presses("ใช่").contains("ปุ่มนี้ใช้ไม่ได้แล้ว")
    assert owner(bot, stranger.account) is None


def test_the_question_may_be_answered_for_ten_minutes(bot: Bot, stranger: Stranger) -> None:
    code = letter(bot, OFFICER)
    stranger.says(code)
    stranger.waits(minutes=10, seconds=1)
    assert stranger.presses("ใช่").contains("เกิน 10 นาที", "พิมพ์รหัสผูกบัญชีอีกครั้ง")
    stranger.says(code)
    stranger.waits(minutes=9)
    assert stranger.presses("ใช่").contains("ผูกบัญชีเรียบร้อยแล้ว")


def test_yes_works_for_the_account_that_typed_the_code_and_once(bot: Bot, stranger: Stranger) -> None:
    asked = stranger.says(letter(bot, OFFICER))
    forged, thief = ConfirmLink(invite_number(asked)).pack(), Stranger(bot)
    for data in (forged, DeclineLink(invite_number(asked)).pack(), ConfirmLink(invite_number(asked) + 1).pack()):
        answer = thief.presses(data)
        assert answer.contains("ปุ่มนี้ใช้ไม่ได้แล้วค่ะ")
        assert not answer.contains(NAME)
    assert owner(bot, thief.account) is None
    stranger.presses("ใช่")
    assert owner(bot, stranger.account) == OFFICER
    assert stranger.presses(forged).contains("บัญชี LINE นี้ผูกกับ", NAME)
    assert len([entry for entry in trail(bot, f"person:{OFFICER}") if entry[0] is AuditAction.PERSON_LINK]) == 1


def test_of_two_accounts_that_confirm_one_code_at_once_one_wins(bot: Bot) -> None:
    """Both were asked; the database is given both answers in the same moment."""
    first, second = Stranger(bot), Stranger(bot)
    code = letter(bot, OFFICER)
    number = invite_number(first.says(code))
    second.says(code)
    clock, together = web_of(bot).clock, Barrier(2)

    def confirms(account: str) -> bool:
        with bot.database.write() as session:
            organisation = load_reference(session, bot.at.date()).rules.organisation
            if not bot.database.is_sqlite:  # there one writer waits for the other before the block begins
                together.wait(10)
            now = Now(clock.now(), clock.real_now())
            return confirm(session, organisation, account, number, PRIVACY_VERSION, now) is not None

    with ThreadPoolExecutor(4) as threads:
        wins = list(threads.map(confirms, (first.account, second.account)))
    assert wins == [False, True]
    assert [owner(bot, phone.account) for phone in (first, second)] == [None, OFFICER]


def test_two_presses_of_yes_at_once_link_once(bot: Bot, stranger: Stranger) -> None:
    asked = stranger.says(letter(bot, OFFICER))
    web = web_of(bot)
    press = asked.buttons()["ใช่"]
    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(web.deliver, [web.press(stranger.account, press) for _ in range(4)]))
    web.settle()
    assert statuses == [200] * 4
    assert owner(bot, stranger.account) == OFFICER
    assert [action for action, *_ in trail(bot, f"person:{OFFICER}")].count(AuditAction.PERSON_LINK) == 1


def test_who_says_no_voids_the_code_and_the_coordinator_is_told(bot: Bot, stranger: Stranger) -> None:
    coordinator, code = colleague(bot, COORDINATOR), letter(bot, OFFICER)
    stranger.says(code)
    assert stranger.presses("ไม่ใช่").contains("ไม่มีการผูกบัญชี", "ยกเลิกรหัสนี้แล้ว")
    assert stranger.says(code).contains("ใช้รหัสนี้ไม่ได้")
    assert owner(bot, stranger.account) is None
    assert trail(bot, f"person:{OFFICER}")[-1][:2] == (AuditAction.INVITE_DECLINE, None)
    bot.send()
    (notice,) = web_of(bot).line.platform.deliveries(coordinator.account)
    assert NAME in notice.message["text"]
    assert "ไม่ใช่เจ้าของ" in notice.message["text"]


def test_strangers_learn_how_to_link_and_nothing_else(bot: Bot, stranger: Stranger) -> None:
    code = letter(bot, OFFICER)
    way_in = stranger.sends("follow", follow={"isUnblocked": False}).text
    assert "ขอรหัสผูกบัญชีจากผู้ประสานงานระดับกระทรวง" in way_in
    said = ("สวัสดีค่ะ", "ผูกบัญชี", "ยกเลิกการผูกบัญชี", "เมนู", "รง 0501-66-0001", "หน้าถัดไป", "อันแรก", "ของ กกจ. ล่ะ", NAME, "ใช่",
            "ไตรมาสนี้โครงการไหนยังไม่รายงาน", "'; DROP TABLE people; --")  # fmt: skip
    assert {stranger.says(text).text for text in said} == {way_in}
    presses = (
        ShowAllDuties().pack(),
        "un1:0",
        "un1:1795255200",
        "cf1",
        "pj1:รง 0501-66-0001",
        "",
        "x" * 300,
        "ln1:x",
        "ln1:9" + "9" * 30,
    )
    assert {stranger.presses(data or " ").text for data in presses} == {way_in}
    sticker = {"type": "sticker", "id": "1", "packageId": "1", "stickerId": "1", "stickerResourceType": "STATIC"}
    assert stranger.sends("message", message=sticker).text == way_in
    almost = stranger.says(code[:-1])
    assert almost.contains("คล้ายรหัสผูกบัญชี")
    assert not almost.contains(NAME)
    assert wrong_tries(bot) == 0
    assert owner(bot, stranger.account) is None


def wrong_tries(bot: Bot) -> int:
    with bot.database.read() as session:
        return session.scalar(select(func.count()).select_from(tables.LinkAttempt)) or 0


def test_an_account_that_guesses_is_locked_out_and_nobody_else(bot: Bot, stranger: Stranger) -> None:
    code = letter(bot, OFFICER)
    for _ in range(TRIES):
        assert stranger.says(UNKNOWN).contains("ใช้รหัสนี้ไม่ได้")
    assert stranger.says(UNKNOWN).contains("พักการรับรหัส")
    assert stranger.says(code).contains("พักการรับรหัส")
    assert wrong_tries(bot) == TRIES
    other = Stranger(bot)
    assert other.says(code).contains(NAME)
    stranger.waits(hours=1, minutes=1)
    assert stranger.says(code).contains(NAME)
    with bot.database.read() as session:
        accounts = session.scalars(select(tables.LinkAttempt.account)).all()
    assert stranger.account not in accounts


def test_an_attack_slows_down_who_types_wrong_codes_but_stops_nobody(bot: Bot, stranger: Stranger) -> None:
    code, clock = letter(bot, OFFICER), web_of(bot).clock
    with bot.database.write() as session:
        at = clock.real_now() - timedelta(minutes=5)
        session.add_all(tables.LinkAttempt(account=f"hash {number}", at=at) for number in range(ATTACK))
    for _ in range(3):
        assert stranger.says(UNKNOWN).contains("ใช้รหัสนี้ไม่ได้")
    assert stranger.says(UNKNOWN).contains("พักการรับรหัส")
    honest = Stranger(bot)
    honest.says(code)
    assert honest.presses("ใช่").contains("ผูกบัญชีเรียบร้อยแล้ว")
    with bot.database.read() as session:
        assert wrong_codes(session, at - timedelta(seconds=1)) == ATTACK + 3


def test_codes_are_kept_as_slow_hashes_only(bot: Bot) -> None:
    code = letter(bot, OFFICER).replace("-", "")
    with bot.database.read() as session:
        kept = session.scalars(select(tables.InviteCode)).one()
        assert len(kept.code_hash) == 64
        assert code not in str(vars(kept))


def test_a_code_typed_where_a_reason_was_asked_for_is_kept_nowhere(bot: Bot) -> None:
    bot.at = bangkok("27 มี.ค. 66")
    officer = Chatter(bot, OFFICER)
    asked = ExplainDelay(WindowKind.QUARTER_REPORT, 2566, 1, "รง 0501-66-0003", 0)
    assert officer.presses(asked.pack()).contains("เหตุผล")
    assert officer.says(UNKNOWN).contains("รหัส")
    assert places_of(bot, UNKNOWN) == ["inbox.body"]
