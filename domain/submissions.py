"""The life of a submission, and whose delay a lateness is (``domain.md`` §3)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from domain.errors import Refusal, TransitionRefused
from domain.windows import Stage, StageWindows

MIN_REASON_LENGTH, MAX_REASON_LENGTH = 10, 1_000
"""Characters of a reason that somebody types."""

UNDO_FOR = timedelta(minutes=10)
"""How long an approval can be taken back, if the next step has not decided (``domain.md`` §3)."""


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


def send(position: Position, route: tuple[ApprovalStep, ...], kind: SubmissionKind) -> Position:
    """Return the position after sending: a new version at the first step; a re-send restarts the whole route.

    An approved edit can be followed by the next edit of the project; nothing else is sent again once it is approved.

    Raises:
        TransitionRefused: it is already on its way or approved, or there is no route.
    """
    if not route:
        raise TransitionRefused(Refusal.NO_ROUTE)
    is_next_edit = kind is SubmissionKind.PROJECT_EDIT and position.state is SubmissionState.APPROVED
    if position.state not in (SubmissionState.DRAFT, SubmissionState.RETURNED) and not is_next_edit:
        raise TransitionRefused(Refusal.WRONG_STATE)
    return Position(SubmissionState.PENDING_APPROVAL, position.version + 1, route[0].order)


def approve(position: Position, route: tuple[ApprovalStep, ...], *, seen_version: int, step: int) -> Position:
    """Return the position after the holder of ``step`` approved the version that the card showed.

    Raises:
        TransitionRefused: not pending at that step, or the version changed since.
    """
    check_waits(position, seen_version=seen_version, step=step)
    following = next_step(route, step)
    if following is not None:
        return Position(SubmissionState.PENDING_APPROVAL, position.version, following)
    return Position(SubmissionState.APPROVED, position.version)


def return_(position: Position, *, seen_version: int, step: int, reason: str) -> Position:
    """Return the position after the holder of ``step`` sent the version back to the data-entry unit.

    Raises:
        TransitionRefused: not pending at that step, the version changed since, or a reason that says too little.
    """
    check_waits(position, seen_version=seen_version, step=step)
    check_reason(reason)
    return Position(SubmissionState.RETURNED, position.version)


def undo(
    position: Position, route: tuple[ApprovalStep, ...], *, seen_version: int, step: int, decided_for: timedelta
) -> Position:
    """Return the position after the approval of ``step``, given ``decided_for`` ago, was taken back.

    Raises:
        TransitionRefused: it was the last step, the next step decided, another version is on its way, or ten minutes
            are over.
    """
    if position.version != seen_version:
        raise TransitionRefused(Refusal.STALE_VERSION)
    if position.state is SubmissionState.APPROVED:
        raise TransitionRefused(Refusal.LAST_STEP)
    if position.state is not SubmissionState.PENDING_APPROVAL or position.step != next_step(route, step):
        raise TransitionRefused(Refusal.ALREADY_DECIDED)
    if decided_for > UNDO_FOR:
        raise TransitionRefused(Refusal.UNDO_TOO_LATE)
    return Position(SubmissionState.PENDING_APPROVAL, position.version, step)


def withdraw(position: Position, route: tuple[ApprovalStep, ...]) -> Position:
    """Return the position after the sender took it back, possible before any decision.

    Raises:
        TransitionRefused: it is not on its way, or no longer at the first step.
    """
    if position.state is not SubmissionState.PENDING_APPROVAL:
        raise TransitionRefused(Refusal.WRONG_STATE)
    if route and position.step != route[0].order:
        raise TransitionRefused(Refusal.ALREADY_DECIDED)
    return Position(SubmissionState.DRAFT, position.version)


def reopen(position: Position, kind: SubmissionKind) -> Position:
    """Return the position after an administrator gave an approved submission back to its unit.

    A project that was approved stays as it is: what is to be changed in it is sent as an edit.

    Raises:
        TransitionRefused: it is on its way, or an approved project.
    """
    is_of_project = kind in (SubmissionKind.PROJECT_ENTRY, SubmissionKind.PROJECT_EDIT)
    if position.state is SubmissionState.PENDING_APPROVAL or (
        position.state is SubmissionState.APPROVED and is_of_project
    ):
        raise TransitionRefused(Refusal.WRONG_STATE)
    if position.state is SubmissionState.APPROVED:
        return Position(SubmissionState.RETURNED, position.version)
    return position


def check_waits(position: Position, *, seen_version: int, step: int) -> None:
    """Check that the version that a card showed still waits at ``step``.

    Raises:
        TransitionRefused: it does not.
    """
    if position.state is not SubmissionState.PENDING_APPROVAL or position.step is None:
        raise TransitionRefused(Refusal.WRONG_STATE)
    if position.version != seen_version:
        raise TransitionRefused(Refusal.STALE_VERSION)
    if position.step != step:
        raise TransitionRefused(Refusal.ALREADY_DECIDED if position.step > step else Refusal.NOT_YOUR_STEP)


def says_enough(reason: str) -> bool:
    """Tell whether a reason may be one: ten characters or more, most of them letters or digits of any script.

    Vowel signs and tone marks belong to the letters; signs that only look blank (U+3164 counts as a letter) do not.
    """
    said = reason.strip()
    letters = sum(unicodedata.category(one)[0] in "LMN" and "FILLER" not in unicodedata.name(one, "") for one in said)
    return len(said) >= MIN_REASON_LENGTH and 2 * letters > len(said)


def check_reason(reason: str) -> None:
    """Check that a reason says something.

    Raises:
        TransitionRefused: it does not say enough.
    """
    if not says_enough(reason):
        raise TransitionRefused(Refusal.REASON_TOO_SHORT)


def next_step(route: tuple[ApprovalStep, ...], step: int) -> int | None:
    """Return the order of the step that follows ``step``; None: it is the last."""
    return min((later.order for later in route if later.order > step), default=None)


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
