"""A quarterly report as its form shows it to an officer: what is written, what is asked, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from domain.completeness import ReportContent, ReportDemands, gaps_of
from domain.errors import Gap, Refusal, TransitionRefused
from domain.fiscal import Quarter, YearBasis
from domain.obligations import owes_report
from domain.report_fields import FieldKey
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Occasion, Span, StageWindows, WindowKind
from storage import report_visits
from storage.queries.approval_content import MoneyOfQuarter, disbursed_of_every_year, money_of
from storage.queries.evidence import files_of
from storage.queries.readers import people_reading
from storage.queries.signatories import Signatory
from storage.reference import Reference
from storage.submissions.drafts import content_of, demands_of, existing_report, newest_content
from storage.submissions.report_drafts import WrittenReport, report_before
from storage.submissions.sending import is_sender, timing_of
from storage.submissions.windows import binding_span, windows_for
from storage.tables import (
    Activity,
    Decision,
    DraftField,
    Person,
    Project,
    ProjectLink,
    QuarterReport,
    Submission,
)
from storage.tables.projects import LinkKind
from storage.tables.submissions import Verdict

PROMISED = (
    "ns_area", "ns_goal", "master_plan_no", "y2", "sub_plan", "y1",
    "objectives", "output_target", "outcome_target", "expected_result", "kpis", "beneficiaries",
)  # fmt: skip
"""What the report is measured by: plans of levels 1 and 2 in M1, and what M3 promises."""


class NoSuchReport(LookupError):
    """There is no report that this person may write: no such project, or none of the person's units."""


@dataclass(frozen=True, slots=True)
class AskedActivity:
    """An activity that the report tells of; ``within`` is the activity that it is a part of, "" where it is none."""

    key: FieldKey
    name: str
    within: str


@dataclass(frozen=True, slots=True)
class AskedLink:
    """A plan of level 2 that the report tells of."""

    key: FieldKey
    kind: LinkKind
    name: str


@dataclass(frozen=True, slots=True)
class SentBack:
    """Who sent the report back, why, and at which field the reason points ("" at none); ``at`` is business time."""

    reason: str
    by: Signatory
    at: datetime
    concerns: str


@dataclass(frozen=True, slots=True)
class FieldMark:
    """Who wrote a field last, when (real time), and whether it still is the text of the report before."""

    by: str
    at: datetime
    is_brought_over: bool


@dataclass(frozen=True, slots=True)
class ReportNow:
    """How a report stands while people write it.

    Args:
        refusal: Why it could not be sent today if it were complete; LATE_REASON_NEEDED: it could, with a reason.
        span: The window that binds it now; None: nothing does.
        money: Of a project that uses budget: plan and disbursement of the quarter and of the year.
        marks: By field, of those that were written here.
        others: Names of those who have the form open, and when they were last seen (real time).
        before: The quarter whose texts can be brought over; None: there is none.
    """

    basis: YearBasis
    quarter: Quarter
    refusal: Refusal | None
    span: Span | None
    content: ReportContent
    demands: ReportDemands
    gaps: Sequence[Gap]
    activities: Sequence[AskedActivity]
    links: Sequence[AskedLink]
    money: MoneyOfQuarter | None
    marks: Mapping[FieldKey, FieldMark]
    others: Mapping[str, datetime]
    before: Quarter | None


@dataclass(frozen=True, slots=True)
class ReportForm(ReportNow):
    """All that the form of a report shows.

    Args:
        submission_id: None: nobody has begun it.
        version: That was sent last; 0: none.
        state: None: nobody has begun it.
        disbursed_before: In baht, by the approved reports of all quarters but this, with money carried over.
        evidence: The files that would go with it, by id.
        promised: What M1 and M3 of the project say, by column of ``projects``.
    """

    project_id: int
    code: str
    name: str
    unit: str
    submission_id: int | None
    version: int
    state: SubmissionState | None
    budget_total: Decimal | None
    disbursed_before: Decimal
    late_reason: str
    sent_back: SentBack | None
    evidence: Sequence[int]
    promised: Mapping[str, Any]

    @property
    def is_writable(self) -> bool:
        """Whether it lies with the unit: not on its way, and not approved."""
        return self.state in (None, SubmissionState.DRAFT, SubmissionState.RETURNED)


