"""What can be wrong between rows: unknown codes, double keys, circles, contradictions."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from domain.fiscal import first_day_of_fiscal_year
from domain.organisation import UnitLevel
from domain.roles import Role
from domain.windows import Scope, Stage
from storage import tables
from storage.imports.columns import LAYOUTS, PLAN_COLUMNS, Column, Reference
from storage.imports.intake import Intake
from storage.imports.problems import ProblemCode
from storage.imports.reading import Row
from storage.imports.vocabulary import FileKind

_UNKNOWN = {
    Reference.UNIT: ProblemCode.UNKNOWN_UNIT,
    Reference.PERSON: ProblemCode.UNKNOWN_PERSON,
    Reference.PROJECT: ProblemCode.UNKNOWN_PROJECT,
}
_SCOPE_LEVELS = {
    Scope.UNIT: frozenset(UnitLevel),
    Scope.AGENCY: frozenset({UnitLevel.AGENCY}),
    Scope.AGENCY_GROUP: frozenset({UnitLevel.GROUP}),
    Scope.MINISTRY: frozenset({UnitLevel.MINISTRY}),
}


def check_rows(intake: Intake) -> None:
    """Note everything that is wrong between the rows of the call, or between them and the database."""
    for kind in FileKind:
        _check_references(intake, kind)
        _check_duplicates(intake, kind)
    _check_units(intake)
    _check_people(intake)
    _check_routes(intake)
    _check_projects(intake)
    _check_calendar(intake)
    _check_duties(intake)


def _check_references(intake: Intake, kind: FileKind) -> None:
    columns = [column for column in LAYOUTS[kind].columns if column.refers is not None]
    for row in intake.rows[kind]:
        for column in columns if not row.is_unchanged else ():
            _check_reference(intake, row, column, row.values.get(column.name))


def _check_reference(intake: Intake, row: Row, column: Column, value: Any) -> None:
    if column.refers is None or value is None:
        return
    known = intake.known(column.refers)
    for code in value if isinstance(value, tuple) else (value,):
        if code not in known:
            intake.note(row, _UNKNOWN[column.refers], column.name, code)


def _check_duplicates(intake: Intake, kind: FileKind) -> None:
    layout = LAYOUTS[kind]
    needed = {column.name for column in layout.columns if column.filled}.intersection(layout.key)
    seen: dict[Hashable, Row] = {}
    for row in intake.rows[kind]:
        if any(row.values.get(name) is None for name in needed):
            continue
        for key in _keys(row, kind):
            first = seen.setdefault(key, row)
            if first is not row:
                shown = " / ".join(str(part) for part in key if part is not None)
                intake.note(
                    row,
                    ProblemCode.DUPLICATE,
                    layout.key[0],
                    shown,
                    other_file=first.place.file,
                    other_row=first.number,
                )


def _keys(row: Row, kind: FileKind) -> list[tuple[Any, ...]]:
    key = row.key(LAYOUTS[kind].key)
    if kind is FileKind.PEOPLE:
        person, unit, roles, acting_for, valid_from = key
        return [(person, unit, role, acting_for, valid_from) for role in roles]
    return [key]


def _check_units(intake: Intake) -> None:
    for row in intake.rows[FileKind.UNITS]:
        code = row.values["code"]
        if code is not None and intake.ancestry(code)[1:].count(code):
            intake.note(row, ProblemCode.PARENT_CYCLE, "parent", row.values["parent"])


def _check_people(intake: Intake) -> None:
    """Rows of one person agree on the name; it may be left out where another row or the database has it."""
    rows = intake.rows[FileKind.PEOPLE]
    if not rows:
        return
    stored = set(intake.session.scalars(select(tables.Person.code)))
    first: dict[str, Row] = {}
    for row in rows:
        code, name = row.values["code"], row.values.get("full_name")
        if code is None or name is None:
            continue
        known = first.setdefault(code, row)
        if known.values["full_name"] != name:
            intake.note(
                row, ProblemCode.CONFLICTING_NAME, "full_name", name, name=known.values["full_name"],
                other_file=known.place.file, other_row=known.number,
            )  # fmt: skip
    for row in rows:
        code = row.values["code"]
        if code is not None and code not in first and code not in stored and "full_name" in row.place.headers:
            intake.note(row, ProblemCode.BLANK, "full_name", "")


def _check_routes(intake: Intake) -> None:
    rows = intake.rows[FileKind.ROUTES]
    if not rows:
        return
    approvers = _approvers(intake)
    stages: dict[tuple[str, int], Row] = {}
    for row in rows:
        unit, order, stage, approver = row.key(("unit", "order", "stage", "approver"))
        if unit is not None and order is not None and stage is not None:
            first = stages.setdefault((unit, order), row)
            if first.values["stage"] is not stage or stage is Stage.ALL:
                intake.note(
                    row, ProblemCode.CONFLICTING_STAGE, "stage", other_file=first.place.file, other_row=first.number
                )
        if approver is not None and approver in intake.known(Reference.PERSON) and approver not in approvers:
            intake.note(row, ProblemCode.APPROVER_WITHOUT_ROLE, "approver", approver)


def _approvers(intake: Intake) -> set[str]:
    assignment = tables.RoleAssignment
    query = (
        select(tables.Person.code)
        .join(assignment, assignment.person_id == tables.Person.id)
        .where(assignment.role == Role.APPROVER)
    )
    incoming = (r.values["code"] for r in intake.rows[FileKind.PEOPLE] if Role.APPROVER in (r.values["roles"] or ()))
    return set(intake.session.scalars(query)).union(incoming)


def _check_projects(intake: Intake) -> None:
    for row in intake.rows[FileKind.PROJECTS]:
        if row.is_unchanged:
            continue
        unit, agency, ministry = row.key(("unit", "agency", "ministry"))
        if unit is None and agency is None and ministry is None and "unit" in row.place.headers:
            intake.note(row, ProblemCode.BLANK, "unit", "")
        chain = intake.ancestry(unit) if unit in intake.units else []
        for column, code in (("agency", agency), ("ministry", ministry)):
            if chain and code in intake.units and code not in chain:
                intake.note(row, ProblemCode.UNIT_OUTSIDE_AGENCY, column, code, unit=unit)
        _check_plan_total(intake, row)


def _check_plan_total(intake: Intake, row: Row) -> None:
    """The plan of the fiscal year adds up to the budget, or stays under it where the project goes on for years."""
    plan = row.key(PLAN_COLUMNS)
    total, year, end = row.key(("budget_total", "fiscal_year", "end_month"))
    if total is None or year is None or end is None or any(part is None for part in plan):
        return
    planned: Decimal = sum(plan, Decimal(0))
    is_multi_year = end >= first_day_of_fiscal_year(year + 1)
    if planned > total or (planned < total and not is_multi_year):
        intake.note(row, ProblemCode.PLAN_TOTAL_DIFFERS, "budget_total", total, planned=planned)


def _check_calendar(intake: Intake) -> None:
    for row in intake.rows[FileKind.CALENDAR]:
        scope, unit = row.key(("scope", "unit"))
        if scope is None or unit is None:
            continue
        facts = intake.units.get(unit)
        if scope is Scope.NATIONAL or (facts and facts.level and facts.level not in _SCOPE_LEVELS[scope]):
            intake.note(row, ProblemCode.WRONG_SCOPE_LEVEL, "scope", unit=unit)


def _check_duties(intake: Intake) -> None:
    """Only an agency owes duties: nobody would be reminded of those of a unit below or above it."""
    for row in intake.rows[FileKind.DUTIES]:
        unit = row.values["unit"]
        facts = intake.units.get(unit)
        if facts and facts.level and facts.level is not UnitLevel.AGENCY:
            intake.note(row, ProblemCode.NOT_AN_AGENCY, "unit", unit, level=facts.level)
