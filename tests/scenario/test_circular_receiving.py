"""A circular with those who got it: acknowledging once, finding it again, and what others find who got none."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from domain.appointments import DelegationWish
from domain.circulars.audience import Audience
from domain.circulars.letters import Relation
from domain.circulars.life import CircularRefused
from domain.organisation import Capacity
from handlers.circulars.presses import Acknowledge, OpenLetter
from handlers.circulars.receiving import ListReceived, ShowReceived
from storage import tables
from storage.circulars import releasing
from storage.delegations import delegate
from storage.shared_state import reference_changed
from storage.tables.messaging import OutboxState
from tests.chatting import Chatter, Shown, Stranger, line
from tests.issuing import (
    ADMIN,
    COORDINATOR,
    LETTER,
    acknowledge,
    doing,
    draft,
    issue,
    recipient,
)
from tests.office import Bot, bangkok, labour
from tests.scenario.test_every_card import LONGEST, NASTY, PARTICLE, UNBECOMING, problems
from tests.sending import Line
from tests.submitting import moment

__all__ = ["labour", "line"]

OFFICER, HEAD, DIRECTOR_GENERAL, OTHER_AGENCYS = "P00033", "P00034", "P00031", "P00017"
PLAN_OFFICER, ASSISTANT = "P00016", "P00021"
NOT_FOUND = "ไม่พบหนังสือฉบับนี้"
LONG = replace(LETTER, text="ย่อหน้าที่ยาวมาก " * 200)


@pytest.fixture
def office(labour: Bot, line: Line) -> Bot:
    """The sample ministry at 09:05, with phones in one agency."""
    labour.at = bangkok("20 มี.ค. 66", "09:05")
    labour.link(OFFICER, HEAD, DIRECTOR_GENERAL, COORDINATOR)
    return labour


def sent(bot: Bot, *arguments: object, **how: object) -> int:
    circular = issue(bot, *arguments, **how)  # type: ignore[arg-type]
    bot.send()
    return circular


def newest(bot: Bot, person: str) -> Shown:
    return Shown(bot.phone(person)[-1:])


def name_deputy(bot: Bot, deputy: str) -> None:
    """Let somebody decide in the director general's place today."""
    today = bot.at.date()
    wish = DelegationWish(DIRECTOR_GENERAL, deputy, Capacity.ACTING, today, today)
    doing(bot, DIRECTOR_GENERAL, lambda session, reference, by: delegate(session, reference, by, wish, moment(bot)))


def test_a_letter_is_acknowledged_once_and_the_first_instant_stays(office: Bot) -> None:
    circular = sent(office, LONG)
    officer = Chatter(office, OFFICER)
    officer.last = newest(office, OFFICER)
    assert officer.last.contains("ที่ รง ๐๒๑๔/ว ๓ ลงวันที่ ๑๗ มีนาคม ๒๕๖๖")
    told = officer.presses("รับทราบ")
    assert told.contains("รับทราบเมื่อ 20 มี.ค. 66 เวลา 09.05 น.", "ที่ รง ๐๒๑๔/ว ๓")
    assert "เปิดเอกสาร" in told.buttons()  # the card showed the beginning only, and nobody opened the rest yet
    officer.waits(hours=2)
    assert officer.presses(Acknowledge(circular).pack()).contains("แล้วค่ะ ตั้งแต่ 20 มี.ค. 66 เวลา 09.05 น.")
    assert recipient(office, OFFICER, circular).acknowledged_at == bangkok("20 มี.ค. 66", "09:05")
    assert recipient(office, HEAD, circular).acknowledged_at is None

    executive = Chatter(office, DIRECTOR_GENERAL)
    executive.presses(Acknowledge(circular).pack())
    assert "ค่ะ" not in executive.presses(Acknowledge(circular).pack()).text


def test_fifty_presses_at_once_are_one(office: Bot) -> None:
    circular = sent(office)
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: acknowledge(office, OFFICER, circular), range(50)))
    assert [one.is_first for one in done].count(True) == 1
    assert {one.at for one in done} == {office.at.astimezone(UTC)}


