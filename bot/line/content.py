"""A photo that somebody sent, fetched piece by piece: never more than is wanted, never anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic

import urllib3
from urllib3.exceptions import HTTPError

from bot.line.outcome import Outcome, of_answer, of_failure

MOST_BYTES = 10 * 1024 * 1024
_PIECE = 64 * 1024
SECONDS = 60.0
_ACCEPTED, _OK = 202, 200

# A photo is known by its first bytes; what a header calls it proves nothing.
_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_MAGIC: Mapping[str, Callable[[bytes], bool]] = {
    "image/jpeg": lambda start: start.startswith(b"\xff\xd8\xff"),
    "image/png": lambda start: start.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/webp": lambda start: start.startswith(b"RIFF") and start[8:12] == b"WEBP",
    "image/heic": lambda start: start[4:8] == b"ftyp" and start[8:12] in _BRANDS,
}


class TooBig(Exception):
    """There is more of it than is wanted."""


class TooSlow(HTTPError):
    """It trickles in; perhaps it will come faster another time."""


def fetch(
    pool: urllib3.PoolManager,
    url: str,
    headers: Mapping[str, str],
    timeout: urllib3.Timeout,
    seconds: float = SECONDS,
) -> Outcome:
    """Return the photo at *url* as the outcome's *content*, at most 10 MB, within *seconds* in all.

    ``not_ready`` while LINE still prepares it, ``permanent`` when it is gone, too big or no photo.
    """
    try:
        answer = pool.request(
            "GET", url, headers=dict(headers), timeout=timeout, preload_content=False, redirect=False
        )
        with answer:
            return _read(answer, monotonic() + seconds)
    except HTTPError as error:
        return of_failure(error)


def _read(answer: urllib3.BaseHTTPResponse, end: float) -> Outcome:
    outcome = of_answer(answer.status, answer.headers, b"")
    if answer.status == _ACCEPTED:
        return Outcome("not_ready", answer.status, outcome.request_id, "being prepared")
    if answer.status != _OK:
        return outcome
    try:
        return _photo(outcome, _body(answer, end))
    except TooBig:
        return Outcome("permanent", answer.status, outcome.request_id, "too big")


def _body(answer: urllib3.BaseHTTPResponse, end: float) -> bytes:
    """Return the bytes as they came: unpacked, a small body could become an endless one."""
    body = bytearray()
    for piece in answer.stream(_PIECE, decode_content=False):
        body += piece
        if len(body) > MOST_BYTES:
            raise TooBig
        if monotonic() > end:
            raise TooSlow
    return bytes(body)


def _photo(outcome: Outcome, body: bytes) -> Outcome:
    kind = next((kind for kind, is_kind in _MAGIC.items() if is_kind(body[:16])), None)
    if kind is None:
        return Outcome("permanent", outcome.status, outcome.request_id, "not a photo")
    return Outcome("delivered", outcome.status, outcome.request_id, "", {"media_type": kind}, body)
