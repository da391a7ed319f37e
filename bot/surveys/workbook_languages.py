"""Which language a column is in, by whatever it is called, and texts of several columns as one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from dialogs.words import OwnText

LANGUAGES = ("ja", "ja@easy", "en", "zh_Hans", "zh_Hant", "ko", "vi")
"""The locales that a survey may bring; a reader whose language is not among them reads the default."""

_CALLED: Mapping[str, tuple[str, ...]] = {
    "ja": ("ja", "jpn", "ja-jp", "jp", "japanese", "日本語", "にほんご"),
    "ja@easy": (
        "ja-easy",
        "ja@easy",
        "ja-x-easy",
        "ja-hani-easy",
        "easy",
        "easy japanese",
        "plain japanese",
        "yasashii nihongo",
        "やさしい日本語",
        "やさしいにほんご",
    ),
    "en": ("en", "eng", "en-us", "en-gb", "english", "英語", "えいご"),
    "zh_Hans": (
        "zh",
        "zh-hans",
        "zh-cn",
        "zho",
        "chinese",
        "simplified chinese",
        "chinese (simplified)",
        "中文",
        "简体中文",
        "中国語",
        "中国語(簡体字)",
        "中国語(簡体)",
        "簡体字",
    ),
    "zh_Hant": (
        "zh-hant",
        "zh-tw",
        "traditional chinese",
        "chinese (traditional)",
        "繁體中文",
        "中国語(繁体字)",
        "中国語(繁体)",
        "繁体字",
    ),
    "ko": ("ko", "kor", "ko-kr", "korean", "한국어", "韓国語"),
    "vi": ("vi", "vie", "vi-vn", "vietnamese", "tiếng việt", "ベトナム語"),
}  # untranslated: what languages are called in workbooks
_LOCALES = {called: locale for locale, names in _CALLED.items() for called in names}
_BRACKETS = re.compile(r"(.*?)\s*\(([^()]*)\)")


def locale_of(text: str) -> str | None:
    """Return the locale that *text* names: a code, a name, or ``Japanese (ja)``; None where none is known."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", "-").split())
    parts = _BRACKETS.fullmatch(plain)
    named = (plain, parts[2].strip(), parts[1]) if parts else (plain,)
    return next((_LOCALES[each] for each in named if each in _LOCALES), None)


def own_text(wordings: Mapping[str, str], default: str) -> str:
    """Return *wordings* by locale as one text, whose own wording is that in *default*; "" where that is missing."""
    given = {locale: text for locale, text in wordings.items() if text}
    return OwnText(given[default], given) if given.get(default) else ""
