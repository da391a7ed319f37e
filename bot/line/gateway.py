"""The Messaging API: what we call, and what became of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Generator, Mapping
from dataclasses import replace
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import urllib3
from urllib3.exceptions import HTTPError

from bot.delivery.posting import Answer, Request, Result
from bot.line import calls, content
from bot.line.calls import Call, Messages
from bot.line.outcome import UNCLEAR, Outcome, of_answer, of_failure

__all__ = ["LineGateway", "Outcome"]

API, DATA_API = "https://api.line.me", "https://api-data.line.me"
_QUOTA, _CONSUMPTION = "/v2/bot/message/quota", "/v2/bot/message/quota/consumption"
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TOKEN = re.compile(r"[!-~]+")
_LEAVING = {"group": "group", "room": "room"}
_LOADING_STEP, _LOADING_MOST = 5, 60

# Nothing is tried again down here: whether a call may be repeated is known only to the outbox.
_ONCE = urllib3.Retry(
    0, redirect=False, respect_retry_after_header=False, raise_on_redirect=False, raise_on_status=False
)


class LineGateway:
    """One channel of the Messaging API; one for the whole process, used by all its threads.

    Every call returns an :class:`Outcome` and raises nothing that a network can cause.
    """

    def __init__(
        self,
        token: str,
        api: str = API,
        data_api: str = DATA_API,
        *,
        threads: int = 16,
        timeout: tuple[float, float] = (3.0, 10.0),
    ) -> None:
        """Make the client, with a connection for each of *threads* senders.

        *timeout* is how many seconds a connection and the next piece of an answer may take.

        Raises:
            ValueError: An address is neither https nor loopback, or the token cannot be one.
        """
        # The SDK costs 0.7 s and 70 MB to import: only the process that sends pays for it.
        from linebot.v3 import messaging  # noqa: PLC0415

        self._base, self._data_base = _base(api), _base(data_api)
        configuration = messaging.Configuration(access_token=_token(token))
        configuration.retries = _ONCE
        configuration.connection_pool_maxsize = threads
        _hush()
        self._refused = messaging.ApiException
        self._api = messaging.ApiClient(configuration)
        self._photos = urllib3.PoolManager(num_pools=2, maxsize=threads, retries=_ONCE)
        self._timeout = timeout

    def use_token(self, token: str) -> None:
        """Use *token* from the next call on.

        Raises:
            ValueError: *token* cannot be one.
        """
        self._api.set_default_header("Authorization", f"Bearer {_token(token)}")

    def reply(self, token: str, messages: Messages) -> Outcome:
        """Answer an event with its reply token, which works once and for a minute; not counted by LINE.

        There is no retry key here, so that an ``ambiguous`` reply may have arrived.
        """
        return self.do(calls.reply(token, messages))

    def push(
        self, to: str, messages: Messages, retry_key: UUID | str, *, notification_disabled: bool = False
    ) -> Outcome:
        """Send to *to*, counted by LINE; with the same *retry_key* it arrives once within 24 hours.

        Raises:
            ValueError: *retry_key* is no UUID.
        """
        return self.do(calls.push(to, messages, retry_key, notification_disabled=notification_disabled))

    def do(self, call: Call) -> Outcome:
        """Return what became of *call*, in this thread."""
        try:
            answer = self._api.rest_client.pool_manager.request(
                "POST",
                self._base + call.path,
                body=call.body,
                headers={**self._api.default_headers, **call.headers},
                timeout=urllib3.Timeout(connect=self._timeout[0], read=self._timeout[1]),
                retries=_ONCE,
                redirect=False,
            )
        except HTTPError as error:
            return of_failure(error)
        outcome = of_answer(answer.status, answer.headers, answer.data)
        return self._cleared_up(outcome) if _is_unclear(call, outcome) else outcome

    def asked(self, call: Call) -> Generator[Request, Result, Outcome]:
        """Yield the requests that *call* takes, be told what came of each, and return what became of it."""
        outcome = _outcome((yield self._request(call.path, call.headers, call.body)))
        if not _is_unclear(call, outcome):
            return outcome
        quota = _outcome((yield self._request(_QUOTA)))
        used = _outcome((yield self._request(_CONSUMPTION)))
        return _by_the_count(outcome, _counts(quota, used))

    def _request(
        self, path: str, headers: Mapping[str, str] = MappingProxyType({}), body: bytes | None = None
    ) -> Request:
        lines = [f"{name}: {value}" for name, value in {**self._api.default_headers, **headers}.items()]
        return Request(self._base + path, lines, body, *self._timeout)

    def profile(self, user_id: str) -> Outcome:
        """Return displayName, language and so on of *user_id*; ``permanent`` for a stranger."""
        return self._about("/v2/bot/profile/{}", user_id)

    def content(self, message_id: str) -> Outcome:
        """Return the photo of *message_id*: only from LINE, at most 10 MB, and a photo indeed."""
        if not _ID.fullmatch(message_id):
            return _NO_ID
        url = f"{self._data_base}/v2/bot/message/{message_id}/content"
        headers = {"Authorization": self._api.default_headers["Authorization"]}
        connect, read = self._timeout
        return content.fetch(self._photos, url, headers, urllib3.Timeout(connect=connect, read=read))

    def leave(self, source_type: str, source_id: str) -> Outcome:
        """Leave the group or room *source_id*."""
        if source_type not in _LEAVING or not _ID.fullmatch(source_id):
            return _NO_ID
        return self._post(f"/v2/bot/{_LEAVING[source_type]}/{source_id}/leave", {})

    def loading(self, user_id: str, seconds: int = 20) -> Outcome:
        """Show that we are at work, for 5 to 60 seconds or until our next message."""
        steps = max(1, min(-(-seconds // _LOADING_STEP), _LOADING_MOST // _LOADING_STEP))
        body = {"chatId": user_id, "loadingSeconds": steps * _LOADING_STEP}
        return self._post("/v2/bot/chat/loading/start", body)

    def quota(self) -> Outcome:
        """Return ``limit`` (messages a month, None without one) and ``used`` (about, so far)."""
        quota = self._get(_QUOTA)
        if quota.kind != "delivered":
            return quota
        used = self._get(_CONSUMPTION)
        return replace(used, data=_counts(quota, used))

    def bot_info(self) -> Outcome:
        """Return userId, basicId and displayName of the account itself."""
        return self._get("/v2/bot/info")

    def webhook_test(self) -> Outcome:
        """Let LINE call our webhook; *data* tells success, reason and statusCode.  60 an hour."""
        return self._post("/v2/bot/channel/webhook/test", {})

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Outcome:
        """Return what became of any other call of the API."""
        return self._call(method, path, body, {"Content-Type": "application/json"} if body else {})

    def ask_data(self, method: str, path: str, png: bytes | None = None) -> Outcome:
        """Return what became of a call about a picture, which *png* is where one is given."""
        return self._call(method, path, png, {"Content-Type": "image/png"} if png else {}, self._data_base)

    def close(self) -> None:
        """Let go of the connections."""
        self._api.rest_client.pool_manager.clear()
        self._photos.clear()

    def _about(self, path: str, identity: str) -> Outcome:
        return self._get(path.format(identity)) if _ID.fullmatch(identity) else _NO_ID

    def _cleared_up(self, outcome: Outcome) -> Outcome:
        """Return *outcome* with the reason of its 429: texts may change, the counts tell."""
        return _by_the_count(outcome, self.quota().data)

    def _get(self, path: str) -> Outcome:
        return self._call("GET", path, None, {})

    def _post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Outcome:
        return self._call("POST", path, body, {"Content-Type": "application/json", **(headers or {})})

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None,
        headers: Mapping[str, str],
        base: str = "",
    ) -> Outcome:
        """Return what became of one call.

        The answer is taken as bytes: read by the SDK, one that it does not expect would raise after LINE
        has accepted the message, and the message would be sent twice.
        """
        try:
            answer = self._api.call_api(
                path,
                method,
                header_params=dict(headers),
                body=body,
                response_types_map={},
                _preload_content=False,
                _request_timeout=self._timeout,
                _host=base or self._base,
            )
        except (self._refused, UnicodeDecodeError) as error:
            return self._of_refusal(error)
        except HTTPError as error:
            return of_failure(error)
        return of_answer(answer.status_code, answer.headers, answer.raw_data)

    def _of_refusal(self, error: Exception) -> Outcome:
        """Return what an error answer means, also when the SDK stumbled over its bytes."""
        refused: Any = error if isinstance(error, self._refused) else error.__context__
        if not refused.status:  # how the SDK tells of a broken TLS connection
            return Outcome("ambiguous", detail="TLS")
        return of_answer(refused.status, refused.headers, refused.body)


def _outcome(result: Result) -> Outcome:
    if isinstance(result, Answer):
        return of_answer(result.status, result, result.body)
    return Outcome("ambiguous" if result.sent else "not_sent", detail=result.name)


def _counts(quota: Outcome, used: Outcome) -> Mapping[str, Any]:
    limit = quota.data.get("value") if quota.data.get("type") == "limited" else None
    return {"limit": limit, "used": used.data.get("totalUsage")}


def _by_the_count(outcome: Outcome, counts: Mapping[str, Any]) -> Outcome:
    limit, used = counts.get("limit"), counts.get("used")
    if isinstance(limit, int) and isinstance(used, int) and used >= limit:
        return replace(outcome, kind="quota", detail="monthly limit, by the count")
    return outcome


def _is_unclear(call: Call, outcome: Outcome) -> bool:
    return call.is_push and outcome.detail == UNCLEAR


_NO_ID = Outcome("permanent", detail="not an id of LINE")


def _base(address: str) -> str:
    """Return *address* without its last slash.

    Raises:
        ValueError: It is neither https nor loopback: the channel's token would travel in the open.
    """
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if not (safe and plain and parts.hostname):
        raise ValueError("an address of the LINE API must be https://… or http://127.0.0.1:…")
    return address.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise ValueError("a channel access token is not empty and holds no space or line break")
    return token


def _hush() -> None:
    """Keep bodies and user ids out of the log: on DEBUG these two would write them."""
    for name in ("linebot.v3.messaging.rest", "urllib3.connectionpool"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.INFO, logger.level))
