"""A stream sealed piece by piece: AES-256-GCM, with the order of the pieces and the end of them authenticated.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, 2015), as age and Tink use it: a key for this
file alone, and a nonce that counts the pieces and says which is the last.  A piece that is changed, left out,
doubled, moved, or taken from another file does not open, and neither does a file that was cut off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

PIECE = 1 << 20
"""Bytes sealed at a time: what writing and reading hold in memory."""

SALT = 32
SCRYPT = {"n": 1 << 17, "r": 8, "p": 1}
"""The cost of trying a passphrase: 128 MB and some tenths of a second each."""

_TAG = 16
_INFO = b"madoguchi backup 1"


class SealBroken(ValueError):
    """The stream is not the one that was sealed, is cut off, or the key is another one."""


def from_passphrase(passphrase: str, salt: bytes) -> bytes:
    """Return the key of 32 bytes that *passphrase* makes with *salt*."""
    return Scrypt(salt=salt, length=32, **SCRYPT).derive(passphrase.encode())


def new_salt() -> bytes:
    """Return a salt that no other file has."""
    return os.urandom(SALT)


@dataclass(frozen=True)
class _Pieces:
    """Seals and opens the pieces of one file by their number."""

    cipher: AESGCM
    bound: bytes

    def nonce(self, number: int, *, last: bool) -> bytes:
        return number.to_bytes(11, "big") + bytes([last])

    def seal(self, number: int, content: bytes, *, last: bool) -> bytes:
        return self.cipher.encrypt(self.nonce(number, last=last), content, self.bound)

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        try:
            return self.cipher.decrypt(self.nonce(number, last=last), sealed, self.bound)
        except (InvalidTag, ValueError):
            raise SealBroken("another key, or not what was written") from None


def _pieces(key: bytes, salt: bytes, bound: bytes) -> _Pieces:
    # A key for this file alone: the nonces may then begin at 0 in each.
    own = HKDF(algorithm=SHA256(), length=32, salt=salt, info=_INFO).derive(key)
    return _Pieces(AESGCM(own), bound)


class SealingWriter:
    """Seals what is written to it into *target*; :meth:`finish` writes the last piece."""

    def __init__(self, target: IO[bytes], key: bytes, salt: bytes, bound: bytes) -> None:
        self._target = target
        self._pieces = _pieces(key, salt, bound)
        self._waiting = bytearray()
        self._number = 0

    def write(self, content: bytes) -> None:
        """Take *content*; whole pieces are sealed and written on."""
        self._waiting += content
        while len(self._waiting) > PIECE:  # a full piece stays until it is known whether it is the last
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def finish(self) -> None:
        """Write the last piece, without which the stream does not open."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, content: bytes, *, last: bool) -> None:
        self._target.write(self._pieces.seal(self._number, content, last=last))
        self._number += 1


def opened(source: IO[bytes], key: bytes, salt: bytes, bound: bytes) -> Iterator[bytes]:
    """Yield what was sealed into *source*, piece by piece.

    Raises:
        SealBroken: Something is wrong, at the latest after the last piece: use nothing before the end.
    """
    pieces = _pieces(key, salt, bound)
    number, sealed = 0, source.read(PIECE + _TAG)
    while True:
        following = source.read(PIECE + _TAG)
        yield pieces.open(number, sealed, last=not following)
        if not following:
            return
        number, sealed = number + 1, following
