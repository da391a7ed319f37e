"""A LINE that takes everything: nginx, so that the CPU of the platform is neither Python's nor in the way.

It answers the reply and push of the Messaging API at once on one port, after 150 ms on another, and writes when
each call came; the load generator's own ceiling is measured against it too.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.processes import WITH_US
from tests.support.network import free_port

LATENCY = 0.15
Come = TypeVar("Come", bound=Sized)
_MODULES = (
    "/usr/lib/nginx/modules/ngx_http_echo_module.so",
    "/usr/share/nginx/modules/ngx_http_echo_module.so",
)
_CONFIGURATION = """\
load_module {module};
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  log_format arrivals '$msec $status $connection $connection_requests';
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  client_body_buffer_size 64k;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  default_type application/json;
  server {{
    listen 127.0.0.1:{at_once} backlog=4096;
    location ~ ^/v2/bot/message/(reply|push)$ {{
      access_log {folder}/arrivals.log arrivals;
      add_header x-line-request-id $request_id;
      return 200 '{{"sentMessages":[{{"id":"1","quoteToken":"q"}}]}}';
    }}
    location / {{ return 200 '{{}}'; }}
  }}
  server {{
    listen 127.0.0.1:{late} backlog=4096;
    location ~ ^/v2/bot/message/(reply|push)$ {{
      access_log {folder}/arrivals.log arrivals;
      add_header x-line-request-id $request_id;
      echo_sleep {latency};
      echo '{{"sentMessages":[{{"id":"1","quoteToken":"q"}}]}}';
    }}
    location / {{ return 200 '{{}}'; }}
  }}
}}
"""


@dataclass(frozen=True)
class Arrival:
    """One call that was answered: when (ms since 1970), with which status, over which connection."""

    at: float
    status: int
    connection: int


@dataclass
class FakeLine:
    """The running platform; *at_once* and *late* are its addresses."""

    folder: Path
    at_once: str
    late: str
    pid: int = 0
    _read: int = 0

    def url(self, latency: float) -> str:
        """Return the address that answers after *latency* seconds (0 or LATENCY)."""
        return self.late if latency else self.at_once

    def arrivals(self) -> list[Arrival]:
        """Return the calls since this was asked last."""
        with (self.folder / "arrivals.log").open("rb") as log:
            log.seek(self._read)
            whole = log.read()
        whole = whole[: whole.rfind(b"\n") + 1]
        self._read += len(whole)
        return read(whole.decode())

    def wait_for(self, number: int, quiet: float = 5) -> list[Arrival]:
        """Return the calls once there are *number*, or none came for *quiet* seconds: some are missing then."""
        found: list[Arrival] = []

        def more() -> list[Arrival]:
            found.extend(self.arrivals())
            return found

        return patiently(more, lambda so_far: len(so_far) >= number, quiet)


def patiently(look: Callable[[], Come], enough: Callable[[Come], bool], quiet: float = 5) -> Come:
    """Return what *look* shows once it is *enough*, or has not grown for *quiet* seconds."""
    found, since = look(), time.monotonic()
    while not enough(found) and time.monotonic() - since < quiet:
        size = len(found)
        time.sleep(0.05)
        found = look()
        since = time.monotonic() if len(found) > size else since
    return found


def read(log: str) -> list[Arrival]:
    """Return the calls that nginx's *log* tells of."""
    split = (line.split() for line in log.splitlines())
    return [Arrival(float(at) * 1000, int(status), int(number)) for at, status, number, _nth in split]


@contextmanager
def running(folder: Path) -> Iterator[FakeLine]:
    """Yield the platform, its files in *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    at_once, late = free_port(), free_port()
    module = next(each for each in _MODULES if Path(each).exists())
    text = _CONFIGURATION.format(folder=folder, at_once=at_once, late=late, latency=LATENCY, module=module)
    (folder / "nginx.conf").write_text(text)
    (folder / "arrivals.log").touch()
    with (folder / "nginx.out").open("wb") as out:
        command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        process = subprocess.Popen(
            [*WITH_US, *command], stdout=out, stderr=out, env={"PATH": os.environ["PATH"] + ":/usr/sbin"}
        )
    try:
        reachable(at_once)
        yield FakeLine(folder, f"http://127.0.0.1:{at_once}", f"http://127.0.0.1:{late}", process.pid)
    finally:
        process.terminate()
        process.wait(10)


def reachable(port: int, seconds: float = 60) -> None:
    """Wait until somebody listens on *port* of 127.0.0.1.

    Raises:
        TimeoutError: Nobody does within *seconds*.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")
