"""Noting that a unit wrote an approved report into eMENSCR, where its ministry asks for that."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.days_of_entry import check_day_of_entry
from domain.errors import Refusal, TransitionRefused
from domain.reminders import BANGKOK
from domain.submissions import SubmissionKind, SubmissionState
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.submissions.rows import audit, locked, unit_of
from storage.submissions.sending import check_sender
from storage.tables import Decision, Submission
from storage.tables.messaging import AuditAction


def mark_mirrored(
    session: Session, reference: Reference, by: Actor, submission_id: int, version: int, on: date, at: Now
) -> None:
    """Note that ``by`` wrote the approved version of a report into eMENSCR on that Bangkok day.

    Raises:
        TransitionRefused: ``by`` does not enter the unit's data, it is not approved in this version or noted already.
        ImpossibleDay: that day lies ahead, or before the approval.
        NoSuchSubmission: there is none of this id.
    """
    row = _checked(session, reference, by, submission_id, version)
    if row.mirrored_on is not None:
        raise TransitionRefused(Refusal.WRONG_STATE)
    check_day_of_entry(on, reference.rules.today, approval_day(session, row))
    row.mirrored_on, row.mirrored_by_id = on, by.person_id
    audit(session, row, AuditAction.SUBMISSION_MIRROR, by, at, {}, {"version": version, "mirrored_on": on.isoformat()})


def unmark_mirrored(
    session: Session, reference: Reference, by: Actor, submission_id: int, version: int, at: Now
) -> None:
    """Take the note back: it was made by mistake.

    Raises:
        TransitionRefused: ``by`` does not enter the unit's data, or nothing is noted of this version.
        NoSuchSubmission: there is none of this id.
    """
    row = _checked(session, reference, by, submission_id, version)
    if row.mirrored_on is None:
        raise TransitionRefused(Refusal.WRONG_STATE)
    before = {"version": version, "mirrored_on": row.mirrored_on.isoformat()}
    row.mirrored_on, row.mirrored_by_id = None, None
    audit(session, row, AuditAction.SUBMISSION_UNMIRROR, by, at, before, {})


def is_mirrored_by_hand(reference: Reference, row: Submission) -> bool:
    """Tell whether the unit writes the submission into eMENSCR once it is approved."""
    is_report = row.kind is SubmissionKind.QUARTER_REPORT
    return is_report and reference.rules.policy(unit_of(reference, row)).mirror_emenscr


def is_left_to_mirror(reference: Reference, row: Submission) -> bool:
    """Tell whether the submission is approved, and its unit still has to write it into eMENSCR."""
    is_approved = row.state is SubmissionState.APPROVED
    return is_approved and row.mirrored_on is None and is_mirrored_by_hand(reference, row)


def approval_day(session: Session, row: Submission) -> date | None:
    """Return the Bangkok day on which the last step approved the version; None: no decision is on record."""
    return approval_days(session, [row.id]).get(row.id)


def approval_days(session: Session, submissions: Collection[int]) -> Mapping[int, date]:
    """Return the ``approval_day`` of those submissions (ids, of which one query is asked) that have a decision."""
    of_version = (Decision.submission_id == Submission.id) & (Decision.version == Submission.version)
    decided = select(Submission.id, func.max(Decision.decided_at)).join(Decision, of_version).group_by(Submission.id)
    return {
        number: at.astimezone(BANGKOK).date()
        for number, at in session.execute(decided.where(Submission.id.in_(submissions)))
    }


def _checked(session: Session, reference: Reference, by: Actor, submission_id: int, version: int) -> Submission:
    row = locked(session, submission_id)
    check_sender(reference, by, row)
    if row.version != version:
        raise TransitionRefused(Refusal.STALE_VERSION)
    if row.state is not SubmissionState.APPROVED or not is_mirrored_by_hand(reference, row):
        raise TransitionRefused(Refusal.WRONG_STATE)
    return row
