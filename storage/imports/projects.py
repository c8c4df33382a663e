"""Writes projects with their entry submission and the first plan of spending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from domain.fiscal import QUARTERS
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from storage import tables
from storage.imports.columns import PLAN_COLUMNS, Reference
from storage.imports.intake import Ids, Intake, given
from storage.imports.problems import ProblemCode
from storage.imports.reading import Marks, Row
from storage.imports.store import Outcome, Record, differs, fetch, insert_rows, update_rows, upsert
from storage.tables.projects import INITIAL_PLAN_DATE, WorkType
from storage.tables.submissions import Origin

_SAME = (
    "code", "name", "fiscal_year", "start_month", "end_month", "budget_total", "ns_area", "master_plan_no",
)  # fmt: skip
_TEXTS = (
    "ns_goal", "y2", "sub_plan", "y1", "programme", "gfmis_code", "owner_name", "owner_email", "owner_phone",
    "rationale", "objectives", "output_target", "outcome_target", "expected_result", "beneficiaries", "area_detail",
)  # fmt: skip
_COMPARED = (
    "id", "unit_id", "import_mark", "official_version", "uses_budget", "work_type", "execution_status", *_SAME, *_TEXTS,
)  # fmt: skip
_APPROVED = SubmissionState.APPROVED


def project_marks(session: Session) -> Marks:
    """Return the marks of imported projects by code; a project whose entry went through the bot has none."""
    project = tables.Project
    query = select(project.code, project.import_mark).where(project.id.not_in(_protected()))
    return {(code,): mark for code, mark in session.execute(query)}


def _protected() -> Any:
    """Return the query for projects whose entry or edit was sent or decided in the bot."""
    entry = tables.Submission
    kinds = (SubmissionKind.PROJECT_ENTRY, SubmissionKind.PROJECT_EDIT)
    return select(entry.project_id).where(
        entry.kind.in_(kinds), entry.origin == Origin.BOT, entry.project_id.is_not(None)
    )


def write_projects(intake: Intake, rows: Sequence[Row]) -> None:
    """Write projects that are new or changed; what went through the bot is left alone, its differences listed."""
    units = intake.ids(Reference.UNIT)
    open_rows = [row for row in rows if not row.is_unchanged]
    codes = (row.values["code"] for row in open_rows)
    there = {record["code"]: record for record in fetch(intake.session, tables.Project, _COMPARED, "code", codes)}
    entries = _entries(intake, [record["id"] for record in there.values()])  # locked before it is asked who decided
    protected = set(intake.session.scalars(_protected()))
    new: list[Row] = []
    free: list[Row] = []
    kept: list[Row] = []
    for row in open_rows:
        before = there.get(row.values["code"])
        (new if before is None else kept if before["id"] in protected else free).append(row)
    _add(intake, new, units)
    _change(intake, free, there, entries, units)
    for row in kept:
        _note_differences(intake, row, there[row.values["code"]], units)
    _note_plans(intake, kept, there)
    for row in (*kept, *(row for row in rows if row.is_unchanged)):
        intake.report.count(row, Outcome.UNCHANGED)


def _add(intake: Intake, rows: Sequence[Row], units: Ids) -> None:
    insert_rows(intake.session, tables.Project, (_new_project(row, units) for row in rows))
    ids = intake.ids(Reference.PROJECT) if rows else {}
    insert_rows(intake.session, tables.Submission, (_new_entry(row, ids[row.values["code"]], units) for row in rows))
    insert_rows(intake.session, tables.SpendingPlan, (plan for row in rows for plan in _plan(row, ids)))
    for row in rows:
        intake.recounted_units.add(_unit_id(row, units))
        intake.report.count(row, Outcome.ADDED)


def _change(
    intake: Intake, rows: Sequence[Row], there: Mapping[str, Record], entries: Mapping[int, Record], units: Ids
) -> None:
    """Bring projects, their entries and their first plans up to what the rows say."""
    ids = {code: record["id"] for code, record in there.items()}
    plans = [_plan(row, ids) for row in rows]
    of_plans = iter(
        upsert(
            intake.session,
            tables.SpendingPlan,
            ("project_id", "fiscal_year", "dated_on"),
            [p for g in plans for p in g],
        )
    )
    changed_projects, changed_entries, new_entries = [], [], []
    moved: list[Record] = []
    for row, plan in zip(rows, plans, strict=True):
        before = there[row.values["code"]]
        entry_before = entries.get(before["id"])
        project, entry = _project(row, units), _entry(row, units, entry_before["version"] if entry_before else 0)
        if project["unit_id"] != before["unit_id"]:
            moved.append({"moved_id": before["id"], "new_unit_id": project["unit_id"]})
        is_rewritten = (bool(plan) and next(of_plans) is not Outcome.UNCHANGED) or differs(before, project)
        if is_rewritten and entry_before and entry_before["state"] is SubmissionState.PENDING_APPROVAL:
            entry["version"] = entry_before["version"] + 1  # a card that showed the old words decides nothing
        if "state" in row.values:
            project["official_version"] = max(1, before["official_version"]) if _state(row) is _APPROVED else 0
        is_restated = differs(before, project) or entry_before is None or differs(entry_before, entry)
        intake.recounted_units |= {before["unit_id"], project["unit_id"]}
        changed_projects.append({"id": before["id"], **project, "import_mark": row.mark})
        if entry_before is None:
            new_entries.append(_new_entry(row, before["id"], units))
        else:
            changed_entries.append({"id": entry_before["id"], **entry})
        intake.report.count(row, Outcome.UPDATED if is_rewritten or is_restated else Outcome.UNCHANGED)
    update_rows(intake.session, tables.Project, changed_projects)
    update_rows(intake.session, tables.Submission, changed_entries)
    insert_rows(intake.session, tables.Submission, new_entries)
    _move_submissions(intake, moved)


def _move_submissions(intake: Intake, moved: Sequence[Record]) -> None:
    """Let everything that was reported of a project go with it to its new unit."""
    table = cast("Table", tables.Submission.__table__)
    if moved:
        statement = update(table).where(table.c.project_id == bindparam("moved_id"))
        intake.session.connection().execute(statement.values(unit_id=bindparam("new_unit_id")), moved)


def _entries(intake: Intake, project_ids: Sequence[int]) -> Mapping[int, Record]:
    columns = ("id", "project_id", "kind", "fiscal_year", "unit_id", "state", "step", "version")
    found = fetch(intake.session, tables.Submission, columns, "project_id", project_ids, locked=True)
    return {record["project_id"]: record for record in found if record["kind"] is SubmissionKind.PROJECT_ENTRY}


def _project(row: Row, units: Ids) -> Record:
    """Return what the file says of the project; columns that it lacks are left out."""
    return {
        **given(row, _SAME),
        **given(row, _TEXTS, blank=""),
        **given(row, ("work_type",), blank=WorkType.PROJECT),
        **given(row, ("execution_status",), blank=ExecutionStatus.NOT_STARTED),
        **given(row, ("uses_budget",), blank=True),
        "unit_id": _unit_id(row, units),
    }


def _unit_id(row: Row, units: Ids) -> int:
    """Return the unit that enters the data: the lowest one that the row names."""
    return units[next(code for code in row.key(("unit", "agency", "ministry")) if code is not None)]


def _new_project(row: Row, units: Ids) -> Record:
    return {**_project(row, units), "official_version": int(_state(row) is _APPROVED), "import_mark": row.mark}


def _state(row: Row) -> SubmissionState:
    state: SubmissionState = row.values.get("state") or SubmissionState.DRAFT
    return state


def _entry(row: Row, units: Ids, version: int) -> Record:
    """Return where the entry stands; a file without a state leaves that as it is."""
    record = {"fiscal_year": row.values["fiscal_year"], "unit_id": _unit_id(row, units)}
    return record if "state" not in row.values else record | _position(row, version)


def _position(row: Row, version: int) -> Record:
    state = _state(row)
    return {
        "state": state,
        "step": 1 if state is SubmissionState.PENDING_APPROVAL else None,
        "version": version if state is SubmissionState.DRAFT else max(version, 1),
    }


def _new_entry(row: Row, project_id: int, units: Ids) -> Record:
    return {
        "project_id": project_id,
        "kind": SubmissionKind.PROJECT_ENTRY,
        "quarter": 0,
        **_entry(row, units, 0),
        **_position(row, 0),
    }


def _plan(row: Row, ids: Ids) -> list[Record]:
    """Return the plan of the project's fiscal year; none where the row has no figure of it."""
    figures = row.key(PLAN_COLUMNS)
    if all(figure is None for figure in figures):
        return []
    plan = {
        "project_id": ids[row.values["code"]],
        "fiscal_year": row.values["fiscal_year"],
        "dated_on": INITIAL_PLAN_DATE,
    }
    return [plan | {f"q{quarter}": figure or Decimal(0) for quarter, figure in zip(QUARTERS, figures, strict=True)}]


