"""A Messaging API on loopback that answers as it is told, badly too."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, TypeAlias


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


Act: TypeAlias = "Callable[[_Handler], None]"


def answer(status: int, body: object = None, **headers: str) -> Act:
    """Answer with *status* and *body*, which is JSON unless it is bytes."""
    content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()

    def act(handler: _Handler) -> None:
        handler.send_response(status)
        for name, value in {"x-line-request-id": "request-1", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return act


def cut_short(handler: _Handler) -> None:
    """Promise more than is sent, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"sent')
    handler.close_connection = True


def reset(handler: _Handler) -> None:
    """Take the request and break the connection."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def hang_up(handler: _Handler) -> None:
    """Take the request and close the connection without a word."""
    handler.close_connection = True


def silence(handler: _Handler) -> None:
    """Take the request and say nothing until the server is stopped."""
    handler.stopped.wait(10)
    handler.close_connection = True


def trickle(handler: _Handler) -> None:
    """Send a photo byte by byte until nobody listens any more."""
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    with suppress(OSError):  # the other side has had enough, as it should
        while not handler.stopped.wait(0.005):
            handler.wfile.write(b"\xff" * 1_000)
            handler.wfile.flush()


@dataclass
class Loopback:
    """A server on 127.0.0.1: does each of *acts* once, in order, and then answers 200 ``{}``."""

    acts: deque[Act] = field(default_factory=deque)
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    tls: ssl.SSLContext | None = None

    def will(self, *acts: Act) -> None:
        self.acts.extend(acts)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._server.server_address[1]}"

    def next_act(self) -> Act:
        return self.acts.popleft() if self.acts else answer(200)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"loopback": self, "stopped": self.stopped})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
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


class _Handler(BaseHTTPRequestHandler):
    loopback: Loopback
    stopped: threading.Event
    protocol_version = "HTTP/1.1"
    # Unbuffered and delayed, every answer would take 44 ms and every figure would be wrong.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.loopback.connections += 1

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, ValueError):  # the connection was broken on purpose
            self.close_connection = True

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.loopback.received.append(Received(self.command, self.path, headers, body))
        self.loopback.next_act()(self)

    do_GET = do_POST = do_DELETE = _do  # noqa: N815 - the names that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it overrides
        """Say nothing."""
