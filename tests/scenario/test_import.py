"""An office's own spreadsheets go in: once, again, changed, in any order."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from domain.organisation import UnitLevel
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import Scope, Stage, WindowKind
from storage import shared_state, tables
from storage.database import Database
from storage.imports.problems import ProblemCode
from storage.imports.vocabulary import FileKind
from storage.schema import upgrade
from storage.shared_state import StateKey
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Origin
from tests.importing import Office, office, sample, totals
from tests.spreadsheets import CLEAN, MESSY, changed, rows_of, write_xlsx

__all__ = ["office"]

DRAFT, APPROVED = SubmissionState.DRAFT, SubmissionState.APPROVED
PROJECT = "รง 0303-66-0001"


def fingerprint(office: Office) -> dict[str, list[Any]]:
    """Return all that an import wrote, without what differs between two runs by nature."""
    unlike = {"id", "import_mark", "at", "updated_at"}

    def values(row: Any) -> str:
        columns = [c.key for c in row.__table__.columns if c.key not in unlike and not c.key.endswith("_id")]
        found = [getattr(row, column) for column in columns]
        return str([value.normalize() if isinstance(value, Decimal) else value for value in found])

    return {
        entity.__tablename__: sorted(values(row) for row in office.all(entity))
        for entity in (
            tables.Unit, tables.Person, tables.RoleAssignment, tables.RouteStep, tables.Project, tables.SpendingPlan,
            tables.Submission, tables.QuarterReport, tables.CalendarWindow,
        )
    }  # fmt: skip


@pytest.mark.parametrize(("folder", "reports"), ((CLEAN, 31), (MESSY, 34)), ids=["clean", "messy"])
def test_a_sample_ministry_goes_in_without_an_error_and_a_second_time_changes_nothing(
    office: Office, folder: Path, reports: int
) -> None:
    first = office.imports(folder)
    assert (first.errors, first.warnings) == ([], [])
    assert {counts.kind: counts.added for counts in first.files.values()} == {
        FileKind.UNITS: 23, FileKind.PEOPLE: 46, FileKind.ROUTES: 75, FileKind.PROJECTS: 60,
        FileKind.REPORTS: reports, FileKind.CALENDAR: 24,
    }  # fmt: skip
    before = fingerprint(office)
    second = office.imports(folder)
    assert totals(second) == (0, 0, sum(counts.added for counts in first.files.values()))
    assert fingerprint(office) == before


def test_clean_rows_mean_what_they_say(office: Office) -> None:
    office.imports_sample()
    project = office.project(PROJECT)
    assert (project.name, project.fiscal_year) == ("โครงการยกระดับแรงงานผู้สูงอายุ ยุควิถีใหม่ (75)", 2566)
    assert (project.start_month, project.end_month) == (date(2023, 4, 1), date(2024, 9, 1))
    assert project.budget_total == Decimal("5011443.32")
    assert (project.ns_area, project.master_plan_no, project.uses_budget) == (5, 9, True)
    assert (project.execution_status, project.official_version) == (ExecutionStatus.IN_PROGRESS, 1)
    plan = next(p for p in office.all(tables.SpendingPlan) if p.project_id == project.id)
    assert (plan.fiscal_year, plan.q1, plan.q2) == (2566, Decimal("1002288.66"), Decimal("1503433.00"))
    report = office.submission("รง 0301-66-0001", SubmissionKind.QUARTER_REPORT)
    assert (report.state, report.step, report.version, report.origin) == (
        SubmissionState.PENDING_APPROVAL, 2, 1, Origin.IMPORT,
    )  # fmt: skip
    assert report.sent_at == report.arrived_at == datetime(2023, 3, 20, tzinfo=BANGKOK)


def test_messy_spellings_mean_the_same_as_clean_ones(office: Office) -> None:
    assert office.imports(MESSY).errors == []
    project = office.project("รง 0402-66-0001")  # a no-break space in the code, Thai digits and commas in the amounts
    assert (project.start_month, project.end_month) == (date(2023, 4, 1), date(2025, 9, 1))
    assert project.budget_total == Decimal("194704.52")
    assert office.project("รง 0502-66-0002").budget_total is None  # "-"
    spans = {(w.opens_on, w.closes_on) for w in office.all(tables.CalendarWindow)}
    clean = {(date(2023, 3, 7), date(2023, 3, 20)), (None, date(2023, 12, 31)), (date(2024, 4, 1), date(2024, 4, 30))}
    assert clean <= spans
    report = office.submission("รง 0601-66-0002", SubmissionKind.QUARTER_REPORT)
    assert report.sent_at == datetime(2023, 3, 7, tzinfo=BANGKOK)  # 07/03/2566


def test_the_order_of_files_does_not_matter(office: Office, tmp_path: Path) -> None:
    office.imports(*sorted(CLEAN.iterdir()))
    url = f"sqlite:///{tmp_path / 'other.db'}"
    upgrade(url)
    other = Office(Database(url), tmp_path)
    other.imports(*sorted(CLEAN.iterdir(), reverse=True))
    assert fingerprint(other) == fingerprint(office)
    other.database.dispose()


def test_a_file_of_its_own_may_rely_on_what_is_there(office: Office) -> None:
    office.imports_sample("units.xlsx", "projects.xlsx", "people.xlsx")
    assert office.imports_sample("reports.xlsx").files["reports.xlsx"].added == 31


def test_the_same_project_in_other_words_is_unchanged(office: Office, tmp_path: Path) -> None:
    office.imports_sample("units.xlsx", "projects.xlsx")
    rows = changed(sample("projects.xlsx"), "วันที่เริ่มต้นโครงการ", {2: "๑ เม.ย. ๒๕๖๖"})
    report = office.imports(write_xlsx(tmp_path / "again.xlsx", [[*row[3:], *row[:3]] for row in rows]))
    assert totals(report) == (0, 0, 60)


def test_a_csv_says_the_same_as_a_workbook(office: Office, tmp_path: Path) -> None:
    office.imports_sample("units.xlsx", "people.xlsx")
    people = "\r\n".join(",".join(row) for row in sample("people.xlsx"))
    (tmp_path / "people.csv").write_bytes(people.encode("cp874"))
    assert totals(office.imports(tmp_path / "people.csv")) == (0, 0, 46)


def test_a_changed_row_is_updated_and_the_rest_left_alone(office: Office) -> None:
    office.imports_sample("units.xlsx", "projects.xlsx")
    rows = changed(sample("projects.xlsx"), "สถานะการดำเนินโครงการ", {2: "แล้วเสร็จ"})
    rows = changed(rows, "แผนใช้จ่ายไตรมาส 1", {3: 5})
    assert totals(office.imports_rows(*rows)) == (0, 2, 58)
    assert office.project(PROJECT).execution_status is ExecutionStatus.COMPLETED
    assert Decimal(5) in [plan.q1 for plan in office.all(tables.SpendingPlan)]
    assert totals(office.imports_rows(*rows)) == (0, 0, 60)


def test_a_column_that_a_file_lacks_is_left_alone(office: Office) -> None:
    office.imports_sample("units.xlsx", "projects.xlsx")
    without = [row[:5] + row[6:9] for row in sample("projects.xlsx")]  # no budget, plan or state
    assert totals(office.imports_rows(*without)) == (0, 0, 60)
    assert office.project(PROJECT).budget_total == Decimal("5011443.32")
    assert office.project(PROJECT).official_version == 1


@pytest.mark.parametrize(
    ("word", "state", "step", "official_version"),
    (
        ("อนุมัติแล้ว", APPROVED, None, 1),
        ("ฉบับร่าง", DRAFT, None, 0),
        ("รออนุมัติ", SubmissionState.PENDING_APPROVAL, 1, 0),
        ("ส่งกลับแก้ไข", SubmissionState.RETURNED, None, 0),
    ),
)
def test_the_approval_state_of_a_project_is_its_entry(
    office: Office, word: str, state: SubmissionState, step: int | None, official_version: int
) -> None:
    office.imports_sample("units.xlsx")
    office.imports_rows(*changed(sample("projects.xlsx")[:2], "สถานะการอนุมัติ", {2: word}))
    entry = office.submission(PROJECT, SubmissionKind.PROJECT_ENTRY)
    assert (entry.state, entry.step, entry.fiscal_year, entry.quarter) == (state, step, 2566, 0)
    assert office.project(PROJECT).official_version == official_version


def test_a_dry_run_reports_and_writes_nothing(office: Office) -> None:
    report = office.imports(CLEAN, dry_run=True)
    assert totals(report) == (259, 0, 0)
    assert office.all(tables.Unit) == office.all(tables.AuditEntry) == []


def test_an_import_is_in_the_audit_trail_and_asks_for_a_new_plan(office: Office) -> None:
    office.imports_sample("units.xlsx")
    (entry,) = office.all(tables.AuditEntry)
    assert (entry.action, entry.after["units.xlsx"]["added"]) == (AuditAction.IMPORT_RUN, 23)
    with office.sees() as session:
        version = shared_state.get(session, StateKey.PLAN_VERSION)
    office.imports_sample("units.xlsx")
    with office.sees() as session:
        assert shared_state.get(session, StateKey.PLAN_VERSION) == version is not None


def sent_through_the_bot(office: Office, submission: tables.Submission, state: SubmissionState) -> None:
    with office.database.write() as session:
        row = tables.Submission
        values = {"origin": Origin.BOT, "state": state, "version": 2}
        session.execute(update(row).where(row.id == submission.id).values(**values))


def test_a_report_that_went_through_the_bot_is_never_moved_back(office: Office) -> None:
    office.imports_sample()
    code = "รง 0301-66-0001"
    sent_through_the_bot(office, office.submission(code, SubmissionKind.QUARTER_REPORT), APPROVED)
    report = office.imports_sample()
    assert totals(report) == (0, 0, 259)
    difference = next(w for w in report.warnings if w.column == "สถานะ")
    assert (difference.code, difference.file, difference.params["kept"]) == (
        ProblemCode.KEPT_FROM_BOT, "reports.xlsx", APPROVED,
    )  # fmt: skip
    after = office.submission(code, SubmissionKind.QUARTER_REPORT)
    assert (after.state, after.version, after.origin) == (APPROVED, 2, Origin.BOT)


def test_a_project_that_went_through_the_bot_is_never_overwritten(office: Office) -> None:
    office.imports_sample("units.xlsx", "projects.xlsx")
    sent_through_the_bot(office, office.submission(PROJECT, SubmissionKind.PROJECT_ENTRY), APPROVED)
    rows = changed(sample("projects.xlsx"), "ชื่อโครงการ/การดำเนินงาน", {2: "ชื่อใหม่"})
    report = office.imports_rows(*changed(rows, "สถานะการอนุมัติ", {2: "ฉบับร่าง"}))
    assert totals(report) == (0, 0, 60)
    assert [(w.row, w.column) for w in report.warnings] == [(2, "ชื่อโครงการ/การดำเนินงาน"), (2, "สถานะการอนุมัติ")]
    assert office.project(PROJECT).name.startswith("โครงการยกระดับ")


def test_a_new_report_state_from_the_office_is_taken(office: Office) -> None:
    office.imports_sample()
    number = next(n for n, row in enumerate(sample("reports.xlsx"), 1) if row[0] == "รง 0301-66-0001")
    rows = changed(sample("reports.xlsx"), "สถานะ", {number: "อนุมัติแล้ว"})
    assert totals(office.imports_rows(*rows)) == (0, 1, 30)
    report = office.submission("รง 0301-66-0001", SubmissionKind.QUARTER_REPORT)
    assert (report.state, report.step) == (APPROVED, None)


def test_a_person_may_hold_several_roles_in_several_units(office: Office) -> None:
    office.imports_sample("units.xlsx")
    office.imports_rows(
        ["รหัสบุคคล", "ชื่อ-สกุล", "ตำแหน่ง", "รหัสหน่วยงาน", "วันที่เริ่ม", "วันที่สิ้นสุด", "รักษาการแทน", "บทบาท", "อีเมล"],
        ["P1", "นางก", "ผอ.", "รง02", None, None, None, "ผู้อนุมัติ, ผู้ช่วย", "p1@example.go.th"],
        ["P1", None, "รักษาการ", "รง03", "1 ต.ค. 2565", "31 มี.ค. 2566", "P2", "ผู้อนุมัติ", None],
        ["P2", "นายข", "อธิบดี", "รง03", None, None, None, "ผู้อนุมัติ", None],
    )
    people = {person.id: person for person in office.all(tables.Person)}
    roles = {
        (people[r.person_id].code, r.role, r.valid_from, people[r.acting_for_id].code if r.acting_for_id else None)
        for r in office.all(tables.RoleAssignment)
    }
    assert roles == {
        ("P1", Role.APPROVER, None, None), ("P1", Role.ASSISTANT, None, None),
        ("P1", Role.APPROVER, date(2022, 10, 1), "P2"), ("P2", Role.APPROVER, None, None),
    }  # fmt: skip
    assert {(p.code, p.full_name, p.email) for p in people.values()} == {
        ("P1", "นางก", "p1@example.go.th"), ("P2", "นายข", ""),
    }  # fmt: skip


def test_a_route_is_replaced_as_a_whole_so_that_nobody_keeps_an_old_right(office: Office) -> None:
    office.imports_sample("units.xlsx", "people.xlsx", "routes.xlsx")
    header = ["รหัสหน่วยงาน", "ลำดับ", "ขั้น", "ผู้อนุมัติ"]
    report = office.imports_rows(header, ["รง0201", 1, "หน่วยงาน", "P00012"], ["รง0201", 2, "กระทรวง", "P00006"])
    assert totals(report) == (0, 2, 0)
    assert [(w.value, w.params["order"]) for w in report.warnings if w.code is ProblemCode.ROUTE_STEP_REMOVED] == [
        ("P00010", "1"), ("P00007", "2"), ("P00006", "3"), ("P00005", "4"),
    ]  # fmt: skip
    assert len(office.all(tables.RouteStep)) == 75 - 4 + 2


def test_a_group_has_members_and_a_merged_unit_its_successor(office: Office) -> None:
    rows = [[*row, None, None] for row in sample("units.xlsx")]
    rows[0][-2:] = ["สมาชิก", "ยุบรวมเข้ากับ"]
    rows[3][-2], rows[5][-1] = "รง03, รง04", "รง0202"
    assert office.imports_rows(*rows).errors == []
    units = {unit.id: unit for unit in office.all(tables.Unit)}
    members = {units[m.member_id].code for m in office.all(tables.GroupMember)}
    merged = {unit.code: units[unit.merged_into_id].code for unit in units.values() if unit.merged_into_id}
    assert (members, merged) == ({"รง03", "รง04"}, {"รง0201": "รง0202"})
    assert next(unit.level for unit in units.values() if unit.code == "รง-กภ1") is UnitLevel.GROUP
    rows[3][-2] = "รง04, รง05"
    assert totals(office.imports_rows(*rows)) == (0, 1, 22)


def test_another_letter_adds_a_window_and_the_same_letter_corrects_its_own(office: Office) -> None:
    office.imports_sample("units.xlsx", "people.xlsx", "calendar.xlsx")
    rows = changed(sample("calendar.xlsx")[:4], "วันปิด", {4: "24 มี.ค. 2566"})
    assert totals(office.imports_rows(*rows)) == (0, 1, 2)
    extended = changed(rows, "ที่หนังสือ", {4: "ที่ รง ๐๒๑๔/ว ๙"})
    assert totals(office.imports_rows(*extended)) == (1, 0, 2)
    windows = [
        w.closes_on for w in office.all(tables.CalendarWindow)
        if w.kind is WindowKind.QUARTER_REPORT and w.quarter == 1 and w.stage is Stage.AGENCY
    ]  # fmt: skip
    assert windows == [date(2023, 3, 24), date(2023, 3, 24)]


def test_a_national_window_needs_no_unit_and_a_blank_stage_is_both(office: Office) -> None:
    header = sample("calendar.xlsx")[0]
    row = ["รายงานไตรมาส", 2566, 1, None, "ประเทศ", None, None, "30 ม.ค. 66", None, None]
    assert office.imports_rows(header, row).errors == []
    (window,) = office.all(tables.CalendarWindow)
    assert (window.scope, window.stage, window.unit_id, window.letter_no) == (Scope.NATIONAL, Stage.ALL, None, "")


def test_titles_above_the_header_and_blank_rows_between_do_no_harm(office: Office) -> None:
    rows = sample("units.xlsx")
    shifted = [[None, None, *row] for row in rows]
    report = office.imports_rows(["บัญชีหน่วยงาน"], [], *shifted[:5], [None], *shifted[5:])
    assert totals(report) == (23, 0, 0)


def test_unknown_columns_and_sheets_are_named_and_ignored(office: Office, tmp_path: Path) -> None:
    units = [[*row, "x"] for row in sample("units.xlsx")]
    units[0][-1] = "หมายเหตุ"
    book = write_xlsx(
        tmp_path / "book.xlsx", units, rows_of(CLEAN / "people.xlsx"), [["อ่านก่อน"]], titles=["u", "p", "n"]
    )
    report = office.imports(book)
    assert {(w.code, w.row, w.value) for w in report.warnings} == {
        (ProblemCode.UNKNOWN_COLUMN, 1, None), (ProblemCode.SHEET_IGNORED, None, "n"),
    }  # fmt: skip
    assert {name: counts.kind for name, counts in report.files.items()} == {
        "book.xlsx": FileKind.UNITS, "book.xlsx [p]": FileKind.PEOPLE,
    }  # fmt: skip


def test_two_files_of_one_name_are_told_apart_by_their_folders(office: Office, tmp_path: Path) -> None:
    for folder, rows in (
        ("a", sample("units.xlsx")[:10]),
        ("b", [sample("units.xlsx")[0], *sample("units.xlsx")[10:]]),
    ):
        (tmp_path / folder).mkdir()
        write_xlsx(tmp_path / folder / "units.xlsx", rows)
    assert set(office.imports(tmp_path / "a", tmp_path / "b").files) == {
        str(tmp_path / "a" / "units.xlsx"), str(tmp_path / "b" / "units.xlsx"),
    }  # fmt: skip
