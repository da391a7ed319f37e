"""The long form: ``python -m tests.faults.night`` goes on with storms and named kills for hours; see docs/faults.md."""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.engine import create
from storage.migrate import upgrade
from tests.faults.compare import KINDS, Verdict
from tests.faults.house import NOTHING_FOUND, House
from tests.faults.opening import house
from tests.faults.points import APART, POINTS
from tests.faults.processes import Nursery, nursery
from tests.support import postgres
from tests.support.databases import Databases, Postgres, Sqlite


@dataclass(frozen=True)
class Size:
    """How long a storm is: how many events there are in all, and how many kills among them."""

    events: int
    kills: int


CI = Size(5_100, 31)
LONG = Size(20_000, 120)

CROWD = 40
"""Residents who do something in one round of a storm."""


def storm(house: House, size: Size) -> None:
    """Let a crowd go through its forms while the program is killed again and again.

    Raises:
        AssertionError: A comparison after a kill found something.
    """
    for kill in range(1, size.kills + 1):
        house.die_sometime(house.chance.uniform(0.02, 0.5), CROWD)
        house.begin_again()
        while len(house.driver.sent) < size.events * kill / size.kills:
            house.driver.round(CROWD)
        house.settle()
        verdict = house.news()
        assert verdict.clean, f"after kill {kill}: {verdict}"
    said = house.reconciled()
    assert said.endswith(NOTHING_FOUND), said


@dataclass
class Tally:
    """What a night has seen so far."""

    kills: int = 0
    events: int = 0
    faults: list[float] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    def add(self, house: House, verdict: Verdict) -> None:
        self.kills += house.kills
        self.events += len(house.driver.sent)
        self.faults.append(house.fault_share())
        self.recoveries += house.recoveries
        for kind, count in verdict.counts.items():
            self.found[kind] += count

    def row(self, name: str) -> str:
        recovery = f"{max(self.recoveries):6.2f} s" if self.recoveries else "     - "
        share = sum(self.faults) / len(self.faults) if self.faults else 0.0
        found = " ".join(f"{kind} {count}" for kind, count in self.found.items())
        return f"{name:12}{self.events:>10}{self.kills:>8}{share:>9.0%}{recovery:>11}  {found}"


HEADING = f"{'database':12}{'events':>10}{'kills':>8}{'faults':>9}{'recovery':>11}  found"


def trial(house: House, number: int) -> None:
    """Run one trial: a storm, or kills at every usual point, in turn.

    Raises:
        AssertionError: A comparison found something, or a point was not passed.
    """
    if number % 2:
        storm(house, Size(LONG.events // 4, LONG.kills // 4))
        return
    for point in (each for each in POINTS if not each.startswith(APART)):
        house.kill_at(point)


def main(arguments: list[str]) -> int:
    """Go on for as long as asked; return the exit status."""
    parser = argparse.ArgumentParser(prog="make night", description=__doc__)
    parser.add_argument("--seed", default="", help="what all chance comes from; told at the start")
    parser.add_argument("--hours", type=float, default=1.0, help="how long to go on")
    parser.add_argument("--trials", type=int, default=0, help="how many trials instead")
    parser.add_argument("--first", type=int, default=0, help="with which trial to begin")
    given = parser.parse_args(arguments)
    seed = given.seed or str(secrets.randbelow(10**8))
    _say(f"seed {seed}")
    end = time.monotonic() + given.hours * 3600
    tallies: dict[str, Tally] = {}
    number, failed = given.first, False
    with _neighbourhood() as (warm, databases):
        while not failed and (
            number < given.first + given.trials if given.trials else time.monotonic() < end
        ):
            name = list(databases)[number % len(databases)]
            failed = not _night(
                warm, databases[name], f"{seed}-{number}", number, tallies.setdefault(name, Tally())
            )
            if failed:
                _say(f"repeat with: make night SEED={seed} FIRST={number} TRIALS=1")
            number += 1
    _say(HEADING)
    for name, tally in tallies.items():
        _say(tally.row(name))
    return int(failed)


def _night(warm: Nursery, databases: Databases, seed: str, number: int, tally: Tally) -> bool:
    """Return whether trial *number* found nothing."""
    with TemporaryDirectory(prefix="night-") as folder, databases.lent() as url:
        engine = create(url)
        upgrade(engine)
        engine.dispose()
        with house(warm, Path(folder), url, seed) as made:
            fault: AssertionError | None = None
            try:
                trial(made, number // 2)
            except AssertionError as found:
                fault = found
            tally.add(made, made.verdict())
    _say(f"trial {number}: {'nothing found' if fault is None else fault}")
    return fault is None


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def _neighbourhood() -> Iterator[tuple[Nursery, dict[str, Databases]]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="night-")))
        server = stack.enter_context(postgres.running())
        warm = stack.enter_context(nursery())
        yield warm, {"sqlite": Sqlite(folder), "postgresql": Postgres(server.url)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
