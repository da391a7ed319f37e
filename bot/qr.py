"""A notice number as a code that a camera reads: LINE shows pictures only from a public https address (003-13).

The picture says the number and nothing else: who photographs it learns what stands in large digits beside it, and no
page opens.  Its address is signed and lives a week; whoever may see the number is given a new one at any time.
"""

from __future__ import annotations

import hmac
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from io import BytesIO

import segno
from flask import Blueprint, Response, abort

from bot.clock import Clock
from bot.service import Service
from bot.settings import Settings

LIFE = 7 * 24 * 60
"""Minutes for which an address shows its picture: from a decision to most pick-ups."""

LONGEST = 64
"""Characters of a number, far more than any series has."""

QUIET = 8
"""Modules of white around the code: twice what the standard asks, because a talk may be dark."""

SCALE = 12
"""Pixels of one module: the smallest code is 444 pixels wide."""

_MINUTE = 60_000
_MAC_BYTES = 12


@dataclass(frozen=True)
class Codes:
    """Makes and opens addresses below *public_url* with the first of *keys*; those of the others still open."""

    keys: Sequence[bytes]
    public_url: str
    clock: Clock

    def address(self, number: str) -> str:
        """Return the address of the picture of *number*, for a week from now.

        It is https even where the desk is reached by http, as on a newcomer's own machine: LINE takes nothing else,
        and the simulator asks its own desk whatever the scheme.

        Raises:
            ValueError: *number* is too long for a code.
        """
        if len(number) > LONGEST:
            raise ValueError(number)
        until = self.clock.now() // _MINUTE + LIFE
        payload = until.to_bytes(4) + number.encode()
        token = urlsafe_b64encode(_mac(self.keys[0], payload) + payload).rstrip(b"=").decode()
        return f"https:{self.public_url.partition(':')[2]}/qr/{token}.png"

    def number(self, token: str) -> str | None:
        """Return the number of an address that we made and that is not too old, None for any other."""
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (NotBase64, ValueError):
            return None
        mac, payload = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
        ours = [hmac.compare_digest(mac, _mac(key, payload)) for key in self.keys]
        if not any(ours) or int.from_bytes(payload[:4]) < self.clock.now() // _MINUTE:
            return None
        return payload[4:].decode()


def codes(settings: Settings, clock: Clock) -> Codes:
    """Return what makes and opens the addresses of a desk."""
    both = settings.secret_key, settings.secret_key_previous
    keys = [each.get_secret_value().encode() for each in both if each.get_secret_value()]
    return Codes(keys, settings.public_url, clock)


def blueprint(service: Service) -> Blueprint:
    """Return ``/qr/<token>.png``: the picture, for whoever has its address."""
    known = codes(service.settings, service.clock)
    pictures = Blueprint("qr", __name__)

    def picture(token: str) -> Response:
        number = known.number(token)
        if number is None:
            abort(404)
        return Response(drawn(number), mimetype="image/png")

    pictures.add_url_rule("/qr/<token>.png", "picture", picture)
    return pictures


@lru_cache(maxsize=256)
def drawn(number: str) -> bytes:
    """Return the picture of *number*, a PNG: black on white, legible with 15 % of it lost (level M)."""
    picture = BytesIO()
    code = segno.make_qr(number, error="m", boost_error=False, encoding="utf-8")
    code.save(picture, kind="png", scale=SCALE, border=QUIET)
    return picture.getvalue()


def inline(number: str) -> str:
    """Return the picture of *number* as an address that holds it, for whoever shows such: nothing is fetched.

    Raises:
        ValueError: *number* is too long for a code.
    """
    if len(number) > LONGEST:
        raise ValueError(number)
    return f"data:image/png;base64,{b64encode(drawn(number)).decode()}"


def _mac(key: bytes, payload: bytes) -> bytes:
    derived = blake2b(key, digest_size=32, person=b"qr-key").digest()
    return blake2b(payload, key=derived, digest_size=_MAC_BYTES, person=b"qr-1").digest()
