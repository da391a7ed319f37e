"""Clean databases for tests: migrated once, copied for each test."""

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url, text


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
    """Databases on one server, under names that no other run on it uses."""

    def __init__(self, server: str) -> None:
        self._server = make_url(server)
        self._numbers = count(1)

    def make(self, template: str | None = None) -> str:
        name = f"madoguchi_{os.getpid()}_{next(self._numbers)}"
        source = make_url(template).database if template else "template0"
        # Copying files costs least here, where nothing is synced to disk.
        self._do(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
        return self._server.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def _do(self, statement: str) -> None:
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()
