"""What imports and exports say: every problem of a file with its cure, reports, and the commands' help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from messages_th.formats import short_date
from messages_th.words import word

IMPORT_HELP = "นำเข้าไฟล์ .xlsx หรือ .csv หรือทั้งโฟลเดอร์ หากมีข้อผิดพลาดแม้แต่ข้อเดียวจะไม่บันทึกสิ่งใด และแสดงข้อผิดพลาดทั้งหมด"
EXPORT_HELP = "ส่งออกรายการเป็นไฟล์ .xlsx"
AUDIT_HELP = "บันทึกการดำเนินการทั้งหมด: ผู้ใด ทำแทนผู้ใด เรื่องใด เมื่อใด จากเดิมเป็นอย่างไร ผ่านช่องทางใด"
UNREPORTED_HELP = "โครงการที่ยังไม่รายงานหรือรายงานยังไม่ผ่านการอนุมัติ ของไตรมาสที่อยู่ในรอบรายงาน"
OPTION: Mapping[str, str] = {
    "dry_run": "ตรวจสอบและแสดงผลเท่านั้น ไม่บันทึก",
    "out": "ไฟล์ .xlsx ที่จะเขียน",
    "unit": "เฉพาะหน่วยงานรหัสนี้และหน่วยงานในสังกัด",
    "fiscal_year": "ปีงบประมาณ พ.ศ. (ใช้คู่กับ --quarter)",
    "quarter": "ไตรมาสของปีงบประมาณ 1–4 (ใช้คู่กับ --fiscal-year)",
    "from": "ตั้งแต่วันที่ (ค.ศ. เช่น 2023-03-20)",
    "to": "ถึงวันที่ (ค.ศ. เช่น 2023-03-31)",
    "project": "เฉพาะเรื่องของโครงการรหัสนี้",
    "person": "เฉพาะที่บุคคลรหัสนี้เป็นผู้ดำเนินการ มีผู้ดำเนินการแทน หรือเป็นเรื่องของบุคคลนี้",
}
ENDS_BEFORE_START = "--to ต้องไม่ก่อน --from"
OUT_IS_XLSX = "--out ต้องเป็นชื่อไฟล์ .xlsx"
QUARTER_NEEDS_YEAR = "ต้องระบุ --fiscal-year และ --quarter คู่กัน"

KINDS: Mapping[str, str] = {
    "units": "หน่วยงาน",
    "people": "บุคคล",
    "routes": "เส้นทางอนุมัติ",
    "projects": "โครงการ",
    "activities": "กิจกรรม",
    "links": "ความเชื่อมโยงกับแผน",
    "funding": "แหล่งเงิน",
    "spending": "แผนการใช้จ่าย",
    "duties": "ภารกิจระดับหน่วยงาน",
    "reports": "รายงานไตรมาส",
    "calendar": "ปฏิทินการรายงาน",
    "holidays": "วันหยุด",
}

PROBLEMS: Mapping[str, str] = {
    # The file
    "no_such_path": "ไม่พบไฟล์หรือโฟลเดอร์นี้ หรือเปิดอ่านไม่ได้",
    "nothing_to_read": "ไม่มีไฟล์ .xlsx หรือ .csv ในโฟลเดอร์นี้",
    "file_empty": "เป็นไฟล์ว่าง",
    "file_too_large": "ไฟล์ใหญ่เกิน {limit} MB โปรดแบ่งเป็นหลายไฟล์",
    "not_a_spreadsheet": "ไม่ใช่ไฟล์ตารางคำนวณ โปรดใช้ .xlsx หรือ .csv",
    "old_excel": "เป็นไฟล์ Excel รุ่นเก่า (.xls) โปรดเปิดใน Excel แล้วบันทึกเป็น .xlsx",
    "encrypted": "ไฟล์มีรหัสผ่าน โปรดถอดรหัสผ่านแล้วบันทึกใหม่",
    "has_macros": "ไฟล์มีมาโคร โปรดบันทึกเป็น .xlsx ที่ไม่มีมาโคร",
    "binary_workbook": "เป็นไฟล์ .xlsb โปรดเปิดใน Excel แล้วบันทึกเป็น .xlsx",
    "damaged": "ไฟล์เสียหายหรือมีโครงสร้างผิดปกติ โปรดเปิดใน Excel แล้วบันทึกใหม่",
    "unpacks_too_large": "เนื้อหาในไฟล์เมื่อคลายแล้วใหญ่เกิน {limit} MB หรือมีโครงสร้างผิดปกติ โปรดแบ่งเป็นหลายไฟล์",
    "too_many_cells": "ตารางกินพื้นที่เกิน {limit} ช่อง โปรดลบแถวและคอลัมน์ที่ไม่ใช้ หรือแบ่งเป็นหลายไฟล์",
    "unknown_encoding": "อ่านตัวอักษรในไฟล์ไม่ได้ โปรดบันทึกเป็น CSV UTF-8",
    "bad_csv": "เครื่องหมายคำพูดไม่ครบคู่หรืออยู่ผิดที่ โปรดบันทึกใหม่จาก Excel",
    # Its header row
    "unknown_header": "ไม่พบแถวหัวตารางที่รู้จัก โปรดดูชื่อคอลัมน์ของไฟล์แต่ละชนิดใน docs/th/files.md",
    "missing_column": "ไม่มีคอลัมน์นี้ โปรดเพิ่มในแถวหัวตาราง",
    "repeated_column": "มีคอลัมน์นี้มากกว่าหนึ่งคอลัมน์ โปรดเหลือไว้คอลัมน์เดียว",
    # A cell
    "error_cell": "เป็นค่าผิดพลาดของสูตร โปรดแก้สูตรหรือพิมพ์ค่าแทน",
    "formula_without_value": "เป็นสูตรที่ยังไม่มีผลคำนวณ โปรดเปิดไฟล์ใน Excel แล้วบันทึก หรือพิมพ์ค่าแทน",
    "blank": "ต้องไม่เว้นว่าง",
    "not_a_date": "ไม่ใช่วันที่ ตัวอย่างที่ใช้ได้: 20 มี.ค. 2566, 20/03/2566",
    "not_a_month": "ไม่ใช่เดือน ตัวอย่างที่ใช้ได้: ตุลาคม 2565, ต.ค. 65, 10/2565",
    "not_a_year": "ไม่ใช่ปี ตัวอย่างที่ใช้ได้: 2566",
    "not_a_number": "ไม่ใช่จำนวนเต็ม",
    "out_of_range": "ต้องอยู่ระหว่าง {lowest} ถึง {highest}",
    "not_an_amount": "ไม่ใช่จำนวนเงินเป็นบาท ตัวอย่างที่ใช้ได้: 1,250,000.00 (ไม่ใส่หน่วยล้านบาทหรือพันบาท)",
    "too_many_decimals": "จำนวนเงินมีทศนิยมเกินสองตำแหน่ง",
    "amount_too_large": "จำนวนเงินสูงเกินกว่าที่เป็นไปได้ โปรดตรวจหน่วยเงิน",
    "negative_amount": "จำนวนเงินต้องไม่ติดลบ",
    "not_a_choice": "ไม่ใช่ค่าที่รู้จัก ใช้ได้เฉพาะ {choices}",
    "not_a_project_code": "ไม่ใช่รหัสโครงการ ตัวอย่างที่ใช้ได้: รง 0402-66-0003",
    "too_long": "ยาวเกิน {limit} ตัวอักษร",
    # A row among others
    "unknown_unit": "ไม่มีหน่วยงานรหัสนี้ทั้งในระบบและในไฟล์ที่นำเข้า",
    "unknown_person": "ไม่มีบุคคลรหัสนี้ทั้งในระบบและในไฟล์ที่นำเข้า",
    "unknown_project": "ไม่มีโครงการรหัสนี้ทั้งในระบบและในไฟล์ที่นำเข้า",
    "end_before_start": "วันสิ้นสุดมาก่อนวันเริ่มต้น",
    "duplicate": "ซ้ำกับ {other_file} แถว {other_row}",
    "parent_cycle": "สังกัดวนกลับมาที่หน่วยงานเดิม",
    "conflicting_name": "บุคคลรหัสเดียวกันแต่ชื่อไม่ตรงกัน ({other_file} แถว {other_row} คือ {name})",
    "conflicting_stage": "ลำดับเดียวกันต้องอยู่ขั้นเดียวกัน (ดู {other_file} แถว {other_row})",
    "quarter_needed": "ต้องระบุไตรมาสหรือรอบ: รายงานไตรมาสใช้ 1 ถึง 4 นำเข้าโครงการระหว่างปีใช้เลขรอบ",
    "quarter_unwanted": "ประเภทนี้ไม่มีไตรมาสหรือรอบ โปรดเว้นว่าง (มีเฉพาะรายงานไตรมาสและนำเข้าโครงการระหว่างปี)",
    "wrong_scope_level": "ขอบเขตไม่ตรงกับระดับของหน่วยงาน {unit}",
    "not_an_agency": "เป็นหน่วยงานระดับ{level} แต่ภารกิจนี้เป็นของกรม จึงจะไม่มีผู้ได้รับการแจ้งเตือน โปรดใช้รหัสของกรมต้นสังกัด",
    # Warnings
    "file_ignored": "ไม่ใช่ .xlsx หรือ .csv จึงไม่ได้อ่าน",
    "sheet_ignored": "ไม่พบแถวหัวตารางที่รู้จักในแผ่นงานนี้ จึงไม่ได้อ่าน",
    "unknown_column": "ไม่รู้จักคอลัมน์นี้ จึงไม่ได้อ่าน",
    "plan_total_differs": "ไม่ตรงกับแผนใช้จ่ายสี่ไตรมาสที่รวมได้ {planned}",
    "unit_outside_agency": "หน่วยงาน {unit} ไม่ได้อยู่ในสังกัดนี้",
    "approver_without_role": "บุคคลนี้ไม่มีบทบาทผู้อนุมัติ จึงจะไม่ได้รับการแจ้งเตือนและอนุมัติไม่ได้",
    "route_step_removed": "ถอดออกจากเส้นทางอนุมัติของ {unit} ลำดับที่ {order} เพราะไฟล์ไม่มีแล้ว",
    "no_such_step": "เส้นทางอนุมัติของ {unit} ไม่มีลำดับนี้ (ลำดับสุดท้ายคือ {last})",
    "no_obligation": "โครงการนี้ไม่ต้องรายงานไตรมาสนี้ จึงไม่นับ",
    "incomplete_report": "รายงานไม่ครบถ้วน ขาด {columns}",
    "outside_window": "ส่งนอกช่วงเวลาที่กำหนด",
    "not_mirrored": "รายงานยังไม่อนุมัติ หรือเป็นวันที่ยังมาไม่ถึง หรือก่อนวันที่อนุมัติครบทุกลำดับ จึงไม่บันทึกวันนี้",
    "kept_from_bot": "ต่างจากข้อมูลที่ส่งหรือพิจารณาผ่านบอตแล้ว ({kept}) จึงไม่เปลี่ยนแปลง",
}


def shown(value: Any) -> str:
    """Return a value as people write it: a day, an amount of baht, an official word, or the text itself."""
    match value:
        case None:
            return ""
        case StrEnum():
            return word(value)
        case date():
            return short_date(value)
        case Decimal():
            return f"{value:,.2f}"
        case bool():
            return "ใช้งบประมาณ" if value else "ไม่ใช้งบประมาณ"
        case _:
            return str(value)


def problem_text(code: str, params: Mapping[str, Any]) -> str:
    """Return what is wrong and how to put it right."""
    return PROBLEMS[code].format(**{name: shown(value) for name, value in params.items()})


def problem_line(file: str, row: int | None, column: str | None, value: str, text: str) -> str:
    """Return one line that names the cell, as in «projects.xlsx แถว 12 คอลัมน์ "ปีงบประมาณ": "abc" ไม่ใช่ปี»."""
    place = file
    if row is not None:
        place += f" แถว {row}"
    if column is not None:
        place += f' คอลัมน์ "{column}"'
    return f'{place}: "{value}" {text}' if value else f"{place}: {text}"


def file_line(file: str, kind: str, added: int, updated: int, unchanged: int) -> str:
    """Return what became of the rows of one file."""
    return f"{file} ({KINDS[kind]}): เพิ่ม {added:,} ปรับปรุง {updated:,} คงเดิม {unchanged:,}"


def rerouted(total: int, redirected: int, unheld: int) -> str:
    """Return how much of what waits for approval changed hands, went to another unit or step, or is held by nobody."""
    parts = [f"เรื่องที่รออนุมัติเปลี่ยนผู้พิจารณา {total:,} เรื่อง"]
    if redirected:
        parts.append(f"ย้ายหน่วยงานหรือลำดับ {redirected:,} เรื่อง")
    parts.append(f"ยังไม่มีผู้พิจารณา {unheld:,} เรื่อง" if unheld else "ทุกเรื่องมีผู้พิจารณา")
    return " ".join(parts)


ERRORS_HEADING = "ข้อผิดพลาด"
WARNINGS_HEADING = "ข้อสังเกต"


def refused(errors: int) -> str:
    """Return that nothing was written because of so many errors."""
    return f"พบข้อผิดพลาด {errors:,} ข้อ จึงไม่ได้บันทึกสิ่งใด โปรดแก้ไขแล้วนำเข้าใหม่"


IMPORTED = "นำเข้าเรียบร้อย"
DRY_RUN = "ตรวจสอบแล้ว ไม่พบข้อผิดพลาด (ยังไม่ได้บันทึก)"
STEPS: Mapping[str, str] = {"read": "อ่าน {what}", "write": "บันทึก"}

UNREPORTED_TITLE = "ยังไม่รายงาน"
UNREPORTED_HEADERS = (
    "รหัสโครงการ",
    "ชื่อโครงการ/การดำเนินงาน",
    "กรม",
    "หน่วยงาน",
    "ไตรมาส",
    "สถานะ",
    "ล่าช้าที่",
    "ผู้ที่ต้องดำเนินการ",
    "ตั้งแต่วันที่",
    "เหตุผลที่ล่าช้า",
)


OVERDUE_AT: Mapping[str, str] = {"AGENCY": "หน่วยงาน", "UPPER": "กระทรวง"}


def waiting_at(state: str, step: int) -> str:
    """Return the state of a report that waits at a step."""
    return f"{state} ลำดับที่ {step}"


def exported(rows: int, file: str) -> str:
    """Return how many rows a spreadsheet got."""
    return f"เขียน {rows:,} รายการลงใน {file} แล้ว" if rows else f"ไม่มีรายการ (เขียนแถวหัวตารางลงใน {file} แล้ว)"


def unknown_unit(code: str) -> str:
    """Return that no unit has this code."""
    return f"ไม่มีหน่วยงานรหัส {code}"


def unknown_project(code: str) -> str:
    """Return that no project has this code."""
    return f"ไม่มีโครงการรหัส {code}"


def cannot_write(file: str) -> str:
    """Return that a file cannot be written."""
    return f"เขียนไฟล์ {file} ไม่ได้ โปรดตรวจสอบโฟลเดอร์และปิดไฟล์หากเปิดอยู่"