def test_who_got_none_finds_what_there_is_of_no_letter_at_all(office: Bot) -> None:
    """A forwarded card, an assistant, somebody whose post ended, a stranger."""
    circular = sent(office, replace(LONG, subject="ลับสุดยอด"))
    with office.writes() as session:
        former = select(tables.Person.id).where(tables.Person.code == HEAD)
        session.execute(
            update(tables.RoleAssignment)
            .where(tables.RoleAssignment.person_id.in_(former))
            .values(valid_to=date(2023, 3, 19))
        )
        reference_changed(session, datetime.now(UTC))
    for person in (OTHER_AGENCYS, PLAN_OFFICER, ASSISTANT, HEAD):
        chatter = Chatter(office, person)
        for press in (Acknowledge, OpenLetter, ShowReceived):
            answered = chatter.presses(press(circular).pack())
            assert answered.messages == chatter.presses(press(9_999).pack()).messages, (person, press)
            assert not answered.contains("ลับสุดยอด")
        chatter.says("หนังสือเวียนที่ได้รับ")
        assert not chatter.last.contains("ลับสุดยอด")
    assert Chatter(office, HEAD).presses(Acknowledge(circular).pack()).contains("ไม่พบตำแหน่ง")
    stranger = Stranger(office)
    for press in (Acknowledge, OpenLetter):
        assert stranger.presses(press(circular).pack()).messages == stranger.presses(press(9_999).pack()).messages
    assert recipient(office, HEAD, circular).acknowledged_at is None


def test_a_deputy_acknowledges_for_nobody_else(office: Bot) -> None:
    """Who decides in the director general's place since the release has got no letter of that time."""
    before = sent(office)
    name_deputy(office, HEAD)
    name_deputy(office, PLAN_OFFICER)
    after = issue(office, replace(LETTER, letter_no="รง ๐๒๑๔/ว ๔"))
    office.link(PLAN_OFFICER)
    office.send()
    deputy, other = Chatter(office, HEAD), Chatter(office, PLAN_OFFICER)
    assert other.presses(Acknowledge(before).pack()).contains(NOT_FOUND)
    for chatter, circular in ((deputy, before), (deputy, after), (other, after)):
        assert chatter.presses(Acknowledge(circular).pack()).contains("รับทราบเมื่อ")
    for circular in (before, after):
        assert recipient(office, DIRECTOR_GENERAL, circular).acknowledged_at is None


def test_who_could_not_be_reached_then_finds_the_letter_later(office: Bot) -> None:
    circular = sent(office)
    assert recipient(office, "P00035", circular).state is OutboxState.SKIPPED
    late = Chatter(office, "P00035")
    assert late.says("หนังสือเวียนที่ได้รับ").contains("รง ๐๒๑๔/ว ๓", "รอท่านรับทราบ", "1 ฉบับ")
    late.presses("รับทราบ")
    assert late.last.contains("รับทราบเมื่อ")
    found = recipient(office, "P00035", circular)
    assert (found.state, found.acknowledged_at is not None) == (OutboxState.SKIPPED, True)


def test_before_its_hour_nobody_learns_of_a_letter(office: Bot) -> None:
    circular = issue(office, replace(LETTER, send_at=bangkok("21 มี.ค. 66", "10:00")))
    officer = Chatter(office, OFFICER)
    for person in (OFFICER, "P00035"):  # one that will be reached, one that cannot be
        chatter = Chatter(office, person)
        assert chatter.presses(Acknowledge(circular).pack()).contains(NOT_FOUND)
        assert not chatter.says("หนังสือเวียนที่ได้รับ").contains("รง ๐๒๑๔")
    office.at = bangkok("21 มี.ค. 66", "10:00")
    office.send()
    assert officer.presses(Acknowledge(circular).pack()).contains("รับทราบเมื่อ 21 มี.ค. 66 เวลา 10.00 น.")


