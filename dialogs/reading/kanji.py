"""Numbers written in kanji."""

import re

_DIGITS = {digit: str(n) for n, digit in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "壱": "1",
    "弐": "2",
    "参": "3",
}
_TO_ARABIC = str.maketrans(_DIGITS | {"拾": "十"})
_UNITS = re.compile(r"(?:([1-9]?)千)?(?:([1-9]?)百)?(?:([1-9]?)十)?([1-9]?)", re.ASCII)
_COLLOQUIAL = frozenset(f"{n}{n + 1}" for n in range(1, 9))

KANJI_DIGITS = "〇零一二三四五六七八九壱弐参"
"""The kanji that stand for one digit."""


def below_ten_thousand(text: str) -> int | None:
    """Return the number written as 千二百三十四, 3千5百 or 五〇; None if *text* is not one.

    二三 is refused: it is as often said for "two or three" as written for 23.
    """
    digits = text.translate(_TO_ARABIC)
    if re.fullmatch(r"[0-9]{1,4}", digits, re.ASCII):
        return None if digits in _COLLOQUIAL and digits != text else int(digits)
    found = _UNITS.fullmatch(digits)
    if not digits or not found:
        return None
    # A missing factor before 千, 百 and 十 means one; a missing last digit means none.
    thousands, hundreds, tens = (0 if factor is None else int(factor or 1) for factor in found.groups()[:3])
    return thousands * 1000 + hundreds * 100 + tens * 10 + int(found[4] or 0)
