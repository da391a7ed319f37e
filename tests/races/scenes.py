"""What is raced for, at the tables themselves: a scene sets a round up, lets each worker try, and counts who has it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from unittest.mock import patch

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select, text, true

from dialogs.effects import Take
from dialogs.slots import FENCE_SETS, VISIT, counter
from storage import engine as database
from storage import pools, stock
from storage.stock import Cause, Full, Place, Short
from storage.tables_pools import fence_sets, stock_moves
from storage.turns import Stale
from tests.storage import make
from tests.storage.make import NOW

WORKERS = 8
BILL = {"clip": 4}
FIRST = date(2030, 1, 1)

LOSSES = (Stale, Short, Full)
"""How somebody hears that another was first."""


@dataclass
class Scene(ABC):
    """One thing of which there is not enough for all.  *cases* are the workers' own and one more."""

    engine: Engine
    cases: list[str]

    holders: ClassVar[int] = 1
    """How many may have it after a round."""

    unasked: ClassVar[frozenset[str]] = frozenset()
    """What the scene leaves wrong on purpose, by the kinds of a comparison."""

    def begin(self, number: int) -> None:  # noqa: B027 -- most rounds need no turns before them
        """Do what takes transactions of its own before the round *number* is set up."""

    def prepare(self, conn: Connection, number: int) -> None:  # noqa: B027 -- most rounds need nothing
        """Set the round *number* up."""

    @abstractmethod
    def attempt(self, conn: Connection, worker: int, number: int) -> None:
        """Let *worker* try in a transaction of its own.

        Raises:
            Stale, Short, Full: Somebody else was first.
        """

    @abstractmethod
    def given(self, conn: Connection, number: int) -> int:
        """Return how many have it after the round, by what the tables say."""

    @abstractmethod
    def unguarded(self) -> AbstractContextManager[None]:
        """Return the context in which the guard is missing: the control, which has to fail."""

    def run(self, worker: int, number: int) -> bool:
        """Return whether *worker* was among the winners of the round."""
        try:
            with database.write(self.engine) as conn:
                self.attempt(conn, worker, number)
        except LOSSES:
            return False
        return True


def always(*_given: int) -> ColumnElement[bool]:
    """Return the guard that lets everything pass: what stands in the place of one that is taken out."""
    return true()


