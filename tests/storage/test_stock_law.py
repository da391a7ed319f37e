"""The law of the stock after any sequence: every set and part is in one place, and none came or went unaccounted."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, event

from dialogs.effects import Take
from dialogs.slots import FENCE_SETS
from storage import engine as database
from storage import pools, stock, stocktaking
from storage.pools import Taken
from storage.stock import Cause, Full, Place, Short
from tests.storage import make
from tests.storage.make import NOW

BILL = {"clip": 8, "pole": 3}
SETS, CAP, CASES = 6, 3, 4
DAYS = tuple(f"2027-06-{day:02}" for day in range(10, 16))
STORED = st.sampled_from([Place.CITY, Place.STORE])
ANYWHERE = st.sampled_from(list(Place))
COUNTED = st.fixed_dictionaries({part: st.integers(0, 2 * count) for part, count in BILL.items()})
CASE = st.integers(0, CASES - 1)
TEMPLATE: dict[str, Path] = {}


def _taken(conn: Connection, case: str, wanted: Take) -> bool:
    pools.take(conn, case, wanted, NOW)
    return True


class Stock(RuleBasedStateMachine):
    """Everything that can happen to sets and parts, in any order; a model counts what came in."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        shutil.copyfile(TEMPLATE["file"], self.folder / "desk.sqlite3")
        self.engine = database.create(f"sqlite:///{self.folder / 'desk.sqlite3'}")
        event.listen(self.engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
        self.presses = 0
        self.owned: Counter[str] = Counter()
        self.numbers = 0

    def teardown(self) -> None:
        self.engine.dispose()
        shutil.rmtree(self.folder)

    @initialize()
    def take_stock(self) -> None:
        with database.write(self.engine) as conn:
            self.cases = [make.case(conn, f"R-{number}") for number in range(CASES)]
            stock.open_places(conn, CAP)
        self._bring(SETS)

    @precondition(lambda self: self.numbers < 2 * SETS)
    @rule(count=st.integers(1, 2))
    def bring_in(self, count: int) -> None:
        self._bring(count)

    @rule(numbers=st.sets(st.integers(1, SETS), min_size=1, max_size=3), to=ANYWHERE)
    def move(self, numbers: set[int], to: Place) -> None:
        self._try(lambda conn, cause: stock.move(conn, numbers, to, BILL, cause))

    @rule(case=CASE, count=st.integers(1, 3), counted=COUNTED)
    def lend(self, case: int, count: int, counted: dict[str, int]) -> None:
        self._try(lambda conn, cause: stock.lend(conn, count, counted, cause), self.cases[case])

    @rule(
        case=CASE,
        count=st.none() | st.integers(1, 2),
        counted=COUNTED,
        to=ANYWHERE.filter(lambda each: each != "lent"),
    )
    def take_back(self, case: int, count: int | None, counted: dict[str, int], to: Place) -> None:
        self._try(lambda conn, cause: stock.take_back(conn, count, counted, cause, to=to), self.cases[case])

    @rule(moved=COUNTED, start=ANYWHERE, to=ANYWHERE)
    def move_parts(self, moved: dict[str, int], start: Place, to: Place) -> None:
        self._try(lambda conn, cause: stock.move_parts(conn, moved, start, to, cause))

    @rule(brought=COUNTED, to=STORED)
    def replenish(self, brought: dict[str, int], to: Place) -> None:
        if self._try(lambda conn, cause: stock.replenish(conn, brought, to, cause)):
            self.owned += Counter({f"part/{part}": amount for part, amount in brought.items()})

    @rule(case=CASE, slots=st.sets(st.sampled_from(DAYS), min_size=1), amount=st.integers(1, 3))
    def promise(self, case: int, slots: set[str], amount: int) -> None:
        wanted = Take("", FENCE_SETS, tuple(slots), amount, "loan")
        self._try(lambda conn, _cause: _taken(conn, self.cases[case], wanted))

    @rule(case=CASE)
    def give_back(self, case: int) -> None:
        self._try(lambda conn, _cause: pools.give_back(conn, self.cases[case], "loan", NOW))

    @invariant()
    def every_set_and_part_is_somewhere_and_nothing_came_or_went(self) -> None:
        with database.read(self.engine) as conn:
            there: Counter[str] = Counter(f"set/{each.number}" for each in stocktaking.sets(conn))
            for (part, _place), amount in stocktaking.counts(conn).items():
                there[f"part/{part}"] += amount
            places, found = stocktaking.places(conn), list(stocktaking.wrong(conn, ""))
        assert there == +self.owned
        assert places.get("store", 0) <= CAP
        # What gets lost after it was promised leaves too little: that is said, and nothing else is ever wrong.
        assert {kind for kind, _ in found} <= {"oversold"}

    @invariant()
    def nothing_new_is_promised_where_nothing_is_left(self) -> None:
        with database.read(self.engine) as conn:
            free = pools.free(conn, [FENCE_SETS], DAYS[0], DAYS[-1])
        full = [day for day in DAYS if free.left(FENCE_SETS, day) == 0]
        if full and hasattr(self, "cases"):
            before = free.taken
            wanted = Take("", FENCE_SETS, (full[0],), 1, f"more{self.presses}")
            assert not self._try(lambda conn, _cause: _taken(conn, self.cases[0], wanted))
            with database.read(self.engine) as conn:
                assert pools.free(conn, [FENCE_SETS], DAYS[0], DAYS[-1]).taken == before

    def _bring(self, count: int) -> None:
        numbers = range(self.numbers + 1, self.numbers + count + 1)
        assert self._try(lambda conn, cause: stock.bring_in(conn, numbers, BILL, cause))
        self.numbers += count
        self.owned += Counter({f"set/{number}": 1 for number in numbers})
        self.owned += Counter({f"part/{part}": each * count for part, each in BILL.items()})

    def _try(self, work: Any, case_id: str | None = None) -> bool:
        """Return whether *work* was done; pressed a second time it does nothing."""
        self.presses += 1
        cause = Cause(f"press{self.presses}", "見本 係", NOW + self.presses, case_id)
        done = False
        with suppress(Short, Full, Taken), database.write(self.engine) as conn:
            done = work(conn, cause) is not None
        with suppress(Short, Full, Taken), database.write(self.engine) as conn:
            if stock.is_done(conn, cause):
                assert not work(conn, cause)
        return done


def test_the_law_of_the_stock_holds_after_any_sequence(sqlite_template: str) -> None:
    TEMPLATE["file"] = Path(sqlite_template.removeprefix("sqlite:///"))

    run_state_machine_as_test(
        Stock, settings=settings(max_examples=30, stateful_step_count=25, deadline=None)
    )
