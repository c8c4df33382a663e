"""One submission as the decision card shows it, to somebody who may decide it or may look (``domain.md`` §2, §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.fiscal import Quarter, YearBasis
from domain.organisation import Capacity, Hand, Organisation
from domain.permissions import Visibility, seats_of
from domain.reminders import BANGKOK
from domain.revisions import Changes
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Occasion, WindowKind
from storage.queries.approval_content import (
    MoneyOfQuarter,
    Particulars,
    changes_of,
    money_of,
    particulars_of,
    values_of,
)
from storage.queries.evidence import number_of_files
from storage.queries.readers import PersonReading, people_reading
from storage.queries.scope import submissions_in, waiting_at
from storage.queries.signatories import Signatory, codes_of, who_may
from storage.reference import Reference
from storage.submissions.mirroring import is_left_to_mirror
from storage.submissions.rows import position_of
from storage.submissions.windows import binding_span, occasion_of
from storage.tables import Decision, InformationRequest, Person, Project, Submission, SubmissionVersion
from storage.tables.submissions import Verdict


@dataclass(frozen=True, slots=True)
class RouteDecision:
    """What was decided at a step on a version; ``at`` is business time."""

    version: int
    step: int
    verdict: Verdict
    reason: str
    by: Signatory
    at: datetime


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What an approver asked about the version, and what the unit answered; ``answered_at`` None: not yet."""

    request_id: int
    question: str
    by: Signatory
    at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sending:
    """The newest sending: by whom (a position, empty where none is on record), when, and how it counts.

    ``is_resent``: the upper stage had sent it back, and it came again in that stage's window.
    """

    by: str
    at: datetime | None
    is_late: bool
    is_resent: bool
    late_reason: str


@dataclass(frozen=True, slots=True)
class ApprovalItem:
    """A submission, as somebody may see it now.

    Args:
        step: Where it waits, of ``steps``; None: it waits nowhere.
        hand: Whose step it is that the asker may decide now; None: the asker may only look.
        prepares: The asker is an assistant of whoever decides it now.
        is_own: The asker sent it.
        code: The project's; empty for an agency's plan.
        holders: Who may decide it now.
        closes_on: The last day of the window that binds the step; None: there is none.
        values: What stands in it, by field (``storage.queries.approval_content``).
        money: Of a report of a project that uses budget.
        evidence: How many photos and documents belong to this version.
        decisions: Those on this version, by step; ``sent_back`` is the return that it answers.
            Who sees approved data alone learns of no return, question, change or late reason.
        is_left_to_mirror: It is approved, and its unit still has to write it into eMENSCR.
    """

    submission_id: int
    kind: SubmissionKind
    state: SubmissionState
    version: int
    step: int | None
    steps: int
    hand: Hand | None
    prepares: bool
    is_own: bool
    unit: str
    code: str
    name: str
    occasion: Occasion
    basis: YearBasis
    master_plan_no: int | None
    uses_budget: bool
    holders: Sequence[Signatory]
    since: datetime | None
    closes_on: date | None
    sent: Sending
    values: Mapping[str, Any]
    money: MoneyOfQuarter | None
    changes: Changes | None
    evidence: int
    decisions: Sequence[RouteDecision]
    sent_back: RouteDecision | None
    enquiries: Sequence[Enquiry]
    is_left_to_mirror: bool

    @property
    def since_day(self) -> date | None:
        """The Bangkok day on which it came to the step."""
        return None if self.since is None else self.since.astimezone(BANGKOK).date()

    @property
    def waits_for_asker(self) -> bool:
        """Whether the asker may decide it now."""
        return self.hand is not None and not self.is_own

    def decision_at(self, step: int) -> RouteDecision | None:
        """Return what was decided on this version at a step."""
        return next((one for one in self.decisions if one.step == step), None)


def approval_item(
    session: Session,
    reference: Reference,
    person: str,
    submission_id: int,
    shown: tuple[int, int] | None = None,
    *,
    with_content: bool = True,
) -> ApprovalItem | None:
    """Return the submission as ``person`` (a code) may see it; None: there is none, or not for this person.

    ``shown`` are version and step of a card that the person had: what came to the own step and left it again, taken
    back by its unit or by the step before, is found, too. Without content it has no money and no changes either: all
    that an answer needs which only names it, while others wait for their turn to decide.
    """
    row = session.get(Submission, submission_id, populate_existing=True)
    if row is None or not _may_see(session, reference, person, row, shown):
        return None
    return _read(session, reference, person, row, with_content=with_content)


