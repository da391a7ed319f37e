"""What every test would do anew, done once: nothing that a test could see.

Each test builds the application as the program does. Most of that time went into compiling the same templates and
statements, and code that writes addresses which the test never writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class _Compiled(BytecodeCache):
    """Templates in this process's memory, by what their source says."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


_compile = Rule._compile_builder  # noqa: SLF001 -- there is no public way to put it off


def _later(rule: Rule, append_unknown: bool) -> Callable[..., tuple[str, str]]:
    """Return what writes addresses of *rule*, compiled when the first one is asked for."""
    made: list[Callable[..., tuple[str, str]]] = []

    def build(self: Rule, /, **values: Any) -> tuple[str, str]:
        if not made:
            made.append(_compile(rule, append_unknown))
        return made[0](self, **values)

    return build


class _Statements:
    """The compiled statements of an engine: all engines of one kind of database have them together."""

    def __init__(self) -> None:
        self._kept: dict[type[Dialect], LRUCache[Any, Any]] = defaultdict(lambda: LRUCache(5000))

    def __get__(self, engine: Engine, _owner: type[Engine]) -> LRUCache[Any, Any]:
        return self._kept[type(engine.dialect)]

    def __set__(self, engine: Engine, _given: object) -> None:
        """Let an engine's own, empty one go."""


def _is_of_one_kind(self: Dialect, other: object) -> bool:
    return type(self) is type(other)


def _hash_of_kind(self: Dialect) -> int:
    return hash(type(self))


def hurry() -> None:
    """Keep templates and statements compiled, and compile no writer of addresses before it writes."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Compiled()}
    Rule._compile_builder = _later  # type: ignore[assignment, method-assign] # noqa: SLF001
    Engine._compiled_cache = _Statements()  # type: ignore[assignment] # noqa: SLF001 -- no option reaches all
    DefaultDialect.__eq__, DefaultDialect.__hash__ = _is_of_one_kind, _hash_of_kind  # type: ignore[assignment, method-assign]
