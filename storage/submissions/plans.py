"""Entering a level-3 plan or a yearly achievement report of an agency (``domain.md`` §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Occasion, WindowKind
from storage.agency_entries import DutyKey, Statement, begun_duty, duty_row, state
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.submissions.rows import changed
from storage.submissions.sending import check_sender
from storage.tables import AgencyDuty, Submission
from storage.tables.submissions import Origin


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A plan, or the achievement report of one, of an agency (its code); ``fiscal_year`` as the agency's year (B.E.).

    ``plan_name`` is empty for the agency's own plan of the year. ``is_thematic``: it is a plan of a theme.
    ``entered_on`` is the day on which it came into eMENSCR; None: the day of its approval counts.
    """

    kind: SubmissionKind
    agency: str
    fiscal_year: int
    plan_name: str
    reference: str
    is_thematic: bool
    entered_on: date | None = None

    @property
    def occasion(self) -> Occasion:
        """What the agency owes by it."""
        if self.kind is SubmissionKind.LEVEL3_PLAN:
            return Occasion(WindowKind.LEVEL3_PLAN, self.fiscal_year)
        kind = WindowKind.ACHIEVEMENT_ACTION_PLAN if self.is_thematic else WindowKind.ACHIEVEMENT_ANNUAL
        return Occasion(kind, self.fiscal_year)


def save_plan(session: Session, reference: Reference, by: Actor, entry: PlanEntry, at: Now) -> Submission:
    """Keep a plan or yearly report as a draft, whether a list names it or not; it counts as entered once approved.

    Raises:
        TransitionRefused: it is on its way, approved or entered already, or ``by`` does not enter the agency's plans.
        ImpossibleDay: nothing can have been entered on that day.
    """
    unit_id = reference.unit_ids[entry.agency]
    duty = begun_duty(session, unit_id, entry.occasion, entry.plan_name, is_thematic=entry.is_thematic)
    return _keep(session, reference, by, duty, Statement(entry.entered_on, entry.reference), at)


def state_plan(
    session: Session, reference: Reference, by: Actor, key: DutyKey, statement: Statement, at: Now
) -> Submission:
    """Keep what an officer states of a plan or yearly report that is owed, as a draft.

    Raises:
        NoSuchDuty: nobody owes it, or ``by`` does not enter it.
        TransitionRefused: it is on its way, approved or entered already, or goes up no route.
        ImpossibleDay: nothing can have been entered on that day.
        Overtaken: somebody else said something else meanwhile.
        NameTaken: the agency has another plan of that name.
    """
    return _keep(session, reference, by, duty_row(session, reference, by.code, key), statement, at)


def _keep(
    session: Session, reference: Reference, by: Actor, duty: AgencyDuty, statement: Statement, at: Now
) -> Submission:
    stored = select(Submission).where(Submission.agency_duty_id == duty.id).with_for_update(key_share=True)
    row = session.scalar(stored)
    is_entered_elsewhere = row is None and duty.entered_on is not None
    if is_entered_elsewhere or duty.kind is WindowKind.OPEN_D:
        raise TransitionRefused(Refusal.WRONG_STATE)
    if row is None:
        row = Submission(
            agency_duty_id=duty.id,
            kind=_kind_of(duty),
            unit_id=duty.unit_id,
            fiscal_year=duty.fiscal_year,
            quarter=0,
            state=SubmissionState.DRAFT,
            version=0,
            late_reason=duty.late_reason,
        )
        session.add(row)
    check_sender(reference, by, row)
    if row.state not in (SubmissionState.DRAFT, SubmissionState.RETURNED):
        raise TransitionRefused(Refusal.WRONG_STATE)
    state(session, reference, by, duty, statement, at)
    row.origin = Origin.BOT
    session.flush()
    changed(session, row, row.state, at)
    return row


def _kind_of(duty: AgencyDuty) -> SubmissionKind:
    is_plan = duty.kind is WindowKind.LEVEL3_PLAN
    return SubmissionKind.LEVEL3_PLAN if is_plan else SubmissionKind.ACHIEVEMENT_REPORT
