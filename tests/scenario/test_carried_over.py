"""Plan versions of letters, and an earlier year's money that is spent beside the plan of the year."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from domain.fiscal import Quarter
from handlers.approval_presses import ShowDetails, ShowItem
from handlers.project_presses import ShowDisbursement
from storage.queries.spending_plans import plan_of
from storage.submissions.drafts import content_of, newest_content, write_content
from storage.tables import Project, Submission
from tests.chatting import Chatter
from tests.office import Bot, labour
from tests.spreadsheets import write_xlsx
from tests.submitting import decide_now, send_report, submission_of

__all__ = ["labour"]

OFFICER, HEAD, DIRECTOR_GENERAL, PROJECT = "P00033", "P00034", "P00031", "รง 0501-66-0003"
SECOND = Quarter(2566, 2)
PLANS = ["รหัสโครงการ", "ปีงบประมาณ", "ไตรมาส", "แผน", "ลงวันที่", "เงินกันเหลื่อมปี"]
REPORTS = ["รหัสโครงการ", "ปีงบประมาณ", "ไตรมาส", "ผลเบิกจ่ายไตรมาส", "เบิกจ่ายเงินกันเหลื่อมปี", "สถานะ", "วันที่ส่ง"]


def test_a_plan_dated_after_the_quarters_end_leaves_its_percentage_alone_and_measures_the_next(
    labour: Bot, tmp_path: Path
) -> None:
    plans = [
        [PROJECT, 2566, 1, 100_000, "31 ธ.ค. 2565", None], [PROJECT, 2566, 2, 100_000, "31 ธ.ค. 2565", None],
        [PROJECT, 2566, 1, 900_000, "1 ม.ค. 2566", None], [PROJECT, 2566, 2, 400_000, "1 ม.ค. 2566", None],
    ]  # fmt: skip
    reports = [[PROJECT, 2566, quarter, 50_000, None, "อนุมัติแล้ว", "20 ก.พ. 2566"] for quarter in (1, 2)]
    _imports(labour, tmp_path, plans, reports)
    officer = Chatter(labour, OFFICER)
    first = officer.presses(ShowDisbursement(PROJECT, 2566, 1).pack())
    assert first.contains("50,000.00 จาก 100,000.00 บาท (ร้อยละ 50.00)", "แผนที่ใช้เทียบ: ฉบับลงวันที่ 31 ธ.ค. 65")
    second = officer.presses(ShowDisbursement(PROJECT, 2566, 2).pack())
    assert second.contains(
        "50,000.00 จาก 400,000.00 บาท (ร้อยละ 12.50)", "100,000.00 จาก 1,300,000.00 บาท (ร้อยละ 7.69)",
        "แผนที่ใช้เทียบ: ฉบับลงวันที่ 1 ม.ค. 66",
    )  # fmt: skip


def test_money_carried_over_is_told_apart_and_is_in_no_percentage(labour: Bot, tmp_path: Path) -> None:
    plans = [
        [PROJECT, 2566, 1, 100_000, None, 300_000], [PROJECT, 2566, 2, 100_000, None, "๒๐๐,๐๐๐.๐๐"],
        [PROJECT, 2566, 3, 1, "1 มิ.ย. 2566", None],
    ]  # fmt: skip
    reports = [
        [PROJECT, 2566, 1, 50_000, "120,000.50", "อนุมัติแล้ว", "20 ก.พ. 2566"],
        [PROJECT, 2566, 2, 50_000, "-", "รออนุมัติ", "20 เม.ย. 2566"],
    ]
    before = Chatter(labour, OFFICER).presses(ShowDisbursement(PROJECT, 2566, 1).pack())
    assert "เงินกันเหลื่อมปี" not in before.text
    _imports(labour, tmp_path, plans, reports)
    shown = Chatter(labour, OFFICER).presses(ShowDisbursement(PROJECT, 2566, 1).pack())
    told = "กันไว้ 500,000.00 บาท · เบิกจ่ายไตรมาสนี้ 120,000.50 บาท · สะสมทั้งปี 120,000.50 บาท (ไม่นับรวมในแผนของปี)"
    assert shown.contains("50,000.00 จาก 100,000.00 บาท (ร้อยละ 50.00)", f"เงินกันเหลื่อมปี\n{told}")
    with labour.database.read() as session:
        project = session.scalars(select(Project).where(Project.code == PROJECT)).one()
        later = plan_of(session, project.id, Quarter(2566, 3))
        assert later is not None
        assert (later.dated_on, later.own, later.carried_over) == (date(2023, 6, 1), Decimal(1), Decimal(500_000))
        total, spent = project.budget_total, Decimal("170000.50")
    assert shown.contains(f"วงเงินคงเหลือ\n{(total or 0) - spent:,.2f} บาท")
    waiting = submission_of(labour, PROJECT, SECOND).id
    head = Chatter(labour, HEAD)
    nothing_of_it = "เบิกจ่ายไตรมาสนี้ – · สะสมทั้งปี 120,000.50 บาท"
    assert head.presses(ShowItem(waiting).pack()).contains("50.00% ของแผน", nothing_of_it)
    assert head.presses(ShowDetails(waiting).pack()).contains("เงินกันเหลื่อมปี", nothing_of_it)


def test_what_changed_of_it_in_a_report_that_comes_again_is_told_to_the_approver(labour: Bot) -> None:
    submission = send_report(labour, OFFICER, PROJECT)
    decide_now(labour, HEAD, submission)
    with labour.writes() as session:
        row, content = session.get_one(Submission, submission), content_of(session, newest_content(session, submission))
        row.version = 2
        write_content(session, row, 2, replace(content, carried_disbursed_baht=Decimal(75_000)))
    card = Chatter(labour, DIRECTOR_GENERAL).presses(ShowItem(submission).pack())
    assert card.contains("เบิกจ่ายเงินกันเหลื่อมปี: 75,000.00 บาท", "ไม่มียอดกันไว้ในแผน")


def _imports(labour: Bot, folder: Path, plans: list[list[Any]], reports: list[list[Any]]) -> None:
    """Import plans and reports, and see that nothing is new the second time."""
    paths = [
        write_xlsx(folder / "plans.xlsx", [PLANS, *plans]), write_xlsx(folder / "reports.xlsx", [REPORTS, *reports]),
    ]  # fmt: skip
    done = [labour.json("import", *paths) for _ in range(2)]
    assert done[0]["errors"] == []
    for counts in done[1]["files"].values():
        assert (counts["added"], counts["updated"]) == (0, 0)
