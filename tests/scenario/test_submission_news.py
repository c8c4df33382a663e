"""Who is told what became of a submission, when, and in how many messages."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from domain.organisation import Capacity
from domain.roles import Role
from domain.submissions import SubmissionState
from storage import tables
from storage.reference import load_reference
from storage.shared_state import StateKey, put
from storage.submissions.deciding import undo
from storage.submissions.information import answer, ask
from storage.submissions.sending import withdraw
from storage.tables.messaging import NoticeKind, OutboxState
from storage.tables.submissions import Verdict
from tests.chatting import line
from tests.office import Bot, bangkok, labour, texts
from tests.sending import Line
from tests.submitting import actor_of, decide_now, moment, send_report, submission_of

__all__ = ["labour", "line"]

OFFICER, HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, PERMANENT_SECRETARY = "P00033", "P00034", "P00031", "P00006", "P00005"
PROJECT, OTHER = "รง 0501-66-0003", "รง 0501-66-0001"
REASON = "ผลเบิกจ่ายไม่ตรงกับแผนการใช้จ่าย"


@pytest.fixture
def office(labour: Bot, line: Line) -> Bot:
    """The sample ministry at 09:00 on the last day of its agencies' window, with phones along one route."""
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    labour.link(OFFICER, HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, PERMANENT_SECRETARY)
    return labour


def send_at(bot: Bot, hour: str, on: str = "20 มี.ค. 66") -> None:
    """Let the worker send all that is due at that hour."""
    bot.at = bangkok(on, hour)
    bot.send()


def shown(bot: Bot, person: str) -> list[str]:
    """Return the messages on a phone as text, oldest first."""
    return ["\n".join(texts([message])) for message in bot.phone(person)]


def newest(bot: Bot, person: str) -> str:
    """Return the last message on a phone as text."""
    return shown(bot, person)[-1]


def take_back(bot: Bot, person: str, submission_id: int, step: int) -> None:
    """Let somebody take an approval back."""
    with bot.database.write() as session:
        reference = load_reference(session, bot.at.date())
        row = session.get_one(tables.Submission, submission_id)
        undo(session, reference, actor_of(session, person), row.id, row.version, step, moment(bot))


def endings(bot: Bot, kind: NoticeKind = NoticeKind.SUBMISSION_NEWS) -> list[tuple[str, OutboxState, str]]:
    """Return event or nothing, state and reason of each message of a kind, oldest first."""
    row = tables.OutboxMessage
    with bot.database.read() as session:
        found = session.scalars(select(row).where(row.kind == kind).order_by(row.id))
        return [(message.args.get("event", ""), message.state, message.reason) for message in found]


def end_post(bot: Bot, person: str, last_day: date) -> None:
    """Let every role of somebody end."""
    with bot.writes() as session:
        person_id = session.scalars(select(tables.Person.id).where(tables.Person.code == person)).one()
        row = tables.RoleAssignment
        session.execute(update(row).where(row.person_id == person_id).values(valid_to=last_day))


