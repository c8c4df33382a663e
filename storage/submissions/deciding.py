"""Approving, returning, and taking an approval back (M7; ``architecture.md`` §3, 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain import submissions as rules_of
from domain.errors import Refusal, TransitionRefused
from domain.organisation import Hand
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.submissions import UNDO_FOR, Position, SubmissionKind, SubmissionState
from domain.windows import Stage
from storage import report_counts, shared_state
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions import news
from storage.submissions.actor import Actor
from storage.submissions.drafts import forget_marks
from storage.submissions.project_changes import apply_changes
from storage.submissions.rows import (
    acted_in,
    audit,
    changed,
    locked,
    place,
    position_of,
    principal_id,
    stage_at,
    stood,
    unit_of,
)
from storage.tables import AgencyDuty, Decision, Project, Submission
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Origin, Verdict


@dataclass(frozen=True, slots=True)
class Wish:
    """What an approver wants: a verdict on the version and step that the card showed; a return has its reason.

    ``concerns`` is the field of a report that a return points at, by its name in ``domain.errors.Gap``; "" at none.
    """

    submission_id: int
    version: int
    step: int
    verdict: Verdict
    reason: str = ""
    concerns: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of it: ``hand`` is whose step it was, ``undo_until``: till when (business time) it can be undone."""

    submission_id: int
    position: Position
    hand: Hand
    undo_until: datetime | None

    @property
    def is_final(self) -> bool:
        """Whether it was the last approval of the route."""
        return self.position.state is SubmissionState.APPROVED


def decide(session: Session, reference: Reference, by: Actor, wish: Wish, at: Now) -> Decided:
    """Let ``by`` approve or return what waits at a step, tell whom it concerns, and audit it.

    Raises:
        TransitionRefused: the person does not hold the step, sent it, or it does not wait there in this version any
            more; or the reason is too short.
        NoSuchSubmission: there is none of this id.
    """
    row = locked(session, wish.submission_id)
    organisation, unit = reference.rules.organisation, unit_of(reference, row)
    hand = hand_on(reference, by, row, wish.step)
    before = position_of(row, organisation, unit)
    is_approval = wish.verdict is Verdict.APPROVED
    if is_approval:
        after = rules_of.approve(before, organisation.route(unit), seen_version=wish.version, step=wish.step)
    else:
        after = rules_of.return_(before, seen_version=wish.version, step=wish.step, reason=wish.reason)
    acting_for_id = principal_id(session, by, hand)
    decision = _decision(row, wish, by, hand, at)
    decision.stage, decision.acting_for_id = stage_at(reference, unit, wish.step), acting_for_id
    session.add(decision)
    place(row, after)
    row.origin = Origin.BOT
    row.arrived_at = at.business if after.state is SubmissionState.PENDING_APPROVAL else None
    if not is_approval and row.returned_by is not Stage.UPPER:  # the upper stage's window still binds it
        row.returned_by = decision.stage
    action = AuditAction.SUBMISSION_APPROVE if is_approval else AuditAction.SUBMISSION_RETURN
    told = {**stood(after), **acted_in(hand.capacity), **({} if is_approval else _told_return(decision))}
    audit(session, row, action, by, at, stood(before), told, acting_for_id)
    if after.state is SubmissionState.APPROVED:
        _finish(session, row, at)
    session.flush()
    news.decided(session, reference, row, decision, at)
    changed(session, row, before.state, at)
    can_undo = is_approval and after.state is SubmissionState.PENDING_APPROVAL
    return Decided(row.id, after, hand, at.business + UNDO_FOR if can_undo else None)


def undo(
    session: Session, reference: Reference, by: Actor, submission_id: int, version: int, step: int, at: Now
) -> None:
    """Take back the approval that ``by`` gave at ``step``, as long as nobody decided after it.

    Raises:
        TransitionRefused: it was not given by ``by``, or cannot be taken back any more.
        NoSuchSubmission: there is none of this id.
    """
    row = locked(session, submission_id)
    organisation, unit = reference.rules.organisation, unit_of(reference, row)
    hand_on(reference, by, row, step)
    before = position_of(row, organisation, unit)
    if before.version != version:
        raise TransitionRefused(Refusal.STALE_VERSION)
    given = session.scalar(
        select(Decision).where(
            Decision.submission_id == row.id, Decision.version == row.version, Decision.step == step,
            Decision.verdict == Verdict.APPROVED, Decision.decided_by_id == by.person_id,
        )
    )  # fmt: skip
    if given is None:
        raise TransitionRefused(Refusal.NOT_YOUR_STEP)
    decided_for = at.business - given.decided_at
    after = rules_of.undo(before, organisation.route(unit), seen_version=version, step=step, decided_for=decided_for)
    news.taken_back(session, reference, row, given, at)
    place(row, after)
    row.arrived_at = _came_to(session, row, version, step)
    told = {**stood(after), **acted_in(given.capacity)}
    audit(session, row, AuditAction.SUBMISSION_UNDO, by, at, stood(before), told, given.acting_for_id)
    session.delete(given)
    changed(session, row, before.state, at)


