"""Every path below ``/simulator/teams``: the Connector behind its token, and who gives tokens and keys out."""

import hmac
import json
import re
import threading
import time
from dataclasses import replace
from urllib.parse import parse_qs

from bot.simulator.api import Route
from bot.simulator.calls import Answer, Call, ok
from bot.simulator.teams.config import TeamsConfig
from bot.simulator.teams.connector import NOT_FOUND, Connector, Denied, routes
from bot.simulator.teams.faults import TeamsFaults
from bot.simulator.teams.keys import LIFE, Signer

_OPEN = frozenset(("files", "metadata", "keys", "token"))
"""What is asked without a token: an address that nobody guesses, what is public, and the token itself."""

_RETRY_AFTER = {"Retry-After": "1"}


class TeamsApi:
    """Answers calls, or fails them as the faults in place demand."""

    def __init__(self, config: TeamsConfig, signer: Signer, connector: Connector) -> None:
        self._config, self._signer = config, signer
        self._routes = (
            *routes(connector),
            Route("GET", "/v1/\\.well-known/openidconfiguration", "metadata", self._metadata),
            Route("GET", "/v1/\\.well-known/keys", "keys", self._keys),
            Route("POST", "/[^/]+/oauth2/v2\\.0/token", "token", self._token),
        )
        self._lock = threading.Lock()
        self._faults, self._struck = TeamsFaults(), 0

    @property
    def faults(self) -> TeamsFaults:
        return self._faults

    @faults.setter
    def faults(self, faults: TeamsFaults) -> None:
        with self._lock:
            self._faults, self._struck = faults, 0

    def call(self, call: Call) -> Answer:
        """Return what Teams would."""
        try:
            return self._answered(call)
        except Denied as denial:
            return denial.answer()

    def _answered(self, call: Call) -> Answer:
        route, found = self._find(call)
        faults = self._faults_for(route.name)
        if route.name not in _OPEN:
            self._let_in(call)
        if broken := _before(faults):
            return broken
        return _after(faults, route.endpoint(call, *found.groups()))

    def _find(self, call: Call) -> tuple[Route, re.Match[str]]:
        for route in self._routes:
            if found := route.match(call):
                return route, found
        raise NOT_FOUND

    def _let_in(self, call: Call) -> None:
        kind, _, token = call.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or self._signer.app_of(token) != self._config.app_id:
            raise Denied(401, "Unauthorized", "Authorization has been denied for this request.")

    def _faults_for(self, endpoint: str) -> TeamsFaults:
        """Return what strikes this call, and count it."""
        with self._lock:
            faults = self._faults
            if not faults.strikes(endpoint) or (faults.times and self._struck >= faults.times):
                return TeamsFaults()
            self._struck += 1
            return faults

    # --- who gives out keys and tokens

    def _metadata(self, _call: Call) -> Answer:
        return ok(self._signer.metadata(self._config.base_url))

    def _keys(self, _call: Call) -> Answer:
        return ok(self._signer.keys())

    def _token(self, call: Call) -> Answer:
        """Give a token for the app's own name and password (client credentials)."""
        asked = {name: values[0] for name, values in parse_qs(call.body.decode("utf-8", "replace")).items()}
        if asked.get("grant_type") != "client_credentials":
            return _no_token("unsupported_grant_type")
        given = json.dumps([asked.get("client_id"), asked.get("client_secret")]).encode()
        expected = json.dumps([self._config.app_id, self._config.app_password]).encode()
        if not hmac.compare_digest(given, expected):
            return _no_token("invalid_client", 401)
        token, seconds = self._signer.for_connector(self._config.app_id), int(LIFE.total_seconds())
        return ok({"token_type": "Bearer", "expires_in": seconds, "access_token": token})


def _no_token(error: str, status: int = 400) -> Answer:
    return ok({"error": error, "error_description": "The simulator gives no token for this."}, status)


def _before(faults: TeamsFaults) -> Answer | None:
    """Fail the call before anything comes of it."""
    if faults.unauthorised:
        raise Denied(401, "Unauthorized", "Authorization has been denied for this request.")
    if faults.rate_limited:
        raise Denied(429, "Throttled", "Too many requests.", _RETRY_AFTER)
    if faults.server_error:
        raise Denied(502, "ServiceError", "Bad gateway")
    return Answer(502, b"", broken=True) if faults.reset else None


def _after(faults: TeamsFaults, answer: Answer) -> Answer:
    """Let the caller doubt what has been accepted."""
    if faults.delay_ms:
        time.sleep(faults.delay_ms / 1000)
    if answer.status >= 300 or not (faults.accepted_then_500 or faults.accepted_then_reset):  # noqa: PLR2004
        return answer
    if faults.accepted_then_500:
        return replace(ok({"error": {"code": "ServiceError", "message": "Internal server error"}}, 500))
    return Answer(502, b"", broken=True)
