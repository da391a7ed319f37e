"""The tables of a backup as lines of JSON: the same for both databases, so that one can be brought into the other."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    TableClause,
    Text,
    collate,
    column,
    func,
    insert,
    select,
)
from sqlalchemy import table as table_clause

from storage.schema import metadata
from storage.tables import links, photos, sessions
from storage.tables_time import ticks

LEFT_OUT = frozenset({links.name, sessions.name, ticks.name})
"""Tokens that open something, and when regular work was last done: nothing that is to come back."""

BATCH = 1000
LARGE = 8
"""Rows read and written at a time; few where a row may be a photo."""

_TYPES: Mapping[str, Any] = {"text": Text(), "int": BigInteger(), "bool": Boolean(), "bytes": LargeBinary()}
_KINDS = {str: "text", int: "int", bool: "bool", bytes: "bytes"}

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


@dataclass(frozen=True)
class Shape:
    """A table as it was when the backup was made: its columns by name and kind, and which make its key."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    @classmethod
    def of(cls, table: Table) -> Shape:
        """Return the shape of *table*."""
        columns = tuple((each.name, _kind(each)) for each in table.c)
        return cls(table.name, columns, tuple(each.name for each in table.primary_key.columns))

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Shape:
        """Return the shape that :meth:`stored` wrote."""
        columns = tuple((str(name), str(kind)) for name, kind in stored["columns"])
        return cls(str(stored["table"]), columns, tuple(map(str, stored["key"])))

    def stored(self) -> Mapping[str, Any]:
        """Return the shape as JSON."""
        return {"table": self.name, "columns": [list(each) for each in self.columns], "key": list(self.key)}

    @property
    def batch(self) -> int:
        """Return how many rows are held in memory at a time."""
        return LARGE if self.name == photos.name else BATCH

    @cached_property
    def clause(self) -> TableClause:
        """Return the table for statements, whatever the program's own tables look like by now."""
        return table_clause(self.name, *(column(name, _TYPES[kind]) for name, kind in self.columns))

    @cached_property
    def binary(self) -> tuple[int, ...]:
        """Return the places of the columns that hold bytes."""
        return tuple(place for place, (_, kind) in enumerate(self.columns) if kind == "bytes")


def _kind(each: Column[Any]) -> str:
    return _KINDS[bytes if isinstance(each.type, LargeBinary) else each.type.python_type]


def shapes() -> Sequence[Shape]:
    """Return the tables that a backup holds, those first that others refer to."""
    return [Shape.of(each) for each in metadata.sorted_tables if each.name not in LEFT_OUT]


@dataclass
class Tally:
    """The rows of one table as they go by: how many, and the SHA-256 of their lines in order."""

    rows: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, line: bytes) -> None:
        """Count *line*, the row with its line feed."""
        self.rows += 1
        self._digest.update(line)

    def result(self) -> Mapping[str, Any]:
        """Return what the manifest says of the table."""
        return {"rows": self.rows, "sha256": self._digest.hexdigest()}


def count(conn: Connection, shape: Shape) -> int:
    """Return how many rows the table has."""
    return int(conn.execute(select(func.count()).select_from(shape.clause)).scalar_one())


def lines(conn: Connection, shape: Shape) -> Iterator[bytes]:
    """Yield the rows of a table as lines, in the order of their key; nothing is held but a batch."""
    pack = _packer(shape)
    wanted = select(*shape.clause.c).order_by(*_order(conn, shape))
    for row in conn.execute(wanted, execution_options={"yield_per": shape.batch}):
        yield f"{_encode(pack(row))}\n".encode()


def _order(conn: Connection, shape: Shape) -> Iterator[ColumnElement[Any]]:
    for name in shape.key:
        each = shape.clause.c[name]
        is_text = isinstance(each.type, Text) and conn.dialect.name == "postgresql"
        # Both databases, in whatever locale, give one order: that of the bytes.
        yield collate(each, "C") if is_text else each


def _packer(shape: Shape) -> Callable[[Any], Sequence[Any]]:
    places = frozenset(shape.binary)
    if not places:
        return tuple

    def pack(row: Any) -> Sequence[Any]:
        return [
            base64.b64encode(value).decode() if place in places and value is not None else value
            for place, value in enumerate(row)
        ]

    return pack


def insert_lines(conn: Connection, shape: Shape, batch: Sequence[bytes]) -> None:
    """Insert the rows of *batch*, lines as :func:`lines` yields them."""
    names = [name for name, _ in shape.columns]
    rows = [dict(zip(names, _unpacked(line, shape.binary), strict=True)) for line in batch]
    conn.execute(insert(shape.clause), rows)


def _unpacked(line: bytes, places: Sequence[int]) -> list[Any]:
    row: list[Any] = json.loads(line)
    for place in places:
        if row[place] is not None:
            row[place] = base64.b64decode(row[place])
    return row
