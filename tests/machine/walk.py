"""Walks: drawn from a seed, taken step by step, and made as short as they can be where a law was broken."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.machine import ends, probes, rules
from tests.machine.laws import Broken
from tests.machine.machine import PROBED, Machine
from tests.machine.rules import Step
from tests.machine.town import Town

LIFE = 250
"""Steps of one walk; after it everything is let come to its end, and a new town begins."""

REPLAYED = 12
"""Every how many walks the whole log is replayed on an empty desk, as it was and shuffled."""


@dataclass(frozen=True)
class Failure:
    """A law that was broken: the walk that breaks it, and after how many steps of the whole run it did."""

    law: str
    what: str
    walk: int
    steps: tuple[Step, ...]
    after: int
    seed: int


def steps_of(seed: int, walk: int, more: Mapping[str, float] | None = None) -> list[Step]:
    """Return the steps of the walk number *walk* of a run."""
    return rules.drawn(random.Random(f"{seed}/{walk}"), LIFE, more)


def taken(
    town: Town, walk: int, steps: Sequence[Step], begins: int | None = None
) -> tuple[Broken | None, int]:
    """Return the law that *steps* break (None: all hold) and how many of them were taken.

    A walk begins in the circumstances of its number, or in those of the number *begins*.
    """
    machine = Machine(town)
    machine.begin(walk if begins is None else begins)
    try:
        for step in steps:
            machine.steps += 1
            rules.take(machine, step)
            if machine.steps % PROBED == 0:
                probes.try_everything(machine, machine.phones[step.who])
        ends.all_comes_to_its_end(machine)
        if walk % REPLAYED == REPLAYED - 1:
            ends.replayed(machine, walk)
    except Broken as law:
        return law, machine.steps
    except Exception as fault:  # noqa: BLE001 -- whatever falls over is found as a broken law is
        return _fell(fault), machine.steps
    finally:
        town.disarm()
    return None, machine.steps


def _fell(fault: Exception) -> Broken:
    fell = Broken(f"nothing falls over ({type(fault).__name__})", fault)
    fell.__cause__ = fault
    return fell


def run(
    town: Town,
    seed: int,
    most: int,
    *,
    first: int = 0,
    begins: int | None = None,
    more: Mapping[str, float] | None = None,
    told: Callable[[int], None] = lambda _steps: None,
) -> Failure | None:
    """Return the first law that is broken within *most* steps from the walk *first* on, None where all hold.

    *told* is called with the count of steps behind each walk.
    """
    done = 0
    for walk in itertools.count(first):
        steps = steps_of(seed, walk, more)[: most - done]
        law, count = taken(town, walk, steps, begins)
        done += count
        told(done)
        if law:
            return Failure(law.law, str(law)[:2000], walk, tuple(steps[:count]), done, seed)
        if done >= most:
            break
    return None


def shortened(town: Town, failure: Failure, seconds: float = 60) -> Failure:
    """Return *failure* with steps left out as long as the same law is broken: delta debugging, for *seconds*."""
    steps, parts, until = list(failure.steps), 2, time.monotonic() + seconds
    what = failure.what
    while len(steps) > 1 and parts <= len(steps) and time.monotonic() < until:
        size = -(-len(steps) // parts)
        for start in range(0, len(steps), size):
            rest = steps[:start] + steps[start + size :]
            law, count = taken(town, failure.walk, rest)
            if law and law.law == failure.law:
                steps, what, parts = rest[:count], str(law)[:2000], max(2, parts - 1)
                break
        else:
            if size == 1:
                break
            parts = min(len(steps), 2 * parts)
    return Failure(failure.law, what, failure.walk, tuple(steps), failure.after, failure.seed)


def transcript(failure: Failure) -> str:
    """Return *failure* for a reader, with the command that repeats it."""
    lines = [
        f"broken: {failure.what}",
        f"seed {failure.seed}, walk {failure.walk}, after {failure.after} steps; shortest walk found:",
        *(f"  {step.rule}  who={step.who} one={step.one} two={step.two}" for step in failure.steps),
        "",
        f"again: python -m tests.machine.night --seed {failure.seed} --walk {failure.walk}",
    ]
    return "\n".join(lines)
