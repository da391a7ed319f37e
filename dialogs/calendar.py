"""The days on which the office works."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import jpholiday

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class OfficeCalendar:
    """The Japanese calendar with the office's own closed days.

    *closed* are (month, day) closed every year, such as 12/29–1/3; *extra* are single days.
    """

    closed: frozenset[tuple[int, int]] = frozenset()
    extra: frozenset[date] = field(default=frozenset())

    def is_business_day(self, day: date) -> bool:
        """Return whether the office works on *day*: no weekend, no holiday, not closed."""
        if day.weekday() >= _SATURDAY or day in self.extra or (day.month, day.day) in self.closed:
            return False
        return not jpholiday.is_holiday(day)

    def next_business_day(self, day: date) -> date:
        """Return *day* if it is a business day, else the first one after it."""
        while not self.is_business_day(day):
            day += _DAY
        return day

    def add_business_days(self, day: date, n: int) -> date:
        """Return the *n*-th business day after *day* (before, if negative), not counting *day*."""
        step = _DAY if n > 0 else -_DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_business_day(day):
                day += step
        return day
