"""The short way to a webhook: past the framework, which would cost a sixth of the whole turn.

The doors are routes of the application as well, and whatever is unusual about a request goes that way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import TypeAlias
from wsgiref.types import StartResponse, WSGIEnvironment

import structlog
from flask import Flask, Response

log = structlog.get_logger()

Door: TypeAlias = Callable[[bytes, WSGIEnvironment], "tuple[int, str]"]
"""Takes a webhook's body and what came with it, and returns the status of the answer and its JSON ("" for none)."""

MOST_BYTES = 1_000_000


class Lane:
    """The WSGI application *app* with *doors*, by path, in front of it."""

    def __init__(self, app: Flask, doors: Mapping[str, Door]) -> None:
        self._app = app.wsgi_app
        self._doors = doors
        self._bare = _headers(app, next(iter(doors), "/"))
        self._around = [each for each in self._bare if each[0] not in {"Content-Length", "Content-Type"}]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        door = self._doors.get(environ["PATH_INFO"])
        length = _length(environ) if door else 0
        if door is None or not length:
            return self._app(environ, start_response)
        status, said = _answered(door, environ, length)
        body = said.encode()
        start_response(_STATUS[status], self._about(body) if body else self._bare)
        return (body,) if body else ()

    def _about(self, body: bytes) -> list[tuple[str, str]]:
        of_body = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        return [*self._around, *of_body]


def _length(environ: WSGIEnvironment) -> int:
    """Return the length of a plain POST's body; 0 for a request with anything unusual about it."""
    length = environ.get("CONTENT_LENGTH", "")
    plain = environ["REQUEST_METHOD"] == "POST" and "HTTP_TRANSFER_ENCODING" not in environ
    usual = plain and length.isascii() and length.isdigit() and len(length) < len(str(MOST_BYTES))
    return int(length) if usual else 0


def _answered(door: Door, environ: WSGIEnvironment, length: int) -> tuple[int, str]:
    try:
        body = environ["wsgi.input"].read(length)
    except OSError:  # the sender hung up
        return HTTPStatus.BAD_REQUEST, ""
    try:
        return door(body, environ)
    except Exception:
        log.exception("request_failed", route=environ["PATH_INFO"])
        return HTTPStatus.INTERNAL_SERVER_ERROR, ""


_STATUS = {each.value: f"{each.value} {each.phrase}" for each in HTTPStatus}


def _headers(app: Flask, path: str) -> list[tuple[str, str]]:
    """Return the headers that *app* itself gives an empty answer of *path*."""
    with app.test_request_context(path, method="POST"):
        answer = app.process_response(Response())
        answer.headers["Content-Length"] = "0"
        return list(answer.headers.to_wsgi_list())
