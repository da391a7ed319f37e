"""Whether a webhook was sent by LINE."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Sequence


def verify(body: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """Return whether *header* (``X-Line-Signature``) is the signature of the raw *body*.

    Any one of *secrets* may have made it: LINE makes an old channel secret invalid at once, so that the
    next and the last are known together while they are changed.  An empty secret signs nothing.  The time
    taken tells nothing about a right signature that was not given.
    """
    given = (header or "").encode("utf-8", "surrogatepass")
    return any(hmac.compare_digest(given, _sign(body, secret)) for secret in secrets if secret)


def _sign(body: bytes, secret: str) -> bytes:
    return b64encode(hmac.digest(secret.encode("utf-8", "surrogatepass"), body, "sha256"))
