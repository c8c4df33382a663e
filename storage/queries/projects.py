"""Lists of projects within a scope, each with how its report of one quarter stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain.fiscal import Quarter, first_day_of_fiscal_year
from domain.in_force import Rules
from domain.permissions import Sight, Visibility
from domain.report_standing import QuarterStanding, ReportStanding, report_standing
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState, overdue_stage
from domain.windows import Occasion, Stage, StageWindows, WindowKind
from storage.queries.obligations import entered_state, owes_report, report_of
from storage.queries.scope import projects_in
from storage.reference import Reference
from storage.tables import Project, Submission


class NoSuchProject(LookupError):
    """There is no such project, or none that the asker may see: nobody learns which."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which projects are meant: of ``units`` (codes, with nothing below them added), running in a fiscal year (B.E.).

    Without ``fiscal_year``: all that had not ended when the year of the asked quarter began. ``state`` is of the
    quarter's report, or of the project's entry while that is not approved.
    """

    units: frozenset[str]
    fiscal_year: int | None = None
    state: SubmissionState | None = None
    execution: ExecutionStatus | None = None


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A row of a list. ``entry`` is how the project's own entry stands while it is not approved, else None."""

    code: str
    name: str
    unit: str
    execution: ExecutionStatus
    entry: SubmissionState | None
    report: QuarterStanding


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How many projects stand alike: ``entries`` are not approved themselves, the others by their report."""

    reports: Mapping[ReportStanding, int]
    entries: int

    @property
    def total(self) -> int:
        """Number of projects."""
        return sum(self.reports.values()) + self.entries


def count_projects(session: Session, reference: Reference, sight: Sight, quarter: Quarter, wanted: Wanted) -> Breakdown:
    """Return how many projects there are within ``sight``, by how they stand."""
    found = _joined(reference, sight, quarter, wanted).subquery()
    groups = select(*found.c, func.count().label("number")).group_by(*found.c)
    reports: Counter[ReportStanding] = Counter()
    entries = 0
    for row in session.execute(groups):
        if row.is_official:
            reports[_standing(reference, sight, quarter, row).standing] += row.number
        else:
            entries += row.number
    return Breakdown(reports, entries)


def page_of_projects(
    session: Session,
    reference: Reference,
    sight: Sight,
    quarter: Quarter,
    wanted: Wanted,
    rows: range,
    *,
    in_motion_first: bool = False,
) -> Sequence[ListedProject]:
    """Return the projects of a page, by unit and code; ``rows`` counts from 0.

    ``in_motion_first``: those whose report is on its way or came back lead, as far as the asker may know that.
    """
    told = Project.unit_id.in_([reference.unit_ids[unit] for unit in sight.owing(wanted.units)])
    in_motion = Submission.state.in_((SubmissionState.PENDING_APPROVAL, SubmissionState.RETURNED))
    moving = case((and_(told, in_motion), 0), else_=1)
    order = (moving,) if in_motion_first else ()
    query = (
        _joined(reference, sight, quarter, wanted)
        .add_columns(Project.code, Project.name, Project.execution_status)
        .order_by(*order, Project.unit_id, Project.code)
        .limit(len(rows))
        .offset(rows.start)
    )
    return [
        ListedProject(
            code=row.code,
            name=row.name,
            unit=reference.unit_codes[row.unit_id],
            execution=row.execution_status,
            entry=None if row.is_official else row.entry or SubmissionState.DRAFT,
            report=_standing(reference, sight, quarter, row),
        )
        for row in session.execute(query)
    ]


def find_project(session: Session, reference: Reference, sight: Sight, code: str) -> tuple[Project, Sight]:
    """Return the project and what is left of the sight for its unit, which keeps queries about it short.

    Raises:
        NoSuchProject: there is none within the sight.
    """
    unit_id = session.scalar(select(Project.unit_id).where(Project.code == code))
    if unit_id is None or unit_id not in reference.unit_codes:
        raise NoSuchProject(code)
    narrow = sight.within([reference.unit_codes[unit_id]])
    query = select(Project).where(Project.code == code, projects_in(narrow, reference.unit_ids))
    project = session.scalar(query)
    if project is None:
        raise NoSuchProject(code)
    return project, narrow


def standing_of(
    rules: Rules, sight: Sight, unit: str, quarter: Quarter, state: SubmissionState | None, *, is_owed: bool,
    step: int | None = None, returned_by: Stage | None = None,
) -> QuarterStanding:  # fmt: skip
    """Return how the report of a quarter stands for who asks; of what is hidden neither step nor delay is told."""
    windows = rules.window(report_occasion(quarter), rules.organisation.path(unit))
    opened = windows.starts_on(Stage.AGENCY) if windows else None
    told = report_standing(
        state,
        is_owed=is_owed and is_tracked(rules, unit, quarter),
        has_opened=opened is not None and opened <= rules.today,
        is_visible=state is SubmissionState.APPROVED or sight.of(unit) >= Visibility.STEP,
    )
    if told in (ReportStanding.NOT_OWED, ReportStanding.NOT_YET, ReportStanding.HIDDEN, ReportStanding.APPROVED):
        return QuarterStanding(quarter, told)
    waits = (step or 1) if told is ReportStanding.WAITING else None
    return QuarterStanding(quarter, told, waits, _overdue(rules, unit, state, waits, returned_by, windows))


def report_occasion(quarter: Quarter) -> Occasion:
    """Return the occasion for which reports of the quarter are sent."""
    return Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)


def is_tracked(rules: Rules, unit: str, quarter: Quarter) -> bool:
    """Tell whether reports of the quarter count for the unit's ministry."""
    begins = rules.policy(unit).tracked_from
    return begins is None or quarter >= begins


