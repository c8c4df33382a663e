"""The first schema: organisation, calendar, projects M1-M5, submissions M6-M7, outbox, ledger and audit."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import Baht, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "holidays",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_holidays")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("line_user_id", sa.Text(), nullable=True),
        sa.Column("linked_at", Instant(), nullable=True),
        sa.Column("unreachable_since", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("code", name=op.f("uq_people_code")),
        sa.UniqueConstraint("line_user_id", name=op.f("uq_people_line_user_id")),
    )
    op.create_table(
        "state",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_state")),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("year_basis", sa.String(32), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["merged_into_id"], ["units.id"], name=op.f("fk_units_merged_into_id_units")),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
    )
    op.create_index(op.f("ix_units_parent_id"), "units", ["parent_id"], unique=False)
    op.create_table(
        "agency_duties",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("plan_name", sa.Text(), nullable=False),
        sa.Column("is_thematic", sa.Boolean(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_agency_duties_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_duties")),
        sa.UniqueConstraint(
            "unit_id",
            "kind",
            "fiscal_year",
            "plan_name",
            name=op.f("uq_agency_duties_unit_id_kind_fiscal_year_plan_name"),
        ),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("acting_for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["acting_for_id"], ["people.id"], name=op.f("fk_audit_acting_for_id_people")),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_audit_actor_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_actor_id"), "audit", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_subject_id"), "audit", ["subject", "id"], unique=False)
    op.create_table(
        "calendar_windows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_calendar_windows_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_windows")),
        sa.UniqueConstraint(
            "kind",
            "fiscal_year",
            "quarter",
            "stage",
            "scope",
            "unit_id",
            "letter_no",
            "issued_on",
            name="uq_calendar_windows_row",
        ),
    )
    op.create_index(
        op.f("ix_calendar_windows_kind_fiscal_year_quarter"),
        "calendar_windows",
        ["kind", "fiscal_year", "quarter"],
        unique=False,
    )
    op.create_index(op.f("ix_calendar_windows_unit_id"), "calendar_windows", ["unit_id"], unique=False)
    op.create_table(
        "group_members",
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["units.id"], name=op.f("fk_group_members_group_id_units")),
        sa.ForeignKeyConstraint(["member_id"], ["units.id"], name=op.f("fk_group_members_member_id_units")),
        sa.PrimaryKeyConstraint("group_id", "member_id", name=op.f("pk_group_members")),
    )
    op.create_table(
        "ministry_policies",
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_ministry_policies_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "name", name=op.f("pk_ministry_policies")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("retry_key", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("first_tried_at", Instant(), nullable=True),
        sa.Column("retry_at", Instant(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outbox_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_person_id_kind"), "outbox", ["person_id", "kind"], unique=False)
    op.create_index(op.f("ix_outbox_state_priority_id"), "outbox", ["state", "priority", "id"], unique=False)
    op.create_table(
        "projects",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("official_version", sa.Integer(), nullable=False),
        sa.Column("import_mark", sa.Text(), nullable=False),
        sa.Column("ns_area", sa.SmallInteger(), nullable=True),
        sa.Column("ns_goal", sa.Text(), nullable=False),
        sa.Column("master_plan_no", sa.SmallInteger(), nullable=True),
        sa.Column("plan_version", sa.SmallInteger(), nullable=True),
        sa.Column("y2", sa.Text(), nullable=False),
        sa.Column("sub_plan", sa.Text(), nullable=False),
        sa.Column("y1", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("work_type", sa.String(32), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("uses_budget", sa.Boolean(), nullable=False),
        sa.Column("self_run", sa.Boolean(), nullable=False),
        sa.Column("contracted", sa.Boolean(), nullable=False),
        sa.Column("gfmis_code", sa.Text(), nullable=False),
        sa.Column("execution_status", sa.String(32), nullable=False),
        sa.Column("director_title", sa.Text(), nullable=False),
        sa.Column("director_first_name", sa.Text(), nullable=False),
        sa.Column("director_last_name", sa.Text(), nullable=False),
        sa.Column("director_email", sa.Text(), nullable=False),
        sa.Column("director_phone", sa.Text(), nullable=False),
        sa.Column("director_alt_email", sa.Text(), nullable=False),
        sa.Column("director_fax", sa.Text(), nullable=False),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("owner_email", sa.Text(), nullable=False),
        sa.Column("owner_phone", sa.Text(), nullable=False),
        sa.Column("start_month", sa.Date(), nullable=False),
        sa.Column("end_month", sa.Date(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("objectives", sa.Text(), nullable=False),
        sa.Column("output_target", sa.Text(), nullable=False),
        sa.Column("outcome_target", sa.Text(), nullable=False),
        sa.Column("expected_result", sa.Text(), nullable=False),
        sa.Column("kpis", sa.JSON(), nullable=False),
        sa.Column("beneficiaries", sa.Text(), nullable=False),
        sa.Column("area_scope", sa.String(32), nullable=True),
        sa.Column("area_detail", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("budget_total", Baht(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_projects_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("code", name=op.f("uq_projects_code")),
    )
    op.create_index(op.f("ix_projects_name"), "projects", ["name"], unique=False)
    op.create_index("ix_projects_period", "projects", ["start_month", "end_month"], unique=False)
    op.create_index(op.f("ix_projects_unit_id_fiscal_year"), "projects", ["unit_id", "fiscal_year"], unique=False)
    op.create_table(
        "role_assignments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("acting_for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["acting_for_id"], ["people.id"], name=op.f("fk_role_assignments_acting_for_id_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_role_assignments_person_id_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_role_assignments_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
        sa.UniqueConstraint(
            "person_id", "unit_id", "role", "acting_for_id", "valid_from", name="uq_role_assignments_period"
        ),
    )
    op.create_index(op.f("ix_role_assignments_person_id"), "role_assignments", ["person_id"], unique=False)
    op.create_index(op.f("ix_role_assignments_role_unit_id"), "role_assignments", ["role", "unit_id"], unique=False)
    op.create_index(op.f("ix_role_assignments_unit_id"), "role_assignments", ["unit_id"], unique=False)
    op.create_table(
        "route_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order", sa.SmallInteger(), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("approver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["people.id"], name=op.f("fk_route_steps_approver_id_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_route_steps_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_steps")),
        sa.UniqueConstraint("unit_id", "order", "approver_id", name=op.f("uq_route_steps_unit_id_order_approver_id")),
    )
    op.create_index(op.f("ix_route_steps_approver_id"), "route_steps", ["approver_id"], unique=False)
    op.create_table(
        "activities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("in_q1", sa.Boolean(), nullable=False),
        sa.Column("in_q2", sa.Boolean(), nullable=False),
        sa.Column("in_q3", sa.Boolean(), nullable=False),
        sa.Column("in_q4", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["activities.id"], name=op.f("fk_activities_parent_id_activities")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_activities_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("project_id", "parent_id", "name", name=op.f("uq_activities_project_id_parent_id_name")),
    )
    op.create_table(
        "funding_sources",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("amount", Baht(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_funding_sources_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_sources")),
        sa.UniqueConstraint("project_id", "kind", "origin", name=op.f("uq_funding_sources_project_id_kind_origin")),
    )
    op.create_table(
        "project_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_links_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_links")),
        sa.UniqueConstraint("project_id", "kind", "name", name=op.f("uq_project_links_project_id_kind_name")),
    )
    op.create_table(
        "reminder_occurrences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_reminder_occurrences_outbox_id_outbox"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reminder_occurrences_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_occurrences")),
        sa.UniqueConstraint(
            "person_id", "kind", "fiscal_year", "quarter", "stage", "step", "on", name="uq_reminder_occurrences_key"
        ),
    )
    op.create_index(op.f("ix_reminder_occurrences_on"), "reminder_occurrences", ["on"], unique=False)
    op.create_index(op.f("ix_reminder_occurrences_outbox_id"), "reminder_occurrences", ["outbox_id"], unique=False)
    op.create_table(
        "spending_plans",
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("q1", Baht(), nullable=False),
        sa.Column("q2", Baht(), nullable=False),
        sa.Column("q3", Baht(), nullable=False),
        sa.Column("q4", Baht(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_spending_plans_project_id_projects")),
        sa.PrimaryKeyConstraint("project_id", "fiscal_year", "dated_on", name=op.f("pk_spending_plans")),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agency_duty_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=True),
        sa.Column("sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("arrived_at", Instant(), nullable=True),
        sa.Column("returned_by", sa.String(32), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("import_mark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_duty_id"], ["agency_duties.id"], name=op.f("fk_submissions_agency_duty_id_agency_duties")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_submissions_project_id_projects")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["people.id"], name=op.f("fk_submissions_sent_by_id_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_submissions_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("agency_duty_id", name=op.f("uq_submissions_agency_duty_id")),
        sa.UniqueConstraint(
            "project_id",
            "kind",
            "fiscal_year",
            "quarter",
            name=op.f("uq_submissions_project_id_kind_fiscal_year_quarter"),
        ),
    )
    op.create_index(op.f("ix_submissions_state_kind_step"), "submissions", ["state", "kind", "step"], unique=False)
    op.create_index(
        op.f("ix_submissions_unit_id_kind_fiscal_year_quarter_state"),
        "submissions",
        ["unit_id", "kind", "fiscal_year", "quarter", "state"],
        unique=False,
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("acting_for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["acting_for_id"], ["people.id"], name=op.f("fk_decisions_acting_for_id_people")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_decisions_decided_by_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_decisions_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("submission_id", "version", "step", name=op.f("uq_decisions_submission_id_version_step")),
    )
    op.create_index(op.f("ix_decisions_decided_by_id"), "decisions", ["decided_by_id"], unique=False)
    op.create_table(
        "quarter_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("output_progress", sa.Text(), nullable=False),
        sa.Column("outcome_progress", sa.Text(), nullable=False),
        sa.Column("kpi_progress", sa.Text(), nullable=False),
        sa.Column("level1_progress", sa.Text(), nullable=False),
        sa.Column("disbursed_baht", Baht(), nullable=True),
        sa.Column("underspend_reason", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("recommendations", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_quarter_reports_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_reports")),
        sa.UniqueConstraint("submission_id", "version", name=op.f("uq_quarter_reports_submission_id_version")),
    )
    op.create_table(
        "submission_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["sent_by_id"], ["people.id"], name=op.f("fk_submission_versions_sent_by_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_versions_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_versions")),
        sa.UniqueConstraint("submission_id", "version", name=op.f("uq_submission_versions_submission_id_version")),
    )
    op.create_table(
        "activity_progress",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_progress_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["quarter_reports.id"], name=op.f("fk_activity_progress_report_id_quarter_reports")
        ),
        sa.PrimaryKeyConstraint("report_id", "activity_id", name=op.f("pk_activity_progress")),
    )
    op.create_table(
        "link_progress",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["project_links.id"], name=op.f("fk_link_progress_link_id_project_links")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["quarter_reports.id"], name=op.f("fk_link_progress_report_id_quarter_reports")
        ),
        sa.PrimaryKeyConstraint("report_id", "link_id", name=op.f("pk_link_progress")),
    )
