"""Where each set and each part is, and every move it made.

The law: what is stored, lent, in repair and lost is what the city owns, for every set and every part, after any
sequence of moves.  So nothing is written here but moves from one place to another, each with its cause: a second
press of the same button finds the cause and changes nothing.  Sets carry their parts along, by the bill of parts;
what leaves with a borrower and comes back is counted instead (003-19).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Select, case, insert, or_, select, update

from dialogs.slots import FENCE_SETS
from storage import pools
from storage.tables_pools import fence_sets, parts, stock_moves, stock_places
from storage.tables_pools import pools as pools_table
from storage.turns import Stale
from storage.upsert import into

Counts = Mapping[str, int]
"""How many, by the key of a part."""


class Place(StrEnum):
    """Where a set or a part is."""

    CITY = "city"
    STORE = "store"
    LENT = "lent"
    REPAIR = "repair"
    LOST = "lost"


SERVICE = frozenset({Place.CITY, Place.STORE, Place.LENT})
"""Where a set counts among those that can be lent."""


class Short(Exception):
    """There is not as much at the place as was to be moved; nothing was changed if the transaction is undone."""


class Full(Exception):
    """The place cannot hold so many sets (003-10); nothing was changed if the transaction is undone."""


@dataclass(frozen=True)
class Cause:
    """Why something moves: an *id* of its own for ever, *by* whom, at which time (ms UTC), for which case."""

    id: str
    by: str
    at: int
    case_id: str | None = None


@dataclass(frozen=True)
class Move:
    """One move.  *what* is "set/12" or "part/clip"; "" is where it came from or went outside the stock."""

    what: str
    from_place: str
    to_place: str
    amount: int
    case_id: str | None
    at: int
    by: str


def is_done(conn: Connection, cause: Cause) -> bool:
    """Return whether *cause* has moved something already."""
    return (
        conn.execute(select(stock_moves.c.id).where(stock_moves.c.cause == f"{cause.id}/0")).first()
        is not None
    )


def open_places(conn: Connection, cap: int) -> None:
    """Let the contractor's store hold *cap* sets; other places hold any number.

    From the first time on, what can be promised is what was brought in, and no more what the office file says.
    """
    rows = [{"place": each.value, "sets": 0, "cap": None} for each in Place]
    opened = into(conn, stock_places).values(rows).on_conflict_do_nothing().returning(stock_places.c.place)
    if conn.execute(opened).all():
        pools.capacity(conn, FENCE_SETS, 0)
    conn.execute(update(stock_places).where(stock_places.c.place == Place.STORE.value).values(cap=cap))


def bring_in(conn: Connection, numbers: Sequence[int], bill: Counts, cause: Cause) -> bool:
    """Return whether the sets *numbers*, new to the city and complete, were taken into its stock now."""
    if is_done(conn, cause) or not numbers:
        return False
    book = _Book(conn, cause)
    row = {"place": Place.CITY.value, "case_id": None, "since": cause.at}
    for number in sorted(numbers):
        book.write(f"set/{number}", "", Place.CITY)
    conn.execute(insert(fence_sets), [{"number": number, **row} for number in sorted(numbers)])
    _count_in(conn, Place.CITY, len(numbers))
    _serve(conn, len(numbers))
    for part, each in sorted(bill.items()):
        book.add(part, each * len(numbers), "", Place.CITY)
    return True


def move(conn: Connection, numbers: Collection[int], to: Place, bill: Counts, cause: Cause) -> bool:
    """Return whether the sets *numbers* were moved now, each with its parts, from wherever they are.

    A set is lent by :func:`lend` alone, and comes back by :func:`take_back`; but one that is lent can be lost.

    Raises:
        Short: One of them is not there, is there already, or is lent.
        Full: They have no room at *to*.
    """
    if is_done(conn, cause):
        return False
    wanted = [fence_sets.c.number.in_(sorted(numbers)), fence_sets.c.place != to.value]
    wanted += [] if to is Place.LOST else [fence_sets.c.place != Place.LENT.value]
    left = conn.execute(_locked(*wanted)).all()
    if len(left) < len(set(numbers)) or to is Place.LENT:
        raise Short(f"{len(left)} of {len(set(numbers))} sets can be moved to {to}")
    for number, place, case_id in left:
        book = _Book(conn, cause, f"{number}/" if left[0][0] != number else "", case_id)
        book.carry_set(number, Place(place), to, None)
        for part, count in sorted(bill.items()):
            book.carry(part, count, (Place(place),), to)
    return True


def lend(conn: Connection, count: int, counted: Counts, cause: Cause) -> Sequence[int]:
    """Return the numbers of *count* sets that leave with the case of *cause* now; none where it was done before.

    They come from the store, and from the city where the store has too few; so do the parts that were *counted*.

    Raises:
        Short: There are not so many sets at both places.
    """
    if is_done(conn, cause):
        return ()
    nearest = case((fence_sets.c.place == Place.STORE, 0), else_=1)
    at_hand = fence_sets.c.place.in_([Place.STORE.value, Place.CITY.value])
    first = _locked(at_hand).order_by(None).order_by(nearest, fence_sets.c.number).limit(count)
    left = conn.execute(first).all()
    if len(left) < count:
        raise Short(f"{len(left)} of {count} sets are stored")
    book = _Book(conn, cause)
    for number, place, _case in left:
        book.carry_set(number, Place(place), Place.LENT, cause.case_id)
    for part, amount in sorted(counted.items()):
        book.carry(part, amount, (Place.STORE, Place.CITY), Place.LENT)
    return tuple(number for number, _place, _case in left)


def take_back(
    conn: Connection, count: int | None, counted: Counts, cause: Cause, *, to: Place = Place.STORE
) -> Sequence[int]:
    """Return the numbers of the sets that came back from the case of *cause*: *count* of them, None for all.

    Parts that were not *counted* stay lent to the case until they are found, lost or brought.

    Raises:
        Short: The case has not so many.
        Full: They have no room at *to*.
    """
    if is_done(conn, cause):
        return ()
    theirs = _locked(fence_sets.c.place == Place.LENT, fence_sets.c.case_id == cause.case_id)
    left = conn.execute(theirs.limit(count) if count is not None else theirs).all()
    if count is not None and len(left) < count:
        raise Short(f"{len(left)} of {count} sets are with the case")
    book = _Book(conn, cause)
    for number, place, _case in left:
        book.carry_set(number, Place(place), to, None)
    for part, amount in sorted(counted.items()):
        book.carry(part, amount, (Place.LENT,), to)
    return tuple(number for number, _place, _case in left)


def move_parts(conn: Connection, moved: Counts, start: Place, to: Place, cause: Cause) -> bool:
    """Return whether so many of each part were moved now, such as those that got lost, broke, or were found.

    Raises:
        Short: There are not so many at *start*.
    """
    if is_done(conn, cause):
        return False
    book = _Book(conn, cause)
    for part, amount in sorted(moved.items()):
        if amount and book.carry(part, amount, (start,), to) < amount:
            raise Short(f"there are not {amount} of {part} at {start}")
    return True


def replenish(conn: Connection, brought: Counts, to: Place, cause: Cause) -> bool:
    """Return whether so many new parts were taken into the stock now (003-19: 補充)."""
    if is_done(conn, cause):
        return False
    book = _Book(conn, cause)
    for part, amount in sorted(brought.items()):
        book.add(part, amount, "", to)
    return True


def _locked(*wanted: ColumnElement[bool]) -> Select[int, str, str | None]:
    """Return the sets *wanted*, which nobody else can move until the end; those that somebody moves are left out."""
    columns = select(fence_sets.c.number, fence_sets.c.place, fence_sets.c.case_id).where(*wanted)
    return columns.order_by(fence_sets.c.number).with_for_update(skip_locked=True)


def _count_in(conn: Connection, place: Place, number: int) -> None:
    there = update(stock_places).where(stock_places.c.place == place.value, _has_room(number))
    if conn.execute(there.values(sets=stock_places.c.sets + number)).rowcount != 1:
        raise Full(place)


def _has_room(number: int) -> ColumnElement[bool]:
    """Return the guard of a place: what is there, at the moment of the UPDATE, leaves room for *number*."""
    return or_(stock_places.c.cap.is_(None), stock_places.c.sets + number <= stock_places.c.cap)


def _serve(conn: Connection, change: int) -> None:
    """Let so many more (or fewer) sets be promised; nothing that was promised is taken away thereby."""
    changed = update(pools_table).where(pools_table.c.key == FENCE_SETS)
    conn.execute(changed.values(capacity=pools_table.c.capacity + change))


class _Book:
    """Writes down the moves of one cause, in their order."""

    def __init__(self, conn: Connection, cause: Cause, part: str = "", case_id: str | None = None) -> None:
        self._conn, self._cause, self._written = conn, cause, 0
        self._prefix = f"{cause.id}/{part}"
        self._case_id = case_id or cause.case_id

    def write(self, what: str, start: str, to: str, amount: int = 1) -> None:
        """Write one move.

        Raises:
            Stale: Somebody else moves for the same cause at this moment; run the turn again.
        """
        row = {"cause": f"{self._prefix}{self._written}", "what": what}
        row |= {"from_place": str(start), "to_place": str(to), "by": self._cause.by}
        numbers = {"at": self._cause.at, "amount": amount, "case_id": self._case_id}
        written = into(self._conn, stock_moves).values(**row, **numbers).on_conflict_do_nothing()
        if self._conn.execute(written.returning(stock_moves.c.id)).first() is None:
            raise Stale
        self._written += 1

    def carry_set(self, number: int, start: Place, to: Place, case_id: str | None) -> None:
        """Move one set that is held by this transaction."""
        self.write(f"set/{number}", start, to)
        moved = update(fence_sets).where(fence_sets.c.number == number)
        self._conn.execute(moved.values(place=to.value, case_id=case_id, since=self._cause.at))
        for place, change in sorted(
            ((start, -1), (to, 1))
        ):  # in one order, so that nobody waits for each other
            _count_in(self._conn, place, change)
        if (start in SERVICE) != (to in SERVICE):
            _serve(self._conn, 1 if to in SERVICE else -1)

    def carry(self, part: str, amount: int, starts: Sequence[Place], to: Place) -> int:
        """Return how many of *part* were moved: *amount*, or as many as there are at *starts*, the first first."""
        left = amount
        for start in starts:
            taken = self._fetch(part, left, start)
            if taken:
                self.add(part, taken, start, to)
            left -= taken
        return amount - left

    def add(self, part: str, amount: int, start: str, to: Place) -> None:
        """Put *amount* of *part*, which left *start* already, to where it goes."""
        self.write(f"part/{part}", start, to, amount)
        first = into(self._conn, parts).values(part=part, place=to.value, amount=amount)
        more = {"amount": parts.c.amount + amount}
        self._conn.execute(
            first.on_conflict_do_update(index_elements=[parts.c.part, parts.c.place], set_=more)
        )

    def _fetch(self, part: str, amount: int, start: Place) -> int:
        """Return how many of *amount* were taken from *start*: all that are there, if there are fewer."""
        here = parts.c.part == part, parts.c.place == start.value
        there: int = self._conn.execute(select(parts.c.amount).where(*here).with_for_update()).scalar() or 0
        taken = min(amount, there)
        self._conn.execute(update(parts).where(*here).values(amount=parts.c.amount - taken))
        return taken
