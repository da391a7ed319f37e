"""The bot's access token: asked for once, shared by everything that is sent, and asked for anew before it ends.

Asking takes a call to Microsoft's login, so it is done in a thread and never in an event loop.  A login that does
not answer is left alone for a while, however many messages wait for it.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import structlog

from bot.clock import Clock
from bot.settings import is_https, is_loopback

log = structlog.get_logger()

SCOPE = "https://api.botframework.com/.default"
LOGIN = "https://login.microsoftonline.com"

EARLY = 300_000
"""How long (ms) before its end a token is no longer used, if another can be had."""

LAST = 30_000
"""How long (ms) before its end a token is not used at all: the call itself takes its time."""

PAUSE = 10_000
"""How long (ms) the login is left alone after it gave no token."""

NEW = 60_000
"""A token younger than this (ms) is not thrown away: whoever refuses it would refuse the next as well."""

TIMEOUT = (3.05, 5.0)
"""Seconds for a connection to the login, and for each piece of its answer."""

_WORD = re.compile(r"[a-z_]{1,40}")


class NoToken(Exception):
    """No token can be had now.  *refused*: the login does not know our id or secret; else it did not answer."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.refused = refused


@dataclass(frozen=True)
class Issued:
    """A token as it was issued, good for *seconds*."""

    token: str = field(repr=False)
    seconds: int


Issue: TypeAlias = Callable[[], Issued]
"""Asks the login for a token, and raises :class:`NoToken`."""


@dataclass(frozen=True)
class _Held:
    token: str = field(repr=False)
    since: int
    until: int


class TokenSource:
    """One for the whole process, used by all its threads.  *issue* asks the login."""

    def __init__(self, issue: Issue, clock: Clock) -> None:
        self._issue = issue
        self._clock = clock
        self._asking = threading.Lock()
        self._held: _Held | None = None
        self._failed: NoToken | None = None
        self._quiet_until = 0

    def held(self) -> str | None:
        """Return the token that is at hand; None where one must be fetched."""
        held, now = self._held, self._clock.now()
        if held is None or now < held.since:
            return None
        # Near its end it is good enough while the login is left alone.
        spare = LAST if self._is_quiet(now) else EARLY
        return held.token if now < held.until - spare else None

    def fetch(self) -> str:
        """Return a token, asking for it where none is at hand: seconds, and one thread at a time.

        Raises:
            NoToken: The login gave none, just now or some seconds ago.
        """
        with self._asking:
            if token := self.held():
                return token
            now = self._clock.now()
            if self._failed and self._is_quiet(now):
                raise self._failed
            return self._asked(now)

    def drop(self, token: str) -> None:
        """Forget *token*, which was refused; not one that has just been issued."""
        with self._asking:
            held = self._held
            if held and held.token == token and self._clock.now() - held.since >= NEW:
                self._held = None

    def _asked(self, now: int) -> str:
        try:
            issued = self._issue()
        except NoToken as fault:
            self._failed, self._quiet_until = fault, now + PAUSE
            if fault.refused:
                log.error("teams_token_refused", reason=f"login: {fault.reason}")  # noqa: TRY400 -- it tells all
            if token := self.held():
                log.warning("teams_token_not_renewed", reason=fault.reason)
                return token
            raise
        self._failed, self._quiet_until = None, 0
        self._held = _Held(issued.token, now, now + issued.seconds * 1000)
        return issued.token

    def _is_quiet(self, now: int) -> bool:
        return self._quiet_until - PAUSE <= now < self._quiet_until


def token_source(app_id: str, secret: str, tenant: str, clock: Clock, *, url: str = "") -> TokenSource:
    """Return the source of the bot *app_id*, registered in *tenant* alone; *url*: a login other than Microsoft's.

    Raises:
        ValueError: *url* is neither https nor loopback: the secret would travel in the open.
    """
    if not url:
        return TokenSource(lambda: _of_microsoft(app_id, secret, tenant), clock)
    if not is_https(url) and not is_loopback(url):
        raise ValueError("the address of the login must be https://… or http://127.0.0.1:…")
    return TokenSource(lambda: _of_address(url, app_id, secret), clock)


def _of_microsoft(app_id: str, secret: str, tenant: str) -> Issued:
    """Ask Microsoft's login.

    The application of msal is made anew each time, once an hour or so: its own cache would give back the very token
    that was refused.
    """
    import msal  # noqa: PLC0415 -- 30 MB that only a process needs that sends
    import requests  # noqa: PLC0415 -- the same

    _hush()
    try:
        app = msal.ConfidentialClientApplication(
            app_id,
            client_credential=secret,
            authority=f"{LOGIN}/{tenant}",
            http_client=_Session(),
            instance_discovery=False,  # the address is Microsoft's own: nobody need be asked whether it is
        )
        said = app.acquire_token_for_client([SCOPE])
    except requests.RequestException as fault:
        raise NoToken(type(fault).__name__) from None
    except ValueError:  # how msal says that there is no such tenant, or that its description was no JSON
        raise NoToken("tenant unknown", refused=True) from None
    return _issued(said)


def _of_address(url: str, app_id: str, secret: str) -> Issued:
    """Ask the login at *url*, by OAuth 2.0's client credentials (RFC 6749, 4.4)."""
    import requests  # noqa: PLC0415 -- as above

    form = {
        "grant_type": "client_credentials",
        "client_id": app_id,
        "client_secret": secret,
        "scope": SCOPE,
    }
    try:
        answer = _Session().post(url, data=form)
        said = answer.json()
    except (requests.RequestException, ValueError) as fault:
        raise NoToken(type(fault).__name__) from None
    return _issued(said)


def _Session() -> Any:  # noqa: N802 -- it stands for a class of requests
    """Return a session that waits for seconds only, follows nobody elsewhere, and asks the environment nothing."""
    import requests  # noqa: PLC0415 -- as above

    class Session(requests.Session):
        def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
            return super().request(
                method, url, *args, **{**more, "timeout": TIMEOUT, "allow_redirects": False}
            )

    made = Session()
    made.trust_env = False
    return made


def _issued(said: object) -> Issued:
    """Return the token in the login's answer.

    Raises:
        NoToken: There is none.  No word of the answer is repeated but OAuth's own name of the error.
    """
    answer: Mapping[str, Any] = said if isinstance(said, dict) else {}
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if isinstance(token, str) and re.fullmatch(r"[!-~]+", token):
        return Issued(token, seconds if isinstance(seconds, int) and seconds > 0 else 3600)
    error = str(answer.get("error", ""))
    known = _WORD.fullmatch(error) is not None
    raise NoToken(error if known else "no token in the answer", refused=known and error not in _PASSING)


_PASSING = frozenset({"temporarily_unavailable", "server_error"})


def _hush() -> None:
    """Keep ids and secrets out of the log: on DEBUG these would write what they send."""
    for name in ("msal", "urllib3.connectionpool"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.INFO, logger.level))
