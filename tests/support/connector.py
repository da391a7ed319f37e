"""Teams' connector and the login that knows our bot, on this machine: real HTTP, and as unkind as it is told to be.

``Connector`` keeps what it took, by conversation and in order.  ``will`` says how the next calls are answered.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Any, Self, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

APP_ID, APP_SECRET = "0c1f7e5a-5a54-4a6e-8f0f-2f3f4f9b8a11", "sample-app-secret"
LOGIN, SERVICE, FILES = "/login", "/teams", "/files"


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass(frozen=True)
class Taken:
    """A message that was taken: sent anew, or (*changed*) put in the place of another."""

    conversation: str
    id: str
    activity: Mapping[str, Any]
    changed: bool = False

    @property
    def text(self) -> str:
        return str(self.activity.get("text", ""))


Act: TypeAlias = "Callable[[Exchange, Received], None]"


def answer(status: int, body: object = None, **headers: str) -> Act:
    """Answer with *status* and take nothing; *body* is JSON unless it is bytes."""

    def act(handler: Exchange, _received: Received) -> None:
        handler.say(status, body, **headers)

    return act


def taken_then(act: Act) -> Act:
    """Take the message, and then do *act* instead of saying so."""

    def both(handler: Exchange, received: Received) -> None:
        handler.connector.take(received)
        act(handler, received)

    return both


def reset(handler: Exchange, _received: Received) -> None:
    """Break the connection."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def hang_up(handler: Exchange, _received: Received) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def silence(handler: Exchange, _received: Received) -> None:
    """Say nothing until the server is stopped."""
    handler.connector.stopped.wait(20)
    handler.close_connection = True


def as_usual(handler: Exchange, received: Received) -> None:
    """Do what a connector does."""
    handler.say(*handler.connector.take(received))


@dataclass
class Connector:
    """A server on 127.0.0.1: does each of *acts* once, in order, and then what a connector does.

    *gone* are conversations in which nobody is reached any more.  *files* are bodies by path, below ``/files`` for
    whoever asks and below ``/teams/v3/attachments`` for our bot alone.
    """

    acts: deque[Act] = field(default_factory=deque)
    login: deque[Act] = field(default_factory=deque)
    received: list[Received] = field(default_factory=list)
    logins: list[Mapping[str, list[str]]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    valid: set[str] = field(default_factory=set)
    token_seconds: int = 3600
    connections: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def will(self, *acts: Act) -> None:
        """Answer the next calls so."""
        self.acts.extend(acts)

    def revoke(self) -> None:
        """Refuse every token issued so far."""
        self.valid.clear()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def service_url(self) -> str:
        return f"{self.url}{SERVICE}/"

    @property
    def token_url(self) -> str:
        return f"{self.url}{LOGIN}/oauth2/v2.0/token"

    def texts(self, conversation: str) -> list[str]:
        """Return what was said in *conversation*, in order."""
        return [each.text for each in self.taken if each.conversation == conversation]

    def calls(self) -> list[Received]:
        """Return the calls to the connector itself, in order."""
        return [each for each in self.received if each.path.startswith(SERVICE)]

    def __enter__(self) -> Self:
        handler = type("Handler", (Exchange,), {"connector": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # --- what a connector does

    def next_act(self, received: Received) -> Act:
        """Return how *received* is to be answered."""
        if self.stopped.is_set():  # a kept connection outlives the door
            return hang_up
        with self.lock:
            waiting = self.login if received.path.startswith(LOGIN) else self.acts
            return waiting.popleft() if waiting else as_usual

    def take(self, received: Received) -> tuple[int, object]:
        """Return status and body of the answer to *received*, whose effect is kept."""
        with self.lock:
            path = urlsplit(received.path).path
            if path.startswith(LOGIN):
                return self._log_in(received)
            if path.startswith(FILES):
                return (200, self.files[path]) if path in self.files else (404, {})
            if received.token not in self.valid:
                return 401, {"error": {"code": "Unauthorized"}}
            if path in self.files:
                return 200, self.files[path]
            return self._serve(received, [unquote(each) for each in path.split("/")[4:]])

    def _log_in(self, received: Received) -> tuple[int, object]:
        form = parse_qs(received.body.decode())
        self.logins.append(form)
        if form.get("client_id") != [APP_ID] or form.get("client_secret") != [APP_SECRET]:
            return 401, {"error": "invalid_client", "error_description": "見本"}
        token = f"token-{len(self.logins)}"
        self.valid.add(token)
        return 200, {"access_token": token, "expires_in": self.token_seconds, "token_type": "Bearer"}

    def _serve(self, received: Received, parts: list[str]) -> tuple[int, object]:
        match received.method, parts:
            case "POST", []:
                (whom,) = received.json["members"]
                return 201, {"id": f"a:{whom['id']}"}
            case (_, [conversation, *_]) if conversation in self.gone:
                return 403, {"error": {"code": "ForbiddenOperationException"}}
            case "POST", [conversation, "activities", *_]:
                return 201, {"id": self._keep(conversation, str(next(self._numbers)), received)}
            case "PUT", [conversation, "activities", known] if self.has(conversation, known):
                return 200, {"id": self._keep(conversation, known, received, changed=True)}
            case "GET", [_, "members", who]:
                return 200, {"id": who, "name": "見本", "userRole": "user", "tenantId": "t"}
            case _:
                return 404, {"error": {"code": "NotFound"}}

    def has(self, conversation: str, activity_id: str) -> bool:
        """Return whether the message stands in the conversation."""
        return any(each.conversation == conversation and each.id == activity_id for each in self.taken)

    def _keep(self, conversation: str, made: str, received: Received, *, changed: bool = False) -> str:
        self.taken.append(Taken(conversation, made, received.json, changed))
        return made


class _Server(ThreadingHTTPServer):
    request_queue_size = 512


class Exchange(BaseHTTPRequestHandler):
    connector: Connector
    protocol_version = "HTTP/1.1"
    # Unbuffered and delayed, every answer would take 44 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.connector.connections += 1

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, ValueError):  # the connection was broken on purpose
            self.close_connection = True

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def say(self, status: int, body: object = None, **headers: str) -> None:
        """Answer with *status*; *body* is JSON unless it is bytes."""
        content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        self.send_response(status)
        for name, value in {"MS-CV": "sample.1", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.command, self.path, headers, body)
        self.connector.received.append(received)
        self.connector.next_act(received)(self, received)

    do_GET = do_POST = do_PUT = _do  # noqa: N815 -- the names that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name that it overrides
        """Say nothing."""
