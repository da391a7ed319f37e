"""The product, writing down when each turn was committed: ``python -m bench.stamped serve --port PORT``.

It is the product as it is served, with some of its calls wrapped: the moment the driver's commit has returned is
kept, and written with the reply token of the turn, to the file that ``BENCH_STAMPS`` names.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect

from bot.desk import Arrival, Desk
from storage import together
from storage.gathering import Ticket

_committed = threading.local()


def create_app() -> Flask:
    """Return the service, stamped."""
    from bot import create_worker as ours  # noqa: PLC0415 -- after the wrapping

    _wrap_commit()
    _wrap_shared_commit()
    _wrap_turn()
    return ours()


def _wrap_commit() -> None:
    commit = DefaultDialect.do_commit

    def stamped(self: Any, connection: Any) -> None:
        commit(self, connection)  # type: ignore[no-untyped-call]
        _committed.at = time.time_ns()

    DefaultDialect.do_commit = stamped  # type: ignore[method-assign]


def _wrap_shared_commit() -> None:
    """Let the owner of each job of a shared transaction know when it was committed, whoever did it."""
    run_all, outcome = together._run_all, Ticket.outcome  # noqa: SLF001 -- the one place where it is known
    stamps: dict[int, int] = {}

    def ran(engine: Engine, taken: list[Ticket[Any]]) -> None:
        run_all(engine, taken)
        stamps.update((id(each), _committed.at) for each in taken)

    def told(self: Ticket[Any]) -> Any:
        _committed.at = stamps.pop(id(self), 0)
        return outcome(self)

    together._run_all = ran  # noqa: SLF001
    Ticket.outcome = told  # type: ignore[method-assign]


def _wrap_turn() -> None:
    hear = Desk.hear
    out = open(os.environ["BENCH_STAMPS"], "a", buffering=1)  # noqa: SIM115, PTH123 -- open as long as the process

    def stamped(self: Desk, arrival: Arrival, now: int) -> bool:
        fresh = hear(self, arrival, now)
        out.write(f"{arrival.reply_token} {_committed.at}\n")
        return fresh

    Desk.hear = stamped  # type: ignore[method-assign]


def main() -> None:
    """Serve as ``madoguchi serve`` does, with the same arguments."""
    from bot import cli, serving  # noqa: PLC0415 -- not needed where this is imported

    serve = serving.serve
    serving.serve = lambda _target, *given, **named: serve("bench.stamped:create_app", *given, **named)
    cli.main()


if __name__ == "__main__":
    main()
