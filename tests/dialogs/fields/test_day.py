from dataclasses import replace
from datetime import date

import pytest

from dialogs.fields import Control, Day, DayRange, Given, Raw, Value
from dialogs.words import Message
from tests.dialogs.fields.asked import given, refusal
from tests.dialogs.worlds import JAPANESE, TODAY

FIRST, LAST = date(2027, 6, 1), date(2027, 11, 1)
WHOLE: Value = {"from": "2027-06-15", "to": "2027-08-31"}
BEGUN: Value = {"from": "2027-06-15"}
UNREADABLE = "日付を「6月15日」「6/15」「令和9年6月15日」のように入力してください。"


def in_season(situation: Given) -> tuple[date, date]:
    return max(FIRST, situation.world.today), LAST


def urgent(value: Value, situation: Given) -> Message | None:
    start = value if isinstance(value, str) else value["from"]
    return Message("急ぎます。") if (date.fromisoformat(start) - situation.world.today).days < 7 else None


DAY = Day("visit", "訪問日", least=lambda situation: situation.world.today, most=LAST, warn=urgent)
PERIOD = DayRange(
    "period",
    "貸出期間",
    from_label="いつから使いますか。",
    to_label="いつまで使いますか。",
    bounds=in_season,
    warn=urgent,
)
ANY = DayRange("period", "期間")
WEEKS = replace(PERIOD, least_days=7, most_days=14)


# -- one day -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["6月15日", "６／１５", "令和9年6月15日(火)", "R9.6.15", "2027-06-15", "来週の火曜"]
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert DAY.read(text, given()) == "2027-06-15"


@pytest.mark.parametrize("text", ["", "あ", "13月40日", "2027-02-30", "6" * 501])
def test_what_is_no_day_is_refused_with_ways_to_write_one(text: str) -> None:
    assert refusal(DAY, text) == ("", UNREADABLE)


def test_a_day_outside_is_refused_with_the_days_possible() -> None:
    both = "令和9年6月7日(月) から 令和9年11月1日(月) までの日をえらんでください。"

    assert refusal(DAY, "2027-06-06") == ("", both)
    assert refusal(DAY, "2027-11-02") == ("", both)
    assert refusal(Day("d", "日", least=TODAY), "2027-06-06")[1].startswith(
        "令和9年6月7日(月) か、その後の日"
    )
    assert refusal(Day("d", "日", most=TODAY), "2027-06-08")[1].startswith("令和9年6月7日(月) か、その前の日")


def test_a_day_without_limits_takes_any_day() -> None:
    assert Day("d", "日").read("1868-01-25", given()) == "1868-01-25"


def test_the_calendar_opens_on_the_possible_day_nearest_to_today() -> None:
    (today,) = DAY.inputs(given())
    (late,) = replace(DAY, least=None).inputs(given(today=date(2028, 1, 1)))
    (early,) = replace(DAY, least=FIRST).inputs(given(today=date(2027, 1, 1)))

    assert (today.control, today.least, today.most, today.initial) == (Control.DATE, TODAY, LAST, TODAY)
    assert late.initial == LAST
    assert early.initial == FIRST


def test_a_day_is_shown_as_the_reader_writes_it_and_exported_as_a_day() -> None:
    assert DAY.show("2027-06-15", JAPANESE) == "令和9年6月15日(火)"
    assert DAY.cells("2027-06-15", JAPANESE) == (date(2027, 6, 15),)
    assert DAY.cells(None, JAPANESE) == (None,)


def test_days_are_read_back_even_where_they_were_tapped() -> None:
    assert DAY.echoes_taps
    assert PERIOD.echoes_taps


def test_a_day_that_was_taken_may_need_a_word() -> None:
    assert DAY.remark("2027-06-08", given()) == Message("急ぎます。")
    assert DAY.remark("2027-06-15", given()) is None
    assert Day("d", "日").remark("2027-06-08", given()) is None
    assert PERIOD.remark({"from": "2027-06-08", "to": "2027-06-09"}, given()) == Message("急ぎます。")
    assert ANY.remark(WHOLE, given()) is None


