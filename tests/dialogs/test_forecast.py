"""Where the sets will be on the coming days."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs import forecast
from dialogs.forecast import DAY, Loan, Sets

TODAY = date(2027, 6, 9)
"""A Wednesday."""
MONDAY = date(2027, 6, 7)


def sets(city: int = 30, store: int = 20, lent: int = 0, turnaround: int = 1) -> Sets:
    return Sets(city, store, lent, 20, turnaround)


def loan(name: str, count: int, first: int, last: int, lent: int = 0) -> Loan:
    """Return a loan from the *first* to the *last* day after today."""
    return Loan(name, count, TODAY + first * DAY, TODAY + last * DAY, lent)


def test_a_loan_takes_its_sets_from_the_store_and_brings_them_back_cleaned() -> None:
    ahead = forecast.days(sets(), [loan("a", 3, 1, 3)], TODAY, TODAY + 6 * DAY)

    assert [each.stored for each in ahead] == [20, 17, 17, 17, 17, 20, 20]
    assert [each.claimed for each in ahead] == [0, 3, 3, 3, 3, 0, 0]
    assert [(each.out, each.back) for each in ahead if each.out or each.back] == [(3, 0), (0, 3)]


def test_what_is_lent_already_does_not_leave_again() -> None:
    ahead = forecast.days(sets(store=18, lent=2), [loan("a", 3, -5, 1, lent=2)], TODAY, TODAY + 3 * DAY)

    assert [each.stored for each in ahead] == [17, 17, 17, 20]


def test_what_is_overdue_comes_back_today_at_best() -> None:
    ahead = forecast.days(sets(store=19, lent=1), [loan("a", 1, -30, -3, lent=1)], TODAY, TODAY + 2 * DAY)

    assert [each.claimed for each in ahead] == [1, 1, 0]
    assert [each.stored for each in ahead] == [19, 19, 20]


def test_a_week_in_which_the_store_runs_short_says_how_many_are_to_be_brought_and_by_when() -> None:
    weeks = forecast.weeks(sets(store=4), [loan("a", 3, 1, 40), loan("b", 3, 2, 40)], TODAY, 2)

    assert [(each.monday, each.bring, each.by) for each in weeks] == [
        (MONDAY, 2, TODAY + 2 * DAY),
        (MONDAY + timedelta(7), 0, None),
    ]
    assert [each.stored for each in weeks] == [0, 0]


def test_what_was_brought_in_one_week_is_there_in_the_next() -> None:
    loans = [loan("a", 3, 1, 40), loan("b", 2, 6, 40)]

    weeks = forecast.weeks(sets(store=1), loans, TODAY, 2)

    assert [(each.out, each.bring) for each in weeks] == [(3, 2), (2, 2)]


def test_what_the_store_cannot_hold_is_to_be_fetched() -> None:
    weeks = forecast.weeks(sets(store=19, lent=4), [loan("a", 4, -9, 1, lent=4)], TODAY, 2)

    assert [(each.back, each.stored, each.fetch) for each in weeks] == [(4, 20, 3), (0, 20, 0)]


def test_more_promised_than_in_service_is_said() -> None:
    weeks = forecast.weeks(sets(city=0, store=5), [loan("a", 4, 1, 9), loan("b", 3, 2, 3)], TODAY, 3)

    assert [each.claimed for each in weeks] == [7, 4, 0]
    assert [each.oversold for each in weeks] == [2, 0, 0]


def test_granting_one_more_tells_the_tightest_day_and_that_the_store_suffices() -> None:
    found = forecast.effect(sets(), [loan("a", 10, 3, 5)], loan("new", 2, 1, 10), TODAY)

    assert (found.left, found.tight) == (40, TODAY + 3 * DAY)
    assert (found.bring, found.by, found.later, found.later_by) == (0, None, 0, None)


def test_granting_one_more_tells_what_must_be_brought_before_its_first_day() -> None:
    found = forecast.effect(sets(store=3), [loan("a", 2, 1, 30)], loan("new", 2, 2, 10), TODAY)

    assert (found.bring, found.by) == (1, TODAY + 2 * DAY)
    assert found.later == 0


def test_granting_one_more_tells_whom_it_leaves_short_later() -> None:
    found = forecast.effect(sets(store=3), [loan("a", 3, 4, 30)], loan("new", 2, 1, 10), TODAY)

    assert found.bring == 0
    assert (found.later, found.later_by) == (2, TODAY + 4 * DAY)


def test_what_was_short_before_is_not_blamed_on_one_more() -> None:
    found = forecast.effect(sets(store=3), [loan("a", 5, 4, 30)], loan("new", 1, 20, 25), TODAY)

    assert found.bring == 3
    later = forecast.effect(sets(store=3), [loan("a", 5, 4, 30)], loan("new", 1, 1, 2), TODAY)
    assert (later.bring, later.later) == (0, 0)


def test_a_case_that_holds_its_sets_already_is_counted_once() -> None:
    mine = loan("new", 2, 1, 10)

    assert forecast.effect(sets(), [mine], mine, TODAY).left == 50


LOANS = st.lists(
    st.builds(loan, st.uuids().map(str), st.integers(1, 4), st.integers(-5, 20), st.integers(20, 40)),
    max_size=8,
)


@given(LOANS, st.integers(0, 20), st.integers(0, 3))
@settings(deadline=None, max_examples=60)
def test_once_what_is_to_be_brought_was_brought_no_day_is_short(
    loans: list[Loan], store: int, turnaround: int
) -> None:
    weeks = forecast.weeks(sets(store=store, turnaround=turnaround), loans, TODAY, 8)
    ahead = forecast.days(
        sets(store=store, turnaround=turnaround), loans, TODAY, MONDAY + timedelta(8 * 7 - 1)
    )

    for number, week in enumerate(weeks):
        moved = sum(each.bring - each.fetch for each in weeks[:number]) + week.bring
        inside = [each for each in ahead if week.monday <= each.day < week.monday + timedelta(7)]
        assert all(each.stored + moved >= 0 for each in inside)
        assert 0 <= week.stored <= 20
