"""The days on which the office works."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.calendar import OfficeCalendar

YEAR_END = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})
OFFICE = OfficeCalendar(closed=YEAR_END, extra=frozenset({date(2027, 6, 16)}))
DAYS = st.dates(date(2020, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2027, 6, 7), True),
        (date(2027, 6, 11), True),
        (date(2027, 6, 12), False),  # Saturday
        (date(2027, 6, 13), False),  # Sunday
        (date(2027, 6, 16), False),  # closed by the office, this day only
        (date(2028, 6, 16), True),
        (date(2027, 7, 19), False),  # 海の日
        (date(2027, 3, 22), False),  # 振替休日
        (date(2026, 9, 22), False),  # 国民の休日
        (date(2027, 12, 28), True),
        (date(2027, 12, 29), False),
        (date(2028, 1, 3), False),
        (date(2028, 1, 4), True),
    ],
)
def test_the_office_works_on_business_days(day: date, works: bool) -> None:
    assert OFFICE.is_business_day(day) is works


def test_an_office_without_closed_days_keeps_the_calendar_of_the_country() -> None:
    assert OfficeCalendar().is_business_day(date(2027, 12, 29))
    assert not OfficeCalendar().is_business_day(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2027, 6, 7), date(2027, 6, 7)),
        (date(2027, 6, 12), date(2027, 6, 14)),
        (date(2027, 12, 29), date(2028, 1, 4)),
        (date(2027, 4, 29), date(2027, 4, 30)),
        (date(2027, 5, 1), date(2027, 5, 6)),
    ],
)
def test_a_day_off_leads_to_the_next_business_day(day: date, following: date) -> None:
    assert OFFICE.next_business_day(day) == following


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        (date(2027, 6, 7), 0, date(2027, 6, 7)),
        (date(2027, 6, 12), 0, date(2027, 6, 12)),
        (date(2027, 6, 7), 1, date(2027, 6, 8)),
        (date(2027, 6, 7), 5, date(2027, 6, 14)),
        (date(2027, 6, 11), 1, date(2027, 6, 14)),
        (date(2027, 6, 12), 1, date(2027, 6, 14)),
        (date(2027, 6, 15), 1, date(2027, 6, 17)),
        (date(2027, 12, 28), 1, date(2028, 1, 4)),
        (date(2028, 1, 4), -1, date(2027, 12, 28)),
        (date(2027, 6, 14), -1, date(2027, 6, 11)),
        (date(2027, 6, 13), -1, date(2027, 6, 11)),
    ],
)
def test_business_days_are_counted_from_the_day_after(day: date, n: int, result: date) -> None:
    assert OFFICE.add_business_days(day, n) == result


@given(DAYS, st.integers(1, 20))
def test_between_a_day_and_its_nth_business_day_lie_exactly_n_of_them(day: date, n: int) -> None:
    last = OFFICE.add_business_days(day, n)

    span = (day + timedelta(days=d) for d in range(1, (last - day).days + 1))
    assert sum(map(OFFICE.is_business_day, span)) == n


@given(DAYS)
def test_the_next_business_day_is_one(day: date) -> None:
    following = OFFICE.next_business_day(day)

    assert OFFICE.is_business_day(following)
    assert following >= day


# --- eleven years, held against the law itself (国民の祝日に関する法律) and not against a table of somebody's

YEARS = range(2024, 2035)
FIXED = ((1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23))
MONDAYS = ((1, 2), (7, 3), (9, 3), (10, 2))
"""成人の日, 海の日, 敬老の日 and スポーツの日: which Monday of the month."""

SUBSTITUTES = [
    date(2024, 2, 12), date(2024, 5, 6), date(2024, 8, 12), date(2024, 9, 23), date(2024, 11, 4),
    date(2025, 2, 24), date(2025, 5, 6), date(2025, 11, 24), date(2026, 5, 6), date(2027, 3, 22),
    date(2029, 2, 12), date(2029, 4, 30), date(2029, 9, 24), date(2030, 5, 6), date(2030, 8, 12),
    date(2030, 11, 4), date(2031, 2, 24), date(2031, 5, 6), date(2031, 11, 24), date(2033, 3, 21),
    date(2034, 1, 2),
]  # fmt: skip
CITIZENS = [date(2026, 9, 22), date(2032, 9, 21)]


def _equinoxes(year: int) -> tuple[date, date]:
    """Return the days of spring and autumn, by the formula that holds until 2099."""
    gone = year - 1980
    spring = int(20.8431 + 0.242194 * gone - gone // 4)
    autumn = int(23.2488 + 0.242194 * gone - gone // 4)
    return date(year, 3, spring), date(year, 9, autumn)


def _monday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (which - 1))


def _named(year: int) -> set[date]:
    fixed = {date(year, month, day) for month, day in FIXED}
    return fixed | {_monday(year, *each) for each in MONDAYS} | {*_equinoxes(year)}


def _substitute(sunday: date, named: set[date]) -> date:
    """Return the first day behind a holiday on a Sunday that is none itself (3条2項)."""
    day = sunday + timedelta(days=1)
    while day in named:
        day += timedelta(days=1)
    return day


def _holidays(year: int) -> set[date]:
    named = _named(year)
    substitutes = {_substitute(day, named) for day in named if day.weekday() == 6}
    between = {
        day + timedelta(days=1)
        for day in named
        if day + timedelta(days=2) in named and (day + timedelta(days=1)).weekday() != 6
    }
    return named | substitutes | between


def _days(years: range) -> Iterator[date]:
    day = date(years[0], 1, 1)
    while day.year in years:
        yield day
        day += timedelta(days=1)


def test_in_eleven_years_the_office_works_on_every_day_that_the_law_leaves() -> None:
    office = OfficeCalendar(closed=YEAR_END)
    holidays = {day for year in YEARS for day in _holidays(year)}

    wrong = [
        day
        for day in _days(YEARS)
        if office.is_business_day(day)
        is not (day.weekday() < 5 and day not in holidays and (day.month, day.day) not in YEAR_END)
    ]

    assert wrong == []


def test_holidays_that_only_the_law_makes_are_kept() -> None:
    found = [day for day in _days(YEARS) if day.weekday() < 5 and _is_moved(day)]

    assert found == sorted([*SUBSTITUTES, *CITIZENS])
    assert not any(OfficeCalendar().is_business_day(day) for day in found)


def _is_moved(day: date) -> bool:
    return day in _holidays(day.year) and day not in _named(day.year)


def test_the_days_around_the_new_year_are_closed_and_nothing_else_is() -> None:
    office = OfficeCalendar(closed=YEAR_END)
    closed = {
        (day.month, day.day)
        for day in _days(YEARS)
        if OfficeCalendar().is_business_day(day) and not office.is_business_day(day)
    }

    assert closed == YEAR_END - {(1, 1)}  # New Year's Day is a holiday anyway


# --- counting forwards and backwards


@given(DAYS, st.integers(1, 20))
def test_counting_back_comes_to_where_counting_began(day: date, n: int) -> None:
    start = OFFICE.next_business_day(day)

    assert OFFICE.add_business_days(OFFICE.add_business_days(start, n), -n) == start
    assert OFFICE.add_business_days(OFFICE.add_business_days(start, -n), n) == start


@given(DAYS, st.integers(-20, 20), st.integers(-20, 20))
def test_counting_in_two_parts_of_one_direction_is_counting_at_once(day: date, n: int, more: int) -> None:
    if n * more >= 0:
        assert OFFICE.add_business_days(OFFICE.add_business_days(day, n), more) == OFFICE.add_business_days(
            day, n + more
        )


@given(DAYS, DAYS, st.integers(-10, 10))
def test_whoever_begins_later_is_never_done_earlier(one: date, other: date, n: int) -> None:
    first, second = sorted((one, other))

    assert OFFICE.add_business_days(first, n) <= OFFICE.add_business_days(second, n)


@given(DAYS, st.integers(1, 20))
def test_between_a_day_and_its_nth_business_day_before_lie_exactly_n_of_them(day: date, n: int) -> None:
    first = OFFICE.add_business_days(day, -n)

    span = (first + timedelta(days=d) for d in range((day - first).days))
    assert sum(map(OFFICE.is_business_day, span)) == n
