"""What is odd about imported reports: warnings only, for reports of the past are taken as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from domain.completeness import ANSWERS, ReportContent, ReportDemands, gaps_of
from domain.fiscal import QUARTERS, Quarter
from domain.in_force import Rules
from domain.obligations import owes_report
from domain.reminders import BANGKOK
from domain.report_fields import AMOUNTS
from domain.submissions import SubmissionState
from domain.windows import Occasion, Stage, WindowKind
from storage import tables
from storage.imports.columns import Reference
from storage.imports.intake import Intake
from storage.imports.problems import ProblemCode
from storage.imports.reading import Row
from storage.imports.store import Record, fetch
from storage.queries.rules import load_rules

TEXTS = (*ANSWERS, "underspend_reason")
"""What files say of a report in words."""

_Plans = Mapping[tuple[int, int], Mapping[int, Decimal]]


def note_oddities(intake: Intake, rows: Sequence[Row], projects: Mapping[str, Record]) -> None:
    """Note reports that nobody owed, that wait nowhere, that were sent outside their window, or that are incomplete."""
    if not rows:
        return
    rules = load_rules(intake.session, intake.now.astimezone(BANGKOK).date())
    units = {number: code for code, number in intake.ids(Reference.UNIT).items()}
    plans = _plans(intake, projects)
    for row in rows:
        project = projects[row.values["project"]]
        unit, quarter = units[project["unit_id"]], Quarter(row.values["fiscal_year"], row.values["quarter"])
        _note_obligation(intake, row, rules, unit, project, quarter)
        _note_step(intake, row, rules, unit)
        _note_window(intake, row, rules, unit, quarter)
        if row.values["state"] is not SubmissionState.DRAFT:
            plan = plans.get((project["id"], quarter.fiscal_year), {}).get(quarter.number)
            _note_blanks(intake, row, uses_budget=project["uses_budget"], plan=plan)


def _note_obligation(intake: Intake, row: Row, rules: Rules, unit: str, project: Record, quarter: Quarter) -> None:
    entry = SubmissionState.APPROVED if project["official_version"] else SubmissionState.DRAFT
    months = project["start_month"], project["end_month"]
    if not owes_report(*months, entry, project["execution_status"], quarter, rules.policy(unit).tracked_from):
        intake.note(row, ProblemCode.NO_OBLIGATION, "project", row.values["project"])


def _note_step(intake: Intake, row: Row, rules: Rules, unit: str) -> None:
    orders = [step.order for step in rules.organisation.route(unit)]
    step = row.values.get("step") or 1
    if row.values["state"] is SubmissionState.PENDING_APPROVAL and orders and step not in orders:
        intake.note(row, ProblemCode.NO_SUCH_STEP, "step", step, unit=unit, last=max(orders))


def _note_window(intake: Intake, row: Row, rules: Rules, unit: str, quarter: Quarter) -> None:
    sent_on = row.values.get("sent_on")
    if sent_on is None:
        return
    occasion = Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
    windows = rules.windows.resolve(occasion, rules.organisation.path(unit), sent_on)
    span = windows.of(Stage.AGENCY) if windows else None
    if span is not None and not span.holds(sent_on):
        intake.note(row, ProblemCode.OUTSIDE_WINDOW, "sent_on", sent_on)


def _note_blanks(intake: Intake, row: Row, *, uses_budget: bool, plan: Decimal | None) -> None:
    """Note what the report lacks, as far as a file can have it: it has no columns for activities, plans and level 1."""
    written: dict[str, Any] = {name: row.values.get(name) or "" for name in TEXTS}
    written |= {name: row.values.get(name) for name in AMOUNTS}
    content = ReportContent(**written)
    gaps = gaps_of(content, ReportDemands(uses_budget=uses_budget, planned_baht=plan, asks_level1=False))
    if gaps:
        headers = [intake.words.header(row.place.kind, gap.field) for gap in gaps]
        intake.note(row, ProblemCode.INCOMPLETE_REPORT, columns=", ".join(headers))


def _plans(intake: Intake, projects: Mapping[str, Record]) -> _Plans:
    """Return the newest plan of each project and fiscal year by quarter."""
    columns = ("project_id", "fiscal_year", "dated_on", "q1", "q2", "q3", "q4")
    found = fetch(intake.session, tables.SpendingPlan, columns, "project_id", (p["id"] for p in projects.values()))
    return {
        (plan["project_id"], plan["fiscal_year"]): {quarter: plan[f"q{quarter}"] for quarter in QUARTERS}
        for plan in sorted(found, key=lambda plan: plan["dated_on"])
    }
