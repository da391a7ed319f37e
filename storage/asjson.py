"""Answers as JSON text, and back.

Every text that comes out of here can be stored: a NUL is escaped, and half of a surrogate pair, which neither
database takes and which only a broken or hostile sender produces, becomes the replacement character.
"""

from __future__ import annotations

import json
from typing import Any

# One encoder for all: json.dumps would make a new one at each call that asks for anything unusual.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode

_EMPTY = "{}"


def dump(value: Any) -> str:
    """Return *value* as JSON text; equal values give equal texts."""
    if value == {}:  # as most of what is stored beside the answers
        return _EMPTY
    return sound(_encode(value))


def load(text: str | bytes) -> Any:
    """Return the value of JSON text that was stored."""
    if text == _EMPTY:
        return {}
    return json.loads(text)


def sound(text: str) -> str:
    """Return *text* with its split surrogate pairs joined and lone surrogates replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
