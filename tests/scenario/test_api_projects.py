"""An agency's own system enters projects, changes official ones, and sends the agency's plans."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from storage import tables
from storage.tables.messaging import NoticeKind
from storage.tables.submissions import Verdict
from tests.agency_system import SUBMISSIONS, Reply, system_of
from tests.chatting import Chatter
from tests.office import Bot, bangkok, labour
from tests.submitting import decide_now

__all__ = ["labour"]

CODE = "รง 0501-66-0090"
ROUTE = ("P00034", "P00031", "P00006", "P00005")
"""Who approves what รง0501 sends, in order."""
ENTRY: dict[str, Any] = {
    "kind": "project_entry",
    "sent_by": "P00033",
    "late_reason": "เพิ่งได้รับจัดสรรงบประมาณ",
    "project_code": "รง๐๕๐๑-๖๖-๐๐๙๐",
    "unit": "รง0501",
    "name": "โครงการตรวจความปลอดภัย",
    "fiscal_year": 2566,
    "start_month": "ต.ค. 65",
    "end_month": "2023-09",
    "budget_total": "1,000,000",
}
REST: dict[str, Any] = {
    **dict.fromkeys(
        (
            "ns_goal", "y2", "sub_plan", "y1", "director_title", "director_first_name", "director_last_name",
            "director_email", "director_phone", "owner_name", "owner_email", "owner_phone", "rationale", "objectives",
            "output_target", "outcome_target", "expected_result", "beneficiaries",
        ),
        "ระบุแล้ว",
    ),
    "ns_area": "ความมั่นคง",
    "master_plan_no": 17,
    "kpis": ["ร้อยละ 80", "- "],
    "area_scope": "ประเทศ",
    "execution_status": "in_progress",
    "activities": [
        {"activity": "ตรวจสถานประกอบการ", "quarters": [1, 2]},
        {"activity": "อบรม", "sub_activity": "อบรมนายจ้าง", "quarters": "3-4"},
    ],
    "links": [{"kind": "แผนพัฒนาฯ", "name": "แผนพัฒนาฯ ฉบับที่ 13"}, {"kind": "law", "name": "พ.ร.บ. ความปลอดภัย"}],
    "funding": [{"kind": "state_budget", "amount": 1000000}],
    "spending_plan": [
        {"fiscal_year": 66, "quarter": 1, "amount": "400,000", "carried_over": "๗๕,๐๐๐"},
        {"fiscal_year": "2566", "quarter": "ไตรมาส 2", "amount": 600000, "carried_over": 5000},
    ],
}  # fmt: skip


def project(bot: Bot, code: str = CODE) -> tables.Project:
    with bot.database.read() as session:
        return session.scalars(select(tables.Project).where(tables.Project.code == code)).one()


def count_of(bot: Bot, entity: type[tables.Base], **found: Any) -> int:
    with bot.database.read() as session:
        return session.scalars(select(func.count()).select_from(entity).filter_by(**found)).one()


def approve_all(bot: Bot, number: int) -> None:
    for approver in ROUTE:
        decide_now(bot, approver, number)


def at_once(*works: Callable[[], Reply]) -> Sequence[Reply]:
    """Let requests start in the same moment, and return their replies."""
    together = Barrier(len(works))

    def run(work: Callable[[], Reply]) -> Reply:
        together.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def test_a_project_is_entered_as_a_draft_completed_sent_and_made_official(labour: Bot) -> None:
    system = system_of(labour, "รง05")
    draft = system.sends(**ENTRY, send=False).body
    assert (draft["state"], draft["project_code"]) == ("draft", CODE)
    assert {"ns_area", "kpis", "activities", "funding"} <= {one["field"] for one in draft["missing"]}
    assert project(labour).official_version == 0
    assert "activities" in system.sends(**ENTRY).faults()
    sent = system.sends(**ENTRY, **REST).body
    assert (sent["id"], sent["state"], sent["is_late"]) == (draft["id"], "pending_approval", True)
    assert system.sends(**ENTRY).body["code"] == "wrong_state"
    approve_all(labour, sent["id"])
    assert system.asks(f"{SUBMISSIONS}/{sent['id']}").body["state"] == "approved"
    official = project(labour)
    assert (official.official_version, official.budget_total, official.kpis) == (1, Decimal(1000000), ["ร้อยละ 80"])
    with labour.database.read() as session:
        activities = session.execute(
            select(tables.Activity.name, tables.Activity.in_q3).filter_by(project_id=official.id)
        )
        assert dict(activities.all()) == {"ตรวจสถานประกอบการ": False, "อบรม": False, "อบรมนายจ้าง": True}
    assert count_of(labour, tables.SpendingPlan, project_id=official.id, carried_over=Decimal(80_000)) == 1


def test_a_returned_entry_is_sent_again_with_what_changed(labour: Bot) -> None:
    system = system_of(labour, "รง05")
    number = system.sends(**ENTRY, **REST).body["id"]
    decide_now(labour, "P00034", number, Verdict.RETURNED, "กิจกรรมยังไม่ครบตามแผน")
    corrected = {**REST, "activities": [{"activity": "อบรม", "quarters": [2]}], "rationale": "ปรับปรุงแล้ว", "links": []}
    again = system.sends(**ENTRY, **corrected).body
    assert (again["id"], again["version"]) == (number, 2)
    assert count_of(labour, tables.Activity, project_id=project(labour).id) == 1
    assert count_of(labour, tables.ProjectLink, project_id=project(labour).id) == 0
    with labour.database.read() as session:
        version = session.scalars(select(tables.SubmissionVersion).filter_by(submission_id=number, version=2)).one()
        assert version.changes == {"rationale": "ปรับปรุงแล้ว"}


def test_a_project_is_found_by_its_name_as_soon_as_it_is_entered(labour: Bot) -> None:
    officer, system = Chatter(labour, "P00033"), system_of(labour, "รง05")
    question = f"สถานะ{ENTRY['name']}"
    assert not officer.says(question).contains(CODE)
    system.sends(**ENTRY, send=False)
    assert officer.says(question).contains(CODE)


def test_coordinators_are_told_of_a_project_that_is_entered_within_the_year(labour: Bot) -> None:
    labour.at = bangkok("5 เม.ย. 66", "09:00")
    system_of(labour, "รง05").sends(**{**ENTRY, "late_reason": None}, **REST)
    with labour.database.read() as session:
        news = tables.OutboxMessage.kind == NoticeKind.SUBMISSION_NEWS
        told = set(session.scalars(select(tables.Person.code).join(tables.OutboxMessage).where(news)))
    assert {"P00003", "P00004"} <= told


def test_an_edit_changes_the_official_project_only_when_it_is_approved(labour: Bot) -> None:
    system = system_of(labour, "รง05")
    edit = {"kind": "project_edit", "project_code": "รง 0501-66-0003", "sent_by": "P00033"}
    before = project(labour, "รง 0501-66-0003")
    changes = {"budget_total": "๒,๐๐๐,๐๐๐", "kpis": ["ใหม่"], "end_month": "ธ.ค. 66", "work_type": "operation"}
    assert system.sends(**edit, name=None, end_month="1/2560").faults().keys() == {"name", "end_month"}
    assert system.sends(**edit, name=before.name).faults().keys() == {"project_code"}
    assert system.sends(**edit, name="ใหม่", send=False).faults().keys() == {"send"}
    assert system.sends(**edit, activities=[]).faults().keys() == {"activities", "project_code"}
    sent = system.sends(**edit, **changes).body
    assert (sent["kind"], sent["fiscal_year"], sent["state"]) == ("project_edit", 2566, "pending_approval")
    assert project(labour, before.code).budget_total == before.budget_total
    assert system.sends(**edit, name="อีกชื่อ").body["code"] == "wrong_state"
    assert system.withdraws(sent["id"], sent_by="P00033").body["state"] == "draft"
    again = system.sends(**edit, **changes).body
    assert (again["id"], again["version"]) == (sent["id"], 2)
    approve_all(labour, sent["id"])
    after = project(labour, before.code)
    assert (after.budget_total, after.kpis, after.end_month.isoformat()) == (Decimal(2000000), ["ใหม่"], "2023-12-01")
    assert (after.work_type, after.name, after.official_version) == ("operation", before.name, 2)


def test_an_agency_sends_its_plans_and_yearly_reports(labour: Bot) -> None:
    system = system_of(labour, "รง03")
    plan = {"kind": "level3_plan", "sent_by": "P00016", "agency": "รง03", "fiscal_year": 2566, "reference": "ว 5",
            "plan_name": "แผนปฏิบัติการด้านการจัดหางาน", "late_reason": "รอประกาศ"}  # fmt: skip
    sent = system.sends(**plan).body
    assert (sent["state"], sent["unit"], sent["plan_name"]) == ("pending_approval", "รง03", plan["plan_name"])
    assert system.sends(**plan).body["code"] == "wrong_state"
    achieved = system.sends(**{**plan, "kind": "achievement_report", "send": False})
    assert achieved.body["state"] == "draft"
    with labour.database.read() as session:
        duty = session.scalars(select(tables.AgencyDuty).where(tables.AgencyDuty.kind == "achievement_action_plan"))
        assert duty.one().is_thematic
    assert system.sends(**{**plan, "agency": "รง0301"}).faults()["agency"] == "ต้องเป็นรหัสของกรมหรือเทียบเท่า"
    assert system.sends(**{**plan, "agency": "รง05"}).faults().keys() == {"agency"}
    assert system.sends(**{**plan, "plan_name": "อื่น", "sent_by": "P00017"}).body["code"] == "not_your_unit"


def test_a_plan_that_an_agency_sends_is_entered_on_the_day_that_it_states(labour: Bot) -> None:
    system = system_of(labour, "รง03")
    plan = {"kind": "level3_plan", "sent_by": "P00016", "agency": "รง03", "fiscal_year": 2566}
    plan["late_reason"] = "รอประกาศ"
    for impossible in ("2023-03-21", "30 ก.ย. 2561"):
        assert "ต้องไม่เป็นวันที่ยังมาไม่ถึง" in system.sends(**plan, entered_on=impossible).faults()["entered_on"]
    sent = system.sends(**plan, entered_on="๑๕ ก.พ. ๒๕๖๖").body
    for approver in ("P00015", "P00006", "P00005"):
        decide_now(labour, approver, sent["id"])
    assert count_of(labour, tables.AgencyDuty, entered_on=date(2023, 2, 15)) == 1


def test_of_two_requests_with_one_key_at_once_one_has_an_effect(labour: Bot) -> None:
    system = system_of(labour, "รง05")
    replies = at_once(*[lambda: system.sends("once", **ENTRY, **REST)] * 4)
    assert {reply.status for reply in replies} == {201}
    assert len({str(reply.body) for reply in replies}) == 1
    assert sum("Idempotency-Replayed" in reply.headers for reply in replies) == 3
    assert count_of(labour, tables.SubmissionVersion, submission_id=replies[0].body["id"]) == 1


def test_of_two_requests_that_enter_one_project_at_once_one_is_refused(labour: Bot) -> None:
    system = system_of(labour, "รง05")
    replies = at_once(*[lambda: system.sends(**ENTRY, **REST)] * 3)
    assert sorted(reply.status for reply in replies) == [201, 409, 409]
    assert count_of(labour, tables.Project, code=CODE) == 1


def test_an_import_never_overwrites_what_was_sent(labour: Bot, tmp_path: Path) -> None:
    system = system_of(labour, "รง05")
    number = system.sends(**ENTRY, **REST).body["id"]
    plan = {"kind": "level3_plan", "sent_by": "P00016", "agency": "รง03", "fiscal_year": 2566, "plan_name": "แผนใหม่"}
    system_of(labour, "รง03").sends(**plan, reference="ฉบับจริง", late_reason="รอประกาศ")
    files = {
        "projects": "รหัสโครงการ,ชื่อโครงการ,ปีงบประมาณ,วันที่เริ่มต้นโครงการ,วันที่สิ้นสุดโครงการ,รวมวงเงินงบประมาณทั้งหมด,"
        f"หน่วยงานระดับกอง,สถานะการอนุมัติ,แผนใช้จ่ายไตรมาส 1\n{CODE},ชื่อในไฟล์,2566,ต.ค. 65,ก.ย. 66,5,รง0502,อนุมัติแล้ว,8",
        "activities": "รหัสโครงการ,กิจกรรม,กิจกรรมย่อย,ไตรมาส\n"
        f'{CODE},ตรวจสถานประกอบการ,,"1,2"\n{CODE},อบรม,อบรมนายจ้าง,1\n{CODE},อื่น,,4',
        "links": f"รหัสโครงการ,ประเภทแผน,รหัส/ชื่อแผน\n{CODE},กฎหมาย,กฎหมายอื่น",
        "funding": f"รหัสโครงการ,แหล่งเงิน,จำนวนเงิน\n{CODE},งบประมาณแผ่นดิน,7",
        "spending": f"รหัสโครงการ,ปีงบประมาณ,ไตรมาส,แผน,เงินกันเหลื่อมปี\n{CODE},2566,1,9,6\n{CODE},2566,2,9,5",
        "duties": "รหัสหน่วยงาน,ประเภท,ปี,ชื่อแผน,วันที่นำเข้า,เลขอ้างอิง\nรง03,แผนระดับ 3,2566,แผนใหม่,1 ม.ค. 66,จากไฟล์",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    before = system.asks(f"{SUBMISSIONS}/{number}").body, labour.row_counts()["activities"], project(labour).name
    report = labour.json("import", tmp_path)
    assert report["errors"] == []
    assert {counts["updated"] + counts["added"] for counts in report["files"].values()} == {0}
    kept = [(one["file"], one["value"]) for one in report["warnings"] if "ผ่านบอต" in one["message"]]
    assert {file for file, _ in kept} == {f"{name}.csv" for name in files}
    assert {
        ("projects.csv", "8.00"),
        ("activities.csv", "1"),
        ("activities.csv", "อื่น"),
        ("funding.csv", "7.00"),
        ("spending.csv", "11.00"),
    } <= set(kept)
    after = system.asks(f"{SUBMISSIONS}/{number}").body, labour.row_counts()["activities"], project(labour).name
    assert after == before
    assert count_of(labour, tables.AgencyDuty, reference="ฉบับจริง", entered_on=None) == 1
