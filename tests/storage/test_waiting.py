"""Whoever waits for something scarce is offered it in order, as a whole group or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from dialogs.effects import Take
from storage import cases, pools, stocktaking, waiting
from storage import engine as database
from storage.pools import Taken
from tests.storage import make
from tests.storage.make import DAY, NOW

POOL, SLOT = "meeting/2028-01-15", "2028-01-15T13:30"
UNTIL = NOW + 2 * DAY


@pytest.fixture
def full(engine: Engine) -> Iterator[Connection]:
    """Return a connection to a meeting for four that four attend, as the case R-0."""
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 4})
        pools.take(conn, make.case(conn, "R-0"), Take("", POOL, (SLOT,), 4, "seat"), NOW)
        yield conn
        assert list(stocktaking.wrong(conn, "")) == []


def waits(conn: Connection, name: str, amount: int, at: int) -> str:
    case = make.case(conn, name)
    assert waiting.join(conn, case, POOL, SLOT, amount, at)
    return case


def leaves(conn: Connection, amount: int) -> None:
    """Let *amount* of the seats taken become free."""
    case = pools_case(conn)
    pools.give_back(conn, case, "seat", NOW)
    if amount < 4:
        pools.take(conn, case, Take("", POOL, (SLOT,), 4 - amount, "seat"), NOW)


def pools_case(conn: Connection) -> str:
    found = cases.by_reference(conn, "R-0")
    assert found
    return found.id


def test_while_nothing_is_free_nothing_is_offered(full: Connection) -> None:
    waits(full, "R-1", 1, NOW)

    assert waiting.offer(full, POOL, SLOT, UNTIL, NOW) is None


def test_what_becomes_free_is_offered_to_the_first_whose_group_fits(full: Connection) -> None:
    waits(full, "R-1", 3, NOW)
    couple, single = waits(full, "R-2", 2, NOW + 1), waits(full, "R-3", 1, NOW + 2)
    leaves(full, 2)

    offered = waiting.offer(full, POOL, SLOT, UNTIL, NOW + 3)

    assert offered
    assert (offered.case_id, offered.offered_until) == (couple, UNTIL)
    assert waiting.offer(full, POOL, SLOT, UNTIL, NOW + 3) is None  # the single one has no room beside them
    assert pools.held(full, couple, waiting.OFFER) == {(POOL, SLOT): 2}
    assert pools.held(full, single) == {}


def test_what_is_offered_cannot_be_taken_by_others(full: Connection) -> None:
    waits(full, "R-1", 1, NOW)
    leaves(full, 1)
    waiting.offer(full, POOL, SLOT, UNTIL, NOW)

    with pytest.raises(Taken), full.begin_nested():
        pools.take(full, make.case(full, "R-9"), Take("", POOL, (SLOT,), 1, "seat"), NOW)


def test_an_offer_taken_up_in_time_is_a_claim_like_any_other(full: Connection) -> None:
    case = waits(full, "R-1", 1, NOW)
    leaves(full, 1)
    waiting.offer(full, POOL, SLOT, UNTIL, NOW)

    assert [waiting.accept(full, case, POOL, SLOT, "seat", UNTIL - 1) for _ in range(2)] == [True, False]

    assert pools.held(full, case, "seat") == {(POOL, SLOT): 1}
    assert waiting.in_order(full, POOL, SLOT) == []


def test_without_an_offer_and_after_its_deadline_nothing_can_be_taken_up(full: Connection) -> None:
    case = waits(full, "R-1", 1, NOW)
    assert not waiting.accept(full, case, POOL, SLOT, "seat", NOW)
    leaves(full, 1)
    waiting.offer(full, POOL, SLOT, UNTIL, NOW)

    assert not waiting.accept(full, case, POOL, SLOT, "seat", UNTIL)


def test_after_the_deadline_the_next_is_offered_it(full: Connection) -> None:
    first, second = waits(full, "R-1", 1, NOW), waits(full, "R-2", 1, NOW + 1)
    leaves(full, 1)
    waiting.offer(full, POOL, SLOT, UNTIL, NOW)

    assert waiting.expire(full, UNTIL - 1) == []
    assert [each.case_id for each in waiting.expire(full, UNTIL)] == [first]

    offered = waiting.offer(full, POOL, SLOT, UNTIL + DAY, UNTIL)
    assert offered
    assert offered.case_id == second
    assert [each.case_id for each in waiting.in_order(full, POOL, SLOT)] == [second]


def test_who_leaves_the_list_gives_back_what_was_held(full: Connection) -> None:
    case, other = waits(full, "R-1", 1, NOW), waits(full, "R-2", 1, NOW + 1)
    leaves(full, 1)
    waiting.offer(full, POOL, SLOT, UNTIL, NOW)

    assert [waiting.leave(full, case, POOL, SLOT, NOW) for _ in range(2)] == [True, False]
    assert waiting.leave(full, other, POOL, SLOT, NOW)

    assert pools.free(full, [POOL], SLOT, SLOT).left(POOL, SLOT) == 1


def test_who_joins_twice_keeps_the_first_place(full: Connection) -> None:
    case = waits(full, "R-1", 1, NOW)
    waits(full, "R-2", 1, NOW + 1)

    assert not waiting.join(full, case, POOL, SLOT, 3, NOW + 2)
    assert [each.amount for each in waiting.in_order(full, POOL, SLOT)] == [1, 1]
