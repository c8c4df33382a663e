"""Photos and documents that belong to a submission: which there are in a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from storage.tables import Evidence, Submission


class EvidenceGone(LookupError):
    """The file is not there, or not any more."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file as it is shown; ``size`` in bytes, ``content_type`` what it is by content."""

    evidence_id: int
    name: str
    content_type: str
    size: int
    has_thumbnail: bool


def files_of(session: Session, submission_id: int, version: int) -> Sequence[EvidenceFile]:
    """Return the files of exactly this version of a submission, in the order in which they were added."""
    row = session.get_one(Submission, submission_id)
    return files_in(session, and_(belongs_to(row.id, row.agency_duty_id), in_version(version)))


def number_of_files(session: Session, row: Submission) -> int:
    """Return how many files belong to the version of a submission that was sent last."""
    belongs = belongs_to(row.id, row.agency_duty_id)
    return session.scalar(select(func.count()).select_from(Evidence).where(belongs, in_version(row.version))) or 0


def files_in(session: Session, condition: ColumnElement[bool]) -> Sequence[EvidenceFile]:
    """Return the files for which a condition holds, in the order in which they were added."""
    row = Evidence
    columns = (row.id, row.name, row.content_type, row.size, row.thumbnail.is_not(None))
    found = session.execute(select(*columns).where(condition).order_by(row.id))
    return [EvidenceFile(*values) for values in found]


def belongs_to(submission_id: int | None, agency_duty_id: int | None) -> ColumnElement[bool]:
    """Return the condition that a row of ``evidence`` belongs to an agency's duty or, where there is none, a report."""
    if agency_duty_id is not None:
        return Evidence.agency_duty_id == agency_duty_id
    return Evidence.submission_id == submission_id if submission_id is not None else false()


def in_version(version: int) -> ColumnElement[bool]:
    """Return the condition that a row of ``evidence`` is part of a version."""
    is_there_still = or_(Evidence.until_version.is_(None), Evidence.until_version > version)
    return and_(Evidence.since_version <= version, is_there_still)


def thumbnail_of(session: Session, evidence_id: int) -> bytes:
    """Return the small picture of a file.

    Raises:
        EvidenceGone: there is none.
    """
    found = session.scalar(select(Evidence.thumbnail).where(Evidence.id == evidence_id))
    if found is None:
        raise EvidenceGone(evidence_id)
    return found
