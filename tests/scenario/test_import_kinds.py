"""What belongs to projects and agencies: activities, links, funding, spending plans, duties and holidays."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.windows import WindowKind
from messages_th.imports import problem_text
from storage import tables
from storage.imports.problems import ProblemCode
from storage.tables.projects import INITIAL_PLAN_DATE, FundingKind, LinkKind
from tests.importing import Office, office, sample, totals
from tests.spreadsheets import write_xlsx

__all__ = ["office"]

PROJECT = "รง 0303-66-0001"
SPENDING = ["รหัสโครงการ", "ปีงบประมาณ", "ไตรมาส", "แผน", "ลงวันที่"]


def with_projects(office: Office) -> Office:
    office.imports_sample("units.xlsx", "projects.xlsx")
    return office


def test_activities_form_a_tree_with_quarters(office: Office) -> None:
    rows: list[list[Any]] = [
        ["รหัสโครงการ", "กิจกรรม", "กิจกรรมย่อย", "ไตรมาส"],
        [PROJECT, "ฝึกอบรม", None, "1-2"],
        [PROJECT, "ฝึกอบรม", "รุ่นที่ 1", "ไตรมาส 1"],
        [PROJECT, "ติดตามผล", "สำรวจ", "3, 4"],
    ]
    report = with_projects(office).imports_rows(*rows)
    assert (report.errors, totals(report)) == ([], (3, 0, 0))
    activities = {activity.id: activity for activity in office.all(tables.Activity)}
    assert {
        (a.name, activities[a.parent_id].name if a.parent_id else None, (a.in_q1, a.in_q2, a.in_q3, a.in_q4))
        for a in activities.values()
    } == {
        ("ฝึกอบรม", None, (True, True, False, False)),
        ("รุ่นที่ 1", "ฝึกอบรม", (True, False, False, False)),
        ("ติดตามผล", None, (False, False, False, False)),
        ("สำรวจ", "ติดตามผล", (False, False, True, True)),
    }
    assert totals(office.imports_rows(*rows)) == (0, 0, 3)
    rows[2][3] = "2"
    assert totals(office.imports_rows(*rows)) == (0, 1, 2)


def test_links_and_funding_belong_to_their_project(office: Office) -> None:
    links: list[list[Any]] = [
        ["รหัสโครงการ", "ประเภทแผน", "รหัส/ชื่อแผน"],
        [PROJECT, "แผนพัฒนาฯ ฉบับที่ 13", "หมุดหมายที่ 12"],
        [PROJECT, "มติ ครม.", "4 ธ.ค. 2560"],
    ]
    funding: list[list[Any]] = [
        ["รหัสโครงการ", "แหล่งเงิน", "ที่มา", "จำนวนเงิน"],
        [PROJECT, "งบประมาณแผ่นดิน", None, "๕,๐๐๐,๐๐๐.๐๐"],
        [PROJECT, "อื่น ๆ", "กองทุนพัฒนาฝีมือแรงงาน", 11443.32],
    ]
    with_projects(office)
    paths = write_xlsx(office.folder / "links.xlsx", links), write_xlsx(office.folder / "funding.xlsx", funding)
    assert totals(office.imports(*paths)) == (4, 0, 0)
    assert {(link.kind, link.name) for link in office.all(tables.ProjectLink)} == {
        (LinkKind.NESD_PLAN, "หมุดหมายที่ 12"),
        (LinkKind.CABINET_RESOLUTION, "4 ธ.ค. 2560"),
    }
    assert {(source.kind, source.origin, source.amount) for source in office.all(tables.FundingSource)} == {
        (FundingKind.STATE_BUDGET, "", Decimal(5000000)),
        (FundingKind.OTHER, "กองทุนพัฒนาฝีมือแรงงาน", Decimal("11443.32")),
    }
    assert totals(office.imports(*paths)) == (0, 0, 4)


def test_a_later_date_is_a_new_version_of_the_spending_plan(office: Office) -> None:
    with_projects(office)
    revised: list[list[Any]] = [
        SPENDING,
        [PROJECT, 2566, 3, 1, "1 เม.ย. 2566"],
        [PROJECT, 2566, 4, "2,000", "1 เม.ย. 2566"],
    ]
    assert totals(office.imports_rows(*revised)) == (2, 0, 0)
    project = office.project(PROJECT)
    plans = {
        plan.dated_on: (plan.q1, plan.q2, plan.q3, plan.q4)
        for plan in office.all(tables.SpendingPlan)
        if plan.project_id == project.id
    }
    first = Decimal("1002288.66"), Decimal("1503433.00"), Decimal("1503433.00"), Decimal("1002288.66")
    assert plans == {INITIAL_PLAN_DATE: first, date(2023, 4, 1): (*first[:2], Decimal(1), Decimal(2000))}
    assert totals(office.imports_rows(*revised)) == (0, 0, 2)
    assert totals(office.imports_sample("projects.xlsx")) == (0, 0, 60)


def test_parts_of_an_unknown_project_are_refused(office: Office) -> None:
    report = office.imports_rows(SPENDING, ["รง 0101-66-0009", 2566, 1, 5, None])
    assert [(e.row, e.code) for e in report.errors] == [(2, ProblemCode.UNKNOWN_PROJECT)]


def test_duties_say_what_is_owed_and_what_is_done(office: Office) -> None:
    office.imports_sample("units.xlsx")
    rows: list[list[Any]] = [
        ["รหัสหน่วยงาน", "ประเภท", "ปี", "ชื่อแผน", "วันที่นำเข้า", "เลขอ้างอิง"],
        ["รง02", "แผนระดับ 3", 2566, "แผนปฏิบัติราชการรายปี 2566", "20 ก.พ. 2566", "A-1"],
        ["รง02", "ผลสัมฤทธิ์แผนปฏิบัติการด้าน", "๒๕๖๖", "แผนปฏิบัติการด้านแรงงาน ระยะที่ 1", None, None],
        ["รง03", "Open-D", 2566, None, "-", None],
    ]
    assert totals(office.imports_rows(*rows)) == (3, 0, 0)
    assert [
        (d.kind, d.fiscal_year, d.is_thematic, d.entered_on, d.reference) for d in office.all(tables.AgencyDuty)
    ] == [
        (WindowKind.LEVEL3_PLAN, 2566, False, date(2023, 2, 20), "A-1"),
        (WindowKind.ACHIEVEMENT_ACTION_PLAN, 2566, True, None, ""),
        (WindowKind.OPEN_D, 2566, False, None, ""),
    ]
    rows[3][4] = "1/12/2566"
    assert totals(office.imports_rows(*rows)) == (0, 1, 2)


def test_holidays_may_be_added_and_taken_back(office: Office) -> None:
    rows: list[list[Any]] = [
        ["วันที่", "ชื่อวันหยุด", "ประเภท"],
        ["31 ก.ค. 2566", "วันหยุดพิเศษ", "หยุด"],
        ["1 พ.ค. 2566", "วันแรงงาน", "ไม่หยุด"],
    ]
    assert totals(office.imports_rows(*rows)) == (2, 0, 0)
    assert {(h.on, h.is_working) for h in office.all(tables.Holiday)} == {
        (date(2023, 7, 31), False),
        (date(2023, 5, 1), True),
    }
    rows[1][2] = "ไม่หยุด"
    assert totals(office.imports_rows(*rows)) == (0, 1, 1)


def test_a_project_that_moves_to_another_unit_takes_its_reports_along(office: Office) -> None:
    office.imports_sample()
    header, *rows = sample("projects.xlsx")
    place = header.index("หน่วยงานระดับกองหรือเทียบเท่า")
    reported = "รง 0201-66-0001"
    row = next(row for row in rows if row[0] == reported)
    row[place] = "รง0202"
    assert totals(office.imports_rows(header, row)) == (0, 1, 0)
    assert office.submission(reported, "quarter_report").unit_id == office.project(reported).unit_id
    assert office.submission(reported, "project_entry").unit_id == office.project(reported).unit_id


def test_a_duty_of_a_unit_that_is_no_agency_is_refused(office: Office) -> None:
    office.imports_sample("units.xlsx")
    header = ["รหัสหน่วยงาน", "ประเภท", "ปี", "ชื่อแผน", "วันที่นำเข้า", "เลขอ้างอิง"]
    rows = [[unit, "Open-D", 2566, None, None, None] for unit in ("รง", "รง02", "รง0201", "รง-กภ1")]
    report = office.imports_rows(header, *rows)
    assert [(e.row, e.column, e.value, e.code) for e in report.errors] == [
        (row, "รหัสหน่วยงาน", unit, ProblemCode.NOT_AN_AGENCY) for row, unit in ((2, "รง"), (4, "รง0201"), (5, "รง-กภ1"))
    ]
    text = problem_text(report.errors[1].code, report.errors[1].params)
    assert text.startswith("เป็นหน่วยงานระดับกอง")
    assert "โปรดใช้รหัสของกรม" in text
    assert office.all(tables.AgencyDuty) == []


@pytest.mark.parametrize(
    ("kind", "number", "fault"),
    (
        ("รายงานไตรมาส", None, ProblemCode.QUARTER_NEEDED),
        ("รายงานไตรมาส", 5, ProblemCode.QUARTER_NEEDED),
        ("นำเข้าโครงการระหว่างปี", None, ProblemCode.QUARTER_NEEDED),
        ("นำเข้าโครงการระหว่างปี", 2, None),
        ("นำเข้าโครงการ", 1, ProblemCode.QUARTER_UNWANTED),
        ("แผนระดับ 3", 1, ProblemCode.QUARTER_UNWANTED),
        ("Open-D", 4, ProblemCode.QUARTER_UNWANTED),
        ("Open-D", "-", None),
    ),
)
def test_a_window_has_a_quarter_where_its_kind_has_rounds_and_nowhere_else(
    office: Office, kind: str, number: object, fault: ProblemCode | None
) -> None:
    row = [kind, 2566, number, None, "ประเทศ", None, None, "30 ม.ค. 66", None, None]
    report = office.imports_rows(sample("calendar.xlsx")[0], row)
    assert [(e.row, e.column, e.code) for e in report.errors] == ([(2, "ไตรมาส/รอบ", fault)] if fault else [])
