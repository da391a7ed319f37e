"""A SQLite database for one command alone, and one for looking at only, beside a desk that goes on.

Two programs that write to one SQLite file can damage it (the WAL-reset bug), so a command that writes keeps
every other program out, and refuses where one is there.  PostgreSQL needs nothing of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import OperationalError

from storage import engine as database


class InUse(Exception):
    """Another program has the SQLite database open; the text says what to do."""


@contextmanager
def alone(url: str) -> Iterator[Engine]:
    """Yield the engine of the database *url*, which on SQLite no other program can open meanwhile.

    Raises:
        InUse: Another program has it open.
    """
    engine = database.create(url, pool_size=1)
    try:
        if engine.dialect.name != "sqlite":
            yield engine
            return
        event.listen(engine, "connect", _keep_others_out)
        try:
            engine.connect().close()
        except OperationalError:
            raise InUse("stop the desk first: a second program must not write to its SQLite file") from None
        yield engine
        _let_others_in(engine)
    finally:
        engine.dispose()


def _keep_others_out(connection: Any, _record: object) -> None:
    # Leaving WAL mode needs the file to oneself; from then on the lock is kept until the connection ends.
    for setting in ("journal_mode=DELETE", "locking_mode=EXCLUSIVE"):
        connection.execute(f"PRAGMA {setting}").close()
    connection.execute("BEGIN EXCLUSIVE").close()
    connection.execute("COMMIT").close()


def _let_others_in(engine: Engine) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection
        for setting in ("locking_mode=NORMAL", "journal_mode=WAL"):
            driver.execute(f"PRAGMA {setting}").close()


def looking(url: str) -> Engine:
    """Return an engine of the database *url* that can only read: it never checkpoints, not even at its end."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return database.create(url, pool_size=1)
    file = Path(address.database or "")
    if not file.exists():
        raise FileNotFoundError(2, "there is no such database", str(file))
    return database.create(f"sqlite:///file:{quote(str(file.absolute()))}?mode=ro&uri=true", pool_size=1)
