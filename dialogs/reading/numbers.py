"""Amounts and choices as people type them; what is not plainly a number is not read at all."""

import re
import unicodedata
from decimal import Decimal

from dialogs.reading.kanji import KANJI_DIGITS, below_ten_thousand
from dialogs.reading.manners import bare
from dialogs.reading.text import clean, narrow

_SPELLINGS: dict[str, frozenset[str]] = {
    "m": frozenset({"メートル", "めーとる", "メーター", "米", "metre", "metres", "meter", "meters"}),
    "cm": frozenset({"センチ", "センチメートル"}),
    "km": frozenset({"キロ", "キロメートル"}),
    "m2": frozenset({"平方メートル", "平米", "平方m"}),
    "V": frozenset({"ボルト", "volt", "volts"}),
    "人": frozenset({"名", "名様", "にん", "people", "persons", "person"}),
    "個": frozenset({"コ", "ケ", "ヶ", "こ", "つ"}),
    "台": frozenset({"だい"}),
    "セット": frozenset({"せっと", "組", "set", "sets"}),
    "頭": frozenset({"とう", "匹"}),
    "回": frozenset({"かい", "度", "times"}),
    "円": frozenset({"えん", "yen"}),
    "日": frozenset({"日間", "day", "days"}),
    "分": frozenset({"分間", "min", "minute", "minutes"}),
    "GB": frozenset({"G", "ギガ", "ギガバイト"}),
    "TB": frozenset({"T", "テラ", "テラバイト"}),
}

_AROUND = re.compile(r"^(?:約|およそ|おおよそ|だいたい|大体)\s*")
_ABOUT = re.compile(r"(?:くらい|ぐらい|ほど|程度)$")
_NUMBER = re.compile(rf"([-−]?)([0-9.,{KANJI_DIGITS}十拾百千万億]+)\s*(.*)", re.ASCII | re.DOTALL)
_ARABIC = re.compile(r"(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,6})?", re.ASCII)
_MYRIAD = {"万": 10**4, "億": 10**8}
_DECIMAL_MYRIADS = re.compile(r"([0-9]{1,4}\.[0-9]{1,4})([万億])", re.ASCII)
_MYRIADS = re.compile(r"(?:([^万億]+)億)?(?:([^万億]+)万)?([^万億]*)")

_CIRCLED = {0x2460 + n: f" {n + 1} " for n in range(20)}
_CIRCLED |= {0x3251 + n: f" {n + 21} " for n in range(15)}
_CIRCLED |= {0x32B1 + n: f" {n + 36} " for n in range(15)}
_KEYCAP = re.compile("\ufe0f?\u20e3")
_BETWEEN = re.compile(r"\s*(?:and|[\s,、・/&+と])[\s,、・/&+と]*")
_ORDINAL = re.compile(rf"([0-9]{{1,3}}|[{KANJI_DIGITS}十百]+)(?:番目?|ばん(?:め)?|個目|つ目|つめ)?", re.ASCII)


def read_number(text: str, unit: str = "") -> Decimal | None:
    """Return the number *text* gives, in *unit*; None where it is none or could be two.

    Read: ４０, 1,200, 四十, 1万2千, 五〇, 40メートル for the unit m, 約40m.  Refused: 40〜50, 12,5, ②, 1e5.
    """
    plain = _AROUND.sub("", narrow(clean(text)).strip())
    plain = _ABOUT.sub("", bare(plain)).strip().rstrip(".。")
    found = _NUMBER.fullmatch(plain)
    if not found or not _names(found[3], unit):
        return None
    amount = _amount(found[2])
    return -amount if found[1] and amount is not None else amount


def _names(suffix: str, unit: str) -> bool:
    """Return whether *suffix* is nothing or a spelling of *unit*."""
    known = {_unit_key(unit)} | {_unit_key(word) for word in _SPELLINGS.get(unit, ())}
    return not suffix or _unit_key(_ABOUT.sub("", suffix)) in known


def _unit_key(unit: str) -> str:
    return unicodedata.normalize("NFKC", unit).casefold()


def _amount(digits: str) -> Decimal | None:
    if _ARABIC.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    if found := _DECIMAL_MYRIADS.fullmatch(digits):
        return Decimal(found[1]) * _MYRIAD[found[2]]
    found = _MYRIADS.fullmatch(digits)
    return _sum(found) if found else None


def _sum(written: re.Match[str]) -> Decimal | None:
    """Return the sum of the parts 億, 万 and the rest, each below 10,000."""
    parts = zip(written.groups(), (_MYRIAD["億"], _MYRIAD["万"], 1), strict=True)
    total = 0
    for part, myriad in parts:
        value = below_ten_thousand(part) if part else 0
        if value is None:
            return None
        total += value * myriad
    return Decimal(total)


def read_ordinals(text: str) -> tuple[int, ...] | None:
    """Return the numbers of the choices named in *text*, in the order typed, each once.

    None if it holds anything else, a zero, or nothing.  "13" is the thirteenth, not the first and third.
    """
    plain = _KEYCAP.sub(" ", clean(text).translate(_CIRCLED))
    plain = bare(narrow(plain).casefold().strip()).strip(" 。.、,")
    chosen = [_ordinal(part) for part in _BETWEEN.split(plain)]
    found = tuple(dict.fromkeys(n for n in chosen if n))
    return found if all(chosen) else None


def _ordinal(part: str) -> int | None:
    found = _ORDINAL.fullmatch(part)
    if not found:
        return None
    # 一三 could be the thirteenth or the first and the third.
    together = len(found[1]) > 1 and not re.search("[0-9十百]", found[1])
    return None if together else below_ten_thousand(found[1])
