"""The season of the electric fences, as the two ordinances word it.

Lending and guidance carry a weekend over in different words.  Each is coded as it is written, so that either
can change without the other.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dialogs.calendar import OfficeCalendar

_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class Season:
    """The days from *first* to *last*, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Return whether *day* lies in the season."""
        return self.first <= day <= self.last


def loan_season(year: int, calendar: OfficeCalendar) -> Season:
    """Return the season of lending in *year*.

    June 1 to October 31; where either is a Saturday or a Sunday, the next business day instead.
    Source: 電気柵貸出要領 第3条 (003-31).
    """
    return Season(
        _next_business_day_of_weekend(date(year, 6, 1), calendar),
        _next_business_day_of_weekend(date(year, 10, 31), calendar),
    )


def _next_business_day_of_weekend(day: date, calendar: OfficeCalendar) -> date:
    return calendar.next_business_day(day) if day.weekday() in (_SATURDAY, _SUNDAY) else day


def guidance_season(year: int) -> Season:
    """Return the season of guidance in *year*.

    June 1 to October 31; a Sunday is put off to the next day, a Saturday to the day after that.
    Source: 設置指導要領 第4 (003-58).
    """
    return Season(_put_off(date(year, 6, 1)), _put_off(date(year, 10, 31)))


def _put_off(day: date) -> date:
    days = {_SUNDAY: 1, _SATURDAY: 2}.get(day.weekday(), 0)
    return day + timedelta(days=days)


def opening_day(season: Season) -> date:
    """Return the day from which applications for *season* are taken: two weeks before it begins.

    The ordinance says about two weeks (電気柵貸出要領 第3条第2項, 003-32), so an office may set another.
    """
    return season.first - timedelta(weeks=2)


def printed_cap(year: int) -> date:
    """Return the last day that 様式1 prints (最長 10月31日まで, 003-52).

    Where October 31 falls on a weekend the season ends later than the paper says: 2026, 2027, 2032.
    """
    return date(year, 10, 31)
