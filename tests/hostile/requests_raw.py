"""Requests as no client writes them, byte by byte, and what a server says to them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count as counting

from tests.support.service import BOT, Webhooks, envelope, sign, user

PATIENCE, HASTE = 20.0, 0.3
_people = counting(1)

HOOK = b"POST /line/webhook HTTP/1.1"
LENGTH = b"Content-Length: %d"


def webhook() -> bytes:
    """Return the body of a webhook of somebody new."""
    return envelope([Webhooks(user(0xF00000 + next(_people))).text("メニュー")], destination=BOT)


class Post:
    """Writes a webhook signed with *secret*, with everything around it that is asked for."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __call__(
        self,
        *more: bytes,
        line: bytes = HOOK,
        around: Callable[[bytes], bytes] = lambda body: body,
        length: bool = True,
        signature: bytes | None = b"",
    ) -> bytes:
        """Return a request with the headers *more*; *around* is what becomes of its body on the wire."""
        body = webhook()
        right = sign(body, self._secret).encode()
        own = [b"Host: desk.example", b"Connection: close"]
        own += [] if signature is None else [b"X-Line-Signature: " + (signature or right)]
        own += [LENGTH % len(body)] if length else []
        headers = [
            each.replace(b"{length}", b"%d" % len(body)).replace(b"{right}", right) for each in (*own, *more)
        ]
        return b"\r\n".join([line, *headers, b"", around(body)])


def get(path: bytes, *headers: bytes, version: bytes = b"1.1") -> bytes:
    lines = [b"GET " + path + b" HTTP/" + version, b"Host: desk.example", b"Connection: close", *headers]
    return b"\r\n".join([*lines, b"", b""])


def chunked(body: bytes) -> bytes:
    return b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


def in_bytes(body: bytes) -> bytes:
    return (
        b"".join(b"1;x=y\r\n" + body[at : at + 1] + b"\r\n" for at in range(len(body)))
        + b"0\r\nX-T: 1\r\n\r\n"
    )


def taken(post: Post) -> Mapping[str, bytes]:
    """Return requests that are odd and must be heard."""
    return {
        "as usual": post(),
        "in HTTP/1.0": post(line=b"POST /line/webhook HTTP/1.0"),
        "in chunks": post(b"Transfer-Encoding: chunked", length=False, around=chunked),
        "in chunks of a byte": post(b"Transfer-Encoding: chunked", length=False, around=in_bytes),
        "waiting to be asked on": post(b"Expect: 100-continue"),
        "with its length twice": post(LENGTH.replace(b"%d", b"{length}")),
        "with the signature in small letters": post(b"x-line-signature: {right}", signature=None),
        "with the signature in capitals": post(b"X-LINE-SIGNATURE: {right}", signature=None),
        "said to be packed": post(b"Content-Encoding: gzip"),
        "said to be a form": post(b"Content-Type: application/x-www-form-urlencoded"),
        "said to be in parts": post(b"Content-Type: multipart/form-data; boundary=x"),
        "said to be of no type": post(b"Content-Type: \xff\xfe; charset=\x22"),
        "with a long header": post(b"X-More: " + b"a" * 6000),
        "with a query": post(line=b"POST /line/webhook?a=%00&b HTTP/1.1"),
        "with cookies of anything": post(b"Cookie: madoguchi-page=\xff; =; a=b=c;;" + b"x" * 2000),
        "in the name of a proxy": post(
            b"X-Forwarded-For: 192.0.2.1, unknown", b"Forwarded: for=_x;proto=\x22"
        ),
    }


