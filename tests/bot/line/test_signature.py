"""Only what LINE signed is listened to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import string

import pytest

from bot.line.signature import verify

BODY = '{"destination":"U1","events":[]}　窓口'.encode()
SECRET, PREVIOUS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"


def sign(body: bytes, secret: str, algorithm: str = "sha256") -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, algorithm).digest()).decode()


RIGHT = sign(BODY, SECRET)
DIGEST = base64.b64decode(RIGHT)


def changed(text: str, place: int) -> str:
    other = "A" if text[place] != "A" else "B"
    return text[:place] + other + text[place + 1 :]


def last_bits_changed() -> str:
    """Return another spelling of the same digest: base64 leaves two bits of its last letter unused."""
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    spelling = RIGHT[:-2] + alphabet[alphabet.index(RIGHT[-2]) ^ 1] + "="
    assert base64.b64decode(spelling) == DIGEST
    return spelling


FORGED: list[str | None] = [
    None,
    "",
    " ",
    "=",
    "null",
    "0",
    RIGHT + "=",
    RIGHT + " ",
    " " + RIGHT,
    RIGHT + "\n",
    RIGHT + "\0",
    RIGHT.rstrip("="),
    RIGHT.lower(),
    RIGHT.upper(),
    RIGHT.swapcase(),
    RIGHT * 2,
    RIGHT[::-1],
    f"sha256={RIGHT}",
    f"{RIGHT},{RIGHT}",
    DIGEST.hex(),
    DIGEST.decode("latin-1"),
    base64.urlsafe_b64encode(DIGEST).decode() + "-",
    base64.b64encode(DIGEST[:-1]).decode(),
    base64.b64encode(DIGEST + b"\0").decode(),
    last_bits_changed(),
    sign(BODY, ""),
    sign(BODY, SECRET.upper()),
    sign(BODY, SECRET + " "),
    sign(BODY, SECRET[:-1]),
    sign(BODY, PREVIOUS),
    sign(BODY, SECRET, "sha1"),
    sign(BODY, SECRET, "sha512"),
    sign(BODY, SECRET, "md5"),
    sign(b"", SECRET),
    sign(BODY + b"\n", SECRET),
    sign(BODY[:-1], SECRET),
    sign(BODY.upper(), SECRET),
    base64.b64encode(hashlib.sha256(BODY).digest()).decode(),
    base64.b64encode(hashlib.sha256(SECRET.encode() + BODY).digest()).decode(),
    "署名",
    "\ud800",
    "A" * 44,
    "A" * 100_000,
    *(changed(RIGHT, place) for place in range(0, 43, 2)),
]


def test_a_right_signature_is_believed() -> None:
    assert verify(BODY, RIGHT, [SECRET])


def test_both_secrets_count_while_they_are_changed() -> None:
    assert verify(BODY, sign(BODY, PREVIOUS), [SECRET, PREVIOUS])
    assert verify(BODY, RIGHT, [SECRET, PREVIOUS])


def test_sixty_variants_are_tried() -> None:
    assert len(FORGED) >= 60


@pytest.mark.parametrize("header", FORGED, ids=range(len(FORGED)))
def test_no_forged_signature_is_believed(header: str | None) -> None:
    assert not verify(BODY, header, [SECRET])


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_believed(secrets: list[str]) -> None:
    header = base64.b64encode(hmac.digest(b"", BODY, "sha256")).decode()

    assert not verify(BODY, header, secrets)


def test_an_empty_body_may_be_signed() -> None:
    assert verify(b"", sign(b"", SECRET), [SECRET])


def test_the_bytes_count_and_not_what_they_say() -> None:
    assert not verify(BODY.replace(b":", b": "), RIGHT, [SECRET])
