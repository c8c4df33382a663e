"""Submissions with their versions and decisions, M6 reports, and duties of agencies (``domain.md`` §2, §3, §6)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from domain.organisation import Capacity
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Stage, WindowKind
from storage.tables.base import Base, FiscalYear, Key, QuarterNumber, enum_column


class Origin(StrEnum):
    """Where a submission came from: only what was sent or decided in the bot is safe from a later import."""

    IMPORT = "import"
    BOT = "bot"


class Verdict(StrEnum):
    """What a decision said."""

    APPROVED = "approved"
    RETURNED = "returned"


class Submission(Base):
    """What travels along the approval route; one per (project, kind, fiscal year, quarter), a re-send is a new version.

    ``unit_id`` is the data-entry unit. ``arrived_at`` is when it reached ``step``; ``returned_by`` the stage that
    sent it back. ``late_reason`` is the unit's explanation, with or without a report. ``reopened_at``: an administrator
    lets it be sent whatever its window, until it is approved. ``mirrored_on``: the day on which an officer wrote the
    approved report into eMENSCR, by ``mirrored_by_id`` (None: an import says so).
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("project_id", "kind", "fiscal_year", "quarter"),
        UniqueConstraint("agency_duty_id"),
        Index(None, "unit_id", "kind", "fiscal_year", "quarter", "state"),
        Index(None, "state", "unit_id", "step"),
    )

    id: Mapped[Key]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    agency_duty_id: Mapped[int | None] = mapped_column(ForeignKey("agency_duties.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[SubmissionKind] = mapped_column(enum_column(SubmissionKind))
    fiscal_year: Mapped[FiscalYear]
    quarter: Mapped[QuarterNumber]
    state: Mapped[SubmissionState] = mapped_column(enum_column(SubmissionState))
    version: Mapped[int] = mapped_column(default=0)
    step: Mapped[int | None] = mapped_column(SmallInteger)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sent_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    returned_by: Mapped[Stage | None] = mapped_column(enum_column(Stage))
    is_late: Mapped[bool] = mapped_column(default=False)
    late_reason: Mapped[str] = mapped_column(default="")
    reopened_at: Mapped[datetime | None]
    mirrored_on: Mapped[date | None]
    mirrored_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    origin: Mapped[Origin] = mapped_column(enum_column(Origin), default=Origin.IMPORT)
    import_mark: Mapped[str] = mapped_column(default="")


class SubmissionVersion(Base):
    """One sending of a submission: who sent it when, and for project entries and edits what changed.

    ``changes`` of an edit are the wished values by column of ``projects``, in JSON; they become official with its
    approval. ``is_late``: sent after its window. ``is_resent``: after the upper stage returned it.
    """

    __tablename__ = "submission_versions"
    __table_args__ = (UniqueConstraint("submission_id", "version"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    version: Mapped[int]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sent_at: Mapped[datetime]
    is_late: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_resent: Mapped[bool] = mapped_column(default=False, server_default=false())
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)


class QuarterReport(Base):
    """M6: the report of one quarter in one version. ``disbursed_baht`` is the quarter's own amount, not cumulative.

    ``carried_disbursed_baht`` is what the quarter disbursed of money carried over from an earlier year, which stands
    beside the year's plan and is no part of ``disbursed_baht``.
    """

    __tablename__ = "quarter_reports"
    __table_args__ = (UniqueConstraint("submission_id", "version"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    version: Mapped[int]
    output_progress: Mapped[str] = mapped_column(default="")
    outcome_progress: Mapped[str] = mapped_column(default="")
    kpi_progress: Mapped[str] = mapped_column(default="")
    level1_progress: Mapped[str] = mapped_column(default="")
    disbursed_baht: Mapped[Decimal | None]
    carried_disbursed_baht: Mapped[Decimal | None]
    underspend_reason: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    problems: Mapped[str] = mapped_column(default="")
    recommendations: Mapped[str] = mapped_column(default="")


class ActivityProgress(Base):
    """M6: progress of one activity that was planned in the quarter."""

    __tablename__ = "activity_progress"

    report_id: Mapped[int] = mapped_column(ForeignKey("quarter_reports.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    progress: Mapped[str]


class LinkProgress(Base):
    """M6: progress towards one level-2 plan that the project links to."""

    __tablename__ = "link_progress"

    report_id: Mapped[int] = mapped_column(ForeignKey("quarter_reports.id"), primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("project_links.id"), primary_key=True)
    progress: Mapped[str]


class Decision(Base):
    """M7: what the holder of a step decided on a version. ``acting_for_id``: in whose place, in which ``capacity``.

    ``concerns`` is the field that a return points at, by its name in ``domain.errors.Gap``; empty where it names none.

    An approval that was taken back is no decision any more; the audit trail tells of both.
    """

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("submission_id", "version", "step"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    version: Mapped[int]
    step: Mapped[int] = mapped_column(SmallInteger)
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict))
    reason: Mapped[str] = mapped_column(default="")
    concerns: Mapped[str] = mapped_column(default="", server_default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    capacity: Mapped[Capacity | None] = mapped_column(enum_column(Capacity))
    decided_at: Mapped[datetime]


class InformationRequest(Base):
    """What the holder of a step asks the unit before deciding, and the answer; the item stays at the step.

    ``acting_for_id`` and ``capacity`` as in ``Decision``.
    """

    __tablename__ = "information_requests"
    __table_args__ = (Index(None, "submission_id", "version"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    version: Mapped[int]
    step: Mapped[int] = mapped_column(SmallInteger)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    capacity: Mapped[Capacity | None] = mapped_column(enum_column(Capacity))
    asked_at: Mapped[datetime]
    question: Mapped[str]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")


class ApprovalBatch(Base):
    """Items that an approver is about to approve together, as the list showed them.

    ``items`` are ``[submission id, version, step]`` in the list's order, out of ``total`` that waited, ``excluded``
    the submission ids that were ticked off; ``narrowed`` is what the list was narrowed down to. From ``confirmed_at``
    (real time) on nothing of it changes but ``outcomes``: what became of each item, by submission id.

    A new list takes the place of the person's old one. Ids are never given again, for buttons of old lists hold them.
    """

    __tablename__ = "approval_batches"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    created_at: Mapped[datetime]
    items: Mapped[list[list[int]]] = mapped_column(JSON)
    total: Mapped[int]
    excluded: Mapped[list[int]] = mapped_column(JSON, default=list)
    narrowed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    confirmed_at: Mapped[datetime | None]
    outcomes: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AgencyDuty(Base):
    """A level-3 plan, achievement report or Open-D entry that an agency owes; entered once ``entered_on`` is set.

    ``stated_on`` is the day of entry as its officer stated it: it becomes ``entered_on`` once that is approved.
    ``stated_by_id`` said so at ``stated_at``, and ``revision`` counts how often any of it was said anew.
    ``listed_as`` is the plan's name in the office's list where its officer corrected it since; None: it is the same.
    ``late_reason`` is the agency's explanation.
    """

    __tablename__ = "agency_duties"
    __table_args__ = (UniqueConstraint("unit_id", "kind", "fiscal_year", "plan_name"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[WindowKind] = mapped_column(enum_column(WindowKind))
    fiscal_year: Mapped[FiscalYear]
    plan_name: Mapped[str] = mapped_column(default="")
    is_thematic: Mapped[bool] = mapped_column(default=False)
    entered_on: Mapped[date | None]
    stated_on: Mapped[date | None]
    stated_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    stated_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    listed_as: Mapped[str | None]
    reference: Mapped[str] = mapped_column(default="")
    late_reason: Mapped[str] = mapped_column(default="")


class ReportCount(Base):
    """How many projects of a unit owe a report of a quarter and stand alike: what summaries of the country add up.

    Kept by ``storage.report_counts`` in the transaction of every change. ``state`` is '' while nothing is entered and
    ``step`` 0 where nothing waits. ``left_agency``: it is approved, waits at a step of stage UPPER, or came back from
    there. ``ministry_id`` is the topmost unit's where there is no ministry.
    """

    __tablename__ = "report_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)  # in the order in which summaries add up

    fiscal_year: Mapped[FiscalYear] = mapped_column(primary_key=True)
    quarter: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    ministry_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    left_agency: Mapped[bool] = mapped_column(primary_key=True)
    is_late: Mapped[bool] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    number: Mapped[int]


class SpendingSum(Base):
    """Spending of a unit's projects that owe a report of a quarter, in baht: what summaries add up.

    Kept by ``storage.spending_sums`` together with the counters. Only approved reports count. ``planned`` and
    ``disbursed`` are the quarter's own, ``planned_to_date`` is the fiscal year's up to it, by the plan in force at the
    quarter's end. ``projects`` use budget, ``reported`` of them have an approved report, ``below`` disbursed less in
    the quarter than planned.
    """

    __tablename__ = "spending_sums"
    __table_args__ = ({"sqlite_with_rowid": False},)

    fiscal_year: Mapped[FiscalYear] = mapped_column(primary_key=True)
    quarter: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    ministry_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    planned: Mapped[Decimal]
    planned_to_date: Mapped[Decimal]
    disbursed: Mapped[Decimal]
    projects: Mapped[int]
    reported: Mapped[int]
    below: Mapped[int]