def refused(post: Post) -> Mapping[str, bytes]:
    """Return requests that must not be heard: answered below 500, or with a closed door."""
    short = LENGTH.replace(b"%d", b"5")
    return {
        "without a signature": post(signature=None),
        "with a short signature": post(signature=b"AAAA"),
        "with a signature that is no base64": post(signature=b"!" * 44),
        "with a signature of bytes": post(signature=b"\xff\xfe" * 22),
        "with a signature of a NUL": post(signature=b"a\0b"),
        "with a signature of a megabyte": post(signature=b"A" * 1_000_000),
        "with two signatures": post(b"X-Line-Signature: AAAA"),
        "with the right signature second": post(b"X-Line-Signature: {right}", signature=b"AAAA"),
        "without a length": post(length=False),
        "with two lengths": post(short),
        "with a length below zero": post(b"Content-Length: -5", length=False),
        "with a length that is endless": post(b"Content-Length: " + b"9" * 400, length=False),
        "with a length of words": post(b"Content-Length: many", length=False),
        "with a length in other digits": post(b"Content-Length: \xd9\xa3", length=False),
        "with less than its length": post(
            b"Content-Length: 1000000", length=False, around=lambda body: body[:-9]
        ),
        "with more than its length": post(short, length=False),
        "in broken chunks": post(
            b"Transfer-Encoding: chunked", length=False, around=lambda body: b"zz\r\n" + body
        ),
        "in a chunk without end": post(
            b"Transfer-Encoding: chunked", length=False, around=lambda body: b"f" * 16 + b"\r\n" + body[:-9]
        ),
        "in a chunk whose length is endless": post(
            b"Transfer-Encoding: chunked", length=False, around=lambda body: b"f" * 5000 + b"\r\n" + body
        ),
        "by another method": post(line=b"PUT /line/webhook HTTP/1.1"),
        "by no method": post(line=b"FROB /line/webhook HTTP/1.1"),
        "by a method without end": post(line=b"A" * 5000 + b" /line/webhook HTTP/1.1"),
        "by GET": post(line=b"GET /line/webhook HTTP/1.1"),
        "at another path": post(line=b"POST /line/webhook/ HTTP/1.1"),
        "at a path with a NUL": post(line=b"POST /line\0/webhook HTTP/1.1"),
        "at a path in capitals": post(line=b"POST /LINE/WEBHOOK HTTP/1.1"),
        "at a path without end": post(line=b"POST /" + b"a" * 200_000 + b" HTTP/1.1"),
        "in HTTP/9.9": post(line=b"POST /line/webhook HTTP/9.9"),
        "in no HTTP": b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + bytes(100),
        "in every byte": bytes(range(256)),
        "in lines without end": b"\r\n" * 5000,
        "in HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9),
        "with a header of two megabytes": post(b"X-More: " + b"a" * 2_000_000),
        "with ten thousand headers": post(*(b"X-%d: 1" % number for number in range(10_000))),
        "with a header over two lines": post(b"X-More: a\r\n b"),
        "with a header that has no name": post(b": a"),
        "with a space before the colon": post(b"Content-Type : text/plain"),
    }


def pages() -> Mapping[str, bytes]:
    """Return requests for pages by paths and names that are tricks."""
    paths = (
        *(b"/..", b"/../../etc/passwd", b"/static/..%2f..%2f..%2fetc%2fpasswd", b"/static/../serving.py"),
        *(b"/static/%2e%2e/serving.py", b"/static/\\..\\serving.py", b"/static//etc/passwd", b"/static/%00"),
        *(
            b"/f/%zz%ff",
            b"/f/\xe3\x81\x82",
            b"/f/../admin/",
            b"/f/..;/admin/",
            b"/f/" + b"a" * 10_000,
            b"/f/%0d%0aX:1",
        ),
        *(
            b"/admin/%2e%2e/metrics",
            b"//admin//",
            b"/admin/enter/%00",
            b"/admin/photos/..%2f",
            b"*",
            b"/%",
            b"/?%",
        ),
        *(
            b"http://evil.example/f/x",
            b"/page?lang=" + b"%ff" * 1000,
            b"/page/done?lang=<script>",
            b"/simulator/",
        ),
    )
    hosts = (b'a"><script>', b"", b"evil.example:99999", b"\xff", b"a" * 5000, b"127.0.0.1:8000@evil.example")
    return {
        **{f"the path {path[:40]!r}": get(path) for path in paths},
        **{f"the host {host[:20]!r}": get(b"/admin/", b"Host: " + host) for host in hosts},
        "a name of tongues": get(b"/f/x", b"Accept-Language: " + b"ja;q=" * 1000),
        "half a range": get(b"/static/desk.css", b"Range: bytes=-0,0-,99999999999999999999-"),
        "an odd date": get(b"/static/desk.css", b"If-Modified-Since: \xff", b"If-None-Match: \x22"),
    }


SPOOFED = (
    b"X-Forwarded-For: 127.0.0.1",
    b"x-forwarded-for: 127.0.0.1, 127.0.0.1",
    b"X-Forwarded-For:",
    b"Forwarded: for=127.0.0.1",
    b"X-Real-IP: 127.0.0.1",
    b"X-Forwarded-Host: localhost",
    b"X-Forwarded-Proto: http",
    b"Via: 1.1 localhost",
)
"""What a stranger sends along who would like to be taken for this machine."""


def said(address: str, request: bytes, patience: float = PATIENCE) -> bytes:
    """Return everything that the server at *address* answers to *request*.

    After *patience* seconds without a word we hang up our end, since nothing more will come; it must answer or
    hang up then, too.
    """
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as line:
        with suppress(OSError):  # the server may hang up before it has heard all
            line.sendall(request)
        line.settimeout(patience)
        try:
            return _rest(line)
        except TimeoutError:
            line.shutdown(socket.SHUT_WR)
        line.settimeout(PATIENCE)
        return _rest(line)


def _rest(line: socket.socket) -> bytes:
    heard = b""
    with suppress(ConnectionError):
        while piece := line.recv(65536):
            heard += piece
    return heard


def statuses(answer: bytes) -> list[int]:
    """Return the statuses in *answer*, of HTTP/1, without those that only ask to go on."""
    found = [
        part.split(b" ", 1)[0] for part in answer.replace(b"HTTP/1.0 ", b"HTTP/1.1 ").split(b"HTTP/1.1 ")[1:]
    ]
    return [int(each) for each in found if each.isdigit() and each != b"100"]
