"""Surveys, who has answered them, and what was answered.

Follows 0010 (meetings).
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _of_survey(table: str, *columns: sa.Column[Any] | sa.ForeignKeyConstraint, key: str) -> None:
    op.create_table(
        table,
        sa.Column("survey", sa.String(length=40), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["survey"], ["surveys.key"], name=op.f(f"fk_{table}_survey_surveys"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("survey", key, name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=256), nullable=False),
        sa.Column("edition", sa.String(length=32), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("workbook", sa.String(length=64), server_default="", nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("opens", sa.String(length=10), server_default="", nullable=False),
        sa.Column("closes", sa.String(length=10), server_default="", nullable=False),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("identity", sa.String(length=8), server_default="none", nullable=False),
        sa.Column("targets", sa.Text(), server_default="{}", nullable=False),
        sa.Column("kinds", sa.Text(), server_default="[]", nullable=False),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.Column("uploaded_by", sa.String(length=128), nullable=False),
        sa.Column("uploaded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_surveys")),
    )
    _of_survey("survey_marks", sa.Column("mark", sa.String(length=64), nullable=False), key="mark")
    _of_survey(
        "ballots",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), server_default="", nullable=False),
        sa.Column("paper", sa.Boolean(), nullable=False),
        key="id",
    )
    op.create_table(
        "survey_words",
        sa.Column("conversation", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "cause", name=op.f("pk_survey_words")),
        sqlite_with_rowid=False,
    )
    _of_survey(
        "survey_stops",
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        key="field",
    )
    _of_survey(
        "survey_invitations",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_survey_invitations_person_id_people"),
            ondelete="CASCADE",
        ),
        key="person_id",
    )
    op.create_index(
        op.f("ix_survey_invitations_person_id"), "survey_invitations", ["person_id"], unique=False
    )
    _of_survey(
        "survey_papers",
        sa.Column("page", sa.String(length=16), nullable=False),
        sa.Column("first", sa.Text(), server_default="", nullable=False),
        sa.Column("second", sa.Text(), server_default="", nullable=False),
        sa.Column("first_by", sa.String(length=128), server_default="", nullable=False),
        sa.Column("second_by", sa.String(length=128), server_default="", nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        key="page",
    )


def downgrade() -> None:
    op.drop_table("survey_papers")
    op.drop_index(op.f("ix_survey_invitations_person_id"), table_name="survey_invitations")
    for table in ("survey_invitations", "survey_stops", "survey_words", "ballots", "survey_marks", "surveys"):
        op.drop_table(table)
