"""Days and ranges of days as people type them.

Whatever could be two days is no day: the desk asks again rather than guess in silence.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from dialogs.reading import day_english as english
from dialogs.reading import day_japanese as japanese
from dialogs.reading.day_rules import Rule, first_of, plain, stripped, tight
from dialogs.reading.manners import bare
from dialogs.reading.wareki import WEEKDAYS

_Reader: TypeAlias = Callable[[str, date], date | None]

_BETWEEN = re.compile(
    r"から|より|[~-]|(?<=-[0-9]{2})/(?=[0-9]{4}-)|(?<= )(?:to|until|till|through|thru|for)(?= )"
)
_WITH_YEAR = re.compile(r"[0-9]{4}|年|[rhstm令平昭大明][0-9元]")
_HALF_A_YEAR = timedelta(days=183)
_ONLY_A_NUMBER = re.compile(r"[0-9]{1,2}日")


def read_day(text: str, today: date) -> date | None:
    """Return the day *text* names, seen from *today*; None if it names none, several, or an impossible one.

    A day without its year is the next one; a time of day is dropped; a weekday that does not fit refuses.
    """
    key = plain(text)
    return None if key is None else _read(stripped(key), today, _any_day)


def read_days(text: str, today: date) -> tuple[date, date | None] | None:
    """Return the first and last day *text* names, both included; the last is None if it names one day only.

    A period counts its first day: two weeks from June 15 end on June 28 (民法第140条ただし書, 第143条).
    """
    day, key = read_day(text, today), plain(text)
    if day is not None or key is None:
        return None if day is None else (day, None)
    found = {_range(key, between, today) for between in _BETWEEN.finditer(key)} - {None}
    return found.pop() if len(found) == 1 else None


def _range(key: str, between: re.Match[str], today: date) -> tuple[date, date] | None:
    start = _read(stripped(key[: between.start()].removeprefix("from ")), today, _any_day)
    if start is None:
        return None
    last = _last(bare(key[between.end() :].strip()), between[0], start, today)
    return (start, last) if last is not None and start <= last else None


def _last(text: str, between: str, start: date, today: date) -> date | None:
    """Return the last day of a range from *start*."""
    key = stripped(text)
    if between in ("から", "より") and _ONLY_A_NUMBER.fullmatch(text):
        return None  # 6月1日から20日: for twenty days, or until the 20th?
    possible = (_period(key, start), _soon_after(key, start), _read(key, today, _spoken))
    return next((day for day in possible if day is not None), None)


def _soon_after(text: str, start: date) -> date | None:
    """Return the day written for the end of a range from *start*.

    Without a year of its own it may lie in the next year (12/15〜1/10), but not so far (8/31〜6/15) that
    the two days were more likely mixed up.
    """
    last = _read(text, start, _written)
    far = last is not None and last.year > start.year and last - start > _HALF_A_YEAR
    return None if far and not _WITH_YEAR.search(text) else last


def _by(in_japanese: tuple[Rule, ...], in_english: tuple[Rule, ...]) -> _Reader:
    """Return a reader of the days of these rules."""

    def reader(text: str, today: date) -> date | None:
        day = first_of(in_japanese, tight(text), today)
        return first_of(in_english, text, today) if day is None else day

    return reader


_written = _by(japanese.WRITTEN, english.WRITTEN)
_spoken = _by(japanese.SPOKEN, english.SPOKEN)
_period = _by(japanese.PERIODS, english.PERIODS)
_any_day = _by(
    japanese.WRITTEN + japanese.SPOKEN + japanese.AWAY,
    english.WRITTEN + english.SPOKEN + english.AWAY,
)


def _read(text: str, today: date, reader: _Reader) -> date | None:
    """Return the day *text* names to *reader*, alone or with its weekday, which must be the right one."""
    day = reader(text, today)
    if day is not None:
        return day
    for rest, weekday in _said_weekdays(text):
        day = reader(rest, today)
        if day is not None and day.weekday() == weekday:
            return day
    return None


def _said_weekdays(text: str) -> list[tuple[str, int]]:
    """Return the ways to read *text* as a day and its weekday."""
    said = []
    if found := japanese.SAID_WEEKDAY.fullmatch(text):
        said.append((stripped(found["rest"]), WEEKDAYS.index(found["a"] or found["b"])))
    matches = (pattern.fullmatch(text) for pattern in english.SAID_WEEKDAY)
    said += [(stripped(found["rest"]), english.weekday(found["w"])) for found in matches if found]
    return said
