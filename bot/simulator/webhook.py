"""One webhook over HTTP, as LINE posts it."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import requests

from bot.simulator.events import Json

_SECONDS = (2.0, 10.0)
NO_ANSWER = 0
"""The status of a webhook that met nobody, or nobody who answered in time."""


@dataclass(frozen=True)
class Posted:
    """What a webhook met.  *took* is in milliseconds."""

    body: bytes
    status: int
    took: int
    answer: str

    @property
    def well(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - 2xx


class Postman:
    """Signs with the channel's secret and posts to one address."""

    def __init__(self, url: str, secret: str, destination: str) -> None:
        self.url = url
        self._secret = secret.encode()
        self._destination = destination
        self._own = threading.local()  # a session of requests is for one thread

    def post(self, events: Sequence[Json]) -> Posted:
        return self._post(events, self._secret)

    def post_forged(self, events: Sequence[Json]) -> Posted:
        """Post as somebody would who does not know the secret."""
        return self._post(events, b"not the secret of this channel")

    def _post(self, events: Sequence[Json], secret: bytes) -> Posted:
        envelope = {"destination": self._destination, "events": list(events)}
        written = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
        body = written.encode("utf-8", "surrogatepass")  # a test may hand over what no honest client writes
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "X-Line-Signature": sign(body, secret),
        }
        started = time.monotonic()
        status, answer = self._answer(body, headers)
        return Posted(body, status, round((time.monotonic() - started) * 1000), answer)

    def _answer(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        try:
            met = self._session().post(
                self.url, data=body, headers=headers, timeout=_SECONDS, allow_redirects=False
            )
        except requests.Timeout:
            return NO_ANSWER, "request_timeout"
        except requests.RequestException:
            return NO_ANSWER, "could_not_connect"
        return met.status_code, met.text[:500]

    def _session(self) -> requests.Session:
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
            self._own.session.trust_env = False  # a proxy of the machine has no business on loopback
        session: requests.Session = self._own.session
        return session


def sign(body: bytes, secret: bytes) -> str:
    return base64.b64encode(hmac.digest(secret, body, hashlib.sha256)).decode()
