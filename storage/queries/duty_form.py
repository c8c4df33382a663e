"""All that the form of an agency's duty shows: what is stated of it, by whom, and how far it is on its route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.fiscal import YearBasis
from domain.send_timing import SendTiming, send_timing
from domain.submissions import SubmissionState
from domain.windows import Occasion, Span, Stage, StageWindows, WindowKind
from storage.agency_entries import DutyKey, find_duty
from storage.queries.approval_item import ApprovalItem, RouteDecision, approval_item
from storage.queries.route_progress import StepProgress, route_progress
from storage.reference import Reference
from storage.submissions.windows import binding_span, windows_for
from storage.tables import AgencyDuty, Person, Submission
from storage.tables.submissions import Verdict


@dataclass(frozen=True, slots=True)
class DutyForm:
    """A duty as an officer of its agency (a code) may fill it now.

    Args:
        duty_id: Its row; None: nobody stated anything of it yet.
        state: How far it is on its route; None: nothing was begun, or it goes up none.
        version: Of what was sent last.
        entered_on: The day that counts; ``stated_on`` is what its officer stated.
        stated_by: Who stated it last (a name) at ``stated_at``; ``revision`` counts such statements.
        returned: Why it came back, if it did; ``steps`` is the route while it waits there.
        timing: How sending it today would count, or why it cannot be sent; a late reason may be asked for.
        opens_on: The first day on which it can be sent; None: nothing says so.
        span: The window that binds whoever has to act; None: none does.
    """

    key: DutyKey
    duty_id: int | None
    submission_id: int | None
    basis: YearBasis
    plan_name: str
    is_thematic: bool
    state: SubmissionState | None
    version: int
    entered_on: date | None
    stated_on: date | None
    reference: str
    revision: int
    stated_by: str
    stated_at: datetime | None
    late_reason: str
    returned: RouteDecision | None
    steps: Sequence[StepProgress]
    timing: SendTiming | Refusal
    opens_on: date | None
    span: Span | None

    @property
    def occasion(self) -> Occasion:
        """What it is for."""
        return self.key.occasion

    @property
    def has_route(self) -> bool:
        """Whether it goes up the approval route."""
        return self.occasion.kind is not WindowKind.OPEN_D

    @property
    def is_editable(self) -> bool:
        """Whether its officer may state anything now."""
        if not self.has_route:
            return True
        return self.entered_on is None and self.state in (None, SubmissionState.DRAFT, SubmissionState.RETURNED)

    @property
    def can_withdraw(self) -> bool:
        """Whether it waits at the first step, where nobody has decided on it."""
        return bool(self.steps) and self.steps[0].is_current


def duty_form(session: Session, reference: Reference, person: str, key: DutyKey) -> DutyForm:
    """Return the form as ``person`` (a code) may see it.

    Raises:
        NoSuchDuty: nobody owes it, or ``person`` does not enter it.
    """
    duty = find_duty(session, reference, person, key)
    row = session.scalar(select(Submission).where(Submission.agency_duty_id == duty.id)) if duty else None
    item = approval_item(session, reference, person, row.id, with_content=False) if row else None
    return DutyForm(
        key=key,
        duty_id=duty.id if duty else None,
        submission_id=row.id if row else None,
        basis=reference.rules.organisation.year_basis(key.agency),
        plan_name=duty.plan_name if duty else "",
        is_thematic=duty.is_thematic if duty else False,
        state=row.state if row else None,
        version=row.version if row else 0,
        entered_on=duty.entered_on if duty else None,
        stated_on=duty.stated_on if duty else None,
        reference=duty.reference if duty else "",
        revision=duty.revision if duty else 0,
        stated_by=_name(session, duty),
        stated_at=duty.stated_at if duty else None,
        late_reason=(row.late_reason if row else "") or (duty.late_reason if duty else ""),
        returned=_return_of(item),
        steps=route_progress(session, reference, item) if item else (),
        timing=_timing(reference, key, row),
        opens_on=windows.starts_on(Stage.AGENCY) if (windows := _windows(reference, key)) else None,
        span=_span(session, reference, key, row),
    )


def _name(session: Session, duty: AgencyDuty | None) -> str:
    if duty is None or duty.stated_by_id is None:
        return ""
    return session.scalars(select(Person.full_name).where(Person.id == duty.stated_by_id)).one()


def _return_of(item: ApprovalItem | None) -> RouteDecision | None:
    """Return why it came back: also while it is mended after that."""
    if item is None or item.state is SubmissionState.DRAFT:
        return item.sent_back if item else None
    if item.state is not SubmissionState.RETURNED:
        return None
    return next((one for one in reversed(item.decisions) if one.verdict is Verdict.RETURNED), None)


def _timing(reference: Reference, key: DutyKey, row: Submission | None) -> SendTiming | Refusal:
    try:
        return send_timing(
            _windows(reference, key),
            row.returned_by if row else None,
            reference.rules.policy(key.agency).late_reports,
            reference.rules.today,
            is_reopened=row is not None and row.reopened_at is not None,
            late_reason="",
        )
    except TransitionRefused as refused:
        return refused.refusal


def _span(session: Session, reference: Reference, key: DutyKey, row: Submission | None) -> Span | None:
    if row is not None:
        return binding_span(session, reference, row)
    windows = _windows(reference, key)
    return windows.of(Stage.AGENCY) if windows else None


def _windows(reference: Reference, key: DutyKey) -> StageWindows | None:
    return windows_for(reference, key.agency, key.occasion)
