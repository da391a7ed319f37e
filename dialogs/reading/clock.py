"""Times of day as people type them."""

import re
import unicodedata
from datetime import time

from dialogs.reading.kanji import below_ten_thousand
from dialogs.reading.manners import bare
from dialogs.reading.text import clean

_LONGEST = 120  # no time is longer; keeps hostile input from the pattern
_NOON = 12
_KANJI = re.compile("[〇零一二三四五六七八九十]+(?=時|じ|分|ふん|ぷん)")
_TIME = re.compile(
    r"(?P<half>午前|午後|朝|昼|夕方|am|pm)?(?:の)?"
    r"(?<![0-9:])(?:(?P<hour>2[0-3]|[01]?[0-9])(?::(?P<minute>[0-5][0-9])(?!:)|時(?:(?P<said>[0-5]?[0-9])分|(?P<thirty>半))?))"
    r"(?![0-9]|間)(?P<after>am|pm)?",
    re.ASCII,
)
_BETWEEN_NUMBERS = re.compile(r"(?<=[0-9]) (?=[0-9])", re.ASCII)
_AFTERNOON = frozenset({"午後", "夕方", "pm"})
_MORNING = frozenset({"午前", "朝", "am"})


def read_time(text: str) -> time | None:
    """Return the time of day *text* names, alone or beside a day; None where it names none, or several.

    Read: 10時, 10:30, １０時半, 十時, 午後2時, 2:30pm, 「来週の月曜 10時」, 2027-06-07 14:00.  A bare number is none:
    it may be a day.
    """
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", clean(text)).casefold().replace("じ", "時")
    # Between two numbers a blank tells the day's last from the hour; anywhere else it tells nothing.
    plain = _BETWEEN_NUMBERS.sub("|", plain).replace(" ", "")
    plain = _KANJI.sub(lambda found: str(below_ten_thousand(found[0]) or 0), bare(plain))
    named = {_meant(found) for found in _TIME.finditer(plain)}
    return named.pop() if len(named) == 1 else None


def _meant(found: re.Match[str]) -> time | None:
    hour = int(found["hour"])
    minute = 30 if found["thirty"] else int(found["minute"] or found["said"] or 0)
    half = found["half"] or found["after"]
    if half in _AFTERNOON and hour < _NOON:
        hour += _NOON
    elif half in _MORNING and hour == _NOON:
        hour = 0
    return time(hour, minute)
