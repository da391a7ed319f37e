"""Where each set and each part is, after any sequence of moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from dialogs.effects import Take
from storage import engine as database
from storage import pools, stock, stocktaking
from storage.stock import Cause, Full, Place, Short
from tests.storage import make
from tests.storage.make import DAY, NOW

BILL = {"clip": 80, "pole": 10}


@pytest.fixture
def taken(engine: Engine) -> Iterator[Connection]:
    """Return a connection to a stock of six sets in the city, with a store for three."""
    with database.write(engine) as conn:
        stock.open_places(conn, 3)
        assert stock.bring_in(conn, range(1, 7), BILL, cause("begin"))
        yield conn
        assert list(stocktaking.wrong(conn, "")) == []


def cause(name: str, case_id: str | None = None, at: int = NOW) -> Cause:
    return Cause(name, "見本 係", at, case_id)


def at(conn: Connection, place: Place) -> list[int]:
    return [each.number for each in stocktaking.sets(conn) if each.place == place]


def parts(conn: Connection, place: Place) -> dict[str, int]:
    return {part: amount for (part, there), amount in stocktaking.counts(conn).items() if there == place}


def in_service(conn: Connection) -> int:
    return pools.free(conn, ["fence_sets"], "", "9").capacities["fence_sets"]


def test_new_sets_are_the_citys_with_all_their_parts(taken: Connection) -> None:
    assert at(taken, Place.CITY) == [1, 2, 3, 4, 5, 6]
    assert parts(taken, Place.CITY) == {"clip": 480, "pole": 60}
    assert in_service(taken) == 6
    assert stocktaking.places(taken) == {"city": 6, "store": 0, "lent": 0, "repair": 0, "lost": 0}


def test_once_the_stock_was_taken_the_office_file_says_no_more_how_many_sets_there_are(
    engine: Engine,
) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {"fence_sets": 50})
        stock.open_places(conn, 3)
        stock.bring_in(conn, [1, 2], BILL, cause("a"))
        stock.open_places(conn, 4)

        assert in_service(conn) == 2


def test_sets_are_moved_with_their_parts(taken: Connection) -> None:
    assert stock.move(taken, [1, 2], Place.STORE, BILL, cause("a"))

    assert at(taken, Place.STORE) == [1, 2]
    assert parts(taken, Place.STORE) == {"clip": 160, "pole": 20}


def test_a_second_press_of_the_same_button_moves_nothing(taken: Connection) -> None:
    case = make.case(taken)
    for _ in range(2):
        stock.move(taken, [1, 2, 3], Place.STORE, BILL, cause("a"))
        stock.lend(taken, 1, BILL, cause("b", case))
        stock.replenish(taken, {"clip": 5}, Place.CITY, cause("c"))
        stock.move_parts(taken, {"clip": 1}, Place.CITY, Place.LOST, cause("d"))
        stock.bring_in(taken, [7], BILL, cause("e"))
    assert stock.take_back(taken, None, BILL, cause("f", case)) == (1,)
    assert stock.take_back(taken, None, BILL, cause("f", case)) == ()

    assert at(taken, Place.STORE) == [1, 2, 3]
    assert parts(taken, Place.CITY)["clip"] == 240 + 80 + 5 - 1


def test_the_store_holds_no_more_than_it_can(taken: Connection) -> None:
    stock.move(taken, [1, 2], Place.STORE, BILL, cause("a"))

    with pytest.raises(Full), taken.begin_nested():
        stock.move(taken, [3, 4], Place.STORE, BILL, cause("b"))

    assert at(taken, Place.STORE) == [1, 2]
    stock.open_places(taken, 4)
    assert stock.move(taken, [3, 4], Place.STORE, BILL, cause("b"))


def test_sets_are_lent_from_the_store_first_and_then_from_the_city(taken: Connection) -> None:
    stock.move(taken, [5], Place.STORE, BILL, cause("a"))
    case = make.case(taken)

    assert stock.lend(taken, 2, {"clip": 150, "pole": 20}, cause("b", case)) == (5, 1)

    assert [(each.number, each.reference) for each in stocktaking.sets(taken) if each.place == "lent"] == [
        (1, "R-1"),
        (5, "R-1"),
    ]
    assert stocktaking.with_case(taken, case) == {"clip": 150, "pole": 20}
    assert in_service(taken) == 6


def test_no_more_is_lent_than_is_stored(taken: Connection) -> None:
    with pytest.raises(Short), taken.begin_nested():
        stock.lend(taken, 7, BILL, cause("b", make.case(taken)))


def test_what_does_not_come_back_stays_with_the_case_until_it_is_settled(taken: Connection) -> None:
    case = make.case(taken)
    stock.lend(taken, 1, BILL, cause("out", case))

    assert stock.take_back(taken, None, {"clip": 78, "pole": 10}, cause("in", case)) == (1,)
    assert stocktaking.with_case(taken, case) == {"clip": 2}
    assert at(taken, Place.STORE) == [1]

    stock.move_parts(taken, {"clip": 2}, Place.LENT, Place.LOST, cause("lost", case))
    assert stocktaking.with_case(taken, case) == {}
    assert parts(taken, Place.LOST) == {"clip": 2}


def test_one_of_several_sets_is_swapped(taken: Connection) -> None:
    case = make.case(taken)
    stock.lend(taken, 2, {part: 2 * count for part, count in BILL.items()}, cause("out", case))

    assert stock.take_back(taken, 1, BILL, cause("broken", case), to=Place.REPAIR) == (1,)
    assert stock.lend(taken, 1, BILL, cause("instead", case)) == (3,)

    assert in_service(taken) == 5
    assert at(taken, Place.LENT) == [2, 3]
    with pytest.raises(Short), taken.begin_nested():
        stock.take_back(taken, 3, {}, cause("too many", case))


def test_what_is_lost_or_broken_cannot_be_promised_until_it_is_found_or_mended(taken: Connection) -> None:
    case = make.case(taken)
    stock.move(taken, [1], Place.REPAIR, BILL, cause("a"))
    stock.lend(taken, 1, BILL, cause("b", case))
    stock.move(taken, [2], Place.LOST, BILL, cause("c"))
    assert in_service(taken) == 4
    assert stocktaking.with_case(taken, case) == {}

    stock.move(taken, [1, 2], Place.CITY, BILL, cause("d"))
    assert in_service(taken) == 6


def test_what_is_lent_comes_back_by_the_return_alone(taken: Connection) -> None:
    stock.lend(taken, 1, BILL, cause("a", make.case(taken)))

    for numbers, to in (([1], Place.CITY), ([2], Place.LENT), ([99], Place.STORE), ([2], Place.CITY)):
        with pytest.raises(Short), taken.begin_nested():
            stock.move(taken, numbers, to, BILL, cause("b"))


def test_no_more_parts_are_moved_than_there_are(taken: Connection) -> None:
    with pytest.raises(Short), taken.begin_nested():
        stock.move_parts(taken, {"clip": 481}, Place.CITY, Place.LOST, cause("a"))

    assert not parts(taken, Place.LOST)


def test_a_set_with_a_part_missing_is_moved_with_what_it_has(taken: Connection) -> None:
    stock.move_parts(taken, {"clip": 470}, Place.CITY, Place.LOST, cause("a"))

    stock.move(taken, [1], Place.STORE, BILL, cause("b"))

    assert parts(taken, Place.STORE) == {"clip": 10, "pole": 10}


def test_the_history_says_who_moved_what_and_when(taken: Connection) -> None:
    stock.move(taken, [1], Place.STORE, BILL, cause("a", at=NOW + DAY))
    stock.replenish(taken, {"clip": 3}, Place.CITY, cause("b", at=NOW + 2 * DAY))

    newest = stocktaking.moves(taken, 4)
    assert [(each.what, each.from_place, each.to_place, each.amount) for each in newest] == [
        ("part/clip", "", "city", 3),
        ("part/pole", "city", "store", 10),
        ("part/clip", "city", "store", 80),
        ("set/1", "city", "store", 1),
    ]
    assert (newest[0].by, newest[0].at) == ("見本 係", NOW + 2 * DAY)
    assert [each.to_place for each in stocktaking.moves(taken, 9, "set/1")] == ["store", "city"]


def test_who_holds_sets_is_told_with_their_days(taken: Connection) -> None:
    early, late = make.case(taken, "R-1"), make.case(taken, "R-2")
    for case, days in ((early, ("2027-06-10", "2027-06-11")), (late, ("2027-06-11", "2027-06-12"))):
        pools.take(taken, case, Take("", "fence_sets", days, 2, "loan"), NOW)
    stock.lend(taken, 1, BILL, cause("a", early))

    assert [
        (each.reference, each.sets, each.first, each.last, each.lent)
        for each in stocktaking.held_sets(taken, "2027-06-11")
    ] == [("R-1", 2, "2027-06-10", "2027-06-11", 1), ("R-2", 2, "2027-06-11", "2027-06-12", 0)]
    overdue = stocktaking.held_sets(taken, "2027-06-12")
    assert [each.reference for each in overdue] == ["R-1", "R-2"]  # it was to be back the day before
    stock.take_back(taken, None, BILL, cause("b", early))
    assert [each.reference for each in stocktaking.held_sets(taken, "2027-06-12")] == ["R-2"]