def test_a_cancelled_letter_is_gone_for_whom_it_did_not_reach(office: Bot) -> None:
    circular = issue(office)
    doing(office, COORDINATOR, lambda s, r, by: releasing.cancel(s, r, by, circular, moment(office)))
    assert Chatter(office, OFFICER).presses(Acknowledge(circular).pack()).contains(NOT_FOUND)
    kept = sent(office, replace(LETTER, letter_no="รง ๐๒๑๔/ว ๔"))
    with office.writes() as session:  # one waits for the month's quota
        waits = {"state": OutboxState.DUE, "sent_at": None, "batch_id": None}
        of = select(tables.Person.id).where(tables.Person.code == HEAD)
        row = tables.CircularRecipient
        session.execute(update(row).where(row.circular_id == kept, row.person_id.in_(of)).values(waits))
        session.execute(update(tables.Circular).where(tables.Circular.id == kept).values(state="sending"))

    def acknowledges(_: int) -> bool:
        try:
            return acknowledge(office, HEAD, kept).is_first
        except CircularRefused:
            return False

    def cancels(_: int) -> bool:
        doing(office, COORDINATOR, lambda s, r, by: releasing.cancel(s, r, by, kept, moment(office)))
        return True

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.submit(acknowledges, 0), threads.submit(cancels, 0)
        was_noted = first.result()
        assert second.result()
    found = recipient(office, HEAD, kept)
    assert (found.state, found.acknowledged_at is not None) == (OutboxState.CANCELLED, was_noted)
    assert Chatter(office, OFFICER).presses(Acknowledge(kept).pack()).contains("รับทราบเมื่อ")


def test_after_the_last_day_an_acknowledgement_counts_and_says_so(office: Bot) -> None:
    circular = sent(office)
    office.at = bangkok("27 มี.ค. 66", "09:00")
    officer = Chatter(office, OFFICER)
    assert officer.says("รับทราบ").contains("เรื่อง การรายงานผล")
    told = officer.presses(Acknowledge(circular).pack())
    assert told.contains("รับทราบเมื่อ 27 มี.ค. 66", "พ้นกำหนดรับทราบวันที่ 24 มี.ค. 66")


def test_typing_never_acknowledges_and_shows_what_waits(office: Bot) -> None:
    officer = Chatter(office, OFFICER)
    assert officer.says("รับทราบค่ะ").contains("ไม่มีหนังสือเวียนที่รอท่านรับทราบ")
    first = sent(office)
    shown = officer.says("รับทราบ")
    assert shown.buttons()["รับทราบ"] == Acknowledge(first).pack()
    assert recipient(office, OFFICER, first).acknowledged_at is None
    urgent = sent(office, replace(LETTER, letter_no="รง ๐๒๑๔/ว ๔", acknowledge_by=date(2023, 3, 21)))
    sent(office, replace(LETTER, letter_no="รง ๐๒๑๔/ว ๕", wants_acknowledgement=False, subject="แจ้งเพื่อทราบ"))
    shown = officer.says("หนังสือที่ยังไม่รับทราบ")
    assert shown.contains("ว ๓", "ว ๔")
    assert not shown.contains("ว ๕")
    assert shown.text.index("ว ๔") < shown.text.index("ว ๓")  # what is wanted first stands first
    officer.presses(Acknowledge(urgent).pack())
    assert officer.says("หนังสือเวียนของฉัน").contains("ว ๓", "ว ๔", "ว ๕", "รับทราบเมื่อ 20 มี.ค. 66", "แจ้งเพื่อทราบ")
    found = officer.says("หนังสือเวียนที่ได้รับ ว 4")
    assert found.contains("ว ๔")
    assert not found.contains("ว ๓")
    assert officer.says("หนังสือเวียนที่ได้รับ เรื่องอื่น").contains("ไม่พบหนังสือ")
    assert officer.presses("ดูทั้งหมด").contains("ว ๓")
    card = officer.presses(ShowReceived(urgent).pack())
    assert card.contains("ท่านรับทราบแล้วเมื่อ 20 มี.ค. 66 เวลา 09.05 น.ค่ะ", "ที่ รง ๐๒๑๔/ว ๔")


def test_who_makes_no_circulars_gets_the_own_ones_by_the_word_of_the_menu(office: Bot) -> None:
    sent(office)
    assert Chatter(office, OFFICER).says("หนังสือเวียน").contains("หนังสือเวียนที่ได้รับ", "ว ๓")


def test_many_letters_are_turned_over_page_by_page(office: Bot) -> None:
    for number in range(12):
        issue(office, replace(LETTER, letter_no=f"รง 0214/ว {number + 1}", acknowledge_by=None))
    office.send()
    officer = Chatter(office, OFFICER)
    assert officer.says("หนังสือเวียนที่ได้รับ").contains("12 ฉบับ", "หน้า 1 จาก 2")
    assert officer.presses("หน้าถัดไป").contains("หน้า 2 จาก 2", "ว 1 ")
    assert officer.says("หน้าก่อน").contains("หน้า 1 จาก 2")


