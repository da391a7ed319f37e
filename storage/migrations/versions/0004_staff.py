"""The roster of staff, their conversations in Teams, and fingerprints of what two cases have in common."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STILL_THERE = sa.text("removed_at IS NULL")


def _roster() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    op.create_index(
        "uq_staff_account_since",
        "staff",
        ["tenant", "object_id", "since"],
        unique=True,
        sqlite_where=STILL_THERE,
        postgresql_where=STILL_THERE,
    )
    op.create_table(
        "staff_roles",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("deputy", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_roles_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "procedure", "role", name=op.f("pk_staff_roles")),
    )


def _teams() -> None:
    op.create_table(
        "teams_references",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.Column("service_url", sa.String(length=255), nullable=False),
        sa.Column("bot_id", sa.String(length=128), nullable=False),
        sa.Column("user_id", sa.String(length=128), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("dead_at", sa.BigInteger(), nullable=True),
        sa.Column("subscribed", sa.String(length=255), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams_references")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_teams_references_conversation_id")),
    )
    op.create_index("ix_teams_references_account", "teams_references", ["tenant", "object_id"], unique=False)
    op.create_table(
        "teams_cards",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("reference_id", sa.String(length=32), nullable=False),
        sa.Column("activity_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_teams_cards_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["reference_id"],
            ["teams_references.id"],
            name=op.f("fk_teams_cards_reference_id_teams_references"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams_cards")),
        sa.UniqueConstraint("case_id", "reference_id", name=op.f("uq_teams_cards_case_id")),
    )
    op.create_table(
        "teams_files",
        sa.Column("message_id", sa.String(length=128), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_teams_files")),
    )
    op.create_index("ix_teams_files_received_at", "teams_files", ["received_at"], unique=False)


def _prints() -> None:
    op.create_table(
        "case_prints",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("print", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_prints_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "kind", "print", name=op.f("pk_case_prints")),
    )
    op.create_index("ix_case_prints_print", "case_prints", ["print"], unique=False)


def upgrade() -> None:
    _roster()
    _teams()
    _prints()


def downgrade() -> None:
    op.drop_index("ix_case_prints_print", table_name="case_prints")
    op.drop_table("case_prints")
    op.drop_index("ix_teams_files_received_at", table_name="teams_files")
    op.drop_table("teams_files")
    op.drop_table("teams_cards")
    op.drop_index("ix_teams_references_account", table_name="teams_references")
    op.drop_table("teams_references")
    op.drop_table("staff_roles")
    op.drop_index("uq_staff_account_since", table_name="staff")
    op.drop_table("staff")
