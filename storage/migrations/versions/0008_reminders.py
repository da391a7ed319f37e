"""Reminders that a case brings about, and who must be told by telephone or letter.

Follows 0007 (how-to).  What was asked for before belongs to no case.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WAITING = sa.text("sent_at IS NULL")
OF_A_CASE = sa.text("case_id != ''")
UNDELIVERABLE = sa.text("state = 'undeliverable'")
OPEN = sa.text("done_at IS NULL")


def _only(rows: sa.TextClause) -> dict[str, Any]:
    return {"sqlite_where": rows, "postgresql_where": rows}


def upgrade() -> None:
    op.drop_index("ix_reminders_due", table_name="reminders")
    with op.batch_alter_table("reminders") as batch:
        batch.add_column(sa.Column("case_id", sa.String(length=32), nullable=False, server_default=""))
        batch.add_column(sa.Column("day", sa.String(length=10), nullable=False, server_default=""))
        batch.drop_constraint("uq_reminders_person_id", type_="unique")
        batch.create_unique_constraint("uq_reminders_person_id", ["person_id", "case_id", "about"])
    op.create_index("ix_reminders_waiting", "reminders", ["due"], unique=False, **_only(WAITING))
    op.create_index("ix_reminders_case_id", "reminders", ["case_id"], unique=False, **_only(OF_A_CASE))
    op.create_index("ix_outbox_undeliverable", "outbox", ["id"], unique=False, **_only(UNDELIVERABLE))
    op.create_table(
        "unreached",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(length=128), nullable=False),
        sa.Column("legal", sa.Boolean(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.String(length=128), nullable=False, server_default=""),
        sa.Column("done_how", sa.String(length=16), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_unreached_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unreached")),
        sa.UniqueConstraint("cause", name=op.f("uq_unreached_cause")),
    )
    op.create_index(op.f("ix_unreached_person_id"), "unreached", ["person_id"], unique=False)
    op.create_index("ix_unreached_open", "unreached", ["since"], unique=False, **_only(OPEN))


def downgrade() -> None:
    op.drop_table("unreached")
    op.drop_index("ix_outbox_undeliverable", table_name="outbox")
    op.drop_index("ix_reminders_case_id", table_name="reminders")
    op.drop_index("ix_reminders_waiting", table_name="reminders")
    # A table without cases can hold only what somebody asked for.
    op.execute("DELETE FROM reminders WHERE case_id != ''")
    with op.batch_alter_table("reminders") as batch:
        batch.drop_constraint("uq_reminders_person_id", type_="unique")
        batch.create_unique_constraint("uq_reminders_person_id", ["person_id", "about"])
        batch.drop_column("day")
        batch.drop_column("case_id")
    op.create_index("ix_reminders_due", "reminders", ["due"], unique=False)
