"""JSON from outside, made harmless: no NUL, no half character, no endless number, nothing bottomless."""

from __future__ import annotations

import json
import re
from typing import Any

DEEPEST = 64
_MOST_DIGITS = 18  # what still fits a 64-bit column
_REPLACEMENT = "\ufffd"
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)
# A text without its end runs to the end of all: tried anew from each of its quotes, it would take hours.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


def read_json(body: bytes) -> Any:
    """Return what *body* says; None when it is no JSON.  Raises nothing.

    Bytes that are no UTF-8, NUL and lone surrogates become U+FFFD, numbers that no column holds become
    None, and so does whatever lies more than 64 deep.
    """
    text = body.decode("utf-8-sig", "replace")
    try:
        said = _decode(text if _is_shallow(text) else _cut(text))
    except ValueError:
        return None
    return said if _is_clean(text) else _mended(said)


def _is_shallow(text: str) -> bool:
    """Return whether *text* has too few brackets to go deep: so has nearly all that LINE sends."""
    return text.count("{") + text.count("[") <= DEEPEST


def _is_clean(text: str) -> bool:
    """Return whether *text* writes no unfit character: nothing that is or may be a NUL or half of a pair."""
    return "\0" not in text and not _ESCAPED.search(text)


def _cut(text: str) -> str:
    """Return *text* with null for what lies too deep; the parser itself would give up and lose it all."""
    kept, depth, done = [], 0, 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == DEEPEST + 1:
                kept.append(text[done : token.start()] + "null")
        elif token[0] in "]}":
            if depth > DEEPEST:
                done = token.end()
            depth -= 1
    return "".join(kept) + (text[done:] if depth <= DEEPEST else "")


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits.lstrip("-")) <= _MOST_DIGITS else None


def _decimal(digits: str) -> float | None:
    number = float(digits)
    return number if abs(number) != float("inf") else None


def _nothing(_word: str) -> None:
    """Return None for NaN and Infinity, which are no JSON and no database's number."""


# Control characters inside texts are not allowed by JSON, but one of them must not cost the others.
_decode = json.JSONDecoder(
    parse_int=_whole, parse_float=_decimal, parse_constant=_nothing, strict=False
).decode


def _mended(value: Any) -> Any:
    """Return *value* with every unfit character replaced."""
    if isinstance(value, str):
        return _UNFIT.sub(_REPLACEMENT, value)
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(item) for name, item in value.items()}
    return value