def project_to_report(session: Session, reference: Reference, person: str, code: str) -> Project:
    """Return the project with this code, of which ``person`` (a code) writes the reports.

    Raises:
        NoSuchReport: there is none, or it is of another's unit.
    """
    project = session.scalar(select(Project).where(Project.code == code))
    if project is None or not is_sender(
        reference, person, reference.unit_codes[project.unit_id], SubmissionKind.QUARTER_REPORT
    ):
        raise NoSuchReport(code)
    return project


def report_form(
    session: Session, reference: Reference, person: str, code: str, quarter: Quarter, real_now: datetime
) -> ReportForm:
    """Return the form of a project's report of ``quarter`` for ``person`` (codes).

    Raises:
        NoSuchReport: it is not for this person to write.
    """
    project = project_to_report(session, reference, person, code)
    row = existing_report(session, project.id, quarter)
    content = content_of(session, newest_content(session, row.id) if row else None)
    written = WrittenReport(project, row, quarter, content, demands_of(session, project, quarter))
    writer = people_reading(session, [person], reference.rules.today)[person]
    return ReportForm(
        **_now(session, reference, written, writer.person_id, real_now),
        project_id=project.id,
        code=project.code,
        name=project.name,
        unit=reference.unit_codes[project.unit_id],
        submission_id=row.id if row else None,
        version=row.version if row else 0,
        state=row.state if row else None,
        budget_total=project.budget_total,
        disbursed_before=_disbursed_before(session, project.id, quarter),
        late_reason=row.late_reason if row else "",
        sent_back=_sent_back(session, reference, row) if row else None,
        evidence=[file.evidence_id for file in files_of(session, row.id, row.version + 1)] if row else (),
        promised={name: getattr(project, name) for name in PROMISED},
    )


def report_now(
    session: Session, reference: Reference, written: WrittenReport, person_id: int, real_now: datetime
) -> ReportNow:
    """Return how a report stands that a person (a database id) has just written."""
    return ReportNow(**_now(session, reference, written, person_id, real_now))


def _now(
    session: Session, reference: Reference, written: WrittenReport, person_id: int, real_now: datetime
) -> dict[str, Any]:
    project, row, quarter, demands = written.project, written.row, written.quarter, written.demands
    unit, before = reference.unit_codes[project.unit_id], report_before(session, project.id, quarter)
    return {
        "basis": reference.rules.organisation.year_basis(unit),
        "quarter": quarter,
        "refusal": _refusal(session, reference, project, quarter, row),
        "span": binding_span(session, reference, row) if row else _agency_span(reference, unit, quarter),
        "content": written.content,
        "demands": demands,
        "gaps": gaps_of(written.content, demands),
        "activities": _activities(session, demands),
        "links": _links(session, demands),
        "money": _money(session, project, quarter, written.content) if project.uses_budget else None,
        "marks": _marks(session, row.id) if row else {},
        "others": report_visits.others_at(session, project.id, quarter, person_id, real_now),
        "before": Quarter(before.fiscal_year, before.quarter) if before else None,
    }


def _money(session: Session, project: Project, quarter: Quarter, content: ReportContent) -> MoneyOfQuarter:
    return money_of(session, project, quarter, content.disbursed_baht, content.carried_disbursed_baht)


