"""Many items at once: what to know of them before they are approved together, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from domain.bulk_approval import Caution, Facts, Outcome, cautions_of
from domain.completeness import ReportContent, ReportDemands, gaps_of
from domain.fiscal import Quarter
from domain.organisation import Capacity
from domain.permissions import Sight
from domain.spending import NOTHING, Spending
from domain.submissions import SubmissionKind, SubmissionState, next_step
from storage.approval_batches import Batch, Item, decisions_on
from storage.queries.approval_content import PLAIN, disbursed_of_every_year
from storage.queries.readers import people_reading
from storage.queries.scope import projects_in, submissions_in
from storage.queries.signatories import Signatory, codes_of, who_may
from storage.queries.spending_plans import plan_in_force, planned
from storage.reference import Reference
from storage.submissions.project_changes import from_json
from storage.tables import (
    AgencyDuty,
    Decision,
    InformationRequest,
    Person,
    Project,
    QuarterReport,
    SpendingPlan,
    Submission,
    SubmissionVersion,
)
from storage.tables.submissions import Verdict


@dataclass(frozen=True, slots=True)
class Preview:
    """An item before it is approved, in baht.

    ``disbursed`` is the quarter's own money of a report, ``budget`` the whole budget of a project that is entered or
    edited; None where there is none.
    """

    disbursed: Decimal | None
    budget: Decimal | None
    cautions: tuple[Caution, ...]


def previews(session: Session, submission_ids: Collection[int]) -> Mapping[int, Preview]:
    """Return what is known of these items in their current version; the asker must hold the steps they wait at."""
    reading = _Reading(session, submission_ids)
    query = select(Submission, Project).outerjoin(Project, Project.id == Submission.project_id)
    rows = session.execute(query.where(Submission.id.in_(submission_ids))).all()
    return {row.id: reading.preview(row, project) for row, project in rows}


class _Reading:
    """Reads items one by one; what a single query can find for all of them is read once."""

    def __init__(self, session: Session, ids: Collection[int]) -> None:
        self._session = session
        self._asked_about = _with_open_question(session, ids)
        self._contents = _contents(session, ids)
        self._plans = _plans(session, ids)
        self._spent = _spent(session, ids)

    def preview(self, row: Submission, project: Project | None) -> Preview:
        """Return what is known of an item."""
        if project is None:
            return Preview(None, None, cautions_of(self._facts(row)))
        if row.kind is not SubmissionKind.QUARTER_REPORT:
            return Preview(None, self._wished_budget(row, project), cautions_of(self._facts(row)))
        content, plan = self._contents.get(row.id, ReportContent()), self._plans.get(row.id)
        disbursed = content.disbursed_baht if project.uses_budget else None
        carried = content.carried_disbursed_baht or Decimal(0)
        facts = self._facts(
            row,
            own=Spending(plan, disbursed),
            spent=None if disbursed is None else disbursed + carried + self._spent.get(project.id, Decimal(0)),
            budget=project.budget_total,
            is_incomplete=bool(gaps_of(content, ReportDemands(project.uses_budget, plan, asks_level1=False))),
        )
        return Preview(disbursed, None, cautions_of(facts))

    def _facts(
        self,
        row: Submission,
        *,
        own: Spending = NOTHING,
        spent: Decimal | None = None,
        budget: Decimal | None = None,
        is_incomplete: bool = False,
    ) -> Facts:
        return Facts(
            version=row.version,
            own=own,
            spent=spent,
            budget=budget,
            is_late=row.is_late,
            is_edit=row.kind is SubmissionKind.PROJECT_EDIT,
            is_incomplete=is_incomplete,
            has_open_question=row.id in self._asked_about,
        )

    def _wished_budget(self, row: Submission, project: Project) -> Decimal | None:
        """Return the project's budget as it will be once the version is approved."""
        sent = SubmissionVersion
        changes = select(sent.changes).where(sent.submission_id == row.id, sent.version == row.version)
        wished: Decimal | None = from_json(self._session.scalar(changes) or {}).get(
            "budget_total", project.budget_total
        )
        return wished


