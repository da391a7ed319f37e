"""The languages of the desk: what dialogs says, in the reader's words.

The Japanese wording in the code is the key; ``locales/`` holds the other languages as gettext catalogs.
What a catalog lacks is said in Japanese, so a person is never met with an empty or a broken sentence.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache, partial
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import structlog
from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from dialogs.reading.wareki import WEEKDAYS, wareki
from dialogs.words import Fact, Message, OwnText, Words

FOLDER = Path(__file__).resolve().parent.parent / "locales"
SOURCE = "ja"
LOCALES = (SOURCE, "ja@easy", "en")
NAMES: Mapping[str, str] = MappingProxyType(  # untranslated: what each language calls itself
    {"ja": "日本語", "ja@easy": "やさしい日本語", "en": "English"}
)
"""The languages' own names, for a person who reads no other."""

_TOKYO = ZoneInfo("Asia/Tokyo")
_GROUPED = 1000  # no digit is grouped below
_TAG = re.compile(r"([a-z]{2,8})(?:[-_@](.*))?")
_EASY = ("easy", "x-easy")

log = structlog.get_logger(__name__)


class Catalog:
    """The texts of the languages in *folder*, each read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Words] = {}

    def words(self, locale: str) -> Words:
        """Return the language *locale*; the source language where the desk no longer speaks it."""
        known = locale if locale in LOCALES else SOURCE
        if known not in self._read:
            self._read[known] = _Language(known, _translations(self._folder, known))
        return self._read[known]


class _Language:
    """One language.  Its object is shared by all threads and never changes."""

    __slots__ = ("_day", "_group", "_locale", "_lookup")

    def __init__(self, locale: str, translations: gettext.NullTranslations) -> None:
        self._locale = locale
        self._lookup = translations.gettext
        self._day = _day_writer(locale)
        self._group = Locale.parse(locale).number_symbols["latn"]["group"]

    @property
    def locale(self) -> str:
        return self._locale

    def text(self, msgid: str, **facts: Fact) -> str:
        """Return *msgid* in this language; in Japanese where the translation is broken."""
        return self._put(msgid, facts)

    def say(self, message: Message | str) -> str:
        if isinstance(message, str):
            return self._put(message, {})
        return self._put(message.text, message.facts)

    def day(self, value: date) -> str:
        return self._day(value.date() if isinstance(value, datetime) else value)

    def number(self, value: float) -> str:
        if not isinstance(value, int):
            return format_decimal(value, locale=self._locale)
        if -_GROUPED < value < _GROUPED:
            return str(value)
        return f"{value:,}".replace(",", self._group)

    def _put(self, msgid: str, facts: Mapping[str, Fact]) -> str:
        if type(msgid) is OwnText:
            return msgid.wording(self._locale)
        # The catalog keeps its own header under the empty text.
        wording = self._lookup(msgid) if msgid else ""
        if not facts:
            return wording
        said = {name: fact if type(fact) is str else self._fact(fact) for name, fact in facts.items()}
        try:
            return wording.format_map(said)
        except (LookupError, ValueError, AttributeError, TypeError):
            log.warning("text_broken", locale=self._locale, msgid=msgid)
            return _as_written(msgid, said)

    def _fact(self, fact: Fact) -> str:
        match fact:
            case Message():
                return self.say(fact)
            case datetime():
                local = fact.astimezone(_TOKYO)
                return f"{self._day(local.date())} {local:%H:%M}"
            case date():
                return self._day(fact)
            case int():
                return self.number(fact)
            case OwnText():
                return fact.wording(self._locale)
            case str():  # a StrEnum, say
                return str(fact)


class _Known(dict[str, str]):
    """Facts, of which a missing one is left blank."""

    def __missing__(self, name: str) -> str:
        return "…"


def _as_written(msgid: str, said: Mapping[str, str]) -> str:
    """Return the Japanese sentence with what is known put in."""
    try:
        return msgid.format_map(_Known(said))
    except (LookupError, ValueError, AttributeError, TypeError):
        return msgid


def _translations(folder: Path, locale: str) -> gettext.NullTranslations:
    written = folder / locale / "LC_MESSAGES" / "messages.po"
    made = written.with_suffix(".mo")
    if made.exists() and (not written.exists() or made.stat().st_mtime >= written.stat().st_mtime):
        return gettext.GNUTranslations(BytesIO(made.read_bytes()))
    if written.exists():
        return gettext.GNUTranslations(BytesIO(compiled(written)))
    if locale != SOURCE:
        log.warning("catalog_missing", locale=locale)
    return gettext.NullTranslations()


def compiled(written: Path) -> bytes:
    """Return the catalog *written* (.po) in the form gettext reads (.mo), without fuzzy entries."""
    made = BytesIO()
    with written.open("rb") as source:
        write_mo(made, read_po(source))
    return made.getvalue()


@cache
def _shipped() -> Catalog:
    return Catalog(FOLDER)


def words_for(locale: str) -> Words:
    """Return the language *locale* of the catalogs shipped with the desk."""
    return _shipped().words(locale)


def negotiate(language: str | None) -> str:
    """Return the catalog's locale for a BCP 47 tag, such as the language of a LINE profile.

    Nothing known of the reader, or nothing readable: Japanese.  A language the desk does not speak: English.
    """
    found = _TAG.fullmatch((language or "").strip().lower())
    if not found or found[1] == "und":
        return SOURCE
    if found[1] == SOURCE:
        return "ja@easy" if found[2] in _EASY else SOURCE
    return found[1] if found[1] in LOCALES else "en"


def html_lang(locale: str) -> str:
    """Return *locale* as HTML and HTTP write it: ``ja@easy`` is ``ja-x-easy`` there."""
    return locale.replace("@", "-x-").replace("_", "-")


# -- days ----------------------------------------------------------------------------------------------------


def _easy(value: date) -> str:
    """Return *value* without an era: many readers of easy Japanese do not count in them."""
    weekday = WEEKDAYS[value.weekday()]
    return f"{value.year}年{value.month}月{value.day}日({weekday}よう日)"  # untranslated: one language's own


_WRITERS: Mapping[str, Callable[[date], str]] = MappingProxyType({"ja": wareki, "ja@easy": _easy})
_PATTERNS: Mapping[str, str] = MappingProxyType({"en": "EEEE, d MMMM y"})


def _day_writer(locale: str) -> Callable[[date], str]:
    if locale in _WRITERS:
        return _WRITERS[locale]
    pattern = _PATTERNS.get(locale, "full")
    return lru_cache(1000)(partial(format_date, format=pattern, locale=locale))
