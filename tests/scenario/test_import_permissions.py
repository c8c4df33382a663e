"""Who may decide what until when: periods of roles, and the audit trail of every change that an import makes."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from domain.roles import Role
from storage import tables
from storage.imports import importing
from storage.imports.content import Content, read_content
from storage.imports.problems import ProblemCode
from storage.tables.messaging import AuditAction, AuditEntry
from tests.importing import REAL_NOW, Office, office, sample, totals
from tests.spreadsheets import CLEAN, changed

__all__ = ["office"]

PEOPLE = ["รหัสบุคคล", "ชื่อ-สกุล", "ตำแหน่ง", "รหัสหน่วยงาน", "วันที่เริ่ม", "วันที่สิ้นสุด", "รักษาการแทน", "บทบาท"]
ROUTE = ["รหัสหน่วยงาน", "ลำดับ", "ขั้น", "ผู้อนุมัติ"]
FIRST, SECOND = ("1 ต.ค. 2560", "30 ก.ย. 2562"), ("1 ต.ค. 2565", None)
FIRST_DAYS, SECOND_DAYS = (date(2017, 10, 1), date(2019, 9, 30)), (date(2022, 10, 1), None)


def approver(begins: str | None, ends: str | None) -> Sequence[Any]:
    return ["P1", "นางก", "อธิบดี", "รง02", begins, ends, None, "ผู้อนุมัติ"]


def periods(office: Office) -> list[tuple[date | None, date | None]]:
    return [(r.valid_from, r.valid_to) for r in office.all(tables.RoleAssignment)]


def trail(office: Office, after: int = 0) -> list[AuditEntry]:
    """Return what the audit trail says beside that files were imported, after so many entries."""
    return [e for e in office.all(AuditEntry)[after:] if e.action is not AuditAction.IMPORT_RUN]


def test_one_post_may_be_held_for_two_periods(office: Office) -> None:
    office.imports_sample("units.xlsx")
    rows: list[Sequence[Any]] = [PEOPLE, approver(*FIRST), approver(*SECOND)]
    assert totals(office.imports_rows(*rows)) == (2, 0, 0)
    assert periods(office) == [FIRST_DAYS, SECOND_DAYS]
    assert totals(office.imports_rows(*rows)) == (0, 0, 2)
    report = office.imports_rows(*rows, approver(FIRST[0], None))
    assert [(e.row, e.code) for e in report.errors] == [(4, ProblemCode.DUPLICATE)]


@pytest.mark.parametrize(
    ("stored", "imported", "left"),
    (
        ([(None, None)], [SECOND], [SECOND_DAYS]),
        ([(None, None)], [FIRST, SECOND], [FIRST_DAYS, SECOND_DAYS]),
        ([FIRST, SECOND], [(None, None)], [(None, None)]),
        ([FIRST], [SECOND], [FIRST_DAYS, SECOND_DAYS]),
        ([SECOND], [(SECOND[0], "31 ต.ค. 2565")], [(date(2022, 10, 1), date(2022, 10, 31))]),
    ),
)
def test_a_period_takes_the_place_of_those_that_it_overlaps_so_that_nobody_keeps_an_old_right(
    office: Office, stored: list[Any], imported: list[Any], left: list[Any]
) -> None:
    office.imports_sample("units.xlsx")
    office.imports_rows(PEOPLE, *(approver(*days) for days in stored))
    office.imports_rows(PEOPLE, *(approver(*days) for days in imported))
    assert sorted(periods(office), key=lambda days: days[0] or date.min) == left


def test_a_file_without_days_leaves_the_periods_as_they_are(office: Office) -> None:
    office.imports_sample("units.xlsx")
    office.imports_rows(PEOPLE, approver(*FIRST), approver(*SECOND))
    columns = [0, 1, 2, 3, 7]
    rows = [[row[at] for at in columns] for row in (PEOPLE, approver(None, None))]
    assert totals(office.imports_rows(*rows)) == (0, 0, 1)
    rows[1][2] = "รองปลัดกระทรวง"
    assert totals(office.imports_rows(*rows)) == (0, 1, 0)
    assert [(r.position, r.valid_from) for r in office.all(tables.RoleAssignment)] == [
        ("อธิบดี", FIRST_DAYS[0]), ("รองปลัดกระทรวง", SECOND_DAYS[0]),
    ]  # fmt: skip


def test_every_change_of_a_role_is_audited(office: Office) -> None:
    office.imports_sample("units.xlsx")
    office.imports_rows(PEOPLE, approver(None, None))
    office.imports_rows(PEOPLE, approver(*SECOND))
    office.imports_rows(PEOPLE, approver(*SECOND))
    open_ended = {"position": "อธิบดี", "valid_from": None, "valid_to": None, "acting_for": None}
    dated = open_ended | {"valid_from": "2022-10-01"}
    assert [(e.action, e.subject, e.before, e.after, e.at) for e in trail(office)] == [
        (AuditAction.ROLE_GRANT, "role:P1:รง02:approver", None, open_ended, REAL_NOW),
        (AuditAction.ROLE_CHANGE, "role:P1:รง02:approver", open_ended, dated, REAL_NOW),
    ]
    office.imports_rows(PEOPLE, approver(*FIRST))
    office.imports_rows(PEOPLE, approver(None, None))
    assert sorted(e.action for e in trail(office)[2:]) == [
        AuditAction.ROLE_CHANGE, AuditAction.ROLE_GRANT, AuditAction.ROLE_REVOKE,
    ]  # fmt: skip


def test_a_first_import_audits_every_role_and_step(office: Office) -> None:
    office.imports_sample("units.xlsx", "people.xlsx", "routes.xlsx")
    actions = [entry.action for entry in trail(office)]
    assert actions.count(AuditAction.ROLE_GRANT) == len(office.all(tables.RoleAssignment))
    assert actions.count(AuditAction.ROUTE_ADD) == len(office.all(tables.RouteStep)) == 75
    people = {person.code for person in office.all(tables.Person) if person.code}
    assert {entry.subject.split(":")[1] for entry in trail(office) if entry.subject.startswith("role:")} == people


def test_steps_that_come_and_go_are_audited(office: Office) -> None:
    office.imports_sample("units.xlsx", "people.xlsx", "routes.xlsx")
    seen = len(office.all(AuditEntry))
    office.imports_rows(ROUTE, ["รง0201", 1, "หน่วยงาน", "P00010"], ["รง0201", 2, "กระทรวง", "P00006"])
    found = {(e.action, e.subject, str(e.before), str(e.after)) for e in trail(office, seen)}
    upper, agency = ({"stage": stage, "approver": "P00006"} for stage in ("UPPER", "AGENCY"))
    assert (AuditAction.ROUTE_ADD, "route:รง0201:2:P00006", "None", str(upper)) in found
    assert {(action, subject) for action, subject, _, _ in found} == {
        (AuditAction.ROUTE_ADD, "route:รง0201:2:P00006"), (AuditAction.ROUTE_REMOVE, "route:รง0201:2:P00007"),
        (AuditAction.ROUTE_REMOVE, "route:รง0201:3:P00006"), (AuditAction.ROUTE_REMOVE, "route:รง0201:4:P00005"),
    }  # fmt: skip
    seen = len(office.all(AuditEntry))
    office.imports_rows(ROUTE, ["รง0201", 1, "หน่วยงาน", "P00010"], ["รง0201", 2, "หน่วยงาน", "P00006"])
    assert [(e.action, e.before, e.after) for e in trail(office, seen)] == [(AuditAction.ROUTE_CHANGE, upper, agency)]


def test_a_letter_and_its_correction_are_audited(office: Office) -> None:
    office.imports_sample("units.xlsx", "people.xlsx")
    seen, rows = len(office.all(AuditEntry)), sample("calendar.xlsx")
    office.imports_sample("calendar.xlsx")
    entries = trail(office, seen)
    assert [(e.action, e.before) for e in entries] == [(AuditAction.CALENDAR_CHANGE, None)] * (len(rows) - 1)
    seen = len(office.all(AuditEntry))
    office.imports_rows(*changed(rows, "วันปิด", {4: "24 มี.ค. 2566"}))
    (entry,) = trail(office, seen)
    assert entry.action is AuditAction.CALENDAR_CHANGE
    assert {**(entry.before or {}), "closes_on": "2023-03-24"} == entry.after != entry.before
    (first,) = (e for e in entries if e.subject == entry.subject and e.after == entry.before)
    assert entry.subject.startswith("calendar:quarter_report:2566:1:")
    assert first.after == entry.before


def test_a_refused_import_and_a_dry_run_leave_no_trail(office: Office) -> None:
    office.imports(CLEAN, dry_run=True)
    assert office.all(AuditEntry) == []


def meanwhile(monkeypatch: pytest.MonkeyPatch, office: Office, act: Callable[[Office], None]) -> list[bool]:
    """Let ``act`` happen after the files of the next import are read; return where to see that it did."""
    done: list[bool] = []

    def read_and_act(*arguments: Any) -> Content:
        content = read_content(*arguments)
        if not done:
            done.append(True)
            act(office)
        return content

    monkeypatch.setattr(importing, "read_content", read_and_act)
    return done


def test_others_may_write_while_files_are_read_and_what_they_changed_is_seen(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.imports_sample("units.xlsx", "projects.xlsx")
    code = sample("projects.xlsx")[1][0]
    name = office.project(code).name

    def rename(office: Office) -> None:
        with office.database.write() as session:
            row = tables.Project
            session.execute(update(row).where(row.code == code).values(name="ชื่ออื่น", import_mark="another"))

    done = meanwhile(monkeypatch, office, rename)
    assert totals(office.imports_sample("projects.xlsx")) == (0, 1, 59)
    assert (done, office.project(code).name) == ([True], name)


def test_a_unit_that_came_while_files_were_read_is_known(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def import_units(office: Office) -> None:
        office.imports_sample("units.xlsx")

    meanwhile(monkeypatch, office, import_units)
    assert totals(office.imports_sample("people.xlsx")) == (46, 0, 0)
    assert {r.role for r in office.all(tables.RoleAssignment)} >= {Role.APPROVER, Role.PROJECT_OFFICER}
