"""Twenty people want the last seats of a meeting at once, as groups, while others cancel, answer and are offered seats.

``python -m tests.races.seats --rounds 1000`` races on SQLite and on PostgreSQL, each with its control, and ends with 0
where no law was broken and the control broke one in at least nine of ten rounds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Barrier
from unittest.mock import patch

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from dialogs.effects import Seat, TakeUp, Wait
from storage import engine as database
from storage import pools, waiting
from storage.faults import is_busy
from storage.migrate import upgrade
from storage.pools import Taken
from storage.tables_pools import claims, pool_slots, pool_waiting
from tests.races.running import hurried
from tests.races.scenes import always
from tests.storage import make
from tests.storage.make import NOW
from tests.support import postgres
from tests.support.databases import Databases, Postgres, Sqlite

SLOT, SEAT = "2030-01-15", "seat"
SEATS, COMERS = 8, 20
HELD = (3, 2, 2)
"""The groups that sit there already: one seat is left, for which some of them make room by cancelling."""

LISTED = (2, 4)
"""The groups that wait already, the second with the fewest chances."""

ENOUGH = 0.9


@dataclass
class Round:
    """One round: *sizes* by case, what was *offered* (each time), and who *sat* down at once during it."""

    engine: Engine
    number: int
    sizes: dict[str, int] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    comers: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    sat: list[str] = field(default_factory=list)

    @property
    def pool(self) -> str:
        """Return the pool of the round's own meeting."""
        return f"seats/r{self.number}/on_site"

    def prepare(self, dice: Random) -> None:
        """Set the meeting up: nearly full, with a list."""
        with database.write(self.engine) as conn:
            pools.ensure(conn, {self.pool: SEATS})
            for amount in HELD:
                self.held.append(self._case(conn, amount))
                waiting.seat(conn, self.held[-1], self._seat(self.held[-1]), NOW)
            for amount in LISTED:
                self.listed.append(self._case(conn, amount))
                waiting.wait(conn, self.listed[-1], self._wait(self.listed[-1]), NOW)
            self.comers += [self._case(conn, dice.randint(1, 5)) for _ in range(COMERS)]

    def _case(self, conn: Connection, amount: int) -> str:
        case = make.case(conn, f"S{self.number}-{len(self.sizes)}")
        self.sizes[case] = amount
        return case

    def _seat(self, case: str) -> Seat:
        return Seat("", self.pool, SLOT, self.sizes[case], SEAT)

    def _wait(self, case: str) -> Wait:
        return Wait("", self.pool, SLOT, self.sizes[case], SEAT)

    def acts(self) -> list[Callable[[], None]]:
        """Return what everybody does at the same moment."""
        come = [self._comes(case) for case in self.comers]
        cancel = [self._leaves(case) for case in (*self.held[:2], self.listed[1])]
        answer = [self._answers(case, takes=bool(number % 2)) for number, case in enumerate(self.comers[:4])]
        return [*come, *cancel, *answer, self.tick, self.tick]

    def _comes(self, case: str) -> Callable[[], None]:
        def act() -> None:
            try:
                self._write(lambda conn: waiting.seat(conn, case, self._seat(case), NOW))
                self.sat.append(case)
            except Taken:
                self._write(lambda conn: waiting.wait(conn, case, self._wait(case), NOW))

        return act

    def _leaves(self, case: str) -> Callable[[], None]:
        return lambda: self._write(lambda conn: waiting.leave(conn, case, SEAT, NOW))

    def _answers(self, case: str, *, takes: bool) -> Callable[[], None]:
        def act() -> None:
            if not takes:
                self._write(lambda conn: waiting.leave(conn, case, SEAT, NOW))
                return
            try:
                self._write(lambda conn: waiting.take_up(conn, case, TakeUp("", self.pool, SLOT, SEAT), NOW))
            except Taken:
                return

        return act

    def tick(self) -> None:
        """Offer what is free as long as somebody fits, as the minute's work does."""
        while True:
            with database.read(self.engine) as conn:
                first = waiting.next_in_line(conn, self.pool, SLOT)
            if first is None:
                return
            made: list[waiting.Waiting | None] = []
            self._write(lambda conn: made.append(waiting.offer(conn, first, NOW + 1, NOW)))  # noqa: B023 -- called at once
            if found := made[-1]:
                self.offered.append(found.case_id)

    def _write(self, act: Callable[[Connection], object]) -> None:
        for _try in range(20):  # two that wait for each other: one of them begins anew
            try:
                with database.write(self.engine) as conn:
                    act(conn)
            except TimeoutError:  # the machine stood still
                continue
            except DBAPIError as fault:
                if not is_busy(fault):
                    raise
            else:
                return
        raise TimeoutError("the database stays busy")

    def broken(self) -> list[str]:
        """Return which laws the round has broken."""
        with database.read(self.engine) as conn:
            taken = (
                conn.execute(select(pool_slots.c.taken).where(pool_slots.c.pool == self.pool)).scalar() or 0
            )
            mine = claims.c.pool == self.pool, claims.c.released_at.is_(None)
            held = [(row.case_id, row.amount) for row in conn.execute(select(claims).where(*mine))]
            lines = conn.execute(select(pool_waiting).where(pool_waiting.c.pool == self.pool)).all()
            nobody = waiting.next_in_line(conn, self.pool, SLOT) is None
        waits = {row.case_id: row for row in lines if row.offered_until is None}
        sum_held = sum(amount for _case, amount in held)
        laws = {
            "over capacity": taken > SEATS or sum_held > SEATS,
            "miscounted": taken != sum_held,
            "split": any(self.sizes[case] != amount for case, amount in held)
            or len({*dict(held)}) < len(held),
            "seated and waiting": bool({*waits} & {*dict(held)}),
            "offered twice": any(count > 1 for count in Counter(self.offered).values()),
            "left over": not nobody,
            "overtaken": self._overtaken({row.case_id: row.since for row in lines}, {*waits}),
        }
        return [law for law, is_broken in laws.items() if is_broken]

    def _overtaken(self, since: dict[str, int], waits: set[str]) -> bool:
        """Return whether somebody still waits for no more than what a later one was given."""
        for case in waits:
            later = [each for each in self.offered if each in since and since[each] > since[case]]
            later += self.sat if case in self.listed else []
            if any(self.sizes[each] >= self.sizes[case] for each in later):
                return True
        return False


