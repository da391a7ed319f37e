"""Who bought a fence with the city's subsidy, as keyed fingerprints.

Follows 0005 (pools); 0007 (how-to) follows this one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holders",
        sa.Column("number_print", sa.String(length=64), nullable=False),
        sa.Column("household_print", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number_print", name=op.f("pk_holders")),
    )
    op.create_table(
        "holder_lists",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_by", sa.String(length=128), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_holder_lists")),
    )
    op.create_table(
        "holder_drafts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=128), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder_drafts")),
    )
    op.create_index("ix_holder_drafts_made_at", "holder_drafts", ["made_at"], unique=False)
    op.create_table(
        "case_holders",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number_print", sa.String(length=64), nullable=False),
        sa.Column("household_print", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_holders_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_holders")),
    )


def downgrade() -> None:
    op.drop_table("case_holders")
    op.drop_index("ix_holder_drafts_made_at", table_name="holder_drafts")
    op.drop_table("holder_drafts")
    op.drop_table("holder_lists")
    op.drop_table("holders")
