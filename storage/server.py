"""What a database server says of itself, asked before anything else is: some answers make every later one useless."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from sqlalchemy import Connection, make_url, select

from storage.tables import photos, vault


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server: its major version, the database's encoding, whether it only reads, its clock (ms UTC)."""

    version: int
    encoding: str
    only_reads: bool
    now: int


def ask(url: str) -> Server:
    """Return what the PostgreSQL server of *url* says.

    Raises:
        psycopg.Error: It cannot be reached.
    """
    address = make_url(url)
    positions, names = address.get_dialect()().create_connect_args(address)
    with psycopg.connect(*positions, **{"connect_timeout": 5, **names}) as conn:
        # Compared on the server, so that no text has to be decoded: that is what may be broken.
        row = conn.execute(
            "SELECT current_setting('transaction_read_only') = 'on',"
            " (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
        ).fetchone()
        encoding = conn.info.parameter_status("server_encoding") or ""
        version = conn.info.server_version // 10_000
    only_reads, now = row or (False, 0)
    return Server(version, encoding, bool(only_reads), int(now))


def keys_in_use(conn: Connection, most: int) -> set[tuple[str, str]]:
    """Return (procedure, key id) of the keys that sealed a few records: the first *most* by their random ids."""
    found = set()
    for table in (vault, photos):
        sealed = select(table.c.procedure, table.c.key_id).where(table.c.key_id.is_not(None))
        found |= {(row[0], row[1]) for row in conn.execute(sealed.order_by(table.c.id).limit(most))}
    return found
