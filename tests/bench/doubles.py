"""What stands in for wrk and nginx, which only ``make bench`` installs: slow, but told and asked the same."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bench import recorder
from bench.fakeline import Arrival, FakeLine
from bench.load import Load


def records(file: Path) -> Iterator[bytes]:
    """Yield the requests of *file*, as replay.lua reads them."""
    whole = file.read_bytes()
    at = 0
    while at < len(whole):
        size = int(whole[at : at + 8])
        yield whole[at + 8 : at + 8 + size]
        at += 8 + size


def replay(url: str, file: Path, _connections: int = 64, _pace: str = "") -> Load:
    """Send every request of *file*, one after the other over one connection."""
    address = urlsplit(url)
    times, refused = [], 0
    with socket.create_connection((str(address.hostname), address.port or 80)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for each in records(file):
            times.append(time.time() * 1000)
            wire.sendall(each)
            refused += not wire.recv(65536).startswith(b"HTTP/1.1 200")
    file.with_name(file.name + ".sent").write_text("".join(f"{at:.3f} {at:.3f}\n" for at in times))
    return Load(times[0], time.time() * 1000, len(times), refused, 0, 0, 1.0, 2.0, 3.0)


class Platform(FakeLine):
    """A recorder that is asked as nginx is."""

    record: recorder.Record
    _seen: int = 0

    def arrivals(self) -> list[Arrival]:
        """Return the messages since this was asked last."""
        came = [at for token, at in self.record.arrivals().items() if token != "-"]
        fresh, self._seen = came[self._seen :], len(came)
        return [Arrival(at / 1e6, 200, 1) for at in fresh]


@contextmanager
def platform(folder: Path) -> Iterator[FakeLine]:
    """Yield a platform that answers at once on both addresses."""
    folder.mkdir(parents=True, exist_ok=True)
    with recorder.running(folder, 0) as record:
        made = Platform(folder, record.url, record.url)
        made.record = record
        yield made
