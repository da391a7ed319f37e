"""One desk in a bad night: the program, the platform, the driver and the database, and what is done with them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import millis
from tests.faults import compare
from tests.faults.board import Board
from tests.faults.compare import Books, Verdict
from tests.faults.driver import Driver
from tests.faults.points import FAILING, RARE
from tests.faults.processes import PlatformProcess, Program, TooLong

ROUNDS = 100
"""Rounds of traffic in which every point is passed more than once, those that chance seldom leads to as well."""

PEOPLE = 12
"""Residents who do something in one round."""

PATIENCE, LITTLE = 30.0, 3.0

NOTHING_FOUND = "lost 0 duplicated 0 oversold 0 crossed 0 unexplained 0"
"""The last line of ``madoguchi reconcile`` where every ledger agrees."""

TOGETHER = 15_000
"""What is due within so many ms is waited for at once."""

_WAITING = """
    SELECT due FROM outbox AS head WHERE state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM outbox AS before
        WHERE before.state = 'waiting' AND before.thread = head.thread AND before.id < head.id)
    UNION ALL SELECT due FROM inbox WHERE state = 'failed'"""

QUIET = 0.12
"""Seconds without a call and without a change after which nobody is about to send."""


@dataclass
class House:
    """Everything of one desk.  *seed* makes all that chance decides come again."""

    folder: Path
    url: str
    seed: str
    program: Program
    platform: PlatformProcess
    driver: Driver
    board: Board
    chance: random.Random
    engine: Engine
    kills: int = 0
    recoveries: list[float] = field(default_factory=list)
    _calls: int = 0
    _known: set[str] = field(default_factory=set)
    _seen: tuple[int, int] = (0, 0)
    _quiet_since: float = 0.0

    @property
    def log(self) -> str:
        """Return what the program has said."""
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    # --- the program

    def begin(self) -> None:
        """Begin to serve, and return when it says that it can work."""
        self._calls = self._passed_calls()
        self.program.begin()
        self.wait(lambda: self.program.ready() or not self.program.runs, "the program did not become ready")
        assert self.program.runs, f"the program ended at once: {self.log[-3000:]}"

    def begin_again(self) -> None:
        """Begin after an end of any kind, and measure how long it takes until something is sent again."""
        self.kills += 1
        self.board.disarm()
        self.platform.ask("/_tell", {"anew": True})
        since = time.monotonic()
        self.begin()
        self._probe()
        self.wait(self._speaks, "nothing was sent after a new start")
        self.recoveries.append((self._first_call() or since) - since)

    def _speaks(self) -> bool:
        if self.driver.unacknowledged:
            self.driver.deliver([])
        return self._first_call() is not None

    def _first_call(self) -> float | None:
        first: float | None = self.platform.ask("/_tell", {})["first"]
        return first

    def _probe(self) -> None:
        """Let somebody new say hello: their answer shows that the desk speaks again."""
        visitor = self.driver.newcomer()
        visitor.at = len(visitor.steps)
        self.driver.deliver([visitor.say("こんにちは")])

    def wait(self, holds: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
        """Wait until *holds*.

        Raises:
            TooLong: It did not in time; the end of the program's log is told.
        """
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise TooLong(f"{otherwise}; the program said:\n{self.log[-3000:]}")
            time.sleep(0.01)

    # --- a kill

    def die_at(
        self, point: str, passing: int, rounds: int, provoke: Callable[[], None] | None = None
    ) -> bool:
        """Go on until the program has died at *point*, *rounds* at most; return whether it did."""
        self.board.arm(point, passing)
        for _ in range(rounds):
            self.driver.round(PEOPLE)
            if provoke:
                provoke()
            if not self.board.is_armed or not self.program.runs:
                break
        with suppress(TooLong):  # what happens behind the answers may come a little later
            self.wait(lambda: not self.board.is_armed, point, LITTLE)
        died = not self.board.is_armed
        self.board.disarm()
        if died:
            self.program.nursery.wait(self.program.pid)
        else:
            self.program.kill()
        return died

    def die_sometime(self, seconds: float, people: int) -> None:
        """Go on, and kill the program in the midst of it."""
        killer = self.driver.later(seconds, self.program.kill)
        while not killer.done():
            self.driver.round(people)
        killer.result()

    def kill_at(self, point: str) -> None:
        """Kill the program at *point*, begin again, and compare the ledgers.

        Raises:
            AssertionError: The point was not passed, or the comparison found something.
        """
        rare, failing = point.startswith(RARE), point.startswith(FAILING)
        passing = 1 + self.chance.randrange(2 if rare or failing else 9)
        died = self.die_at(point, passing, ROUNDS, self._let_fail if failing else None)
        self.begin_again()
        self.settle()
        assert died, f"{point} was not passed {passing} times in {ROUNDS} rounds"
        verdict = self.news()
        assert verdict.clean, f"killed at {point}, passing {passing}: {verdict}"

    def _let_fail(self) -> None:
        free = (each for each in self.driver.residents if not each.over and not each.waiting)
        person = next(free, None) or self.driver.newcomer()
        self.driver.deliver([self.driver.fail(person)])
        self.jump(6_000)

    # --- the end

    def settle(self) -> None:
        """Let everything arrive: deliver until all is acknowledged, and let the clock pass all pauses."""
        self.wait(self._settled, "it did not settle")
        self.driver.read_screens()

    def _settled(self) -> bool:
        if self.driver.unacknowledged:
            self.driver.deliver([])
        waits = self.waits()
        if waits is None:
            return False
        count, due = waits
        if not count:
            return not self.driver.unacknowledged
        self._pass_pause(count, due)
        return False

    def _pass_pause(self, count: int, due: int) -> None:
        """Put the clock ahead to *due*, but never past the lease of a message that is being sent."""
        now, ahead = time.monotonic(), due - self.board.now()
        if (count, due) != self._seen or self._passed_calls() != self._calls:
            self._seen, self._quiet_since = (count, due), now
        if ahead > 0 and now - self._quiet_since > QUIET:
            self.jump(ahead + 1)

    def _passed_calls(self) -> int:
        """Return how many calls to the platform began and did not end: those of earlier lives stay."""
        passed = self.board.counts()
        began = passed["send.before_reply"] + passed["send.before_push"]
        return began - passed["send.after_reply"] - passed["send.after_push"]

    def set_clock(self, when: datetime) -> None:
        """Put the program's clock to the aware time *when*."""
        self.board.turn(millis(when) - time.time_ns() // 1_000_000)

    def step_to(self, when: datetime) -> None:
        """Let the program's clock step to the aware time *when*; the platform's goes on as before."""
        self.board.step(millis(when) - self.board.now())

    def scalar(self, query: str) -> Any:
        """Return the one value of a query, asked past the program."""
        with self.engine.connect() as connection:
            return connection.execute(text(query)).scalar()

    def jump(self, ahead: int) -> None:
        """Put the program's clock *ahead* ms ahead."""
        self.board.turn(self.board.offset + ahead)

    def waits(self) -> tuple[int, int] | None:
        """Return how much waits to be sent or tried again, and when most of what is next is due (ms).

        None where the database does not answer.
        """
        try:
            with self.engine.connect() as connection:
                dues = sorted(connection.execute(text(_WAITING)).scalars())
        except SQLAlchemyError:
            return None
        return len(dues), max([each for each in dues if each <= dues[0] + TOGETHER], default=0)

    def verdict(self) -> Verdict:
        """Return what a comparison of the ledgers finds."""
        self.driver.read_screens()
        tables = compare.read(self.engine)
        return compare.compare(Books(self.driver.residents, self.driver.sent, self.driver.accepted, tables))

    def news(self) -> Verdict:
        """Return what a comparison finds that none has found before."""
        verdict = self.verdict()
        fresh = Verdict(noted=verdict.noted)
        for kind, reasons in verdict.found.items():
            fresh.found[kind] = [each for each in reasons if each not in self._known]
            self._known.update(reasons)
        return fresh

    def reconciled(self) -> str:
        """Return what ``madoguchi reconcile`` says in the end, given the platform's ledger and ours."""
        both, report = self.folder / "both.jsonl", self.folder / "reconciled"
        heard = self.folder / "heard.jsonl"
        both.write_bytes(self.platform.ledger.read_bytes() + heard.read_bytes())
        report.unlink(missing_ok=True)
        self.program.command("reconcile", "--platform", str(both), log=report)
        return report.read_text(encoding="utf-8").strip()

    def fault_share(self) -> float:
        """Return which share of the calls to the platform went wrong."""
        counts = self.platform.ask("/_tell", {})["counts"]
        return float(counts.get("faulty", 0) / max(1, counts.get("calls", 0)))
