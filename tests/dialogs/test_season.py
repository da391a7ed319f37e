"""The season of the fences: 003-31, 003-32, 003-52, 003-58."""

from datetime import date

import pytest

from dialogs.calendar import OfficeCalendar
from dialogs.season import Season, guidance_season, loan_season, opening_day, printed_cap

OFFICE = OfficeCalendar(frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}))

# Written out by hand.  The specification of 2024 prints 令和6年6月3日（月）～10月31日（木）.
SEASONS = [
    (2024, date(2024, 6, 3), date(2024, 10, 31)),  # June 1 a Saturday
    (2025, date(2025, 6, 2), date(2025, 10, 31)),  # June 1 a Sunday
    (2026, date(2026, 6, 1), date(2026, 11, 2)),  # October 31 a Saturday
    (2027, date(2027, 6, 1), date(2027, 11, 1)),  # October 31 a Sunday
    (2028, date(2028, 6, 1), date(2028, 10, 31)),
    (2029, date(2029, 6, 1), date(2029, 10, 31)),
    (2030, date(2030, 6, 3), date(2030, 10, 31)),  # June 1 a Saturday
    (2031, date(2031, 6, 2), date(2031, 10, 31)),  # June 1 a Sunday
    (2032, date(2032, 6, 1), date(2032, 11, 1)),  # October 31 a Sunday
    (2033, date(2033, 6, 1), date(2033, 10, 31)),
    (2034, date(2034, 6, 1), date(2034, 10, 31)),
    (2035, date(2035, 6, 1), date(2035, 10, 31)),
]


@pytest.mark.parametrize(("year", "first", "last"), SEASONS)
def test_the_season_of_lending_moves_from_a_weekend_to_a_business_day(
    year: int, first: date, last: date
) -> None:
    assert loan_season(year, OFFICE) == Season(first, last)


@pytest.mark.parametrize(("year", "first", "last"), SEASONS)
def test_the_season_of_guidance_moves_from_a_weekend_to_monday(year: int, first: date, last: date) -> None:
    assert guidance_season(year) == Season(first, last)


@pytest.mark.parametrize("year", range(2024, 2051))
def test_both_wordings_give_the_same_season(year: int) -> None:
    assert loan_season(year, OFFICE) == guidance_season(year)


def test_a_closed_monday_moves_the_season_of_lending_on_and_that_of_guidance_not() -> None:
    closed = OfficeCalendar(extra=frozenset({date(2026, 11, 2)}))

    # November 3 is 文化の日.
    assert loan_season(2026, closed).last == date(2026, 11, 4)
    assert guidance_season(2026).last == date(2026, 11, 2)


def test_a_closed_weekday_does_not_move_the_season() -> None:
    closed = OfficeCalendar(extra=frozenset({date(2028, 6, 1), date(2028, 10, 31)}))

    assert loan_season(2028, closed) == Season(date(2028, 6, 1), date(2028, 10, 31))


def test_a_season_holds_its_first_and_its_last_day() -> None:
    season = loan_season(2027, OFFICE)

    assert date(2027, 6, 1) in season
    assert date(2027, 11, 1) in season
    assert date(2027, 5, 31) not in season
    assert date(2027, 11, 2) not in season


@pytest.mark.parametrize(
    ("year", "opens"),
    [
        (2024, date(2024, 5, 20)),
        (2025, date(2025, 5, 19)),
        (2026, date(2026, 5, 18)),
        (2027, date(2027, 5, 18)),
        (2030, date(2030, 5, 20)),
    ],
)
def test_applications_open_two_weeks_before_the_season(year: int, opens: date) -> None:
    assert opening_day(loan_season(year, OFFICE)) == opens


def test_the_season_outlasts_the_printed_form_in_three_years() -> None:
    longer = [year for year in range(2024, 2036) if loan_season(year, OFFICE).last > printed_cap(year)]

    assert printed_cap(2027) == date(2027, 10, 31)
    assert longer == [2026, 2027, 2032]
