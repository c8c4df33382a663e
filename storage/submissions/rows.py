"""The row of a submission, as every change of it needs it: locked, as a position, with its name in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.fiscal import Quarter
from domain.organisation import Capacity, Hand, Organisation
from domain.submissions import Position, SubmissionKind, SubmissionState
from domain.windows import Stage, WindowKind
from storage import report_counts, shared_state
from storage.audit import record
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import AgencyDuty, Person, Project, Submission, Unit
from storage.tables.messaging import AuditAction


class NoSuchSubmission(LookupError):
    """There is no submission of this id."""


def locked(session: Session, submission_id: int) -> Submission:
    """Return the submission, which nobody else changes until the transaction ends.

    Raises:
        NoSuchSubmission: there is none.
    """
    query = select(Submission).where(Submission.id == submission_id)
    row = session.scalar(query.with_for_update(key_share=True).execution_options(populate_existing=True))
    if row is None:
        raise NoSuchSubmission(submission_id)
    return row


def position_of(row: Submission, organisation: Organisation, unit: str) -> Position:
    """Return where the submission stands; one that was imported without a step waits at the route's first."""
    if row.state is not SubmissionState.PENDING_APPROVAL:
        return Position(row.state, row.version)
    route = organisation.route(unit)
    return Position(row.state, row.version, row.step or (route[0].order if route else 1))


def place(row: Submission, position: Position) -> None:
    """Let the submission stand at ``position``."""
    row.state, row.version, row.step = position.state, position.version, position.step


def subject_of(session: Session, row: Submission) -> str:
    """Return what the audit trail calls the submission: «report:CODE:1/2566», «entry:CODE», «plan:UNIT:kind:2566:…».

    A plan keeps the name that the office's list has, so that its trail stays one.
    """
    if row.project_id is None:
        listed_as = func.coalesce(AgencyDuty.listed_as, AgencyDuty.plan_name)
        query = select(Unit.code, AgencyDuty.kind, AgencyDuty.fiscal_year, listed_as)
        duty = query.join(Unit, Unit.id == AgencyDuty.unit_id).where(AgencyDuty.id == row.agency_duty_id)
        unit, kind, year, plan_name = session.execute(duty).one()
        return plan_subject(unit, kind, year, plan_name)
    code = session.scalars(select(Project.code).where(Project.id == row.project_id)).one()
    return project_subject(row.kind, code, row.fiscal_year, row.quarter)


def project_subject(kind: SubmissionKind, code: str, fiscal_year: int, quarter: int) -> str:
    """Return what the audit trail calls the submission of a project."""
    if kind is SubmissionKind.QUARTER_REPORT:
        return f"report:{code}:{quarter}/{fiscal_year}"
    return f"{'edit' if kind is SubmissionKind.PROJECT_EDIT else 'entry'}:{code}"


def plan_subject(unit: str, kind: WindowKind, fiscal_year: int, plan_name: str) -> str:
    """Return what the audit trail calls a plan or yearly report of an agency (a code)."""
    return f"plan:{unit}:{kind}:{fiscal_year}:{plan_name}"


def stood(position: Position) -> Mapping[str, Any]:
    """Return a position as the audit trail keeps it."""
    return {"state": position.state, "version": position.version, "step": position.step}


def acted_in(capacity: Capacity | None) -> Mapping[str, Any]:
    """Return the capacity in which somebody decided for another, as the audit trail keeps it; nothing for one's own."""
    return {"capacity": capacity} if capacity else {}


def audit(
    session: Session,
    row: Submission,
    action: AuditAction,
    by: Actor,
    at: Now,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    acting_for_id: int | None = None,
) -> None:
    """Add an entry about the submission to the audit trail."""
    subject = subject_of(session, row)
    record(session, action, subject, by, at, before=dict(before), after=dict(after), acting_for_id=acting_for_id)


def changed(session: Session, row: Submission, before: SubmissionState, at: Now) -> None:
    """Keep what is counted, and note that plans changed; ``before`` is the state until now."""
    if row.kind is SubmissionKind.QUARTER_REPORT:
        is_official = SubmissionState.APPROVED in (before, row.state)
        quarter = Quarter(row.fiscal_year, row.quarter)
        report_counts.recount(session, [row.unit_id], [quarter], with_spending=is_official)
    shared_state.plan_changed(session, at.real)


def principal_id(session: Session, by: Actor, hand: Hand) -> int | None:
    """Return in whose place ``by`` acts, by database id; None: in the own."""
    if hand.holder == by.code:
        return None
    return session.scalars(select(Person.id).where(Person.code == hand.holder)).one()


def unit_of(reference: Reference, row: Submission) -> str:
    """Return the code of the data-entry unit."""
    return reference.unit_codes[row.unit_id]


def stage_at(reference: Reference, unit: str, step: int) -> Stage:
    """Return the stage of a step of the unit's route."""
    return reference.rules.organisation.stage_of(unit, step)
