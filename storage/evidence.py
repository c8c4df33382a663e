"""Adding and removing what proves a report, or belongs to an agency's plan, while its unit writes it.

A file belongs to versions: what is added to a draft is part of the version that is sent next. What was sent stays as it
was, whatever the unit does later (``storage.tables.Evidence``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, delete, select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.evidence import MOST_FILES, EvidenceFault, EvidenceRefused, display_name
from domain.fiscal import Quarter
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import WindowKind
from storage.agency_entries import DutyKey, duty_row, find_duty
from storage.audit import record
from storage.file_pieces import keep
from storage.outbox_claims import Now
from storage.queries.evidence import EvidenceFile, EvidenceGone, belongs_to, files_in, in_version
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.submissions.drafts import existing_report, report_row
from storage.submissions.rows import changed, plan_subject, project_subject
from storage.submissions.sending import is_sender
from storage.tables import AgencyDuty, Evidence, EvidencePart, Project, Submission
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Origin
from storage.untrusted_files.kinds import Cleaned

_Row = TypeVar("_Row")
_WITH_THE_UNIT = (SubmissionState.DRAFT, SubmissionState.RETURNED)


@dataclass(frozen=True, slots=True)
class OfReport:
    """The files of a project's report of a quarter; the project by code."""

    code: str
    quarter: Quarter


@dataclass(frozen=True, slots=True)
class OfDuty:
    """The files of a plan, yearly report or Open-D entry of an agency."""

    key: DutyKey


Target = OfReport | OfDuty


@dataclass(frozen=True, slots=True)
class Attached:
    """The files that its unit sees: of the version that it writes, or of the one that is on its way or approved."""

    files: Sequence[EvidenceFile]
    is_writable: bool


def attached(session: Session, reference: Reference, person: str, target: Target) -> Attached:
    """Return the files of what ``person`` (a code) writes.

    Raises:
        TransitionRefused: it is not for this person to write.
        EvidenceGone: there is no such project.
        NoSuchDuty: nobody owes it, or it is not for this person to enter.
    """
    owner = _owner(session, reference, person, target)
    return Attached(files_in(session, owner.here), owner.is_with_unit)


def add(
    session: Session, reference: Reference, by: Actor, target: Target, name: str, file: Cleaned, at: Now
) -> int:  # fmt: skip
    """Add a file, as ``untrusted_files`` left it, to what the unit writes, and return its id.

    The same content twice is one file. Of uploads at the same time one waits for the other.

    Raises:
        EvidenceRefused: ten files belong to it already.
        TransitionRefused: it is on its way or approved, or ``by`` does not enter the unit's data.
        EvidenceGone: there is no such project.
        NoSuchDuty: nobody owes it, or it is not for this person to enter.
    """
    owner = _writable(session, reference, by, target, at)
    there = dict(session.execute(select(Evidence.sha256, Evidence.id).where(owner.here)).all())
    sha256 = hashlib.sha256(file.content).hexdigest()
    if sha256 in there:
        return there[sha256]
    if len(there) >= MOST_FILES:
        raise EvidenceRefused(EvidenceFault.TOO_MANY)
    row = Evidence(
        **owner.keys,
        since_version=owner.version,
        name=display_name(name),
        content_type=file.kind.value,
        size=len(file.content),
        sha256=sha256,
        thumbnail=file.thumbnail,
        added_by_id=by.person_id,
        added_at=at.real,
    )
    session.add(row)
    session.flush()
    keep(session, EvidencePart, row.id, file.content)
    record(session, AuditAction.EVIDENCE_ADD, owner.subject, by, at, after=_told(owner, row))
    return row.id


def remove(session: Session, reference: Reference, by: Actor, target: Target, evidence_id: int, at: Now) -> None:
    """Take a file out of what the unit writes; versions that were sent with it keep it.

    Raises:
        TransitionRefused: it is on its way or approved, or ``by`` does not enter the unit's data.
        EvidenceGone: it is not there, or not any more.
    """
    owner = _writable(session, reference, by, target, at)
    row = session.scalar(select(Evidence).where(owner.here, Evidence.id == evidence_id))
    if row is None:
        raise EvidenceGone(evidence_id)
    record(session, AuditAction.EVIDENCE_REMOVE, owner.subject, by, at, before=_told(owner, row))
    if row.since_version < owner.version:
        row.until_version = owner.version
    else:
        session.execute(delete(EvidencePart).where(EvidencePart.file_id == evidence_id))
        session.delete(row)
    session.flush()


