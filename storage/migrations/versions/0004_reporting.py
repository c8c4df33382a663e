"""Reporting."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import Baht, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add drafts by field, visits and evidence of reports, money carried over, and what stands in eMENSCR."""
    op.create_table(
        "report_visits",
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_report_visits_person_id_people")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_report_visits_project_id_projects")),
        sa.PrimaryKeyConstraint("project_id", "fiscal_year", "quarter", "person_id", name=op.f("pk_report_visits")),
    )
    op.create_table(
        "draft_fields",
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("edited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edited_at", Instant(), nullable=False),
        sa.Column("is_brought_over", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["edited_by_id"], ["people.id"], name=op.f("fk_draft_fields_edited_by_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_draft_fields_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "field", "item", name=op.f("pk_draft_fields")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agency_duty_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column("until_version", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_evidence_added_by_id_people")),
        sa.ForeignKeyConstraint(
            ["agency_duty_id"], ["agency_duties.id"], name=op.f("fk_evidence_agency_duty_id_agency_duties")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_evidence_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_agency_duty_id"), "evidence", ["agency_duty_id"], unique=False)
    op.create_index(op.f("ix_evidence_submission_id"), "evidence", ["submission_id"], unique=False)
    op.create_table(
        "evidence_parts",
        sa.Column("evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_parts_evidence_id_evidence")),
        sa.PrimaryKeyConstraint("evidence_id", "number", name=op.f("pk_evidence_parts")),
    )
    op.add_column("agency_duties", sa.Column("stated_on", sa.Date(), nullable=True))
    op.add_column("agency_duties", sa.Column("stated_at", Instant(), nullable=True))
    op.add_column("agency_duties", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.add_column("agency_duties", sa.Column("listed_as", sa.Text(), nullable=True))
    op.add_column("decisions", sa.Column("concerns", sa.Text(), server_default="", nullable=False))
    op.add_column("quarter_reports", sa.Column("carried_disbursed_baht", Baht(), nullable=True))
    op.add_column("spending_plans", sa.Column("carried_over", Baht(), server_default="0", nullable=False))
    op.add_column("submissions", sa.Column("mirrored_on", sa.Date(), nullable=True))
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for table, name in (("agency_duties", "stated_by_id"), ("submissions", "mirrored_by_id")):
        people = sa.ForeignKey("people.id", name=f"fk_{table}_{name}_people")
        # inline: SQLite cannot add a constraint to a table that has rows which others refer to
        op.add_column(table, sa.Column(name, key, people, nullable=True), inline_references=True)
