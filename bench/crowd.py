"""A database with many cases: ten thousand written as the desk would leave them, and copies of them by the hundred.

A case brings its person, account, filings, sealed answers, and the events and messages of its talk; every
twentieth person is in the middle of another form.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, column, insert, literal_column, select, table, text, true

from bench import programs, residents
from storage.engine import create
from storage.keyring import load_keyring
from storage.tables import inbox, metadata, outbox
from storage.vault import Vault
from tests.support.many import applications

EVENTS = 2
"""Events and messages kept for each case, besides the case itself."""

_FIRST_RESIDENT = 50_000_000

# How each table is copied: a copy's ids end in its suffix ("x01"), and so do those of what it refers to.
_END = "substr({0}, 1, 29) || suffix"
_ACCOUNT = "'U' || suffix || substr({0}, 5)"
_MORE = "{0} || suffix"
_COPIES = {
    "people": {"id": _END, "current": f"CASE current WHEN '' THEN '' ELSE {_END} END"},
    "identities": {"external_id": _ACCOUNT, "person_id": _END},
    "conversations": {"id": _END, "person_id": _END},
    "cases": {"id": _END, "reference": _MORE, "person_id": _END},
    "vault": {"id": _END},
    "submissions": {
        "id": _END,
        "case_id": _END,
        "vault_id": _END,
        "filed_by": f"CASE role WHEN 'resident' THEN {_END} ELSE filed_by END",
        "event_id": _MORE,
    },
    "inbox": {"event_id": _MORE},
    "outbox": {
        "thread": _END,
        "recipient": _ACCOUNT,
        "retry_key": "substr({0}, 1, 33) || suffix",
        "cause": _MORE,
    },
}
_KEY = {"identities": "person_id", "inbox": "event_id", "outbox": "thread"}
_SUFFIXES = table("suffixes", column("suffix"))
_FAST = ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-800000", "PRAGMA temp_store=MEMORY")


def build(url: str, folder: Path, cases: int) -> str:
    """Fill the empty database *url* with *cases*; return the account of a resident who has begun a form."""
    model = programs.prepare(url, folder)
    engine = create(url)
    applications(engine, Vault(load_keyring(folder / "vault-keys.json")), cases)
    residents.settle(engine, model, range(_FIRST_RESIDENT, _FIRST_RESIDENT + cases // 20))
    with engine.begin() as conn:
        _talk(conn)
    engine.dispose()
    return model


def _talk(conn: Connection) -> None:
    """Write the events and messages of every person's talk, long done with."""
    found = conn.execute(text("SELECT person_id, external_id FROM identities ORDER BY external_id")).all()
    rows = [(number, *row) for number, row in enumerate(row for row in found for _ in range(EVENTS))]
    conn.execute(insert(inbox), [_event(number) for number, _, _ in rows])
    conn.execute(insert(outbox), [_message(*row) for row in rows])


def _event(number: int) -> dict[str, object]:
    at = 1_780_000_000_000 + number * 1000
    return {
        "event_id": f"01GROWN{number:016d}",
        "channel": "line",
        "received_at": at,
        "state": "done",
        "attempts": 0,
    }


def _message(number: int, person: str, account: str) -> dict[str, object]:
    at = 1_780_000_000_000 + number * 1000
    return {
        "channel": "line",
        "lane": "chat",
        "thread": person,
        "kind": "messages",
        "recipient": account,
        "body": "",  # blanked after its days, as retention does it
        "retry_key": f"{number:08x}-0000-5000-8000-000000000000",
        "legal": False,
        "cause": f"01GROWN{number:016d}/talk",
        "state": "delivered",
        "due": at,
        "attempts": 1,
        "request_id": f"{number:032x}",
        "created_at": at,
        "done_at": at + 200,
    }


def multiply(url: str, copies: range) -> None:
    """Add to the database that :func:`build` made one copy of all of it for each number (1 to 99) of *copies*."""
    engine = create(url)
    with engine.connect() as conn:
        if engine.dialect.name == "sqlite":
            for each in _FAST:  # told to the driver: a transaction has begun where SQLAlchemy tells it
                conn.connection.cursor().execute(each).close()
        else:  # copying a million takes longer than any statement of the program may
            conn.execute(text("SET LOCAL statement_timeout = 0"))
        if copies:
            _multiply(conn, copies)
        conn.commit()
    _settle(engine)
    engine.dispose()


def _multiply(conn: Connection, copies: range) -> None:
    conn.execute(text("CREATE TEMPORARY TABLE suffixes (suffix VARCHAR(3))"))
    conn.execute(
        text("INSERT INTO suffixes VALUES (:suffix)"), [{"suffix": f"x{each:02}"} for each in copies]
    )
    for name, changed in _COPIES.items():
        rows = metadata.tables[name]
        kept = [each.name for each in rows.columns if (name, each.name) != ("outbox", "id")]
        made = [
            literal_column(changed[each].format(each)) if each in changed else rows.c[each] for each in kept
        ]
        key = rows.c[_KEY.get(name, "id")]
        # In the order of their keys, or every row would go to another page of the index.
        copied = (
            select(*made).select_from(rows.join(_SUFFIXES, true())).where(key.not_like("%x__")).order_by(key)
        )
        conn.execute(insert(rows).from_select(kept, copied))


def _settle(engine: Engine) -> None:
    """Do what the database does by itself when nobody fills it in a minute."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("VACUUM ANALYZE"))
            conn.execute(text("CHECKPOINT"))