def storm(engine: Engine, rounds: int, *, seed: int = 1) -> list[list[str]]:
    """Return the laws that each of *rounds* rounds has broken."""
    found, dice = [], Random(seed)
    with ThreadPoolExecutor(COMERS + 16) as threads:
        for number in range(rounds):
            one = Round(engine, number)
            one.prepare(dice)
            acts = one.acts()
            dice.shuffle(acts)
            gate = Barrier(len(acts))
            for each in [threads.submit(_at_once, gate, act) for act in acts]:
                each.result()
            one.tick()
            found.append(one.broken())
    return found


def _at_once(gate: Barrier, act: Callable[[], None]) -> None:
    gate.wait(timeout=60)
    act()


@contextmanager
def unguarded() -> Iterator[None]:
    """Let everybody sit down who wants to: the control, in which the laws have to break."""
    with (
        patch.object(waiting, "_lock", lambda *_: None),
        patch.object(waiting, "_may_sit_down", lambda *_: True),
        patch.object(pools, "_has_room", always),
        patch.object(pools, "_fits", lambda *_: True),
    ):
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 where no law was broken and every control failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    asked = parser.parse_args(arguments)
    passed = True
    if asked.database != "postgresql":
        with TemporaryDirectory() as folder:
            passed &= _raced("sqlite", Sqlite(Path(folder)), asked.rounds)
    if asked.database != "sqlite":
        with postgres.running() as server:
            passed &= _raced("postgresql", Postgres(server.url), asked.rounds)
    return 0 if passed else 1


def _raced(name: str, databases: Databases, rounds: int) -> bool:
    begun, controls = time.monotonic(), min(rounds, 200)
    with _opened(databases) as engine:
        broken = Counter(law for each in storm(engine, rounds) for law in each)
    with _opened(databases) as engine, unguarded():
        failed = sum(bool(each) for each in storm(engine, controls))
    took = time.monotonic() - begun
    sys.stdout.write(
        f"{name:10} {rounds} rounds, broken: {dict(broken)}, control {failed}/{controls}, {took:.0f} s\n"
    )
    sys.stdout.flush()
    return not broken and failed >= ENOUGH * controls


@contextmanager
def _opened(databases: Databases) -> Iterator[Engine]:
    with databases.lent() as url, hurried(database.create(url, pool_size=COMERS + 16)) as engine:
        upgrade(engine)
        yield engine


if __name__ == "__main__":
    sys.exit(main())