def test_a_withdrawn_letter_says_by_which_and_a_corrected_one_leads_on(office: Bot) -> None:
    first, second = sent(office), sent(office, replace(LETTER, letter_no="รง ๐๒๑๔/ว ๔"))
    correction = sent(office, replace(LETTER, letter_no="รง ๐๒๑๔/ว ๕"), relation=Relation.CORRECTS, about=first)
    later = replace(LETTER, letter_no="รง ๐๒๑๔/ว ๖", send_at=office.at + timedelta(days=1))
    issue(office, later, Audience(units=frozenset({"รง0501"})), relation=Relation.WITHDRAWS, about=second)
    officer = Chatter(office, OFFICER)
    assert not officer.presses(Acknowledge(second).pack()).contains("ยกเลิกแล้ว")  # its hour is still to come
    told = officer.presses(Acknowledge(first).pack())
    assert told.contains("รับทราบเมื่อ", "มีการแก้ไขตามหนังสือ ที่ รง ๐๒๑๔/ว ๕")
    assert officer.presses("ดูหนังสือที่แก้ไข").contains("ที่ รง ๐๒๑๔/ว ๕")
    assert correction

    office.at += timedelta(days=1)
    office.send()
    executive = Chatter(office, DIRECTOR_GENERAL)  # did not get the withdrawal
    told = executive.presses(Acknowledge(second).pack())
    assert told.contains("รับทราบเมื่อ", "ยกเลิกแล้วตามหนังสือ ที่ รง ๐๒๑๔/ว ๖")
    assert "ดูหนังสือที่ยกเลิก" not in told.buttons()
    head = Chatter(office, HEAD)
    assert head.says("หนังสือเวียนที่ได้รับ").contains("ยกเลิกแล้ว")
    assert not head.says("รับทราบ").contains("ว ๔")
    assert head.presses(ShowReceived(second).pack()).contains("ยกเลิกแล้วตามหนังสือ", "ที่ รง ๐๒๑๔/ว ๔")


def test_the_maker_has_nothing_to_acknowledge_in_a_test(office: Bot) -> None:
    circular = draft(office).circular_id
    maker = Chatter(office, COORDINATOR)
    assert maker.presses(Acknowledge(circular).pack()).contains("ไม่มีการบันทึกการรับทราบ")
    assert "เปิดเอกสาร" in maker.presses(OpenLetter(circular).pack()).buttons()
    admin, officer = Chatter(office, ADMIN), Chatter(office, OFFICER)
    for other in (admin, officer):  # a draft is its maker's alone
        assert other.presses(OpenLetter(circular).pack()).contains(NOT_FOUND)


def test_a_letter_for_information_takes_no_acknowledgement(office: Bot) -> None:
    circular = sent(office, replace(LETTER, wants_acknowledgement=False))
    officer = Chatter(office, OFFICER)
    assert officer.presses(Acknowledge(circular).pack()).contains("ไม่ต้องกดรับทราบค่ะ")
    assert recipient(office, OFFICER, circular).acknowledged_at is None
    assert officer.says("รับทราบ").contains("ไม่มีหนังสือเวียน")


def test_line_takes_every_answer_about_a_letter_with_the_nastiest_names(office: Bot) -> None:
    nasty = replace(LETTER, letter_no='รง "๐๒๑๔"/ว </b>', subject=LONGEST[:300], text=LONGEST * 4)
    circular = sent(office, nasty)
    issue(office, nasty, relation=Relation.CORRECTS, about=circular)
    office.send()
    for person in (OFFICER, DIRECTOR_GENERAL):
        chatter = Chatter(office, person)
        answers = [chatter.says(words) for words in ("หนังสือเวียนที่ได้รับ", "รับทราบ", f"หนังสือเวียนที่ได้รับ {NASTY}")]
        presses = (ShowReceived(circular), OpenLetter(circular), Acknowledge(circular), Acknowledge(circular))
        answers += [chatter.presses(press.pack()) for press in presses]
        answers.append(chatter.presses(ListReceived(waiting=False, words=NASTY, page=9).pack()))
        assert all(answer.messages for answer in answers)
        assert [found for answer in answers for found in problems(json.dumps(list(answer.messages)))] == []
        said = " ".join(answer.text for answer in answers)
        assert not UNBECOMING.search(said)
        assert bool(PARTICLE.search(said)) == (person == OFFICER)
