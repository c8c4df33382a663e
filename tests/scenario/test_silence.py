"""What waits where nobody can be reached, or waits too long: coordinators learn of it, then administrators."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from domain.submissions import SubmissionState
from scheduler.clock import Ticker
from storage import tables
from storage.database import Database
from storage.policies import set_policy
from storage.tables.messaging import NoticeKind
from tests.chatting import Chatter, line
from tests.office import Bot, bangkok, labour, texts
from tests.sending import Line
from tests.submitting import decide_now, send_report

__all__ = ["labour", "line"]

OFFICER, HEAD, DIRECTOR_GENERAL, COORDINATOR, ADMIN = "P00033", "P00034", "P00031", "P00004", "P00001"
PROJECT = "รง 0501-66-0003"
IN_VAIN = "ยังไม่มีผู้พิจารณาที่ติดต่อได้ทาง LINE"
EVERYBODY = tuple(f"P{number:05}" for number in range(1, 47))


class BotClock:
    """Business time is the bot's hour."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def now(self) -> datetime:
        return self._bot.at

    def real_now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def office(labour: Bot, line: Line) -> Bot:
    """The sample ministry at 09:00 on the last day of its agencies' window; everybody has a phone."""
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    labour.link(*EVERYBODY)
    return labour


def change(bot: Bot, person: str, **values: object) -> None:
    """Change something of a person, as linking and blocking do."""
    with bot.writes() as session:
        session.execute(update(tables.Person).where(tables.Person.code == person).values(values))


def reports(bot: Bot, person: str) -> list[str]:
    """Return what a phone shows of steps that nobody can be reached at."""
    return [text for text in ("\n".join(texts([message])) for message in bot.phone(person)) if IN_VAIN in text]


def tick(bot: Bot, on: str, hour: str) -> None:
    """Let the clock look and the worker send at that hour."""
    bot.at = bangkok(on, hour)
    ticker = Ticker(bot.database, BotClock(bot))
    ticker.tick()
    ticker.close()
    bot.send()


def waiting_report(database: Database, **values: object) -> None:
    """Change what the report of the sample ministry is that waits with the director-general of employment."""
    row = tables.Submission
    with database.write() as session:
        unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == "รง0301")).one()
        waits = row.state == SubmissionState.PENDING_APPROVAL
        session.execute(update(row).where(row.unit_id == unit, waits).values(values))


def test_what_comes_to_somebody_without_line_is_reported_the_same_day_with_what_to_do(office: Bot) -> None:
    change(office, DIRECTOR_GENERAL, line_user_id=None)
    number = send_report(office, OFFICER, PROJECT)
    decide_now(office, HEAD, number)
    office.at = bangkok("20 มี.ค. 66", "09:09")
    office.send()
    assert reports(office, COORDINATOR) == []  # the approval can still be taken back
    office.at = bangkok("20 มี.ค. 66", "09:11")
    office.send()
    (report,) = reports(office, COORDINATOR)
    for words in ("อธิบดี", "ลำดับที่ 2", "กองยุทธศาสตร์และแผนงาน กสร.", "โปรดออกรหัสเชื่อมบัญชีหรือมอบหมายผู้รักษาราชการแทนค่ะ"):
        assert words in report
    assert "0-2" not in report
    for somebody in (OFFICER, HEAD, ADMIN, "P00015"):
        assert reports(office, somebody) == []


def test_nothing_is_reported_when_somebody_was_found_before_it_went_out(office: Bot) -> None:
    change(office, HEAD, line_user_id=None)
    office.at = bangkok("17 มี.ค. 66", "18:00")
    send_report(office, OFFICER, PROJECT)
    office.link(HEAD)
    tick(office, "20 มี.ค. 66", "08:30")
    assert reports(office, COORDINATOR) == []
    change(office, HEAD, unreachable_since=datetime.now(UTC))  # and when that one is gone again, it is
    tick(office, "20 มี.ค. 66", "10:00")
    assert len(reports(office, COORDINATOR)) == 1


def test_an_approver_who_blocks_the_bot_while_things_wait_is_reported_once(office: Bot) -> None:
    tick(office, "20 มี.ค. 66", "09:00")
    assert reports(office, COORDINATOR) == []
    change(office, "P00015", unreachable_since=datetime.now(UTC))
    tick(office, "20 มี.ค. 66", "09:05")
    assert len(reports(office, COORDINATOR)) == 1
    assert "อธิบดี" in reports(office, COORDINATOR)[0]
    for on in ("21 มี.ค. 66", "22 มี.ค. 66"):
        tick(office, on, "08:30")
    assert len(reports(office, COORDINATOR)) == 1


