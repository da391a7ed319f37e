"""Pools, claims and waiting lists, where each set and part is, and every move of them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

HELD = sa.text("released_at IS NULL")


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _pools() -> None:
    op.create_table(
        "pools",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pools")),
    )
    op.create_table(
        "pool_slots",
        sa.Column("pool", sa.String(length=64), nullable=False),
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_pool_slots_taken")),
        sa.ForeignKeyConstraint(["pool"], ["pools.key"], name=op.f("fk_pool_slots_pool_pools")),
        sa.PrimaryKeyConstraint("pool", "slot", name=op.f("pk_pool_slots")),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        _id("id"),
        sa.Column("pool", sa.String(length=64), nullable=False),
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        _id("case_id"),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claims_amount")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_claims_case_id_cases")),
        sa.ForeignKeyConstraint(["pool"], ["pools.key"], name=op.f("fk_claims_pool_pools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    op.create_index(
        "uq_claims_held",
        "claims",
        ["case_id", "purpose", "pool", "slot"],
        unique=True,
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    op.create_index(
        "ix_claims_slot", "claims", ["pool", "slot"], unique=False, sqlite_where=HELD, postgresql_where=HELD
    )


def _waiting() -> None:
    op.create_table(
        "pool_waiting",
        _id("id"),
        _id("case_id"),
        sa.Column("pool", sa.String(length=64), nullable=False),
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("offered_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_pool_waiting_case_id_cases")),
        sa.ForeignKeyConstraint(["pool"], ["pools.key"], name=op.f("fk_pool_waiting_pool_pools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_waiting")),
        sa.UniqueConstraint("case_id", "pool", "slot", name=op.f("uq_pool_waiting_case_id")),
    )
    op.create_index("ix_pool_waiting_slot", "pool_waiting", ["pool", "slot", "since"], unique=False)
    op.create_index("ix_pool_waiting_offered_until", "pool_waiting", ["offered_until"], unique=False)


def _stock() -> None:
    op.create_table(
        "stock_places",
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.CheckConstraint("sets >= 0", name=op.f("ck_stock_places_sets")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_stock_places")),
    )
    _sets()
    _parts()


def _sets() -> None:
    op.create_table(
        "fence_sets",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        _id("case_id", nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(place = 'lent') = (case_id IS NOT NULL)", name=op.f("ck_fence_sets_case_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_fence_sets_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["place"], ["stock_places.place"], name=op.f("fk_fence_sets_place_stock_places")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_fence_sets")),
    )
    op.create_index("ix_fence_sets_place", "fence_sets", ["place", "number"], unique=False)
    op.create_index("ix_fence_sets_case_id", "fence_sets", ["case_id"], unique=False)


def _parts() -> None:
    op.create_table(
        "parts",
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_parts_amount")),
        sa.PrimaryKeyConstraint("part", "place", name=op.f("pk_parts")),
    )
    op.create_table(
        "stock_moves",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("cause", sa.String(length=96), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("from_place", sa.String(length=8), nullable=False),
        sa.Column("to_place", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        _id("case_id", nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_stock_moves_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_moves")),
        sa.UniqueConstraint("cause", name=op.f("uq_stock_moves_cause")),
    )
    op.create_index("ix_stock_moves_what", "stock_moves", ["what", "at"], unique=False)
    op.create_index("ix_stock_moves_case_id", "stock_moves", ["case_id"], unique=False)


def upgrade() -> None:
    _pools()
    _claims()
    _waiting()
    _stock()


def downgrade() -> None:
    for table in (
        "stock_moves",
        "parts",
        "fence_sets",
        "stock_places",
        "pool_waiting",
        "claims",
        "pool_slots",
        "pools",
    ):
        op.drop_table(table)