def item_changed(session: Session, reference: Reference, person: str, submission_id: int) -> ApprovalItem:
    """Return what ``person`` (a code) has just decided, as it stands now, without content: they saw it before."""
    row = session.get_one(Submission, submission_id, populate_existing=True)
    return _read(session, reference, person, row, with_content=False)


def _read(session: Session, reference: Reference, person: str, row: Submission, *, with_content: bool) -> ApprovalItem:
    organisation, unit = reference.rules.organisation, reference.unit_codes[row.unit_id]
    position = position_of(row, organisation, unit)
    hand = organisation.hand_at(person, unit, position.step) if position.step is not None else None
    project = session.get(Project, row.project_id) if row.project_id is not None else None
    route = organisation.route(unit)
    steps = route[-1].order if route else 1
    occasion = occasion_of(session, reference, row) or Occasion(WindowKind.PROJECT_ENTRY, row.fiscal_year)
    span = binding_span(session, reference, row) if position.step is not None else None
    values = values_of(session, row, project) if with_content or project is None else {}
    story = _Story(session, reference, row, unit, position.step)
    only_approved = hand is None and reference.sight(person).of(unit) is Visibility.APPROVED
    is_money = (
        with_content and project is not None and project.uses_budget and row.kind is SubmissionKind.QUARTER_REPORT
    )
    return ApprovalItem(
        submission_id=row.id,
        kind=row.kind,
        state=position.state,
        version=position.version,
        step=position.step,
        steps=steps,
        hand=hand,
        prepares=hand is None and _looks_after(reference, person, unit, position.step),
        is_own=story.sender == person,
        unit=unit,
        code=project.code if project else "",
        name=project.name if project else str(values["plan_name"]),
        occasion=occasion,
        basis=organisation.year_basis(unit),
        master_plan_no=project.master_plan_no if project else None,
        uses_budget=project.uses_budget if project else False,
        holders=story.holders,
        since=row.arrived_at,
        closes_on=span.closes_on if span else None,
        sent=replace(story.sending(), late_reason="") if only_approved else story.sending(),
        values=values,
        money=_money(session, row, project, values) if project and is_money else None,
        changes=changes_of(session, row, project, steps) if with_content and not only_approved else None,
        evidence=number_of_files(session, row) if with_content else 0,
        decisions=story.decisions(),
        sent_back=None if only_approved else story.sent_back(),
        enquiries=() if only_approved else story.enquiries(),
        is_left_to_mirror=is_left_to_mirror(reference, row),
    )


def item_particulars(session: Session, item: ApprovalItem) -> Particulars:
    """Return the lists that belong to an item which its asker may see."""
    row = session.get_one(Submission, item.submission_id)
    return particulars_of(session, row, session.get(Project, row.project_id) if row.project_id is not None else None)


def _may_see(
    session: Session, reference: Reference, person: str, row: Submission, shown: tuple[int, int] | None
) -> bool:
    organisation, unit = reference.rules.organisation, reference.unit_codes[row.unit_id]
    step = position_of(row, organisation, unit).step
    if step is not None and organisation.hand_at(person, unit, step) is not None:
        return True
    if _may_look(session, reference, person, row):
        return True
    project = session.get(Project, row.project_id) if row.project_id is not None else None
    return shown is not None and _came_to(organisation, person, unit, row, project, *shown)


def _may_look(session: Session, reference: Reference, person: str, row: Submission) -> bool:
    organisation, unit = reference.rules.organisation, reference.unit_codes[row.unit_id]
    seats = seats_of(person, organisation)
    steps = {order for seat in seats for order in organisation.orders_of(seat.holder).get(unit, ())}
    seen = or_(
        submissions_in(reference.sight(person).within([unit]), reference.unit_ids),
        waiting_at({unit: steps}, reference.unit_ids),
    )
    return session.scalar(select(Submission.id).where(Submission.id == row.id, seen)) is not None


def _came_to(
    organisation: Organisation, person: str, unit: str, row: Submission, project: Project | None, version: int,
    step: int,
) -> bool:  # fmt: skip
    """Tell whether a version may have come to a step of the person, who may know how far the unit's reports are."""
    is_first = step == min((each.order for each in organisation.route(unit)), default=None)
    is_official = project is not None and bool(project.official_version)
    was_sent = 0 < version <= row.version
    return was_sent and (is_first or is_official) and organisation.hand_at(person, unit, step) is not None


