"""What an agency's own system reads of its submissions: where each stands, with whom, since when, and what is missing.

What concerns units outside ``units`` is not found, like what does not exist.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from domain.completeness import gaps_of
from domain.errors import Gap
from domain.fiscal import Quarter
from domain.organisation import Capacity
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Stage, StageWindows
from storage.queries.readers import people_reading
from storage.queries.scope import waiting_at
from storage.reference import Reference
from storage.submissions.drafts import content_of, demands_of, newest_content
from storage.submissions.entries import gaps_of_entry
from storage.submissions.rows import position_of
from storage.submissions.windows import windows_of
from storage.tables import Activity, AgencyDuty, Decision, Person, Project, ProjectLink, Submission
from storage.tables.submissions import Verdict

_UNSENT = (SubmissionState.DRAFT, SubmissionState.RETURNED)


@dataclass(frozen=True, slots=True)
class WantedSubmissions:
    """What a list is narrowed down to; None: to nothing. ``stage`` is of the step at which an item waits."""

    project_code: str | None = None
    fiscal_year: int | None = None
    quarter: int | None = None
    kind: SubmissionKind | None = None
    state: SubmissionState | None = None
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class MissingField:
    """A field that must be filled before it is sent; ``item`` names the activity or plan that it belongs to."""

    field: str
    item: str | None


@dataclass(frozen=True, slots=True)
class DecisionRead:
    """A decision with the positions of who decided and of whom it was done for.

    ``concerns`` is the field of a report that a return points at, "" where it names none.
    """

    version: int
    step: int
    verdict: Verdict
    position: str
    principal: str
    capacity: Capacity | None
    reason: str
    concerns: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionRead:
    """A submission as it stands now. ``holders`` are the positions of who decides at ``step``."""

    row: Submission
    unit: str
    project_code: str | None
    plan_name: str | None
    step: int | None
    steps: int
    stage: Stage | None
    holders: tuple[str, ...]
    sent_by: str | None
    decisions: tuple[DecisionRead, ...]
    missing: tuple[MissingField, ...]
    windows: StageWindows | None


def find_submission(session: Session, units: Collection[int], number: int) -> Submission | None:
    """Return the submission with this id if it is of one of the units (ids)."""
    return session.scalar(select(Submission).where(Submission.id == number, Submission.unit_id.in_(units)))


def page_of_submissions(
    session: Session, reference: Reference, units: Collection[int], wanted: WantedSubmissions, offset: int, limit: int
) -> tuple[Sequence[Submission], int]:
    """Return some submissions of the units (ids), newest first, and how many there are altogether."""
    conditions = list(_conditions(reference, units, wanted))
    total = session.scalar(select(func.count()).select_from(Submission).where(*conditions)) or 0
    query = select(Submission).where(*conditions).order_by(Submission.id.desc()).offset(offset).limit(limit)
    return session.scalars(query).all(), total


def read_submissions(session: Session, reference: Reference, rows: Sequence[Submission]) -> Sequence[SubmissionRead]:
    """Return the submissions with everything that is told of them, in the same order."""
    codes: dict[int | None, str] = dict(
        session.execute(select(Project.id, Project.code).where(Project.id.in_({r.project_id for r in rows}))).all()
    )
    plans = select(AgencyDuty.id, AgencyDuty.plan_name).where(AgencyDuty.id.in_({r.agency_duty_id for r in rows}))
    names: dict[int | None, str] = dict(session.execute(plans).all())
    senders: dict[int | None, str] = dict(
        session.execute(select(Person.id, Person.code).where(Person.id.in_({r.sent_by_id for r in rows}))).all()
    )
    decisions = _decisions(session, reference, [row.id for row in rows])
    organisation = reference.rules.organisation
    found: list[SubmissionRead] = []
    for row in rows:
        unit = reference.unit_codes[row.unit_id]
        step = position_of(row, organisation, unit).step
        found.append(
            SubmissionRead(
                row=row,
                unit=unit,
                project_code=codes.get(row.project_id),
                plan_name=names.get(row.agency_duty_id),
                step=step,
                steps=len(organisation.route(unit)),
                stage=organisation.stage_of(unit, step) if step else None,
                holders=_holders(session, reference, unit, step),
                sent_by=senders.get(row.sent_by_id),
                decisions=tuple(decisions[row.id]),
                missing=tuple(_missing(session, row)) if row.state in _UNSENT else (),
                windows=windows_of(session, reference, row),
            )
        )
    return found


def named_gaps(session: Session, gaps: Iterable[Gap]) -> Iterable[MissingField]:
    """Yield what is missing, with the names of the activities and plans that it belongs to."""
    for gap in gaps:
        if gap.item is None:
            yield MissingField(gap.field, None)
        else:
            entity = Activity if gap.field == "activity_progress" else ProjectLink
            yield MissingField(gap.field, session.scalar(select(entity.name).where(entity.id == gap.item)))


def _conditions(
    reference: Reference, units: Collection[int], wanted: WantedSubmissions
) -> Iterable[ColumnElement[bool]]:
    yield Submission.unit_id.in_(units)
    if wanted.project_code is not None:
        yield Submission.project_id.in_(select(Project.id).where(Project.code == wanted.project_code))
    if wanted.fiscal_year is not None:
        yield Submission.fiscal_year == wanted.fiscal_year
    if wanted.quarter is not None:
        yield Submission.quarter == wanted.quarter
    if wanted.kind is not None:
        yield Submission.kind == wanted.kind
    if wanted.state is not None:
        yield Submission.state == wanted.state
    if wanted.stage is not None:
        organisation, codes = reference.rules.organisation, [reference.unit_codes[number] for number in units]
        steps = {
            code: {step.order for step in organisation.route(code) if step.stage is wanted.stage} for code in codes
        }
        yield waiting_at(steps, reference.unit_ids)


def _holders(session: Session, reference: Reference, unit: str, step: int | None) -> tuple[str, ...]:
    if step is None:
        return ()
    codes = reference.rules.organisation.approvers(unit, step)
    people = people_reading(session, codes, reference.rules.today)
    return tuple(people[code].position for code in codes if code in people)


def _decisions(session: Session, reference: Reference, ids: Sequence[int]) -> Mapping[int, list[DecisionRead]]:
    by, principal = aliased(Person), aliased(Person)
    query = (
        select(Decision, by.code, principal.code)
        .join(by, by.id == Decision.decided_by_id)
        .outerjoin(principal, principal.id == Decision.acting_for_id)
        .where(Decision.submission_id.in_(ids))
        .order_by(Decision.version, Decision.step)
    )
    rows = session.execute(query).all()
    people = people_reading(session, {code for _, *codes in rows for code in codes if code}, reference.rules.today)
    found: dict[int, list[DecisionRead]] = defaultdict(list)
    for decision, code, principal_code in rows:
        found[decision.submission_id].append(
            DecisionRead(
                decision.version,
                decision.step,
                decision.verdict,
                people[code].position,
                people[principal_code].position if principal_code else "",
                decision.capacity,
                decision.reason,
                decision.concerns,
                decision.decided_at,
            )
        )
    return found


def _missing(session: Session, row: Submission) -> Iterable[MissingField]:
    if row.kind is SubmissionKind.QUARTER_REPORT and row.project_id is not None:
        project = session.get_one(Project, row.project_id)
        demands = demands_of(session, project, Quarter(row.fiscal_year, row.quarter))
        return named_gaps(session, gaps_of(content_of(session, newest_content(session, row.id)), demands))
    if row.kind is SubmissionKind.PROJECT_ENTRY and row.project_id is not None:
        return named_gaps(session, gaps_of_entry(session, session.get_one(Project, row.project_id)))
    return ()