@dataclass(frozen=True, slots=True)
class _Owner:
    """What files belong to: a report, begun or not, or a duty with what was sent of it, if anything was.

    ``subject`` is what the audit trail calls it.
    """

    subject: str
    row: Submission | None
    project: Project | None = None
    duty: AgencyDuty | None = None

    @property
    def is_with_unit(self) -> bool:
        """Whether the unit may change it."""
        if self.row is None:  # what goes up no route can be corrected for ever
            return self.duty is None or self.duty.kind is WindowKind.OPEN_D or self.duty.entered_on is None
        return self.row.state in _WITH_THE_UNIT

    @property
    def version(self) -> int:
        """The version that the unit writes, or the one that it cannot change any more."""
        sent = self.row.version if self.row is not None else 0
        return sent + 1 if self.is_with_unit or self.row is None else sent

    @property
    def keys(self) -> Mapping[str, int]:
        """What its rows of ``evidence`` refer to; nothing where a report is not begun."""
        if self.duty is not None:
            return {"agency_duty_id": self.duty.id}
        return {"submission_id": self.row.id} if self.row is not None else {}

    @property
    def here(self) -> ColumnElement[bool]:
        """The condition that a row of ``evidence`` is one of its files."""
        belongs = belongs_to(self.keys.get("submission_id"), self.keys.get("agency_duty_id"))
        return and_(belongs, in_version(self.version))


def _writable(session: Session, reference: Reference, by: Actor, target: Target, at: Now) -> _Owner:
    """Return what ``by`` writes, locked; a report is begun where there is none."""
    owner = _owner(session, reference, by.code, target, locks=True)
    if isinstance(target, OfReport) and owner.project is not None and owner.row is None:
        begun = report_row(session, owner.project, target.quarter)
        changed(session, begun, begun.state, at)
        owner = replace(owner, row=begun)
    if not owner.is_with_unit:
        raise TransitionRefused(Refusal.WRONG_STATE)
    if owner.row is not None:
        owner.row.origin = Origin.BOT
    return owner


def _owner(session: Session, reference: Reference, person: str, target: Target, *, locks: bool = False) -> _Owner:
    if isinstance(target, OfDuty):
        return _duty(session, reference, person, target.key, locks=locks)
    project = session.scalar(select(Project).where(Project.code == target.code))
    if project is None:
        raise EvidenceGone(target.code)
    if not is_sender(reference, person, reference.unit_codes[project.unit_id], SubmissionKind.QUARTER_REPORT):
        raise TransitionRefused(Refusal.NOT_YOUR_UNIT)
    quarter = target.quarter
    subject = project_subject(SubmissionKind.QUARTER_REPORT, project.code, quarter.fiscal_year, quarter.number)
    return _Owner(subject, existing_report(session, project.id, quarter, locked=locks), project=project)


def _duty(session: Session, reference: Reference, person: str, key: DutyKey, *, locks: bool) -> _Owner:
    """Return a duty; to change it, what was sent of it is locked as ``decide`` does, or the duty while nothing was."""
    duty = find_duty(session, reference, person, key)
    row = _sent_of(session, duty, locks=locks)
    if locks and row is None:
        duty = duty_row(session, reference, person, key)
        row = _sent_of(session, duty, locks=locks)  # somebody may have begun it meanwhile
    plan_name = (duty.listed_as or duty.plan_name) if duty is not None else ""
    subject = plan_subject(key.agency, key.occasion.kind, key.occasion.fiscal_year, plan_name)
    return _Owner(subject, row, duty=duty)


def _sent_of(session: Session, duty: AgencyDuty | None, *, locks: bool) -> Submission | None:
    if duty is None:
        return None
    query = select(Submission).filter_by(agency_duty_id=duty.id)
    return session.scalar(_for_change(query) if locks else query)


def _for_change(query: Select[_Row]) -> Select[_Row]:
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)


def _told(owner: _Owner, row: Evidence) -> Mapping[str, str | int]:
    return {"file": row.name, "size": row.size, "version": owner.version}