def _joined(reference: Reference, sight: Sight, quarter: Quarter, wanted: Wanted) -> Select[Any]:
    """Return the query for projects with entry and report; what distinguishes how they stand is selected."""
    entry = aliased(Submission)
    narrow = sight.within(wanted.units)
    query = (
        select(
            Project.unit_id,
            (Project.official_version > 0).label("is_official"),
            owes_report(quarter).label("is_owed"),
            case((Project.official_version == 0, entry.state)).label("entry"),
            entered_state().label("state"),
            Submission.step,
            Submission.returned_by,
        )
        .outerjoin(
            entry,
            and_(
                entry.project_id == Project.id,
                entry.kind == SubmissionKind.PROJECT_ENTRY,
                entry.fiscal_year == Project.fiscal_year,
                Project.official_version == 0,
            ),
        )
        .outerjoin(Submission, report_of(quarter))
        .where(
            Project.unit_id.in_([reference.unit_ids[unit] for unit in wanted.units]),  # what an index can look up
            projects_in(narrow, reference.unit_ids),
            *_running(quarter, wanted),
        )
    )
    if wanted.execution is not None:
        query = query.where(Project.execution_status == wanted.execution)
    if wanted.state is None:
        return query
    if wanted.state is not SubmissionState.APPROVED:  # who sees approved data alone is not told what is missing
        told = [reference.unit_ids[unit] for unit in narrow.owing(wanted.units)]
        query = query.where(Project.unit_id.in_(told))
    return query.where(_stands(quarter, wanted.state, entry))


def _stands(quarter: Quarter, state: SubmissionState | None, entry: Any) -> ColumnElement[bool]:
    of_report = and_(Project.official_version > 0, owes_report(quarter), entered_state() == state)
    return or_(of_report, and_(Project.official_version == 0, entry.state == state))


def _running(quarter: Quarter, wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.fiscal_year is None:
        return [Project.end_month >= first_day_of_fiscal_year(quarter.fiscal_year)]
    begins, ends = first_day_of_fiscal_year(wanted.fiscal_year), Quarter(wanted.fiscal_year, 4).last_day
    return [Project.end_month >= begins, Project.start_month <= ends]


def _standing(reference: Reference, sight: Sight, quarter: Quarter, row: Any) -> QuarterStanding:
    return standing_of(
        reference.rules, sight, reference.unit_codes[row.unit_id], quarter, row.state,
        is_owed=row.is_owed, step=row.step, returned_by=row.returned_by,
    )  # fmt: skip


def _overdue(
    rules: Rules,
    unit: str,
    state: SubmissionState | None,
    step: int | None,
    returned_by: Stage | None,
    windows: StageWindows | None,
) -> Stage | None:
    if windows is None:
        return None
    waiting_at = rules.organisation.stage_of(unit, step) if step else None
    return overdue_stage(state, waiting_at, returned_by, windows, rules.today)