# -- a range in a talk ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["6月15日から8月31日", "6/15〜8/31", "令和9年6月15日から令和9年8月31日まで"])
def test_a_range_typed_at_once_is_taken_at_once(text: str) -> None:
    assert PERIOD.read(text, given()) == WHOLE
    assert PERIOD.read(text, given({"from": "2027-07-01"})) == WHOLE


def test_a_day_typed_first_is_the_first_day_and_the_next_one_the_last() -> None:
    begun = PERIOD.read("6月15日", given())

    assert begun == BEGUN
    assert not PERIOD.is_complete(begun)
    assert PERIOD.read("8月31日", given(begun)) == WHOLE
    assert PERIOD.is_complete(WHOLE)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("20日", "2027-06-20"),
        ("2週間", "2027-06-28"),
        ("月末まで", "2027-06-30"),
        ("2027-06-16", "2027-06-16"),
    ],
)
def test_a_last_day_is_understood_from_the_first(text: str, last: str) -> None:
    assert PERIOD.read(text, given(BEGUN)) == {**BEGUN, "to": last}


def test_a_last_day_alone_is_not_taken_for_the_first() -> None:
    assert refusal(PERIOD, "8月31日まで") == (
        "from",
        "はじめの日も一緒に、「6月15日から8月31日」のように入力してください。",
    )


@pytest.mark.parametrize("text", ["", "あ", "9" * 501])
def test_what_is_no_day_is_refused_for_the_part_that_was_asked(text: str) -> None:
    assert refusal(PERIOD, text) == ("from", UNREADABLE)
    assert refusal(PERIOD, {"to": text}, given(BEGUN)) == ("to", UNREADABLE)
    assert refusal(PERIOD, text or "?", given(BEGUN)) == ("to", UNREADABLE)


def test_a_picked_day_goes_to_its_part() -> None:
    assert PERIOD.read({"from": "2027-06-15"}, given()) == BEGUN
    assert PERIOD.read({"to": "2027-08-31"}, given(BEGUN)) == WHOLE


def test_typed_words_may_come_as_the_part_without_a_name() -> None:
    assert PERIOD.read({"": "6月15日から8月31日"}, given()) == WHOLE


def test_a_last_day_picked_before_the_first_asks_for_the_first() -> None:
    assert refusal(PERIOD, {"to": "2027-08-31"}) == ("from", UNREADABLE)
    assert refusal(PERIOD, {}) == ("from", UNREADABLE)


def test_picking_the_first_day_again_keeps_a_last_day_that_still_fits() -> None:
    assert PERIOD.read({"from": "2027-07-01"}, given(WHOLE)) == {"from": "2027-07-01", "to": "2027-08-31"}


def test_picking_the_first_day_after_the_last_asks_for_the_last_again() -> None:
    assert PERIOD.read({"from": "2027-09-01"}, given(WHOLE)) == {"from": "2027-09-01"}


# -- a range on a page ---------------------------------------------------------------------------------------


def test_a_page_gives_both_days() -> None:
    assert PERIOD.read({"from": "2027-06-15", "to": "2027-08-31"}, given(BEGUN)) == WHOLE


def test_a_page_without_the_last_day_is_refused_there() -> None:
    assert refusal(PERIOD, {"from": "2027-06-15", "to": ""}) == ("to", UNREADABLE)


# -- its limits ----------------------------------------------------------------------------------------------


def test_each_day_is_refused_outside_the_bounds_with_the_bounds() -> None:
    bounds = "令和9年6月7日(月) から 令和9年11月1日(月) までの日をえらんでください。"

    assert refusal(PERIOD, {"from": "2027-06-06"}) == ("from", bounds)
    assert refusal(PERIOD, {"from": "2027-06-15", "to": "2027-11-02"}) == ("to", bounds)