def _with_open_question(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Return those of the items about whose current version something was asked and not answered."""
    request = InformationRequest
    of_version = and_(request.submission_id == Submission.id, request.version == Submission.version)
    query = select(Submission.id).join(request, of_version)
    return frozenset(session.scalars(query.where(Submission.id.in_(ids), request.answered_at.is_(None))))


def _contents(session: Session, ids: Collection[int]) -> Mapping[int, ReportContent]:
    """Return what reports say in their current version, without activities and links: spreadsheets have none."""
    of_version = and_(QuarterReport.submission_id == Submission.id, QuarterReport.version == Submission.version)
    rows = session.scalars(select(QuarterReport).join(Submission, of_version).where(Submission.id.in_(ids)))
    return {row.submission_id: ReportContent(**{name: getattr(row, name) for name in PLAIN}) for row in rows}


def _plans(session: Session, ids: Collection[int]) -> Mapping[int, Decimal]:
    """Return what the plan in force at the end of each report's quarter plans for that quarter."""
    quarters = select(Submission.fiscal_year, Submission.quarter).distinct()
    is_report = and_(Submission.id.in_(ids), Submission.kind == SubmissionKind.QUARTER_REPORT)
    found: dict[int, Decimal] = {}
    for year, number in session.execute(quarters.where(is_report)).all():
        quarter = Quarter(year, number)
        plan = (
            select(Submission.id, planned(number))
            .join(Project, Project.id == Submission.project_id)
            .join(SpendingPlan, plan_in_force(quarter))
            .where(is_report, Submission.fiscal_year == year, Submission.quarter == number)
        )
        found.update(session.execute(plan).all())
    return found


def _spent(session: Session, ids: Collection[int]) -> Mapping[int, Decimal]:
    """Return what approved reports of the items' projects disbursed, by project; what waits is not among it.

    Money carried over is: the project's budget holds that of every year.
    """
    projects = select(Submission.project_id).where(Submission.id.in_(ids))
    of_version = and_(QuarterReport.submission_id == Submission.id, QuarterReport.version == Submission.version)
    query = (
        select(Submission.project_id, func.sum(disbursed_of_every_year()))
        .join(QuarterReport, of_version)
        .where(
            Submission.project_id.in_(projects),
            Submission.kind == SubmissionKind.QUARTER_REPORT,
            Submission.state == SubmissionState.APPROVED,
        )
        .group_by(Submission.project_id)
    )
    return {project: spent for project, spent in session.execute(query) if project is not None and spent is not None}


class Label(NamedTuple):
    """What an item is called; ``code`` is empty for an agency's plan or yearly report."""

    code: str
    name: str


def labels(session: Session, reference: Reference, sight: Sight, ids: Collection[int]) -> Mapping[int, Label]:
    """Return what these items are called, wherever they stand by now, as far as the asker may know of them."""
    is_known = or_(submissions_in(sight, reference.unit_ids), projects_in(sight, reference.unit_ids))
    query = (
        select(Submission.id, func.coalesce(Project.code, ""), func.coalesce(Project.name, AgencyDuty.plan_name, ""))
        .outerjoin(Project, Project.id == Submission.project_id)
        .outerjoin(AgencyDuty, AgencyDuty.id == Submission.agency_duty_id)
        .where(Submission.id.in_(ids), is_known)
    )
    return {number: Label(code, name) for number, code, name in session.execute(query)}


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of an item of a confirmed list; ``outcome`` None: nothing yet.

    ``by`` is who decided (a position), ``principal`` in whose place and ``capacity`` in which. ``following`` are who
    holds it next; nobody where ``is_final``. ``at`` is business time.
    """

    submission_id: int
    outcome: Outcome | None
    by: str = ""
    principal: str = ""
    capacity: Capacity | None = None
    was_returned: bool = False
    at: datetime | None = None
    following: Sequence[Signatory] = ()
    is_final: bool = False


def results(session: Session, reference: Reference, person_id: int, batch: Batch) -> Sequence[ItemResult]:
    """Return what became of the items of a person's confirmed list, as it is by now."""
    return _Results(session, reference, person_id, batch).all()


class _Results:
    def __init__(self, session: Session, reference: Reference, person_id: int, batch: Batch) -> None:
        self._organisation, self._person_id, self._batch = reference.rules.organisation, person_id, batch
        self._made = decisions_on(session, batch.included)
        ids = [item.submission_id for item in batch.included]
        units = session.execute(select(Submission.id, Submission.unit_id).where(Submission.id.in_(ids)))
        self._units = {number: reference.unit_codes[unit] for number, unit in units}
        deciding = {made.decided_by_id for made in self._made.values()}
        deciding |= {made.acting_for_id for made in self._made.values() if made.acting_for_id is not None}
        codes = select(Person.id, Person.code).where(Person.id.in_(deciding))
        self._codes: Mapping[int, str] = dict(session.execute(codes).all())
        steps = filter(None, map(self._following, batch.included))
        following = {code for unit, order in steps for code in codes_of(self._organisation, unit, order)}
        self._people = people_reading(session, {*self._codes.values(), *following}, reference.rules.today)

    def all(self) -> Sequence[ItemResult]:
        """Return the result of each item that was to be approved, in the order of the list."""
        return [self._result(item, self._made.get(item.submission_id)) for item in self._batch.included]

    def _result(self, item: Item, made: Decision | None) -> ItemResult:
        outcome = self._batch.outcomes.get(item.submission_id)
        if outcome is Outcome.APPROVED and made is None:
            return ItemResult(item.submission_id, Outcome.UNDONE)
        if made is None or outcome not in (Outcome.APPROVED, Outcome.DECIDED):
            return ItemResult(item.submission_id, outcome)
        is_own = made.decided_by_id == self._person_id and made.verdict is Verdict.APPROVED
        following = self._following(item)
        return ItemResult(
            submission_id=item.submission_id,
            outcome=Outcome.APPROVED if is_own else Outcome.DECIDED,
            by=self._position(self._codes[made.decided_by_id]),
            principal=self._position(self._codes[made.acting_for_id]) if made.acting_for_id else "",
            capacity=made.capacity if made.acting_for_id else None,
            was_returned=made.verdict is Verdict.RETURNED,
            at=made.decided_at,
            following=who_may(self._organisation, self._people, *following) if following else (),
            is_final=following is None,
        )

    def _following(self, item: Item) -> tuple[str, int] | None:
        """Return the unit and the step that follows; None: there is none."""
        unit = self._units.get(item.submission_id)
        order = None if unit is None else next_step(self._organisation.route(unit), item.step)
        return None if unit is None or order is None else (unit, order)

    def _position(self, code: str) -> str:
        person = self._people.get(code)
        return person.position if person else ""
