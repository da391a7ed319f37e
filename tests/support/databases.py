"""Clean databases for tests: migrated once, copied for each test."""

import os
import shutil
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

from sqlalchemy import NullPool, create_engine, make_url, text
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

    With *again*, copies of a template are emptied and lent again: to make one costs ten times as much as to empty
    it.  One whose tables, roles or settings a test has changed is dropped.  Whoever asks for it closes this one.
    """

    def __init__(self, server: str, *, again: bool = False) -> None:
        self._server = make_url(server)
        self._again = again
        self._names = f"madoguchi_{os.getpid()}_{uuid4().hex[:8]}"
        self._numbers = count(1)
        self._admin = create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._resting: dict[str, list[str]] = defaultdict(list)
        self._lent: dict[str, _Origin] = {}

    def make(self, template: str | None = None) -> str:
        if template and len(self._resting[template]) > RESTING:
            return self._resting[template].pop(0)
        name = f"{self._names}_{next(self._numbers)}"
        source = make_url(template).database if template else "template0"
        # Copying files costs least here, where nothing is synced to disk.
        self._do(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
        url = self._server.set(database=name).render_as_string(hide_password=False)
        if template and self._again:
            self._lent[url] = _Origin(template, url)
        return url

    def drop(self, url: str) -> None:
        origin = self._lent.get(url)
        if origin and origin.uses < MOST_USES and origin.is_as_made_when_emptied():
            origin.uses += 1
            self._resting[origin.template].append(url)
            return
        if origin:
            del self._lent[url]
            origin.close()
        self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        """Drop what rests."""
        for url in [each for resting in self._resting.values() for each in resting]:
            self._lent.pop(url).close()
            self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")
        self._admin.dispose()

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


class _Origin:
    """A database as it was copied from its *template*, looked at through a connection of its own."""

    def __init__(self, template: str, url: str) -> None:
        self.template = template
        self.uses = 0
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1)
        with self._engine.connect() as connection:
            self._made = connection.execute(text(_SHAPE)).one()

    def close(self) -> None:
        """Look no more."""
        self._engine.dispose()

    def is_as_made_when_emptied(self) -> bool:
        """Put everybody else out and remove all rows; return whether nothing else was changed."""
        try:
            with self._engine.connect() as connection:
                connection.execute(text(_EMPTY))
                return connection.execute(text(_SHAPE)).one() == self._made
        except DBAPIError:  # a test has put this connection out as well, or made it so that nobody may write
            return False


RESTING = 4
"""How many rest before the first is lent again: what a test left running finds nobody's rows to spoil."""

MOST_USES = 100
"""Emptied tables keep the room of their dead rows."""

_EMPTY = """
DO $$
DECLARE
  each record;
  found boolean;
BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR each IN SELECT oid::regclass AS name, relkind FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND relname <> 'alembic_version'
  LOOP
    IF each.relkind = 'S' THEN
      EXECUTE format('ALTER SEQUENCE %s RESTART', each.name);
    ELSE
      EXECUTE format('SELECT EXISTS (SELECT FROM %s)', each.name) INTO found;
      IF found THEN
        EXECUTE format('DELETE FROM %s', each.name);
      END IF;
    END IF;
  END LOOP;
END $$
"""
"""Foreign keys are not looked at: in the end no row is left to hold one."""

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
