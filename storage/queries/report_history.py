"""Past reports: what was sent when and by whom, what was decided on it, and what it said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from domain.fiscal import Quarter, YearBasis
from domain.permissions import Sight
from domain.reminders import BANGKOK
from domain.submissions import SubmissionKind, SubmissionState
from storage.queries.obligations import entered_state
from storage.queries.projects import find_project
from storage.queries.readers import PersonReading, people_reading
from storage.queries.scope import submissions_in
from storage.reference import Reference
from storage.tables import Decision, Person, Project, QuarterReport, Submission
from storage.tables.submissions import Verdict


@dataclass(frozen=True, slots=True)
class PastDecision:
    """What the holder of a step decided; ``acting``: in the place of whoever holds ``position``."""

    step: int
    position: str
    acting: bool
    verdict: Verdict
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class PastReport:
    """A report of a quarter: its newest sending, all decisions from the first on, and its summary as entered."""

    code: str
    name: str
    quarter: Quarter
    state: SubmissionState
    step: int | None
    version: int
    sent_on: date | None
    sent_by: str
    is_late: bool
    summary: str
    decisions: Sequence[PastDecision]


@dataclass(frozen=True, slots=True)
class ProjectHistory:
    """A page of the reports of a project, newest first."""

    code: str
    name: str
    unit: str
    basis: YearBasis
    reports: Sequence[PastReport]


def count_of_project(session: Session, reference: Reference, sight: Sight, code: str) -> int:
    """Return how many reports of the project there are that ``sight`` lets in; raises as ``project_history``."""
    project, narrow = find_project(session, reference, sight, code)
    return _count(session, _of_project(reference, narrow, project))


def project_history(session: Session, reference: Reference, sight: Sight, code: str, rows: range) -> ProjectHistory:
    """Return a page of the reports of the project with this code; ``rows`` counts from 0.

    Raises:
        NoSuchProject: there is none within the sight.
    """
    project, narrow = find_project(session, reference, sight, code)
    unit = reference.unit_codes[project.unit_id]
    return ProjectHistory(
        code=project.code,
        name=project.name,
        unit=unit,
        basis=reference.rules.organisation.year_basis(unit),
        reports=_reports(session, reference, _of_project(reference, narrow, project), rows),
    )


def count_of_units(session: Session, reference: Reference, sight: Sight, units: frozenset[str]) -> int:
    """Return how many reports there are of projects in ``units`` (codes) that ``sight`` lets in."""
    return _count(session, submissions_in(sight.within(units), reference.unit_ids))


def unit_history(
    session: Session, reference: Reference, sight: Sight, units: frozenset[str], rows: range
) -> Sequence[PastReport]:
    """Return a page of the reports of projects in ``units`` (codes), newest quarter first; ``rows`` counts from 0."""
    return _reports(session, reference, submissions_in(sight.within(units), reference.unit_ids), rows)


def _of_project(reference: Reference, narrow: Sight, project: Project) -> ColumnElement[bool]:
    return and_(Submission.project_id == project.id, submissions_in(narrow, reference.unit_ids))


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    query = select(func.count(Submission.id)).where(*_is_report(), condition)
    return session.scalar(query) or 0


def _is_report() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a report that has been begun, not of a late reason that stands alone."""
    return Submission.kind == SubmissionKind.QUARTER_REPORT, entered_state().is_not(None)


def _reports(
    session: Session, reference: Reference, condition: ColumnElement[bool], rows: range
) -> Sequence[PastReport]:
    content, newest = aliased(QuarterReport), aliased(QuarterReport)
    version = select(func.max(newest.version)).where(newest.submission_id == Submission.id).scalar_subquery()
    query = (
        select(Submission, Project.code, Project.name, content.summary, Person.code)
        .join(Project, Project.id == Submission.project_id)
        .outerjoin(content, and_(content.submission_id == Submission.id, content.version == version))
        .outerjoin(Person, Person.id == Submission.sent_by_id)
        .where(*_is_report(), condition)
        .order_by(Submission.fiscal_year.desc(), Submission.quarter.desc(), Project.code)
        .limit(len(rows))
        .offset(rows.start)
    )
    found = session.execute(query).all()
    decisions = _decisions(session, reference, [row.id for row, *_ in found])
    people = people_reading(session, {sender for *_, sender in found if sender}, reference.rules.today)
    return [
        PastReport(
            code=code,
            name=name,
            quarter=Quarter(row.fiscal_year, row.quarter),
            state=row.state,
            step=row.step,
            version=row.version,
            sent_on=_day(row.sent_at) if row.sent_at else None,
            sent_by=_position(people, sender),
            is_late=row.is_late,
            summary=summary or "",
            decisions=decisions.get(row.id, ()),
        )
        for row, code, name, summary, sender in found
    ]


def _decisions(
    session: Session, reference: Reference, submission_ids: Sequence[int]
) -> Mapping[int, Sequence[PastDecision]]:
    decider, principal = aliased(Person), aliased(Person)
    query = (
        select(Decision, decider.code, principal.code)
        .join(decider, decider.id == Decision.decided_by_id)
        .outerjoin(principal, principal.id == Decision.acting_for_id)
        .where(Decision.submission_id.in_(submission_ids))
        .order_by(Decision.decided_at, Decision.id)
    )
    found: Sequence[Any] = session.execute(query).all() if submission_ids else []
    people = people_reading(session, {of or by for _, by, of in found}, reference.rules.today)
    decisions: dict[int, list[PastDecision]] = defaultdict(list)
    for row, by, of in found:
        position = _position(people, of or by)
        decisions[row.submission_id].append(
            PastDecision(row.step, position, of is not None, row.verdict, _day(row.decided_at), row.reason)
        )
    return decisions


def _position(people: Mapping[str, PersonReading], code: str | None) -> str:
    return people[code].position if code else ""


def _day(moment: datetime) -> date:
    return moment.astimezone(BANGKOK).date()
