"""What was reported before, with every decision on it."""

from datetime import UTC, datetime

from sqlalchemy import select

from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Stage
from handlers.history import ShowReports
from handlers.project_presses import ShowHistory
from storage.tables import Decision, Person, Project, QuarterReport, Submission
from storage.tables.submissions import Verdict
from tests.chatting import Chatter
from tests.office import Bot, labour

__all__ = ["labour"]

MONITOR, COORDINATOR, OFFICER = "P00002", "P00004", "P00017"
WAITING, REPORTED = "รง 0301-66-0001", "รง 0301-66-0002"


def test_a_projects_reports_are_told_with_sending_decisions_and_summary(labour: Bot) -> None:
    _decide(labour, REPORTED, ("P00018", None, Verdict.RETURNED, "โปรดแนบหลักฐานการเบิกจ่าย"), version=0)
    _decide(labour, REPORTED, ("P00018", None, Verdict.APPROVED, ""), ("P00016", "P00015", Verdict.APPROVED, ""))
    shown = Chatter(labour, OFFICER).says(f"ขอดูรายงานย้อนหลังของโครงการ {REPORTED}")
    assert shown.contains(
        "ประวัติรายงาน", "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)\nอนุมัติแล้ว\nส่งเมื่อ 20 มี.ค. 66",
        "ลำดับที่ 1 ผู้อำนวยการกอง ส่งกลับแก้ไขเมื่อ 18 มี.ค. 66: “โปรดแนบหลักฐานการเบิกจ่าย”",
        "ลำดับที่ 1 ผู้อำนวยการกอง อนุมัติเมื่อ 18 มี.ค. 66", "ลำดับที่ 2 ผู้รักษาราชการแทนอธิบดี อนุมัติเมื่อ 18 มี.ค. 66",
        "สรุปผล: ดำเนินการตามแผน",
    )  # fmt: skip


def test_a_units_reports_are_listed_and_lead_to_the_projects(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    listed = officer.says("ไตรมาสก่อน ๆ เรารายงานว่าอะไรไปบ้าง")
    assert listed.contains("ทั้งหมด\n2 รายงาน", "ไตรมาส 1/2566: รออนุมัติ ลำดับที่ 2", "ไตรมาส 1/2566: อนุมัติแล้ว")
    assert officer.presses(REPORTED).contains("ประวัติรายงาน", REPORTED)
    forged = officer.presses(ShowReports("รง05", 1).pack())
    assert "รง 05" not in forged.text


def test_years_of_reports_come_four_quarters_a_page(labour: Bot) -> None:
    with labour.writes() as session:
        project = session.scalars(select(Project).where(Project.code == REPORTED)).one()
        for year in (2564, 2565):
            for quarter in (1, 2, 3, 4):
                report = Submission(
                    project_id=project.id, unit_id=project.unit_id, kind=SubmissionKind.QUARTER_REPORT,
                    fiscal_year=year, quarter=quarter, state=SubmissionState.APPROVED, version=1, is_late=quarter == 4,
                )  # fmt: skip
                session.add(report)
                session.flush()
                session.add(QuarterReport(submission_id=report.id, version=1, summary="สรุป " * 200))
    officer = Chatter(labour, OFFICER)
    first = officer.presses(ShowHistory(REPORTED, 1).pack())
    assert first.contains("ไตรมาส 1/2566", "ไตรมาส 4/2565 (ก.ค.–ก.ย. 65)\nอนุมัติแล้ว (ส่งล่าช้า)", "หน้า 1 จาก 3")
    assert officer.says("หน้าถัดไป").contains("หน้า 2 จาก 3", "ไตรมาส 1/2565")
    assert officer.presses(ShowHistory(REPORTED, 99).pack()).contains("หน้า 3 จาก 3")


def test_a_monitor_sees_approved_reports_alone_and_nothing_is_said_aloud(labour: Bot) -> None:
    monitor = Chatter(labour, MONITOR)
    assert monitor.presses(ShowHistory(WAITING, 1).pack()).contains("ยังไม่มีรายงานที่ท่านดูได้")
    assert monitor.presses(ShowHistory(REPORTED, 1).pack()).contains("อนุมัติแล้ว")


def _decide(labour: Bot, code: str, *made: tuple[str, str | None, Verdict, str], version: int = 1) -> None:
    with labour.writes() as session:
        query = select(Submission).join(Project).where(Project.code == code, Submission.quarter == 1)
        report = session.scalars(query).one()
        ids = dict(session.execute(select(Person.code, Person.id)).all())
        for step, (by, acting_for, verdict, reason) in enumerate(made, 1):
            session.add(
                Decision(
                    submission_id=report.id, version=version, step=step, stage=Stage.AGENCY, verdict=verdict,
                    reason=reason, decided_by_id=ids[by], acting_for_id=ids[acting_for] if acting_for else None,
                    decided_at=datetime(2023, 3, 18, 3 + step, version, tzinfo=UTC),
                )
            )  # fmt: skip
