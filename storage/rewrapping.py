"""Sealing anew with the newest key what older keys sealed, while the desk goes on: a batch a transaction.

Whoever is stopped in the middle begins again and passes over what is done.  After a round that found nothing the
older keys open nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, Table, Text, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from storage import engine as database
from storage.keyring import EVENTS
from storage.sealed import Sealed, SealedRecord
from storage.tables import inbox, photos, vault
from storage.turns import Stale
from storage.vault import Vault

BATCH = 500
"""Records in one transaction: some hundredths of a second, in which a turn may have to wait on SQLite."""

FEW = 20
"""Photos in one transaction."""

_RECORD = tuple(vault.c[name] for name in SealedRecord._fields)
_EACH = (
    update(vault)
    .where(vault.c.id == bindparam("record"), vault.c.version == bindparam("before"))
    .values(version=vault.c.version + 1, key_id=bindparam("key"), blob=bindparam("bytes"))
)
# One statement for a batch: PostgreSQL would take a way there and back for each row.
_ALL = text(
    "UPDATE vault SET version = vault.version + 1, key_id = :key, blob = new.blob "
    "FROM unnest(:records, :blobs) AS new (id, blob) WHERE vault.id = new.id"
).bindparams(bindparam("records", type_=ARRAY(Text)), bindparam("blobs", type_=ARRAY(LargeBinary)))
_PHOTO = (
    update(photos)
    .where(photos.c.id == bindparam("record"), photos.c.key_id == bindparam("before"))
    .values(key_id=bindparam("key"), blob=bindparam("bytes"))
)


@dataclass(frozen=True)
class Step:
    """What one transaction did: how many were sealed anew, and behind which id the next one goes on."""

    done: int
    last: str


def waiting(conn: Connection, vault_: Vault, procedure: str) -> int:
    """Return how many records and photos of *procedure* an older key sealed."""
    return sum(
        conn.execute(
            select(func.count()).select_from(table).where(*_old(table, vault_, procedure))
        ).scalar_one()
        for table in (vault, photos)
    )


def rewrap(
    engine: Engine, vault_: Vault, procedure: str, told: Callable[[int], object] = lambda _: None
) -> int:
    """Return how many records and photos of *procedure* were sealed anew; *told* hears of each batch.

    Raises:
        VaultKeyMissing: A key that sealed one of them is not on the ring.
        VaultSealBroken: One of them is not what was sealed there.
    """
    done = 0
    for batch, size in ((records, BATCH), (pictures, FEW)):
        after = ""
        while True:
            with database.write(engine) as conn:
                step = batch(conn, vault_, procedure, after, size)
            if not step.done:
                break
            after = step.last
            done += step.done
            told(step.done)
    return done


def records(conn: Connection, vault_: Vault, procedure: str, after: str = "", limit: int = BATCH) -> Step:
    """Seal the next *limit* records behind the id *after* anew."""
    old = select(*_RECORD).where(*_old(vault, vault_, procedure), vault.c.id > after)
    rows = [
        SealedRecord(*row)
        for row in conn.execute(old.order_by(vault.c.id).limit(limit).with_for_update(skip_locked=True))
    ]
    renewed = [vault_.renewed(each) for each in rows]
    if rows and conn.dialect.name == "postgresql":
        given = {"records": [each.id for each in rows], "blobs": [each.blob for each in renewed]}
        conn.execute(_ALL, {**given, "key": renewed[0].key_id})
    elif rows and conn.execute(_EACH, list(_changes(rows, renewed))).rowcount != len(rows):
        raise Stale
    return Step(len(rows), rows[-1].id if rows else "")


def _changes(rows: Sequence[SealedRecord], renewed: Sequence[Sealed]) -> Iterator[dict[str, Any]]:
    for row, new in zip(rows, renewed, strict=True):
        yield {"record": row.id, "before": row.version, "key": new.key_id, "bytes": new.blob}


def pictures(conn: Connection, vault_: Vault, procedure: str, after: str = "", limit: int = FEW) -> Step:
    """Seal the next *limit* photos behind the id *after* anew."""
    columns = select(photos.c.id, photos.c.key_id, photos.c.blob)
    old = columns.where(*_old(photos, vault_, procedure), photos.c.id > after).order_by(photos.c.id)
    rows = conn.execute(old.limit(limit).with_for_update(skip_locked=True)).all()
    for row in rows:
        new = vault_.renewed_bytes(photos.name, row.id, Sealed(row.key_id, row.blob), procedure=procedure)
        conn.execute(_PHOTO, {"record": row.id, "before": row.key_id, "key": new.key_id, "bytes": new.blob})
    return Step(len(rows), rows[-1].id if rows else "")


def _old(table: Table, vault_: Vault, procedure: str) -> Sequence[Any]:
    return table.c.procedure == procedure, table.c.key_id != vault_.keyring.newest(procedure)


def events(engine: Engine, vault_: Vault) -> int:
    """Return how many events that are kept to be tried again were sealed anew."""
    newest = vault_.keyring.newest(EVENTS).encode() + b":"
    with database.write(engine) as conn:
        kept = select(inbox.c.event_id, inbox.c.raw).where(inbox.c.raw.is_not(None)).with_for_update()
        old = [row for row in conn.execute(kept) if not row.raw.startswith(newest)]
        for row in old:
            raw = vault_.seal_event(row.event_id, vault_.open_event(row.event_id, row.raw))
            conn.execute(update(inbox).where(inbox.c.event_id == row.event_id).values(raw=raw))
        return len(old)


def everything(engine: Engine, vault_: Vault, procedures: Sequence[str]) -> int:
    """Return how much of all *procedures* was sealed anew; nothing where no key was renewed."""
    done = 0
    # Looking for what an older key sealed goes through the whole vault: not where there is no older key.
    for procedure in filter(vault_.keyring.is_renewed, procedures):
        with database.read(engine) as conn:
            wanted = waiting(conn, vault_, procedure)
        done += rewrap(engine, vault_, procedure) if wanted else 0
    return done + (events(engine, vault_) if vault_.keyring.is_renewed(EVENTS) else 0)
