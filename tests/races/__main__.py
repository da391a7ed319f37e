"""The long form: ``python -m tests.races --rounds 1000`` races on SQLite and on PostgreSQL, each with its control.

It prints a line for each scene and ends with 0 where nothing was given twice and every control failed in at least
nine of ten rounds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import engine as database
from storage import stocktaking
from storage.migrate import upgrade
from tests.races.running import Result, hurried, race
from tests.races.scenes import SCENES, opened
from tests.support import postgres
from tests.support.databases import Databases, Postgres, Sqlite

ENOUGH = 0.9
"""In which part of its rounds a control has to fail, or it shows nothing."""


def main() -> int:
    """Return 0 where nothing was given twice and every control failed."""
    asked = _asked()
    passed = True
    _say(
        f"{'':10} {'':24} {'rounds':>6} {'oversold':>8} {'unsold':>6} {'doubled':>7} {'control':>8} {'s':>6}"
    )
    with _places(asked.database) as places:
        for name, databases in places.items():
            for scene in SCENES:
                passed &= _raced(name, databases, scene, asked.rounds)
    return 0 if passed else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=1000, help="rounds of each scene (default 1,000)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="on this one alone")
    return parser.parse_args()


@contextmanager
def _places(only: str | None) -> Iterator[dict[str, Databases]]:
    with ExitStack() as stack:
        places: dict[str, Databases] = {}
        if only != "postgresql":
            places["sqlite"] = Sqlite(Path(stack.enter_context(TemporaryDirectory())))
        if only != "sqlite":
            places["postgresql"] = Postgres(stack.enter_context(postgres.running()).url)
        yield places


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _raced(name: str, databases: Databases, scene: str, rounds: int) -> bool:
    begun = time.monotonic()
    guarded, wrong = _run(databases, scene, rounds, guarded=True)
    control, _ = _run(databases, scene, rounds, guarded=False)
    _say(
        f"{name:10} {scene:24} {rounds:6} {guarded.oversold:8} {guarded.unsold:6} {guarded.doubled:7}"
        f" {control.oversold / rounds:8.1%} {time.monotonic() - begun:6.1f}",
    )
    for kind, what in wrong[:10]:
        _say(f"  {kind}: {what}")
    return not guarded.failed and not wrong and control.oversold >= ENOUGH * rounds


def _run(
    databases: Databases, scene: str, rounds: int, *, guarded: bool
) -> tuple[Result, list[tuple[str, str]]]:
    with databases.lent() as url, hurried(database.create(url, pool_size=9)) as engine:
        upgrade(engine)
        there = opened(engine, SCENES[scene])
        if not guarded:
            with there.unguarded():
                return race(there, rounds), []
        result = race(there, rounds)
        with database.read(engine) as conn:
            return result, list(stocktaking.wrong(conn, ""))


if __name__ == "__main__":
    sys.exit(main())
