"""Reminding those who have not acknowledged a circular: by a tap, by policy, and never more often than that."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.circulars.letters import Relation
from domain.submissions import SubmissionState
from handlers.circulars.following_presses import RemindSilent
from handlers.circulars.presses import Acknowledge, ShowCircular
from scheduler.clock import Ticker
from storage import tables
from storage.tables.messaging import AuditAction, NoticeKind, OutboxState
from tests.chatting import Chatter, OfficeClock, web_of
from tests.issuing import issue_short
from tests.office import Bot, bangkok, labour, texts

__all__ = ["labour"]

COORDINATOR, COLLEAGUE = "P00003", "P00004"
OFFICER, DIRECTOR_GENERAL, OTHER_OFFICER = "P00033", "P00031", "P00017"
REMINDED = "หนังสือเวียนที่รอท่านรับทราบ"


@pytest.fixture
def office(labour: Bot) -> Bot:
    """The sample ministry before anything is due: only circulars remind anybody."""
    web_of(labour)
    labour.link(OFFICER, DIRECTOR_GENERAL, OTHER_OFFICER)
    labour.at = bangkok("8 มี.ค. 66", "09:00")
    return labour


def send_out(bot: Bot, **fields: Any) -> int:
    """Release a circular and send it."""
    number = issue_short(bot, **fields)
    bot.send()
    return number


def ticks(bot: Bot, day: str, hour: str) -> None:
    """Let the clock look at an hour, and send what is due then; digests of duties are left out."""
    bot.at = bangkok(day, hour)
    ticker = Ticker(bot.database, OfficeClock(bot))
    assert ticker.tick()
    ticker.close()
    bot.send()


def reminders(bot: Bot, person: str) -> list[str]:
    """Return the texts of the circular reminders on a phone."""
    shown = ["\n".join(texts(message)) for message in bot.phone(person)]
    return [text for text in shown if REMINDED in text]


def queued(bot: Bot) -> dict[tuple[str, str], tuple[OutboxState, str]]:
    """Return state and reason of each circular reminder, by person and key."""
    row = tables.OutboxMessage
    query = select(tables.Person.code, row.key, row.state, row.reason).join(row, row.person_id == tables.Person.id)
    with bot.database.read() as session:
        found = session.execute(query.where(row.kind == NoticeKind.CIRCULAR_REMINDER))
        return {(person, key): (state, reason) for person, key, state, reason in found}


def without_digests(bot: Bot) -> None:
    """Let all reports be approved, so that nobody gets a digest."""
    with bot.writes() as session:
        session.execute(update(tables.Submission).values(state=SubmissionState.APPROVED, step=None))


def test_a_tap_reminds_only_the_silent_once_a_day(office: Bot) -> None:
    without_digests(office)
    number = send_out(office, acknowledge_by=date(2023, 3, 17))
    Chatter(office, OFFICER).presses(Acknowledge(number).pack())
    first, second = Chatter(office, COORDINATOR), Chatter(office, COLLEAGUE)
    first.presses(ShowCircular(number).pack())
    assert first.presses("เตือนผู้ยังไม่รับทราบ").contains("จะได้รับการเตือน", "2 คน", "ใช้โควตาข้อความ", "2 ข้อความ")
    assert first.presses("ส่งการเตือน").contains("เตรียมส่งการเตือนถึง 2 คน")
    again = second.presses(RemindSilent(number, confirmed=False).pack())
    assert again.contains("เตือนไปแล้ววันนี้", "2 คน", "0 ข้อความ")
    assert "ส่งการเตือน" not in again.buttons()
    assert second.presses(RemindSilent(number, confirmed=True).pack()).contains("ทุกคนได้รับการเตือนวันนี้แล้ว")
    office.send()
    (told,) = reminders(office, DIRECTOR_GENERAL)
    assert "เรียน ท่านอธิบดี" in told
    assert "ที่ รง ๐๒๑๔/ว ๓" in told
    assert "ภายในวันที่ 17 มี.ค. 66 (เหลือ 9 วัน / 7 วันทำการ)" in told
    assert "ค่ะ" not in told
    assert [len(reminders(office, person)) for person in (OFFICER, OTHER_OFFICER)] == [0, 1]
    with office.database.read() as session:
        entry = session.scalars(select(tables.AuditEntry).filter_by(action=AuditAction.CIRCULAR_REMIND)).one()
    assert entry.after is not None
    assert (entry.subject, entry.after["recipients"]) == (f"circular:{number}", 2)
    office.at = bangkok("9 มี.ค. 66", "10:00")
    assert second.presses(RemindSilent(number, confirmed=True).pack()).contains("เตรียมส่งการเตือนถึง 2 คน")
    office.send()
    assert len(reminders(office, DIRECTOR_GENERAL)) == 2


def test_a_tap_at_night_waits_for_the_morning_and_who_acknowledged_meanwhile_gets_nothing(office: Bot) -> None:
    without_digests(office)
    number = send_out(office)
    office.at = bangkok("10 มี.ค. 66", "19:00")  # a Friday
    Chatter(office, COORDINATOR).presses(RemindSilent(number, confirmed=True).pack())
    office.send()
    assert reminders(office, DIRECTOR_GENERAL) == []
    Chatter(office, DIRECTOR_GENERAL).presses(Acknowledge(number).pack())
    office.at = bangkok("13 มี.ค. 66", "08:50")
    office.send()
    assert [len(reminders(office, person)) for person in (DIRECTOR_GENERAL, OFFICER)] == [0, 1]
    assert {reason for (person, _), (_, reason) in queued(office).items() if person == DIRECTOR_GENERAL} == {
        "no_longer_true"
    }


def test_two_letters_are_one_message_and_a_withdrawn_one_is_left_out(office: Bot) -> None:
    without_digests(office)
    numbers = [send_out(office, letter_no=f"รง 0214/ว {n}", subject=f"เรื่องที่ {n}") for n in (4, 5, 6)]
    office.at = bangkok("8 มี.ค. 66", "18:00")
    coordinator = Chatter(office, COORDINATOR)
    for number in numbers:
        coordinator.presses(RemindSilent(number, confirmed=True).pack())
    send_out(office, relation=Relation.WITHDRAWS, about=numbers[2], letter_no="รง 0214/ว 7", subject="ขอยกเลิก")
    office.at = bangkok("9 มี.ค. 66", "09:00")
    office.send()
    (told,) = reminders(office, OFFICER)
    assert "เรื่องที่ 4" in told
    assert "เรื่องที่ 5" in told
    assert "เรื่องที่ 6" not in told


def test_the_policy_reminds_before_the_last_day_and_never_after_it(office: Bot) -> None:
    without_digests(office)
    office.run("policy", "set", "remind_silent", "3,1", "--ministry", "รง")
    number = send_out(office, acknowledge_by=date(2023, 3, 17))  # a Friday
    for day in ("10", "13"):
        ticks(office, f"{day} มี.ค. 66", "09:00")
    assert queued(office) == {}
    ticks(office, "14 มี.ค. 66", "08:30")
    assert reminders(office, OFFICER) == []  # digests go first
    ticks(office, "14 มี.ค. 66", "08:50")
    ticks(office, "15 มี.ค. 66", "09:00")
    assert len(reminders(office, OFFICER)) == 1
    Chatter(office, OFFICER).presses(Acknowledge(number).pack())
    ticks(office, "16 มี.ค. 66", "08:50")
    assert [len(reminders(office, person)) for person in (OFFICER, OTHER_OFFICER)] == [1, 2]
    for day in ("17", "20", "21"):
        ticks(office, f"{day} มี.ค. 66", "08:50")
    assert len(reminders(office, OTHER_OFFICER)) == 2
    assert len(queued(office)) == 5  # three people, then the two who were silent still


def test_days_of_downtime_are_one_reminder_and_it_is_too_late_after_the_last_day(office: Bot) -> None:
    without_digests(office)
    office.run("policy", "set", "remind_silent", "3,2,1", "--ministry", "รง")
    send_out(office, acknowledge_by=date(2023, 3, 17))
    send_out(office, acknowledge_by=date(2023, 3, 14), letter_no="รง 0214/ว 4", subject="พ้นไปแล้ว")
    ticks(office, "17 มี.ค. 66", "09:10")
    (told,) = reminders(office, OFFICER)
    assert "วันนี้เป็นวันสุดท้าย" in told
    assert "พ้นไปแล้ว" not in told
    assert len(queued(office)) == 3


def test_who_got_it_on_the_day_itself_is_not_reminded_of_it(office: Bot) -> None:
    without_digests(office)
    send_out(office, acknowledge_by=date(2023, 3, 9))
    ticks(office, "8 มี.ค. 66", "10:00")
    ticks(office, "9 มี.ค. 66", "10:00")
    assert queued(office) == {}


def test_it_waits_one_day_for_a_digest_but_not_past_the_last_day(office: Bot) -> None:
    office.at = bangkok("10 มี.ค. 66", "09:00")
    number = send_out(office)
    urgent = send_out(office, letter_no="รง 0214/ว 4", subject="ด่วนภายในวันนี้", acknowledge_by=date(2023, 3, 13))
    office.remind(at=bangkok("13 มี.ค. 66", "08:30"))  # five working days before the window closes
    office.send()
    told_today = len(office.phone(OFFICER))
    assert told_today == 3
    Chatter(office, COORDINATOR).presses(RemindSilent(number, confirmed=True).pack())
    office.at = bangkok("13 มี.ค. 66", "09:00")
    office.send()
    assert reminders(office, OFFICER) == []
    Chatter(office, COORDINATOR).presses(RemindSilent(urgent, confirmed=True).pack())
    office.send()
    (told,) = reminders(office, OFFICER)
    assert "ด่วนภายในวันนี้" in told
    office.at = bangkok("14 มี.ค. 66", "09:00")
    office.send()
    assert len(reminders(office, OFFICER)) == 2


def test_nobody_is_reminded_where_no_acknowledgement_is_wanted_or_the_policy_is_off(office: Bot) -> None:
    without_digests(office)
    office.run("policy", "set", "remind_silent", "off", "--ministry", "รง")
    send_out(office, acknowledge_by=date(2023, 3, 10))
    number = send_out(office, wants_acknowledgement=False, letter_no="รง 0214/ว 4")
    ticks(office, "9 มี.ค. 66", "09:00")
    coordinator = Chatter(office, COORDINATOR)
    told = coordinator.presses(RemindSilent(number, confirmed=True).pack())
    assert told.contains("ไม่มีผู้รับที่ยังไม่รับทราบ")
    assert "เตือนผู้ยังไม่รับทราบ" not in told.buttons()
    assert queued(office) == {}
