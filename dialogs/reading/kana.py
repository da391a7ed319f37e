"""フリガナ."""

import re
import unicodedata

import jaconv

from dialogs.reading.text import clean

# U+31F0–31FF are the small kana of Ainu names.
_KANA = re.compile(r"[ァ-ヺㇰ-ㇿ][ァ-ヺㇰ-ㇿ・ーヽヾ]*(?: [ァ-ヺㇰ-ㇿ][ァ-ヺㇰ-ㇿ・ーヽヾ]*)*")
_VOICING = str.maketrans({"゛": "\u3099", "゜": "\u309a"})


def read_kana(text: str) -> str | None:
    """Return the reading *text* gives, in full-width katakana with one full-width space between parts.

    Hiragana and half-width kana are turned into it; None if anything but kana is left.
    """
    wide = jaconv.h2z(clean(text)).translate(_VOICING)
    composed = unicodedata.normalize("NFC", wide)
    kana = " ".join(jaconv.hira2kata(composed).split())
    return kana.replace(" ", "\u3000") if _KANA.fullmatch(kana) else None
