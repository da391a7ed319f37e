"""What is filed on a loan moves sets and parts, and is never held up by the books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import Connection, Engine

from bot import stockkeeping
from bot.office import load_office
from storage import engine as database
from storage import stock, stocktaking
from storage.stock import Cause, Place
from tests.storage import make
from tests.storage.make import NOW

OFFICE = load_office(None)
BILL = {part.key: part.count for part in OFFICE.set_parts}


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """Return a connection to a stock of four sets, two of them in a store for two."""
    with database.write(engine) as conn:
        stock.open_places(conn, 2)
        stock.bring_in(conn, [1, 2, 3, 4], BILL, Cause("begin", "見本 係", NOW))
        stock.move(conn, [1, 2], Place.STORE, BILL, Cause("store", "見本 係", NOW))
        yield conn
        assert list(stocktaking.wrong(conn, "")) == []


@pytest.fixture
def case(conn: Connection) -> str:
    return make.case(conn)


def file(conn: Connection, case: str, step: str, cause: str = "", **said: Any) -> None:
    stockkeeping.filed(conn, OFFICE, step, said, Cause(cause or step, "見本 作業員", NOW, case))


def places(conn: Connection) -> dict[str, int]:
    return {place: number for place, number in stocktaking.places(conn).items() if number}


def test_what_is_handed_over_is_lent_as_it_was_counted(conn: Connection, case: str) -> None:
    for _ in range(2):  # the same press twice
        file(conn, case, "handed_over", sets=1, parts={**BILL, "clip": 78})

    assert places(conn) == {"city": 2, "store": 1, "lent": 1}
    assert stocktaking.with_case(conn, case) == {**BILL, "clip": 78}


def test_without_a_count_the_bill_of_parts_is_lent(conn: Connection, case: str) -> None:
    file(conn, case, "handed_over", sets=2)

    assert stocktaking.with_case(conn, case)["clip"] == 2 * BILL["clip"]


def test_what_comes_back_whole_is_stored(conn: Connection, case: str) -> None:
    file(conn, case, "handed_over", sets=1, parts=BILL)
    file(conn, case, "taken_back", parts_in=BILL, damage="slight", works="yes")

    assert places(conn) == {"city": 2, "store": 2}
    assert stocktaking.with_case(conn, case) == {}


@pytest.mark.parametrize("said", [{"damage": "serious", "works": "yes"}, {"damage": "none", "works": "no"}])
def test_what_comes_back_broken_is_repaired_first(conn: Connection, case: str, said: dict[str, str]) -> None:
    file(conn, case, "handed_over", sets=1, parts=BILL)
    file(conn, case, "taken_back", parts_in=BILL, **said)

    assert places(conn) == {"city": 2, "store": 1, "repair": 1}


def test_what_the_store_cannot_hold_is_the_citys(conn: Connection, case: str) -> None:
    file(conn, case, "handed_over", sets=1, parts=BILL)
    stock.move(conn, [3], Place.STORE, BILL, Cause("more", "見本 係", NOW))
    file(conn, case, "taken_back", parts_in=BILL, damage="none", works="yes")

    assert places(conn) == {"city": 2, "store": 2}


def test_missing_parts_stay_with_the_case_until_it_is_settled(conn: Connection, case: str) -> None:
    file(conn, case, "handed_over", sets=1, parts=BILL)
    file(conn, case, "taken_back", parts_in={**BILL, "clip": BILL["clip"] - 5}, damage="none", works="yes")
    assert stocktaking.with_case(conn, case) == {"clip": 5}

    file(conn, case, "settled", later="yes", parts_later={"clip": 3})

    assert stocktaking.with_case(conn, case) == {}
    assert stocktaking.counts(conn)["clip", "lost"] == 2


def test_a_broken_set_is_swapped_for_another(conn: Connection, case: str) -> None:
    file(conn, case, "handed_over", sets=1, parts=BILL)
    file(conn, case, "swapped", swapped="set")

    assert places(conn) == {"city": 2, "lent": 1, "repair": 1}
    assert stocktaking.with_case(conn, case) == BILL


def test_a_broken_power_unit_is_swapped_for_another(conn: Connection, case: str) -> None:
    file(conn, case, "handed_over", sets=1, parts=BILL)
    file(conn, case, "swapped", swapped="unit")
    file(conn, case, "swapped", "again", swapped="part", swapped_part="見本")

    assert stocktaking.with_case(conn, case) == BILL
    assert stocktaking.counts(conn)["power_unit", "repair"] == 1


def test_books_that_have_too_few_sets_hold_nothing_up_and_say_so(conn: Connection, case: str) -> None:
    with structlog.testing.capture_logs() as said:
        file(conn, case, "handed_over", sets=5)

    assert places(conn) == {"city": 2, "store": 2}
    assert [(each["event"], each["reason"]) for each in said] == [("stock_short", "Short")]


def test_where_the_stock_was_never_taken_nothing_is_kept(engine: Engine) -> None:
    with database.write(engine) as conn:
        file(conn, make.case(conn), "handed_over", sets=1)

        assert stocktaking.moves(conn, 1) == []


def test_other_steps_move_nothing(conn: Connection, case: str) -> None:
    file(conn, case, "checked_on_site", result="good")

    assert len(stocktaking.moves(conn, 99, "set/1")) == 2
