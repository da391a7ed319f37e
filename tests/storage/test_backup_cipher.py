"""Pieces that were left out, doubled, moved, cut off or taken from another file do not open."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest

from storage import backup_cipher
from storage.backup_cipher import PIECE, SealBroken, SealingWriter, new_salt, opened

KEY, BOUND = b"k" * 32, b"header"
SALT = new_salt()
SEALED = PIECE + 16


def sealed(content: bytes, key: bytes = KEY, salt: bytes = SALT) -> bytes:
    target = io.BytesIO()
    writer = SealingWriter(target, key, salt, BOUND)
    for start in range(0, len(content), 70_001):
        writer.write(content[start : start + 70_001])
    writer.finish()
    return target.getvalue()


def read(content: bytes, key: bytes = KEY, salt: bytes = SALT, bound: bytes = BOUND) -> bytes:
    return b"".join(opened(io.BytesIO(content), key, salt, bound))


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5])
def test_what_was_sealed_is_read(length: int) -> None:
    content = bytes(number % 251 for number in range(length))

    assert read(sealed(content)) == content


CHANGES: dict[str, Callable[[Sequence[bytes]], Sequence[bytes]]] = {
    "one left out": lambda each: [each[0], *each[2:]],
    "the last left out": lambda each: each[:-1],
    "the first left out": lambda each: each[1:],
    "one twice": lambda each: [each[0], each[0], *each[1:]],
    "two changed places": lambda each: [each[1], each[0], *each[2:]],
    "the last twice": lambda each: [*each, each[-1]],
    "something added": lambda each: [*each, b"more"],
    "one cut": lambda each: [each[0][:-1], *each[1:]],
    "the last cut": lambda each: [*each[:-1], each[-1][:-1]],
    "a bit turned": lambda each: [bytes([each[0][0] ^ 1]) + each[0][1:], *each[1:]],
    "nothing": lambda _each: [],
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_any_kind_is_noticed(change: str) -> None:
    whole = sealed(bytes(3 * PIECE + 5))
    pieces = [whole[start : start + SEALED] for start in range(0, len(whole), SEALED)]
    assert b"".join(pieces) == whole

    with pytest.raises(SealBroken):
        read(b"".join(CHANGES[change](pieces)))


def test_a_piece_of_another_file_under_the_same_key_does_not_open() -> None:
    one, other = sealed(bytes(2 * PIECE)), sealed(bytes(2 * PIECE), salt=new_salt())

    with pytest.raises(SealBroken):
        read(one[:SEALED] + other[SEALED:])


def test_another_key_salt_or_header_opens_nothing() -> None:
    whole = sealed(b"content")

    for other in ({"key": b"K" * 32}, {"salt": new_salt()}, {"bound": b"Header"}):
        with pytest.raises(SealBroken):
            read(whole, **other)
    assert read(whole) == b"content"


def test_the_same_content_is_sealed_differently_in_each_file() -> None:
    assert sealed(b"content") != sealed(b"content", salt=new_salt())


def test_a_passphrase_gives_one_key_for_one_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_cipher, "SCRYPT", {"n": 16, "r": 8, "p": 1})  # the cost is not under test
    make = backup_cipher.from_passphrase

    assert make("見本のあいことば", SALT) == make("見本のあいことば", SALT)
    assert len({make("見本のあいことば", SALT), make("見本のあいことば", new_salt()), make("別", SALT)}) == 3