def test_a_last_day_before_the_first_is_refused() -> None:
    assert refusal(PERIOD, {"from": "2027-06-15", "to": "2027-06-14"}) == (
        "to",
        "終わりの日は、はじめの日（令和9年6月15日(火)）か、その後にしてください。",
    )
    assert PERIOD.read({"from": "2027-06-15", "to": "2027-06-15"}, given())


def test_a_range_too_short_or_too_long_is_refused_with_the_day_that_would_do() -> None:
    assert refusal(WEEKS, {"from": "2027-06-15", "to": "2027-06-20"}) == (
        "to",
        "期間は7日以上です。終わりの日は 令和9年6月21日(月) か、その後にしてください。",
    )
    assert refusal(WEEKS, {"from": "2027-06-15", "to": "2027-06-29"}) == (
        "to",
        "期間は14日までです。終わりの日は 令和9年6月28日(月) か、その前にしてください。",
    )
    assert WEEKS.read({"from": "2027-06-15", "to": "2027-06-21"}, given())
    assert WEEKS.read({"from": "2027-06-15", "to": "2027-06-28"}, given())


def test_the_first_day_leaves_room_for_the_shortest_range() -> None:
    assert WEEKS.read({"from": "2027-10-26"}, given()) == {"from": "2027-10-26"}
    assert refusal(WEEKS, {"from": "2027-10-27"})[0] == "from"


def test_without_bounds_any_range_is_taken_even_at_the_end_of_the_calendar() -> None:
    assert ANY.read({"from": "0001-01-01", "to": "9999-12-31"}, given())
    assert replace(ANY, least_days=3).inputs(given({"from": "9999-12-31"}))[1].least == date.max
    assert refusal(replace(ANY, least_days=3), {"from": "9999-12-31", "to": "9999-12-31"})[0] == "to"


# -- how it is drawn -----------------------------------------------------------------------------------------


def test_both_days_have_calendars_of_the_days_possible() -> None:
    start, end = PERIOD.inputs(given())

    assert (start.part, start.label, start.least, start.most) == ("from", "いつから使いますか。", TODAY, LAST)
    assert start.initial == TODAY
    assert (end.part, end.label, end.least, end.most) == ("to", "いつまで使いますか。", TODAY, LAST)
    assert end.initial == TODAY


def test_the_calendar_of_the_last_day_begins_with_the_first() -> None:
    start, end = WEEKS.inputs(given(WHOLE))

    assert start.initial == date(2027, 6, 15)
    assert (end.least, end.most, end.initial) == (date(2027, 6, 21), date(2027, 6, 28), date(2027, 8, 31))


def test_without_bounds_the_calendars_have_no_limits() -> None:
    start, end = ANY.inputs(given())

    assert (start.least, start.most, start.initial) == (None, None, TODAY)
    assert (end.least, end.most, end.initial) == (None, None, None)


@pytest.mark.parametrize(("before", "part"), [(None, "from"), (BEGUN, "to"), (WHOLE, "from")])
def test_a_talk_asks_the_days_one_after_the_other(before: Value, part: str) -> None:
    assert PERIOD.pending(given(before)).part == part


# -- what is seen and exported -------------------------------------------------------------------------------


def test_a_range_is_shown_with_both_days() -> None:
    assert PERIOD.show(WHOLE, JAPANESE) == "令和9年6月15日(火) から 令和9年8月31日(火) まで"
    assert PERIOD.show(BEGUN, JAPANESE) == "令和9年6月15日(火) から"


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        (WHOLE, (date(2027, 6, 15), date(2027, 8, 31))),
        (BEGUN, (date(2027, 6, 15), None)),
        (None, (None, None)),
    ],
)
def test_a_range_is_exported_as_two_days(value: Value, cells: tuple[date | None, ...]) -> None:
    assert PERIOD.cells(value, JAPANESE) == cells
    assert [column.key for column in PERIOD.columns()] == ["from", "to"]


@pytest.mark.parametrize("value", [WHOLE, BEGUN])
def test_a_range_complete_or_not_can_be_given_again(value: Value) -> None:
    raw: Raw = PERIOD.raw(value)

    assert PERIOD.read(raw, given()) == value
