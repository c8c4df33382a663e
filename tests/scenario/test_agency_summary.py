"""How far the reports are, for each role as far as it may know, from the counters that are kept."""

from sqlalchemy import insert, select

from domain.organisation import UnitLevel
from domain.submissions import SubmissionState
from domain.windows import Stage
from messages_th.listing import ROWS_A_PAGE
from storage.report_counts import recount
from storage.shared_state import reference_changed
from storage.tables import Project, Unit
from tests.chatting import Chatter, Stranger
from tests.importing import REAL_NOW
from tests.office import Bot, bangkok, labour

__all__ = ["labour"]

COORDINATOR, ADMIN, MONITOR, SECRETARY = "P00003", "P00001", "P00002", "P00005"
OFFICER, OFFICER_OF_ANOTHER_AGENCY, INSURANCE_OFFICER, PLAN_OFFICER = "P00017", "P00033", "P00041", "P00016"
UNAPPROVED = ("ยังไม่กรอก", "ร่าง", "ส่งกลับแก้ไข", "รออนุมัติ", "รายงานแล้ว")


def test_a_coordinator_sees_the_ministry_by_agency_and_goes_down_by_a_tap(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    ministry = coordinator.says("สรุปภาพรวมกระทรวงให้หน่อย")
    assert ministry.contains(
        "กระทรวงแรงงาน", "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)", "ต้องรายงาน\n33 โครงการ", "รายงานแล้ว\n22 (67%)",
        "อนุมัติแล้ว\n18 (55%)", "ยังไม่กรอก\n2", "ร่าง\n5", "กพร.\nอนุมัติแล้ว 2 จาก 2 (100%)", "ข้อมูล ณ วันที่ 20 มี.ค. 66",
    )  # fmt: skip
    assert "ออกจากหน่วยงานทันกำหนด" not in ministry.text  # nobody should have sent before the window has closed
    agency = coordinator.presses("กสร.")
    assert agency.contains("กรมสวัสดิการและคุ้มครองแรงงาน", "ต้องรายงาน\n6 โครงการ", "กองบริหารการคลัง กสร.")
    assert "กกจ." not in agency.text
    assert coordinator.presses("กองบริหารการคลัง กสร.").contains("ต้องรายงาน\n2 โครงการ")
    assert coordinator.says("แล้วของ สปส. ล่ะ").contains("สำนักงานประกันสังคม", "ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65)")
    assert coordinator.says("กสร. รายงานครบกี่เปอร์เซ็นต์แล้ว ไตรมาส 1").contains("ต้องรายงาน\n6 โครงการ")


def test_what_left_the_agency_in_time_is_counted_once_its_window_has_closed(labour: Bot) -> None:
    labour.at = bangkok("22 มี.ค. 66")
    labour.report("รง 0301-66-0001", SubmissionState.RETURNED, returned_by=Stage.UPPER)
    labour.report("รง 0302-66-0001", SubmissionState.PENDING_APPROVAL, step=3, is_late=True)
    agency = Chatter(labour, COORDINATOR).says("สรุป กกจ.")
    assert agency.contains("ต้องรายงาน\n8 โครงการ", "ออกจากหน่วยงานทันกำหนด\n6 (75%)")


def test_the_country_is_shown_by_ministry(labour: Bot) -> None:
    admin = Chatter(labour, ADMIN)
    country = admin.says("สรุปภาพรวม")
    assert country.contains("ทุกกระทรวง", "ต้องรายงาน\n33 โครงการ", "รง.\nอนุมัติแล้ว 18 จาก 33 (55%)")
    assert admin.presses("รง.").contains("กระทรวงแรงงาน", "กกจ.")


def test_a_monitor_learns_what_is_approved_and_nothing_else(labour: Bot) -> None:
    monitor = Chatter(labour, MONITOR)
    for shown in (monitor.says("สรุปภาพรวม"), monitor.presses("รง."), monitor.presses("กกจ.")):
        assert shown.contains("สรุปรายงานที่อนุมัติแล้ว")
        assert not [word for word in UNAPPROVED if word in shown.text]


def test_an_approver_learns_how_the_reports_stand_that_will_come_to_the_own_step(labour: Bot) -> None:
    shown = Chatter(labour, SECRETARY).says("เทียบแต่ละกรมว่าใครรายงานครบแล้วบ้าง")
    assert shown.contains("อนุมัติแล้ว\n18 (55%)", "รออนุมัติ\n4", "ยังไม่กรอก\n2", "ส่งกลับแก้ไข\n4")


def test_an_officer_sees_the_own_unit_in_the_words_of_its_calendar(labour: Bot) -> None:
    assert Chatter(labour, OFFICER).says("สรุปภาพรวม").contains("ต้องรายงาน\n2 โครงการ", "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)")
    assert Chatter(labour, OFFICER).says("สรุป กกจ.").contains("กองยุทธศาสตร์และแผนงาน", "ต้องรายงาน\n2 โครงการ")
    assert Chatter(labour, INSURANCE_OFFICER).says("สรุปภาพรวม").contains("ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65)")
    assert Chatter(labour, PLAN_OFFICER).says("สรุปภาพรวม").contains("ไม่มีสิทธิ")


def test_nobody_sees_another_agency_by_words_or_forged_buttons(labour: Bot) -> None:
    other, stranger = Chatter(labour, OFFICER_OF_ANOTHER_AGENCY), Stranger(labour)
    for press in ("as1:รง03:2566:1:1", "as1:รง0301:2566:1:1", "as1:xx:2566:1:1"):
        assert other.presses(press).contains("ไม่มีสิทธิ")
        assert "อนุมัติแล้ว" not in stranger.presses(press).text
    for press in ("as1:!0:2566:1:1", "as1:รง:2566:1:9"):
        shown = other.presses(press)
        assert shown.contains("ต้องรายงาน\n3 โครงการ")
        assert "กกจ." not in shown.text
    for press in ("as1:!0:2566:7:1", "as1:!0:999999999999:1:1"):
        assert other.presses(press).contains("ปุ่มนี้")
    assert other.says("สรุป กกจ.").contains("ไม่มีสิทธิ")


def test_a_quarter_of_which_nothing_is_owed_is_said_so(labour: Bot) -> None:
    shown = Chatter(labour, COORDINATOR).says("สรุป กกจ. ไตรมาส 4/65")  # before tracking began
    assert shown.contains("ไม่มีโครงการที่ต้องรายงาน")


def test_many_units_with_long_names_come_ten_a_page(labour: Bot) -> None:
    with labour.writes() as session:
        agency = session.scalars(select(Unit.id).where(Unit.code == "รง03")).one()
        name = ('กอง "ทดสอบ" </b> {{ x }} 🙂\n' + "ส่งเสริมและพัฒนาระบบบริการ" * 12)[:300]
        for number in range(20):
            unit = session.scalars(
                insert(Unit)
                .values(code=f"รง035{number:02}", name=name, level=UnitLevel.DIVISION, parent_id=agency)
                .returning(Unit.id)
            ).one()
            sample = session.scalars(select(Project).where(Project.code == "รง 0301-66-0001")).one()
            session.add(
                Project(
                    code=f"รง 035{number:02}-66-0001", unit_id=unit, fiscal_year=2566, name=name, official_version=1,
                    start_month=sample.start_month, end_month=sample.end_month,
                )
            )  # fmt: skip
        session.flush()
        recount(session)
        reference_changed(session, REAL_NOW)
    coordinator = Chatter(labour, COORDINATOR)
    first = coordinator.says("สรุป กกจ.")
    assert first.contains("หน้า 1 จาก 3", "ต้องรายงาน\n28 โครงการ")
    assert first.text.count("อนุมัติแล้ว ") <= ROWS_A_PAGE + 1
    assert coordinator.says("หน้าถัดไป").contains("หน้า 2 จาก 3", "อนุมัติแล้ว 0 จาก 1 (0%)")
