"""The long form of the hostile tests, to be left alone for a night.

Example: python -m tests.hostile.night --seed 7 --mutants 500000
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import structlog

from storage.engine import create
from storage.migrate import upgrade
from tests.hostile.storm import Storm
from tests.support import postgres
from tests.support.databases import Postgres, Sqlite
from tests.support.service import StandingClock, make

STEP = 10_000
"""Mutants between two lines of progress."""

SUITE = {"MADOGUCHI_TEXTS": "1000", "MADOGUCHI_TOKENS": "5000", "MADOGUCHI_NIGHT": "1"}
"""How much longer the other hostile tests are, too."""


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Yield the addresses of two empty databases, by name."""
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres.running() as server,
        Sqlite(Path(folder)).lent() as sqlite,
        Postgres(server.url).lent() as postgresql,
    ):
        yield {"sqlite": sqlite, "postgresql": postgresql}


def blown(name: str, url: str, seed: int, mutants: int) -> bool:
    """Return whether a storm of *mutants* left a desk on the database *url* as it should."""
    engine = create(url)
    upgrade(engine)
    engine.dispose()
    with tempfile.TemporaryDirectory() as folder:
        service = make(url, Path(folder), StandingClock())
        storm, began = Storm(service, seed), monotonic()
        while storm.tally.mutants < mutants:
            tally = storm.blow(min(STEP, mutants - storm.tally.mutants))
            pace = f"{tally.rate:,.0f}/s of the processor in the door, slowest body {tally.slowest * 1000:,.0f} ms"
            say(f"{name}: {tally.mutants:,} of {mutants:,} mutants, {monotonic() - began:,.0f} s, {pace}")
        failed, lost, traces = storm.failed(), storm.unanswered(), storm.traces()
        service.stop()
    for error, event in failed:
        say(f"{name}: a turn failed with {error}: {event[:500]}")
    bad = sorted(storm.tally.statuses - {200})
    say(f"{name}: {storm.tally.good:,} good events, lost or doubled {lost}, answers other than 200 {bad}, "
        f"turns failed {len(failed)}, traces {traces}")  # fmt: skip
    return not (failed or lost or traces or bad)


def suite(seed: int) -> bool:
    """Return whether the other hostile tests pass in their long form."""
    wanted = {**os.environ, **SUITE, "MADOGUCHI_SEED": str(seed)}
    command = [sys.executable, "-m", "pytest", "tests/hostile", "-q", "--durations=5"]
    return subprocess.run(command, env=wanted, check=False).returncode == 0


def main() -> int:
    """Run everything; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same mutants")
    parser.add_argument("--mutants", type=int, default=500_000, help="how many, on each database")
    parser.add_argument("--storm-only", action="store_true", help="leave out the other hostile tests")
    wanted = parser.parse_args()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), processors=[_dropped])
    with databases() as found:
        fine = [blown(name, url, wanted.seed, wanted.mutants) for name, url in found.items()]
    fine += [] if wanted.storm_only else [suite(wanted.seed)]
    say(f"seed {wanted.seed}: {'all as it should be' if all(fine) else 'FAILED'}")
    return 0 if all(fine) else 1


def _dropped(_logger: object, _method: str, _line: object) -> str:
    return ""


if __name__ == "__main__":
    sys.exit(main())