def _looks_after(reference: Reference, person: str, unit: str, step: int | None) -> bool:
    organisation = reference.rules.organisation
    seats = seats_of(person, organisation)
    return any(step in organisation.orders_of(seat.holder).get(unit, ()) for seat in seats)


def _money(session: Session, row: Submission, project: Project, values: Mapping[str, Any]) -> MoneyOfQuarter:
    quarter = Quarter(row.fiscal_year, row.quarter)
    return money_of(session, project, quarter, values["disbursed_baht"], values["carried_disbursed_baht"])


class _Story:
    """What happened to a submission: read at once, so that all the people in it are looked up together."""

    def __init__(
        self, session: Session, reference: Reference, row: Submission, unit: str, waits_at: int | None
    ) -> None:
        self._row = row
        self._decisions = session.scalars(
            select(Decision).where(Decision.submission_id == row.id).order_by(Decision.version, Decision.step)
        ).all()
        of_version = (SubmissionVersion.submission_id == row.id) & (SubmissionVersion.version == row.version)
        self._version = session.scalar(select(SubmissionVersion).where(of_version))
        self._enquiries = session.scalars(
            select(InformationRequest)
            .where(InformationRequest.submission_id == row.id, InformationRequest.version == row.version)
            .order_by(InformationRequest.id)
        ).all()
        self._codes = self._codes_of_people(session)
        organisation = reference.rules.organisation
        deciding = codes_of(organisation, unit, waits_at) if waits_at is not None else set[str]()
        self._people = people_reading(session, {*self._codes.values(), *deciding}, reference.rules.today)
        self.sender = self._codes.get(row.sent_by_id)
        self.holders = who_may(organisation, self._people, unit, waits_at) if waits_at is not None else ()

    def sending(self) -> Sending:
        """Return the newest sending."""
        row, version = self._row, self._version
        is_resent = version is not None and version.is_resent
        reason = row.late_reason if row.is_late else ""
        return Sending(self._position(row.sent_by_id), row.sent_at, row.is_late, is_resent, reason)

    def decisions(self) -> Sequence[RouteDecision]:
        """Return the decisions on the version that was sent last."""
        return [self._told(one) for one in self._decisions if one.version == self._row.version]

    def sent_back(self) -> RouteDecision | None:
        """Return the return that this version answers; None: nothing was returned since the last approval."""
        earlier = [one for one in self._decisions if one.version < self._row.version]
        return self._told(earlier[-1]) if earlier and earlier[-1].verdict is Verdict.RETURNED else None

    def enquiries(self) -> Sequence[Enquiry]:
        """Return the questions about the version that was sent last, oldest first."""
        return [
            Enquiry(
                request_id=one.id,
                question=one.question,
                by=self._signatory(one.asked_by_id, one.acting_for_id, one.capacity),
                at=one.asked_at,
                answer=one.answer,
                answered_by=self._position(one.answered_by_id),
                answered_at=one.answered_at,
            )
            for one in self._enquiries
        ]

    def _codes_of_people(self, session: Session) -> Mapping[int | None, str]:
        ids = {self._row.sent_by_id}
        for decision in self._decisions:
            ids |= {decision.decided_by_id, decision.acting_for_id}
        for enquiry in self._enquiries:
            ids |= {enquiry.asked_by_id, enquiry.acting_for_id, enquiry.answered_by_id}
        return dict(session.execute(select(Person.id, Person.code).where(Person.id.in_(ids - {None}))).all())

    def _told(self, decision: Decision) -> RouteDecision:
        by = self._signatory(decision.decided_by_id, decision.acting_for_id, decision.capacity)
        return RouteDecision(
            decision.version, decision.step, decision.verdict, decision.reason, by, decision.decided_at
        )

    def _signatory(self, person_id: int, principal_id: int | None, capacity: Capacity | None) -> Signatory:
        code = self._codes[person_id]
        if principal_id is None:
            return Signatory(code, self._position(person_id))
        return Signatory(code, self._position(person_id), self._position(principal_id), capacity or Capacity.ACTING)

    def _position(self, person_id: int | None) -> str:
        person: PersonReading | None = self._people.get(self._codes.get(person_id, ""))
        return person.position if person else ""
