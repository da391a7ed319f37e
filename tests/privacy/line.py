"""A LINE that takes everything and writes down what it was told."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PIL import Image

_DESCRIPTION = 0x010E  # where EXIF keeps what a photo is about
_TEXTS = re.compile(r'"(?:text|altText|label)": ?"((?:[^"\\]|\\.)*)"')


def photo(about: str) -> bytes:
    """Return a photo that says *about* in its EXIF."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[_DESCRIPTION] = about
    Image.new("RGB", (90, 70), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()


class Line:
    """What LINE was told, request by request, and what it answers about a person."""

    def __init__(self, log: Path, name: str, picture: bytes) -> None:
        self.log = log
        self.profile = {"userId": "U", "displayName": name, "language": "ja", "statusMessage": name}
        self.picture = picture
        self.told: list[str] = []
        self.asked: list[str] = []
        self.came = threading.Condition()

    def note(self, request: str, body: bytes) -> None:
        with self.came:
            self.told.append(body.decode())
            with self.log.open("ab") as log:
                log.write(request.encode() + b"\n" + body + b"\n")
            self.came.notify_all()

    def waited_for(self, count: int, seconds: float = 30) -> None:
        """Wait until LINE was told something *count* times."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.told) >= count, seconds), (
                f"{len(self.told)} of {count}"
            )

    @property
    def said(self) -> str:
        """Return all that was said to people."""
        return "\n".join(text for each in self.told for text in _TEXTS.findall(each))

    def link(self) -> str:
        """Return the newest one-time link."""
        return str(re.findall(r"http://127[^\"\s]+/f/[\w-]+", "\n".join(self.told))[-1])


@contextmanager
def listening(line: Line) -> Iterator[str]:
    """Yield the address at which *line* answers."""
    handler = type("Handler", (_Handler,), {"line": line})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    line: Line
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.line.asked.append(self.path)
        if self.path.endswith("/content"):
            self._answer(self.line.picture, "image/jpeg")
        else:
            self._answer(json.dumps(self.line.profile).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(b'{"sentMessages": [{"id": "1"}]}')
        self.line.note(f"{self.command} {self.path} {dict(self.headers)}", body)

    def _answer(self, body: bytes, mime: str = "application/json") -> None:
        self.send_response(200)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the name that it overrides
        """Say nothing."""