def reopen(session: Session, reference: Reference, by: Actor, submission_id: int, reason: str, at: Now) -> None:
    """Let an administrator give something back to its unit: an approved one, or one whose window closed.

    Raises:
        TransitionRefused: it is on its way, the reason is too short, or ``by`` is no administrator.
        NoSuchSubmission: there is none of this id.
    """
    check_reopener(reference, by, reason)
    row = locked(session, submission_id)
    before = position_of(row, reference.rules.organisation, unit_of(reference, row))
    after = rules_of.reopen(before, row.kind)
    place(row, after)
    row.reopened_at, row.origin = at.business, Origin.BOT
    mirrored = {"mirrored_on": row.mirrored_on.isoformat()} if row.mirrored_on else {}
    row.mirrored_on = row.mirrored_by_id = None  # what eMENSCR has is not what will be approved
    session.execute(update(AgencyDuty).where(AgencyDuty.id == row.agency_duty_id).values(entered_on=None))
    told = {**stood(after), "reason": reason.strip()}
    audit(session, row, AuditAction.SUBMISSION_REOPEN, by, at, {**stood(before), **mirrored}, told)
    news.reopened(session, reference, row, by, reason.strip(), at)
    changed(session, row, before.state, at)


def check_reopener(reference: Reference, by: Actor, reason: str) -> None:
    """Check that ``by`` is an administrator and says why.

    Raises:
        TransitionRefused: not so.
    """
    if not any(post.role is Role.ADMIN for post in reference.rules.organisation.posts_of(by.code)):
        raise TransitionRefused(Refusal.NOT_YOUR_STEP)
    rules_of.check_reason(reason)


def hand_on(reference: Reference, by: Actor, row: Submission, step: int) -> Hand:
    """Return whose step it is that ``by`` decides.

    Raises:
        TransitionRefused: it is not theirs to decide, or they sent it.
    """
    hand = reference.rules.organisation.hand_at(by.code, unit_of(reference, row), step)
    if hand is None:
        raise TransitionRefused(Refusal.NOT_YOUR_STEP)
    if row.sent_by_id == by.person_id:
        raise TransitionRefused(Refusal.OWN_SUBMISSION)
    return hand


def _came_to(session: Session, row: Submission, version: int, step: int) -> datetime | None:
    """Return when the version came to the step: with the decision before, or when it was sent."""
    before = select(func.max(Decision.decided_at)).where(
        Decision.submission_id == row.id, Decision.version == version, Decision.step < step
    )
    return session.scalar(before) or row.sent_at


def _decision(row: Submission, wish: Wish, by: Actor, hand: Hand, at: Now) -> Decision:
    return Decision(
        submission_id=row.id,
        version=wish.version,
        step=wish.step,
        verdict=wish.verdict,
        reason=wish.reason.strip(),
        concerns=wish.concerns,
        decided_by_id=by.person_id,
        capacity=hand.capacity,
        decided_at=at.business,
    )


def _told_return(decision: Decision) -> Mapping[str, str]:
    return {"reason": decision.reason, **({"concerns": decision.concerns} if decision.concerns else {})}


def _finish(session: Session, row: Submission, at: Now) -> None:
    """Make official what passed the last step."""
    row.reopened_at = None
    match row.kind:
        case SubmissionKind.PROJECT_ENTRY | SubmissionKind.PROJECT_EDIT:
            if row.kind is SubmissionKind.PROJECT_EDIT:
                apply_changes(session, row)
            newer = {"official_version": func.coalesce(Project.official_version, 0) + 1}
            session.execute(update(Project).where(Project.id == row.project_id).values(**newer))
            report_counts.recount(session, [row.unit_id])  # it owes reports from now on, or others than before
            shared_state.projects_changed(session, at.real)
        case SubmissionKind.LEVEL3_PLAN | SubmissionKind.ACHIEVEMENT_REPORT:
            today = at.business.astimezone(BANGKOK).date()
            not_entered = (AgencyDuty.id == row.agency_duty_id) & AgencyDuty.entered_on.is_(None)
            entered_on = func.coalesce(AgencyDuty.stated_on, today)
            session.execute(update(AgencyDuty).where(not_entered).values(entered_on=entered_on))
        case SubmissionKind.QUARTER_REPORT:
            forget_marks(session, row.id)
