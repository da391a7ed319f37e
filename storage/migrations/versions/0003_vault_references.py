"""Who refers to a record of the vault is asked whenever one is sealed anew or forgotten."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_submissions_vault_id"), "submissions", ["vault_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_submissions_vault_id"), table_name="submissions")
