"""One project at a glance: its modules, the quarters of a year, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from domain.fiscal import QUARTERS, Quarter, YearBasis
from domain.modules import Module, ModuleState, filled
from domain.obligations import owes_report
from domain.permissions import Sight
from domain.reminders import BANGKOK
from domain.report_standing import QuarterStanding, ReportStanding
from domain.roles import Role
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState, binding_stage
from domain.windows import Span, Stage
from storage.queries.obligations import entered_state
from storage.queries.projects import find_project, report_occasion, standing_of
from storage.queries.readers import people_reading
from storage.queries.scope import submissions_in
from storage.queries.signatories import Signatory, codes_of, who_may
from storage.reference import Reference
from storage.tables import Activity, Decision, FundingSource, Person, Project, SpendingPlan, Submission
from storage.tables.submissions import Verdict


@dataclass(frozen=True, slots=True)
class Returned:
    """Why a report came back; ``position`` is of who sent it back, ``reason`` is empty where none is on record.

    ``concerns`` is the field that the reason points at, by its name in ``domain.errors.Gap``; "" at none.
    """

    quarter: Quarter
    reason: str
    position: str
    on: date | None
    concerns: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is: the holders of ``step`` or, without it, the unit's officers; ``since`` a day in Bangkok.

    ``span`` is the window that binds now (None: there is none).
    """

    step: int | None
    people: Sequence[Signatory]
    since: date | None
    span: Span | None


@dataclass(frozen=True, slots=True)
class ProjectAtGlance:
    """What is said of one project. ``quarters`` are the four of the asked year, ``focus`` the one that is asked about.

    ``entry`` is how the project's own entry stands while it is not approved, and ``turn`` is then about it.
    ``returned`` is the newest quarter of the year that was sent back, if any. ``on_its_way`` is the submission (id)
    that waits for a decision; whether the asker may look into it is for its own query to tell.
    """

    project_id: int
    code: str
    name: str
    unit: str
    basis: YearBasis
    start_month: date
    end_month: date
    budget_total: Decimal | None
    uses_budget: bool
    execution: ExecutionStatus
    entry: SubmissionState | None
    modules: Mapping[Module, ModuleState]
    quarters: Sequence[QuarterStanding]
    focus: QuarterStanding
    turn: Turn | None
    returned: Returned | None
    on_its_way: int | None


def project_at_glance(
    session: Session, reference: Reference, sight: Sight, code: str, quarter: Quarter, *, returned: bool = False
) -> ProjectAtGlance:
    """Return the project with this code as somebody with this sight sees it; ``quarter`` is what is asked about.

    ``returned``: what was sent back is asked about, whichever quarter of the year it was.

    Raises:
        NoSuchProject: there is none within the sight.
    """
    project, narrow = find_project(session, reference, sight, code)
    unit = reference.unit_codes[project.unit_id]
    reports = _reports(session, project.id, quarter.fiscal_year)
    quarters = [
        _standing(reference, narrow, unit, project, Quarter(quarter.fiscal_year, number), reports.get(number))
        for number in QUARTERS
    ]
    sent_back = [found for found in quarters if found.standing is ReportStanding.RETURNED]
    focus = sent_back[-1] if returned and sent_back else quarters[quarter.number - 1]
    entry = None if project.official_version else _entry(session, project)
    back = _returned(session, reference, narrow, sent_back[-1].quarter, reports) if sent_back else None
    return ProjectAtGlance(
        project_id=project.id,
        code=project.code,
        name=project.name,
        unit=unit,
        basis=reference.rules.organisation.year_basis(unit),
        start_month=project.start_month,
        end_month=project.end_month,
        budget_total=project.budget_total,
        uses_budget=project.uses_budget,
        execution=project.execution_status,
        entry=None if project.official_version else entry.state if entry else SubmissionState.DRAFT,
        modules=_modules(session, project, entry, quarters),
        quarters=quarters,
        focus=focus,
        turn=_turn_of_entry(session, reference, unit, entry)
        if not project.official_version
        else _turn_of_report(session, reference, unit, focus, reports.get(focus.quarter.number), back),
        returned=back,
        on_its_way=_on_its_way(session, project, entry, focus, reports.get(focus.quarter.number)),
    )


