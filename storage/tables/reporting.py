"""What belongs to the writing of a report: who wrote which field, who has it open, and the evidence for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, FiscalYear, Key


class DraftField(Base):
    """Who wrote one field of a report's draft last, when (real time), and whether it still is last quarter's text.

    ``field`` and ``item`` name it as ``domain.errors.Gap`` does; ``item`` is 0 where there is none.
    """

    __tablename__ = "draft_fields"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    edited_at: Mapped[datetime]
    is_brought_over: Mapped[bool] = mapped_column(default=False)


class ReportVisit(Base):
    """Who has the form of a report open: seen at ``seen_at`` (real time), reported or not yet begun."""

    __tablename__ = "report_visits"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    fiscal_year: Mapped[FiscalYear] = mapped_column(primary_key=True)
    quarter: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    seen_at: Mapped[datetime]


class Evidence(Base):
    """A photo or PDF that proves a report, or belongs to an agency's plan; its bytes are in ``EvidencePart``.

    It belongs to the versions of the submission from ``since_version`` to the one before ``until_version`` (None: it is
    there still). ``content_type`` is what the content is, whatever the file was called; ``thumbnail`` is a small JPEG.
    """

    __tablename__ = "evidence"
    __table_args__ = (Index(None, "submission_id"), Index(None, "agency_duty_id"))

    id: Mapped[Key]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    agency_duty_id: Mapped[int | None] = mapped_column(ForeignKey("agency_duties.id"))
    since_version: Mapped[int]
    until_version: Mapped[int | None]
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    thumbnail: Mapped[bytes | None]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]


class EvidencePart(Base):
    """A piece of a file, so that it can be handed out piece by piece; ``number`` counts from 0."""

    __tablename__ = "evidence_parts"

    file_id: Mapped[int] = mapped_column("evidence_id", ForeignKey("evidence.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]
