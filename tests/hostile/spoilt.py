"""Bodies of webhooks that are spoilt as bytes, or as envelopes: whatever arrives under a right signature."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from tests.hostile.wire import STRANGE, Raw, dumped
from tests.support.service import BOT, envelope


def _encoded(encoding: str) -> Callable[[bytes], bytes]:
    return lambda body: body.decode().encode(encoding, "replace")


NO_WEBHOOK: Mapping[str, Callable[[bytes], bytes]] = {
    **{f"in {name}": _encoded(name) for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32")},
    "packed with gzip": gzip.compress,
    "packed with zlib": zlib.compress,
    "cut in half": lambda body: body[: len(body) // 2],
    "without its end": lambda body: body[:-1],
    "twice": lambda body: body + body,
    "in a list": lambda body: b"[" + body + b"]",
    "in a text": lambda body: json.dumps(body.decode()).encode(),
    "with a comma too many": lambda body: body[:-1] + b",}",
    "with something behind it": lambda body: body + b"x",
    "with a comment": lambda body: b"/* x */" + body,
    "with a prefix against hijacking": lambda body: b")]}',\n" + body,
    "in single quotes": lambda body: body.replace(b'"', b"'"),
    "as a form": lambda body: b"payload=" + body,
    "nothing": lambda _body: b"",
    "only the mark of UTF-8": lambda _body: b"\xef\xbb\xbf",
    "a megabyte of brackets": lambda _body: b"[" * 1_000_000,
    "a megabyte of objects": lambda _body: b'{"a":' * 200_000,
    "a text without end in depth": lambda _body: b"[" * 70 + b'"' + b'\\"' * 200_000,
    "a backslash without end": lambda _body: b"[" * 70 + b'"\\' * 200_000,
    "every byte": lambda _body: bytes(range(256)) * 100,
    "a number of a megabyte": lambda _body: b"9" * 1_000_000,
    "a decimal of a megabyte": lambda _body: b"0." + b"9" * 900_000,
    "not a number": lambda _body: b"NaN",
}
"""What is signed, and yet says nothing."""

STILL_ONE: Mapping[str, Callable[[bytes], bytes]] = {
    "as it is": lambda body: body,
    "with the mark of UTF-8": lambda body: b"\xef\xbb\xbf" + body,
    "spread over lines": lambda body: json.dumps(json.loads(body), indent=8).encode(),
    "in Japanese letters": lambda body: json.dumps(json.loads(body), ensure_ascii=False).encode(),
    "with spaces around it": lambda body: b" \r\n\t" + body + b" \r\n\t",
    "with a NUL in a text": lambda body: body.replace(b'"active"', b'"act\0ive"'),
    "with a byte that is no letter": lambda body: body.replace(b'"destination"', b'"desti\xffnation"'),
    "with its events again, before": lambda body: b'{"events":[],' + body[1:],
    "with what we do not know": lambda body: b'{"more":{"a":[1,2,{"b":null}]},' + body[1:],
    "with what is too deep": lambda body: b'{"more":' + b"[" * 9_000 + b"]" * 9_000 + b"," + body[1:],
    "with the name of another, empty": lambda body: body.replace(BOT.encode(), b""),
}
"""What can still be read: its event counts."""


def envelopes(event: Mapping[str, Any]) -> tuple[bytes, ...]:
    """Return bodies that hold *event* at odd places, and in odd company."""
    odd = [dumped({"destination": BOT, "events": each}) for each in STRANGE]
    odd += [dumped({"destination": each, "events": [event]}) for each in STRANGE]
    odd += [dumped({"events": [each, event]}) for each in STRANGE]
    odd += [dumped({"destination": BOT, "events": {"0": event}}), dumped({"events": [[event]]})]
    odd += [dumped({"Events": [event]}), dumped({"events": Raw("[" + "{}," * 2_000 + "null]")})]
    return tuple(each.encode("utf-8", "surrogatepass") for each in odd)


def bytes_of(chance: Random, body: bytes) -> bytes:
    """Return *body* with some bytes changed, cut out, doubled or put in."""
    spoilt = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        place, length = chance.randrange(len(spoilt) or 1), chance.choice([1, 1, 2, 8, 64])
        piece = spoilt[place : place + length]
        match chance.randrange(5):
            case 0:
                spoilt[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del spoilt[place : place + length]
            case 2:
                spoilt[place:place] = piece
            case 3:
                spoilt[place:place] = chance.choice(
                    [b"\0", b'"', b"\\", b"{", b"]", b",", b"\xed\xa0\x80", b"\xff"]
                )
            case _:
                spoilt[place : place + 1] = bytes(
                    [(spoilt[place] if spoilt else 0) ^ 1 << chance.randrange(8)]
                )
    return bytes(spoilt)


def crowd(good: list[Mapping[str, Any]], many: int) -> bytes:
    """Return a body of *many* entries that are no events, with the *good* ones spread among them."""
    entries: list[object] = [{} if number % 3 else None for number in range(many)]
    for number, each in enumerate(good):
        entries.insert(number * many // max(len(good) - 1, 1), each)
    return envelope(entries)
