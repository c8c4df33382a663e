"""What officers hear of a circular: that it waits for them, came back, was released, paused or sent; and the test."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.circulars.life import CircularState, PauseReason
from domain.circulars.news import CircularEvent
from handlers.circulars.presses import PreviewCircular, ShowCircular, ShowDraft
from storage import tables
from storage.circulars import drafts, releasing
from storage.circulars.news import tell_maker
from storage.outbox import NewMessage, enqueue
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables.messaging import NoticeKind, OutboxState
from tests.chatting import Shown, line
from tests.issuing import ADMIN, COORDINATOR, LETTER, SECOND, acknowledge, doing, draft, issue, release
from tests.multicasting import multicast_to
from tests.office import Bot, bangkok, labour
from tests.scenario.test_every_card import LONGEST, UNBECOMING, problems
from tests.sending import HandClock, Line
from tests.submitting import moment

__all__ = ["labour", "line"]

OFFICER = "P00033"
REASON = "เลขที่หนังสือไม่ตรงกับต้นฉบับ"


@pytest.fixture
def office(labour: Bot, line: Line) -> Bot:
    """The sample ministry, which wants a second officer, with phones of those who handle circulars."""
    labour.at = bangkok("20 มี.ค. 66", "09:05")
    labour.link(COORDINATOR, SECOND, ADMIN, OFFICER)
    labour.run("policy", "set", "second_officer", "on", "--ministry", "รง")
    return labour


def propose(bot: Bot, circular: int) -> None:
    def proposes(session: Session, reference: Reference, by: Actor) -> None:
        version = drafts.draft(session, reference, by, circular).version
        releasing.propose(session, reference, by, circular, version, moment(bot))

    doing(bot, COORDINATOR, proposes)


def send_back(bot: Bot, circular: int) -> None:
    def gives_back(session: Session, reference: Reference, by: Actor) -> None:
        version = drafts.draft(session, reference, by, circular).version
        releasing.take_back(session, reference, by, circular, version, REASON, moment(bot))

    doing(bot, SECOND, gives_back)


def news(bot: Bot, person: str) -> list[Shown]:
    """Return the news of circulars on a phone; the letters themselves have no such buttons."""
    found = [Shown([message]) for message in bot.phone(person)]
    return [one for one in found if "รับทราบ" not in one.buttons()]


def outcomes(bot: Bot, kind: NoticeKind) -> list[tuple[str, OutboxState]]:
    row, person = tables.OutboxMessage, tables.Person
    query = select(person.code, row.state).join(row, row.person_id == person.id).where(row.kind == kind)
    with bot.database.read() as session:
        return sorted((code, state) for code, state in session.execute(query))


def test_a_second_officer_hears_what_waits_and_the_maker_what_became_of_it(office: Bot) -> None:
    circular = draft(office).circular_id
    propose(office, circular)
    office.send()
    (told,) = news(office, SECOND)
    assert told.contains("หนังสือเวียนรอท่านปล่อยส่ง", "ที่ รง ๐๒๑๔/ว ๓", "เสนอโดย")
    assert told.buttons()["ตรวจก่อนปล่อยหนังสือ"] == PreviewCircular(circular).pack()
    assert (news(office, COORDINATOR), news(office, ADMIN), news(office, OFFICER)) == ([], [], [])

    send_back(office, circular)
    office.send()
    (told,) = news(office, COORDINATOR)
    assert told.contains("ส่งกลับแก้ไข", f"“{REASON}”", "โดย")
    assert told.buttons()["เปิดร่างหนังสือ"] == ShowDraft(circular).pack()

    propose(office, circular)
    release(office, circular, SECOND)
    office.at = bangkok("20 มี.ค. 66", "09:06")
    office.send()
    assert len(news(office, SECOND)) == 1  # what does not wait any more is not told
    *_, told = news(office, COORDINATOR)
    assert told.contains("ส่งหนังสือเวียนเสร็จแล้ว", "ส่งถึงแล้ว", "1 คน", "ยังไม่ผูกบัญชี", "รับทราบแล้ว", "0 คน")
    assert told.buttons()["ดูความคืบหน้า"] == ShowCircular(circular).pack()
    assert len(news(office, COORDINATOR)) == 2  # that it was released went without saying by then
    assert (SECOND, OutboxState.CANCELLED) in outcomes(office, NoticeKind.CIRCULAR_NEWS)


def test_a_release_for_later_is_told_at_once_and_the_end_with_its_counts(office: Bot) -> None:
    later = replace(LETTER, send_at=bangkok("21 มี.ค. 66", "10:00"))
    circular = draft(office, later).circular_id
    propose(office, circular)
    release(office, circular, SECOND)
    office.send()
    (told,) = news(office, COORDINATOR)
    assert told.contains("ปล่อยหนังสือเวียนแล้ว", "กำหนดส่ง 21 มี.ค. 66 เวลา 10.00 น.", "โดย")
    office.at = bangkok("21 มี.ค. 66", "10:00")
    office.send()
    office.at = bangkok("21 มี.ค. 66", "20:00")
    *_, told = news(office, COORDINATOR)
    assert told.contains("ส่งหนังสือเวียนเสร็จแล้ว")


def test_news_wait_for_working_hours_and_then_say_what_is_true(office: Bot) -> None:
    office.at = bangkok("24 มี.ค. 66", "22:00")
    circulars = [draft(office, replace(LETTER, letter_no=f"รง ๐๒๑๔/ว {number}")).circular_id for number in range(3)]
    for circular in circulars:
        propose(office, circular)
    send_back(office, circulars[0])
    propose(office, circulars[0])
    office.send()
    assert news(office, SECOND) == []
    office.at = bangkok("27 มี.ค. 66", "08:30")
    office.send()
    (told,) = news(office, SECOND)
    assert told.contains("แจ้งความคืบหน้าหนังสือเวียน 3 ฉบับ", "ว 0", "ว 1", "ว 2")
    assert news(office, COORDINATOR) == []  # it waits again, so it was not given back in the end


def test_who_handles_no_circulars_any_more_hears_nothing(office: Bot) -> None:
    circular = draft(office).circular_id
    propose(office, circular)
    with office.writes() as session:
        of = select(tables.Person.id).where(tables.Person.code == SECOND)
        session.execute(
            update(tables.RoleAssignment)
            .where(tables.RoleAssignment.person_id.in_(of))
            .values(valid_to=bangkok("17 มี.ค. 66").date())
        )
    office.send()
    assert news(office, SECOND) == []


def test_a_pause_by_failures_says_how_far_it_came(office: Bot) -> None:
    office.run("policy", "set", "second_officer", "off", "--ministry", "รง")
    circular = issue(office)
    with office.writes() as session:
        row = session.get_one(tables.Circular, circular)
        row.state, row.pause_reason = CircularState.PAUSED, PauseReason.FAILURES

    def tells(session: Session, reference: Reference, _by: Actor) -> None:
        paused = session.get_one(tables.Circular, circular)
        tell_maker(session, reference, paused, CircularEvent.PAUSED, moment(office))

    doing(office, COORDINATOR, tells)
    office.send()
    (told,) = news(office, COORDINATOR)
    assert told.contains("พักการส่งหนังสือเวียน", "5 ครั้งติดต่อกัน", "รอส่ง")
    assert told.buttons()["ดูความคืบหน้า"] == ShowCircular(circular).pack()


def test_acknowledgements_so_far_are_counted(office: Bot, line: Line) -> None:
    office.run("policy", "set", "second_officer", "off", "--ministry", "รง")
    circular = issue(office)
    multicast_to(office.database, line, HandClock(office.at))
    acknowledge(office, OFFICER, circular)
    office.send()
    (told,) = news(office, COORDINATOR)
    assert "รับทราบแล้ว\n1 คน" in told.text
    assert "ส่งถึงแล้ว\n1 คน" in told.text


def test_the_test_to_oneself_is_marked_and_goes_to_nobody_else(office: Bot) -> None:
    circular = draft(office).circular_id
    gone = draft(office, replace(LETTER, letter_no="รง ๐๒๑๔/ว ๔")).circular_id
    with office.database.write() as session:
        maker = session.scalars(select(tables.Person.id).where(tables.Person.code == COORDINATOR)).one()
        enqueue(
            session,
            [
                NewMessage(
                    key=f"test:{number}",
                    kind=NoticeKind.CIRCULAR_TEST,
                    person_id=maker,
                    not_before=office.at,
                    args={"person": COORDINATOR, "circular": number},
                )
                for number in (circular, gone)
            ],
            office.at,
        )
    doing(office, COORDINATOR, lambda session, reference, by: drafts.discard(session, reference, by, gone))
    office.send()
    (message,) = office.phone(COORDINATOR)
    told = Shown([message])
    assert told.contains("ทดสอบ", "ที่ รง ๐๒๑๔/ว ๓")
    assert "ทดสอบ" in message["altText"]
    assert office.phone(OFFICER) == []


@pytest.mark.parametrize("number", (1, 12))
def test_line_takes_news_of_letters_with_the_nastiest_names(office: Bot, number: int) -> None:
    nasty = replace(LETTER, subject=LONGEST[:300], letter_no='รง "0214"/ว </b>', text=LONGEST)
    for _ in range(number):
        circular = draft(office, nasty).circular_id
        propose(office, circular)
    office.send()
    (told,) = news(office, SECOND)
    assert list(problems(json.dumps(list(told.messages)))) == []
    assert not UNBECOMING.search(told.text)
