"""Indexes: who refers to a record of the vault; and events by state, of those in trouble alone.

The first is asked whenever a record is sealed anew or forgotten; the second was written at every turn and read
for a handful of events.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IN_TROUBLE = sa.text("error IS NOT NULL")


def upgrade() -> None:
    op.create_index(op.f("ix_submissions_vault_id"), "submissions", ["vault_id"], unique=False)
    op.drop_index("ix_inbox_state_due", table_name="inbox")
    op.create_index(
        "ix_inbox_state_due",
        "inbox",
        ["state", "due"],
        unique=False,
        sqlite_where=IN_TROUBLE,
        postgresql_where=IN_TROUBLE,
    )


def downgrade() -> None:
    op.drop_index("ix_inbox_state_due", table_name="inbox")
    op.create_index("ix_inbox_state_due", "inbox", ["state", "due"], unique=False)
    op.drop_index(op.f("ix_submissions_vault_id"), table_name="submissions")
