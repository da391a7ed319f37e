"""How a typed day is prepared and tried against a table of patterns."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TypeAlias

import regex

from dialogs.reading.kanji import below_ten_thousand
from dialogs.reading.manners import bare
from dialogs.reading.text import clean

Rule: TypeAlias = tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]
"""A spelling of a day, and what it means on a given today."""

_LONGEST = 120  # no day is longer; keeps hostile input from the patterns
_YEARS = range(1868, 2200)  # any other year is surely a slip

_FOREIGN_DIGITS = regex.compile(r"[\p{N}--[0-9０-９〇]]", regex.VERSION1)
_DASHES = re.compile(r"[‐‑‒–—―−]|(?<=[0-9日末)曜])ー")
_SPOKEN = {
    "さらいしゅう": "再来週", "さ来週": "再来週", "らいしゅう": "来週", "こんしゅう": "今週",
    "せんしゅう": "先週", "しゅうかん": "週間", "さらいげつ": "再来月", "さ来月": "再来月",
    "らいげつ": "来月", "こんげつ": "今月", "せんげつ": "先月", "げつまつ": "月末", "まつ": "末",
    "かげつ": "か月", "さらいねん": "再来年", "らいねん": "来年", "ことし": "今年", "きょねん": "去年",
    "しあさって": "明々後日", "明明後日": "明々後日", "あさって": "明後日", "あした": "明日",
    "あす": "明日", "きょう": "今日", "ほんじつ": "本日", "おととい": "一昨日", "きのう": "昨日",
    "こんど": "今度", "つぎの": "次の", "ねん": "年", "がつ": "月", "にち": "日",
}  # fmt: skip
_KANA_WEEKDAY = re.compile("(げつ|か|すい|もく|きん|ど|にち)よう(?:び)?")
_KANJI_OF = {"げつ": "月", "か": "火", "すい": "水", "もく": "木", "きん": "金", "ど": "土", "にち": "日"}
_KANA = re.compile("|".join(_SPOKEN))
_KANJI_NUMBER = re.compile("[〇零一二三四五六七八九十百]+(?=年|月|日|週|[かヶカケヵ箇]月)")

_CLOCK = (
    r"(?:2[0-4]|[01]?[0-9])(?::[0-5][0-9]){1,2}"
    r"|(?:2[0-4]|[01]?[0-9])時(?:[0-5]?[0-9]分|半)?"
)
_HOUR = (
    rf"(?:(?:午前|午後|朝|昼|夕方|夜)?(?:{_CLOCK})"
    r"|(?:1[0-2]|0?[1-9])(?::[0-5][0-9])? ?[ap]\.?m\.?)"
)
_TIME = re.compile(
    rf"(?: ?の?(?:at )?|t)(?<![0-9:])"
    rf"(?:{_HOUR}(?: ?(?:から|より|[-~]|to) ?{_HOUR})?|午前中?|午後|朝|昼|夕方|夜)$"
)
_PARTICLE = re.compile(r"(?:から|より|まで|に|で|は|please)$")


def plain(text: str) -> str | None:
    """Return *text* in one spelling of digits, dashes and words; None if it cannot be a day.

    ² and ① are refused here, before NFKC would make digits of them.
    """
    if len(text) > _LONGEST or _FOREIGN_DIGITS.search(clean(text)):
        return None
    key = unicodedata.normalize("NFKC", clean(text)).casefold()
    key = _DASHES.sub("-", key).replace("〜", "~").replace("∼", "~")
    key = _KANA_WEEKDAY.sub(lambda found: _KANJI_OF[found[1]] + "曜", key)
    key = _KANA.sub(lambda found: _SPOKEN[found[0]], key)
    key = _KANJI_NUMBER.sub(lambda found: _arabic(found[0]), key)
    return " ".join(key.split()).strip(" 。.、,!「」『』\"'")


def _arabic(kanji: str) -> str:
    number = below_ten_thousand(kanji)
    return kanji if number is None else str(number)


def tight(text: str) -> str:
    """Return *text* without spaces, but for those between digits: 1 5日 is not 15日."""
    return re.sub(r"(?<![0-9]) | (?![0-9])", "", text)


def stripped(text: str) -> str:
    """Return *text* without polite endings, particles and a time of day."""
    before = ""
    while text != before:
        before, text = text, _PARTICLE.sub("", bare(text)).strip(" 、,")
        text = _TIME.sub("", text).strip(" 、,")
    return text


def first_of(rules: Iterable[Rule], text: str, today: date) -> date | None:
    """Return the day of the first rule that *text* fits; None if none does, or there is no such day."""
    for pattern, meaning in rules:
        if found := pattern.fullmatch(text):
            try:
                day = meaning(found, today)
            except (ValueError, OverflowError):
                return None
            return day if day is not None and day.year in _YEARS else None
    return None


def upcoming(month: int, day: int, today: date) -> date | None:
    """Return the next *month*/*day* from *today* on; None where the one just past was probably meant."""
    possible = [found for year in (-1, 0, 1) if (found := _maybe(today.year + year, month, day))]
    ahead = [found for found in possible if found >= today]
    if not ahead:
        return None
    far = ahead[0] - today > timedelta(days=300)
    just_past = any(timedelta(0) < today - found <= timedelta(days=60) for found in possible)
    return None if far and just_past else ahead[0]


def _maybe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def months_on(day: date, months: int) -> date:
    """Return the same day *months* later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """Return the last day of the month of *day*."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def lasting_days(first: date, days: int) -> date:
    """Return the last of *days* days of which *first* is one."""
    return first + timedelta(days=days - 1)


def lasting_months(first: date, months: int) -> date:
    """Return the last day of a period of *months* that begins with *first* (民法第143条).

    It ends the day before the same day of the last month, or with that month where it has no such day.
    """
    after = months_on(first, months)
    return after if after.day < first.day else after - timedelta(days=1)
