"""One spelling for an address as people write it, so that it can be compared with the postal table."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 120
"""Characters of an address that are looked at: prefecture, city, ward and town end well before."""

_CLUSTER = re.compile(r"[〇一二三四五六七八九十百]+|[ｦ-ﾟ][ﾞﾟ]|.", re.DOTALL)
_KANJI_RUN = re.compile(r"[〇一二三四五六七八九十百]+")
_DIGITS = {kanji: str(value) for value, kanji in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100}
HYPHENS = "-‐‑‒–—―−－ーｰ─━"
"""What stands between the numbers of an address, hyphen, dash and long vowel alike."""
_SAME = str.maketrans(
    {
        **dict.fromkeys(HYPHENS, "-"),
        **dict.fromkeys("〜～∼", "~"),
        # 旭ヶ丘, 旭ケ丘 and 旭が丘 are one place, so are 中ノ沢 and 中の沢.
        **dict.fromkeys("ヶがガヵ", "ケ"),
        **dict.fromkeys("ノ之", "の"),
        # Old forms that stand in family registers and on old letters.
        **dict(zip("條澤溪國櫻瀧濱榮眞廣區", "条沢渓国桜滝浜栄真広区", strict=True)),
    }
)
_DROPPED = frozenset(" 、,") | {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
"""Spaces, commas, and the selectors that only choose how a sign is drawn."""
_BETWEEN_DIGITS = re.compile(rf"(?<=[0-9])[{HYPHENS}](?=[0-9])")
_WIDE_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}


@dataclass(frozen=True)
class Folded:
    """*text* in the one spelling; ``ends[i]`` is where its character i ends in what was *written*."""

    text: str
    ends: tuple[int, ...]
    written: str

    def splits(self, at: int) -> bool:
        """Return whether a cut before character *at* goes through one written sign or number."""
        if at >= len(self.text):
            return False
        end = self.ends[at - 1]
        # 郷六3 changes its numerals where the town ends; in 郷63 nobody can tell.
        return end == self.ends[at] or self.written[end - 1 : end + 1].isdecimal()


def fold(text: str) -> Folded:
    """Return the beginning of *text* with one width, one kind of numeral and no spaces."""
    signs: list[str] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text[:LONGEST]):
        plain = _plain(cluster.group())
        signs.append(plain)
        ends += [cluster.end()] * len(plain)
    return Folded("".join(signs), tuple(ends), text)


def folded(text: str) -> str:
    """Return only the spelling of :func:`fold`."""
    return fold(text).text


def tidy(rest: str) -> str:
    """Return the lot and building as written, but digits narrow and hyphens between them plain."""
    narrow = rest.strip(" \t\r\n\u3000、,").translate(_WIDE_DIGITS)
    return _BETWEEN_DIGITS.sub("-", narrow)


def _plain(cluster: str) -> str:
    if _KANJI_RUN.fullmatch(cluster):
        return _kanji_number(cluster)
    same = unicodedata.normalize("NFKC", cluster).translate(_SAME).lower()
    return "".join(sign for sign in same if sign.isprintable() and sign not in _DROPPED)


def _kanji_number(run: str) -> str:
    """Return 二十四 as 24 and 二四 as 24 too."""
    if not set(run) & set(_UNITS):
        return "".join(_DIGITS[sign] for sign in run)
    total, waiting = 0, ""
    for sign in run:
        if sign in _UNITS:
            total += int(waiting or 1) * _UNITS[sign]
            waiting = ""
        else:
            waiting += _DIGITS[sign]
    return str(total + int(waiting or 0))
