"""The buttons of the reminder digest answer with what is true now, and take the reason of a delay in words."""

from datetime import date
from typing import Any

from sqlalchemy import Engine, event, select, update

from domain.reminders import BANGKOK
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Occasion, WindowKind
from storage import tables
from storage.agency_entries import DutyKey, Statement, enter_open_data
from storage.reference import load_reference
from storage.shared_state import StateKey, get, reference_changed
from storage.tables.messaging import AuditAction
from tests.chatting import Chatter
from tests.office import Bot, bangkok, labour
from tests.submitting import actor_of, moment

__all__ = ["labour"]

COORDINATOR, PLAN_OFFICER, DIRECTOR_GENERAL, OFFICER = "P00004", "P00008", "P00015", "P00033"
ENTRY_OFFICER, HEAD_OF_ENTRY = "P00011", "P00012"
REASON = "การจัดซื้อจัดจ้างล่าช้ากว่าแผน เนื่องจากผู้รับจ้างส่งงานไม่ทัน"
MISSING, DRAFTED = "รง 0501-66-0003", "รง 0501-66-0001"


def press_of_digest(bot: Bot, person: str, label: str, at: str) -> str:
    """Remind a person and return the data of a button of the message on the phone."""
    chatter = Chatter(bot, person)
    bot.remind(at=bangkok(at))
    bot.send()
    chatter.last.messages = bot.phone(person)
    return chatter.last.buttons()[label]


def reasons(bot: Bot) -> dict[str, str]:
    query = (
        select(tables.Project.code, tables.Submission.late_reason)
        .join(tables.Project, tables.Project.id == tables.Submission.project_id)
        .where(tables.Submission.late_reason != "")
    )
    with bot.database.read() as session:
        return dict(session.execute(query).all())


def audited(bot: Bot) -> int:
    with bot.database.read() as session:
        return len(session.scalars(select(tables.AuditEntry.id).filter_by(action=AuditAction.LATE_REASON_GIVE)).all())


