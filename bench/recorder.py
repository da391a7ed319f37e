"""A LINE that notes to the microsecond when each message came: ``python -m bench.recorder PORT LATENCY FILE``.

One thread over raw sockets, for figures where nginx's milliseconds are too coarse; made for some hundred calls a
second, not for thousands.  Each line of FILE is a reply token and the nanoseconds since 1970 at which the first
bytes of its call were read.
"""

from __future__ import annotations

import heapq
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from bench.fakeline import reachable
from bench.processes import WITH_US
from tests.support.network import free_port

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_TOKEN = re.compile(rb'"replyToken": *"([^"]+)"')
_BODY = b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}'
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-line-request-id: recorder\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
)


@dataclass
class _Call:
    """What has been read of one connection's current call, and when it began."""

    socket: socket.socket
    read: bytes = b""
    began: int = 0


@dataclass
class Recorder:
    """See the module."""

    latency: float
    out: TextIO
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _answers: list[tuple[float, int, socket.socket]] = field(default_factory=list)

    def serve(self, port: int) -> None:
        """Answer on *port* of 127.0.0.1 until the process is ended."""
        with socket.create_server(("127.0.0.1", port), backlog=1024) as door:
            door.settimeout(0)
            self._selector.register(door, selectors.EVENT_READ)
            while True:
                for key, _ in self._selector.select(self._pause()):
                    if key.data is None:
                        self._accept(door)
                    else:
                        self._read(key.data)
                self._answer()

    def _pause(self) -> float | None:
        return max(0.0, self._answers[0][0] - time.monotonic()) if self._answers else None

    def _accept(self, door: socket.socket) -> None:
        peer, _ = door.accept()
        peer.settimeout(0)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(peer, selectors.EVENT_READ, _Call(peer))

    def _read(self, call: _Call) -> None:
        now = time.time_ns()
        try:
            piece = call.socket.recv(65536)
        except ConnectionError:
            piece = b""
        if not piece:
            self._selector.unregister(call.socket)
            call.socket.close()
            return
        call.began = call.began or now
        call.read += piece
        head, split, body = call.read.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if split and len(body) >= (int(length[1]) if length else 0):
            self._note(call, body)

    def _note(self, call: _Call, body: bytes) -> None:
        found = _TOKEN.search(body)
        self.out.write(f"{found[1].decode() if found else '-'} {call.began}\n")
        call.read, call.began = b"", 0
        heapq.heappush(self._answers, (time.monotonic() + self.latency, call.socket.fileno(), call.socket))

    def _answer(self) -> None:
        while self._answers and self._answers[0][0] <= time.monotonic():
            peer = heapq.heappop(self._answers)[2]
            if peer.fileno() != -1:
                peer.send(_ANSWER)
        self.out.flush()


@dataclass(frozen=True)
class Record:
    """A recorder that runs."""

    url: str
    file: Path

    def arrivals(self) -> dict[str, int]:
        """Return when each reply token came first (ns since 1970)."""
        found: dict[str, int] = {}
        for line in self.file.read_text().splitlines():
            token, at = line.split()
            found.setdefault(token, int(at))
        return found


@contextmanager
def running(folder: Path, latency: float) -> Iterator[Record]:
    """Yield a recorder that answers after *latency* seconds, a process of its own."""
    port, file = free_port(), folder / f"record-{time.monotonic_ns()}"
    command = [sys.executable, "-m", "bench.recorder", str(port), str(latency), str(file)]
    process = subprocess.Popen([*WITH_US, *command])
    try:
        reachable(port)
        yield Record(f"http://127.0.0.1:{port}", file)
    finally:
        process.kill()
        process.wait()


def main(port: str, latency: str, file: str) -> None:
    """Run until killed."""
    with Path(file).open("w") as out:
        Recorder(float(latency), out).serve(int(port))


if __name__ == "__main__":
    main(*sys.argv[1:])
