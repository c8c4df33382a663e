"""«Chase»: a ministry coordinator asks units for reports; one reminder a person and day, and none for what is done."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from domain.submissions import SubmissionState
from storage import shared_state, tables
from storage.shared_state import StateKey
from storage.tables.messaging import AuditAction, NoticeKind, OutboxState
from tests.chatting import Chatter, Shown
from tests.office import Bot, bangkok, labour, texts

__all__ = ["labour"]

COORDINATOR, DIRECTOR_GENERAL = "P00004", "P00015"
OFFICER = "P00033"
WHO_OWES = "ไตรมาสนี้โครงการไหนยังไม่รายงานบ้าง"
OF_WELFARE = "ch1:2566:1:รง05"
OWED = ("รง 0501-66-0001", "รง 0501-66-0003")


def chases(bot: Bot) -> list[tuple[str, OutboxState, str]]:
    """Return whom the queued chases are for, and what became of each."""
    row, person = tables.OutboxMessage, tables.Person
    query = select(person.code, row.state, row.reason).join(person, person.id == row.person_id)
    with bot.database.read() as session:
        found = session.execute(query.where(row.kind == NoticeKind.CHASE).order_by(row.id)).all()
    return [(code, state, reason) for code, state, reason in found]


def asks(bot: Bot, press: str = OF_WELFARE) -> Shown:
    """Let the coordinator ask, and return what is said of it."""
    coordinator = Chatter(bot, COORDINATOR)
    coordinator.presses(press)
    return coordinator.presses("ส่งทวงถาม")


def test_the_coordinator_sees_whom_it_reaches_before_anything_is_sent(labour: Bot) -> None:
    labour.at = bangkok("20 มี.ค. 66", "10:00")
    Chatter(labour, OFFICER)
    with labour.writes() as session:
        shared_state.put(session, StateKey.QUOTA, {"limit": 500, "used": 480, "at": "-"}, datetime.now(UTC))
    coordinator = Chatter(labour, COORDINATOR)
    coordinator.says(WHO_OWES)
    preview = coordinator.presses("ทวงถาม")
    assert preview.contains(
        "ตรวจสอบก่อนส่งทวงถาม", "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)", "11 โครงการ", "1 คน", "1 ข้อความ", "20 ข้อความ"
    )
    assert preview.contains("กองยุทธศาสตร์และแผนงาน กสร.", "2 โครงการ", "ยังไม่ได้ผูกบัญชี")
    assert chases(labour) == []
    assert coordinator.presses("ยกเลิก").contains("ยกเลิกแล้ว")
    coordinator.says(WHO_OWES)
    coordinator.presses("ทวงถาม")
    assert coordinator.presses("ส่งทวงถาม").contains("ทวงถามแล้ว", "เตรียมส่งข้อความแล้ว", "1 คน", "ยังไม่ได้ผูกบัญชี")
    assert [code for code, _, _ in chases(labour)] == [OFFICER]
    with labour.database.read() as session:
        entry = session.scalars(select(tables.AuditEntry).filter_by(action=AuditAction.CHASE_SEND)).one()
    assert entry.subject == "report:1/2566"
    assert entry.after is not None
    assert (entry.after["people"], entry.after["projects"]) == ([OFFICER], 11)


def test_an_officer_gets_names_deadline_who_asks_and_the_list(labour: Bot) -> None:
    labour.at = bangkok("20 มี.ค. 66", "10:00")
    officer = Chatter(labour, OFFICER)
    asks(labour)
    labour.send()
    (message,) = labour.phone(OFFICER)
    said = "\n".join(texts([message]))
    for words in (
        "จาก นักวิเคราะห์นโยบายและแผนชำนาญการ", "ขอความอนุเคราะห์รายงานความก้าวหน้า", "2 โครงการ: ยังไม่กรอก 1 · ร่าง 1",
        "โครงการพัฒนาสวัสดิการแรงงานสตรีและเด็ก", "วันนี้เป็นวันสุดท้าย", "ข้อมูล ณ วันที่ 20 มี.ค. 66 เวลา 10.00 น.",
    ):  # fmt: skip
        assert words in said
    assert officer.presses("du1:quarter_report:2566:1:AGENCY").contains(*OWED)
    assert chases(labour) == [(OFFICER, OutboxState.SENT, "")]


def test_asking_twice_a_day_queues_once(labour: Bot) -> None:
    labour.at = bangkok("20 มี.ค. 66", "10:00")
    Chatter(labour, OFFICER)
    coordinator = Chatter(labour, COORDINATOR)
    coordinator.presses(OF_WELFARE)
    send = coordinator.last.buttons()["ส่งทวงถาม"]
    coordinator.presses(send)
    assert coordinator.presses(send).contains("เตรียมส่งข้อความแล้ว", "0 คน", "ทวงถามไปแล้ววันนี้")
    assert "ส่งทวงถาม" not in coordinator.presses("ch1:2566:1:!0").buttons()
    assert len(chases(labour)) == 1
    labour.at = bangkok("21 มี.ค. 66", "10:00")
    assert coordinator.presses(send).contains("ตรวจสอบก่อนส่งทวงถาม")  # yesterday's card shows what is true today
    assert len(chases(labour)) == 1


def test_the_coordinator_is_told_how_many_had_a_reminder_today_and_are_asked_on_another_day(labour: Bot) -> None:
    Chatter(labour, OFFICER)
    coordinator = Chatter(labour, COORDINATOR)
    assert "ได้รับการเตือนวันนี้แล้ว" not in coordinator.presses(OF_WELFARE).text
    labour.remind()
    labour.send()
    labour.at = bangkok("20 มี.ค. 66", "10:00")
    assert coordinator.presses(OF_WELFARE).contains("ได้รับการเตือนวันนี้แล้ว\n1 คน")
    assert coordinator.presses("ส่งทวงถาม").contains("ได้รับการเตือนวันนี้แล้ว\n1 คน", "เช้าวันทำการถัดไป")


def test_whoever_had_a_reminder_today_is_asked_on_the_next_working_morning(labour: Bot) -> None:
    Chatter(labour, OFFICER)
    asks(labour)  # at 08:30, before the day's reminders
    labour.remind()
    labour.send()
    assert len(labour.phone(OFFICER)) == 1
    labour.at = bangkok("20 มี.ค. 66", "16:00")
    labour.send()
    assert len(labour.phone(OFFICER)) == 1
    labour.at = bangkok("21 มี.ค. 66", "08:40")
    labour.remind()  # the first reminder after the window closed tells of the same reports
    labour.send()
    labour.at = bangkok("21 มี.ค. 66", "09:00")
    labour.send()
    assert len(labour.phone(OFFICER)) == 2
    assert chases(labour) == [(OFFICER, OutboxState.CANCELLED, "reminded")]


def test_the_chase_itself_is_the_reminder_of_its_day(labour: Bot) -> None:
    Chatter(labour, OFFICER)
    labour.at = bangkok("23 มี.ค. 66", "10:00")  # a Thursday: no rung of the ladder
    asks(labour)
    labour.send()
    labour.report(OWED[0], SubmissionState.RETURNED)
    labour.remind(at=bangkok("23 มี.ค. 66", "13:00"))
    labour.send()
    assert len(labour.phone(OFFICER)) == 1


@pytest.mark.parametrize(("asked", "quiet", "heard"), (
    (("20 มี.ค. 66", "17:30"), ("20 มี.ค. 66", "20:00"), ("21 มี.ค. 66", "08:50")),
    (("18 มี.ค. 66", "10:00"), ("19 มี.ค. 66", "12:00"), ("20 มี.ค. 66", "08:50")),
))  # fmt: skip
def test_it_goes_out_in_working_hours_only(
    labour: Bot, asked: tuple[str, str], quiet: tuple[str, str], heard: tuple[str, str]
) -> None:
    Chatter(labour, OFFICER)
    labour.at = bangkok(*asked)
    asks(labour)
    for instant, messages in ((asked, 0), (quiet, 0), (heard, 1)):
        labour.at = bangkok(*instant)
        labour.send()
        assert len(labour.phone(OFFICER)) == messages


def test_a_day_that_the_officer_keeps_quiet_is_waited_out(labour: Bot) -> None:
    Chatter(labour, OFFICER)
    with labour.writes() as session:
        person = session.scalars(select(tables.Person.id).where(tables.Person.code == OFFICER)).one()
        session.add(tables.ReminderPreference(person_id=person, quiet_weekdays=[4]))
    labour.at = bangkok("23 มี.ค. 66", "10:00")  # a Thursday
    asks(labour)
    for at, messages in ((("23 มี.ค. 66", "11:00"), 0), (("24 มี.ค. 66", "08:50"), 1)):
        labour.at = bangkok(*at)
        labour.send()
        assert len(labour.phone(OFFICER)) == messages


def test_what_was_sent_meanwhile_is_not_asked_for(labour: Bot) -> None:
    Chatter(labour, OFFICER)
    labour.at = bangkok("20 มี.ค. 66", "17:30")
    asks(labour)
    for code in OWED:
        labour.report(code, SubmissionState.PENDING_APPROVAL, step=1)
    labour.at = bangkok("21 มี.ค. 66", "09:00")
    labour.send()
    assert chases(labour) == [(OFFICER, OutboxState.CANCELLED, "nothing_left")]
    assert labour.phone(OFFICER) == []


def test_what_waits_for_an_approver_is_nobodys_to_report(labour: Bot) -> None:
    for code in OWED:
        labour.report(code, SubmissionState.PENDING_APPROVAL, step=1)
    labour.report("รง 0502-66-0001", SubmissionState.PENDING_APPROVAL, step=1)
    coordinator = Chatter(labour, COORDINATOR)
    assert "ทวงถาม" not in coordinator.presses("ur1:2566:1:รง05:!0::0:1").buttons()
    preview = coordinator.presses(OF_WELFARE)
    assert preview.contains("ไม่มีหน่วยงานที่ต้องทวงถาม")
    assert "ส่งทวงถาม" not in preview.buttons()


def test_nobody_but_the_ministrys_coordinator_asks(labour: Bot) -> None:
    for person in (DIRECTOR_GENERAL, OFFICER, "P00001", "P00002"):
        chatter = Chatter(labour, person)
        assert chatter.presses(OF_WELFARE).contains("ไม่มีสิทธิ")
        assert chatter.presses("cs1:2566:1:รง05:2023-03-20").contains("ไม่มีสิทธิ")
    assert chases(labour) == []


def test_the_longest_names_fit_the_cards(labour: Bot) -> None:
    labour.at = bangkok("20 มี.ค. 66", "10:00")
    Chatter(labour, OFFICER)
    name = 'โครงการ "ยกระดับ" \\ทักษะ\\ {{ x }} </b> 👩‍🏭\n' + "เพื่อรองรับการเปลี่ยนแปลง" * 12
    with labour.writes() as session:
        unit = session.scalars(select(tables.Unit).where(tables.Unit.code == "รง0501")).one()
        unit.name = "กอง" + "ยุทธศาสตร์" * 30
        sample = session.scalars(select(tables.Project).where(tables.Project.code == OWED[0])).one()
        fields = ("unit_id", "fiscal_year", "official_version", "start_month", "end_month", "execution_status")
        rows = [
            {"code": f"รง 0501-66-9{n:03}", "name": f"{name} {n}"} | {f: getattr(sample, f) for f in fields}
            for n in range(30)
        ]
        session.execute(insert(tables.Project), rows)
        shared_state.reference_changed(session, datetime.now(UTC))
    assert asks(labour).contains("ทวงถามแล้ว")
    labour.send()
    (message,) = labour.phone(OFFICER)
    assert "และอีก 29 โครงการ" in "\n".join(texts([message]))


def test_nobody_is_asked_for_a_quarter_whose_window_has_not_opened(labour: Bot) -> None:
    labour.at = bangkok("20 มี.ค. 66", "10:00")
    Chatter(labour, OFFICER)
    coordinator = Chatter(labour, COORDINATOR)
    assert "ทวงถาม" not in coordinator.presses("ur1:2566:3:!0:!0::0:1").buttons()
    assert "ส่งทวงถาม" not in coordinator.presses("ch1:2566:3:!0").buttons()
    coordinator.presses("cs1:2566:3:!0:2023-03-20")
    assert chases(labour) == []