def _on_its_way(
    session: Session, project: Project, entry: Submission | None, focus: QuarterStanding, report: Any | None
) -> int | None:
    """Return what waits for a decision: the entry, or else the report that is asked about, or else an edit."""
    if not project.official_version:
        return entry.id if entry is not None and entry.state is SubmissionState.PENDING_APPROVAL else None
    if report is not None and focus.standing is ReportStanding.WAITING:
        return int(report.id)
    is_edit = Submission.project_id == project.id, Submission.kind == SubmissionKind.PROJECT_EDIT
    waits = Submission.state == SubmissionState.PENDING_APPROVAL
    return session.scalars(select(Submission.id).where(*is_edit, waits).order_by(Submission.id.desc())).first()


def _reports(session: Session, project_id: int, fiscal_year: int) -> Mapping[int, Any]:
    row = Submission
    query = select(
        row.id,
        row.quarter,
        entered_state().label("state"),
        row.version,
        row.step,
        row.returned_by,
        row.arrived_at,
        row.sent_at,
    ).where(row.project_id == project_id, row.kind == SubmissionKind.QUARTER_REPORT, row.fiscal_year == fiscal_year)
    return {report.quarter: report for report in session.execute(query)}


def _standing(
    reference: Reference, sight: Sight, unit: str, project: Project, quarter: Quarter, report: Any | None
) -> QuarterStanding:
    entry = SubmissionState.APPROVED if project.official_version else SubmissionState.DRAFT
    is_owed = owes_report(project.start_month, project.end_month, entry, project.execution_status, quarter)
    return standing_of(
        reference.rules,
        sight,
        unit,
        quarter,
        report.state if report else None,
        is_owed=is_owed,
        step=report.step if report else None,
        returned_by=report.returned_by if report else None,
    )


def _entry(session: Session, project: Project) -> Submission | None:
    row = Submission
    query = select(row).where(
        row.project_id == project.id,
        row.kind == SubmissionKind.PROJECT_ENTRY,
        row.fiscal_year == project.fiscal_year,
    )
    return session.scalars(query.order_by(row.id.desc())).first()


def _modules(
    session: Session, project: Project, entry: Submission | None, quarters: Iterable[QuarterStanding]
) -> Mapping[Module, ModuleState]:
    parts = (Activity, FundingSource, SpendingPlan)
    has_activities, has_funding, has_plan = (
        session.scalar(select(exists().where(part.project_id == project.id))) for part in parts
    )
    return {
        Module.M1: filled(
            (project.ns_area, project.ns_goal, project.master_plan_no, project.y2, project.sub_plan, project.y1)
        ),
        Module.M2: filled(
            (
                project.name,
                project.director_title,
                project.director_first_name,
                project.director_last_name,
                project.director_email,
                project.director_phone,
                project.owner_name,
                project.owner_email,
                project.owner_phone,
            )
        ),
        Module.M3: filled(
            (
                project.rationale,
                project.objectives,
                project.output_target,
                project.outcome_target,
                project.expected_result,
                project.kpis,
                project.beneficiaries,
                project.area_scope,
            )
        ),
        Module.M4: filled([has_activities]),
        Module.M5: filled((has_funding, has_plan)) if project.uses_budget else ModuleState.NOT_NEEDED,
        Module.M6: _reported(quarters),
        Module.M7: _approved(project, entry),
    }


def _reported(quarters: Iterable[QuarterStanding]) -> ModuleState:
    owed = [q.standing for q in quarters if q.standing not in (ReportStanding.NOT_OWED, ReportStanding.NOT_YET)]
    if not owed:
        return ModuleState.NOT_NEEDED
    if all(standing is ReportStanding.APPROVED for standing in owed):
        return ModuleState.COMPLETE
    if all(standing in (ReportStanding.APPROVED, ReportStanding.WAITING) for standing in owed):
        return ModuleState.WAITING
    nothing = (ReportStanding.MISSING, ReportStanding.HIDDEN)
    return ModuleState.EMPTY if all(standing in nothing for standing in owed) else ModuleState.PARTIAL