def _refusal(
    session: Session, reference: Reference, project: Project, quarter: Quarter, row: Submission | None
) -> Refusal | None:
    """Return why the report could not be sent today, whatever it says."""
    unit, rules = reference.unit_codes[project.unit_id], reference.rules
    entry = SubmissionState.APPROVED if project.official_version else SubmissionState.DRAFT
    tracked = rules.policy(unit).tracked_from
    if not owes_report(project.start_month, project.end_month, entry, project.execution_status, quarter, tracked):
        return Refusal.NOT_OWED
    if not rules.organisation.route(unit):
        return Refusal.NO_ROUTE
    if row is None:
        row = Submission(
            unit_id=project.unit_id,
            kind=SubmissionKind.QUARTER_REPORT,
            fiscal_year=quarter.fiscal_year,
            quarter=quarter.number,
            late_reason="",
        )
    try:
        timing_of(session, reference, row, row.late_reason)
    except TransitionRefused as refused:
        return refused.refusal
    return None


def _agency_span(reference: Reference, unit: str, quarter: Quarter) -> Span | None:
    windows: StageWindows | None = windows_for(
        reference, unit, Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
    )
    return windows.agency if windows else None


def _activities(session: Session, demands: ReportDemands) -> Sequence[AskedActivity]:
    if not demands.activities:
        return ()
    whole = aliased(Activity)
    query = select(Activity.id, Activity.name, whole.name).outerjoin(whole, whole.id == Activity.parent_id)
    names = {number: told for number, *told in session.execute(query.where(Activity.id.in_(demands.activities)))}
    return [
        AskedActivity(FieldKey("activity_progress", number), names[number][0], names[number][1] or "")
        for number in demands.activities
    ]


def _links(session: Session, demands: ReportDemands) -> Sequence[AskedLink]:
    if not demands.links:
        return ()
    rows = {row.id: row for row in session.scalars(select(ProjectLink).where(ProjectLink.id.in_(demands.links)))}
    return [
        AskedLink(FieldKey("link_progress", number), rows[number].kind, rows[number].name) for number in demands.links
    ]


def _disbursed_before(session: Session, project_id: int, quarter: Quarter) -> Decimal:
    total = (
        select(func.sum(disbursed_of_every_year()))
        .join(Submission, QuarterReport.submission_id == Submission.id)
        .where(
            QuarterReport.version == Submission.version,
            Submission.project_id == project_id,
            Submission.kind == SubmissionKind.QUARTER_REPORT,
            Submission.state == SubmissionState.APPROVED,
            (Submission.fiscal_year != quarter.fiscal_year) | (Submission.quarter != quarter.number),
        )
    )
    return session.scalar(total) or Decimal(0)


def _sent_back(session: Session, reference: Reference, row: Submission) -> SentBack | None:
    """Return the return that the unit has to answer now; None: the report did not come back."""
    if row.state is not SubmissionState.RETURNED:
        return None
    decision = session.scalar(
        select(Decision)
        .where(
            Decision.submission_id == row.id,
            Decision.version == row.version,
            Decision.verdict == Verdict.RETURNED,
        )
        .order_by(Decision.step.desc())
        .limit(1)
    )
    if decision is None:  # returned before it came to the bot, or reopened
        return None
    ids = {decision.decided_by_id, decision.acting_for_id} - {None}
    codes = dict(session.execute(select(Person.id, Person.code).where(Person.id.in_(ids))).all())
    people = people_reading(session, list(codes.values()), reference.rules.today)
    by = people[codes[decision.decided_by_id]]
    principal = people[codes[decision.acting_for_id]].position if decision.acting_for_id else ""
    signed = Signatory(by.code, by.position, principal, decision.capacity)
    return SentBack(decision.reason, signed, decision.decided_at, decision.concerns)


def _marks(session: Session, submission_id: int) -> Mapping[FieldKey, FieldMark]:
    query = (
        select(DraftField, Person.full_name)
        .join(Person, Person.id == DraftField.edited_by_id)
        .where(DraftField.submission_id == submission_id)
    )
    return {
        FieldKey(mark.field, mark.item or None): FieldMark(name, mark.edited_at, mark.is_brought_over)
        for mark, name in session.execute(query)
    }
