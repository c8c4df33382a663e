"""«ประวัติการดำเนินการ»: what became of a project step by step, for those who may see it; and what the trail keeps."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from domain.organisation import Capacity
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Stage, WindowKind
from handlers.item_presses import ShowItemTrail
from handlers.project_presses import ShowTrail
from storage.late_reasons import explain_late_report
from storage.outbox_claims import Now
from storage.reference import Reference, load_reference
from storage.submissions.deciding import undo
from storage.submissions.information import answer, ask
from storage.submissions.sending import submit, withdraw
from storage.tables import (
    AgencyDuty,
    AuditEntry,
    Decision,
    Person,
    Project,
    RoleAssignment,
    Submission,
)
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, Stranger
from tests.office import Bot, labour
from tests.submitting import FIRST_QUARTER, actor_of, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

PROJECT, WAITING, REPORTED = "รง 0501-66-0003", "รง 0301-66-0001", "รง 0301-66-0002"
OFFICER, HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY = "P00033", "P00034", "P00031", "P00006", "P00005"
ADMIN, MONITOR, COORDINATOR, OF_OTHER_AGENCY = "P00001", "P00002", "P00003", "P00017"


def reference_of(bot: Bot, session: object) -> Reference:
    return load_reference(session, bot.at.astimezone(BANGKOK).date())  # type: ignore[arg-type]


def the_whole_story(bot: Bot) -> int:
    """Let all that there is be done with a report, until it is approved at last."""
    number = send_report(bot, OFFICER, PROJECT)
    with bot.database.write() as session:
        reference, officer = reference_of(bot, session), actor_of(session, OFFICER)
        explain_late_report(session, PROJECT, FIRST_QUARTER, "รอข้อมูลจากสำนักงานจังหวัด", officer, moment(bot))
        withdraw(session, reference, officer, number, 1, moment(bot))
        submit(session, reference, officer, number, moment(bot))
    decide_now(bot, HEAD, number)
    with bot.database.write() as session:
        undo(session, reference_of(bot, session), actor_of(session, HEAD), number, 2, 1, moment(bot))
    decide_now(bot, HEAD, number)
    with bot.database.write() as session:
        reference, holder = reference_of(bot, session), actor_of(session, DIRECTOR_GENERAL)
        asked = ask(session, reference, holder, number, 2, 2, "เหตุใดผลเบิกจ่ายจึงเพิ่มขึ้น", moment(bot))
        answer(session, reference, actor_of(session, OFFICER), asked.id, "มีการจัดซื้อเพิ่มตามแผน", moment(bot))
    decide_now(bot, DIRECTOR_GENERAL, number, Verdict.RETURNED, "ตัวเลขเบิกจ่ายไม่ตรงกับแผน")
    send_report(bot, OFFICER, PROJECT)
    for approver in (HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY):
        decide_now(bot, approver, number)
    return number


def pages_of(chatter: Chatter, code: str) -> str:
    """Return all pages of a project's trail."""
    told = [chatter.presses(ShowTrail(code, 1).pack()).text]
    while "หน้าถัดไป" in chatter.last.actions():
        told.append(chatter.presses("หน้าถัดไป").text)
    return "\n".join(told)


def test_every_step_of_a_report_is_told_newest_first_with_who_when_and_how(labour: Bot) -> None:
    the_whole_story(labour)
    officer = Chatter(labour, OFFICER)
    first = officer.presses(ShowTrail(PROJECT, 1).pack())
    assert first.contains("ประวัติการดำเนินการ", PROJECT, "อนุมัติ · รายงาน ไตรมาส 1/2566", "ขอข้อมูลเพิ่ม", "1 ครั้ง ตอบแล้ว 1")
    assert first.contains(
        "ปลัดกระทรวง", "รออนุมัติ ลำดับที่ 4 (ฉบับที่ 3) → อนุมัติแล้ว (ฉบับที่ 3)", "20 มี.ค. 66 เวลา 08.30 น. ทาง หน้าเว็บ"
    )
    told = pages_of(officer, PROJECT)
    deeds = [line.split(" · ")[0] for line in told.splitlines() if " · รายงาน ไตรมาส 1/2566" in line]
    assert deeds == [
        "อนุมัติ", "อนุมัติ", "อนุมัติ", "อนุมัติ", "ส่งอนุมัติ", "ส่งกลับแก้ไข", "ตอบข้อมูลเพิ่ม", "ขอข้อมูลเพิ่ม", "อนุมัติ",
        "ยกเลิกการอนุมัติ", "อนุมัติ", "ส่งอนุมัติ", "ดึงกลับ", "แจ้งเหตุผลที่ล่าช้า", "ส่งอนุมัติ",
    ]  # fmt: skip
    for words in (
        "“ตัวเลขเบิกจ่ายไม่ตรงกับแผน”",
        "“เหตุใดผลเบิกจ่ายจึงเพิ่มขึ้น”",
        "“มีการจัดซื้อเพิ่มตามแผน”",
        "“รอข้อมูลจากสำนักงานจังหวัด”",
    ):
        assert words in told


