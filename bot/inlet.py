"""The way in for bodies of no stated length: what is broken in them is the sender's fault, and no fault of ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class _Source(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Body:
    """A body that fails in one way: with OSError, which the framework answers with 400.

    Servers raise errors of their own where a chunk is no chunk.
    """

    def __init__(self, source: _Source) -> None:
        self._source = source

    def read(self, size: int = -1) -> bytes:
        """Return up to *size* bytes.

        Raises:
            OSError: The sender hung up, or what comes is no body.
        """
        try:
            return self._source.read(size)
        except Exception as fault:
            raise OSError("the body is broken") from fault


class Inlet:
    """The WSGI application *app*, with bodies that come in chunks made to fail in one way."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"] = Body(environ["wsgi.input"])
        return self._app(environ, start_response)
