"""Which processes send from a database: whether another one lives, so that a lease may still be its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

_KEY = 0x6D61646F  # any number that nobody else locks in this database


class Presence:
    """Tells others that this process sends.  On PostgreSQL a lock that ends with its connection says so."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: Any = None

    def enter(self) -> bool:
        """Return whether nobody else is sending at this moment, and let the others see us from now on.

        A SQLite file belongs to one process, so there the answer is always yes.

        Raises:
            SQLAlchemyError: The database cannot be reached.
        """
        if self._engine.dialect.name != "postgresql":
            return True
        self.leave()
        held = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        alone = bool(held.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}).scalar())
        held.execute(text("SELECT pg_advisory_lock_shared(:key)"), {"key": _KEY})
        if alone:
            held.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})
        self._held = held
        return alone

    def leave(self) -> None:
        """Let the others see us no more."""
        if self._held is not None:
            self._held.invalidate()  # not back to the pool: the lock would go with it
            self._held.close()
            self._held = None
