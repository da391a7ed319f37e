"""Bodies that break on their way in are their senders' fault, whatever the server calls it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bot.inlet import Inlet
from bot.service import Service
from bot.serving import make_app
from tests.support.service import Webhooks, envelope, sign

BODY = envelope([Webhooks().text("メニュー")])


class NoChunk(Exception):
    """What a server may say."""


class Broken:
    """A body that breaks when it is read."""

    def __init__(self, fault: type[Exception]) -> None:
        self._fault = fault

    def read(self, _size: int = -1) -> bytes:
        raise self._fault("no chunk")


def status(app: Any, body: object, path: str, **headers: str) -> int:
    signed = {"X-Line-Signature": sign(BODY), **headers}
    environ = EnvironBuilder(path, method="POST", headers=list(signed.items())).get_environ()
    environ["CONTENT_LENGTH"] = headers.get("Content-Length", "")
    environ |= {"wsgi.input": body, "wsgi.input_terminated": True}
    _body, answered, _headers = run_wsgi_app(app, environ, buffered=True)
    return int(answered.split()[0])


@pytest.mark.parametrize("fault", [NoChunk, OSError, ValueError])
@pytest.mark.parametrize("path", ["/line/webhook", "/page", "/admin/sign-out"])
def test_a_body_that_breaks_in_mid_chunk_is_no_fault_of_ours(
    service: Service, fault: type[Exception], path: str
) -> None:
    app = make_app(service)

    answered = status(app.wsgi_app, Broken(fault), path, **{"Transfer-Encoding": "chunked"})

    assert answered in ({400} if path == "/line/webhook" else {303, 400, 410})


def test_without_the_inlet_it_would_be(service: Service) -> None:
    app = make_app(service)
    bare = app.wsgi_app
    while not isinstance(bare, Inlet):
        bare = bare._app  # type: ignore[attr-defined]  # noqa: SLF001 -- to what stands behind it

    inside = bare._app  # noqa: SLF001 -- the application without it

    assert status(inside, Broken(NoChunk), "/line/webhook", **{"Transfer-Encoding": "chunked"}) == 500


def test_a_sender_who_hangs_up_in_mid_body_is_no_fault_of_ours(service: Service) -> None:
    app = make_app(service)

    assert status(app.wsgi_app, Broken(OSError), "/line/webhook", **{"Content-Length": "100"}) == 400


def test_a_webhook_in_chunks_is_heard(service: Service) -> None:
    app = make_app(service)

    assert status(app.wsgi_app, io.BytesIO(BODY), "/line/webhook", **{"Transfer-Encoding": "chunked"}) == 200
