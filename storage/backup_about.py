"""What a backup says of itself to everybody: counts and ids of keys, nothing of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, func, select

from storage import backup_load, erasures, outbox
from storage.keyring import EVENTS
from storage.tables import cases, inbox, people, photos, submissions, vault


def about(conn: Connection) -> Mapping[str, Any]:
    """Return the ledger, the numbers given last, and the keys of the vault that the sealed answers need."""
    return {
        "ledger": ledger(conn),
        "numbers": backup_load.numbers(conn),
        "vault_keys": vault_keys(conn),
        "erasures": erasures.count(conn),
    }


def ledger(conn: Connection) -> Mapping[str, int]:
    """Return how many of what there are: events by state, what was filed, messages by state."""
    counted = {each.name: _count(conn, each) for each in (people, cases, submissions, vault, photos)}
    events = conn.execute(select(inbox.c.state, func.count().label("rows")).group_by(inbox.c.state))
    counted |= {f"events {row.state}": row.rows for row in events}
    return counted | {f"messages {state}": rows for state, rows in outbox.counts(conn).items()}


def line(counted: Mapping[str, int]) -> str:
    """Return a ledger as one line."""
    return "ledger " + " · ".join(f"{name} {counted[name]}" for name in sorted(counted))


def _count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def vault_keys(conn: Connection) -> Mapping[str, Mapping[str, int]]:
    """Return how many blobs each key seals, by procedure and key id; those of raw events as of ``inbox``."""
    found: dict[str, dict[str, int]] = {}
    for table in (vault, photos):
        wanted = select(table.c.procedure, table.c.key_id, func.count().label("rows"))
        held = wanted.where(table.c.key_id.is_not(None)).group_by(table.c.procedure, table.c.key_id)
        for row in conn.execute(held):
            keys = found.setdefault(row.procedure, {})
            keys[row.key_id] = keys.get(row.key_id, 0) + row.rows
    for raw in conn.execute(select(inbox.c.raw).where(inbox.c.raw.is_not(None))).scalars():
        keys, key_id = found.setdefault(EVENTS, {}), raw.partition(b":")[0].decode("ascii", "replace")
        keys[key_id] = keys.get(key_id, 0) + 1
    return found
