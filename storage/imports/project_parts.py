"""Writes what belongs to projects: activities, links, funding and later versions of the spending plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.fiscal import QUARTERS
from storage import tables
from storage.imports.columns import Reference
from storage.imports.intake import Ids, Intake
from storage.imports.kept import Kept, entered_in_bot, note_kept
from storage.imports.problems import ProblemCode
from storage.imports.reading import Row
from storage.imports.store import Record, fetch, insert_rows, upsert
from storage.tables.projects import INITIAL_PLAN_DATE

_ACTIVITY_KEY = ("project_id", "parent_id", "name")
_PLAN_KEY = ("project_id", "fiscal_year", "dated_on")
_FIGURES = ("q1", "q2", "q3", "q4", "carried_over")
_PLAN_COLUMNS = (*_PLAN_KEY, *_FIGURES)
_PlanKey = tuple[int, int, date]
_Plan = Mapping[str, Decimal]
"""The figures of a version, by column."""


def write_activities(intake: Intake, rows: Sequence[Row]) -> None:
    """Write activities, then sub-activities below them; one that has no row of its own is added without quarters."""
    ids = _project_ids(intake, rows)
    rows = _free(intake, rows, ids, lambda projects: _kept_activities(intake, ids, projects))
    main = [row for row in rows if row.values.get("sub_activity") is None]
    intake.save(main, tables.Activity, _ACTIVITY_KEY, [[_activity(row, ids, None)] for row in main])
    below = [row for row in rows if row.values.get("sub_activity") is not None]
    parents = _activity_ids(intake, below, ids)
    named = dict.fromkeys((ids[row.values["project"]], row.values["activity"]) for row in below)
    missing = [{"project_id": project, "name": name} for project, name in named if (project, name) not in parents]
    insert_rows(intake.session, tables.Activity, missing)
    parents = _activity_ids(intake, below, ids)
    records = [[_activity(row, ids, parents[ids[row.values["project"]], row.values["activity"]])] for row in below]
    intake.save(below, tables.Activity, _ACTIVITY_KEY, records)


def _activity(row: Row, ids: Ids, parent: int | None) -> Record:
    ticked = row.values["quarters"] or frozenset()
    return {
        "project_id": ids[row.values["project"]],
        "parent_id": parent,
        "name": row.values["activity"] if parent is None else row.values["sub_activity"],
        **{f"in_q{quarter}": quarter in ticked for quarter in QUARTERS},
    }


def _activity_ids(intake: Intake, rows: Sequence[Row], ids: Ids) -> Mapping[tuple[int, str], int]:
    found = fetch(
        intake.session, tables.Activity, ("id", *_ACTIVITY_KEY), "project_id", (ids[r.values["project"]] for r in rows)
    )
    return {(r["project_id"], r["name"]): r["id"] for r in found if r["parent_id"] is None}


def write_links(intake: Intake, rows: Sequence[Row]) -> None:
    """Write which plans, policies and laws projects contribute to."""
    ids = _project_ids(intake, rows)
    key = ("project_id", "kind", "name")
    rows = _free(intake, rows, ids, lambda projects: _kept_rows(intake, tables.ProjectLink, key, "name", ids, projects))
    intake.save(rows, tables.ProjectLink, key, [[_part(row, ids, ("kind", "name"))] for row in rows])


def write_funding(intake: Intake, rows: Sequence[Row]) -> None:
    """Write where the money comes from."""
    ids, key = _project_ids(intake, rows), ("project_id", "kind", "origin")
    rows = _free(
        intake, rows, ids, lambda projects: _kept_rows(intake, tables.FundingSource, key, "amount", ids, projects)
    )
    records = [[_part(row, ids, ("kind", "amount")) | {"origin": row.values.get("origin") or ""}] for row in rows]
    intake.save(rows, tables.FundingSource, key, records)


def write_spending(intake: Intake, rows: Sequence[Row]) -> None:
    """Write versions of spending plans; what a version does not name is as in the version before it.

    Money carried over stands in any rows of a version and is added up. A letter's later version is written of every
    project; what was entered in the bot itself keeps its first plan.
    """
    ids = _project_ids(intake, rows)
    later = [row for row in rows if row.values.get("dated_on") is not None]
    first = [row for row in rows if row.values.get("dated_on") is None]
    rows = [*_free(intake, first, ids, lambda projects: _kept_plans(intake, first, ids, projects)), *later]
    owners = fetch(intake.session, tables.Project, ("unit_id",), "id", ids.values())
    intake.recounted_units.update(project["unit_id"] for project in owners)
    figures = _figures(intake, versions := _versions(rows, ids))
    records = [_plan(key, figures[key]) for key in versions]
    outcomes = upsert(intake.session, tables.SpendingPlan, _PLAN_KEY, records)
    of_version = dict(zip(versions, outcomes, strict=True))
    for row in rows:
        intake.report.count(row, of_version[_plan_key(row, ids)])


def _versions(rows: Sequence[Row], ids: Ids) -> Mapping[_PlanKey, _Plan]:
    """Return what the rows say of each version of a plan."""
    versions: dict[_PlanKey, dict[str, Decimal]] = defaultdict(dict)
    for row in rows:
        plan, carried = versions[_plan_key(row, ids)], row.values.get("carried_over")
        plan[f"q{row.values['quarter']}"] = row.values["amount"]
        if carried is not None:
            plan["carried_over"] = plan.get("carried_over", Decimal(0)) + carried
    return versions


def _free(intake: Intake, rows: Sequence[Row], ids: Ids, kept: Callable[[Collection[int]], Kept]) -> Sequence[Row]:
    """Return the rows of projects that were not entered in the bot; how the others differ is listed."""
    protected = entered_in_bot(intake.session)
    if not protected:
        return rows
    held = [row for row in rows if ids[row.values["project"]] in protected]
    note_kept(intake, held, kept({ids[row.values["project"]] for row in held}))
    return [row for row in rows if ids[row.values["project"]] not in protected]


def _kept_activities(intake: Intake, ids: Ids, projects: Collection[int]) -> Kept:
    columns = ("id", *_ACTIVITY_KEY, "in_q1", "in_q2", "in_q3", "in_q4")
    found = list(fetch(intake.session, tables.Activity, columns, "project_id", projects))
    names = {r["id"]: r["name"] for r in found}
    there = {}
    for r in found:
        below = r["parent_id"] is not None
        key = (r["project_id"], names[r["parent_id"]] if below else r["name"], r["name"] if below else None)
        there[key] = frozenset(quarter for quarter in QUARTERS if r[f"in_q{quarter}"])
    return Kept(
        key=lambda row: (ids[row.values["project"]], row.values["activity"], row.values.get("sub_activity")),
        column="quarters",
        named="activity",
        there=there,
        read=lambda quarters: ", ".join(map(str, sorted(quarters or ()))),
    )


def _kept_rows(
    intake: Intake, entity: type[tables.Base], key: Sequence[str], column: str, ids: Ids, projects: Collection[int]
) -> Kept:
    """Compare rows whose columns have the names that the table has."""
    found = fetch(intake.session, entity, (*key, column), "project_id", projects)
    return Kept(
        key=lambda row: (ids[row.values["project"]], *(row.values.get(name) or "" for name in key[1:])),
        column=column,
        named=column,
        there={tuple(record[name] for name in key): record[column] for record in found},
    )


def _kept_plans(intake: Intake, rows: Sequence[Row], ids: Ids, projects: Collection[int]) -> Kept:
    """Compare the quarters; what is carried over differs as a sum of rows, and the first of them is told of."""
    found = fetch(intake.session, tables.SpendingPlan, _PLAN_COLUMNS, "project_id", projects)
    first = [record for record in found if record["dated_on"] == INITIAL_PLAN_DATE]
    reserved = {(r["project_id"], r["fiscal_year"], r["dated_on"]): r["carried_over"] for r in first}
    told = {_plan_key(row, ids): row for row in reversed(rows)}
    for key, plan in _versions([row for row in rows if ids[row.values["project"]] in projects], ids).items():
        carried, kept = plan.get("carried_over"), reserved.get(key, Decimal(0))
        if carried is not None and carried != kept:
            intake.note(told[key], ProblemCode.KEPT_FROM_BOT, "carried_over", carried, kept=kept)
    return Kept(
        key=lambda row: (ids[row.values["project"]], row.values["fiscal_year"], row.values["quarter"]),
        column="amount",
        named="amount",
        there={(r["project_id"], r["fiscal_year"], quarter): r[f"q{quarter}"] for r in first for quarter in QUARTERS},
    )


def _figures(intake: Intake, versions: Mapping[_PlanKey, _Plan]) -> Mapping[_PlanKey, _Plan]:
    """Return the figures of every version, stored ones and those of the files, later ones built on earlier ones."""
    projects = (project for project, _, _ in versions)
    stored = fetch(intake.session, tables.SpendingPlan, _PLAN_COLUMNS, "project_id", projects)
    figures: dict[_PlanKey, _Plan] = {
        (r["project_id"], r["fiscal_year"], r["dated_on"]): {name: r[name] for name in _FIGURES} for r in stored
    }
    before: dict[tuple[int, int], _Plan] = {}
    for key in sorted({*figures, *versions}):
        base = figures.get(key) or before.get(key[:2]) or dict.fromkeys(_FIGURES, Decimal(0))
        figures[key] = before[key[:2]] = {**base, **versions.get(key, {})}
    return figures


def _plan_key(row: Row, ids: Ids) -> _PlanKey:
    return ids[row.values["project"]], row.values["fiscal_year"], row.values.get("dated_on") or INITIAL_PLAN_DATE


def _plan(key: _PlanKey, figures: _Plan) -> Record:
    return dict(zip(_PLAN_KEY, key, strict=True)) | dict(figures)


def _part(row: Row, ids: Ids, columns: Sequence[str]) -> dict[str, Any]:
    return {"project_id": ids[row.values["project"]], **{name: row.values[name] for name in columns}}


def _project_ids(intake: Intake, rows: Sequence[Row]) -> Ids:
    return intake.ids_of(Reference.PROJECT, (row.values["project"] for row in rows))
