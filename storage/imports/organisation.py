"""Writes units and approval routes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from storage import tables
from storage.imports.columns import Reference
from storage.imports.intake import Ids, Intake, given
from storage.imports.problems import ProblemCode
from storage.imports.reading import Row
from storage.imports.store import CHUNK, Outcome, Record, chunks, insert_rows, strongest, table_of, upsert


def write_units(intake: Intake, rows: Sequence[Row]) -> None:
    """Write units first and who belongs to whom afterwards, so that the order of rows does not matter."""
    before = intake.ids_of(Reference.UNIT, (row.values["code"] for row in rows))
    new = [row for row in rows if row.values["code"] not in before]
    insert_rows(
        intake.session, tables.Unit, [{name: row.values[name] for name in ("code", "name", "level")} for row in new]
    )
    ids = intake.ids(Reference.UNIT)
    outcomes = upsert(intake.session, tables.Unit, ("code",), [_unit(row, ids) for row in rows])
    for row, outcome in zip(rows, outcomes, strict=True):
        members_outcome = _write_members(intake, row, ids)
        is_new = row.values["code"] not in before
        intake.report.count(row, Outcome.ADDED if is_new else strongest([outcome, members_outcome]))


def _unit(row: Row, ids: Ids) -> Record:
    record = given(row, ("code", "name", "level", "year_basis")) | given(row, ("short_name",), blank="")
    for column, name in (("parent", "parent_id"), ("merged_into", "merged_into_id")):
        if column in row.values:
            record[name] = ids.get(row.values[column])
    return record


def _write_members(intake: Intake, row: Row, ids: Ids) -> Outcome:
    """Make the members of a group those of the row; a file without the column leaves them as they are."""
    if "members" not in row.values:
        return Outcome.UNCHANGED
    group, table = ids[row.values["code"]], table_of(tables.GroupMember)
    wanted = {ids[code] for code in row.values["members"] or ()}
    there = set(intake.session.scalars(select(table.c.member_id).where(table.c.group_id == group)))
    if wanted == there:
        return Outcome.UNCHANGED
    intake.session.execute(delete(table).where(table.c.group_id == group, table.c.member_id.in_(there - wanted)))
    insert_rows(
        intake.session, tables.GroupMember, [{"group_id": group, "member_id": member} for member in wanted - there]
    )
    return Outcome.UPDATED


def write_routes(intake: Intake, rows: Sequence[Row]) -> None:
    """Write routes: the rows of a unit are its whole route, so that nobody who left it keeps a right to decide."""
    units, people = intake.ids(Reference.UNIT), intake.ids(Reference.PERSON)
    codes = {number: code for code, number in people.items()}
    records = [_step(row, units, people) for row in rows]
    wanted = {(record["unit_id"], record["order"], record["approver_id"]) for record in records}
    rows_of = {record["unit_id"]: row for row, record in zip(rows, records, strict=True)}
    step = tables.RouteStep
    replaced: set[tuple[int, int]] = set()
    for chunk in chunks(rows_of, CHUNK):
        query = select(step.id, step.unit_id, step.order, step.approver_id).where(step.unit_id.in_(chunk))
        for number, unit, order, approver in intake.session.execute(query).all():
            if (unit, order, approver) not in wanted:
                replaced.add((unit, order))
                intake.session.execute(delete(step).where(step.id == number))
                intake.report.removed += 1
                intake.note(
                    rows_of[unit], ProblemCode.ROUTE_STEP_REMOVED, "approver", codes[approver],
                    order=str(order), unit=rows_of[unit].values["unit"],
                )  # fmt: skip
    outcomes = upsert(intake.session, step, ("unit_id", "order", "approver_id"), records)
    for row, record, outcome in zip(rows, records, outcomes, strict=True):
        takes_over = outcome is Outcome.ADDED and (record["unit_id"], record["order"]) in replaced
        intake.report.count(row, Outcome.UPDATED if takes_over else outcome)


def _step(row: Row, units: Ids, people: Ids) -> Record:
    return {
        "unit_id": units[row.values["unit"]],
        "order": row.values["order"],
        "stage": row.values["stage"],
        "approver_id": people[row.values["approver"]],
    }
