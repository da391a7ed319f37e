"""The databases that are measured: SQLite, and PostgreSQL where there is a server."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.databases import Databases, Postgres, Sqlite


@dataclass(frozen=True)
class Server:
    """A PostgreSQL.  *pid* is its first process, whose children's CPU counts as the server's; 0 if unknown."""

    url: str
    pid: int = 0


@dataclass(frozen=True)
class Place:
    """A kind of database: where new ones are made, and PostgreSQL's process (0 for SQLite)."""

    kind: str
    databases: Databases
    server: int = 0


def places(folder: Path, only: Sequence[str], server: Server | None) -> list[Place]:
    """Return the kinds of databases that *only* names (all where it names none); SQLite's lie in *folder*."""
    found = [Place("SQLite", Sqlite(folder))]
    if server:
        found.append(Place("PostgreSQL", Postgres(server.url), server.pid))
    return [each for each in found if not only or each.kind.lower() in only]


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process to one core meanwhile, as ``serve`` keeps (``stay_on_one_core`` in bot/serving.py)."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