@dataclass
class _OfPool(Scene):
    """Everybody takes one of the same slot, of which one is left."""

    pool: ClassVar[str]
    purpose: ClassVar[str]

    def tight(self, number: int) -> str:
        """Return the slot that all want."""
        day = FIRST + timedelta(days=number // 14)
        return f"{day.isoformat()}T{9 + number % 14 // 2:02}:{30 * (number % 2):02}"

    def slots(self, worker: int, number: int) -> tuple[str, ...]:  # noqa: ARG002 -- loans differ by worker
        """Return what *worker* wants in the round."""
        return (self.tight(number),)

    def attempt(self, conn: Connection, worker: int, number: int) -> None:
        wanted = Take("", self.pool, self.slots(worker, number), 1, self.purpose)
        pools.take(conn, self.cases[worker], wanted, NOW)

    def given(self, conn: Connection, number: int) -> int:
        slot = self.tight(number)
        return pools.free(conn, [self.pool], slot, slot).taken.get((self.pool, slot), 0)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        with patch.object(pools, "_has_room", always), patch.object(pools, "_fits", lambda *_: True):
            yield


@dataclass
class LastSet(_OfPool):
    """Loans of different days that have one day in common, on which one set is left (003-10)."""

    pool = FENCE_SETS
    purpose = "loan"

    def tight(self, number: int) -> str:
        return (FIRST + timedelta(days=12 * number)).isoformat()

    def slots(self, worker: int, number: int) -> tuple[str, ...]:
        middle = FIRST + timedelta(days=12 * number)
        days = range(-(worker % 5), worker % 7 + 1)
        return tuple((middle + timedelta(days=each)).isoformat() for each in reversed(days))


@dataclass
class LastPickUp(_OfPool):
    """The last place at one time of one pick-up point (003-06)."""

    pool = counter("minami")
    purpose = "pickup"


@dataclass
class LastVisit(_OfPool):
    """Two visits can run at once, and one of the two is booked already (003-07)."""

    pool = VISIT
    purpose = "visit"
    holders = 2

    def prepare(self, conn: Connection, number: int) -> None:
        pools.take(conn, self.cases[WORKERS], Take("", self.pool, (self.tight(number),), 1, "visit"), NOW)


@dataclass
class SameTwice(_OfPool):
    """One resident presses the button of one booking eight times, where there is room for all."""

    pool = counter("kita")
    purpose = "pickup"

    def attempt(self, conn: Connection, worker: int, number: int) -> None:  # noqa: ARG002 -- always the same one
        super().attempt(conn, 0, number)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        with database.write(self.engine) as conn:
            conn.execute(text("DROP INDEX uq_claims_held"))
        yield


@dataclass
class LastStored(Scene):
    """One set is stored, and eight counters hand one out."""

    def prepare(self, conn: Connection, number: int) -> None:
        stock.bring_in(conn, [number + 1], BILL, Cause(f"in/{number}", "race", NOW))

    def attempt(self, conn: Connection, worker: int, number: int) -> None:
        stock.lend(conn, 1, BILL, Cause(f"out/{number}/{worker}", "race", NOW, self.cases[worker]))

    def given(self, conn: Connection, number: int) -> int:
        return _moved(conn, f"set/{number + 1}", Place.LENT)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        # The count of each place is a guard, too: nothing may fall below zero.
        with database.write(self.engine) as conn:
            conn.execute(text("UPDATE stock_places SET sets = 1000000 WHERE place = 'city'"))
        with patch.object(stock, "_locked", _whatever_is_newest):
            yield


def _whatever_is_newest(*_wanted: ColumnElement[bool]) -> Select[int, str, str | None]:
    """Return the newest set, wherever it is: what a look before the race would have told everybody."""
    columns = select(fence_sets.c.number, fence_sets.c.place, fence_sets.c.case_id)
    newest = select(func.max(fence_sets.c.number)).scalar_subquery()
    return columns.where(fence_sets.c.number == newest)


@dataclass
class LastRoom(Scene):
    """The contractor's store has room for one set more, and eight are on their way to it (003-10)."""

    def prepare(self, conn: Connection, number: int) -> None:
        stock.bring_in(conn, self._sets(number), {}, Cause(f"in/{number}", "race", NOW))
        stock.open_places(conn, number + 1)

    def attempt(self, conn: Connection, worker: int, number: int) -> None:
        stock.move(
            conn, [self._sets(number)[worker]], Place.STORE, {}, Cause(f"to/{number}/{worker}", "race", NOW)
        )

    def given(self, conn: Connection, number: int) -> int:
        return sum(_moved(conn, f"set/{each}", Place.STORE) for each in self._sets(number))

    def _sets(self, number: int) -> range:
        return range(number * WORKERS + 1, (number + 1) * WORKERS + 1)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        with patch.object(stock, "_has_room", always):
            yield


@dataclass
class SamePress(Scene):
    """One member of the staff presses the button of one move eight times."""

    knows_causes: bool = True

    def prepare(self, conn: Connection, number: int) -> None:
        stock.replenish(conn, {f"part{number}": WORKERS}, Place.CITY, Cause(f"in/{number}", "race", NOW))

    def attempt(self, conn: Connection, worker: int, number: int) -> None:
        press = f"lost/{number}" if self.knows_causes else f"lost/{number}/{worker}"
        if not stock.move_parts(
            conn, {f"part{number}": 1}, Place.CITY, Place.LOST, Cause(press, "race", NOW)
        ):
            raise Stale

    def given(self, conn: Connection, number: int) -> int:
        return _moved(conn, f"part/part{number}", Place.LOST)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        self.knows_causes = False
        yield


def _moved(conn: Connection, what: str, to: Place) -> int:
    """Return how often *what* was moved to a place."""
    here = stock_moves.c.what == what, stock_moves.c.to_place == to.value
    return conn.execute(select(func.count()).select_from(stock_moves).where(*here)).scalar_one()


SCENES: Mapping[str, type[Scene]] = {
    "last set": LastSet,
    "last visit": LastVisit,
    "last pick-up time": LastPickUp,
    "same resident twice": SameTwice,
    "last set stored": LastStored,
    "last room in the store": LastRoom,
    "same press twice": SamePress,
}


def opened(engine: Engine, kind: type[Scene]) -> Scene:
    """Return a scene on a database that nothing else uses."""
    with database.write(engine) as conn:
        pools.ensure(conn, {VISIT: 2, LastPickUp.pool: 1, SameTwice.pool: 99})
        stock.open_places(conn, 0)
        if kind is LastSet:
            stock.bring_in(conn, [1], BILL, Cause("in", "race", NOW))
        cases = [make.case(conn, f"R9-1{number:03}") for number in range(WORKERS + 1)]
    return kind(engine, cases)
