"""What is free of what is scarce."""

from dataclasses import replace
from datetime import date, time

from dialogs import slots
from dialogs.office import Booking, Days, Handover, Hours
from dialogs.slots import COUNTER, FENCE_SETS, VISIT, Free, counter
from tests.dialogs.worlds import OFFICE

MONDAY, SUNDAY = date(2027, 6, 14), date(2027, 6, 13)
POOL = counter("minami")
NINE, TEN = slots.at(MONDAY, time(9)), slots.at(MONDAY, time(10))


def _full(*days: date) -> Free:
    every = slots.times(OFFICE, COUNTER)
    return Free({POOL: 2}, {(POOL, slots.at(day, each)): 2 for day in days for each in every})


def test_the_reception_hours_are_divided_as_the_office_says_and_the_last_slot_ends_with_them() -> None:
    at_counter, visits = slots.times(OFFICE, COUNTER), slots.times(OFFICE, VISIT)

    assert (at_counter[0], at_counter[-1], len(at_counter)) == (time(9), time(15, 30), 14)
    assert (visits[0], visits[-1], len(visits)) == (time(9), time(15), 7)


def test_a_slot_that_would_end_after_the_reception_is_not_offered() -> None:
    office = replace(OFFICE, booking={**OFFICE.booking, VISIT: Booking(50, 2)})

    assert slots.times(office, VISIT)[-1] == time(14, 50)


def test_every_place_has_a_pool_of_its_own_and_a_delivery_too() -> None:
    assert slots.capacities(OFFICE) == {FENCE_SETS: 50, VISIT: 2, POOL: 2, counter("delivery"): 2}
    delivered = replace(OFFICE, handover=Handover.DELIVERY, points=())
    assert slots.places(delivered) == ("delivery",)
    assert slots.kind_of(POOL) == COUNTER
    assert slots.kind_of(VISIT) == VISIT


def test_sundays_and_holidays_are_open_where_the_office_receives_every_day() -> None:
    weekdays = replace(OFFICE, reception=Hours(time(9), time(16), Days.BUSINESS_DAYS))

    assert slots.is_open(OFFICE, SUNDAY)
    assert not slots.is_open(weekdays, SUNDAY)
    assert slots.is_open(weekdays, MONDAY)
    assert slots.free_times(weekdays, Free(), POOL, SUNDAY) == ()


def test_a_loan_takes_every_day_and_those_for_cleaning() -> None:
    assert slots.days(date(2027, 6, 29), date(2027, 7, 1), 1) == (
        "2027-06-29",
        "2027-06-30",
        "2027-07-01",
        "2027-07-02",
    )
    assert slots.days(MONDAY, MONDAY) == ("2027-06-14",)


def test_what_is_left_is_the_capacity_without_what_others_took() -> None:
    free = Free({POOL: 2}, {(POOL, NINE): 2, (POOL, TEN): 3}, {(POOL, NINE): 1})

    assert free.left(POOL, NINE) == 1
    assert free.left(POOL, TEN) == 0
    assert free.left(POOL, slots.at(MONDAY, time(11))) == 2
    assert free.left(VISIT, NINE) == 0


def test_what_is_over_is_not_free() -> None:
    free = Free({POOL: 2}, now=slots.at(MONDAY, time(9, 15)))

    assert free.left(POOL, NINE) == 0
    assert free.left(POOL, TEN) == 2
    assert slots.free_times(OFFICE, free, POOL, MONDAY)[0] == time(9, 30)
    unseen = Free(now=slots.at(MONDAY, time(15, 15)))
    assert slots.free_times(OFFICE, unseen, POOL, MONDAY) == (time(15, 30),)


def test_only_times_with_room_for_all_are_free() -> None:
    free = Free({POOL: 2}, {(POOL, NINE): 1})

    assert slots.free_times(OFFICE, free, POOL, MONDAY, 1)[0] == time(9)
    assert slots.free_times(OFFICE, free, POOL, MONDAY, 2)[0] == time(9, 30)


def test_the_days_with_room_nearest_to_a_full_one_are_the_later_ones_first() -> None:
    free = _full(date(2027, 6, 14), date(2027, 6, 16))
    within = (date(2027, 6, 12), date(2027, 6, 19))

    assert slots.near(OFFICE, free, POOL, within, MONDAY) == (
        date(2027, 6, 15),
        date(2027, 6, 17),
        date(2027, 6, 18),
    )
    assert slots.near(OFFICE, free, POOL, within, date(2027, 6, 19), 2) == (
        date(2027, 6, 12),
        date(2027, 6, 19),
    )
    assert slots.near(OFFICE, free, POOL, (MONDAY, MONDAY), MONDAY) == ()


def test_an_answer_names_its_slot() -> None:
    assert slots.slot_key({"day": "2027-06-14", "time": "09:00"}) == NINE


def test_a_day_is_not_over_before_it_ends() -> None:
    free = Free({FENCE_SETS: 2}, now=slots.at(MONDAY, time(10)))

    assert free.left(FENCE_SETS, MONDAY.isoformat()) == 2
    assert free.left(FENCE_SETS, SUNDAY.isoformat()) == 0