def _approved(project: Project, entry: Submission | None) -> ModuleState:
    if project.official_version:
        return ModuleState.COMPLETE
    is_waiting = entry is not None and entry.state is SubmissionState.PENDING_APPROVAL
    return ModuleState.WAITING if is_waiting else ModuleState.EMPTY


def _turn_of_report(
    session: Session,
    reference: Reference,
    unit: str,
    focus: QuarterStanding,
    report: Any | None,
    back: Returned | None,
) -> Turn | None:
    rules = reference.rules
    windows = rules.window(report_occasion(focus.quarter), rules.organisation.path(unit))
    waiting_at = rules.organisation.stage_of(unit, focus.step) if focus.step else None
    span = windows.of(binding_stage(waiting_at, report.returned_by if report else None)) if windows else None
    match focus.standing:
        case ReportStanding.WAITING if report is not None:
            since = _day(report.arrived_at or report.sent_at)
        case ReportStanding.RETURNED if report is not None:
            since = (back.on if back and back.quarter == focus.quarter else None) or _day(report.sent_at)
        case ReportStanding.MISSING | ReportStanding.DRAFT:
            since = windows.starts_on(Stage.AGENCY) if windows else None
        case _:
            return None
    return Turn(focus.step, _holders(session, reference, unit, focus.step), since, span)


def _turn_of_entry(session: Session, reference: Reference, unit: str, entry: Submission | None) -> Turn:
    rules = reference.rules
    is_waiting = entry is not None and entry.state is SubmissionState.PENDING_APPROVAL
    step = (entry.step or 1) if entry is not None and is_waiting else None
    occasion = reference.active.entry_of(unit)
    windows = rules.window(occasion, rules.organisation.path(unit)) if occasion else None
    waiting_at = rules.organisation.stage_of(unit, step) if step else None
    span = windows.of(binding_stage(waiting_at, entry.returned_by if entry else None)) if windows else None
    since = _day(entry.arrived_at or entry.sent_at) if entry is not None and step else None
    return Turn(step, _holders(session, reference, unit, step), since, span)


def _holders(session: Session, reference: Reference, unit: str, step: int | None) -> Sequence[Signatory]:
    organisation, today = reference.rules.organisation, reference.rules.today
    if step:
        return who_may(organisation, people_reading(session, codes_of(organisation, unit, step), today), unit, step)
    officers = people_reading(session, organisation.holders(Role.PROJECT_OFFICER, unit), today)
    return [Signatory(code, officer.position) for code, officer in officers.items()]


def _returned(
    session: Session, reference: Reference, sight: Sight, quarter: Quarter, reports: Mapping[int, Any]
) -> Returned | None:
    """Return why the report of a quarter came back; None where the report is not for the asker to look into."""
    report = reports[quarter.number]
    is_visible = session.scalar(
        select(Submission.id).where(Submission.id == report.id, submissions_in(sight, reference.unit_ids))
    )
    if is_visible is None:
        return None
    query = (
        select(Decision.reason, Decision.concerns, Decision.decided_at, Person.code)
        .join(Person, Person.id == func.coalesce(Decision.acting_for_id, Decision.decided_by_id))
        .where(
            Decision.submission_id == report.id,
            Decision.version == report.version,
            Decision.verdict == Verdict.RETURNED,
        )
    )
    decision = session.execute(query).first()
    if decision is None:
        return Returned(quarter, "", "", None)
    by = people_reading(session, [decision.code], reference.rules.today)[decision.code]
    return Returned(quarter, decision.reason, by.position, _day(decision.decided_at), decision.concerns)


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(BANGKOK).date() if moment else None
