"""Personal data typed where it does not belong, made unreadable before it is stored."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from dialogs.reading.mynumber import is_my_number
from dialogs.reading.phone import phone_spans
from dialogs.reading.text import clean, narrow

HIDDEN = "＊＊＊"
"""What stands where personal data stood."""

SHORTEST = 5
"""Characters of the shortest thing that is looked for: a@b.c, 1丁目2番."""  # untranslated: what people type

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Masked:
    """A text without the personal data found in it, and the kinds that were found.

    The kinds are phone, email, address, my_number and card.
    """

    text: str
    kinds: frozenset[str]


_HYPHEN = re.compile("(?<=[0-9目])[ー‐‑‒–—―−ｰ](?=[0-9])", re.ASCII)

_TWELVE = re.compile(
    r"(?<![0-9+])(?:[0-9]{12}(?![0-9])"
    r"|(?<![0-9][- .])(?:[0-9]{4}([- .])[0-9]{4}\1[0-9]{4}|[0-9]{3}([- .])[0-9]{3}\2[0-9]{3}\2[0-9]{3})"
    r"(?![- .]?[0-9]))",
    re.ASCII,
)
_CARD = re.compile(
    r"(?<![0-9+])(?:[2-6][0-9]{3}([- ]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}"
    r"|3[0-9]{3}([- ]?)[0-9]{6}\2[0-9]{4,5})(?![0-9])",
    re.ASCII,
)
# Possessive, and begun only where a word begins: linear in the length of whatever is typed.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+'-])[A-Za-z0-9._%+'-]++@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)+", re.ASCII
)

_N = "[0-9〇一二三四五六七八九十百]{1,4}"
_UNIT = "(?:m|M|メートル|cm|km|円|人|個|台|枚|本|件|回|頭|セット|V|ボルト|年|月|日|時|分|%)"
_POSTAL = re.compile(
    f"〒 ?[0-9]{{3}}-?[0-9]{{4}}(?![0-9])|(?<![0-9A-Za-z.-])[0-9]{{3}}-[0-9]{{4}}(?![0-9-]| ?{_UNIT})"
)
# 北1条西2丁目 and 2丁目3番 are addresses by themselves (第3条 of an ordinance has neither a direction nor a
# 丁目); 2丁目, 3番地 and 3-4 only behind the name of a municipality.
_STREET = re.compile(
    f"(?:(?P<sure>[東西南北] ?{_N}条 ?[東西南北] ?{_N}(?:丁目)?|{_N}条 ?[東西南北]? ?{_N}丁目"
    f"|{_N}丁目 ?{_N}(?:番|号|-[0-9]))"
    f"|(?P<likely>{_N}丁目|{_N}番地|{_N}番 ?{_N}号|{_N}番町|[南北]{_N}[東西]{_N})"
    f"|(?P<hyphened>(?<![0-9./:-])[0-9]{{1,4}}-[0-9]{{1,4}}(?:-[0-9]{{1,4}})?(?![0-9./:-]| ?{_UNIT})))"
    f"(?: ?{_N}(?:丁目|番地?|号室?|条)|[-の]?[0-9]{{1,4}}(?! ?{_UNIT}|[0-9./:]))*+"
    "(?: ?[ァ-ヺー一-鿿]{2,12} ?[0-9]{1,4}号室?)?"
)
_NAME = re.compile("[ぁ-んァ-ヺー々〆一-鿿 ]{0,40}$")
_PREFECTURE = re.compile("北海道|東京都|京都府|大阪府|[一-鿿]{2,3}県")
_MUNICIPALITY = re.compile("[^ はがをで]+[都道府県市区郡町村]")
_VILLAGE = re.compile("[^ はがをで]+[町村]$")
# What stands between a municipality and a number that is no lot: 札幌市様式1-2, 中央区の受付9-16.
_NO_TOWN = re.compile(
    "様式|別記|別添|第|令和|平成|昭和|役所|年度|期間|日程|周囲|電話|受付|番号|内会|から|まで|[はがをで]"
)


def mask(text: str) -> Masked:
    """Return *text*, cleaned, with a mask for each phone number, e-mail, address, My Number and card.

    It errs on the side of hiding: about one in ten other numbers of twelve digits is taken for a My Number.
    """
    hidden, kinds = clean(text), set()
    if len(hidden) < SHORTEST:
        return Masked(hidden, frozenset())
    for kind, find in _FINDERS:
        spans = sorted(find(hidden))
        if spans:
            hidden = _without(hidden, spans)
            kinds.add(kind)
    return Masked(hidden, frozenset(kinds))


def _without(text: str, spans: list[Span]) -> str:
    """Return *text* with a mask for each of *spans*, overlapping ones together."""
    kept, end = [], 0
    for start, stop in spans:
        if start >= end:
            kept += [text[end:start], HIDDEN]
        end = max(end, stop)
    return "".join([*kept, text[end:]])


def _flat(text: str) -> str:
    """Return *text* with ASCII digits and hyphens, every character in its place."""
    return _HYPHEN.sub("-", narrow(text))


def _my_numbers(text: str) -> Iterable[Span]:
    found = _TWELVE.finditer(_flat(text))
    return (match.span() for match in found if is_my_number(re.sub("[^0-9]", "", match[0])))


def _cards(text: str) -> Iterable[Span]:
    found = _CARD.finditer(_flat(text))
    return (match.span() for match in found if _luhn(re.sub("[^0-9]", "", match[0])))


def _luhn(digits: str) -> bool:
    """Return whether the check digit (ISO/IEC 7812-1) is right."""
    doubled = (int(d) * (1 + n % 2) for n, d in enumerate(reversed(digits)))
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0


def _emails(text: str) -> Iterable[Span]:
    return (match.span() for match in _EMAIL.finditer(_flat(text)))


def _addresses(text: str) -> Iterable[Span]:
    flat = _flat(text)
    for postal in _POSTAL.finditer(flat):
        yield postal.span()
    for street in _STREET.finditer(flat):
        name = _NAME.search(flat[max(0, street.start() - 40) : street.start()])
        length = _address_length(street, name[0] if name else "")
        if length is not None:
            yield street.start() - length, street.end()


def _address_length(street: re.Match[str], name: str) -> int | None:
    """Return how much of *name*, which stands before *street*, belongs to the address; None if it is none."""
    prefecture, municipality = _PREFECTURE.search(name), _MUNICIPALITY.search(name)
    if not municipality:
        return 0 if street["sure"] else None
    if street["hyphened"] and not _is_town(name):
        return None
    return len(name) - (prefecture or municipality).start()


def _is_town(name: str) -> bool:
    """Return whether *name* ends in the name of a town, which a lot number may follow."""
    town = re.split("[都道府県市区郡村]", name)[-1].strip()
    return bool(town or _VILLAGE.search(name)) and not _NO_TOWN.search(town)


_FINDERS: tuple[tuple[str, Callable[[str], Iterable[Span]]], ...] = (
    ("my_number", _my_numbers),
    ("card", _cards),
    ("email", _emails),
    ("phone", phone_spans),
    ("address", _addresses),
)
