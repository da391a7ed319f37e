"""The long form of the machine, for the night: ``python -m tests.machine.night --seed 7 --steps 1000000``.

It shows how far it is, prints its seed, and ends with 0 where every law held.  Where one was broken it writes the
shortest walk it can find that breaks it to var/night/, with the command that takes that walk again.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.machine import town, walk
from tests.machine.walk import Failure

FOLDER = Path("var/night")
STRETCH = 1_000_000
"""Walks between the first of one process and the first of the next: none is taken twice."""


def main() -> int:
    """Return 0 where every law held, 1 where one was broken."""
    asked = _asked()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"machine: seed {seed}, {asked.steps:,} steps in {asked.processes} processes", flush=True)
    if asked.walk is not None:
        return _ended([_stretch(seed, walk.LIFE, asked.walk)])
    processes = max(1, asked.processes)
    shares = [asked.steps // processes] * processes
    with ProcessPoolExecutor(processes) as pool:
        firsts = [number * STRETCH for number in range(processes)]
        return _ended(list(pool.map(_stretch, [seed] * len(shares), shares, firsts)))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--seed", type=int, help="which walks are taken; a new one each time where none is given"
    )
    parser.add_argument("--steps", type=int, default=STRETCH, help="how many steps (default 1,000,000)")
    parser.add_argument("--walk", type=int, help="take this one walk only")
    parser.add_argument("--processes", type=int, default=1, help="how many at once")
    return parser.parse_args()


def _stretch(seed: int, steps: int, first: int) -> Failure | None:
    with town.standing() as there:
        found = walk.run(there, seed, steps, first=first, told=_telling(steps, first))
        return walk.shortened(there, found, seconds=300) if found else None


def _telling(steps: int, first: int) -> Callable[[int], None]:
    begun, told = time.monotonic(), [0.0]

    def tell(done: int) -> None:
        now = time.monotonic()
        if now - told[0] >= 10 or done >= steps:
            told[0] = now
            rate = done / max(now - begun, 0.001)
            print(
                f"machine {first // STRETCH}: {done:,} of {steps:,} steps, {rate:,.0f}/s",
                file=sys.stderr,
                flush=True,
            )

    return tell


def _ended(found: list[Failure | None]) -> int:
    broken = [each for each in found if each]
    for each in broken:
        FOLDER.mkdir(parents=True, exist_ok=True)
        file = FOLDER / f"machine-{each.seed}-{each.walk}.txt"
        file.write_text(walk.transcript(each) + "\n", encoding="utf-8")
        print(f"{walk.transcript(each)}\nwritten to {file}")
    print(f"machine: {len(broken)} laws broken" if broken else "machine: every law held")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