def test_the_officer_hears_of_every_step_and_the_next_step_once_undo_is_over(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    send_at(office, "09:00")
    assert office.phone(OFFICER) == []  # who sent it knows
    assert "รอท่านพิจารณา ลำดับที่ 1 จาก 4" in newest(office, HEAD)
    decide_now(office, HEAD, number)
    send_at(office, "09:01")
    assert "อนุมัติแล้ว ลำดับที่ 1 จาก 4" in newest(office, OFFICER)
    assert "ขั้นต่อไป: อธิบดี กสร." in newest(office, OFFICER)
    assert office.phone(DIRECTOR_GENERAL) == []
    send_at(office, "09:10")
    assert "รอท่านพิจารณา ลำดับที่ 2 จาก 4" in newest(office, DIRECTOR_GENERAL)
    assert "เรียน ท่านอธิบดี" in newest(office, DIRECTOR_GENERAL)
    for hour, person in (("09:20", DIRECTOR_GENERAL), ("09:40", CLUSTER_HEAD), ("10:00", PERMANENT_SECRETARY)):
        office.at = bangkok("20 มี.ค. 66", hour)
        decide_now(office, person, number)
    send_at(office, "10:01")
    assert "อนุมัติครบทุกลำดับแล้ว" in newest(office, OFFICER)
    assert sum("อนุมัติครบทุกลำดับแล้ว" in text for text in shown(office, OFFICER)) == 1
    assert office.phone(PERMANENT_SECRETARY) == office.phone(CLUSTER_HEAD) == []  # decided before they were told


def test_an_approval_that_was_taken_back_before_it_was_told_is_told_to_nobody(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    decide_now(office, HEAD, number)
    office.at += timedelta(seconds=10)
    take_back(office, HEAD, number, 1)
    send_at(office, "09:30")
    assert office.phone(OFFICER) == office.phone(DIRECTOR_GENERAL) == []
    assert {reason for _, state, reason in endings(office) if state is OutboxState.CANCELLED} == {"no_longer_true"}


def test_an_approval_that_was_taken_back_after_it_was_told_is_told_and_the_next_step_waits_anew(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    decide_now(office, HEAD, number)
    send_at(office, "09:01")
    office.at = bangkok("20 มี.ค. 66", "09:05")
    take_back(office, HEAD, number, 1)
    send_at(office, "09:06")
    assert "ยกเลิกการอนุมัติ ลำดับที่ 1 จาก 4" in newest(office, OFFICER)
    decide_now(office, HEAD, number)
    send_at(office, "09:11")
    assert [("ยกเลิก" in text, "อนุมัติแล้ว" in text) for text in shown(office, OFFICER)] == [
        (False, True), (True, False), (False, True)
    ]  # fmt: skip
    assert office.phone(DIRECTOR_GENERAL) == []
    send_at(office, "09:16")
    assert len(office.phone(DIRECTOR_GENERAL)) == 1


def test_a_return_is_quoted_with_the_position_to_the_unit_and_to_whoever_approved_before(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    decide_now(office, HEAD, number)
    with office.writes() as session:
        person = {code: actor_of(session, code).person_id for code in (DIRECTOR_GENERAL, CLUSTER_HEAD)}
        unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == "รง")).one()
        session.add(
            tables.RoleAssignment(
                person_id=person[CLUSTER_HEAD], unit_id=unit, role=Role.APPROVER, position="รองปลัดกระทรวง",
                acting_for_id=person[DIRECTOR_GENERAL], capacity=Capacity.ACTING,
            )
        )  # fmt: skip
    decide_now(office, CLUSTER_HEAD, number, Verdict.RETURNED, REASON)
    send_at(office, "09:01")
    to_officer, to_head = newest(office, OFFICER), newest(office, HEAD)
    for words in ("ส่งกลับแก้ไข", f"“{REASON}”", "รักษาราชการแทน อธิบดี", "กำหนดส่งใหม่: วันนี้เป็นวันสุดท้าย"):
        assert words in to_officer
    assert "ส่งใหม่ค่ะ" in to_officer
    assert f"“{REASON}”" in to_head
    assert "รายการที่ท่านอนุมัติแล้วกลับไปที่หน่วยงาน" in to_head
    assert "ค่ะ" not in to_head
    assert "กำหนดส่งใหม่" not in to_head
    assert office.phone(DIRECTOR_GENERAL) == []


def test_news_that_come_together_are_one_message_with_returns_first(office: Bot) -> None:
    first, second = (send_report(office, OFFICER, code) for code in (PROJECT, OTHER))
    decide_now(office, HEAD, first)
    decide_now(office, HEAD, second, Verdict.RETURNED, REASON)
    send_at(office, "09:01")
    (message,) = shown(office, OFFICER)
    assert "แจ้งผลการพิจารณา 2 เรื่อง" in message
    assert message.index(REASON) < message.index("ขั้นต่อไป: อธิบดี กสร.")
    assert sorted(state for _, state, _ in endings(office)) == [OutboxState.CANCELLED, OutboxState.SENT]


def test_what_was_merged_is_said_after_line_refused_it_and_an_operator_tries_again(office: Bot, line: Line) -> None:
    first, second = (send_report(office, OFFICER, code) for code in (PROJECT, OTHER))
    send_at(office, "09:00")
    for number in (first, second):
        decide_now(office, HEAD, number)
    line.platform.reset()  # a phone that LINE does not know
    send_at(office, "09:01")
    office.link(OFFICER)
    with office.database.read() as session:
        row = tables.OutboxMessage
        parked = session.scalars(select(row.id).where(row.state == OutboxState.PARKED)).one()
    take_back(office, HEAD, second, 1)
    decide_now(office, HEAD, second)
    office.at = bangkok("20 มี.ค. 66", "09:05")
    office.run("outbox", "retry", str(parked))
    send_at(office, "09:06")
    (message,) = shown(office, OFFICER)
    assert PROJECT in message
    assert OTHER in message


def test_news_wait_for_office_hours_but_on_the_last_day_they_come_until_nine_in_the_evening(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    office.at = bangkok("20 มี.ค. 66", "18:00")
    decide_now(office, HEAD, number, Verdict.RETURNED, REASON)
    send_at(office, "18:01")
    assert REASON in newest(office, OFFICER)
    office.at = bangkok("20 มี.ค. 66", "18:30")
    number = send_report(office, OFFICER, PROJECT)
    send_at(office, "18:31")
    assert "รอท่านพิจารณา" in newest(office, HEAD)
    office.at = bangkok("20 มี.ค. 66", "21:10")
    decide_now(office, HEAD, number, Verdict.RETURNED, REASON)
    send_at(office, "21:11")
    send_at(office, "08:29", "21 มี.ค. 66")
    assert len(office.phone(OFFICER)) == 1
    send_at(office, "08:30", "21 มี.ค. 66")
    assert "พ้นกำหนดแล้ว ส่งใหม่ได้โดยแจ้งเหตุผลที่ล่าช้า" in newest(office, OFFICER)


def test_friday_evening_s_approval_is_told_on_monday_morning(office: Bot) -> None:
    office.at = bangkok("17 มี.ค. 66", "16:40")
    number = send_report(office, OFFICER, PROJECT)
    decide_now(office, HEAD, number)
    send_at(office, "12:00", "18 มี.ค. 66")
    assert office.phone(OFFICER) == office.phone(DIRECTOR_GENERAL) == []
    send_at(office, "08:30")
    assert [len(office.phone(person)) for person in (OFFICER, DIRECTOR_GENERAL)] == [1, 1]


def test_whoever_lost_the_post_meanwhile_hears_nothing(office: Bot) -> None:
    office.at = bangkok("20 มี.ค. 66", "21:30")
    number = send_report(office, OFFICER, PROJECT)
    decide_now(office, HEAD, number)
    decide_now(office, DIRECTOR_GENERAL, number, Verdict.RETURNED, REASON)
    end_post(office, OFFICER, date(2023, 3, 20))
    end_post(office, HEAD, date(2023, 3, 20))
    send_at(office, "08:30", "21 มี.ค. 66")
    assert office.phone(OFFICER) == office.phone(HEAD) == []
    assert {state for _, state, _ in endings(office)} == {OutboxState.CANCELLED}


def test_what_was_withdrawn_before_it_was_told_is_told_to_nobody(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    with office.database.write() as session:
        reference = load_reference(session, office.at.date())
        withdraw(session, reference, actor_of(session, OFFICER), number, 1, moment(office))
    send_at(office, "09:01")
    assert office.phone(HEAD) == []
    assert endings(office, NoticeKind.ARRIVAL) == [("", OutboxState.CANCELLED, "no_longer_true")]


def test_arrivals_come_at_most_once_an_hour_and_what_follows_comes_together(office: Bot) -> None:
    office.at = bangkok("17 มี.ค. 66", "09:00")
    send_report(office, OFFICER, PROJECT)
    send_at(office, "09:00", "17 มี.ค. 66")
    office.at = bangkok("17 มี.ค. 66", "09:20")
    second = send_report(office, OFFICER, OTHER)
    decide_now(office, HEAD, submission_of(office, PROJECT).id, Verdict.RETURNED, REASON)
    send_report(office, OFFICER, PROJECT)
    send_at(office, "09:59", "17 มี.ค. 66")
    assert len(office.phone(HEAD)) == 1
    send_at(office, "10:01", "17 มี.ค. 66")
    listed = newest(office, HEAD)
    assert "มีเรื่องรอท่านพิจารณา" in listed
    assert "2 เรื่อง" in listed
    for label in ("เปิดรายการ", "อนุมัติหลายรายการ"):
        assert f'"label": "{label}"' in str(office.phone(HEAD)[-1]).replace("'", '"')
    assert len(office.phone(HEAD)) == 2
    assert submission_of(office, OTHER).id == second


def test_an_arrival_is_never_told_with_another_while_it_can_still_be_taken_back(office: Bot) -> None:
    first, second = (send_report(office, OFFICER, code) for code in (PROJECT, OTHER))
    decide_now(office, HEAD, first)
    office.at += timedelta(seconds=15)
    decide_now(office, HEAD, second)
    office.at = bangkok("20 มี.ค. 66", "09:10")
    office.send()
    assert PROJECT in newest(office, DIRECTOR_GENERAL)
    assert OTHER not in newest(office, DIRECTOR_GENERAL)


def test_on_the_last_evening_nothing_waits_for_its_hour_until_the_window_closed(office: Bot) -> None:
    office.at = bangkok("20 มี.ค. 66", "20:30")
    send_report(office, OFFICER, PROJECT)
    send_at(office, "20:30")
    office.at = bangkok("20 มี.ค. 66", "20:50")
    send_report(office, OFFICER, OTHER)
    send_at(office, "20:51")
    assert len(office.phone(HEAD)) == 2


def test_a_question_goes_to_the_unit_and_its_answer_to_whoever_asked(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    with office.database.write() as session:
        reference = load_reference(session, office.at.date())
        asker = actor_of(session, HEAD)
        request = ask(session, reference, asker, number, 1, 1, "ยอดเบิกจ่ายรวมงบกลางหรือไม่", moment(office)).id
    send_at(office, "09:01")
    assert "“ยอดเบิกจ่ายรวมงบกลางหรือไม่”" in newest(office, OFFICER)
    assert "ตอบคำถาม" in str(office.phone(OFFICER)[-1])
    with office.database.write() as session:
        reference = load_reference(session, office.at.date())
        answer(session, reference, actor_of(session, OFFICER), request, "ไม่รวมงบกลาง", moment(office))
    send_at(office, "09:02")
    assert "“ไม่รวมงบกลาง”" in newest(office, HEAD)
    assert "รายการรอท่านพิจารณาที่ลำดับที่ 1" in newest(office, HEAD)


def test_returns_and_arrivals_go_out_when_the_month_s_quota_runs_low_and_approvals_wait(office: Bot) -> None:
    with office.database.write() as session:
        real = moment(office).real
        put(session, StateKey.QUOTA, {"limit": 1000, "used": 950, "at": real.isoformat()}, real)
    number = send_report(office, OFFICER, PROJECT)
    decide_now(office, HEAD, number)
    send_at(office, "09:10")
    assert office.phone(OFFICER) == []
    assert "รอท่านพิจารณา" in newest(office, DIRECTOR_GENERAL)
    decide_now(office, DIRECTOR_GENERAL, number, Verdict.RETURNED, REASON)
    send_at(office, "09:11")
    assert REASON in newest(office, OFFICER)
    assert len(office.phone(OFFICER)) == 1
    assert submission_of(office, PROJECT).state is SubmissionState.RETURNED
