"""Entering a level-3 plan or a yearly achievement report of an agency (``domain.md`` §6)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import WindowKind
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
    """

    kind: SubmissionKind
    agency: str
    fiscal_year: int
    plan_name: str
    reference: str
    is_thematic: bool

    @property
    def duty_kind(self) -> WindowKind:
        """What the agency owes by it."""
        if self.kind is SubmissionKind.LEVEL3_PLAN:
            return WindowKind.LEVEL3_PLAN
        return WindowKind.ACHIEVEMENT_ACTION_PLAN if self.is_thematic else WindowKind.ACHIEVEMENT_ANNUAL


def save_plan(session: Session, reference: Reference, by: Actor, entry: PlanEntry, at: Now) -> Submission:
    """Keep a plan or yearly report as a draft; it counts as entered once it is approved.

    Raises:
        TransitionRefused: it is on its way, approved or entered already, or ``by`` does not enter the agency's plans.
    """
    key = {
        "unit_id": reference.unit_ids[entry.agency],
        "kind": entry.duty_kind,
        "fiscal_year": entry.fiscal_year,
        "plan_name": entry.plan_name,
    }
    duty = session.scalar(select(AgencyDuty).filter_by(**key).with_for_update(key_share=True))
    if duty is None:
        duty = AgencyDuty(**key, is_thematic=entry.is_thematic)
        session.add(duty)
        session.flush()
    row = session.scalar(select(Submission).where(Submission.agency_duty_id == duty.id))
    if row is None and duty.entered_on is not None:  # elsewhere, by other means
        raise TransitionRefused(Refusal.WRONG_STATE)
    if row is None:
        row = Submission(
            agency_duty_id=duty.id,
            kind=entry.kind,
            unit_id=duty.unit_id,
            fiscal_year=duty.fiscal_year,
            quarter=0,
            state=SubmissionState.DRAFT,
            version=0,
        )
        session.add(row)
    check_sender(reference, by, row)
    if row.state not in (SubmissionState.DRAFT, SubmissionState.RETURNED):
        raise TransitionRefused(Refusal.WRONG_STATE)
    row.origin, duty.reference = Origin.BOT, entry.reference
    session.flush()
    changed(session, row, row.state, at)
    return row
