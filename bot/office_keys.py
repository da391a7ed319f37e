"""Every key an office file may have: how it is read, an example, and what it is where it is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

from dialogs.office import BOOKING, Days, Handover, Resets, Series
from dialogs.parts import PartKind
from dialogs.reading.phone import read_phone

Read: TypeAlias = Callable[[object], Any]
AnyEnum = TypeVar("AnyEnum", bound=StrEnum)

_LEAP_YEAR = 2024  # any: 02-29 is a day too
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_MOST = 100_000
_SHORTEST, _LONGEST = 5, 720  # minutes
_MOST_DAYS = 20


class Wrong(Exception):
    """A value that cannot be taken; the message continues "<key>: ..."."""


@dataclass(frozen=True)
class Key:
    """One key of a table.  *example* is TOML; without *default* the key must be there."""

    name: str
    read: Read
    example: str
    default: object = ...

    @property
    def required(self) -> bool:
        """Return whether the key must be there."""
        return self.default is ...


def text(value: object) -> str:
    """Return a text of at least one sign."""
    if not isinstance(value, str):
        raise Wrong("a text in quotation marks is needed")
    if not value.strip():
        raise Wrong("it is empty")
    return value.strip()


def one_line(value: object) -> str:
    """Return a text without a line break, as names are."""
    line = text(value)
    if not line.isprintable():
        raise Wrong("it must be one line without control characters")
    return line


def _shaped(pattern: str, needed: str) -> Read:
    """Return a reader of one line that has to look like *pattern*."""

    def read(value: object) -> str:
        line = one_line(value)
        if not re.fullmatch(pattern, line, re.ASCII):
            raise Wrong(f'"{line}" is not {needed}')
        return line

    return read


def _many(read: Read) -> Read:
    """Return a reader of a list of what *read* reads."""

    def read_all(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong("a list in square brackets is needed")
        return tuple(read(each) for each in value)

    return read_all


def _some(read: Read) -> Read:
    """Return a reader of a list that is not empty."""

    def read_some(value: object) -> tuple[Any, ...]:
        found: tuple[Any, ...] = _many(read)(value)
        if not found:
            raise Wrong("the list is empty")
        return found

    return read_some


def _one_of(kind: type[AnyEnum]) -> Read:
    """Return a reader of one of the words of *kind*."""

    def read(value: object) -> AnyEnum:
        try:
            return kind(one_line(value))
        except ValueError:
            words = " or ".join(f'"{each}"' for each in kind)
            raise Wrong(f'"{value}" is not one of the words known here; write {words}') from None

    return read


def count(value: object) -> int:
    """Return a whole number from 0 on."""
    # In Python true is a number.
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong("a whole number without quotation marks is needed")
    if not 0 <= value <= _MOST:
        raise Wrong(f"{value} is out of range; write a number from 0 to {_MOST}")
    return value


def minutes(value: object) -> int:
    """Return how long something takes, from five minutes to a whole day's work."""
    number = count(value)
    if not _SHORTEST <= number <= _LONGEST:
        raise Wrong(f"{number} is out of range; write minutes from {_SHORTEST} to {_LONGEST}")
    return number


def few_days(value: object) -> int:
    """Return a number of business days, one at least and not more than a month has."""
    number = count(value)
    if not 1 <= number <= _MOST_DAYS:
        raise Wrong(f"{number} is out of range; write days from 1 to {_MOST_DAYS}")
    return number


