"""What became of a project, or of an agency's plan, step by step: who did what when, and by which way.

The audit trail tells it; of what was imported, the submission and its decisions do. What somebody may read of it is
what they may read of the submissions themselves. Who sees approved data alone learns how it came to be approved, and
nothing of what was asked, returned or taken back on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.fiscal import Quarter, YearBasis
from domain.organisation import Capacity
from domain.permissions import Sight, Visibility
from domain.submissions import SubmissionKind, SubmissionState
from storage.exports.audit_entries import capacity_in, with_values
from storage.queries.projects import find_project
from storage.queries.readers import PersonReading, people_reading
from storage.queries.scope import submissions_in
from storage.reference import Reference
from storage.submissions.rows import NoSuchSubmission, project_subject, subject_of
from storage.tables import AgencyDuty, AuditEntry, Decision, Person, Submission
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Verdict

_DECIDED = {
    Verdict.APPROVED: AuditAction.SUBMISSION_APPROVE,
    Verdict.RETURNED: AuditAction.SUBMISSION_RETURN,
}
_WHILE_WRITING = (AuditAction.EVIDENCE_ADD, AuditAction.EVIDENCE_REMOVE)
"""What a unit does to a draft is nobody else's business; what comes of it is seen in the version that is sent."""
_TO_APPROVAL = (AuditAction.SUBMISSION_SEND, AuditAction.SUBMISSION_APPROVE, AuditAction.IMPORT_RUN)


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """Something that was done to a submission; ``action`` IMPORT_RUN: that is how it came into the database.

    ``at`` is business time; None: the import did not say. ``actor_id`` and ``principal_id`` are people's.
    """

    at: datetime | None
    number: int
    action: AuditAction
    kind: SubmissionKind
    quarter: Quarter | None
    actor_id: int | None
    principal_id: int | None
    capacity: Capacity | None
    channel: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event with its people as they are today; None: nobody is on record."""

    event: TrailEvent
    actor: PersonReading | None
    principal: PersonReading | None


@dataclass(frozen=True, slots=True)
class Trail:
    """What became of a project (``code`` and ``name``) or of an agency's plan (no ``code``), newest first.

    ``sees_people``: the asker may know who it was by name, too.
    """

    code: str
    name: str
    unit: str
    basis: YearBasis
    events: Sequence[TrailEvent]
    sees_people: bool

    @property
    def asked(self) -> int:
        """How many questions approvers asked."""
        return sum(event.action is AuditAction.INFORMATION_ASK for event in self.events)

    @property
    def answered(self) -> int:
        """How many of them the unit answered."""
        return sum(event.action is AuditAction.INFORMATION_ANSWER for event in self.events)


def project_trail(session: Session, reference: Reference, sight: Sight, code: str) -> Trail:
    """Return what became of a project, its edits and its reports, as far as ``sight`` lets in.

    Raises:
        NoSuchProject: there is none within the sight.
    """
    project, narrow = find_project(session, reference, sight, code)
    seen = submissions_in(narrow, reference.unit_ids)
    rows = session.scalars(select(Submission).where(Submission.project_id == project.id, seen)).all()
    unit = reference.unit_codes[project.unit_id]
    subjects = {row.id: project_subject(row.kind, project.code, row.fiscal_year, row.quarter) for row in rows}
    basis = reference.rules.organisation.year_basis(unit)
    sees_all = narrow.of(unit) >= Visibility.STEP
    events = _events(session, rows, subjects, sees_all=sees_all)
    return Trail(project.code, project.name, unit, basis, events, sees_people=sees_all)


def plan_trail(session: Session, reference: Reference, sight: Sight, submission_id: int) -> Trail:
    """Return what became of an agency's plan or yearly report.

    Raises:
        NoSuchSubmission: it is none, or not within the sight.
    """
    seen = submissions_in(sight, reference.unit_ids)
    query = select(Submission, AgencyDuty.plan_name).join(AgencyDuty, AgencyDuty.id == Submission.agency_duty_id)
    found = session.execute(query.where(Submission.id == submission_id, seen)).first()
    if found is None:
        raise NoSuchSubmission(submission_id)
    row, name = found
    unit = reference.unit_codes[row.unit_id]
    sees_all = unit in sight.duties or sight.of(unit) >= Visibility.STEP
    events = _events(session, [row], {row.id: subject_of(session, row)}, sees_all=sees_all)
    return Trail("", name, unit, reference.rules.organisation.year_basis(unit), events, sees_people=sees_all)


def told(session: Session, reference: Reference, events: Sequence[TrailEvent]) -> Sequence[ToldEvent]:
    """Return events with their people."""
    ids = {number for event in events for number in (event.actor_id, event.principal_id) if number is not None}
    codes = dict(session.execute(select(Person.id, Person.code).where(Person.id.in_(ids))).all()) if ids else {}
    people = people_reading(session, list(codes.values()), reference.rules.today)
    by_id = {number: people[code] for number, code in codes.items()}
    return [ToldEvent(e, by_id.get(e.actor_id or 0), by_id.get(e.principal_id or 0)) for e in events]


def _events(
    session: Session, rows: Sequence[Submission], subjects: Mapping[int, str], *, sees_all: bool
) -> Sequence[TrailEvent]:
    """Return what was done to these submissions, newest first; what the import did not date comes last."""
    entries = _entries(session, subjects.values())
    decisions = _decisions(session, [row.id for row in rows])
    events: list[TrailEvent] = []
    for row in rows:
        audited = entries.get(subjects[row.id], ())
        found = [*_audited(row, audited), *_imported(row, audited, decisions.get(row.id, ()))]
        events += found if sees_all else _approved(row, found)
    undated = datetime.min.replace(tzinfo=UTC)
    return sorted(events, key=lambda event: (event.at or undated, event.number), reverse=True)


def _approved(row: Submission, events: Iterable[TrailEvent]) -> Iterator[TrailEvent]:
    """Yield how the version that is approved came to be."""
    for event in events:
        if event.action in _TO_APPROVAL and event.after.get("version", row.version) == row.version:
            yield replace(event, before=None)


def _entries(session: Session, subjects: Collection[str]) -> Mapping[str, Sequence[AuditEntry]]:
    found: dict[str, list[AuditEntry]] = {}
    told = AuditEntry.subject.in_(subjects) & AuditEntry.action.not_in(_WHILE_WRITING)
    query = select(AuditEntry).where(told).order_by(AuditEntry.subject, AuditEntry.id)
    for entry in session.scalars(query) if subjects else ():
        found.setdefault(entry.subject, []).append(entry)
    return found


def _decisions(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[Decision]]:
    found: dict[int, list[Decision]] = {}
    for decision in session.scalars(select(Decision).where(Decision.submission_id.in_(ids))) if ids else ():
        found.setdefault(decision.submission_id, []).append(decision)
    return found


def _audited(row: Submission, entries: Iterable[AuditEntry]) -> Iterator[TrailEvent]:
    for entry in entries:
        yield TrailEvent(
            at=entry.business_at or entry.at,
            number=entry.id,
            action=entry.action,
            kind=row.kind,
            quarter=_quarter(row),
            actor_id=entry.actor_id,
            principal_id=entry.acting_for_id,
            capacity=capacity_in(entry.after),
            channel=entry.channel,
            before=with_values(entry.before),
            after=with_values(entry.after) if isinstance(entry.after, Mapping) else {"late_reason": entry.after},
        )


def _imported(row: Submission, entries: Sequence[AuditEntry], decisions: Iterable[Decision]) -> Iterator[TrailEvent]:
    """Yield what no entry tells of: how it stood when it was imported, and decisions that came along."""
    known = {(entry.action, *_place(entry)) for entry in entries}
    if row.version and not any(action is AuditAction.SUBMISSION_SEND and v == 1 for action, v, _ in known):
        yield _event(row, AuditAction.IMPORT_RUN, row.sent_at if row.version == 1 else None, _at_import(row, entries))
    for decision in decisions:
        action = _DECIDED[decision.verdict]
        if (action, decision.version, decision.step) not in known:
            after = {"version": decision.version, "step": decision.step, "reason": decision.reason}
            event = _event(row, action, decision.decided_at, after)
            yield replace(
                event,
                actor_id=decision.decided_by_id,
                principal_id=decision.acting_for_id,
                capacity=decision.capacity or (Capacity.ACTING if decision.acting_for_id else None),
            )


def _place(entry: AuditEntry) -> tuple[int | None, int | None]:
    """Return version and step at which something was done: a sending's new version, a decision's own step."""
    kept = entry.after if entry.action is AuditAction.SUBMISSION_SEND else entry.before
    return (kept.get("version"), kept.get("step")) if isinstance(kept, Mapping) else (None, None)


def _at_import(row: Submission, entries: Iterable[AuditEntry]) -> Mapping[str, Any]:
    stood = next((e.before for e in entries if isinstance(e.before, Mapping) and "state" in e.before), None)
    if stood is not None:
        return {name: stood.get(name) for name in ("state", "version", "step")}
    step = (row.step or 1) if row.state is SubmissionState.PENDING_APPROVAL else None
    return {"state": row.state, "version": row.version, "step": step}


def _event(row: Submission, action: AuditAction, at: datetime | None, after: Mapping[str, Any]) -> TrailEvent:
    return TrailEvent(at, 0, action, row.kind, _quarter(row), None, None, None, "import", None, after)


def _quarter(row: Submission) -> Quarter | None:
    return Quarter(row.fiscal_year, row.quarter) if row.kind is SubmissionKind.QUARTER_REPORT else None