def test_an_officer_presses_the_digest_and_sees_what_is_owed_now(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    shown = officer.presses("du1:quarter_report:2566:1:AGENCY")
    assert shown.contains("2 โครงการ", MISSING, DRAFTED)
    labour.report(MISSING, SubmissionState.APPROVED)
    shown = officer.presses("du1:quarter_report:2566:1:AGENCY")
    assert shown.contains("1 โครงการ", DRAFTED)
    assert not shown.contains(MISSING)


def test_everything_lists_each_window_and_opens_its_list(labour: Bot) -> None:
    shown = Chatter(labour, OFFICER).presses("da1")
    assert shown.contains("รายการทั้งหมดของท่าน", "2 โครงการ: ยังไม่กรอก 1 · ร่าง 1", "วันนี้เป็นวันสุดท้าย")
    officer = Chatter(labour, ENTRY_OFFICER)
    shown = officer.presses("da1")
    assert shown.contains("ข้อมูลโครงการ ปีงบประมาณ 2566", "1 โครงการ: ร่าง 1 · พ้นกำหนดแล้ว 28 วัน")
    shown = officer.presses("du1:project_entry:2566:!0:AGENCY")
    assert shown.contains("รง 0202-66-0002", "ร่าง")
    coordinator = Chatter(labour, COORDINATOR)
    shown = coordinator.presses("da1")
    assert shown.contains("15 โครงการ", "แผนระดับ 3", "5 แผน: ยังไม่นำเข้า 5")
    assert coordinator.presses("du1:level3_plan:2566:!0:AGENCY").contains("กพร. · ยังไม่นำเข้า", "สปส.")
    labour.at = bangkok("1 ธ.ค. 67")
    assert Chatter(labour, "P00002").presses("da1").contains("ไม่มีรายการที่ต้องดำเนินการ")


def test_an_approver_sees_what_waits_for_the_own_step_and_what_the_units_owe(labour: Bot) -> None:
    chief = Chatter(labour, DIRECTOR_GENERAL)
    shown = chief.presses("du1:quarter_report:2566:1:AGENCY")
    assert shown.contains("รายการรอท่านพิจารณา", "รง 0301-66-0001", "โครงการที่ยังไม่รายงาน", "รง 0303-64-0004")
    assert chief.presses("da1").contains("รายการรอท่านพิจารณา", "1 เรื่อง")


def test_an_officer_of_plans_sees_plans_and_no_project(labour: Bot) -> None:
    officer = Chatter(labour, PLAN_OFFICER)
    assert officer.presses("du1:level3_plan:2566:!0:AGENCY").contains("แผนระดับ 3", "สป.รง. · ยังไม่นำเข้า")
    assert officer.presses("du1:quarter_report:2566:1:AGENCY").contains("ไม่มีสิทธิ")
    assert officer.presses("du1:project_entry:2566:!0:AGENCY").contains("ไม่มีสิทธิ")


def test_a_long_list_of_plans_reads_the_routes_of_its_page_alone(labour: Bot) -> None:
    coordinator, statements = Chatter(labour, COORDINATOR), list[str]()

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    def asked(plans: range) -> int:
        with labour.writes() as session:
            unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == "รง03")).one()
            about = {"unit_id": unit, "fiscal_year": 2566}
            for number in plans:
                name = f"แผนปฏิบัติการด้านที่ {number}"
                duty = tables.AgencyDuty(**about, kind=WindowKind.LEVEL3_PLAN, plan_name=name, is_thematic=True)
                session.add(duty)
                session.flush()
                way = {"kind": SubmissionKind.LEVEL3_PLAN, "state": SubmissionState.PENDING_APPROVAL, "step": 1}
                session.add(tables.Submission(**about, **way, agency_duty_id=duty.id, quarter=0, version=1))
        statements.clear()
        assert coordinator.presses("du1:level3_plan:2566:!0:AGENCY").contains("รออนุมัติ", f"{plans.stop} แผน")
        return len(statements)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        asked(range(10))  # what is read once and remembered does not count
        assert asked(range(10, 20)) == asked(range(20, 60))
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_plan_that_waits_for_its_approver_is_not_explained_by_its_officer(labour: Bot) -> None:
    with labour.writes() as session:
        unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == "รง02")).one()
        about = {"unit_id": unit, "fiscal_year": 2566}
        session.add(duty := tables.AgencyDuty(**about, kind=WindowKind.LEVEL3_PLAN))
        session.flush()
        way = {"kind": SubmissionKind.LEVEL3_PLAN, "state": SubmissionState.PENDING_APPROVAL, "step": 1}
        session.add(tables.Submission(**about, **way, agency_duty_id=duty.id, quarter=0, version=1))
    officer = Chatter(labour, PLAN_OFFICER)
    shown = officer.presses("du1:level3_plan:2566:!0:AGENCY")
    assert shown.contains("รออนุมัติ")
    assert "แจ้งเหตุผล" not in shown.buttons()
    assert not officer.presses("lr1:level3_plan:2566:!0:AGENCY").contains("โปรดพิมพ์")


def test_open_data_that_are_entered_are_planned_anew_at_once(labour: Bot) -> None:
    def plan_version() -> object:
        with labour.database.read() as session:
            return get(session, StateKey.PLAN_VERSION)

    before, key = plan_version(), DutyKey("รง02", Occasion(WindowKind.OPEN_D, 2566), None)
    with labour.database.write() as session:
        by, reference = actor_of(session, PLAN_OFFICER), load_reference(session, labour.at.astimezone(BANGKOK).date())
        enter_open_data(session, reference, by, key, Statement(date(2023, 3, 1), ""), moment(labour))
    assert plan_version() != before


def test_one_late_report_is_explained_in_one_sentence(labour: Bot) -> None:
    labour.report(DRAFTED, SubmissionState.APPROVED)
    labour.at = bangkok("22 มี.ค. 66")
    officer = Chatter(labour, OFFICER)
    asked = officer.presses("lr1:quarter_report:2566:1:AGENCY")
    assert asked.contains(MISSING, "ขอความกรุณาพิมพ์เหตุผล", "อย่างน้อย 10 ตัวอักษร")
    assert officer.says("ไม่ทัน").contains("เหตุผลสั้นเกินไป")
    assert officer.says("ก" * 1_001).contains("เหตุผลยาวเกิน 1,000 ตัวอักษร")
    done = officer.says(f"  {REASON}\n")
    assert done.contains("บันทึกเหตุผลแล้ว", MISSING, REASON)
    assert (reasons(labour), audited(labour)) == ({MISSING: REASON}, 1)
    assert officer.says("โครงการที่เลยกำหนดแล้วมีอะไรบ้าง").contains(f"เหตุผล: {REASON}")
    assert Chatter(labour, COORDINATOR).presses("ur1:2566:1:รง05:!0::1:1").contains(f"เหตุผล: {REASON}")


