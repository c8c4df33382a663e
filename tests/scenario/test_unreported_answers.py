"""Who still owes a report: asked in Thai, answered from the database, each within what the asker may see."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from domain.organisation import UnitLevel
from domain.roles import Role
from domain.submissions import ExecutionStatus, SubmissionState
from storage import conversations, tables
from storage.shared_state import reference_changed
from tests.chatting import Chatter, Shown, Stranger
from tests.office import Bot, bangkok, labour

__all__ = ["labour"]

ADMIN, MONITOR, COORDINATOR, CLUSTER_HEAD = "P00001", "P00002", "P00004", "P00006"
PLAN_OFFICER, HEAD, DIRECTOR_GENERAL, OFFICER = "P00016", "P00018", "P00015", "P00017"
WELFARE_OFFICER, SOCIAL_SECURITY = "P00033", "P00039"
Q1 = "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)"
WHO_OWES = "ไตรมาสนี้โครงการไหนยังไม่รายงานบ้างครับ"
WHAT_IS_LATE = "โครงการที่เลยกำหนดแล้วมีอะไรบ้าง"
HARD_NAME = 'โครงการ "ยกระดับ" \\ทักษะ\\ {{ แรงงาน }} </script> 👩‍🏭\n' + "เพื่อรองรับการเปลี่ยนแปลง" * 12


def add_projects(bot: Bot, unit: str, count: int, name: str = "โครงการพัฒนาระบบงาน") -> None:
    """Give a unit more projects that owe a report and have none."""
    with bot.writes() as session:
        unit_id = session.scalars(select(tables.Unit.id).where(tables.Unit.code == unit)).one()
        rows = [
            {
                "code": f"รง {unit[-4:]}-66-9{number:03}", "unit_id": unit_id, "name": f"{name} {number}",
                "fiscal_year": 2566, "start_month": date(2022, 10, 1), "end_month": date(2023, 9, 1),
                "official_version": 1, "execution_status": ExecutionStatus.IN_PROGRESS,
            }
            for number in range(1, count + 1)
        ]  # fmt: skip
        session.execute(insert(tables.Project), rows)


def says_nothing_of(shown: Shown, *words: str) -> bool:
    everything = json.dumps(list(shown.messages), ensure_ascii=False)
    return not any(word in everything for word in words)


def test_a_coordinator_sees_counts_then_agencies_and_taps_through_to_projects(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    shown = coordinator.says(WHO_OWES)
    assert shown.contains("โครงการที่ยังไม่รายงาน", Q1, "15 โครงการ", "ยังไม่กรอก", "ร่าง", "รออนุมัติ", "ส่งกลับแก้ไข")
    assert shown.contains("กสร.", "3 โครงการ: ยังไม่กรอก 1 · ร่าง 1 · ส่งกลับแก้ไข 1", "ข้อมูล ณ วันที่ 20 มี.ค. 66")
    assert shown.contains("สปส. (ไตรมาส 4/2565 ของหน่วยงาน)")
    assert not shown.contains("กพร.")  # everything of theirs is approved
    assert {"ดาวน์โหลด Excel", "ทวงถาม"} <= shown.buttons().keys()
    shown = coordinator.presses("กสร.")
    assert shown.contains("รง 0501-66-0003", "โครงการพัฒนาสวัสดิการแรงงานสตรีและเด็ก", "รอหน่วยงานรายงาน ตั้งแต่ 7 มี.ค. 66")
    assert shown.buttons()["รง 0501-66-0003"] == "pj1:รง 0501-66-0003"
    shown = coordinator.says("แล้วของ สปส. ล่ะ")
    assert shown.contains(Q1, "หน่วยงานนี้ใช้ปีปฏิทิน เรียกว่า ไตรมาส 4/2565", "รง 0601-65-0003")


def test_an_officer_sees_the_own_projects_and_whose_turn_it_is(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    shown = officer.says(WHO_OWES)
    assert shown.contains("กองยุทธศาสตร์และแผนงาน กกจ.", Q1, "1 โครงการ", "รง 0301-66-0001")
    assert shown.contains("รออนุมัติ ลำดับที่ 2 · รออธิบดีพิจารณา ตั้งแต่ 20 มี.ค. 66")
    assert "ดาวน์โหลด Excel" in shown.buttons()
    assert "ทวงถาม" not in shown.buttons()
    labour.report("รง 0301-66-0001", SubmissionState.APPROVED)
    assert officer.says(WHO_OWES).contains("ไม่มีโครงการที่ยังไม่รายงานค่ะ")


def test_executives_are_told_what_waits_for_them_without_a_particle(labour: Bot) -> None:
    shown = Chatter(labour, DIRECTOR_GENERAL).says(WHO_OWES)
    assert shown.contains("กกจ.", "3 โครงการ", "รอท่านพิจารณา ตั้งแต่ 20 มี.ค. 66", "รอผู้อำนวยการกองพิจารณา")
    assert Chatter(labour, CLUSTER_HEAD).says(WHO_OWES).contains("สป.รง.", "กสร.", "15 โครงการ")
    empty = Chatter(labour, HEAD).says("โครงการที่ยังไม่รายงาน Q4/2565")
    assert empty.contains("ไม่มีโครงการที่ยังไม่รายงาน", "ไตรมาสนี้อยู่ก่อนช่วงที่ระบบเริ่มติดตาม")
    assert not empty.contains("ค่ะ")


@pytest.mark.parametrize("question", (WHO_OWES, WHAT_IS_LATE))
def test_who_sees_no_projects_in_the_making_is_told_so(labour: Bot, question: str) -> None:
    for person in (MONITOR, PLAN_OFFICER):
        chatter = Chatter(labour, person)
        assert says_nothing_of(chatter.says(question), "รง 0")
        assert says_nothing_of(chatter.presses("ur1:2566:1:!0:!0::0:1"), "รง 0", "ไตรมาส")
        assert says_nothing_of(chatter.presses("dl1:2566:1:!0:!0::0"), "https://", "รง 0")
    assert Chatter(labour, MONITOR).says(question).contains("ไม่มีสิทธิ")
    assert Chatter(labour, PLAN_OFFICER).says(question).contains("แผนระดับ 3")
    stranger = Stranger(labour)
    assert says_nothing_of(stranger.says(question), "รง 0", "โครงการที่", "กกจ.")
    assert says_nothing_of(stranger.presses("ur1:2566:1:รง03:!0::0:1"), "รง 0", "โครงการที่", "กกจ.")


def test_an_officer_never_sees_another_agency_by_any_way_in(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    asked = [
        officer.says("ของ กสร. ไตรมาสนี้มีค้างรายงานมั้ย"),
        officer.says("กรมสวัสดิการและคุ้มครองแรงงานยังไม่รายงานโครงการไหนบ้าง"),
        officer.says("โครงการที่เลยกำหนดของ กสร."),
    ]
    assert all(shown.contains("ไม่มีสิทธิ") for shown in asked)
    officer.says(WHO_OWES)
    forged = [
        officer.says("แล้วของ กสร. ล่ะ"),
        officer.presses("ur1:2566:1:รง05:!0::0:1"),
        officer.presses("ur1:2566:1:รง0501:missing::0:1"),
        officer.presses("ur1:2566:1:รง05:!0::1:2"),
        officer.presses("dl1:2566:1:รง05:!0::0"),
        officer.presses("ch1:2566:1:รง05"),
        officer.presses("cs1:2566:1:รง05:2023-03-20"),
        officer.presses("lx1:quarter_report:2566:1:รง 0501-66-0003:0"),
        officer.presses("du1:quarter_report:2566:1:AGENCY"),
        officer.says("โครงการสวัสดิการแรงงานสตรีและเด็กรายงานหรือยัง ยังไม่รายงานใช่ไหม"),
        *(officer.presses(f"ur1:2566:1:!0:!0::0:{page}") for page in (-1, 2, 999_999)),
    ]
    assert all(says_nothing_of(shown, "รง 0501-66", "ผู้ประกอบกิจการขนาดเล็ก", "พัฒนาสวัสดิการ") for shown in forged)
    assert labour.row_counts()["outbox"] == 0


def test_buttons_that_no_card_of_ours_has_change_and_show_nothing(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    for data in ("ur1:2566:9:!0:!0::0:1", "ur1:99999999:1:!0:!0::0:1", "du1:quarter_report:2566:!0:AGENCY"):
        assert coordinator.presses(data).contains("ใช้ไม่ได้แล้ว")
    assert coordinator.presses("ur1:2566:1:ไม่มี:!0::0:1").contains("ไม่พบรายการนี้")


def test_lists_are_turned_over_by_button_and_by_word(labour: Bot) -> None:
    add_projects(labour, "รง0301", 24, HARD_NAME)
    officer = Chatter(labour, OFFICER)
    shown = officer.says(WHO_OWES)
    assert shown.contains("25 โครงการ", "หน้า 1 จาก 3", 'โครงการ "ยกระดับ" \\ทักษะ\\ {{ แรงงาน }} </script>')
    shown = officer.presses("หน้าถัดไป")
    assert shown.contains("หน้า 2 จาก 3")
    shown = officer.says("หน้าถัดไป")
    assert shown.contains("หน้า 3 จาก 3", "รง 0301-66-9024")
    assert "หน้าถัดไป" not in shown.buttons()
    assert officer.says("หน้าก่อน").contains("หน้า 2 จาก 3")
    rows = [label for page in (1, 2, 3) for label in officer.presses(f"ur1:2566:1:!0:!0::0:{page}").buttons()]
    assert len({label for label in rows if label.startswith("รง 0301")}) == 25
    assert officer.presses("ur1:2566:1:!0:!0::0:99").contains("หน้า 3 จาก 3")
    assert officer.presses("ur1:2566:1:!0:!0::0:-5").contains("หน้า 1 จาก 3")


def test_a_list_is_narrowed_to_a_state_or_to_words_of_a_name(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    coordinator.says("ของ กสร. ไตรมาสนี้มีค้างรายงานมั้ย")
    shown = coordinator.presses("ยังไม่กรอก")
    assert shown.contains("รง 0501-66-0003")
    assert not shown.contains("รง 0501-66-0001")
    shown = coordinator.presses("ur1:2566:1:!0:!0:สตรีและเด็ก:0:1")
    assert shown.contains("ค้นหา “สตรีและเด็ก”", "รง 0501-66-0003")
    assert coordinator.presses("ur1:2566:1:!0:!0:100%_:0:1").contains("ไม่มีโครงการที่ยังไม่รายงานที่ตรงกับคำค้นหา")


def test_what_is_late_says_whose_delay_it_is(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    assert coordinator.says(WHAT_IS_LATE).contains(Q1, "ไม่มีโครงการที่เกินกำหนด")  # the last day is today
    labour.at = bangkok("22 มี.ค. 66")
    assert coordinator.says(WHAT_IS_LATE).contains(Q1, "ค้างที่หน่วยงาน", "14 โครงการ", "กสร.")
    labour.at = bangkok("3 เม.ย. 66")
    shown = coordinator.says("ใครส่งช้าบ้าง Q1/66")
    assert shown.contains("ค้างที่ผู้อนุมัติระดับกระทรวง", "1 โครงการ")
    officer = Chatter(labour, WELFARE_OFFICER).says(WHAT_IS_LATE)
    assert officer.contains(Q1, "รง 0501-66-0001", "ร่าง · รอหน่วยงานรายงาน", "เกินกำหนด")
    assert "แจ้งเหตุผล" in officer.buttons()


def test_a_calendar_year_agency_is_answered_in_its_own_labels(labour: Bot) -> None:
    shown = Chatter(labour, SOCIAL_SECURITY).says("โครงการที่ยังไม่รายงานไตรมาส 4/65")
    assert shown.contains("ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65)", "5 โครงการ")
    shown = Chatter(labour, COORDINATOR).says("โครงการที่ยังไม่รายงานความก้าวหน้า สปส. ไตรมาส 4/65")
    assert shown.contains(Q1, "5 โครงการ", "เรียกว่า ไตรมาส 4/2565")


def test_what_was_shown_is_remembered_for_ten_minutes_of_real_time(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    coordinator.says(WHO_OWES)
    coordinator.waits(minutes=9, seconds=50)
    assert coordinator.says("แล้วของ สปส. ล่ะ").contains("โครงการที่ยังไม่รายงาน", "สปส.")
    coordinator.waits(minutes=10, seconds=1)
    assert "ไตรมาส 1/2566" not in coordinator.says("แล้วของ กกจ. ล่ะ").text
    coordinator.says(WHO_OWES)
    for later, kept in ((timedelta(minutes=9), 1), (timedelta(days=1), 0)):
        with labour.database.write() as session:
            conversations.forget_expired(session, datetime.now(UTC) + later)
        assert labour.row_counts()["conversations"] == kept


def test_a_quarter_that_is_not_open_yet_says_when_it_will_be(labour: Bot) -> None:
    shown = Chatter(labour, OFFICER).says("ขอรายชื่อโครงการที่ยังไม่รายงาน Q2/66")
    assert shown.contains("ไตรมาส 2/2566 (ม.ค.–มี.ค. 66)", "ยังไม่เปิดให้รายงาน กำหนด 1–18 เม.ย. 66")


def test_an_administrator_sees_ministries_first_and_says_which_agency_is_meant(labour: Bot) -> None:
    admin = Chatter(labour, ADMIN)
    assert admin.says(WHO_OWES).contains("15 โครงการ", "รง.")
    with labour.writes() as session:
        ministry = tables.Unit(code="อก", name="กระทรวงอุตสาหกรรม", short_name="อก.", level=UnitLevel.MINISTRY)
        session.add(ministry)
        session.flush()
        mines = "กรมอุตสาหกรรมพื้นฐานและการเหมืองแร่"
        session.add(
            tables.Unit(code="อก05", name=mines, short_name="กพร.", level=UnitLevel.AGENCY, parent_id=ministry.id)
        )
        session.flush()
        reference_changed(session, labour.at)
    add_projects(labour, "อก05", 2)
    shown = admin.says(WHO_OWES)
    assert shown.contains("รง.", "อก.", "2 โครงการ: ยังไม่กรอก 2")
    assert admin.presses("รง.").contains("กสร.", "15 โครงการ")
    shown = admin.says("กพร. เหลือกี่โครงการที่ยังไม่กรอก M6")
    assert shown.contains("หมายถึงหน่วยงานใด", mines, "กรมพัฒนาฝีมือแรงงาน")
    (choice,) = (label for label in shown.buttons() if label.startswith("กรมอุตสาหกรรม"))
    assert admin.presses(choice).contains("กพร.", "2 โครงการ")
    for other in ("กพร. มีเรื่องรออนุมัติกี่เรื่อง", "กำหนดส่งของ กพร."):
        assert admin.says(other).contains("หมายถึงหน่วยงานใด", mines)
        answer = admin.says(mines)  # as on a computer, which shows no quick replies
        assert "หมายถึงหน่วยงานใด" not in answer.text
        assert answer.contains(mines) or answer.contains("กพร.")


def test_who_lost_the_post_sees_nothing_from_that_moment(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    assert officer.says(WHO_OWES).contains("รง 0301-66-0001")
    with labour.writes() as session:
        person = session.scalars(select(tables.Person.id).where(tables.Person.code == OFFICER)).one()
        ended = update(tables.RoleAssignment).where(tables.RoleAssignment.person_id == person)
        session.execute(ended.values(valid_to=date(2023, 3, 19)))
        assert session.scalars(select(tables.RoleAssignment.role).filter_by(person_id=person)).all() == [
            Role.PROJECT_OFFICER
        ]
        reference_changed(session, labour.at)
    assert says_nothing_of(officer.says(WHO_OWES), "รง 0301")
    assert says_nothing_of(officer.presses("ur1:2566:1:!0:!0::0:1"), "รง 0301")
