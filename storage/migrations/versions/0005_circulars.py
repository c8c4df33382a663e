"""Circulars."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add circulars with their files, recipients and batches, and saved choices of recipients."""
    op.add_column("calendar_windows", sa.Column("withdrawn_on", sa.Date(), nullable=True))
    op.create_table(
        "audience_groups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ministry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("saved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["ministry_id"], ["units.id"], name=op.f("fk_audience_groups_ministry_id_units")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["people.id"], name=op.f("fk_audience_groups_saved_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_groups")),
        sa.UniqueConstraint("ministry_id", "name", name=op.f("uq_audience_groups_ministry_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "circulars",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ministry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("letter_date", sa.Date(), nullable=True),
        sa.Column("urgency", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wants_acknowledgement", sa.Boolean(), nullable=False),
        sa.Column("acknowledge_by", sa.Date(), nullable=True),
        sa.Column("send_at", Instant(), nullable=True),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("relation", sa.String(32), nullable=True),
        sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("released_at", Instant(), nullable=True),
        sa.Column("released_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("not_before", Instant(), nullable=True),
        sa.Column("retry_at", Instant(), nullable=True),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("pause_reason", sa.String(32), nullable=True),
        sa.Column("sent_back_reason", sa.Text(), nullable=False),
        sa.Column("silent_reminded", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(["about_id"], ["circulars.id"], name=op.f("fk_circulars_about_id_circulars")),
        sa.ForeignKeyConstraint(["maker_id"], ["people.id"], name=op.f("fk_circulars_maker_id_people")),
        sa.ForeignKeyConstraint(["ministry_id"], ["units.id"], name=op.f("fk_circulars_ministry_id_units")),
        sa.ForeignKeyConstraint(["released_by_id"], ["people.id"], name=op.f("fk_circulars_released_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulars")),
    )
    op.create_index(op.f("ix_circulars_about_id"), "circulars", ["about_id"], unique=False)
    op.create_index(op.f("ix_circulars_maker_id_state"), "circulars", ["maker_id", "state"], unique=False)
    op.create_index(op.f("ix_circulars_ministry_id"), "circulars", ["ministry_id"], unique=False)
    op.create_index(op.f("ix_circulars_state_not_before"), "circulars", ["state", "not_before"], unique=False)
    op.create_table(
        "circular_batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("circular_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accounts", sa.JSON(), nullable=False),
        sa.Column("size", sa.SmallInteger(), nullable=False),
        sa.Column("retry_key", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("first_tried_at", Instant(), nullable=False),
        sa.Column("retry_at", Instant(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["circular_id"], ["circulars.id"], name=op.f("fk_circular_batches_circular_id_circulars")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_batches")),
    )
    op.create_index(
        op.f("ix_circular_batches_circular_id_state"), "circular_batches", ["circular_id", "state"], unique=False
    )
    op.create_index(
        op.f("ix_circular_batches_state_lease_until"), "circular_batches", ["state", "lease_until"], unique=False
    )
    op.create_table(
        "circular_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("circular_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circular_id"], ["circulars.id"], name=op.f("fk_circular_files_circular_id_circulars"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_files")),
        sa.UniqueConstraint("circular_id", "sha256", name=op.f("uq_circular_files_circular_id_sha256")),
    )
    op.create_table(
        "circular_file_parts",
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["circular_files.id"],
            name=op.f("fk_circular_file_parts_file_id_circular_files"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_circular_file_parts")),
    )
    op.create_table(
        "circular_recipients",
        sa.Column("circular_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("acknowledged_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["circular_batches.id"], name=op.f("fk_circular_recipients_batch_id_circular_batches")
        ),
        sa.ForeignKeyConstraint(
            ["circular_id"], ["circulars.id"], name=op.f("fk_circular_recipients_circular_id_circulars")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_circular_recipients_person_id_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_circular_recipients_unit_id_units")),
        sa.PrimaryKeyConstraint("circular_id", "person_id", name=op.f("pk_circular_recipients")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_circular_recipients_batch_id"), "circular_recipients", ["batch_id"], unique=False)
    op.create_index(
        op.f("ix_circular_recipients_circular_id_state_person_id"),
        "circular_recipients",
        ["circular_id", "state", "person_id"],
        unique=False,
    )
    op.create_index(op.f("ix_circular_recipients_person_id"), "circular_recipients", ["person_id"], unique=False)