def test_of_several_late_reports_one_is_chosen(labour: Bot) -> None:
    labour.at = bangkok("22 มี.ค. 66")
    officer = Chatter(labour, OFFICER)
    shown = officer.presses("lr1:quarter_report:2566:1:AGENCY")
    assert shown.contains("เลือกรายการที่จะแจ้งเหตุผล", MISSING, DRAFTED, "ยังไม่ได้แจ้งเหตุผล")
    assert officer.presses(DRAFTED).contains(DRAFTED, "ขอความกรุณาพิมพ์เหตุผล")
    assert officer.says("ยกเลิก").contains("ยกเลิกแล้ว")
    assert reasons(labour) == {}
    officer.presses("lr1:quarter_report:2566:1:AGENCY")
    officer.presses(DRAFTED)
    officer.says(REASON)
    assert reasons(labour) == {DRAFTED: REASON}
    assert officer.presses("แจ้งเหตุผลอื่น").contains(f"แจ้งเหตุผลแล้ว: {REASON}")


def test_what_is_not_late_or_not_ones_own_is_not_explained(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    assert officer.presses("lr1:quarter_report:2566:1:AGENCY").contains("ไม่มีรายการเกินกำหนด")  # today is the last day
    labour.at = bangkok("22 มี.ค. 66")
    assert Chatter(labour, COORDINATOR).presses("lr1:quarter_report:2566:1:AGENCY").contains("ไม่มีสิทธิ")
    other = Chatter(labour, ENTRY_OFFICER)
    assert other.presses(f"lx1:quarter_report:2566:1:{MISSING}:0").contains("ไม่มีรายการเกินกำหนด")
    assert other.says(REASON).messages
    assert reasons(labour) == {}


def test_the_right_is_looked_at_again_when_the_words_come(labour: Bot) -> None:
    labour.at = bangkok("22 มี.ค. 66")
    officer = Chatter(labour, OFFICER)
    officer.presses(f"lx1:quarter_report:2566:1:{MISSING}:0")
    with labour.writes() as session:
        person = select(tables.Person.id).where(tables.Person.code == OFFICER).scalar_subquery()
        ended = update(tables.RoleAssignment).where(tables.RoleAssignment.person_id == person)
        session.execute(ended.values(valid_to=date(2023, 3, 21)))
        reference_changed(session, labour.at)
    officer.says(REASON)
    assert (reasons(labour), audited(labour)) == ({}, 0)


def test_entries_and_plans_are_explained_too(labour: Bot) -> None:
    officer = Chatter(labour, ENTRY_OFFICER)
    assert officer.presses("lr1:project_entry:2566:!0:AGENCY").contains("รง 0202-66-0002", "ขอความกรุณาพิมพ์เหตุผล")
    assert officer.says(REASON).contains("บันทึกเหตุผลแล้ว")
    assert reasons(labour) == {"รง 0202-66-0002": REASON}
    planner = Chatter(labour, PLAN_OFFICER)
    assert planner.presses("lr1:level3_plan:2566:!0:AGENCY").contains("แผนระดับ 3 ของหน่วยงาน")
    assert planner.says(REASON).contains("บันทึกเหตุผลแล้ว")
    assert planner.presses("du1:level3_plan:2566:!0:AGENCY").contains(f"เหตุผล: {REASON}")
    assert audited(labour) == 2


def test_the_buttons_of_a_real_reminder_lead_on(labour: Bot) -> None:
    show = press_of_digest(labour, OFFICER, "ดูรายการ", "20 มี.ค. 66")
    assert Chatter(labour, OFFICER).presses(show).contains(MISSING)
