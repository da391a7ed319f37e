"""Every menu in every language of the desk."""

from __future__ import annotations

from functools import cache

from bot.line.richmenus.definition import Wanted, wanted
from bot.words import LOCALES, words_for


@cache
def every() -> tuple[Wanted, ...]:
    """Return every menu in every language, as it is to stand at LINE."""
    return wanted({locale: words_for(locale) for locale in LOCALES})
