"""Requests that no client writes, to the real servers over real sockets: heard or refused, and never a fault."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import pytest
import requests

from tests.bot.test_servers import SECRET, SERVERS, running
from tests.hostile.requests_raw import HASTE, SPOOFED, Post, get, pages, refused, said, statuses, taken

POST = Post(SECRET)
UNKNOWN = 501
"""What some servers say to a way of sending that they do not know: they are right, and it is not the desk."""

# What one server will not hear and another does; either is right.
AS_THEY_LIKE = {"with its length twice", "said to be of no type", "with two signatures", "with a query"}
AS_THEY_LIKE |= {"with the right signature second", "with a long header", "with less than its length"}
AS_THEY_LIKE |= {"in HTTP/9.9", "with a header over two lines", "with ten thousand headers"}

TAKEN = "SELECT count(*) FROM inbox WHERE state = 'done' AND event_id NOT LIKE '%/introduced'"
"""What came from outside: a person's first event brings one of our own about."""

BLIND = {"waitress"}
"""Servers that hide a proxy from the desk, which then shows its figures to nobody."""


@dataclass(frozen=True)
class Server:
    name: str
    address: str
    folder: Path

    def events(self) -> int:
        """Return how many events the desk has taken."""
        with closing(sqlite3.connect(self.folder / "desk.db")) as found:
            return int(found.execute(TAKEN).fetchone()[0])

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module", params=SERVERS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: str
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp(request.param)
    copyfile(sqlite_template.removeprefix("sqlite:///"), folder / "desk.db")
    with running(request.param, folder, f"sqlite:///{folder / 'desk.db'}") as address:
        yield Server(request.param, address, folder)


def test_whatever_is_signed_is_heard_once_however_it_is_sent(server: Server) -> None:
    for name, request in taken(POST).items():
        before = server.events()
        found = statuses(said(server.address, request))
        heard = server.events() - before

        assert (found, heard) == ([200], 1) or (name in AS_THEY_LIKE and heard == found.count(200)), name


def test_whatever_is_not_is_refused_and_leaves_nothing(server: Server) -> None:
    before = server.events()

    found = {name: statuses(said(server.address, request, HASTE)) for name, request in refused(POST).items()}

    wrong = {
        name: seen for name, seen in found.items() if any(each >= 500 and each != UNKNOWN for each in seen)
    }
    assert wrong == {}
    heard = {name for name, seen in found.items() if 200 in seen} - AS_THEY_LIKE
    assert heard == set()
    allowed = sum(200 in found[name] for name in AS_THEY_LIKE & found.keys())
    assert server.events() - before == allowed


def test_no_trick_of_a_path_leads_to_a_fault_or_a_file(server: Server) -> None:
    for name, request in pages().items():
        answer = said(server.address, request, HASTE)

        assert [each for each in statuses(answer) if each >= 500] == [], name
        assert b"root:" not in answer, name
        assert b"def " not in answer, name
        assert b"<script>" not in answer, name


def test_two_requests_in_one_breath_are_two_requests(server: Server) -> None:
    before = server.events()
    first = POST().replace(b"Connection: close\r\n", b"")

    answer = said(server.address, first + get(b"/healthz"))

    assert statuses(answer) == [200, 200]
    assert answer.endswith(b"ok\n")
    assert server.events() - before == 1


def test_no_request_hides_in_the_body_of_another(server: Server) -> None:
    before = server.events()
    hidden = POST()
    outer = POST(
        b"Transfer-Encoding: chunked",
        b"Content-Length: 4",
        length=False,
        around=lambda _: b"0\r\n\r\n" + hidden,
    )

    found = statuses(said(server.address, outer, HASTE))

    assert [each for each in found if each >= 500 and each != UNKNOWN] == []
    assert server.events() - before == found.count(200)
    assert found.count(200) <= 1, "the outer one is not signed for what it holds"


def test_the_figures_are_shown_to_nobody_who_comes_through_a_proxy(server: Server) -> None:
    assert statuses(said(server.address, get(b"/metrics"))) == ([404] if server.name in BLIND else [200])

    for header in SPOOFED:
        for path in (b"/metrics", b"/%6detrics", b"//metrics"):
            answer = said(server.address, get(path, header))
            assert 200 not in statuses(answer), (header, path)
            assert b"madoguchi_" not in answer


def test_after_all_this_the_desk_is_alive_and_has_nothing_to_tell(server: Server) -> None:
    for request in (*refused(POST).values(), *pages().values()):
        said(server.address, request, HASTE)

    assert requests.get(f"{server.address}/readyz", timeout=20).ok
    assert statuses(said(server.address, POST())) == [200]
    assert "request_failed" not in server.log
    assert "turn_failed" not in server.log
    assert "Traceback" not in server.log


# --- what takes its time: only in the long form


NIGHT = pytest.mark.skipif("MADOGUCHI_NIGHT" not in os.environ, reason="takes a minute: MADOGUCHI_NIGHT=1")


def _opened(address: str, begun: bytes) -> socket.socket:
    host, _, port = address.removeprefix("http://").partition(":")
    line = socket.create_connection((host, int(port)), timeout=90)
    line.sendall(begun)
    return line


@NIGHT
def test_headers_that_never_end_are_hung_up_on(tmp_path: Path, sqlite_url: str) -> None:
    with ExitStack() as open_lines, running("granian", tmp_path, sqlite_url) as address:
        begun = b"POST /line/webhook HTTP/1.1\r\nX-More: a"
        lines = [open_lines.enter_context(_opened(address, begun)) for _ in range(50)]

        assert requests.get(f"{address}/readyz", timeout=20).ok, "others are served meanwhile"
        assert [each for line in lines for each in statuses(line.recv(1000)) if each not in {400, 408}] == []


@NIGHT
def test_a_body_that_never_comes_keeps_nobody_from_stopping_the_service(
    tmp_path: Path, sqlite_url: str
) -> None:
    with (
        ExitStack() as open_lines,
        running("granian", tmp_path, sqlite_url) as address,
    ):  # it ends in time, or this raises
        open_lines.enter_context(_opened(address, POST(b"Content-Length: 5000", length=False)))
