"""What keeps a spreadsheet from reading a text of a CSV file as anything but that text.

A text that would run as a formula, or that Excel would change on opening (a lot number 1-2-3 into a day, 0123
into 123), gets an apostrophe in front.  A text that begins with one itself gets another, so the rule for
machines is simple: where a cell begins with an apostrophe, that one was added.
"""

from __future__ import annotations

import re
import unicodedata

MARK = "'"

_FORMULA = frozenset("=+-@＝＋－＠")
_BREAKS = frozenset("\t\r\n")
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,10})(?:\.[0-9]*[1-9])?")

_YEAR = r"(?:19[0-9]{2}|[2-9][0-9]{3})"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_CHANGED = re.compile(
    "|".join(
        (
            r"0[0-9]+",  # leading zeros go
            r"[0-9][0-9,]{11,}",  # long numbers become 1.23E+11
            r"[0-9.]+e[-+]?[0-9]+",
            rf"(?:{_YEAR}|[0-9]{{1,2}})[-/][0-9]{{1,2}}(?:[-/][0-9]{{1,2}})?",  # days and months
            rf"(?:[0-9]{{1,2}}[-/])?[0-9]{{1,2}}[-/]{_YEAR}",
            rf"[0-9]{{1,2}}[-/. ]?{_MONTH}(?:[-/. ]?[0-9]{{1,4}})?",
            rf"{_MONTH}[-/. ]?[0-9]{{1,4}}",
            r"[0-9]{1,4}:[0-9]{1,2}(?::[0-9]{1,2})?(?: ?[ap]m?)?",  # times
            r"\([0-9][0-9,.]*\)",  # a bookkeeper's minus
            r"(?:[0-9]+ )?[0-9]+/[0-9]+",
        )
    )
)
_HIRAGANA, _KATAKANA = "\u3041", "\u30fe"  # untranslated: the first and the last of each
_FIRST_KANJI, _LAST_KANJI = "\u4e00", "\u9fff"  # untranslated: likewise
_LONGEST = 30  # nothing longer is read as a number or a day, but any length as a formula


def guarded(text: str) -> str:
    """Return *text* such that a spreadsheet shows it as it is."""
    return MARK + text if _is_at_risk(text) else text


def _is_at_risk(text: str) -> bool:
    # Nothing that begins with kana or kanji is a formula, a number or a day, however it goes on.
    if not text or _HIRAGANA <= text[0] <= _KATAKANA or _FIRST_KANJI <= text[0] <= _LAST_KANJI:
        return False
    if _NUMBER.fullmatch(text):
        return False
    if text[0] in _BREAKS or text[0] == MARK or text.lstrip()[:1] in _FORMULA:
        return True
    return _is_changed(text)


def _is_changed(text: str) -> bool:
    # Japanese Excel reads full-width digits as digits.
    plain = unicodedata.normalize("NFKC", text[: _LONGEST + 1]).strip().lower()
    if len(plain) <= _LONGEST:
        return _CHANGED.fullmatch(plain) is not None
    return text.isdecimal()
