"""Moving a database to a schema: all of the way or, on any error, not at all.

No file besides the migrations is needed; Alembic's configuration is made here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage import engine as engines

FOLDER = Path(__file__).parent / "migrations"

_LOCK = 0x6D61646F  # any number, as long as nobody else in this database takes it

# Whoever comes second waits for the first to finish; a table in use is waited for only briefly, because
# everybody who wants that table afterwards waits behind us.
_PATIENCE = ("SET LOCAL statement_timeout = '10min'", "SET LOCAL lock_timeout = '10min'")
_BRISK = "SET LOCAL lock_timeout = '4s'"


class BrokenReferences(RuntimeError):
    """A migration would leave rows that refer to nothing; it was undone."""


def upgrade(engine: Engine) -> None:
    """Move the database to the newest schema; nothing happens where it is there already."""
    with _migrating(engine) as config:
        command.upgrade(config, "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Move the database back to *revision* ("base" removes every table, with all that is in it)."""
    with _migrating(engine) as config:
        command.downgrade(config, revision)


@contextmanager
def rebuilding(engine: Engine, revision: str) -> Iterator[Connection]:
    """Yield a transaction in which every table was made anew, empty, as at *revision*; see :func:`move_on`.

    Raises:
        alembic.util.CommandError: The program does not know *revision*, or the one that the database has.
    """
    with _migrating(engine) as config:
        command.downgrade(config, "base")
        command.upgrade(config, revision)
        yield config.attributes["connection"]


def move_on(connection: Connection) -> None:
    """Move the database to the newest schema within the open transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def current(engine: Engine) -> str | None:
    """Return the revision of the database, None for one that was never migrated."""
    with engines.read(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the newest revision there is.

    Raises:
        alembic.util.CommandError: Two revisions follow the same one.
    """
    newest = _scripts().get_current_head()
    if newest is None:
        raise LookupError(f"no migrations in {FOLDER}")
    return newest


def known() -> frozenset[str]:
    """Return every revision that this program knows."""
    return frozenset(each.revision for each in _scripts().walk_revisions())


@lru_cache(maxsize=1)
def _scripts() -> ScriptDirectory:
    """Return the migrations that there are, read once in a process."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


@contextmanager
def _migrating(engine: Engine) -> Iterator[Config]:
    with alone(engine) as connection:
        config = _config()
        config.attributes["connection"] = connection
        yield config


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """Yield a transaction in which nobody else is migrating."""
    with engines.write_lock(engine), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # SQLite alters a table by copying it and dropping the old one, which would take with it
            # every row that refers to the table.
            with engines.pragma(connection, "foreign_keys", "OFF", "ON"), connection.begin():
                yield connection
                _check_references(connection)
        else:
            with connection.begin():
                _wait_for_turn(connection)
                yield connection


def _wait_for_turn(connection: Connection) -> None:
    for setting in _PATIENCE:
        connection.execute(text(setting))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    connection.execute(text(_BRISK))


def _check_references(connection: Connection) -> None:
    tables = {str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    if tables:
        raise BrokenReferences(", ".join(sorted(tables)))
