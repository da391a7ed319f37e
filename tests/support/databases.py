"""Clean databases for tests: migrated once, copied for each test."""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError


class Databases(ABC):
    """A place where databases are made quickly; a database is named by its address."""

    @abstractmethod
    def make(self, template: str | None = None) -> str:
        """Return the address of a new database: a copy of *template*, or one without any table."""

    @abstractmethod
    def drop(self, url: str) -> None:
        """Remove the database *url*, whoever is still connected to it."""

    @contextmanager
    def lent(self, template: str | None = None) -> Iterator[str]:
        """Yield the address of a new database and drop it afterwards."""
        url = self.make(template)
        try:
            yield url
        finally:
            self.drop(url)

    @contextmanager
    def lent_again(self, template: str) -> Iterator[str]:
        """Yield the address of a copy of *template* that may have been another's before, and was emptied."""
        with self.lent(template) as url:
            yield url


class Sqlite(Databases):
    """Databases as files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def make(self, template: str | None = None) -> str:
        file = self._folder / f"{next(self._numbers)}.sqlite3"
        if template:
            shutil.copyfile(str(make_url(template).database), file)
        return f"sqlite:///{file}"

    def drop(self, url: str) -> None:
        file = Path(str(make_url(url).database))
        for beside in file.parent.glob(f"{file.name}*"):
            beside.unlink()


class Postgres(Databases):
    """Databases on one server, under names that no other run on it uses.

    To make one and to drop it costs ten times as much as to empty it, so copies of a template may be lent again.
    Whoever uses this closes it.
    """

    def __init__(self, server: str) -> None:
        self._server = make_url(server)
        self._names = f"madoguchi_{os.getpid()}_{uuid4().hex[:8]}"
        self._numbers = count(1)
        self._admin = create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._resting: dict[str, list[_Used]] = defaultdict(list)

    def make(self, template: str | None = None) -> str:
        name = self._name()
        source = make_url(template).database if template else "template0"
        # Copying files costs least here, where nothing is synced to disk.
        self._do(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
        return self._url(name)

    def drop(self, url: str) -> None:
        self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    @contextmanager
    def lent_again(self, template: str) -> Iterator[str]:
        """Yield the address of a copy of *template*, under a name that it never had before.

        One whose tables, roles or settings were changed is dropped, and so is one that was used often enough.
        """
        used = self._resting[template].pop() if self._resting[template] else None
        used = used or _Used(url := self.make(template), _shape(url))
        try:
            yield used.url
        finally:
            self._rest(template, used)

    def close(self) -> None:
        """Drop what rests."""
        for each in [used for resting in self._resting.values() for used in resting]:
            self.drop(each.url)
        self._resting.clear()

    def _rest(self, template: str, used: _Used) -> None:
        """Put everybody out of a database, keep them out by another name for it, and empty it."""
        name, former = self._name(), make_url(used.url).database
        rested = _Used(self._url(name), used.shape, used.uses + 1)
        try:
            self._do(
                f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{former}'"
            )
            self._do(f"ALTER DATABASE {former} RENAME TO {name}")
        except DBAPIError:  # somebody came back in between
            self.drop(used.url)
            return
        if rested.uses < MOST_USES and _emptied(rested):
            self._resting[template].append(rested)
        else:
            self.drop(rested.url)

    def _name(self) -> str:
        return f"{self._names}_{next(self._numbers)}"

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _do(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for each in statements:
                connection.execute(text(each))


@dataclass(frozen=True)
class _Used:
    """A database that may be lent again while its *shape* is what it was when it was made."""

    url: str
    shape: tuple[object, ...]
    uses: int = 0


def _shape(url: str) -> tuple[object, ...]:
    with _opened(url) as connection:
        return tuple(connection.execute(text(_SHAPE)).one())


def _emptied(used: _Used) -> bool:
    """Remove all rows; return whether nothing else was ever changed."""
    try:
        with _opened(used.url) as connection:
            connection.execute(text(_EMPTY))
            return tuple(connection.execute(text(_SHAPE)).one()) == used.shape
    except DBAPIError:  # a test made it so that nobody may write
        return False


@contextmanager
def _opened(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


MOST_USES = 100
"""How often a database is lent before a new one is made."""

_EMPTY = """
DO $$
DECLARE
  each record;
  found boolean;
  full_ones text[] := '{}';
BEGIN
  FOR each IN SELECT oid::regclass AS name, relkind FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND relname <> 'alembic_version'
  LOOP
    IF each.relkind = 'S' THEN
      PERFORM setval(each.name, 1, false);
    ELSE
      EXECUTE format('SELECT EXISTS (SELECT FROM %s)', each.name) INTO found;
      IF found THEN
        full_ones := full_ones || each.name::text;
      END IF;
    END IF;
  END LOOP;
  IF full_ones <> '{}' THEN
    EXECUTE 'TRUNCATE ' || array_to_string(full_ones, ', ') || ' CASCADE';
  END IF;
END $$
"""
"""Truncated and not deleted: dead rows, and what the planner believes of them, would make the next test slow."""

_SHAPE = """
SELECT
  (SELECT count(*) || ' ' || max(oid::bigint) FROM pg_class),
  (SELECT count(*) || ' ' || max(attrelid::bigint) FROM pg_attribute WHERE NOT attisdropped),
  (SELECT count(*) || ' ' || max(oid::bigint) FROM pg_proc),
  (SELECT count(*) || ' ' || max(oid::bigint) FROM pg_trigger),
  (SELECT count(*) || ' ' || max(oid::bigint) FROM pg_constraint),
  (SELECT count(*) FROM pg_db_role_setting),
  (SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles),
  (SELECT version_num FROM alembic_version)
"""
