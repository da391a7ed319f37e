"""Statements of the hot path: written in SQLAlchemy Core, compiled once, given to the driver as they are.

Core costs 30 to 50 µs a statement beside what the driver costs, five times a turn.  What it does for them is
little: their results are columns of plain types, and nothing about them changes from one turn to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Table, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

Given = Mapping[str, Any]


def given(table: Table, names: Iterable[str]) -> dict[str, BindParameter[Any]]:
    """Return the parameters of a row of *table*, told apart from those of another table in the statement."""
    return {name: bindparam(f"{table.name}_{name}", type_=table.c[name].type) for name in names}


class Ready:
    """One statement.  *made* returns it for a dialect; values pass as they are, in both directions.

    So its columns may be texts, whole numbers and bytes; a truth value comes back as 0 or 1 on SQLite.
    """

    def __init__(self, made: ClauseElement | Callable[[Dialect], ClauseElement]) -> None:
        self._made = made
        self._compiled: dict[str, tuple[str, Callable[[Given], Any]]] = {}

    def rows(self, conn: Connection, given: Given) -> Sequence[Sequence[Any]]:
        """Return the rows of the statement with the values *given* in.

        Raises:
            DBAPIError: As SQLAlchemy raises it.
        """
        cursor = self._run(conn, given)
        try:
            return cursor.fetchall()  # type: ignore[no-any-return]
        finally:
            cursor.close()

    def count(self, conn: Connection, given: Given) -> int:
        """Return how many rows the statement changed."""
        cursor = self._run(conn, given)
        changed = int(cursor.rowcount)
        cursor.close()
        return changed

    def many(self, conn: Connection, rows: Sequence[Given]) -> None:
        """Run the statement once for each of *rows*."""
        dialect = conn.dialect
        text, bound = self._compiled.get(dialect.name) or self._compile(dialect)
        driver: Any = conn.connection.driver_connection
        cursor = driver.cursor()
        try:
            cursor.executemany(text, [bound(each) for each in rows])
        except dialect.loaded_dbapi.Error as fault:
            raise _translated(conn, cursor, text, fault) from fault
        finally:
            cursor.close()

    def _run(self, conn: Connection, given: Given) -> Any:
        dialect = conn.dialect
        text, bound = self._compiled.get(dialect.name) or self._compile(dialect)
        driver: Any = conn.connection.driver_connection
        cursor = driver.cursor()
        try:
            cursor.execute(text, bound(given))
        except dialect.loaded_dbapi.Error as fault:
            raise _translated(conn, cursor, text, fault) from fault
        return cursor

    def _compile(self, dialect: Dialect) -> tuple[str, Callable[[Given], Any]]:
        made = self._made if isinstance(self._made, ClauseElement) else self._made(dialect)
        compiled: Any = made.compile(dialect=dialect)
        if not any(each.required for each in compiled.binds.values()):
            # Nothing is given: spelt out, dozens of constants are not handed to the driver again each time.
            compiled = made.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        ready = compiled.string, _binder(compiled)
        self._compiled[dialect.name] = ready
        return ready


def _binder(compiled: Any) -> Callable[[Given], Any]:
    """Return what puts given values among those that stand in the statement, as the driver takes them."""
    fixed = {name: each.effective_value for name, each in compiled.binds.items() if not each.required}
    names: Sequence[str] | None = compiled.positiontup
    if names is None:
        wanted = tuple(compiled.params)
        return lambda given: {name: given[name] if name in given else fixed[name] for name in wanted}
    return lambda given: [given[name] if name in given else fixed[name] for name in names]


def _translated(conn: Connection, cursor: Any, text: str, fault: Any) -> BaseException:
    """Return *fault* of the driver as SQLAlchemy tells it, without the values; a broken connection is let go."""
    dialect = conn.dialect
    gone = dialect.is_disconnect(fault, conn.connection.driver_connection, cursor)
    told: BaseException = DBAPIError.instance(
        text,
        None,
        fault,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=dialect,
    )
    if gone:
        conn.invalidate(fault)
    return told
