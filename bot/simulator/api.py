"""The Messaging API, by LINE's paths."""

import hmac
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.simulator import ids
from bot.simulator.calls import NOT_FOUND, Answer, Call, Refused, ok
from bot.simulator.faults import COUNTED, Faults

Endpoint: TypeAlias = Callable[..., Answer]
SENDS = frozenset(("reply", "push", "multicast"))


@dataclass(frozen=True)
class Route:
    """Where an endpoint is.  *name* is what faults call it; groups of *path* become arguments."""

    method: str
    path: str
    name: str
    endpoint: Endpoint

    def match(self, call: Call) -> re.Match[str] | None:
        return re.fullmatch(self.path, call.path) if call.method == self.method else None


class MessagingApi:
    """Answers calls, or fails them as the faults in place demand."""

    def __init__(self, routes: tuple[Route, ...], access_token: str) -> None:
        self._routes = routes
        self._bearer = f"Bearer {access_token}".encode()
        self._lock = threading.Lock()
        self._faults, self._struck = Faults(), 0

    @property
    def faults(self) -> Faults:
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        with self._lock:
            self._faults, self._struck = faults, 0

    def call(self, call: Call) -> Answer:
        """Return what LINE would; every answer carries its request id."""
        numbered = replace(call, request_id=ids.request_id())
        try:
            answer = self._answered(numbered)
        except Refused as refusal:
            answer = refusal.answer()
        return replace(answer, headers={**answer.headers, "x-line-request-id": numbered.request_id})

    def _answered(self, call: Call) -> Answer:
        if not hmac.compare_digest(call.headers.get("authorization", "").encode(), self._bearer):
            raise Refused(
                401,
                "Authentication failed. Confirm that the access token in the authorization header is valid.",
            )
        route, found = next(((each, met) for each in self._routes if (met := each.match(call))), (None, None))
        if route is None or found is None:
            raise NOT_FOUND
        faults = self._faults_for(route.name)
        if broken := _before(faults, route.name):
            return broken
        return _after(faults, route.endpoint(call, *found.groups()))

    def _faults_for(self, endpoint: str) -> Faults:
        """Return what strikes this call, and count it."""
        with self._lock:
            faults = self._faults
            if not faults.strikes(endpoint) or (faults.times and self._struck >= faults.times):
                return Faults(preparing=faults.preparing)
            self._struck += 1
            return faults


def _before(faults: Faults, endpoint: str) -> Answer | None:
    """Fail the call before anything comes of it."""
    if faults.rate_limited:
        raise Refused(429, "The API rate limit has been exceeded. Try again later.")
    if faults.quota and endpoint in COUNTED:
        raise Refused(429, "You have reached your monthly limit.")
    if faults.server_error:
        raise Refused(500, "Internal server error")
    return Answer(502, b"", broken=True) if faults.reset else None


def _after(faults: Faults, answer: Answer) -> Answer:
    """Let the caller doubt what has been accepted."""
    if faults.delay_ms:
        time.sleep(faults.delay_ms / 1000)
    if answer.status != 200 or not (faults.accepted_then_500 or faults.accepted_then_reset):  # noqa: PLR2004
        return answer
    if faults.accepted_then_500:
        return replace(ok({"message": "Internal server error"}, 500), headers=answer.headers)
    return Answer(502, b"", broken=True)
