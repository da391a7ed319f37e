"""The loan of an electric fence: when applications are taken, what staff see, what the paper asks (003-01…52)."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from dialogs.fields import Answers, Given
from dialogs.procedure import Filing, Role
from dialogs.procedures import REGISTER
from dialogs.procedures.fence_loan import FENCE_LOAN
from dialogs.procedures.fence_loan.form import FORM_R6
from dialogs.procedures.fence_loan.rules import (
    flags,
    notes,
    opening,
    opens,
    period_bounds,
    season,
    short_notice,
)
from dialogs.season import Season
from tests.dialogs import worlds
from tests.dialogs.worlds import JAPANESE

DAY = timedelta(days=1)

# Written out by hand: applications open, the first and the last day of the loan.
YEARS = [
    (date(2024, 5, 20), date(2024, 6, 3), date(2024, 10, 31)),
    (date(2025, 5, 19), date(2025, 6, 2), date(2025, 10, 31)),
    (date(2026, 5, 18), date(2026, 6, 1), date(2026, 11, 2)),
    (date(2027, 5, 18), date(2027, 6, 1), date(2027, 11, 1)),
    (date(2028, 5, 18), date(2028, 6, 1), date(2028, 10, 31)),
    (date(2029, 5, 18), date(2029, 6, 1), date(2029, 10, 31)),
    (date(2030, 5, 20), date(2030, 6, 3), date(2030, 10, 31)),
    (date(2031, 5, 19), date(2031, 6, 2), date(2031, 10, 31)),
    (date(2032, 5, 18), date(2032, 6, 1), date(2032, 11, 1)),
    (date(2033, 5, 18), date(2033, 6, 1), date(2033, 10, 31)),
    (date(2034, 5, 18), date(2034, 6, 1), date(2034, 10, 31)),
    (date(2035, 5, 18), date(2035, 6, 1), date(2035, 10, 31)),
]
SET_BY_HAND = Season(date(2027, 6, 14), date(2027, 9, 30))


def given(today: date = worlds.TODAY, **changes: Any) -> Given:
    return Given(worlds.world(today, **changes))


@pytest.mark.parametrize(("first_open", "first", "last"), YEARS)
def test_applications_are_taken_from_two_weeks_before_the_season_to_its_last_day(
    first_open: date, first: date, last: date
) -> None:
    taken = [first_open, first - DAY, first, first + DAY, last - DAY, last]
    closed = [date(last.year, 1, 1), first_open - DAY, last + DAY, date(last.year, 12, 31)]

    assert [opening(worlds.world(day)).is_open for day in taken] == [True] * len(taken)
    assert [opening(worlds.world(day)).is_open for day in closed] == [False] * len(closed)


@pytest.mark.parametrize(("first_open", "first", "last"), YEARS)
def test_before_the_opening_a_resident_is_told_this_years_day(
    first_open: date, first: date, last: date
) -> None:
    for day in (date(last.year, 1, 1), first_open - DAY):
        told = opening(worlds.world(day))

        assert told.opens == first_open
        assert told.message
        assert told.message.facts == {"opens": first_open, "first": first, "last": last}


@pytest.mark.parametrize(("year", "next_year"), list(pairwise(YEARS)))
def test_after_the_season_a_resident_is_told_next_years_day(
    year: tuple[date, date, date], next_year: tuple[date, date, date]
) -> None:
    last = year[2]

    assert opening(worlds.world(last + DAY)).opens == next_year[0]
    assert opening(worlds.world(date(last.year, 12, 31))).opens == next_year[0]
    assert season(worlds.world(last + DAY)) == Season(next_year[1], next_year[2])


def test_the_city_may_set_the_season_by_hand() -> None:
    days = [date(2027, 5, 30), date(2027, 5, 31), date(2027, 9, 30), date(2027, 10, 1)]

    told = [opening(worlds.world(day, season=SET_BY_HAND)) for day in days]

    assert [each.is_open for each in told] == [False, True, True, False]
    assert [each.opens for each in told] == [date(2027, 5, 31), None, None, None]
    assert told[-1].message
    assert told[-1].message.text.startswith("今年の受付は終わりました。")


@pytest.mark.parametrize("first", [date(2027, 4, 1), date(2027, 6, 1)])
def test_the_city_may_set_the_opening_by_hand(first: date) -> None:
    assert opens(worlds.world(opens=first)) == first
    assert not opening(worlds.world(first - DAY, opens=first)).is_open
    assert opening(worlds.world(first, opens=first)).is_open


def test_an_opening_of_this_year_does_not_move_the_one_of_the_next() -> None:
    told = opening(worlds.world(date(2027, 12, 1), opens=date(2027, 5, 10)))

    assert not told.is_open
    assert told.opens == date(2028, 5, 18)


@pytest.mark.parametrize(
    ("today", "bounds"),
    [
        (date(2027, 5, 18), (date(2027, 6, 1), date(2027, 11, 1))),
        (date(2027, 6, 7), (date(2027, 6, 7), date(2027, 11, 1))),
        (date(2027, 11, 1), (date(2027, 11, 1), date(2027, 11, 1))),
    ],
)
def test_a_fence_may_be_asked_for_inside_the_season_and_not_in_the_past(
    today: date, bounds: tuple[date, date]
) -> None:
    assert period_bounds(given(today)) == bounds


@pytest.mark.parametrize(("days", "warned"), [(0, True), (6, True), (7, False), (8, False)])
def test_less_than_a_weeks_notice_is_allowed_with_a_word(days: int, warned: bool) -> None:
    value = {"from": (worlds.TODAY + days * DAY).isoformat()}

    assert (short_notice(value, given()) is not None) is warned


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({}, ["lead_short"]),
        ({"period": {"from": "2027-06-14"}}, []),
        ({"period": {"from": "2027-06-13"}}, ["lead_short"]),
        ({"period": {"from": "2027-06-14"}, "emergency": "yes"}, ["emergency"]),
        ({"period": {"from": "2027-06-14"}, "emergency": "no", "damage": "trace"}, ["bear_signs"]),
        ({"period": {"from": "2027-06-14"}, "damage": "damaged"}, ["bear_signs"]),
        ({"period": {"from": "2027-06-14"}, "damage": "nearby"}, []),
        ({"period": {"from": "2027-06-14"}, "site": {"sealed": True, "in_city": False}}, ["site_outside"]),
        ({"period": {"from": "2027-06-14"}, "site": {"sealed": True, "in_city": True}}, []),
    ],
)
def test_staff_see_at_a_glance_what_is_remarkable(answers: Answers, found: list[str]) -> None:
    assert [flag.key for flag in flags(answers, worlds.world(), worlds.TODAY)] == found


@pytest.mark.parametrize(("emergency", "said"), [("yes", 3), ("no", 2)])
def test_whoever_is_in_a_hurry_is_told_whom_to_ring(emergency: str, said: int) -> None:
    told = [JAPANESE.say(note) for note in notes({"emergency": emergency}, worlds.world())]

    assert len(told) == said
    assert told[-1] == "お問い合わせ：011-211-2879"


@pytest.mark.parametrize(
    ("period", "kept"),
    [
        ({"from": "2027-06-07", "to": "2027-06-08"}, True),
        ({"from": "2027-06-06", "to": "2027-06-08"}, False),
        ({"from": "2027-06-06"}, False),
        ({"from": "2027-06-07"}, True),
    ],
)
def test_a_period_that_has_begun_to_lie_in_the_past_is_asked_again(
    period: dict[str, str], kept: bool
) -> None:
    answers, refused = FORM_R6.read({"sets": "1"}, {"period": period}, worlds.world())

    assert ("period" in answers) is kept
    assert ("period" in refused) is not kept


def test_staff_have_two_business_days_to_check_an_application() -> None:
    friday = (Filing("application", date(2027, 6, 4)),)
    calendar = worlds.OFFICE.calendar

    [due] = FENCE_LOAN.due(worlds.matter(friday), calendar)
    [still] = FENCE_LOAN.due(worlds.matter((*friday, Filing("taken_up", date(2027, 6, 7)))), calendar)
    [then] = FENCE_LOAN.due(worlds.matter((*friday, Filing("checked", date(2027, 6, 7)))), calendar)

    assert (due.step.key, due.by) == ("checked", date(2027, 6, 8))
    assert still == due
    assert (then.step.key, then.by) == ("chief_signed", date(2027, 6, 8))
    assert FENCE_LOAN.due(worlds.matter((*friday, Filing("withdrawal", date(2027, 6, 5)))), calendar) == ()


def test_everything_personal_stands_on_the_private_page_and_nothing_else_does() -> None:
    assert all(each.personal is FORM_R6.page_of(each).private for each in FORM_R6.fields)


def test_the_register_knows_each_procedure_by_its_key() -> None:
    assert REGISTER.of("fence_loan") is FENCE_LOAN
    assert REGISTER.of("nothing") is None
    assert FENCE_LOAN.form(date(2024, 4, 15)) is FORM_R6
    assert [step.key for step in FENCE_LOAN.steps if step.role in {Role.CHIEF, Role.MANAGER}] == [
        "chief_signed",
        "decision",
        "refused",
    ]
