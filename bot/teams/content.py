"""A file that somebody sent, fetched piece by piece: only from where Teams keeps files, never more than is wanted.

What was pasted into a message lies with the connector and needs our token; what was attached lies in SharePoint or
OneDrive, under an address that carries a permission of its own.  No redirect takes our token along.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from urllib.parse import urljoin

import structlog
import urllib3
from urllib3.exceptions import HTTPError

from bot.clock import Clock
from bot.delivery.posting import Answer
from bot.teams.calls import origin
from bot.teams.gateway import ONCE, TeamsGateway, no_answer
from bot.teams.hosts import ServiceHosts
from bot.teams.outcome import Outcome, of_result
from bot.teams.tokens import NoToken

log = structlog.get_logger()

FILES = ServiceHosts((".sharepoint.com", ".svc.ms"))
"""Where files lie that people attach."""

MOST_BYTES = 10 * 1024 * 1024
SECONDS = 60.0
_PIECE = 64 * 1024
_MOST_HOPS = 3
_OK, _REDIRECT = 200, 3

FOREIGN = Outcome("foreign", detail="no address of Teams")


class TooBig(Exception):
    """There is more of it than is wanted."""


class TooSlow(HTTPError):
    """It trickles in; perhaps it will come faster another time."""


class Fetcher:
    """Fetches files at the addresses that messages name; *files* are the hosts that need no token of ours."""

    def __init__(self, gateway: TeamsGateway, clock: Clock, files: ServiceHosts = FILES) -> None:
        self._gateway = gateway
        self._clock = clock
        self._files = files
        self._pool = urllib3.PoolManager(num_pools=4, maxsize=4, retries=ONCE)

    def fetch(self, url: str) -> bytes | Outcome:
        """Return the file at *url*, at most 10 MB and within a minute, or what became of the try."""
        try:
            if self._gateway.hosts.allow(origin(url)):
                return self._pasted(url)
            return self._attached(url)
        except NoToken as fault:
            return Outcome("no_token", detail=f"login: {fault.reason}")
        except HTTPError as error:
            return of_result(no_answer(error), self._clock.now())
        except TooBig:
            return Outcome("too_big", detail="too big")

    def _pasted(self, url: str) -> bytes | Outcome:
        token = self._gateway.tokens.fetch()
        found, _ = self._get(url, token)
        if isinstance(found, Outcome) and found.kind == "token":
            self._gateway.tokens.drop(token)
            found, _ = self._get(url, self._gateway.tokens.fetch())
        return found

    def _attached(self, url: str) -> bytes | Outcome:
        for _ in range(_MOST_HOPS):
            if not self._files.allow(origin(url)):
                log.warning("teams_foreign_file")
                return FOREIGN
            found, elsewhere = self._get(url)
            if not elsewhere:
                return found
            url = urljoin(url, elsewhere)
        return Outcome("refused", detail="too many redirects")

    def _get(self, url: str, token: str = "") -> tuple[bytes | Outcome, str]:
        """Return what lies at *url*, and where it is said to lie now ("" for here)."""
        connect, read = self._gateway.timeout
        headers: Mapping[str, str] = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._pool.request(
            "GET",
            url,
            headers=dict(headers),
            timeout=urllib3.Timeout(connect=connect, read=read),
            preload_content=False,
            redirect=False,
        )
        with answer:
            if answer.status == _OK:
                return _body(answer, monotonic() + SECONDS), ""
            lines = [
                f"{name}: {value}".encode("latin-1", "replace") for name, value in answer.headers.items()
            ]
            outcome = of_result(Answer(answer.status, b"", lines), self._clock.now())
            moved = answer.status // 100 == _REDIRECT
            return outcome, answer.headers.get("location", "") if moved else ""


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
