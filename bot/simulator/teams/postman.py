"""One activity over HTTP, as Teams posts it."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from bot.simulator.events import Json
from bot.simulator.record import readable
from bot.simulator.webhook import NO_ANSWER

_SECONDS = (2.0, 10.0)


@dataclass(frozen=True)
class Posted:
    """What an activity met.  *took* is in milliseconds; *answer* is the body, JSON where it was JSON."""

    status: int
    took: int
    answer: Any

    @property
    def well(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - 2xx

    @property
    def settled(self) -> bool:
        """Return whether the product has heard it, or refused it for good: it is not brought again."""
        return self.status != NO_ANSWER and self.status < 500  # noqa: PLR2004 - 5xx


class Postman:
    """Posts to one address with a token of that moment."""

    def __init__(self, url: str, token: Callable[[], str]) -> None:
        self.url = url
        self._token = token
        self._own = threading.local()  # a session of requests is for one thread

    def post(self, activity: Json) -> Posted:
        body = json.dumps(activity, ensure_ascii=False).encode("utf-8", "surrogatepass")
        headers = {
            "Authorization": f"Bearer {self._token()}",
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)",
        }
        started = time.monotonic()
        status, answer = self._answer(body, headers)
        return Posted(status, round((time.monotonic() - started) * 1000), answer)

    def _answer(self, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        try:
            met = self._session().post(
                self.url, data=body, headers=headers, timeout=_SECONDS, allow_redirects=False
            )
        except requests.Timeout:
            return NO_ANSWER, "request_timeout"
        except requests.RequestException:
            return NO_ANSWER, "could_not_connect"
        mime = met.headers.get("Content-Type", "").partition(";")[0]
        return met.status_code, readable(met.content, mime) if met.content else ""

    def _session(self) -> requests.Session:
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
            self._own.session.trust_env = False  # a proxy of the machine has no business on loopback
        session: requests.Session = self._own.session
        return session
