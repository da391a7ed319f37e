"""The calls that say something: their bytes, and how they are made without a thread each.

Their bodies were drawn, checked and encoded when they were queued, so here they are only put behind the token
or the recipient.  The SDK would take the messages apart and put them together again, for three times what the
call costs; and its session for event loops asks the environment for a proxy at every call, in a thread.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import aiohttp

from bot.line.outcome import Outcome, of_answer, of_failure

Messages: TypeAlias = "str | Sequence[Mapping[str, object]]"
"""Messages as they were queued (the JSON text of an object with ``messages``), or as objects."""

_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Call:
    """One POST to the Messaging API."""

    path: str
    body: bytes
    headers: Mapping[str, str]
    is_push: bool = False


def reply(token: str, messages: Messages) -> Call:
    """Return the call that answers with the reply *token*."""
    return Call("/v2/bot/message/reply", _body({"replyToken": token}, messages), _JSON)


def push(to: str, messages: Messages, retry_key: UUID | str, *, notification_disabled: bool = False) -> Call:
    """Return the call that sends to *to*.

    Raises:
        ValueError: *retry_key* is no UUID.
    """
    head = {"to": to, "notificationDisabled": notification_disabled}
    headers = {**_JSON, "X-Line-Retry-Key": str(UUID(str(retry_key)))}
    return Call("/v2/bot/message/push", _body(head, messages), headers, is_push=True)


def _body(head: Mapping[str, object], messages: Messages) -> bytes:
    text = messages if isinstance(messages, str) else json.dumps({"messages": list(messages)})
    return f"{json.dumps(head)[:-1]},{text[1:]}".encode()


class AsyncCalls:
    """A client for event loops, made anew for each loop that uses it; *most* connections to a host."""

    def __init__(self, timeout: tuple[float, float], most: int) -> None:
        connect, read = timeout
        self._timeout = aiohttp.ClientTimeout(sock_connect=connect, sock_read=read)
        self._most = most
        self._loop: asyncio.AbstractEventLoop | None = None
        self._session: aiohttp.ClientSession | None = None

    async def do(self, url: str, call: Call, headers: Mapping[str, str]) -> Outcome:
        """Return what became of *call*; raises nothing that a network can cause."""
        try:
            async with self._open().post(
                url, data=call.body, headers={**headers, **call.headers}, allow_redirects=False
            ) as answer:
                return of_answer(answer.status, answer.headers, await answer.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return of_failure(error)

    def _open(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None or self._loop is not loop:
            self._loop = loop
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._most),
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
            )
        return self._session

    async def close(self) -> None:
        """Let go of the connections of the loop that runs."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
