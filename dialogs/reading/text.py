"""What may be kept of a typed text, a key to compare by, and lengths as people and platforms count them.

A name is kept exactly as it was typed: NFC and NFKC both turn 神 (U+FA19) and its like into another
character, so normalising is for keys and machine fields only.
"""

import unicodedata
from functools import lru_cache
from itertools import accumulate

import regex

_LINE_ENDS = regex.compile(r"\r\n|[\r\u2028\u2029]")

# Invisible characters can hide a spoofed name or turn the reading direction of a whole table; those that
# draw an emoji or choose the glyph of a name (葛󠄀) belong to the text.
_UNSEEN = regex.compile(
    r"""
      (?: (?<=\p{Extended_Pictographic}) | (?<=[0-9\#*])(?=.\u20E3) ) (?P<kept> [\uFE0E\uFE0F] )
    | (?<=\p{Han}) (?P<kept> [\uFE00-\uFE02\U000E0100-\U000E01EF] )
    | (?<=\p{Extended_Pictographic}[\uFE0F\U0001F3FB-\U0001F3FF]?)
      (?P<kept> \u200D ) (?=\p{Extended_Pictographic})
    | [\p{Cc}--\n] | \p{Cs} | \p{Noncharacter_Code_Point} | \p{Default_Ignorable_Code_Point}
    | [\uFFF9-\uFFFB]
    """,
    regex.VERBOSE | regex.VERSION1,
)

_SURROUNDING = "。．.、,！!「」『』\"'"

_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_WIDE = str.maketrans("｡､･", "。、・")


def clean(text: str) -> str:
    """Return what may be stored of *text*: no controls but line ends, nothing invisible, no outer space.

    Everything else stays as typed, code point by code point.  Cleaning twice changes nothing.
    """
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _UNSEEN.sub(lambda found: found["kept"] or "", lines).strip()


def fold(text: str) -> str:
    """Return a key under which spellings of the same answer meet; never shown and never stored."""
    key = unicodedata.normalize("NFKC", clean(text))
    key = unicodedata.normalize("NFKC", "".join(key.split()).casefold())
    return key.strip(_SURROUNDING)


@lru_cache(maxsize=4096)
def fold_wording(wording: str) -> str:
    """Return :func:`fold` of a *wording* of ours, and keep it; what people type is never kept."""
    return fold(wording)


def narrow(text: str) -> str:
    """Return *text* with full-width ASCII made half-width (and 、。・ full-width), in place.

    Unlike NFKC it keeps every position and turns neither ² nor ① into a digit.
    """
    return text.translate(_NARROW).translate(_WIDE)


def graphemes(text: str) -> int:
    """Return how many characters a person sees in *text*."""
    return sum(1 for _ in regex.finditer(r"\X", text))


def utf16(text: str) -> int:
    """Return the length of *text* in UTF-16 code units, as LINE counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, most: int, *, ellipsis: str = "…") -> str:
    """Return *text* in at most *most* graphemes, ending in *ellipsis* where something is left out."""
    seen = regex.findall(r"\X", text)
    if len(seen) <= most:
        return text
    room = most - graphemes(ellipsis)
    if room < 0:
        return "".join(seen[: max(most, 0)])
    return "".join(seen[:room]) + ellipsis


def clip_utf16(text: str, most: int, *, ellipsis: str = "…") -> str:
    """Return *text* in at most *most* UTF-16 code units, no grapheme split, ending in *ellipsis* if cut."""
    if utf16(text) <= most:
        return text
    end = ellipsis if utf16(ellipsis) <= most else ""
    seen = regex.findall(r"\X", text)
    ends = accumulate(utf16(each) for each in seen)
    return "".join(each for each, stop in zip(seen, ends, strict=True) if stop <= most - utf16(end)) + end
