"""What travels in a button: an action, sealed to the person it was offered to.

The data comes back from a phone.  It is no secret from the person, so it is signed and not encrypted;
nobody else can use it, and nobody can make it.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode
from binascii import b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from dialogs.events import Action, Do

MOST = 300  # UTF-16 units, the least that a channel allows: LINE's limit on postback data
_VERSION = b"\x01"
_MAC_BYTES = 12
_LEAST_KEY_BYTES = 16
_SEPARATOR = "\0"
_NUL = "an id with a NUL cannot be sealed"

# Data too long for base64url is written in kanji, U+5000 to U+8FFF: one UTF-16 unit each as well, but of
# 14 bits: 8 in its low byte, and 6 in its high byte, which stand there as base64url would write them.
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_HIGH = bytes(range(0x50, 0x90))
_TO_HIGH, _FROM_HIGH = bytes.maketrans(_ALPHABET, _HIGH), bytes.maketrans(_HIGH, _ALPHABET)
_FIRST_KANJI = "\u5000"  # untranslated: where the alphabet begins
_PADDING = b"\xff"  # never in UTF-8, so that it can be told from what it follows


class PostbackCodec:
    """Seals and opens the data of buttons with a secret *key*; what *previous* sealed still opens."""

    def __init__(self, key: bytes, previous: bytes | None = None) -> None:
        """Keep the keys.

        Raises:
            ValueError: A key is too short to protect anything.
        """
        self._bases = [_base(_strong(each)) for each in (key, previous) if each is not None]

    def seal(self, person_id: str, action: Action) -> str:
        """Return the data that does *action* when *person_id* taps it: opaque, at most 300 characters.

        Raises:
            ValueError: *action* is too long for a button, or its ids hold a NUL.
        """
        payload = _pack(action)
        return _fitting(_VERSION + _mac(self._bases[0], person_id, payload) + payload, payload)

    def seal_all(self, person_id: str, conversation: str, payloads: Sequence[Payload]) -> list[str]:
        """Return what :meth:`seal` would for each of *payloads*, in *conversation*; for many at once.

        Raises:
            ValueError: as :meth:`seal`.
        """
        named = conversation.encode("utf-8", "surrogatepass")
        if b"\0" in named:
            raise ValueError(_NUL)
        mac = _mac_of(self._bases[0], person_id)
        found = []
        for each in payloads:
            payload = each.whole if each.whole is not None else b"".join((each.head, named, each.tail))
            one = mac.copy()
            one.update(payload)
            found.append(_fitting(_VERSION + one.digest() + payload, payload))
        return found

    def open(self, person_id: str, data: str) -> Action | None:
        """Return the action sealed in *data*; None if it was not sealed for *person_id* by us."""
        sealed = _read(data) if len(data) <= MOST else None
        if sealed is None or sealed[:1] != _VERSION:
            return None
        mac, payload = sealed[1 : 1 + _MAC_BYTES], sealed[1 + _MAC_BYTES :]
        ours = [hmac.compare_digest(mac, _mac(base, person_id, payload)) for base in self._bases]
        return _unpack(payload) if any(ours) else None

    def claim(self, data: str) -> Action | None:
        """Return what *data* says it does, unchecked: it tells to whom it must have been sealed, no more."""
        sealed = _read(data) if len(data) <= MOST else None
        try:
            return _unpack(sealed[1 + _MAC_BYTES :]) if sealed else None
        except ValueError:
            return None


def _strong(key: bytes) -> bytes:
    if len(key) < _LEAST_KEY_BYTES:
        msg = f"a key of buttons has at least {_LEAST_KEY_BYTES} bytes"
        raise ValueError(msg)
    # blake2b takes keys of up to 64 bytes; a longer one counts whole all the same.
    return blake2b(key, digest_size=32, person=b"postback-key").digest()


def _base(key: bytes) -> Any:
    return blake2b(key=key, digest_size=_MAC_BYTES, person=b"postback-1")


def _mac_of(base: Any, person_id: str) -> Any:
    """Return the code of *person_id*, to be copied for each of their buttons."""
    mac = base.copy()
    person = person_id.encode("utf-8", "surrogatepass")
    # The length keeps a longer id from passing for a shorter one with another payload.
    mac.update(len(person).to_bytes(4) + person)
    return mac


def _mac(base: Any, person_id: str, payload: bytes) -> bytes:
    mac = _mac_of(base, person_id)
    mac.update(payload)
    return mac.digest()  # type: ignore[no-any-return]


def _fitting(sealed: bytes, payload: bytes) -> str:
    data = _spell(sealed)
    if len(data) > MOST:
        msg = f"{len(payload)} bytes do not fit into a button"
        raise ValueError(msg)
    return data


@dataclass(frozen=True)
class Payload:
    """An action as it is sealed: *whole*, or around the id of the conversation that it belongs to."""

    whole: bytes | None
    head: bytes = b""
    tail: bytes = b""


def payload_of(action: Action, conversation: str) -> Payload:
    """Return *action* with a gap where it names *conversation*."""
    if not conversation or action.conversation != conversation:
        return Payload(_pack(action))
    tail = _pack(replace(action, conversation=""))
    return Payload(None, action.do.value.encode() + b"\0", tail.partition(b"\0")[2])


def _pack(action: Action) -> bytes:
    ids = (action.do.value, action.conversation, action.key, action.part)
    if any(_SEPARATOR in each for each in ids):
        raise ValueError(_NUL)
    return _SEPARATOR.join((*ids, action.value)).encode("utf-8", "surrogatepass")


def _unpack(payload: bytes) -> Action | None:
    do, conversation, key, part, value = payload.decode("utf-8", "surrogatepass").split(_SEPARATOR, 4)
    try:
        return Action(Do(do), conversation, key, part, value)
    except ValueError:  # a button of an edition that could do something we no longer do
        return None


def _spell(sealed: bytes) -> str:
    data = _in_base64(sealed)
    return data if len(data) <= MOST else _in_kanji(sealed)


def _read(data: str) -> bytes | None:
    """Return the bytes that :func:`_spell` would write as exactly *data*, else None."""
    try:
        sealed = _from_kanji(data) if data[:1] >= _FIRST_KANJI else _from_base64(data)
    except ValueError:
        return None
    # Spare bits at the end would otherwise let a changed character pass.
    return sealed if _spell(sealed) == data else None


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _in_base64(sealed: bytes) -> str:
    return b2a_base64(sealed, newline=False).translate(_URL_SAFE, b"=").decode("ascii")


def _from_base64(data: str) -> bytes:
    return urlsafe_b64decode(data + "=" * (-len(data) % 4))


def _in_kanji(sealed: bytes) -> str:
    units = -(-len(sealed) * 4 // 7)
    padded = sealed.ljust(units * 7 // 4, _PADDING)
    pairs = bytearray(2 * units)
    pairs[0::2] = _in_base64(padded[units:]).encode("ascii").ljust(units, b"A").translate(_TO_HIGH)
    pairs[1::2] = padded[:units]
    return pairs.decode("utf-16-be")


def _from_kanji(data: str) -> bytes:
    pairs = data.encode("utf-16-be")
    high, low = pairs[0::2].translate(_FROM_HIGH), pairs[1::2]
    rest = len(data) * 7 // 4 - len(data)
    return (low + _from_base64(high[: -(-rest * 4 // 3)].decode("ascii"))).rstrip(_PADDING)
