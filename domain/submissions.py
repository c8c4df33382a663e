"""The life of a submission, and whose delay a lateness is (``domain.md`` §3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.errors import Refusal, TransitionRefused
from domain.windows import Stage, StageWindows

MIN_REASON_LENGTH = 10


class SubmissionKind(StrEnum):
    """What is sent along the approval route."""

    PROJECT_ENTRY = "project_entry"
    PROJECT_EDIT = "project_edit"
    QUARTER_REPORT = "quarter_report"
    LEVEL3_PLAN = "level3_plan"
    ACHIEVEMENT_REPORT = "achievement_report"


class SubmissionState(StrEnum):
    """Where a submission stands; ``agency_approved`` of ``domain.md`` is pending at a step of stage UPPER."""

    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    RETURNED = "returned"
    APPROVED = "approved"


class ExecutionStatus(StrEnum):
    """How far the project itself is; independent of any submission."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class DutyState(StrEnum):
    """Breakdown of what an officer still owes or an approver still holds."""

    MISSING = "missing"
    DRAFT = "draft"
    RETURNED = "returned"
    WAITING = "waiting"


def duty_state(state: SubmissionState | None) -> DutyState | None:
    """Return what is left to do for a submission in this state (None: nothing entered yet); None when approved."""
    match state:
        case None:
            return DutyState.MISSING
        case SubmissionState.DRAFT:
            return DutyState.DRAFT
        case SubmissionState.RETURNED:
            return DutyState.RETURNED
        case SubmissionState.PENDING_APPROVAL:
            return DutyState.WAITING
        case SubmissionState.APPROVED:
            return None


class ApprovalStep(NamedTuple):
    """One step of a unit's approval route; ``order`` counts from 1, several people may hold the same step."""

    order: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class Position:
    """Where a submission stands: state, version (grows with each sending) and, while pending, the step's order."""

    state: SubmissionState
    version: int
    step: int | None = None


def send(position: Position, route: tuple[ApprovalStep, ...]) -> Position:
    """Return the position after sending: a new version at the first step; a re-send restarts the whole route.

    Raises:
        TransitionRefused: it is already on its way or approved, or there is no route.
    """
    if not route:
        raise TransitionRefused(Refusal.NO_ROUTE)
    if position.state not in (SubmissionState.DRAFT, SubmissionState.RETURNED):
        raise TransitionRefused(Refusal.WRONG_STATE)
    return Position(SubmissionState.PENDING_APPROVAL, position.version + 1, route[0].order)


def approve(position: Position, route: tuple[ApprovalStep, ...], *, seen_version: int, step: int) -> Position:
    """Return the position after the holder of ``step`` approved the version that the card showed.

    Raises:
        TransitionRefused: not pending at that step, or the version changed since.
    """
    _check_decidable(position, seen_version=seen_version, step=step)
    later = [s.order for s in route if s.order > step]
    if later:
        return Position(SubmissionState.PENDING_APPROVAL, position.version, min(later))
    return Position(SubmissionState.APPROVED, position.version)


def return_(position: Position, *, seen_version: int, step: int, reason: str) -> Position:
    """Return the position after the holder of ``step`` sent the version back to the data-entry unit.

    Raises:
        TransitionRefused: not pending at that step, the version changed since, or a reason under ten characters.
    """
    _check_decidable(position, seen_version=seen_version, step=step)
    if len(reason.strip()) < MIN_REASON_LENGTH:
        raise TransitionRefused(Refusal.REASON_TOO_SHORT)
    return Position(SubmissionState.RETURNED, position.version)


def withdraw(position: Position, route: tuple[ApprovalStep, ...]) -> Position:
    """Return the position after the sender took it back, possible before any decision.

    Raises:
        TransitionRefused: it is not waiting at the first step.
    """
    if position.state is not SubmissionState.PENDING_APPROVAL:
        raise TransitionRefused(Refusal.WRONG_STATE)
    if position.step != route[0].order:
        raise TransitionRefused(Refusal.ALREADY_DECIDED)
    return Position(SubmissionState.DRAFT, position.version)


def _check_decidable(position: Position, *, seen_version: int, step: int) -> None:
    if position.state is not SubmissionState.PENDING_APPROVAL:
        raise TransitionRefused(Refusal.WRONG_STATE)
    if position.version != seen_version:
        raise TransitionRefused(Refusal.STALE_VERSION)
    if position.step != step:
        raise TransitionRefused(Refusal.NOT_YOUR_STEP)


def overdue_stage(
    state: SubmissionState | None, waiting_at: Stage | None, returned_by: Stage | None, windows: StageWindows, on: date
) -> Stage | None:
    """Return whose delay it is on ``on``: AGENCY, UPPER, or None when nobody is late.

    The agency is late when its window closed and the report has not left it (nothing sent, returned, or at an agency
    step). What left the agency in time is never the agency's delay: returned by the upper stage, it may be sent again
    until that stage's window ends. Source: ``domain.md`` §3, derived ``overdue``.
    """
    if state is SubmissionState.APPROVED:
        return None
    span = windows.of(binding_stage(waiting_at, returned_by))
    if span is None or on <= span.closes_on:
        return None
    return waiting_at or Stage.AGENCY


def binding_stage(waiting_at: Stage | None, returned_by: Stage | None) -> Stage:
    """Return the stage whose window binds what is not approved yet.

    ``waiting_at`` is the stage of the step it waits at (None: with the officer). What the upper stage sent back stays
    bound by that stage's window until it is approved.
    """
    return Stage.UPPER if returned_by is Stage.UPPER else waiting_at or Stage.AGENCY
