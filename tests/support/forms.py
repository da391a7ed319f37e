"""A browser for web forms: it reads a page's forms as a browser does, and sends what stands in them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, stream_encode_multipart

from tests.bot.web.talks import PERSONAL

LOAN = {
    "applicant_type": "person",
    "perimeter": "40",
    "sets": "1",
    "period.from": "2027-06-20",
    "period.to": "2027-07-20",
    "reason": ["damaged"],
    "damage": "none",
}
PROMISES = {"upkeep": "yes", "return": "yes", "consider": "yes"}
PAGES: Mapping[str, Mapping[str, Any]] = {"loan": LOAN, "promises": PROMISES, "applicant": PERSONAL}
"""What fills the application for a fence, by page."""

_TAGS = re.compile(r"<[^>]+>")


@dataclass
class Form:
    """One form of a page: where it goes and what stands in it."""

    action: str
    values: MultiDict[str, Any] = field(default_factory=MultiDict)
    names: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._sets: list[bool] = []
        self._lines = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "fieldset":
            self._sets.append("disabled" in given)
        elif tag in {"input", "textarea"} and self.forms and not any(self._sets):
            self._input(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "fieldset":
            self._sets.pop()
        if tag == "textarea":
            self._lines = ""

    def handle_data(self, data: str) -> None:
        if self._lines:
            self.forms[-1].values[self._lines] = data.removeprefix("\n")

    def _input(self, tag: str, given: Mapping[str, str]) -> None:
        name, kind, form = given.get("name", ""), given.get("type", "text"), self.forms[-1]
        form.names.add(name)
        if tag == "textarea":
            self._lines = name
        elif kind in {"radio", "checkbox"}:
            if "checked" in given:
                form.values.add(name, given.get("value", "on"))
        elif kind != "file":
            form.values.add(name, given.get("value", ""))


def forms(page: TestResponse) -> list[Form]:
    """Return the forms of *page* as a browser without scripts would send them."""
    reader = _Reader()
    reader.feed(page.text)
    return reader.forms


def said(page: TestResponse) -> str:
    """Return the words of *page*."""
    return " ".join(unescape(_TAGS.sub(" ", page.text)).split())


def photo(content: bytes, name: str = "photo.jpg") -> FileStorage:
    """Return what a browser sends of a chosen file."""
    return FileStorage(io.BytesIO(content), name)


def errors(page: TestResponse) -> list[str]:
    """Return what stands beside the fields of *page* as wrong."""
    return [unescape(each) for each in re.findall(r'class="error"[^>]*>([^<]*)', page.text)]


@dataclass
class Visitor:
    """Somebody with a browser, at one form; *at* is the page they see."""

    client: FlaskClient
    base: str = "/forms/fence_loan"
    at: TestResponse = field(init=False)

    def begins(self, lang: str = "ja") -> TestResponse:
        """Open the first page of the form."""
        return self._follow(self.client.post(self.base, data={"lang": lang}))

    def opens(self, path: str) -> TestResponse:
        """Open a page of the form."""
        return self._follow(self.client.get(path if path.startswith("/") else f"{self.base}/{path}"))

    def sends(self, values: Mapping[str, Any] | None = None, *, to: str = "", go: str = "on") -> TestResponse:
        """Fill *values* into the page's form whose address ends in *to* (its first where empty), and send it."""
        form = next(
            each for each in forms(self.at) if each.action.endswith(to) and "sign-out" not in each.action
        )
        data = form.values.copy()
        for name, value in (values or {}).items():
            assert name in form.names, f"{name} is not on the page: {sorted(form.names)}"
            data.setlist(name, value if isinstance(value, list) else [value])
        data["go"] = go
        # Not the client's own way, which leaves a file behind for what is large.
        body, length, boundary = stream_encode_multipart(data, use_tempfile=False)
        kind = f'multipart/form-data; boundary="{boundary}"'
        return self._follow(
            self.client.post(form.action, input_stream=body, content_type=kind, content_length=length)
        )

    def _follow(self, answer: TestResponse) -> TestResponse:
        while answer.status_code == 303:
            answer = self.client.get(answer.location)
        self.at = answer
        return answer

    def fills_in(self, pages: Mapping[str, Mapping[str, Any]] = PAGES) -> TestResponse:
        """Fill in every page, up to the review."""
        for page, values in pages.items():
            assert f"/page/{page}" in self.at.request.path, said(self.at)
            answer = self.sends(values)
            assert answer.status_code == 200, errors(answer)
        return self.at

    def files(self) -> str:
        """Send the review; return the number on the receipt."""
        receipt = self.sends(to="/review")
        assert receipt.status_code == 200, said(receipt)
        found = re.search(r'class="receipt-number"><span>[^<]*</span>([^<]+)', receipt.text)
        assert found, said(receipt)
        return found[1]
