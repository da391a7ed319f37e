"""Puts the points into the program from outside: around its functions, and around the database's drivers.

The drivers are the lowest seam there is: whatever the program does with its database passes here, also where it
goes past SQLAlchemy.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from importlib import import_module
from inspect import isgeneratorfunction
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from tests.faults.board import Board
from tests.faults.points import BEFORE, CALLS, SENDS, STATEMENTS, Call, Statement

Rewrite = tuple[re.Pattern[str], str]


class Watch:
    """What is done around every call and statement.

    *rewrites* change statements and *afterwards* do something behind them: guards are taken out so.
    """

    def __init__(self, board: Board) -> None:
        self.board = board
        self.rewrites: list[Rewrite] = []
        self.afterwards: list[tuple[re.Pattern[str], Callable[[Any], None]]] = []
        self._local = threading.local()
        self._known: dict[str, tuple[str, Sequence[Statement]]] = {}
        self._patterns = [(each, re.compile(each.sql)) for each in STATEMENTS]

    @property
    def works(self) -> list[str]:
        """Return what this thread is at, the innermost last."""
        found: list[str] | None = getattr(self._local, "works", None)
        if found is None:
            found = self._local.works = []
        return found

    @contextmanager
    def at(self, work: str) -> Iterator[None]:
        """Let this thread be at *work*."""
        works = self.works
        works.append(work)
        try:
            yield
        finally:
            works.pop()

    def around(self, sql: str, run: Callable[[str], Any], cursor: Any = None) -> Any:
        """Run a statement with its points."""
        text, statements = self._known.get(sql) or self._learn(sql)
        if not statements:
            return run(text)
        self._pass(statements, before=True)
        result = run(text)
        for pattern, act in self.afterwards:
            if cursor is not None and pattern.search(text):
                act(cursor)
        self._pass(statements, before=False)
        return result

    def _learn(self, sql: str) -> tuple[str, Sequence[Statement]]:
        text = sql
        for pattern, replacement in self.rewrites:
            text = pattern.sub(replacement, text)
        flat = " ".join(sql.split())
        known = text, tuple(each for each, pattern in self._patterns if pattern.search(flat))
        self._known[sql] = known
        return known

    def _pass(self, statements: Sequence[Statement], *, before: bool) -> None:
        works = self.works
        for each in statements:
            if (each.moment == BEFORE) is before and (not each.work or each.work in works):
                self.board.passed(each.name)


def install(board: Board) -> Watch:
    """Put every point into this process; it must not have opened a database yet."""
    watch = Watch(board)
    for call in CALLS:
        wrap(call.target, partial(_watched, watch, call))
    for target in SENDS:
        wrap(target, lambda inner: _sending(board, inner))
    _install_drivers(watch)
    return watch


def wrap(target: str, made: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Put what *made* returns in the place of the function ``module:name``.

    Raises:
        AttributeError: There is no such function any more: the table of points must be brought up to date.
    """
    module, _, path = target.partition(":")
    owner: Any = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    setattr(owner, name, made(getattr(owner, name)))


def _watched(watch: Watch, call: Call, inner: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(inner)
    def watched(*args: Any, **given: Any) -> Any:
        with watch.at(call.work):
            if call.before:
                watch.board.passed(call.before)
            result = inner(*args, **given)
            if call.after:
                watch.board.passed(call.after)
            return result

    return watched


def _sending(board: Board, inner: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(inner)
    def sent(gateway: Any, call: Any) -> Any:
        board.passed(f"send.before_{_kind(call)}")
        outcome = inner(gateway, call)
        board.passed(f"send.after_{_kind(call)}")
        return outcome

    @wraps(inner)
    def sent_in_steps(gateway: Any, call: Any) -> Any:
        board.passed(f"send.before_{_kind(call)}")
        outcome = yield from inner(gateway, call)
        board.passed(f"send.after_{_kind(call)}")
        return outcome

    return sent_in_steps if isgeneratorfunction(inner) else sent


def _kind(call: Any) -> str:
    return "push" if call.is_push else "reply"


# --- the drivers


def _install_drivers(watch: Watch) -> None:
    sqlite_connection = _sqlite(watch)
    psycopg_connection, psycopg_cursor = _psycopg(watch)

    def connect(dialect: Any, _record: Any, arguments: Any, given: dict[str, Any]) -> Any:
        if dialect.name == "sqlite":
            given["factory"] = sqlite_connection
            return None
        given["cursor_factory"] = psycopg_cursor
        return psycopg_connection.connect(*arguments, **given)

    event.listen(Engine, "do_connect", connect)


def _sqlite(watch: Watch) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = ()) -> Any:
            return watch.around(sql, lambda text: super(Cursor, self).execute(text, parameters), self)

        def executemany(self, sql: str, parameters: Any) -> Any:
            return watch.around(sql, lambda text: super(Cursor, self).executemany(text, parameters))

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, sql: str, parameters: Any = ()) -> Any:
            return self.cursor().execute(sql, parameters)

        def commit(self) -> None:
            watch.around("COMMIT", lambda _text: super(Connection, self).commit())

    return Connection


def _psycopg(watch: Watch) -> tuple[Any, Any]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **given: Any) -> Any:
            if not isinstance(query, str):
                return super().execute(query, *args, **given)
            return watch.around(query, lambda text: super(Cursor, self).execute(text, *args, **given), self)

        def executemany(self, query: Any, *args: Any, **given: Any) -> Any:
            if not isinstance(query, str):
                return super().executemany(query, *args, **given)
            return watch.around(query, lambda text: super(Cursor, self).executemany(text, *args, **given))

    class Connection(psycopg.Connection[Any]):
        def commit(self) -> None:
            watch.around("COMMIT", lambda _text: super(Connection, self).commit())

    return Connection, Cursor
