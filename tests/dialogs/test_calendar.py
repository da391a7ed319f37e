"""The days on which the office works."""

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
