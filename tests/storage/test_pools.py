"""What is scarce is taken and given back in a transaction, and never twice."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, func, select

from dialogs.effects import Take
from storage import engine as database
from storage import pools
from storage.pools import Taken
from storage.tables_pools import claims, pool_slots
from tests.storage import make
from tests.storage.make import NOW

POOL, DAYS = "fence_sets", ("2027-06-14", "2027-06-15", "2027-06-16")


def _case(conn: Connection, name: str = "1") -> str:
    return make.case(conn, f"R9-000{name}")


def _take(*slots: str, amount: int = 1, pool: str = POOL, purpose: str = "loan") -> Take:
    return Take("R9-0001", pool, slots or DAYS, amount, purpose)


def _count(conn: Connection) -> dict[str, int]:
    rows = conn.execute(select(pool_slots.c.slot, pool_slots.c.taken))
    return {slot: taken for slot, taken in rows if taken}


def test_what_is_taken_is_counted_in_each_of_its_slots(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 3})
        case = _case(conn)

        pools.take(conn, case, _take(amount=2), NOW)

        assert _count(conn) == dict.fromkeys(DAYS, 2)
        assert pools.held(conn, case) == {(POOL, day): 2 for day in DAYS}
        assert pools.held(conn, case, "pickup") == {}


def test_the_last_one_goes_to_the_first_who_takes_it(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 1})
        first, second = _case(conn, "1"), _case(conn, "2")
        pools.take(conn, first, _take(DAYS[1]), NOW)

    with pytest.raises(Taken), database.write(engine) as conn:
        pools.take(conn, second, _take(), NOW)

    with database.read(engine) as conn:
        assert _count(conn) == {DAYS[1]: 1}  # nothing is left of what was begun
        assert pools.held(conn, second) == {}


def test_more_than_a_slot_holds_is_never_taken(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 1})
        case = _case(conn)

        with pytest.raises(Taken):
            pools.take(conn, case, _take(amount=2), NOW)


def test_the_same_case_takes_the_same_once(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 9})
        case = _case(conn)
        pools.take(conn, case, _take(), NOW)

    with pytest.raises(Taken), database.write(engine) as conn:
        pools.take(conn, case, _take(), NOW)

    with database.read(engine) as conn:
        assert _count(conn) == dict.fromkeys(DAYS, 1)


def test_nothing_is_taken_of_a_pool_that_is_not_there(engine: Engine) -> None:
    with database.write(engine) as conn, pytest.raises(LookupError, match="no pool counter/nowhere"):
        pools.take(conn, _case(conn), _take(pool="counter/nowhere"), NOW)


def test_taking_no_slots_takes_nothing(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 1})

        pools.take(conn, _case(conn), Take("R9-0001", POOL, (), 1, "loan"), NOW)

        assert _count(conn) == {}


def test_what_is_given_back_can_be_taken_again(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 1})
        first, second = _case(conn, "1"), _case(conn, "2")
        pools.take(conn, first, _take(), NOW)

        assert pools.give_back(conn, first, "loan", NOW) == 3
        assert pools.give_back(conn, first, "loan", NOW) == 0
        pools.take(conn, second, _take(), NOW)
        assert _count(conn) == dict.fromkeys(DAYS, 1)


def test_one_purpose_is_given_back_or_all(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 1, "counter/minami": 1})
        case = _case(conn)
        pools.take(conn, case, _take(), NOW)
        pools.take(conn, case, _take("2027-06-14T09:00", pool="counter/minami", purpose="pickup"), NOW)

        assert pools.give_back(conn, case, "pickup", NOW) == 1
        assert pools.held(conn, case, "loan")
        assert pools.give_back(conn, case, "", NOW) == 3
        assert pools.held(conn, case) == {}


def test_claims_that_were_given_back_are_kept_with_their_time(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 1})
        case = _case(conn)
        pools.take(conn, case, _take(DAYS[0]), NOW)
        pools.give_back(conn, case, "loan", NOW + 5)
        pools.take(conn, case, _take(DAYS[0]), NOW + 9)

        kept = conn.execute(select(claims.c.taken_at, claims.c.released_at).order_by(claims.c.taken_at)).all()
        assert [tuple(row) for row in kept] == [(NOW, NOW + 5), (NOW + 9, None)]


def test_what_is_free_is_told_for_the_pools_and_slots_asked_for(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 2, "visit": 2, "counter/minami": 1})
        case = _case(conn)
        pools.take(conn, case, _take(), NOW)
        pools.take(conn, case, _take("2027-06-15T15:30", pool="visit", purpose="visit"), NOW)

        free = pools.free(conn, (POOL, "visit"), DAYS[1], DAYS[1], case, "2027-06-15T09:00")

        assert free.capacities == {POOL: 2, "visit": 2}
        assert free.taken == {(POOL, DAYS[1]): 1, ("visit", "2027-06-15T15:30"): 1}
        assert free.left("visit", "2027-06-15T15:30") == 2  # its own
        assert free.now == "2027-06-15T09:00"
        others = pools.free(conn, ("visit",), DAYS[0], "2027-06-15T15:30")
        assert others.left("visit", "2027-06-15T15:30") == 1
        assert pools.free(conn, ("visit",), DAYS[0], "2027-06-15T15:00").taken == {}


def test_a_pool_that_is_open_keeps_its_capacity_until_it_is_given_another(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 2})
        pools.ensure(conn, {POOL: 9})
        case = _case(conn)
        with pytest.raises(Taken), conn.begin_nested():
            pools.take(conn, case, _take(amount=3), NOW)

        pools.capacity(conn, POOL, 3)
        pools.take(conn, case, _take(amount=3), NOW)
        pools.capacity(conn, POOL, 1)

        assert _count(conn) == dict.fromkeys(DAYS, 3)  # what was promised stays promised
        assert pools.free(conn, (POOL,), DAYS[0], DAYS[2]).left(POOL, DAYS[0]) == 0


def test_the_count_of_a_slot_is_the_sum_of_its_claims(engine: Engine) -> None:
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 9})
        for name in "123":
            pools.take(conn, _case(conn, name), _take(amount=int(name)), NOW)
        pools.give_back(
            conn,
            conn.execute(select(claims.c.case_id).where(claims.c.amount == 2)).scalars().first() or "",
            "",
            NOW,
        )

        held = claims.c.released_at.is_(None)
        summed = select(claims.c.slot, func.sum(claims.c.amount)).where(held).group_by(claims.c.slot)
        assert {slot: int(number) for slot, number in conn.execute(summed)} == _count(conn)
        assert _count(conn) == dict.fromkeys(DAYS, 4)
