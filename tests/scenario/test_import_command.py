"""``emenscr-bot import`` and ``export unreported`` as an operator sees them."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from bot.cli.export import export
from bot.cli.import_ import import_command
from storage import tables
from storage.exports.spreadsheet import Table, write_table
from storage.imports.package import Package
from storage.imports.sheet_look import look
from storage.tables.organisation import Unit
from tests.importing import NOW, REAL_NOW, Office, office, sample
from tests.spreadsheets import CLEAN, changed, write_xlsx

__all__ = ["office"]

FIRST_QUARTER = ("--fiscal-year", "2566", "--quarter", "1")


def run(office: Office, command: Any, *arguments: str | Path) -> Result:
    clock = SimpleNamespace(now=lambda: NOW, real_now=lambda: REAL_NOW)
    runtime = SimpleNamespace(database=office.database, clock=clock)
    return CliRunner().invoke(command, [str(argument) for argument in arguments], obj=runtime)


def exported(office: Office, *arguments: str | Path) -> list[list[Any]]:
    out = office.folder / "out.xlsx"
    result = run(office, export, "unreported", "--out", out, *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return [list(row) for row in CalamineWorkbook.from_path(out).get_sheet_by_index(0).iter_rows()]


def test_json_is_one_document_on_standard_output(office: Office) -> None:
    result = run(office, import_command, CLEAN, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert document["files"]["units.xlsx"] == {"kind": "units", "added": 23, "updated": 0, "unchanged": 0}
    assert (document["errors"], document["warnings"]) == ([], [])
    again = json.loads(run(office, import_command, CLEAN, "--format", "json").stdout)
    assert {counts["unchanged"] for counts in again["files"].values()} == {23, 46, 75, 60, 31, 24}


def test_an_error_names_the_cell_and_the_exit_code_is_one(office: Office) -> None:
    rows = changed(sample("projects.xlsx"), "วันที่สิ้นสุดโครงการ", {12: "31/13/2566"})
    path = write_xlsx(office.folder / "projects.xlsx", rows)
    result = run(office, import_command, CLEAN / "units.xlsx", path, "--format", "json")
    assert result.exit_code == 1
    (error,) = json.loads(result.stdout)["errors"]
    assert error == {
        "file": "projects.xlsx", "row": 12, "column": "วันที่สิ้นสุดโครงการ", "value": "31/13/2566",
        "message": 'projects.xlsx แถว 12 คอลัมน์ "วันที่สิ้นสุดโครงการ": "31/13/2566" ไม่ใช่เดือน '
        "ตัวอย่างที่ใช้ได้: ตุลาคม 2565, ต.ค. 65, 10/2565",
    }  # fmt: skip
    assert office.all(Unit) == []
    text = run(office, import_command, CLEAN / "units.xlsx", path)
    assert (text.exit_code, error["message"] in text.stdout) == (1, True)


def test_a_dry_run_writes_nothing(office: Office) -> None:
    result = run(office, import_command, CLEAN, "--dry-run")
    assert (result.exit_code, "เพิ่ม 60" in result.stdout) == (0, True)
    assert office.all(Unit) == []


def test_import_without_a_path_is_misuse(office: Office) -> None:
    assert run(office, import_command).exit_code == 2


def test_the_quarter_being_reported_is_listed_with_whose_turn_it_is(office: Office) -> None:
    office.imports_sample()
    header, *rows = exported(office)
    assert header[0] == "รหัสโครงการ"
    listed = {row[0]: row[1:] for row in rows}
    assert listed["รง 0301-66-0001"][3:8] == [
        "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)", "รออนุมัติ ลำดับที่ 2", "",
        "นายธีรพงษ์ พงษ์ไพบูลย์ (อธิบดี)", "20 มี.ค. 66",
    ]  # fmt: skip
    assert {row[5].split(" ลำดับ")[0] for row in rows} == {"ยังไม่กรอก", "ร่าง", "รออนุมัติ", "ส่งกลับแก้ไข"}
    assert "รง 0201-66-0001" not in listed  # approved
    assert all(row[4].startswith("ไตรมาส 4/2565") for row in rows if row[0].startswith("รง 06"))


def test_the_list_may_be_narrowed_to_a_unit_and_another_quarter(office: Office) -> None:
    office.imports_sample()
    assert {row[0][:5] for row in exported(office, "--unit", "รง03")[1:]} == {"รง 03"}
    assert exported(office, "--ministry", "รง") == exported(office)
    second = exported(office, "--fiscal-year", "2566", "--quarter", "2")
    assert {row[5] for row in second[1:]} == {"ยังไม่กรอก"}
    assert exported(office, "--fiscal-year", "2565", "--quarter", "4")[1:] == []  # before tracking began
    later = exported(office, "--at", "2023-04-03T08:30:00+07:00")
    assert {row[4][:15] for row in later[1:] if not row[0].startswith("รง 06")} == {"ไตรมาส 2/2566 ("}


def test_the_list_says_whose_delay_it_is(office: Office) -> None:
    office.imports_sample()
    header, *rows = exported(office)
    assert header[6] == "ล่าช้าที่"
    assert {row[6] for row in rows if not row[0].startswith("รง 06")} == {""}  # the last day is still in time
    late = {
        row[0]: (row[5], row[6]) for row in exported(office, "--at", "2023-04-30T08:30:00+07:00", *FIRST_QUARTER)[1:]
    }
    assert late["รง 0301-66-0001"] == ("รออนุมัติ ลำดับที่ 2", "หน่วยงาน")
    assert set(late.values()) == {
        *((state, "หน่วยงาน") for state in ("ยังไม่กรอก", "ร่าง", "ส่งกลับแก้ไข")),
        *((f"รออนุมัติ ลำดับที่ {step}", "หน่วยงาน") for step in (1, 2)),
        ("รออนุมัติ ลำดับที่ 4", "กระทรวง"),
    }


def test_the_list_goes_by_agency_then_unit_then_project(office: Office) -> None:
    office.imports_sample()
    rows = exported(office)[1:]
    order = [row[0] for row in rows]
    with office.sees() as session:
        units = {
            p.code: u.code
            for p, u in session.execute(select(tables.Project, Unit).join(Unit, Unit.id == tables.Project.unit_id))
        }
    assert order == sorted(order, key=lambda code: (units[code][:4], units[code], code))


def test_a_late_reason_is_listed(office: Office) -> None:
    office.imports_sample()
    with office.database.write() as session:
        session.execute(update(tables.Submission).values(late_reason="รอผลตรวจรับ"))
    assert {row[9] for row in exported(office)[1:]} == {"", "รอผลตรวจรับ"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    ((("--unit", "xx"), 1), (("--quarter", "1"), 2), (("--quarter", "5", "--fiscal-year", "2566"), 2)),
)
def test_a_wrong_question_is_refused(office: Office, arguments: tuple[str, ...], code: int) -> None:
    result = run(office, export, "unreported", "--out", office.folder / "out.xlsx", *arguments)
    assert (result.exit_code, (office.folder / "out.xlsx").exists()) == (code, False)


def test_a_file_that_cannot_be_written_is_said(office: Office) -> None:
    assert run(office, export, "unreported", "--out", office.folder / "no" / "out.xlsx").exit_code == 1


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    texts = ['=HYPERLINK("http://x")', "+1", "-1", "@a", "#N/A", "\x0bok", "1e5"]
    assert write_table(tmp_path / "t.xlsx", Table("t", ["h"] * len(texts), [texts])) == 1
    with Package(tmp_path / "t.xlsx") as package:
        assert look(lambda: package.unpack("xl/worksheets/sheet1.xml")) == {}
    sheet = CalamineWorkbook.from_path(tmp_path / "t.xlsx").get_sheet_by_index(0)
    assert [str(cell) for cell in list(sheet.iter_rows())[1]] == [text.replace("\x0b", "") for text in texts]