def test_buttons_lead_to_it_and_words_do(labour: Bot) -> None:
    officer = Chatter(labour, OF_OTHER_AGENCY)
    officer.says(f"โครงการ {WAITING} ถึงขั้นไหนแล้ว")
    assert officer.presses("ประวัติการดำเนินการ").contains(
        "ประวัติการดำเนินการ", WAITING, "นำเข้าข้อมูลจากไฟล์ · รายงาน ไตรมาส 1/2566"
    )
    officer.says(f"ขอดูรายงานย้อนหลังของโครงการ {WAITING}")
    assert officer.presses("ประวัติการดำเนินการ").contains("รออนุมัติ ลำดับที่ 2 (ฉบับที่ 1)", "(นำเข้าจากไฟล์)")
    assert officer.says(f"ใครอนุมัติโครงการ {WAITING} บ้าง").contains("ประวัติการดำเนินการ", WAITING)
    number = submission_of(labour, WAITING).id
    assert officer.presses(ShowItemTrail(number, 1).pack()).contains("ประวัติการดำเนินการ", WAITING)


def test_who_may_not_see_it_learns_nothing_and_a_monitor_how_it_was_approved(labour: Bot) -> None:
    number = the_whole_story(labour)
    monitor = pages_of(Chatter(labour, MONITOR), PROJECT)
    assert "ทั้งหมด\n6 รายการ" in monitor  # the project as imported, the sending, four approvals
    for hidden in ("ส่งกลับแก้ไข", "ขอข้อมูลเพิ่ม", "ดึงกลับ", "รอข้อมูล", "ยกเลิก"):
        assert hidden not in monitor
    with labour.database.read() as session:
        name = session.scalars(select(Person.full_name).where(Person.code == HEAD)).one()
    assert name not in monitor
    assert name in pages_of(Chatter(labour, COORDINATOR), PROJECT)
    other = Chatter(labour, OF_OTHER_AGENCY)
    nothing = other.presses(ShowTrail("รง 9999-66-0001", 1).pack()).text
    assert other.presses(ShowTrail(PROJECT, 1).pack()).text == nothing
    assert other.presses(ShowItemTrail(number, 1).pack()).text == nothing
    assert other.presses(ShowItemTrail(10**12, 1).pack()).text == nothing
    assert "ประวัติ" not in Stranger(labour).presses(ShowTrail(PROJECT, 1).pack()).text
    assert "รายงาน ไตรมาส" not in Chatter(labour, MONITOR).presses(ShowTrail(WAITING, 1).pack()).text


def test_an_approver_sees_it_once_it_reached_the_step(labour: Bot) -> None:
    number = send_report(labour, OFFICER, PROJECT)
    holder = Chatter(labour, DIRECTOR_GENERAL)
    assert "รายงาน ไตรมาส 1/2566" not in holder.presses(ShowTrail(PROJECT, 1).pack()).text
    decide_now(labour, HEAD, number)
    assert holder.presses(ShowTrail(PROJECT, 1).pack()).contains("อนุมัติ · รายงาน ไตรมาส 1/2566", "ส่งอนุมัติ")


def test_who_acted_for_whom_is_named_and_kept(labour: Bot) -> None:
    number = send_report(labour, OFFICER, PROJECT)
    decide_now(labour, HEAD, number)
    with labour.writes() as session:
        ids = {code: actor_of(session, code).person_id for code in ("P00035", DIRECTOR_GENERAL)}
        unit = session.scalars(select(RoleAssignment.unit_id).where(RoleAssignment.person_id == ids[DIRECTOR_GENERAL]))
        session.add(
            RoleAssignment(
                person_id=ids["P00035"], unit_id=unit.first(), role=Role.APPROVER, position="รองอธิบดี",
                acting_for_id=ids[DIRECTOR_GENERAL], capacity=Capacity.ON_BEHALF,
            )
        )  # fmt: skip
    decide_now(labour, "P00035", number)
    with labour.database.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.actor_id, entry.acting_for_id) == (
        AuditAction.SUBMISSION_APPROVE, ids["P00035"], ids[DIRECTOR_GENERAL],
    )  # fmt: skip
    assert entry.before == {"state": "pending_approval", "version": 1, "step": 2}
    assert entry.after == {"state": "pending_approval", "version": 1, "step": 3, "capacity": "on_behalf"}
    assert Chatter(labour, OFFICER).presses(ShowTrail(PROJECT, 1).pack()).contains("รองอธิบดี ปฏิบัติราชการแทน อธิบดี")


