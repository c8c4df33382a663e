"""Projects: modules M1 to M5 (``domain.md`` §2). Money is baht, months are the first day of the month (C.E.)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Float, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.submissions import ExecutionStatus
from storage.tables.base import Base, FiscalYear, Key, enum_column


class WorkType(StrEnum):
    """M2: a project or a regular operation."""

    PROJECT = "project"
    OPERATION = "operation"


class AreaScope(StrEnum):
    """M3: how far the project reaches."""

    COUNTRY = "country"
    REGION = "region"
    PROVINCE = "province"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    VILLAGE = "village"
    OTHER = "other"


class LinkKind(StrEnum):
    """M1: what a project contributes to beside the national strategy and its master plan."""

    NESD_PLAN = "nesd_plan"
    SECURITY_PLAN = "security_plan"
    REFORM_PLAN = "reform_plan"
    LEVEL3_PLAN = "level3_plan"
    GOVERNMENT_POLICY = "government_policy"
    LAW = "law"
    CABINET_RESOLUTION = "cabinet_resolution"


class FundingKind(StrEnum):
    """M5: where the money comes from."""

    STATE_BUDGET = "state_budget"
    STATE_BUDGET_VIA_AGENCY = "state_budget_via_agency"
    STATE_BUDGET_VIA_PROVINCE = "state_budget_via_province"
    CENTRAL_FUND = "central_fund"
    OWN_REVENUE = "own_revenue"
    LOAN_DOMESTIC = "loan_domestic"
    LOAN_FOREIGN = "loan_foreign"
    OTHER = "other"


INITIAL_PLAN_DATE = date(1900, 1, 1)
"""Date of the spending plan that comes with the project itself: any plan that a letter changes is later."""


class Project(Base):
    """A project as last entered. It is official, and owes reports, once ``official_version`` is above 0."""

    __tablename__ = "projects"
    __table_args__ = (
        Index(None, "unit_id", "fiscal_year"),
        Index("ix_projects_period", "start_month", "end_month"),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    fiscal_year: Mapped[FiscalYear]
    official_version: Mapped[int] = mapped_column(default=0)
    import_mark: Mapped[str] = mapped_column(default="")

    ns_area: Mapped[int | None] = mapped_column(SmallInteger)
    ns_goal: Mapped[str] = mapped_column(default="")
    master_plan_no: Mapped[int | None] = mapped_column(SmallInteger)
    plan_version: Mapped[int | None] = mapped_column(SmallInteger)
    y2: Mapped[str] = mapped_column(default="")
    sub_plan: Mapped[str] = mapped_column(default="")
    y1: Mapped[str] = mapped_column(default="")

    name: Mapped[str] = mapped_column(index=True)
    work_type: Mapped[WorkType] = mapped_column(enum_column(WorkType), default=WorkType.PROJECT)
    programme: Mapped[str] = mapped_column(default="")
    uses_budget: Mapped[bool] = mapped_column(default=True)
    self_run: Mapped[bool] = mapped_column(default=True)
    contracted: Mapped[bool] = mapped_column(default=False)
    gfmis_code: Mapped[str] = mapped_column(default="")
    execution_status: Mapped[ExecutionStatus] = mapped_column(
        enum_column(ExecutionStatus), default=ExecutionStatus.NOT_STARTED
    )
    director_title: Mapped[str] = mapped_column(default="")
    director_first_name: Mapped[str] = mapped_column(default="")
    director_last_name: Mapped[str] = mapped_column(default="")
    director_email: Mapped[str] = mapped_column(default="")
    director_phone: Mapped[str] = mapped_column(default="")
    director_alt_email: Mapped[str] = mapped_column(default="")
    director_fax: Mapped[str] = mapped_column(default="")
    owner_name: Mapped[str] = mapped_column(default="")
    owner_email: Mapped[str] = mapped_column(default="")
    owner_phone: Mapped[str] = mapped_column(default="")
    start_month: Mapped[date]
    end_month: Mapped[date]

    rationale: Mapped[str] = mapped_column(default="")
    objectives: Mapped[str] = mapped_column(default="")
    output_target: Mapped[str] = mapped_column(default="")
    outcome_target: Mapped[str] = mapped_column(default="")
    expected_result: Mapped[str] = mapped_column(default="")
    kpis: Mapped[list[str]] = mapped_column(default=list)
    beneficiaries: Mapped[str] = mapped_column(default="")
    area_scope: Mapped[AreaScope | None] = mapped_column(enum_column(AreaScope))
    area_detail: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)

    budget_total: Mapped[Decimal | None]


class ProjectLink(Base):
    """M1: one plan, policy, law or resolution that the project contributes to."""

    __tablename__ = "project_links"
    __table_args__ = (UniqueConstraint("project_id", "kind", "name"),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    kind: Mapped[LinkKind] = mapped_column(enum_column(LinkKind))
    name: Mapped[str]


class Activity(Base):
    """M4: an activity or, with a parent, a sub-activity, and the fiscal quarters it is planned in."""

    __tablename__ = "activities"
    __table_args__ = (UniqueConstraint("project_id", "parent_id", "name"),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"))
    name: Mapped[str]
    in_q1: Mapped[bool] = mapped_column(default=False)
    in_q2: Mapped[bool] = mapped_column(default=False)
    in_q3: Mapped[bool] = mapped_column(default=False)
    in_q4: Mapped[bool] = mapped_column(default=False)


class FundingSource(Base):
    """M5: money of one source; ``origin`` names it where the kind is OTHER."""

    __tablename__ = "funding_sources"
    __table_args__ = (UniqueConstraint("project_id", "kind", "origin"),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    kind: Mapped[FundingKind] = mapped_column(enum_column(FundingKind))
    origin: Mapped[str] = mapped_column(default="")
    amount: Mapped[Decimal]


class SpendingPlan(Base):
    """M5: planned spending of one fiscal year by quarter; a later ``dated_on`` is a new version of the plan.

    ``carried_over`` is money of an earlier year that was reserved to be spent in this one; it is no part of the plan.
    """

    __tablename__ = "spending_plans"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    fiscal_year: Mapped[FiscalYear] = mapped_column(primary_key=True)
    dated_on: Mapped[date] = mapped_column(primary_key=True)
    q1: Mapped[Decimal]
    q2: Mapped[Decimal]
    q3: Mapped[Decimal]
    q4: Mapped[Decimal]
    carried_over: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default="0")