def _note_differences(intake: Intake, row: Row, there: Record, units: Ids) -> None:
    codes = {number: code for code, number in units.items()}
    for name, value in _project(row, units).items():
        if there[name] == value:
            continue
        if name == "unit_id":
            intake.note(row, ProblemCode.KEPT_FROM_BOT, "unit", codes[value], kept=codes[there[name]])
        else:
            intake.note(row, ProblemCode.KEPT_FROM_BOT, name, value, kept=there[name])
    if "state" in row.values and (there["official_version"] > 0) != (_state(row) is _APPROVED):
        kept = _APPROVED if there["official_version"] else SubmissionState.DRAFT
        intake.note(row, ProblemCode.KEPT_FROM_BOT, "state", _state(row), kept=kept)


def _note_plans(intake: Intake, rows: Sequence[Row], there: Mapping[str, Record]) -> None:
    """List how plans of spending differ from what the bot keeps."""
    columns = ("project_id", "fiscal_year", "dated_on", "q1", "q2", "q3", "q4")
    ids = [there[row.values["code"]]["id"] for row in rows]
    plans = {
        (plan["project_id"], plan["fiscal_year"]): plan
        for plan in fetch(intake.session, tables.SpendingPlan, columns, "project_id", ids)
        if plan["dated_on"] == INITIAL_PLAN_DATE
    }
    for row, number in zip(rows, ids, strict=True):
        plan = plans.get((number, row.values["fiscal_year"]), {})
        for quarter, column in zip(QUARTERS, PLAN_COLUMNS, strict=True):
            value, kept = row.values.get(column), plan.get(f"q{quarter}")
            if value is not None and value != kept:
                intake.note(row, ProblemCode.KEPT_FROM_BOT, column, value, kept=kept)
