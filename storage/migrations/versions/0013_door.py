"""The day of a meeting: check-ins, tables, arrangements.

Follows 0012 (snapshots).
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COUNTS = sa.text("undone_at IS NULL AND same_as IS NULL AND case_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "checkins",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("vault_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.String(length=128), nullable=False, server_default=""),
        sa.Column("same_as", sa.String(length=32), nullable=True),
        sa.CheckConstraint("people > 0", name=op.f("ck_checkins_people")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_checkins_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkins")),
    )
    op.create_index("ix_checkins_meeting", "checkins", ["meeting", "received_at"], unique=False)
    op.create_index("ix_checkins_case_id", "checkins", ["case_id"], unique=False)
    op.create_index(
        "uq_checkins_came",
        "checkins",
        ["meeting", "case_id"],
        unique=True,
        sqlite_where=COUNTS,
        postgresql_where=COUNTS,
    )
    op.create_table(
        "seatings",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("meeting", name=op.f("pk_seatings")),
    )
    op.create_table(
        "accommodations",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("vault_id", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_accommodations_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_accommodations")),
    )
    op.create_index("ix_accommodations_meeting", "accommodations", ["meeting"], unique=False)


def downgrade() -> None:
    op.drop_table("accommodations")
    op.drop_table("seatings")
    op.drop_table("checkins")