def yes_no(value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise Wrong("true or false without quotation marks is needed")
    return value


def clock(value: object) -> time:
    """Return a time of day, written "9:00" or as TOML's own 09:00:00."""
    if isinstance(value, time):
        return value
    line = one_line(value)
    found = _CLOCK.fullmatch(line)
    if found is None:
        raise Wrong(f'"{line}" is not a time of day; write hours and minutes, 0:00 to 23:59')
    return time(int(found[1]), int(found[2]))


def day(value: object) -> date:
    """Return a day, written as TOML's own 2027-06-10."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise Wrong("a day without quotation marks is needed, year-month-day")


def days_of_year(value: object) -> frozenset[tuple[int, int]]:
    """Return the (month, day) of "12-29/01-03", both ends included and over the new year, or of "05-01"."""
    line = one_line(value)
    first, _, last = line.partition("/")
    begin, end = _day_of_year(first), _day_of_year(last or first)
    if begin is None or end is None:
        raise Wrong(f'"{line}" is not a day or a span of days; write month-day or month-day/month-day')
    if end < begin:
        end += timedelta(days=366)
    days = (begin + timedelta(days=number) for number in range((end - begin).days + 1))
    return frozenset((each.month, each.day) for each in days)


def _day_of_year(line: str) -> date | None:
    found = _MONTH_DAY.fullmatch(line)
    try:
        return date(_LEAP_YEAR, int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def telephone(value: object) -> str:
    """Return a telephone number as it is written at home."""
    line = one_line(value)
    number = read_phone(line)
    if number is None:
        raise Wrong(
            f'"{line}" is not a telephone number that can be rung from anywhere; write the area code too'
        )
    return number


def web_address(value: object) -> str:
    """Return an https address."""
    line = one_line(value)
    try:
        parts = urlsplit(line)
    except ValueError:
        raise Wrong(f'"{line}" is not a web address') from None
    if parts.scheme != "https" or not parts.hostname:
        raise Wrong(f'"{line}" is not a web address beginning with https://')
    return line


_KEY = _shaped(r"[a-z][a-z0-9_]{0,31}", "a key; use small letters, digits and _ , beginning with a letter")
_POSTAL = _shaped(r"[0-9]{2,7}", "the beginning of a postal code; write two to seven digits without a hyphen")

HOURS = (
    Key("opens", clock, '"9:00"'),
    Key("closes", clock, '"16:00"'),
    Key("days", _one_of(Days), '"every day"'),
)
TABLES: Mapping[str, tuple[Key, ...]] = {
    "": (
        Key("key", _KEY, '"sapporo"'),
        Key(
            "city", _shaped(r".+[市区町村]", "the name of a city; write it with 市, 区, 町 or 村"), '"札幌市"'
        ),
        Key("city_en", one_line, '"Sapporo"'),
        Key("prefecture", _shaped(r".{2,3}[都道府県]", "a prefecture; write it in full"), '"北海道"'),
        Key("postal_codes", _some(_POSTAL), '["001", "0612"]'),
        Key("postal_codes_elsewhere", _many(_POSTAL), '["0028089"]', ()),
        Key("lead_days", count, "7", 7),
    ),
    "section": (
        Key("name", one_line, '"環境局環境都市推進部環境共生担当課"'),
        Key("name_en", one_line, '"Environmental Coexistence Section"'),
        Key("address", one_line, '"札幌市中央区北1条西2丁目"'),
        Key("addressee", one_line, '"札幌市環境局環境管理担当部長"'),
        Key("telephone", telephone, '"011-211-2879"'),
        Key("area_code", _shaped(r"0[1-9][0-9]{0,3}", "an area code; begin it with 0"), '"011"'),
    ),
    "reception": HOURS,
    "telephone_hours": HOURS,
    "closed": (
        Key("yearly", _many(days_of_year), '["12-29/01-03"]', ()),
        Key("days", _many(day), "[2027-06-10]", ()),
    ),
    "handover": (Key("by", _one_of(Handover), '"points"'),),
    "stock": (
        Key("owned", count, "50"),
        Key("store", count, "20"),
        Key("turnaround_days", count, "1", 1),
    ),
    **{
        f"booking.{kind}": (
            Key("minutes", minutes, str(usual.minutes), usual.minutes),
            Key("capacity", count, str(usual.capacity), usual.capacity),
        )
        for kind, usual in BOOKING.items()
    },
    "guidance": (Key("instruction_days", few_days, "5", 5),),
    "plan": (Key("loans", count, "25", 25), Key("visits", count, "45", 45)),
    "privacy": (
        Key("text", text, '"お預かりする個人情報は…"'),
        Key("text_en", text, '"We use your personal information only…"'),
        Key("url", web_address, '"https://www.city.example.lg.jp/privacy/"', ""),
    ),
}  # untranslated: examples for the one who writes the file
"""The tables that stand once; "" is what stands above the first of them."""

LISTS: Mapping[str, tuple[Key, ...]] = {
    "wards": (
        Key("key", _KEY, '"minami"'),
        Key("name", one_line, '"南区"'),
        Key("name_en", one_line, '"Minami Ward"'),
    ),
    "points": (
        Key("key", _KEY, '"minami"'),
        Key("ward", one_line, '"minami"'),
        Key("name", one_line, '"南区 受渡場所（見本）"'),
        Key("name_en", one_line, '"Minami Ward pick-up point (sample)"'),
        Key("address", one_line, '"札幌市南区（見本）"'),
    ),
    "series": (
        Key("key", _KEY, '"loan"'),
        Key("pattern", one_line, '"{era}{era_year}-{number:04}"'),
        Key("resets", _one_of(Resets), '"fiscal year"'),
        Key("dated", yes_no, "true", default=False),
    ),
    "set.part": (
        Key("key", _KEY, '"long_pole"'),
        Key("name", one_line, '"長いポール（黒）"'),
        Key("name_en", one_line, '"Long pole (black)"'),
        Key("count", count, "8"),
        Key("unit", one_line, '"本"', "個"),
        Key("kind", _one_of(PartKind), '"long pole"', PartKind.OTHER),
    ),
}  # untranslated: as above
"""The tables that may stand several times, [[wards]]."""

USUAL_SERIES = (Series("meeting", "KR{era_year}-{number:04}", Resets.FISCAL_YEAR),)
"""The series that came later: an office file need not have them, and those numbers are written so."""

NEEDED_SERIES = ("loan", "decision", "notice", "guidance", "inspection", "incident")
"""The series the procedures number by: 貸出番号, 通知書の番号 (札幌対第 号), 通知番号, 設置指導, 点検, 指摘・障害."""
