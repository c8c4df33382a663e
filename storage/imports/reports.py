"""Writes quarterly reports as the history that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.days_of_entry import ImpossibleDay, check_day_of_entry
from domain.reminders import BANGKOK
from domain.report_fields import AMOUNTS
from domain.submissions import SubmissionKind, SubmissionState
from storage import tables
from storage.imports.intake import Intake, given
from storage.imports.problems import ProblemCode
from storage.imports.reading import Marks, Row
from storage.imports.report_oddities import TEXTS, note_oddities
from storage.imports.store import Outcome, Record, chunks, differs, fetch, insert_rows, update_rows
from storage.submissions.mirroring import approval_days
from storage.tables.submissions import Origin

_PROJECT = (
    "code", "id", "unit_id", "start_month", "end_month", "official_version", "execution_status", "uses_budget",
)  # fmt: skip
_POSITION = ("state", "step", "version", "sent_at", "arrived_at", "unit_id")
_MIRRORED = ("mirrored_on", "mirrored_by_id")

_Key = tuple[int, int, int]


def report_marks(session: Session) -> Marks:
    """Return the marks of imported reports by project, year and quarter; one that went through the bot has none."""
    row = tables.Submission
    query = (
        select(tables.Project.code, row.fiscal_year, row.quarter, row.import_mark)
        .join(tables.Project, tables.Project.id == row.project_id)
        .where(row.kind == SubmissionKind.QUARTER_REPORT, row.origin == Origin.IMPORT)
    )
    return {(code, year, quarter): mark for code, year, quarter, mark in session.execute(query)}


def write_reports(intake: Intake, rows: Sequence[Row]) -> None:
    """Write the reports that are new or changed."""
    for row in rows:
        if row.is_unchanged:
            intake.report.count(row, Outcome.UNCHANGED)
    open_rows = [row for row in rows if not row.is_unchanged]
    codes = (row.values["project"] for row in open_rows)
    projects = {project["code"]: project for project in fetch(intake.session, tables.Project, _PROJECT, "code", codes)}
    intake.recounted_units.update(project["unit_id"] for project in projects.values())
    there = _stored(intake, (project["id"] for project in projects.values()))
    new = [row for row in open_rows if _key(row, projects) not in there]
    _add(intake, new, projects)
    _change(intake, [row for row in open_rows if _key(row, projects) in there], projects, there)
    note_oddities(intake, open_rows, projects)


def _key(row: Row, projects: Mapping[str, Record]) -> _Key:
    return projects[row.values["project"]]["id"], row.values["fiscal_year"], row.values["quarter"]


def _stored(intake: Intake, project_ids: Any) -> Mapping[_Key, Record]:
    columns = ("id", "project_id", "kind", "fiscal_year", "quarter", "origin", *_POSITION, *_MIRRORED)
    return {
        (record["project_id"], record["fiscal_year"], record["quarter"]): record
        for record in fetch(intake.session, tables.Submission, columns, "project_id", project_ids, locked=True)
        if record["kind"] is SubmissionKind.QUARTER_REPORT
    }


def _add(intake: Intake, rows: Sequence[Row], projects: Mapping[str, Record]) -> None:
    submissions = [
        {
            "project_id": projects[row.values["project"]]["id"],
            "kind": SubmissionKind.QUARTER_REPORT,
            "fiscal_year": row.values["fiscal_year"],
            "quarter": row.values["quarter"],
            "import_mark": row.mark,
            "mirrored_on": _mirrored_on(intake, row, None),
            **_position(row, projects, 0),
        }
        for row in rows
    ]
    insert_rows(intake.session, tables.Submission, submissions)
    stored = _stored(intake, (submission["project_id"] for submission in submissions))
    contents = [{"submission_id": stored[_key(row, projects)]["id"], "version": 1, **_content(row)} for row in rows]
    insert_rows(intake.session, tables.QuarterReport, contents)
    for row in rows:
        intake.report.count(row, Outcome.ADDED)


def _change(intake: Intake, rows: Sequence[Row], projects: Mapping[str, Record], there: Mapping[_Key, Record]) -> None:
    """Change reports that differ; what went through the bot is left alone, its differences are listed.

    That an approved one is in eMENSCR by now is noted of every report.
    """
    submissions, contents, new_contents = [], [], []
    stored_contents = _contents(intake, [there[_key(row, projects)]["id"] for row in rows])
    mirrored = [row for row in rows if row.values.get("mirrored_on") is not None]
    approved = _approval_days(intake, [there[_key(row, projects)]["id"] for row in mirrored])
    for row in rows:
        before = there[_key(row, projects)]
        approved_on = approved.get(before["id"])
        content_before = stored_contents.get(before["id"])
        position, content = _position(row, projects, before["version"]), _content(row)
        if before["origin"] is Origin.BOT:
            _note_differences(intake, row, before, position, content_before or {}, content)
            mark = _mark(intake, row, before, approved_on) if before["state"] is SubmissionState.APPROVED else {}
            submissions += [{"id": before["id"], **mark}] if mark else []
            intake.report.count(row, Outcome.UPDATED if mark else Outcome.UNCHANGED)
            continue
        position |= _mark(intake, row, before, approved_on)
        if row.values["state"] is not SubmissionState.APPROVED:
            position |= dict.fromkeys(_MIRRORED)
        is_changed = content_before is None or differs(before, position) or differs(content_before, content)
        intake.report.count(row, Outcome.UPDATED if is_changed else Outcome.UNCHANGED)
        if content_before is None:
            new_contents.append({"submission_id": before["id"], "version": 1, **content})
        elif _is_waiting(before) and differs(content_before, content):  # old cards decide nothing
            position["version"] = before["version"] + 1
            old = {name: value for name, value in content_before.items() if name != "id"}
            new_contents.append({**old, "version": position["version"], **content})
        else:
            contents.append({"id": content_before["id"], **content})
        submissions.append({"id": before["id"], **position, "import_mark": row.mark})
    update_rows(intake.session, tables.Submission, submissions)
    update_rows(intake.session, tables.QuarterReport, contents)
    insert_rows(intake.session, tables.QuarterReport, new_contents)


def _is_waiting(before: Record) -> bool:
    return before["state"] is SubmissionState.PENDING_APPROVAL


def _contents(intake: Intake, submission_ids: Sequence[int]) -> Mapping[int, Record]:
    """Return the newest content of each report."""
    columns = ("id", "submission_id", "version", *AMOUNTS, *TEXTS)
    found = fetch(intake.session, tables.QuarterReport, columns, "submission_id", submission_ids)
    return {record["submission_id"]: record for record in sorted(found, key=lambda record: record["version"])}


def _position(row: Row, projects: Mapping[str, Record], version: int) -> Record:
    state: SubmissionState = row.values["state"]
    sent_on = row.values.get("sent_on")
    sent_at = None if sent_on is None else datetime.combine(sent_on, time(), BANGKOK)
    is_pending = state is SubmissionState.PENDING_APPROVAL
    return {
        "unit_id": projects[row.values["project"]]["unit_id"],
        "state": state,
        "step": (row.values.get("step") or 1) if is_pending else None,
        "version": version if state is SubmissionState.DRAFT else max(version, 1),
        "sent_at": sent_at,
        "arrived_at": sent_at if is_pending else None,
    }


def _approval_days(intake: Intake, submissions: Sequence[int]) -> Mapping[int, date]:
    """Return on which days reports were approved, of those that were approved in the bot."""
    days: dict[int, date] = {}
    for chunk in chunks(submissions):
        days |= approval_days(intake.session, chunk)
    return days


def _mark(intake: Intake, row: Row, before: Record, approved_on: date | None) -> Record:
    """Return when it was written into eMENSCR, where that is new; what an officer noted in the bot stays."""
    on = _mirrored_on(intake, row, approved_on)
    if on in (None, before["mirrored_on"]):
        return {}
    if before["mirrored_by_id"] is not None:
        intake.note(row, ProblemCode.KEPT_FROM_BOT, "mirrored_on", on, kept=before["mirrored_on"])
        return {}
    return {"mirrored_on": on}


def _mirrored_on(intake: Intake, row: Row, approved_on: date | None) -> date | None:
    """Return the day on which the report was written into eMENSCR; one that cannot be is noted and left out.

    ``approved_on`` is the day on which it was approved in the bot.
    """
    on: date | None = row.values.get("mirrored_on")
    if on is None:
        return None
    if row.values["state"] is SubmissionState.APPROVED:
        with suppress(ImpossibleDay):
            check_day_of_entry(on, intake.now.astimezone(BANGKOK).date(), approved_on)
            return on
    intake.note(row, ProblemCode.NOT_MIRRORED, "mirrored_on", on)
    return None


def _content(row: Row) -> Record:
    return given(row, AMOUNTS) | given(row, TEXTS, blank="")


def _note_differences(
    intake: Intake, row: Row, before: Record, position: Record, content_before: Record, content: Record
) -> None:
    stood = {"state": before["state"], "step": before["step"]}
    for name, value in {"state": position["state"], "step": position["step"], **content}.items():
        kept = stood[name] if name in stood else content_before.get(name)
        if kept != value and name in row.values:
            intake.note(row, ProblemCode.KEPT_FROM_BOT, name, value, kept=kept)
