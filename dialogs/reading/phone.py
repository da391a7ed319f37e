"""Japanese telephone numbers."""

import re
from collections.abc import Iterator

import phonenumbers

from dialogs.reading.text import clean, narrow

_HYPHENS = str.maketrans(dict.fromkeys("ー‐‑‒–—―−ｰ・", "-"))
_LABEL = re.compile(r"^(?:tel|phone|[℡☎📞]\ufe0f?|(?:電話|携帯)(?:番号)?|でんわ)\s*[:.]?\s*", re.IGNORECASE)
_WRITTEN = re.compile(r"[+(]?[0-9][0-9()\-. ]{4,28}", re.ASCII)
_LOCAL = re.compile(r"[1-9][0-9]{0,3}[- ]?[0-9]{4}", re.ASCII)
_JAPAN = 81
_SHORTEST = 8  # digits of the shortest number that the matcher knows, without the 0 before it
_RUN = re.compile(r"(?<![0-9])0[0-9]{9,10}(?![0-9])", re.ASCII)


def read_phone(text: str, area: str = "") -> str | None:
    """Return the Japanese number in *text* as it is written at home: 011-211-2879, 090-1234-5678.

    A number without its area code is completed with *area* ("011") where one is given.  None for what no
    subscriber can have: short and emergency numbers, foreign ones, wrong lengths.
    """
    plain = _LABEL.sub("", _plain(clean(text))).strip()
    if not _WRITTEN.fullmatch(plain):
        return None
    return _national(f"{area}-{plain}" if area and _LOCAL.fullmatch(plain) else plain)


def looks_like_phone(text: str) -> bool:
    """Return whether a telephone number stands anywhere in *text*."""
    return any(True for _ in phone_spans(clean(text)))


def phone_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each telephone number in *text*."""
    plain = _plain(text)
    if sum(map(str.isdigit, plain)) < _SHORTEST:
        return
    for match in phonenumbers.PhoneNumberMatcher(plain, "JP"):
        yield match.start, match.end
    # The matcher takes a number that touches a Latin letter (tel0901234…) for part of a word.
    for run in _RUN.finditer(plain):
        if _national(run[0]):
            yield run.span()


def _plain(text: str) -> str:
    """Return *text* with ASCII digits and hyphens, every character in its place."""
    return narrow(text).translate(_HYPHENS)


def _national(number: str) -> str | None:
    try:
        read = phonenumbers.parse(number, "JP")
    except phonenumbers.NumberParseException:
        return None
    if read.country_code != _JAPAN or not phonenumbers.is_valid_number(read):
        return None
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.NATIONAL)
