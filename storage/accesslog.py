"""Who opened which personal record, when and why.  Written by the vault; it holds no personal answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Insert, Text, bindparam, cast, func, insert, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.sql.functions import FunctionElement

from storage.asjson import dump
from storage.tables import access_log

RECORD = "record"
FILE = "file"

_INSERT = insert(access_log)


@dataclass(frozen=True)
class Entry:
    """One opening.  *at* is in ms UTC; *id* counts up in the order of writing, 0 before it is stored."""

    at: int
    by: str
    role: str
    why: str
    kind: str
    record: str
    detail: str = ""
    id: int = 0


_ALIKE = ("at", "by", "role", "why", "kind", "detail")
_RECORDS = bindparam("records", type_=Text)


def _insert_each(texts: FunctionElement[str]) -> Insert:
    record = texts.table_valued("value").c.value
    alike = [bindparam(name, type_=access_log.c[name].type) for name in _ALIKE]
    return _INSERT.from_select([*_ALIKE, "record"], select(*alike, record))


_INSERT_EACH: Mapping[str, Insert] = {
    "sqlite": _insert_each(func.json_each(_RECORDS)),
    "postgresql": _insert_each(func.json_array_elements_text(cast(_RECORDS, JSON))),
}
"""One statement for many rows: a driver's executemany would be a round trip each, or close to it."""


def note(conn: Connection, entries: Sequence[Entry]) -> None:
    """Store *entries* in the caller's transaction."""
    rows = [
        {
            "at": each.at,
            "by": each.by,
            "role": each.role,
            "why": each.why,
            "kind": each.kind,
            "record": each.record,
            "detail": each.detail,
        }
        for each in entries
    ]
    if rows:
        conn.execute(_INSERT, rows)


def note_each(conn: Connection, entry: Entry, records: Sequence[str]) -> None:
    """Store *entry* once for each of *records*, in one statement of the caller's transaction."""
    if records:
        alike = {name: getattr(entry, name) for name in _ALIKE}
        conn.execute(_INSERT_EACH[conn.dialect.name], {**alike, "records": dump(list(records))})


def entries(
    conn: Connection,
    *,
    record: str | None = None,
    besides: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> Sequence[Entry]:
    """Return a page of the log, newest first: of one *record* or of all, below the id *before*.

    Openings by the role *besides* are left out.
    """
    wanted = select(access_log).order_by(access_log.c.id.desc()).limit(limit)
    if record is not None:
        wanted = wanted.where(access_log.c.record == record)
    if besides is not None:
        wanted = wanted.where(access_log.c.role != besides)
    if before is not None:
        wanted = wanted.where(access_log.c.id < before)
    return [Entry(**row) for row in conn.execute(wanted).mappings()]
