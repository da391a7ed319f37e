"""Changes of the stock that staff make, in the console and at the terminal: each with a press of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from dialogs.office import Office
from dialogs.slots import capacities
from dialogs.words import Message, _, say
from storage import engine as database
from storage import pools, stock, stocktaking
from storage.stock import Cause, Counts, Full, Place, Short
from storage.turns import Stale

MOST_PARTS = 100_000
_PRESS = re.compile("[0-9a-f]{16,64}", re.ASCII)


class Refused(Exception):
    """Something that cannot be done; *message* says why and what to do, *plain* the same at a terminal."""

    def __init__(self, message: Message, plain: str) -> None:
        super().__init__(plain)
        self.message, self.plain = message, plain


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Yield the database *url* for one command."""
    engine = database.create(url, pool_size=1)
    try:
        yield engine
    finally:
        engine.dispose()


def bill_of(office: Office) -> Counts:
    """Return how many of each part one set has."""
    return {part.key: part.count for part in office.set_parts}


def begin(engine: Engine, office: Office, cause: Cause) -> int:
    """Take stock by the office file, as far as it is not taken; return how many sets came into the books.

    Sets are numbered from 1.  Run again after the city bought more, it adds those; the store's cap is set anew.
    """
    with database.write(engine) as conn:
        pools.ensure(conn, capacities(office))
        stock.open_places(conn, office.stock.store)
        known = {each.number for each in stocktaking.sets(conn)}
        new = [number for number in range(1, office.stock.owned + 1) if number not in known]
        stock.bring_in(conn, new, bill_of(office), cause)
    return len(new)


def move_sets(engine: Engine, office: Office, numbers: Collection[int], to: Place, cause: Cause) -> bool:
    """Return whether the sets *numbers* were moved now; False where the same press had moved them before.

    Raises:
        Refused: They cannot be moved there.
    """

    def moved(conn: Connection) -> bool:
        return stock.move(conn, numbers, to, bill_of(office), cause)

    if not numbers:
        raise Refused(say(_("動かすセットをえらんでください。")), "no set was named")
    return _done(engine, moved, office)


def change_parts(
    engine: Engine, office: Office, moved: Counts, way: tuple[Place | None, Place], cause: Cause
) -> bool:
    """Return whether parts were moved from the first place of *way* to the second now; None is the shop.

    Raises:
        Refused: There are not so many, or no such part.
    """
    start, to = way
    known = {part.key for part in office.set_parts}
    if not {*moved} <= known or any(not 0 < amount <= MOST_PARTS for amount in moved.values()):
        raise Refused(say(_("部品と、1以上の数を入力してください。")), "name a part and a number from 1 on")

    def changed(conn: Connection) -> bool:
        if start is None:
            return stock.replenish(conn, moved, to, cause)
        return stock.move_parts(conn, moved, start, to, cause)

    return _done(engine, changed, office)


def is_press(text: str) -> bool:
    """Return whether *text* can name a press: what a page of ours drew into its form."""
    return _PRESS.fullmatch(text) is not None


def _done(engine: Engine, work: Callable[[Connection], bool], office: Office) -> bool:
    try:
        with database.write(engine) as conn:
            return work(conn)
    except Stale:
        return False  # the other press is doing it
    except Full:
        text = _("受託者の保管場所に入るのは{count}セットまでです。")
        raise Refused(
            say(text, count=office.stock.store), f"the store holds up to {office.stock.store} sets"
        ) from None
    except Short:
        text = _("その数は、いまその場所にありません。表を見直してから、もう一度えらんでください。")
        plain = "one of them is not there, is there already, or is lent; look at: madoguchi stock list --sets"
        raise Refused(say(text), plain) from None
