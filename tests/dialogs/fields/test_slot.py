"""A day and a time, booked among those that are free."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from dialogs import slots
from dialogs.fields import Control, Given, Slot
from dialogs.slots import COUNTER, Free, counter
from dialogs.words import _
from tests.dialogs.fields.asked import given, refusal
from tests.dialogs.worlds import JAPANESE, OFFICE, TODAY

POOL = counter("minami")
FIRST, LAST = date(2027, 6, 7), date(2027, 6, 30)
SLOT = Slot("pickup", _("受取日時"), pool=lambda _answers: POOL, bounds=lambda _given: (FIRST, LAST))
MONDAY = date(2027, 6, 14)
TEN = {"day": "2027-06-14", "time": "10:00"}


def _taken(day: date, *full: time) -> Free:
    return Free({POOL: 2}, {(POOL, slots.at(day, each)): 2 for each in full})


def _all_but(day: date, *left: time) -> Free:
    return _taken(day, *(each for each in slots.times(OFFICE, COUNTER) if each not in left))


def test_a_talk_asks_the_day_and_then_what_is_free_on_it() -> None:
    free = _taken(MONDAY, time(9), time(9, 30))

    day = SLOT.pending(given(free=free))
    clock = SLOT.pending(given({"day": "2027-06-14"}, free=free))

    assert (day.part, day.control, day.least, day.most, day.initial) == (
        "day",
        Control.DATE,
        FIRST,
        LAST,
        TODAY,
    )
    assert (clock.part, clock.control) == ("time", Control.ONE_OF)
    assert [each.key for each in clock.options][:2] == ["10:00", "10:30"]
    assert SLOT.pending(given(TEN, free=free)).part == "day"


def test_a_card_asks_both_at_once_with_all_times_while_no_day_is_known() -> None:
    day, clock = SLOT.inputs(given(free=_taken(MONDAY, time(9))))

    assert (day.part, clock.part) == ("day", "time")
    assert len(clock.options) == 14


def test_the_calendar_begins_with_the_first_day_that_has_room() -> None:
    free = _all_but(TODAY)

    assert SLOT.inputs(given(free=free))[0].initial == date(2027, 6, 8)
    full = Slot("k", "k", pool=lambda _answers: POOL, bounds=lambda _given: (TODAY, TODAY))
    assert full.inputs(given(free=free))[0].initial is None
    over = Slot("k", "k", pool=lambda _answers: POOL, bounds=lambda _given: (LAST, FIRST))
    assert over.inputs(given())[0].least is None


def test_a_day_that_filled_up_meanwhile_still_draws_a_list() -> None:
    assert len(SLOT.pending(given({"day": "2027-06-14"}, free=_all_but(MONDAY))).options) == 14


@pytest.mark.parametrize(
    ("text", "before", "value"),
    [
        ("来週の月曜 10時", None, TEN),
        ("6月14日", None, {"day": "2027-06-14"}),
        ("6/14 午後1時半", None, {"day": "2027-06-14", "time": "13:30"}),
        ("2027-06-14 10:00", None, TEN),
        ("10時", {"day": "2027-06-14"}, TEN),
        ("3", {"day": "2027-06-14"}, TEN),
        ("10:00", {"day": "2027-06-14"}, TEN),
        ("6月15日 9時", {"day": "2027-06-14"}, {"day": "2027-06-15", "time": "09:00"}),
        ("6月15日", {"day": "2027-06-14"}, {"day": "2027-06-15"}),
    ],
)
def test_a_slot_is_read_as_people_type_it(
    text: str, before: dict[str, str] | None, value: dict[str, str]
) -> None:
    assert SLOT.read(text, given(before)) == value


@pytest.mark.parametrize(
    ("text", "before", "part"),
    [
        ("そのうち", None, "day"),
        ("10時", None, "day"),
        ("6" * 600, None, "day"),
        ("いつでも", {"day": "2027-06-14"}, "time"),
        ("99", {"day": "2027-06-14"}, "time"),
    ],
)
def test_what_names_neither_day_nor_time_is_refused(
    text: str, before: dict[str, str] | None, part: str
) -> None:
    refused_part, sentence = refusal(SLOT, text, given(before))

    assert refused_part == part
    assert "10時" in sentence


def test_parts_of_a_card_are_read_together_and_those_of_a_talk_one_by_one() -> None:
    assert SLOT.read({"day": "2027-06-14", "time": "10:00"}, given()) == TEN
    assert SLOT.read({"day": "2027-06-14"}, given()) == {"day": "2027-06-14"}
    assert SLOT.read({"time": "10:00"}, given({"day": "2027-06-14"})) == TEN
    assert SLOT.read({"": "来週の月曜 10時"}, given()) == TEN
    assert SLOT.read({"day": "6月14日", "time": "10時"}, given()) == TEN


def test_a_card_without_its_day_or_its_time_says_which_is_missing() -> None:
    assert refusal(SLOT, {"day": "", "time": "10:00"})[0] == "day"
    assert refusal(SLOT, {"day": "2027-06-14", "time": ""})[0] == "time"
    assert refusal(SLOT, {"day": "2027-06-14", "time": "1" * 600})[0] == "time"
    assert refusal(SLOT, {"time": "10:00"})[0] == "day"


def test_another_day_keeps_the_time_if_that_is_free_then() -> None:
    free = _taken(date(2027, 6, 15), time(10))

    assert SLOT.read({"day": "2027-06-16"}, given(TEN, free=free)) == {"day": "2027-06-16", "time": "10:00"}
    assert SLOT.read({"day": "2027-06-15"}, given(TEN, free=free)) == {"day": "2027-06-15"}


def test_a_full_day_is_refused_with_the_next_days_that_have_room() -> None:
    part, sentence = refusal(SLOT, "6月14日", given(free=_all_but(MONDAY)))

    assert part == "day"
    assert sentence == (
        "令和9年6月14日(月) は空いている時間がありません。"
        "空いている日：令和9年6月15日(火)、令和9年6月16日(水)、令和9年6月17日(木)"
    )


def test_a_full_time_is_refused_with_the_nearest_that_are_free() -> None:
    part, sentence = refusal(SLOT, "6月14日 10時", given(free=_taken(MONDAY, time(10))))

    assert part == "time"
    assert sentence == (
        "10:00 はもう空いていません。令和9年6月14日(月) の空いている時間：09:00 09:30 10:30 11:00 11:30 12:00"
    )


def test_a_time_between_two_slots_is_refused() -> None:
    assert refusal(SLOT, "6月14日 10時15分")[0] == "time"


def test_a_time_that_is_over_is_refused() -> None:
    free = Free({POOL: 2}, now=slots.at(TODAY, time(10, 5)))

    assert refusal(SLOT, "今日 10時", given(free=free))[0] == "time"
    assert SLOT.read("今日 10時30分", given(free=free)) == {"day": "2027-06-07", "time": "10:30"}


def test_a_day_outside_the_bounds_is_refused_with_the_bounds() -> None:
    part, sentence = refusal(SLOT, "7月1日 10時")

    assert part == "day"
    assert sentence == "令和9年6月7日(月) から 令和9年6月30日(水) までの日をえらんでください。"


def test_where_no_day_has_room_the_office_is_to_be_rung() -> None:
    only = replace(SLOT, bounds=lambda _given: (MONDAY, MONDAY))

    assert "011-211-2879" in refusal(only, "6月14日", given(free=_all_but(MONDAY)))[1]


def test_a_booking_that_is_moved_may_keep_its_own_time() -> None:
    slot = (POOL, slots.at(MONDAY, time(10)))
    full = Free({POOL: 2}, {slot: 2})

    assert refusal(SLOT, "6月14日 10時", given(free=full))[0] == "time"
    assert SLOT.read("6月14日 10時", given(free=replace(full, mine={slot: 1}))) == TEN


def test_which_pool_it_is_follows_from_the_other_answers() -> None:
    at_point = replace(SLOT, pool=lambda answers: counter(answers["point"]))
    free = Free({counter("a"): 0, counter("b"): 1})

    assert at_point.read("6月14日 10時", given(answers={"point": "b"}, free=free)) == TEN
    assert refusal(at_point, "6月14日 10時", given(answers={"point": "a"}, free=free))[0] == "day"


def test_it_is_shown_and_exported_as_a_day_and_a_time() -> None:
    assert SLOT.show(TEN, JAPANESE) == "令和9年6月14日(月) 10:00"
    assert SLOT.show({"day": "2027-06-14"}, JAPANESE) == "令和9年6月14日(月)"
    assert [each.key for each in SLOT.columns()] == ["day", "time"]
    assert SLOT.cells(TEN, JAPANESE) == (MONDAY, "10:00")
    assert SLOT.cells({"day": "2027-06-14"}, JAPANESE) == (MONDAY, None)
    assert SLOT.cells(None, JAPANESE) == (None, None)
    assert (SLOT.is_complete(TEN), SLOT.is_complete({"day": "2027-06-14"})) == (True, False)


def test_what_was_read_is_read_again_as_long_as_it_is_free() -> None:
    asked: Given = given(free=_taken(MONDAY, time(9)))

    assert SLOT.read(SLOT.raw(TEN), asked) == TEN
    assert refusal(SLOT, SLOT.raw(TEN), given(free=_taken(MONDAY, time(10))))[0] == "time"
