"""What was erased, when, and by whose decision; photos by their age."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("planned_by", sa.String(length=128), nullable=False),
        sa.Column("approved_by", sa.String(length=128), nullable=False),
        sa.Column("witness", sa.String(length=128), nullable=False),
        sa.Column("plan", sa.String(length=64), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_subject"), "erasures", ["subject"], unique=False)
    # Photos are looked through by age; the column alone lies behind their content.
    op.create_index("ix_photos_created_at", "photos", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_photos_created_at", table_name="photos")
    op.drop_index(op.f("ix_erasures_subject"), table_name="erasures")
    op.drop_table("erasures")
