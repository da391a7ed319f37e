"""The long form: ``python -m tests.races --rounds 1000`` races on SQLite and on PostgreSQL, each with its control.

It prints a line for each scene and ends with 0 where nothing was given twice and every control failed in at least
nine of ten rounds.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from storage import engine as database
from storage import stocktaking
from storage.migrate import upgrade
from tests.races.desk import AT_DESK, opened_desk
from tests.races.running import hurried, race
from tests.races.scenes import SCENES, Scene, opened
from tests.support import postgres
from tests.support.databases import Databases, Postgres, Sqlite

ENOUGH = 0.9
"""In which part of its rounds a control has to fail, or it shows nothing."""

CONTROLS = 200
"""Rounds of a control at most: where it fails nearly always, more of them show no more."""


def main() -> int:
    """Return 0 where nothing was given twice and every control failed."""
    asked = _asked()
    passed = True
    _say(
        f"{'':10} {'':22} {'rounds':>6} {'oversold':>8} {'unsold':>6} {'doubled':>7} {'control':>8} {'s':>6}"
    )
    with _places(asked.database) as places:
        for name, databases in places.items():
            for scene in asked.scene or (*SCENES, *AT_DESK):
                passed &= _raced(name, databases, scene, asked.rounds)
    return 0 if passed else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=1000, help="rounds of each scene (default 1,000)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="on this one alone")
    parser.add_argument("--scene", action="append", choices=(*SCENES, *AT_DESK), help="this one alone")
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
    with _opened(databases, scene, rounds) as there:
        guarded = race(there, rounds)
        with database.read(there.engine) as conn:
            wrong = [each for each in stocktaking.wrong(conn, "") if each[0] not in there.unasked]
    controls = min(rounds, CONTROLS)
    with _opened(databases, scene, controls) as there, there.unguarded():
        control = race(there, controls)
    _say(
        f"{name:10} {scene:22} {rounds:6} {guarded.oversold:8} {guarded.unsold:6} {guarded.doubled:7}"
        f" {control.oversold / controls:8.1%} {time.monotonic() - begun:6.1f}"
    )
    for kind, what in wrong[:10]:
        _say(f"  {kind}: {what}")
    return not guarded.failed and not wrong and control.oversold >= ENOUGH * controls


@contextmanager
def _opened(databases: Databases, scene: str, rounds: int) -> Iterator[Scene]:
    with databases.lent() as url, TemporaryDirectory() as folder:
        with hurried(database.create(url, pool_size=9)) as engine:
            upgrade(engine)
            if scene in SCENES:
                yield opened(engine, SCENES[scene])
                return
        there = opened_desk(url, Path(folder), AT_DESK[scene], rounds)
        with hurried(there.engine):
            yield there


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sys.exit(main())
