"""Snapshots of surveys: the numbers of one moment, from which a report was made.

Follows 0011 (surveys).
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_snapshots",
        sa.Column("survey", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("made_on", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.String(length=128), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey"],
            ["surveys.key"],
            name=op.f("fk_survey_snapshots_survey_surveys"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("survey", "id", name=op.f("pk_survey_snapshots")),
    )


def downgrade() -> None:
    op.drop_table("survey_snapshots")