def test_what_is_done_in_the_chat_names_line_and_the_event(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    officer.says("เตือนล่วงหน้า 3 วันพอ")
    officer.presses("ยืนยัน")
    with labour.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.PREFERENCE_SET)).one()
    assert (entry.channel, bool(entry.event_id)) == ("line", True)


def test_an_edit_is_told_field_by_field(labour: Bot) -> None:
    with labour.writes() as session:
        project = session.scalars(select(Project).where(Project.code == REPORTED)).one()
        about = {"project_id": project.id, "unit_id": project.unit_id, "fiscal_year": 2566, "quarter": 0}
        row = Submission(**about, kind=SubmissionKind.PROJECT_EDIT, state=SubmissionState.DRAFT, version=0)
        session.add(row)
        session.flush()
        number, name = row.id, project.name
    with labour.database.write() as session:
        officer = actor_of(session, OF_OTHER_AGENCY)
        changes = {"name": "โครงการชื่อใหม่", "budget_total": 2_500_000}
        submit(session, reference_of(labour, session), officer, number, moment(labour), changes=changes)
    shown = Chatter(labour, OF_OTHER_AGENCY).presses(ShowTrail(REPORTED, 1).pack())
    assert shown.contains("ส่งอนุมัติ · การแก้ไขข้อมูลโครงการ", f"{name} → โครงการชื่อใหม่"[:100], "รวมวงเงินงบประมาณทั้งหมด: ")
    assert "→ 2,500,000.00 บาท" in shown.text


def test_decisions_that_came_by_import_are_told_once(labour: Bot) -> None:
    with labour.writes() as session:
        report = session.scalars(
            select(Submission).join(Project).where(Project.code == REPORTED, Submission.quarter == 1)
        ).one()
        session.add(
            Decision(
                submission_id=report.id, version=1, step=1, stage=Stage.AGENCY, verdict=Verdict.RETURNED,
                reason="โปรดแนบหลักฐานการเบิกจ่าย", decided_by_id=actor_of(session, "P00018").person_id,
                decided_at=datetime(2023, 3, 18, 3, tzinfo=UTC),
            )
        )  # fmt: skip
    told = pages_of(Chatter(labour, OF_OTHER_AGENCY), REPORTED)
    assert told.count("ส่งกลับแก้ไข · รายงาน ไตรมาส 1/2566") == 1
    assert "18 มี.ค. 66 เวลา 10.00 น. (นำเข้าจากไฟล์)\nลำดับที่ 1\n“โปรดแนบหลักฐานการเบิกจ่าย”" in told
    number = send_report(labour, OFFICER, PROJECT)
    decide_now(labour, HEAD, number)
    assert pages_of(Chatter(labour, OFFICER), PROJECT).count("อนุมัติ · รายงาน") == 2  # sent, and approved once


def test_an_agencys_plan_has_a_trail_too(labour: Bot) -> None:
    with labour.writes() as session:
        unit = session.scalars(select(Person.id).where(Person.code == "P00016")).one()
        agency = session.scalars(select(RoleAssignment.unit_id).where(RoleAssignment.person_id == unit)).first()
        duty = AgencyDuty(unit_id=agency, kind=WindowKind.LEVEL3_PLAN, fiscal_year=2566, plan_name="แผนปฏิบัติราชการ")
        session.add(duty)
        session.flush()
        row = Submission(
            agency_duty_id=duty.id, unit_id=agency, kind=SubmissionKind.LEVEL3_PLAN, fiscal_year=2566, quarter=0,
            state=SubmissionState.DRAFT, version=0,
        )  # fmt: skip
        session.add(row)
        session.flush()
        number = row.id
    with labour.database.write() as session:
        at = Now(labour.at, datetime.now(UTC) + timedelta(seconds=1))
        submit(
            session,
            reference_of(labour, session),
            actor_of(session, "P00016"),
            number,
            at,
            late_reason="รอการประกาศใช้แผน",
        )
    shown = Chatter(labour, "P00016").presses(ShowItemTrail(number, 1).pack())
    assert shown.contains("แผนปฏิบัติราชการ", "ส่งอนุมัติ · แผนระดับ 3")
    assert "แผนปฏิบัติราชการ" not in Chatter(labour, OFFICER).presses(ShowItemTrail(number, 1).pack()).text
