"""Bad input: every fault is named by row and column, nothing is written, and no file takes the machine down."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from storage import tables
from storage.imports.problems import ProblemCode
from tests.importing import Office, office, sample
from tests.spreadsheets import (
    CLEAN,
    changed,
    raw_parts,
    sheet_xml,
    text_row,
    write_parts,
    write_xlsx,
)

__all__ = ["office"]

MEMORY_LIMIT = 600 * 1024**2
CODE, NAME, YEAR = "รหัสโครงการ", "ชื่อโครงการ/การดำเนินงาน", "ปีงบประมาณ"
START, END, TOTAL = "วันที่เริ่มต้นโครงการ", "วันที่สิ้นสุดโครงการ", "รวมวงเงินงบประมาณทั้งหมด"
DIVISION, AGENCY, MINISTRY = "หน่วยงานระดับกองหรือเทียบเท่า", "หน่วยงานระดับกรมหรือเทียบเท่า", "หน่วยงานระดับกระทรวงหรือเทียบเท่า"
AREA, ISSUE, BUDGET = "ยุทธศาสตร์ชาติ", "แผนแม่บท", "ลักษณะโครงการ"
Q1, Q2, Q3, Q4 = (f"แผนใช้จ่ายไตรมาส {quarter}" for quarter in (1, 2, 3, 4))
EXECUTION, STATE = "สถานะการดำเนินโครงการ", "สถานะการอนุมัติ"

FORTY_FAULTS: dict[tuple[int, str], tuple[Any, ProblemCode]] = {
    (2, CODE): (None, ProblemCode.BLANK),
    (3, CODE): ("-", ProblemCode.BLANK),
    (4, CODE): ("0501-66-0001", ProblemCode.NOT_A_PROJECT_CODE),
    (5, CODE): ("รง 0403-66-01", ProblemCode.NOT_A_PROJECT_CODE),
    (6, CODE): ("=A5", ProblemCode.FORMULA_WITHOUT_VALUE),
    (7, NAME): (None, ProblemCode.BLANK),
    (8, NAME): ("ก" * 501, ProblemCode.TOO_LONG),
    (9, NAME): ("=1/0", ProblemCode.FORMULA_WITHOUT_VALUE),
    (10, YEAR): ("ปีนี้", ProblemCode.NOT_A_YEAR),
    (11, YEAR): (None, ProblemCode.BLANK),
    (12, YEAR): (25666, ProblemCode.NOT_A_YEAR),
    (13, START): ("31/13/2566", ProblemCode.NOT_A_MONTH),
    (14, START): (None, ProblemCode.BLANK),
    (15, START): ("ไตรมาส 1", ProblemCode.NOT_A_MONTH),
    (16, END): ("กันยายน 2560", ProblemCode.END_BEFORE_START),
    (17, END): ("30 ก.พ. 2566", ProblemCode.NOT_A_MONTH),
    (18, END): (None, ProblemCode.BLANK),
    (19, TOTAL): ("5 ล้านบาท", ProblemCode.NOT_AN_AMOUNT),
    (20, TOTAL): (-1, ProblemCode.NEGATIVE_AMOUNT),
    (21, TOTAL): ("1,234.567", ProblemCode.TOO_MANY_DECIMALS),
    (22, TOTAL): ("99999999999999999", ProblemCode.AMOUNT_TOO_LARGE),
    (23, TOTAL): ("(500.00)", ProblemCode.NEGATIVE_AMOUNT),
    (24, DIVISION): ("รง9999", ProblemCode.UNKNOWN_UNIT),
    (25, AGENCY): ("รง99", ProblemCode.UNKNOWN_UNIT),
    (26, MINISTRY): ("xx", ProblemCode.UNKNOWN_UNIT),
    (27, AREA): (7, ProblemCode.OUT_OF_RANGE),
    (28, AREA): ("ไม่ทราบ", ProblemCode.NOT_A_NUMBER),
    (29, ISSUE): (24, ProblemCode.OUT_OF_RANGE),
    (30, ISSUE): (1.5, ProblemCode.NOT_A_NUMBER),
    (31, BUDGET): ("ใช้นิดหน่อย", ProblemCode.NOT_A_CHOICE),
    (32, Q1): ("abc", ProblemCode.NOT_AN_AMOUNT),
    (33, Q2): ("12,34", ProblemCode.NOT_AN_AMOUNT),
    (34, Q3): ("-5", ProblemCode.NEGATIVE_AMOUNT),
    (35, Q4): ("=SUM(M2:O2)", ProblemCode.FORMULA_WITHOUT_VALUE),
    (36, EXECUTION): ("หยุดชั่วคราว", ProblemCode.NOT_A_CHOICE),
    (37, STATE): ("ผ่าน", ProblemCode.NOT_A_CHOICE),
    (38, STATE): ("ตีตก", ProblemCode.NOT_A_CHOICE),
    (39, START): (True, ProblemCode.NOT_A_MONTH),
    (39, END): ("2566", ProblemCode.NOT_A_MONTH),
    (40, CODE): ("รง 0302-66-0001", ProblemCode.DUPLICATE),
}


def test_a_file_with_forty_faults_names_all_forty_and_writes_nothing(office: Office) -> None:
    rows = sample("projects.xlsx")
    for (number, column), (value, _) in FORTY_FAULTS.items():
        rows = changed(rows, column, {number: value})
    report = office.imports(CLEAN / "units.xlsx", write_xlsx(office.folder / "faults.xlsx", rows))
    assert len(FORTY_FAULTS) == 40
    assert {(e.row, e.column): e.code for e in report.errors} == {
        place: code for place, (_, code) in FORTY_FAULTS.items()
    }
    assert len(report.errors) == 40
    assert {error.file for error in report.errors} == {"faults.xlsx"}
    assert all(counts.added == 0 for counts in report.files.values())
    assert office.all(tables.Unit) == office.all(tables.Project) == office.all(tables.AuditEntry) == []


def test_faults_of_all_files_are_listed_together(office: Office) -> None:
    units = write_xlsx(office.folder / "units.xlsx", changed(sample("units.xlsx"), "ระดับ", {2: "แผนก"}))
    people = write_xlsx(office.folder / "people.xlsx", changed(sample("people.xlsx"), "บทบาท", {3: "หัวหน้า"}))
    report = office.imports(units, people, office.folder / "missing.xlsx")
    assert {(e.file, e.row, e.code) for e in report.errors} == {
        ("units.xlsx", 2, ProblemCode.NOT_A_CHOICE),
        ("people.xlsx", 3, ProblemCode.NOT_A_CHOICE),
        (str(office.folder / "missing.xlsx"), None, ProblemCode.NO_SUCH_PATH),
    }


def test_error_cells_and_uncalculated_formulas_are_named_in_the_spreadsheets_own_rows(office: Office) -> None:
    header, first, second = sample("units.xlsx")[:3]
    rows = [
        text_row(3, header, first_column="C"),
        text_row(5, [cell or "-" for cell in first[:5]], first_column="C").replace(
            "</row>", '<c r="H5" t="e"><v>#REF!</v></c></row>'
        ),
        text_row(6, [cell or "-" for cell in second[:3]], first_column="C").replace(
            "</row>", '<c r="F6"><f>D1</f></c></row>'
        ),
        '<row r="9"><c r="C9" t="e"><v>#N/A</v></c></row>',
    ]
    path = write_parts(office.folder / "units.xlsx", raw_parts(sheet_xml(rows)))
    found = {(e.row, e.column, e.code, e.value) for e in office.imports(path).errors if e.code is not ProblemCode.BLANK}
    assert found == {
        (5, "รอบปี", ProblemCode.ERROR_CELL, "#REF!"),
        (6, "ระดับ", ProblemCode.FORMULA_WITHOUT_VALUE, "=D1"),
        (9, "รหัสหน่วยงาน", ProblemCode.ERROR_CELL, "#N/A"),
    }


@pytest.mark.parametrize(
    ("name", "rows", "code", "row"),
    (
        ("units.xlsx", {"สังกัด": {3: "รง0201"}}, ProblemCode.PARENT_CYCLE, 3),
        ("units.xlsx", {"รหัสหน่วยงาน": {3: "สศช"}}, ProblemCode.DUPLICATE, 3),
        ("units.xlsx", {"สังกัด": {5: "ไม่มี"}}, ProblemCode.UNKNOWN_UNIT, 5),
        ("people.xlsx", {"รหัสหน่วยงาน": {5: "ไม่มี"}}, ProblemCode.UNKNOWN_UNIT, 5),
        ("people.xlsx", {"รหัสบุคคล": {3: "P00001"}}, ProblemCode.CONFLICTING_NAME, 3),
        ("people.xlsx", {"ชื่อ-สกุล": {3: None}}, ProblemCode.BLANK, 3),
        ("routes.xlsx", {"ผู้อนุมัติ": {2: "P99999"}}, ProblemCode.UNKNOWN_PERSON, 2),
        ("routes.xlsx", {"ลำดับ": {3: 1}}, ProblemCode.CONFLICTING_STAGE, 3),
        ("routes.xlsx", {"ลำดับ": {3: 0}}, ProblemCode.OUT_OF_RANGE, 3),
        ("reports.xlsx", {"รหัสโครงการ": {2: "รง 0201-66-9999"}}, ProblemCode.UNKNOWN_PROJECT, 2),
        ("reports.xlsx", {"รหัสโครงการ": {3: "รง 0201-66-0001"}}, ProblemCode.DUPLICATE, 3),
        ("reports.xlsx", {"ไตรมาส": {2: 5}}, ProblemCode.OUT_OF_RANGE, 2),
        ("calendar.xlsx", {"วันเปิด": {4: "1 เม.ย. 2566"}}, ProblemCode.END_BEFORE_START, 4),
        ("calendar.xlsx", {"ไตรมาส/รอบ": {4: None}}, ProblemCode.QUARTER_NEEDED, 4),
        ("calendar.xlsx", {"รหัสหน่วยงาน": {4: None}}, ProblemCode.BLANK, 4),
        ("calendar.xlsx", {"รหัสหน่วยงาน": {4: "รง02"}}, ProblemCode.WRONG_SCOPE_LEVEL, 4),
        ("calendar.xlsx", {"วันปิด": {4: "20 มี.ค."}}, ProblemCode.NOT_A_DATE, 4),
    ),
)
def test_rows_that_contradict_are_refused(
    office: Office, name: str, rows: dict[str, dict[int, Any]], code: ProblemCode, row: int
) -> None:
    table = sample(name)
    for column, cells in rows.items():
        table = changed(table, column, cells)
    others = [path for path in CLEAN.iterdir() if path.name != name]
    report = office.imports(*others, write_xlsx(office.folder / name, table))
    assert (name, row, code) in {(e.file, e.row, e.code) for e in report.errors}
    assert office.all(tables.Unit) == []


def test_a_row_that_is_wrong_in_one_cell_is_still_known_to_others(office: Office) -> None:
    rows = changed(sample("projects.xlsx"), TOTAL, {3: "x"})
    others = [path for path in CLEAN.iterdir() if path.name != "projects.xlsx"]
    report = office.imports(*others, write_xlsx(office.folder / "projects.xlsx", rows))
    assert [(e.row, e.code) for e in report.errors] == [(3, ProblemCode.NOT_AN_AMOUNT)]


def test_a_missing_column_and_a_repeated_one_are_errors(office: Office) -> None:
    rows = [[*row, row[1]] for row in sample("units.xlsx")]
    rows[0][3] = "หมายเหตุ"
    report = office.imports_rows(*rows)
    assert {(e.code, e.row, e.column) for e in report.errors} == {
        (ProblemCode.MISSING_COLUMN, 1, "ระดับ"),
        (ProblemCode.REPEATED_COLUMN, 1, "ชื่อหน่วยงาน"),
    }


def test_a_table_of_something_else_is_refused(office: Office) -> None:
    assert [e.code for e in office.imports_rows(["ก", "ข"], [1, 2]).errors] == [ProblemCode.UNKNOWN_HEADER]


def test_history_is_taken_as_it_stands_with_warnings(office: Office) -> None:
    rows = sample("reports.xlsx")
    rows = changed(rows, "วันที่ส่ง", {2: "1 เม.ย. 2566"})
    rows = changed(rows, "ผลผลิต", {5: None})
    rows = changed(rows, "ลำดับที่รออนุมัติ", {5: 5})
    rows = changed(rows, "ไตรมาส", {6: 4})
    rows = changed(rows, "ปีงบประมาณ", {6: 2565})
    others = [path for path in CLEAN.iterdir() if path.name != "reports.xlsx"]
    report = office.imports(*others, write_xlsx(office.folder / "reports.xlsx", rows))
    assert report.errors == []
    assert {(w.code, w.row) for w in report.warnings} >= {
        (ProblemCode.OUTSIDE_WINDOW, 2),
        (ProblemCode.INCOMPLETE_REPORT, 5),
        (ProblemCode.NO_SUCH_STEP, 5),
        (ProblemCode.NO_OBLIGATION, 6),
    }
    assert len(office.all(tables.QuarterReport)) == 31


def test_a_wrong_total_is_a_warning(office: Office) -> None:
    office.imports_sample("units.xlsx")
    report = office.imports_rows(*changed(sample("projects.xlsx"), Q1, {3: 1, 2: 1}))
    assert [(w.code, w.row) for w in report.warnings] == [
        (ProblemCode.PLAN_TOTAL_DIFFERS, 3)
    ]  # row 2 goes on for years


def test_no_control_character_reaches_the_database(office: Office) -> None:
    header, *others = sample("units.xlsx")
    rows = [text_row(number, [str(cell or "-") for cell in row]) for number, row in enumerate([header, *others], 1)]
    name = str(others[0][header.index("ชื่อหน่วยงาน")])
    rows[1] = rows[1].replace(name, f"{name}_x0000__x0007_\u202e\u009b")
    report = office.imports(write_parts(office.folder / "units.xlsx", raw_parts(sheet_xml(rows))))
    assert report.errors == []
    assert office.all(tables.Unit)[0].name == name


def test_a_cell_of_control_characters_alone_is_blank_and_an_error_does_not_show_them(office: Office) -> None:
    header = sample("units.xlsx")[0]
    texts = {"รหัสหน่วยงาน": "รง", "ชื่อหน่วยงาน": "_x0000__x001B_", "ระดับ": "_x001B_[2Jก"}
    rows = [text_row(1, header), text_row(2, [texts.get(column, "-") for column in header])]
    report = office.imports(write_parts(office.folder / "units.xlsx", raw_parts(sheet_xml(rows))))
    assert {(e.row, e.column, e.code, e.value) for e in report.errors} == {
        (2, "ชื่อหน่วยงาน", ProblemCode.BLANK, ""),
        (2, "ระดับ", ProblemCode.NOT_A_CHOICE, "[2Jก"),
    }


HOSTILE_CELLS: dict[str, tuple[str, ProblemCode]] = {
    START: ("ก" + "." * 30_000 + "x", ProblemCode.NOT_A_MONTH),
    END: ("ก" + " " * 30_000 + "x", ProblemCode.NOT_A_MONTH),
    TOTAL: ("(" * 30_000, ProblemCode.NOT_AN_AMOUNT),
    CODE: ("รง " + "0" * 30_000, ProblemCode.NOT_A_PROJECT_CODE),
    DIVISION: ("ก" * 30_000, ProblemCode.TOO_LONG),
    AREA: ("1" * 5_000, ProblemCode.NOT_A_NUMBER),
    ISSUE: ("²", ProblemCode.NOT_A_NUMBER),
    YEAR: ("๒" * 5_000, ProblemCode.NOT_A_YEAR),
}


def test_hostile_cells_are_named_like_any_other_fault(office: Office) -> None:
    rows = sample("projects.xlsx")
    for column, (value, _) in HOSTILE_CELLS.items():
        rows = changed(rows, column, {2: value})
    report = office.imports(CLEAN / "units.xlsx", write_xlsx(office.folder / "hostile.xlsx", rows))
    assert {(e.row, e.column): e.code for e in report.errors} == {
        (2, column): code for column, (_, code) in HOSTILE_CELLS.items()
    }
    assert max(len(error.value) for error in report.errors) == 201  # the cell's beginning and an ellipsis


def test_a_pipe_in_a_folder_is_named_and_not_waited_for(office: Office) -> None:
    os.mkfifo(office.folder / "units.csv")
    report = office.imports(office.folder)
    assert [(e.code, e.file) for e in report.errors] == [(ProblemCode.NO_SUCH_PATH, str(office.folder / "units.csv"))]


def big_archive(path: Path, member: str, megabytes: int) -> Path:
    """Write a workbook with one part of zeros or spaces, which pack a thousandfold."""
    parts = raw_parts(sheet_xml([text_row(1, ["a"])]))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name != member:
                archive.writestr(name, content)
        with archive.open(member, "w", force_zip64=False) as part:
            for _ in range(megabytes):
                part.write(b" " * 1024**2)
    return path


def zip_bomb(folder: Path) -> Path:
    return big_archive(folder / "bomb.xlsx", "xl/worksheets/sheet1.xml", 400)


def lying_zip_bomb(folder: Path) -> Path:
    path = big_archive(folder / "lies.xlsx", "xl/sharedStrings.xml", 400)
    data = bytearray(path.read_bytes())
    name = b"xl/sharedStrings.xml"
    for at in (data.find(name) - 30 + 22, data.rfind(name) - 46 + 24):
        data[at : at + 4] = (5000).to_bytes(4, "little")
    path.write_bytes(data)
    return path


def huge_file(folder: Path) -> Path:
    path = folder / "huge.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(200 * 1024**2)
    return path


def huge_text(folder: Path) -> Path:
    path = folder / "huge.csv"
    with path.open("wb") as file:
        for _ in range(200):
            file.write(b"a,b\n" * (1024**2 // 4))
    return path


def macro_workbook(folder: Path) -> Path:
    return write_parts(folder / "macro.xlsm", raw_parts(sheet_xml([])) | {"xl/vbaProject.bin": b"\x00" * 100})


def renamed_picture(folder: Path) -> Path:
    path = folder / "picture.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02\xff" * 100_000)
    return path


def many_parts(folder: Path) -> Path:
    path = folder / "parts.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"x{number}", b"")
    return path


def far_cells(folder: Path) -> Path:
    rows = ['<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>']
    return write_parts(folder / "far.xlsx", raw_parts(sheet_xml(rows)))


CHILD = """
import json, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
from storage.imports.problems import Refused
from storage.imports.sheets import open_sheets
started = time.monotonic()
try:
    count = sum(1 for sheet in open_sheets(Path(sys.argv[1]), []) for _ in sheet.rows)
    outcome = f"read {count}"
except Refused as refused:
    outcome = refused.code
print(json.dumps([outcome, time.monotonic() - started]))
"""


@pytest.mark.parametrize(
    ("make", "code"),
    (
        (zip_bomb, ProblemCode.UNPACKS_TOO_LARGE),
        (lying_zip_bomb, ProblemCode.DAMAGED),
        (huge_file, ProblemCode.FILE_TOO_LARGE),
        (huge_text, ProblemCode.FILE_TOO_LARGE),
        (macro_workbook, ProblemCode.HAS_MACROS),
        (renamed_picture, ProblemCode.NOT_A_SPREADSHEET),
        (many_parts, ProblemCode.UNPACKS_TOO_LARGE),
        (far_cells, ProblemCode.TOO_MANY_CELLS),
    ),
)
def test_a_hostile_file_is_refused_quickly_and_within_memory(tmp_path: Path, make: Any, code: ProblemCode) -> None:
    path = make(tmp_path)
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(MEMORY_LIMIT)], capture_output=True, text=True, check=True
    )
    outcome, seconds = json.loads(child.stdout)
    assert outcome == code
    assert seconds < 10
