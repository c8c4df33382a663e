"""Asking for projects: one's own, one at a glance, by code and by name, and never those of others."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from domain.submissions import SubmissionState
from domain.windows import Stage
from handlers.my_projects import ListProjects
from handlers.project_presses import OpenProject, ShowDisbursement, ShowHistory, ShowProject, ShowTrail
from messages_th.listing import ROWS_A_PAGE
from storage.shared_state import reference_changed
from storage.tables import Decision, Person, Project, Submission
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, Stranger
from tests.office import Bot, labour

__all__ = ["labour"]

ADMIN, MONITOR, COORDINATOR, SECRETARY = "P00001", "P00002", "P00004", "P00005"
OFFICER, HEAD, DIRECTOR_GENERAL = "P00017", "P00018", "P00015"
OWN, OWN_NAME, APPROVED = "รง 0301-66-0001", "โครงการสร้างเครือข่ายแรงงานนอกระบบ ยุควิถีใหม่", "รง 0301-66-0002"
FOREIGN, FOREIGN_NAME = "รง 0502-66-0002", "บูรณาการการตรวจแรงงานประมงทะเล"
NOWHERE = "รง 0301-66-9999"
NOT_FOUND = "ไม่พบโครงการนี้ในขอบเขตที่ท่านดูได้"
NASTY = 'โครงการ "ก" \\ </b> {{ 7 * 7 }}\nบรรทัดใหม่ 😀 ' * 9


def test_an_officer_sees_the_own_units_projects_with_how_many_stand_how_first(labour: Bot) -> None:
    shown = Chatter(labour, OFFICER).says("โครงการของฉันมีอะไรบ้าง")
    assert shown.contains(
        "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)", "ทั้งหมด\n2 โครงการ", "รออนุมัติ\n1 โครงการ", f"{OWN}\n{OWN_NAME}\nรออนุมัติ",
        "ข้อมูล ณ วันที่ 20 มี.ค. 66",
    )  # fmt: skip
    assert "รง 05" not in shown.text


def test_a_list_is_narrowed_by_state_and_by_year(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    waiting = officer.says("โครงการของกองที่รออนุมัติอยู่")
    assert waiting.contains("เฉพาะ: รออนุมัติ", OWN)
    assert APPROVED not in waiting.text
    assert officer.says("ขอดูโครงการที่กองเรารับผิดชอบปี 63").contains("ไม่มีโครงการตามที่ถาม")
    agency = Chatter(labour, "P00022").presses(ListProjects(None, 2564, None, 2566, 1, 1).pack())
    assert agency.contains("รง 0303-64-0002")
    assert "รง 0303-66-0005" not in agency.text


def test_a_coordinator_goes_from_agencies_to_projects_and_through_the_pages(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    agencies = coordinator.says("โครงการของฉัน")
    assert agencies.contains("ต้องรายงาน\n33 โครงการ", "กกจ.\nอนุมัติแล้ว 5 จาก 8 โครงการ")
    first = coordinator.presses("กกจ.")
    assert first.contains("หน้า 1 จาก 2", "รง 0302-65-0002")
    second = coordinator.says("หน้าถัดไป")
    assert second.contains("หน้า 2 จาก 2")
    codes = [label for label in (*first.buttons(), *second.buttons()) if label.startswith("รง 03")]
    assert len(codes) == len(set(codes)) > ROWS_A_PAGE
    coordinator.says("หน้าก่อน")
    assert coordinator.says("อันแรก").contains(OWN, "วงเงิน\n24,107,827.81 บาท")


def test_the_country_is_listed_by_ministry_or_straight_by_agency_where_there_is_but_one(labour: Bot) -> None:
    assert Chatter(labour, ADMIN).says("โครงการของฉัน").contains("สป.รง.", "กสร.")


def test_a_project_at_a_glance_tells_whose_step_it_is_and_since_when(labour: Bot) -> None:
    with labour.writes() as session:
        arrived = datetime(2023, 3, 12, 3, tzinfo=UTC)
        owner = select(Project.id).where(Project.code == OWN).scalar_subquery()
        session.execute(update(Submission).where(Submission.project_id == owner).values(arrived_at=arrived))
    card = Chatter(labour, OFFICER).says("รง๐๓๐๑-๖๖-๐๐๐๑ ผ่านหรือยัง")
    assert card.contains(
        OWN, OWN_NAME, "กองยุทธศาสตร์และแผนงาน กกจ.", "ระยะเวลา\nต.ค. 65–ก.ย. 66", "รออธิบดีพิจารณา (ลำดับที่ 2)",
        "ตั้งแต่ 12 มี.ค. 66 (8 วัน)", "วันนี้เป็นวันสุดท้าย", "1/66\nต.ค.–ธ.ค. 65\nรออนุมัติ",
        "2/66\nม.ค.–มี.ค. 66\nยังไม่ถึงรอบ", "M6\n●", "M7\n✓", "รออนุมัติ: M6 รายงานความก้าวหน้า",
    )  # fmt: skip
    assert card.buttons() == {
        "ประวัติรายงาน": ShowHistory(OWN, 1).pack(), "ประวัติการดำเนินการ": ShowTrail(OWN, 1).pack(),
        "การเบิกจ่าย": ShowDisbursement(OWN, 2566, 1).pack(), "รายละเอียดโครงการ": OpenProject(OWN).pack(),
    }  # fmt: skip
    assert Chatter(labour, DIRECTOR_GENERAL).presses(ShowProject(OWN).pack()).contains("รอท่านพิจารณา (ลำดับที่ 2)")


def test_why_a_report_came_back_is_quoted_with_the_position_that_sent_it_back(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    not_so = officer.says(f"ทำไมโครงการ {OWN} โดนตีกลับ")
    assert not_so.contains("โครงการนี้ไม่ได้อยู่ในสถานะส่งกลับแก้ไขค่ะ", "รออนุมัติ")
    _send_back(labour, OWN, "แก้ไขผลเบิกจ่ายให้ตรงกับหลักฐาน")
    back = officer.says("ทำไมโครงการเครือข่ายแรงงานนอกระบบโดนตีกลับ")
    assert back.contains(
        "ส่งกลับแก้ไข ไตรมาส 1/2566 โดยผู้อำนวยการกอง เมื่อ 18 มี.ค. 66", "“แก้ไขผลเบิกจ่ายให้ตรงกับหลักฐาน”",
        "รอท่านดำเนินการ", "ตั้งแต่ 18 มี.ค. 66 (2 วัน)",
    )  # fmt: skip
    assert "ไม่ได้อยู่ในสถานะ" not in back.text


def test_a_report_that_nobody_sent_in_time_is_overdue_in_words(labour: Bot) -> None:
    labour.report(OWN, SubmissionState.DRAFT)
    labour.at = labour.at.replace(day=22)
    assert Chatter(labour, OFFICER).says(f"สถานะ {OWN}").contains("ร่าง (เกินกำหนด)", "พ้นกำหนดแล้ว 2 วัน")


def test_a_name_is_enough_and_several_alike_are_offered(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    several = coordinator.says("สถานะโครงการตรวจแรงงานประมงทะเล")
    assert several.contains("พบหลายโครงการที่ชื่อใกล้เคียง", "รง 0302-66-0001", "รง 0502-66-0002")
    assert coordinator.presses("รง 0502-66-0002").contains(FOREIGN_NAME, "กองบริหารการคลัง กสร.")
    one = Chatter(labour, OFFICER).says("สถานะโครงการสร้างเครือข่ายเเรงงานนอกระบบ")
    assert one.contains(OWN)
    admin = Chatter(labour, ADMIN).says("สถานะโครงการระบบตลาดแรงงานออนไลน์")
    assert admin.contains("รง 0303-66-0003", "รง 0401-65-0002")


def test_without_a_name_some_are_offered_those_in_motion_first(labour: Bot) -> None:
    offered = Chatter(labour, OFFICER).says("สถานะโครงการ")
    assert offered.contains("ท่านหมายถึงโครงการใด", "พิมพ์รหัสหรือชื่อโครงการค่ะ")
    assert offered.text.index(OWN) < offered.text.index(APPROVED)


def test_an_officer_never_sees_another_agency_and_cannot_tell_it_from_nothing(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    nothing = officer.says(f"โครงการ {NOWHERE} ถึงขั้นไหนแล้ว")
    assert nothing.contains(NOT_FOUND)
    for foreign in (
        officer.says(f"โครงการ {FOREIGN} ถึงขั้นไหนแล้ว"),
        officer.says(f"ขอดูรายงานย้อนหลังของโครงการ {FOREIGN}"),
        officer.says(f"โครงการ {FOREIGN} ใช้เงินไปเท่าไหร่"),
        officer.presses(ShowProject(FOREIGN).pack()),
        officer.presses(ShowHistory(FOREIGN, 1).pack()),
        officer.presses(ShowDisbursement(FOREIGN, 2566, 1).pack()),
        officer.says(f"สถานะโครงการ{FOREIGN_NAME}"),
    ):
        assert foreign.text == nothing.text
    for forged in (
        ListProjects("รง05", None, None, 2566, 1, 1),
        ListProjects("รง", None, None, 2566, 1, 7),
        ListProjects(None, None, None, 2566, 1, 99),
        ListProjects("ไม่มี", None, None, 2566, 1, 1),
    ):
        assert "รง 05" not in officer.presses(forged.pack()).text
    assert officer.says("โครงการของ กสร.").text.count("รง 05") == 0


def test_a_stranger_learns_nothing_of_a_project(labour: Bot) -> None:
    stranger = Stranger(labour)
    for shown in (stranger.says(f"สถานะ {OWN}"), stranger.presses(ShowProject(OWN).pack())):
        assert OWN_NAME not in shown.text


def test_a_monitor_sees_what_is_approved_and_nothing_on_its_way(labour: Bot) -> None:
    monitor = Chatter(labour, MONITOR)
    on_its_way = monitor.presses(ShowProject(OWN).pack())
    assert on_its_way.contains(OWN_NAME, "ยังไม่มีข้อมูล")
    assert "พิจารณา" not in on_its_way.text
    assert monitor.presses(ShowProject(APPROVED).pack()).contains("อนุมัติครบทุกลำดับแล้ว")
    unofficial = monitor.presses(ShowProject("รง 0302-65-0002").pack())
    assert unofficial.contains(NOT_FOUND)


def test_an_entry_that_is_not_approved_is_told_as_such(labour: Bot) -> None:
    card = Chatter(labour, "P00019").presses(ShowProject("รง 0302-65-0002").pack())
    assert card.contains("ข้อมูลโครงการ", "M7\n–")


def test_the_longest_names_fit_whatever_is_in_them(labour: Bot) -> None:
    with labour.writes() as session:
        name = (NASTY * 2)[:300]
        session.execute(update(Project).values(name=name))
        reference_changed(session, datetime.now(UTC))
    _send_back(labour, OWN, NASTY)
    coordinator = Chatter(labour, COORDINATOR)
    assert coordinator.presses(ListProjects("รง03", None, None, 2566, 1, 1).pack()).contains("หน้า 1 จาก 2")
    assert coordinator.presses(ShowProject(OWN).pack()).contains("{{ 7 * 7 }}", "</b>", "😀")
    assert coordinator.says("สถานะโครงการบรรทัดใหม่").contains("พบหลายโครงการ")
    assert coordinator.presses(ShowHistory(OWN, 1).pack()).contains("ส่งกลับแก้ไข")
    assert coordinator.presses(ShowDisbursement(OWN, 2566, 1).pack()).contains("วงเงินคงเหลือ")
    assert coordinator.says("โครงการไหนเบิกจ่ายต่ำกว่าแผนบ้าง Q1").contains("กกจ.")
    assert coordinator.presses("กกจ.").contains("ต่ำกว่าแผน")


def _send_back(labour: Bot, code: str, reason: str) -> None:
    labour.report(code, SubmissionState.RETURNED, returned_by=Stage.AGENCY)
    with labour.writes() as session:
        report = session.scalars(
            select(Submission).join(Project).where(Project.code == code, Submission.quarter == 1)
        ).one()
        head = session.scalars(select(Person).where(Person.code == HEAD)).one()
        session.add(
            Decision(
                submission_id=report.id, version=report.version, step=1, stage=Stage.AGENCY, verdict=Verdict.RETURNED,
                reason=reason, decided_by_id=head.id, decided_at=datetime(2023, 3, 18, 3, tzinfo=UTC),
            )
        )  # fmt: skip
