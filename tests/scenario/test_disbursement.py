"""Disbursement against plan: of a project, down from the ministry, and what is below plan."""

from datetime import date
from decimal import Decimal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.fiscal import Quarter
from domain.submissions import SubmissionKind, SubmissionState
from handlers.disbursement import ShowSpending
from handlers.project_presses import ShowDisbursement
from storage.report_counts import recount
from storage.tables import Project, QuarterReport, SpendingPlan, SpendingSum, Submission
from tests.chatting import Chatter
from tests.office import Bot, labour

__all__ = ["labour"]

ADMIN, MONITOR, COORDINATOR, DIRECTOR_GENERAL = "P00001", "P00002", "P00004", "P00015"
OFFICER, NEIGHBOUR = "P00017", "P00019"
WAITING, REPORTED = "รง 0301-66-0001", "รง 0301-66-0002"


def test_a_project_tells_the_quarters_own_and_the_years_figures_and_what_is_left(labour: Bot) -> None:
    shown = Chatter(labour, OFFICER).says(f"โครงการ {REPORTED} ใช้เงินไปเท่าไหร่")
    assert shown.contains(
        "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)", "ไตรมาสนี้\n233,479.04 จาก 236,044.81 บาท (ร้อยละ 98.91)",
        "สะสมตั้งแต่ต้นปีงบประมาณ\n233,479.04", "วงเงินคงเหลือ\n946,745.01 บาท", "นับเฉพาะรายงานที่อนุมัติแล้ว",
    )  # fmt: skip
    assert Chatter(labour, OFFICER).says("งบโครงการศูนย์ฝึกอบรมเหลือเท่าไร").contains("วงเงินคงเหลือ")


def test_the_years_figures_add_the_quarters_and_the_plan_is_the_one_in_force_at_the_quarters_end(labour: Bot) -> None:
    _plan(labour, REPORTED, date(1900, 1, 1), 100, 100, 0, 0)
    _plan(labour, REPORTED, date(2023, 2, 1), 100, 300, 0, 0)
    _plan(labour, REPORTED, date(2023, 6, 1), 900, 900, 0, 0)
    _disburse(labour, REPORTED, 1, "50.00")
    _disburse(labour, REPORTED, 2, "150.00")
    officer = Chatter(labour, OFFICER)
    first = officer.presses(ShowDisbursement(REPORTED, 2566, 1).pack())
    assert first.contains("50.00 จาก 100.00 บาท (ร้อยละ 50.00)")
    second = officer.presses(ShowDisbursement(REPORTED, 2566, 2).pack())
    assert second.contains("ไตรมาสนี้\n150.00 จาก 300.00 บาท (ร้อยละ 50.00)", "200.00 จาก 400.00 บาท (ร้อยละ 50.00)")


def test_what_is_not_approved_is_told_apart_and_only_to_who_may_look_into_it(labour: Bot) -> None:
    own = Chatter(labour, OFFICER).presses(ShowDisbursement(WAITING, 2566, 1).pack())
    assert own.contains("ไตรมาสนี้ตามรายงานที่ยังไม่อนุมัติ", "ยังไม่มีรายงานที่อนุมัติแล้วของไตรมาส 1/2566")
    monitor = Chatter(labour, MONITOR).presses(ShowDisbursement(WAITING, 2566, 1).pack())
    assert monitor.contains("ยังไม่มีผลเบิกจ่ายที่อนุมัติแล้ว")
    assert "ตามรายงานที่ยังไม่อนุมัติ" not in monitor.text


