"""Links to private pages that wait in a queue: a stub that opens nothing, made into the link when it is sent.

A link is worth what the page behind it holds.  So the database knows its token's hash alone, and a message that
waits, or is kept after it was sent, holds only what the token is derived from with a key that is not there.  It
is derived and not drawn: a message that is sent again must be the same message.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

_STUB = re.compile(r"unsent\.([0-9a-f]{8})\.([A-Za-z0-9_-]{22})")
_MARK = "unsent."


class PageLinks:
    """Makes stubs and tokens with the first of *keys*; the stubs of the others still become their tokens."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {sha256(b"page-link-key\0" + key).hexdigest()[:8]: key for key in reversed(keys)}
        self._current = next(reversed(self._keys))

    def new(self) -> tuple[str, str]:
        """Return a new stub, to stand in a message, and its token of 256 bits, to be known by its hash."""
        nonce = secrets.token_urlsafe(16)
        return f"{_MARK}{self._current}.{nonce}", self._token(self._current, nonce)

    def filled(self, text: str) -> str:
        """Return *text* with each stub made into its token."""
        if _MARK not in text:
            return text
        return _STUB.sub(
            lambda stub: self._token(stub[1], stub[2]) if stub[1] in self._keys else stub[0], text
        )

    def _token(self, name: str, nonce: str) -> str:
        derived = hmac.digest(self._keys[name], b"page-link\0" + nonce.encode(), "sha256")
        return urlsafe_b64encode(derived).rstrip(b"=").decode()
