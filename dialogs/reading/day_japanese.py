"""Days written and spoken in Japanese."""

import re
from datetime import date, timedelta

from dialogs.reading.day_rules import (
    Rule,
    lasting_days,
    lasting_months,
    month_end,
    months_on,
    upcoming,
)
from dialogs.reading.wareki import WEEKDAYS, to_western

_WEEKDAY = rf"([{WEEKDAYS}])曜(?:日)?"
_ERA = "(令和|平成|昭和|大正|明治|[令平昭大明]|[rhstm])(元|[0-9]{1,2})"
_MONTHS = {"先月": -1, "今月": 0, "来月": 1, "再来月": 2}
_WEEKS = {"先週": -1, "今週": 0, "来週": 1, "再来週": 2}
_YEARS = {"去年": -1, "昨年": -1, "今年": 0, "本年": 0, "来年": 1, "再来年": 2}
_DAYS = {"一昨日": -2, "昨日": -1, "今日": 0, "本日": 0, "明日": 1, "明後日": 2, "明々後日": 3}
_COUNT = "([0-9]{1,3})"
_MONTH_UNIT = "[かヶカケヵ箇]月"


def _any(words: dict[str, int]) -> str:
    return "(" + "|".join(words) + ")"


def _dated(found: re.Match[str], _today: date) -> date:
    return date(int(found["y"]), int(found["m"]), int(found["d"]))


def _in_era(found: re.Match[str], _today: date) -> date | None:
    year = to_western(found[1], 1 if found[2] == "元" else int(found[2]))
    return None if year is None else date(year, int(found["m"]), int(found["d"]))


def _in_some_year(found: re.Match[str], today: date) -> date | None:
    return upcoming(int(found["m"]), int(found["d"]), today)


def _in_month(found: re.Match[str], today: date) -> date | None:
    """Return the next such day of the month; the 31st of a month of thirty days is a slip, not a guess."""
    day = int(found[1])
    month = today if day >= today.day else months_on(today.replace(day=1), 1)
    return month.replace(day=day)


def _end_of_some_month(found: re.Match[str], today: date) -> date | None:
    month = int(found[1])
    first = date(today.year if month >= today.month else today.year + 1, month, 1)
    return upcoming(month, month_end(first).day, today)


def _coming_weekday(found: re.Match[str], today: date) -> date:
    """Return the next such weekday strictly after *today*."""
    return today + timedelta(days=(WEEKDAYS.index(found[1]) - today.weekday() - 1) % 7 + 1)


def _of_week(found: re.Match[str], today: date) -> date | None:
    """Return the weekday of last, this, next week; weeks start on Monday."""
    weeks = _WEEKS[found[1]]
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(weeks=weeks, days=WEEKDAYS.index(found[2]))
    return None if weeks == 0 and day < today else day


def _of_month(found: re.Match[str], today: date) -> date:
    return months_on(today.replace(day=1), _MONTHS[found[1]]).replace(day=int(found[2]))


def _end_of_month(found: re.Match[str], today: date) -> date:
    return month_end(months_on(today.replace(day=1), _MONTHS[found[1]]))


def _of_year(found: re.Match[str], today: date) -> date:
    return date(today.year + _YEARS[found[1]], int(found["m"]), int(found["d"]))


def _days_away(found: re.Match[str], today: date) -> date:
    return today + _sign(found) * timedelta(days=int(found[1]))


def _weeks_away(found: re.Match[str], today: date) -> date:
    return today + _sign(found) * timedelta(weeks=int(found[1]))


def _months_away(found: re.Match[str], today: date) -> date:
    return months_on(today, _sign(found) * int(found[1]))


def _years_away(found: re.Match[str], today: date) -> date:
    return months_on(today, 12 * _sign(found) * int(found[1]))


def _sign(found: re.Match[str]) -> int:
    return -1 if found[0].endswith("前") else 1


_MD = "(?P<m>[0-9]{1,2})月の?(?P<d>[0-9]{1,2})日?"
_M_D = "(?P<m>[0-9]{1,2})(?P<s>[-/.])(?P<d>[0-9]{1,2})"
_YMD = f"(?:西暦)?(?P<y>[0-9]{{4}})年の?{_MD}"
_Y_M_D = "(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})"
_COMPACT = "(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"
_E_M_D = f"{_ERA}(?P<s>[-/.])(?P<m>[0-9]{{1,2}})(?P=s)(?P<d>[0-9]{{1,2}})"

WRITTEN: tuple[Rule, ...] = (
    (re.compile(_Y_M_D), _dated),
    (re.compile(_YMD), _dated),
    (re.compile(_COMPACT), _dated),
    (re.compile(f"{_ERA}年の?{_MD}"), _in_era),
    (re.compile(_E_M_D), _in_era),
    (re.compile(_MD), _in_some_year),
    (re.compile(_M_D), _in_some_year),
    (re.compile("([0-9]{1,2})日"), _in_month),
    (re.compile("([0-9]{1,2})月の?(?:月?末日?)"), _end_of_some_month),
    (re.compile("月末|末日"), lambda _, today: month_end(today)),
    (re.compile(_WEEKDAY), _coming_weekday),
)
"""Days that take their missing parts from the day before them in a range: 6月15日から20日まで."""

SPOKEN: tuple[Rule, ...] = (
    (re.compile(_any(_DAYS)), lambda found, today: today + timedelta(days=_DAYS[found[1]])),
    (re.compile(f"{_any(_WEEKS)}の?{_WEEKDAY}"), _of_week),
    (re.compile(f"(?:今度|次)の?{_WEEKDAY}"), _coming_weekday),
    (re.compile(f"{_any(_MONTHS)}の?([0-9]{{1,2}})日"), _of_month),
    (re.compile(f"{_any(_MONTHS)}の?月?末日?"), _end_of_month),
    (re.compile(f"{_any(_YEARS)}の?{_MD}"), _of_year),
    (re.compile(f"{_any(_YEARS)}の?{_M_D}"), _of_year),
)
"""Days counted from today, wherever they stand."""

AWAY: tuple[Rule, ...] = (
    (re.compile(f"{_COUNT}日(?:後|ご|前)"), _days_away),
    (re.compile(f"{_COUNT}週間?(?:後|ご|前)"), _weeks_away),
    (re.compile(f"{_COUNT}{_MONTH_UNIT}(?:後|ご|前)"), _months_away),
    (re.compile(f"{_COUNT}年(?:後|ご|前)"), _years_away),
)
"""Days so far from today; as the end of a range nobody can tell from which day they count."""

PERIODS: tuple[Rule, ...] = (
    (re.compile(f"{_COUNT}日間"), lambda found, first: lasting_days(first, int(found[1]))),
    (re.compile(f"{_COUNT}週間?"), lambda found, first: lasting_days(first, 7 * int(found[1]))),
    (re.compile(f"{_COUNT}{_MONTH_UNIT}間?"), lambda found, first: lasting_months(first, int(found[1]))),
    (re.compile(f"{_COUNT}年間?"), lambda found, first: lasting_months(first, 12 * int(found[1]))),
)
"""Lengths of a range, each giving its last day."""

SAID_WEEKDAY = re.compile(
    rf"(?P<rest>.+?)[、,の ]*(?:\((?P<a>[{WEEKDAYS}])(?:曜日?)?[・,]?祝?日?\)|(?P<b>[{WEEKDAYS}])曜日?)"
)
"""A day followed by its weekday."""
