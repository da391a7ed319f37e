"""Groups stay together, keep their order, and are offered what is free once, the first whose whole group fits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from dialogs.effects import Seat, Take, TakeUp, Wait
from storage import cases, pools, stocktaking, waiting
from storage import engine as database
from storage.pools import Taken
from storage.waiting import Waiting
from tests.storage import make
from tests.storage.make import DAY, NOW

POOL, OTHER, SLOT, SEAT = "seats/m/on_site", "seats/m/online", "2028-01-15", "seat"
UNTIL = NOW + 2 * DAY


@pytest.fixture
def full(engine: Engine) -> Iterator[Connection]:
    """Return a connection to a meeting for four that four attend, as the case R-0; one more may watch."""
    with database.write(engine) as conn:
        pools.ensure(conn, {POOL: 4, OTHER: 1})
        sits(conn, make.case(conn, "R-0"), 4)
        yield conn
        assert list(stocktaking.wrong(conn, "")) == []


def sits(conn: Connection, case: str, amount: int, pool: str = POOL) -> None:
    waiting.seat(conn, case, Seat("", pool, SLOT, amount, SEAT), NOW)


def waits(conn: Connection, name: str, amount: int, pool: str = POOL) -> str:
    case = cases.by_reference(conn, name)
    mine = case.id if case else make.case(conn, name)
    waiting.wait(conn, mine, Wait("", pool, SLOT, amount, SEAT), NOW)
    return mine


def first(conn: Connection) -> str:
    found = cases.by_reference(conn, "R-0")
    assert found
    return found.id


def offered(conn: Connection) -> Waiting | None:
    following = waiting.next_in_line(conn, POOL, SLOT)
    return waiting.offer(conn, following, UNTIL, NOW) if following else None


def listed(conn: Connection) -> list[str]:
    return [each.case_id for each in waiting.in_order(conn, POOL, SLOT)]


def left(conn: Connection, pool: str = POOL) -> int:
    return pools.free(conn, [pool], SLOT, SLOT).left(pool, SLOT)


def test_a_group_sits_down_whole_or_not_at_all(full: Connection) -> None:
    sits(full, first(full), 2)

    with pytest.raises(Taken), full.begin_nested():
        sits(full, make.case(full, "R-1"), 3)
    sits(full, make.case(full, "R-2"), 2)

    assert left(full) == 0


def test_nobody_sits_down_before_somebody_who_waits_and_would_fit(full: Connection) -> None:
    waits(full, "R-1", 2)
    sits(full, first(full), 2)

    with pytest.raises(Taken), full.begin_nested():
        sits(full, make.case(full, "R-2"), 1)

    assert left(full) == 2


def test_whoever_fits_where_nobody_who_waits_does_sits_down(full: Connection) -> None:
    waits(full, "R-1", 3)
    sits(full, first(full), 3)

    sits(full, make.case(full, "R-2"), 1)

    assert left(full) == 0


def test_a_group_may_become_smaller_in_a_full_room_and_not_larger(full: Connection) -> None:
    sits(full, first(full), 3)
    waits(full, "R-1", 1)

    with pytest.raises(Taken), full.begin_nested():
        sits(full, first(full), 4)

    assert pools.held(full, first(full)) == {(POOL, SLOT): 3}


def test_whoever_changes_the_way_to_attend_gives_the_old_seat_back(full: Connection) -> None:
    sits(full, first(full), 1, OTHER)

    assert (left(full), left(full, OTHER)) == (4, 0)


def test_while_nothing_is_free_nothing_is_offered(full: Connection) -> None:
    waits(full, "R-1", 1)

    assert offered(full) is None


def test_what_is_free_is_offered_to_the_first_whose_group_fits_and_who_was_passed_over_keeps_the_place(
    full: Connection,
) -> None:
    large, couple, single = waits(full, "R-1", 3), waits(full, "R-2", 2), waits(full, "R-3", 1)
    sits(full, first(full), 2)

    found = offered(full)

    assert found
    assert (found.case_id, found.offered_until) == (couple, UNTIL)
    assert offered(full) is None  # the single one has no room beside them
    assert pools.held(full, couple) == {(POOL, SLOT): 2}
    assert pools.held(full, single) == {}
    assert listed(full) == [large, couple, single]


def test_what_is_offered_cannot_be_taken_by_others(full: Connection) -> None:
    waits(full, "R-1", 1)
    sits(full, first(full), 3)
    offered(full)

    with pytest.raises(Taken), full.begin_nested():
        pools.take(full, make.case(full, "R-9"), Take("", POOL, (SLOT,), 1, SEAT), NOW)


def test_only_the_next_in_line_is_offered_anything(full: Connection) -> None:
    waits(full, "R-1", 1)
    waits(full, "R-2", 1)
    sits(full, first(full), 3)
    second = waiting.in_order(full, POOL, SLOT)[1]

    assert waiting.offer(full, second, UNTIL, NOW) is None


def test_an_offer_taken_up_is_a_seat_like_any_other_and_is_taken_up_once(full: Connection) -> None:
    case = waits(full, "R-1", 1)
    sits(full, first(full), 3)
    offered(full)

    waiting.take_up(full, case, TakeUp("", POOL, SLOT, SEAT), NOW)

    with pytest.raises(Taken), full.begin_nested():
        waiting.take_up(full, case, TakeUp("", POOL, SLOT, SEAT), NOW)
    assert pools.held(full, case, SEAT) == {(POOL, SLOT): 1}
    assert listed(full) == []


def test_without_an_offer_nothing_can_be_taken_up(full: Connection) -> None:
    case = waits(full, "R-1", 1)

    with pytest.raises(Taken), full.begin_nested():
        waiting.take_up(full, case, TakeUp("", POOL, SLOT, SEAT), NOW)


def test_after_the_deadline_the_next_is_offered_it(full: Connection) -> None:
    late, second = waits(full, "R-1", 1), waits(full, "R-2", 1)
    sits(full, first(full), 3)
    offered(full)

    assert waiting.overdue(full, UNTIL - 1) == []
    (gone,) = waiting.overdue(full, UNTIL)
    assert [waiting.lapse(full, gone, now) for now in (UNTIL - 1, UNTIL, UNTIL)] == [False, True, False]

    found = offered(full)
    assert found
    assert (gone.case_id, found.case_id) == (late, second)
    assert listed(full) == [second]


def test_who_leaves_gives_back_the_seat_the_offer_and_the_place(full: Connection) -> None:
    case, other = waits(full, "R-1", 1), waits(full, "R-2", 1)
    sits(full, first(full), 3)
    assert offered(full)

    for each in (case, other, first(full)):
        waiting.leave(full, each, SEAT, NOW)

    assert left(full) == 4
    assert listed(full) == []
    assert waiting.queues(full) == []


def test_who_joins_twice_keeps_the_first_place_with_the_new_size(full: Connection) -> None:
    one, two = waits(full, "R-1", 1), waits(full, "R-2", 1)

    waits(full, "R-1", 3)

    assert [(each.case_id, each.amount) for each in waiting.in_order(full, POOL, SLOT)] == [
        (one, 3),
        (two, 1),
    ]
    assert waiting.queues(full) == [(POOL, SLOT)]


def test_who_waits_for_the_other_way_waits_there_alone(full: Connection) -> None:
    case = waits(full, "R-1", 2)
    sits(full, make.case(full, "R-2"), 1, OTHER)

    waiting.wait(full, case, Wait("", OTHER, SLOT, 1, SEAT), NOW)

    assert listed(full) == []
    assert [each.case_id for each in waiting.in_order(full, OTHER, SLOT)] == [case]


def test_those_who_come_in_the_same_millisecond_stand_in_the_order_in_which_they_came(
    full: Connection,
) -> None:
    everybody = [waits(full, f"R-{number}", 1) for number in range(1, 6)]

    assert listed(full) == everybody


def test_a_pool_that_is_not_there_is_no_empty_one(full: Connection) -> None:
    with pytest.raises(LookupError):
        sits(full, make.case(full, "R-1"), 1, "seats/other/on_site")