def test_a_role_that_ended_is_noticed_on_the_next_morning(office: Bot) -> None:
    with office.writes() as session:
        person = session.scalars(select(tables.Person.id).where(tables.Person.code == "P00015")).one()
        row = tables.RoleAssignment
        session.execute(update(row).where(row.person_id == person).values(valid_to=date(2023, 3, 20)))
    tick(office, "20 มี.ค. 66", "09:00")
    assert reports(office, COORDINATOR) == []
    tick(office, "21 มี.ค. 66", "08:30")
    (report,) = reports(office, COORDINATOR)
    assert "ยังไม่มีผู้ดำรงตำแหน่งหรือผู้รักษาราชการแทน" in report


def test_what_only_its_sender_could_decide_is_reported(office: Bot) -> None:
    with office.database.read() as session:
        sender = session.scalars(select(tables.Person.id).where(tables.Person.code == "P00015")).one()
    waiting_report(office.database, sent_by_id=sender)
    tick(office, "20 มี.ค. 66", "09:00")
    assert len(reports(office, COORDINATOR)) == 1


def test_administrators_are_told_where_no_coordinator_can_be_reached(office: Bot) -> None:
    for coordinator in ("P00003", COORDINATOR):
        change(office, coordinator, line_user_id=None)
    change(office, HEAD, line_user_id=None)
    send_report(office, OFFICER, PROJECT)
    office.send()
    assert len(reports(office, ADMIN)) == 1


def test_several_steps_that_nobody_holds_are_one_message(office: Bot) -> None:
    for person in ("P00015", "P00020", "P00007"):
        change(office, person, unreachable_since=datetime.now(UTC))
    tick(office, "20 มี.ค. 66", "09:00")
    (report,) = reports(office, COORDINATOR)
    assert "3 เรื่อง" in report
    with office.database.read() as session:
        kinds = session.scalars(select(tables.OutboxMessage.kind)).all()
    assert kinds.count(NoticeKind.UNHELD) == 6  # three to each of two coordinators


def test_a_ministry_may_have_its_coordinators_told_of_long_waits_inside_the_window(office: Bot) -> None:
    """P00018's report came on Monday the 13th and waits in a window that is open until the 20th."""
    waiting_report(office.database, step=1, arrived_at=bangkok("13 มี.ค. 66", "10:00"))

    def escalated(on: str) -> list[tuple[str, int]]:
        found = office.remind(at=bangkok(on))
        return [
            (person, topic["count"])
            for person in (COORDINATOR, ADMIN)
            for topic in found.get(person, {"topics": ()})["topics"]
            if (topic["step"], topic["stage"]) == ("escalated", "AGENCY")
        ]

    assert escalated("15 มี.ค. 66") == []
    with office.database.write() as session:
        set_policy(session, "รง", "escalate_after", "3", datetime.now(UTC))
        set_policy(session, "รง", "admin_after", "4", datetime.now(UTC))
    assert escalated("16 มี.ค. 66") == [(COORDINATOR, 1)]
    assert escalated("17 มี.ค. 66") == [(ADMIN, 1)]


def test_the_coordinator_opens_what_waits_past_its_window(office: Bot) -> None:
    office.line = None
    coordinator = Chatter(office, COORDINATOR)
    office.at = bangkok("22 มี.ค. 66", "10:00")
    coordinator.says("รายการรออนุมัติ")
    late = coordinator.presses("ค้างเกินกำหนด")
    assert late.contains("รายการค้างเกินกำหนด", "พ้นกำหนดแล้ว", "รง 0302-66-0001")
    assert "รง 0603-66-0004" not in late.text  # its window is open until the 31st
    assert "ค้างเกินกำหนด" not in Chatter(office, "P00015").says("รายการรออนุมัติ").buttons()


def test_what_comes_in_vain_after_the_first_report_is_told_within_the_hour(office: Bot) -> None:
    change(office, HEAD, line_user_id=None)
    send_report(office, OFFICER, PROJECT)
    office.send()
    office.at += timedelta(minutes=5)
    send_report(office, OFFICER, "รง 0501-66-0001")
    office.send()
    assert len(reports(office, COORDINATOR)) == 1
    office.at += timedelta(minutes=60)
    office.send()
    assert len(reports(office, COORDINATOR)) == 2
    assert "2 เรื่อง" in reports(office, COORDINATOR)[-1]