def test_no_plan_no_budget_and_nothing_planned_are_said_in_words(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    assert coordinator.presses(ShowDisbursement("รง 0202-64-0003", 2566, 1).pack()).contains(
        "(ไม่มีแผนการใช้จ่าย)", "ไม่รวมการเบิกจ่ายก่อนไตรมาส 1/2566"
    )
    assert coordinator.presses(ShowDisbursement("รง 0401-66-0004", 2566, 1).pack()).contains("ไม่ใช้งบประมาณ")
    _plan(labour, REPORTED, date(1900, 1, 1), 0, 0, 0, 0)
    shown = coordinator.presses(ShowDisbursement(REPORTED, 2566, 1).pack())
    assert shown.contains("233,479.04 บาท (ไม่มีแผนเบิกจ่ายในช่วงนี้)")


def test_sums_go_from_the_ministry_down_to_the_project_for_everyone_as_far_as_they_see(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    agency = coordinator.says("เบิกจ่ายไตรมาส 1 ของ กกจ. กี่เปอร์เซ็นต์แล้ว")
    assert agency.contains("ร้อยละของแผนไตรมาส\n29.98", "รายงานอนุมัติแล้ว\n5 จาก 8 โครงการ", "กองบริหารการคลัง กกจ.")
    assert coordinator.presses("กองบริหารการคลัง กกจ.").contains("รง 0302-66-0004")
    ministry = Chatter(labour, ADMIN).says("เบิกจ่ายไตรมาส 1 กี่เปอร์เซ็นต์แล้ว")
    assert ministry.contains("แผนไตรมาสนี้ (บาท)\n33,668,774.53", "สป.รง.", "กพร.\n1,285,032.60 บาท (ไม่มีแผนเบิกจ่าย")
    own = Chatter(labour, OFFICER).says("เบิกจ่ายไตรมาส 1 กี่เปอร์เซ็นต์แล้ว")
    assert own.contains("ร้อยละของแผนไตรมาส\n4.62", WAITING, REPORTED)
    assert "0302" not in own.text
    forged = Chatter(labour, OFFICER).presses(ShowSpending("รง05", 2566, 1, below=False, page=1).pack())
    assert "รง 05" not in forged.text


def test_what_is_below_plan_is_listed_the_lowest_first(labour: Bot) -> None:
    below = Chatter(labour, DIRECTOR_GENERAL).says("โครงการไหนเบิกจ่ายต่ำกว่าแผนบ้าง Q1")
    assert below.contains("ต่ำกว่าแผน\n4 โครงการ", "จากที่รายงานและอนุมัติแล้ว\n5 โครงการ", "(ร้อยละ 37.74)")
    order = [below.text.index(code) for code in ("รง 0302-66-0005", "รง 0303-66-0005", "รง 0302-66-0004", REPORTED)]
    assert order == sorted(order)
    ministry = Chatter(labour, COORDINATOR).says("โครงการไหนเบิกจ่ายต่ำกว่าแผนบ้าง Q1")
    assert ministry.contains("กกจ.\nต่ำกว่าแผน 4 จาก 5 โครงการ")
    agency = Chatter(labour, COORDINATOR)
    agency.says("โครงการไหนเบิกจ่ายต่ำกว่าแผนบ้าง Q1")
    assert agency.says("แล้วของ กกจ. ล่ะ").contains("เบิกจ่ายต่ำกว่าแผนไตรมาส", "ต่ำกว่าแผน\n4 โครงการ")
    none = Chatter(labour, NEIGHBOUR).says("โครงการไหนเบิกจ่ายต่ำกว่าแผนบ้าง Q3")
    assert none.contains("ไม่มีโครงการที่เบิกจ่ายต่ำกว่าแผน")


def test_kept_sums_are_what_adding_up_from_scratch_gives(labour: Bot) -> None:
    _disburse(labour, REPORTED, 2, "12.34")
    with labour.database.write() as session:
        kept = _sums(session)
        unit = session.scalars(select(Project.unit_id).where(Project.code == REPORTED)).one()
        recount(session, [unit], [Quarter(2566, 2)])
        assert _sums(session) == kept
        session.execute(delete(SpendingSum))
        recount(session)
        assert _sums(session) == kept
        assert (unit, 2566, 2) in {found[:3] for found in kept}


def _sums(session: Session) -> list[tuple[object, ...]]:
    row = SpendingSum
    figures = (row.planned, row.planned_to_date, row.disbursed, row.projects, row.reported, row.below)
    query = select(row.unit_id, row.fiscal_year, row.quarter, row.ministry_id, *figures)
    return sorted(tuple(found) for found in session.execute(query))


def _plan(labour: Bot, code: str, dated_on: date, *figures: int) -> None:
    with labour.writes() as session:
        project = session.scalars(select(Project).where(Project.code == code)).one()
        values = dict(zip(("q1", "q2", "q3", "q4"), map(Decimal, figures), strict=True))
        session.merge(SpendingPlan(project_id=project.id, fiscal_year=2566, dated_on=dated_on, **values))


def _disburse(labour: Bot, code: str, quarter: int, amount: str) -> None:
    with labour.writes() as session:
        project = session.scalars(select(Project).where(Project.code == code)).one()
        key = {"project_id": project.id, "kind": SubmissionKind.QUARTER_REPORT, "fiscal_year": 2566, "quarter": quarter}
        report = session.scalar(select(Submission).filter_by(**key))
        if report is None:
            report = Submission(**key, unit_id=project.unit_id, state=SubmissionState.APPROVED, version=1)
            session.add(report)
            session.flush()
            session.add(QuarterReport(submission_id=report.id, version=1, disbursed_baht=Decimal(amount)))
        session.execute(
            update(QuarterReport)
            .where(QuarterReport.submission_id == report.id)
            .values(disbursed_baht=Decimal(amount))
            .execution_options(synchronize_session=False)
        )
