"""Days written and spoken in English."""

import re
from datetime import date, timedelta

from dialogs.reading.day_rules import Rule, lasting_days, lasting_months, months_on, upcoming

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = (
    r"(?P<w>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)\.?"
)
_DAY = "(?:the )?(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = "(?:,? ?(?P<y>[0-9]{4}))?"
_UNIT = "(?P<unit>day|week|month|year)s?"
_COUNT = f"(?P<n>an?|one|two|three|four|five|six|seven|eight|nine|ten|[0-9]{{1,3}}) {_UNIT}"
_COUNTS = {"a": 1, "an": 1} | {
    word: n
    for n, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1
    )
}
_DAYS_IN = {"day": 1, "week": 7}
_MONTHS_IN = {"month": 1, "year": 12}
_WORDS = {"yesterday": -1, "today": 0, "tomorrow": 1, "the day after tomorrow": 2, "day after tomorrow": 2}


def _dated(found: re.Match[str], today: date) -> date | None:
    month, day = _MONTHS.index(found["m"][:3]) + 1, int(found["d"])
    return date(int(found["y"]), month, day) if found["y"] else upcoming(month, day, today)


def weekday(name: str) -> int:
    """Return the number of the weekday *name*, Monday being 0."""
    return _WEEKDAYS.index(name[:3])


def _coming(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=(weekday(found["w"]) - today.weekday() - 1) % 7 + 1)


def _this(found: re.Match[str], today: date) -> date | None:
    day = today + timedelta(days=weekday(found["w"]) - today.weekday())
    return day if day >= today else None


def _next(found: re.Match[str], today: date) -> date | None:
    """Return the weekday of next week, if it is also the first to come: otherwise people disagree."""
    of_next_week = today + timedelta(days=7 + weekday(found["w"]) - today.weekday())
    return of_next_week if of_next_week == _coming(found, today) else None


def _count(found: re.Match[str]) -> int:
    return _COUNTS.get(found["n"]) or int(found["n"])


def _away(found: re.Match[str], today: date) -> date:
    if (days := _DAYS_IN.get(found["unit"])) is not None:
        return today + timedelta(days=days * _count(found))
    return months_on(today, _MONTHS_IN[found["unit"]] * _count(found))


def _lasting(found: re.Match[str], first: date) -> date:
    if (days := _DAYS_IN.get(found["unit"])) is not None:
        return lasting_days(first, days * _count(found))
    return lasting_months(first, _MONTHS_IN[found["unit"]] * _count(found))


WRITTEN: tuple[Rule, ...] = (
    (re.compile(f"(?:on )?{_MONTH} {_DAY}{_YEAR}"), _dated),
    (re.compile(f"(?:on )?{_DAY}(?: of)? {_MONTH}{_YEAR}"), _dated),
    (re.compile(f"(?:on )?{_WEEKDAY}"), _coming),
)
"""Days that take their missing parts from the day before them in a range."""

SPOKEN: tuple[Rule, ...] = (
    (re.compile("(" + "|".join(_WORDS) + ")"), lambda found, today: today + timedelta(_WORDS[found[1]])),
    (re.compile(f"this {_WEEKDAY}"), _this),
    (re.compile(f"next {_WEEKDAY}"), _next),
)
"""Days counted from today, wherever they stand."""

AWAY: tuple[Rule, ...] = (
    (re.compile(f"in {_COUNT}"), _away),
    (re.compile(f"{_COUNT} (?:from now|from today|later)"), _away),
)
"""Days so far from today."""

PERIODS: tuple[Rule, ...] = ((re.compile(_COUNT), _lasting),)
"""Lengths of a range, each giving its last day."""

SAID_WEEKDAY = (
    re.compile(f"(?P<rest>.+?)[ ,]+\\(?{_WEEKDAY}\\)?"),
    re.compile(f"(?:on )?{_WEEKDAY},? (?P<rest>.+)"),
)
"""A day with its weekday behind or before it."""
