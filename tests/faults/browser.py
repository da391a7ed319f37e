"""The browser of a resident: opens the private page from its link, fills it in and sends it, again if it must."""

from __future__ import annotations

import http.client
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.faults.residents import Resident, applicant

_HIDDEN = re.compile(r'<input type="hidden" name="(seal|once)" value="([^"]*)">')
GONE, REFUSED, SEE = 410, 422, 303


class PageRefused(AssertionError):
    """The page did not take what this night's residents always write."""


@dataclass
class Browser:
    """One browser.  It keeps its cookie and an unsent page over the program's restarts, as browsers do."""

    resident: Resident
    port: int
    cookie: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)

    def fill(self, link: str) -> bool:
        """Go on until the page is sent; return whether the desk thanked for it.

        Raises:
            OSError: Nobody answered; what came of it is not known.
            http.client.HTTPException: The answer broke off.
        """
        if not self.cookie and not self._enter(link):
            return False
        if not self.hidden and not self._open():
            self.cookie = ""
            return False
        return self._send()

    def _enter(self, link: str) -> bool:
        status, headers, _ = self._ask("POST", link, b"")
        self.cookie = (headers.get("Set-Cookie") or "").partition(";")[0]
        return status == SEE and bool(self.cookie)

    def _open(self) -> bool:
        status, _, page = self._ask("GET", "/page", None)
        self.hidden = dict(_HIDDEN.findall(page.decode())) if status == 200 else {}
        if self.hidden:
            self.hidden.setdefault("once", secrets.token_hex(16))
            self.resident.pages.append(self.hidden["once"])
        return bool(self.hidden)

    def _send(self) -> bool:
        body = urlencode({**self.hidden, **applicant(self.resident)}).encode()
        status, headers, page = self._ask("POST", "/page", body)
        if status == REFUSED:
            raise PageRefused(re.sub(r"\s+", " ", page.decode())[:2000])
        if status != SEE:
            self.hidden = {}
            return False
        return "/page/done" in (headers.get("Location") or "")

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
            connection.request(method, path, body, headers | ({"Cookie": self.cookie} if self.cookie else {}))
            answer = connection.getresponse()
            page = answer.read()
        finally:
            connection.close()
        self.statuses.append(answer.status)
        if answer.status >= 500:
            raise http.client.HTTPException(f"status {answer.status}")
        return answer.status, answer.headers, page
