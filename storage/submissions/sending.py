"""Sending something up its route, and taking it back before anybody decided (``domain.md`` §3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from domain import submissions as rules_of
from domain.completeness import gaps_of, is_below_plan
from domain.errors import Gap, Incomplete, Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.obligations import owes_report
from domain.roles import Role
from domain.send_timing import SendTiming, send_timing
from domain.submissions import Position, SubmissionKind, SubmissionState
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions import news
from storage.submissions.actor import Actor
from storage.submissions.drafts import content_of, content_row, demands_of, newest_content, write_content
from storage.submissions.entries import gaps_of_entry
from storage.submissions.project_changes import as_json, told_changes
from storage.submissions.rows import audit, changed, locked, place, position_of, stood, unit_of
from storage.submissions.windows import windows_of
from storage.tables import Project, Submission, SubmissionVersion
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Origin

_OF_PLANS = (SubmissionKind.LEVEL3_PLAN, SubmissionKind.ACHIEVEMENT_REPORT)


@dataclass(frozen=True, slots=True)
class Sent:
    """Where it went, and how that counts."""

    submission_id: int
    position: Position
    timing: SendTiming


def submit(
    session: Session,
    reference: Reference,
    by: Actor,
    submission_id: int,
    at: Now,
    *,
    late_reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> Sent:
    """Send a draft, or what was returned, to the first step of its unit's route, as a new version.

    ``changes`` are the wished values of an edit, by column of ``projects``, or what is new in an entry that is sent
    again. ``late_reason`` is needed where the window closed; one that was given before counts.

    Raises:
        Incomplete: a report or an entry lacks fields, or an edit changes nothing.
        TransitionRefused: ``by`` does not enter the unit's data, it is on its way or approved, nobody owes it, or its
            window is not open.
        NoSuchSubmission: there is none of this id.
    """
    row = locked(session, submission_id)
    unit = unit_of(reference, row)
    check_sender(reference, by, row)
    organisation = reference.rules.organisation
    before = position_of(row, organisation, unit)
    after = rules_of.send(before, organisation.route(unit), row.kind)
    reason = late_reason.strip() or row.late_reason
    timing = timing_of(session, reference, row, reason)
    if row.kind is SubmissionKind.QUARTER_REPORT:
        _take_content(session, reference, row, after.version)
    elif row.kind is SubmissionKind.PROJECT_ENTRY:
        _check_entry(session, row)
    elif row.kind is SubmissionKind.PROJECT_EDIT and not changes:
        raise Incomplete([Gap("changes")])
    row.sent_by_id, row.sent_at, row.arrived_at, row.origin = by.person_id, at.business, at.business, Origin.BOT
    if timing is not SendTiming.RESENT:  # what was late at first stays late, though sending it again is not
        row.is_late, row.returned_by = timing is SendTiming.LATE, None
    if timing is SendTiming.LATE:
        row.late_reason = reason
    place(row, after)
    session.add(
        SubmissionVersion(
            submission_id=row.id,
            version=after.version,
            sent_by_id=by.person_id,
            sent_at=at.business,
            is_late=timing is SendTiming.LATE,
            is_resent=timing is SendTiming.RESENT,
            changes=as_json(changes or {}),
        )
    )
    told = {**stood(after), "timing": timing, **({"late_reason": reason} if timing is SendTiming.LATE else {})}
    replaced, wished = told_changes(session, row, changes or {})
    audit(session, row, AuditAction.SUBMISSION_SEND, by, at, {**stood(before), **replaced}, {**told, **wished})
    session.flush()
    news.sent(session, reference, row, by, at)
    changed(session, row, before.state, at)
    return Sent(row.id, after, timing)


def withdraw(session: Session, reference: Reference, by: Actor, submission_id: int, version: int, at: Now) -> None:
    """Take back what was sent, before anybody decided; what was written stays as the draft.

    Raises:
        TransitionRefused: somebody decided, it is not on its way in this version, or ``by`` is not of the unit.
        NoSuchSubmission: there is none of this id.
    """
    row = locked(session, submission_id)
    unit = unit_of(reference, row)
    check_sender(reference, by, row)
    organisation = reference.rules.organisation
    before = position_of(row, organisation, unit)
    if before.version != version:
        raise TransitionRefused(Refusal.STALE_VERSION)
    after = rules_of.withdraw(before, organisation.route(unit))
    place(row, after)
    row.arrived_at, row.origin = None, Origin.BOT
    audit(session, row, AuditAction.SUBMISSION_WITHDRAW, by, at, stood(before), stood(after))
    changed(session, row, before.state, at)


def check_sender(reference: Reference, by: Actor, row: Submission) -> None:
    """Check that ``by`` enters the data of the submission's unit.

    Raises:
        TransitionRefused: not so.
    """
    if not is_sender(reference, by.code, unit_of(reference, row), row.kind):
        raise TransitionRefused(Refusal.NOT_YOUR_UNIT)


def is_sender(reference: Reference, person: str, unit: str, kind: SubmissionKind) -> bool:
    """Tell whether ``person`` sends such things of the unit (codes): enters its data or, of an agency, its plans."""
    organisation = reference.rules.organisation
    role = Role.PLAN_OFFICER if kind in _OF_PLANS else Role.PROJECT_OFFICER
    within = role is Role.PLAN_OFFICER and person in organisation.holders_within(role, unit)
    return within or organisation.enters_data_of(person, unit, role)


def timing_of(session: Session, reference: Reference, row: Submission, late_reason: str) -> SendTiming:
    """Return how sending the submission today would count; raises as ``send_timing`` does."""
    rules, unit = reference.rules, unit_of(reference, row)
    return send_timing(
        windows_of(session, reference, row),
        row.returned_by,
        rules.policy(unit).late_reports,
        rules.today,
        is_reopened=row.reopened_at is not None,
        late_reason=late_reason,
    )


def _take_content(session: Session, reference: Reference, row: Submission, version: int) -> None:
    """Check that the report is owed and complete, and let the version that is sent say what was written last."""
    project, quarter = session.get_one(Project, row.project_id), Quarter(row.fiscal_year, row.quarter)
    entry = SubmissionState.APPROVED if project.official_version else SubmissionState.DRAFT
    tracked = reference.rules.policy(unit_of(reference, row)).tracked_from
    if not owes_report(project.start_month, project.end_month, entry, project.execution_status, quarter, tracked):
        raise TransitionRefused(Refusal.NOT_OWED)
    written, demands = content_of(session, newest_content(session, row.id)), demands_of(session, project, quarter)
    if gaps := gaps_of(written, demands):
        raise Incomplete(gaps)
    explains_nothing = bool(written.underspend_reason) and not is_below_plan(written, demands)
    if explains_nothing:  # it was given before the amount was put right
        written = replace(written, underspend_reason="")
    if explains_nothing or content_row(session, row.id, version) is None:
        write_content(session, row, version, written)


def _check_entry(session: Session, row: Submission) -> None:
    """Check that the project is entered completely."""
    if gaps := gaps_of_entry(session, session.get_one(Project, row.project_id)):
        raise Incomplete(gaps)
