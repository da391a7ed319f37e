"""A call of the Messaging API and its answer, apart from any web framework."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """What came in.  *path* is LINE's own ("/v2/bot/message/push"); header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = b""
    request_id: str = ""

    @property
    def mime(self) -> str:
        return self.headers.get("content-type", "application/json").partition(";")[0].strip().lower()

    def json(self) -> Mapping[str, Any]:
        """Return the body.

        Raises:
            Refused: it is no JSON object.
        """
        try:
            found = json.loads(self.body)
        except ValueError as broken:
            raise Refused(400, "The request body could not be parsed as JSON.") from broken
        if not isinstance(found, dict):
            raise Refused(400, "The request body must be a JSON object.")
        return found

    def text(self, name: str) -> str:
        """Return the text *name* of the body.

        Raises:
            Refused: it is missing or no text.
        """
        value = self.json().get(name)
        if not isinstance(value, str) or not value:
            raise Refused(400, f"The property, '{name}', in the request body is invalid (line: -, column: -)")
        return value


@dataclass(frozen=True)
class Answer:
    """What goes back.  *broken*: the connection ends instead."""

    status: int
    body: bytes = b"{}"
    mime: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    broken: bool = False


@dataclass(frozen=True)
class Detail:
    """Where in a request something is wrong."""

    property: str
    message: str


class Refused(Exception):
    """LINE says no, in its shape: a message and perhaps details."""

    def __init__(self, status: int, message: str, details: tuple[Detail, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.details = details

    def answer(self) -> Answer:
        said: dict[str, object] = {"message": str(self)}
        if self.details:
            said["details"] = [{"message": each.message, "property": each.property} for each in self.details]
        return ok(said, self.status)


def ok(said: Mapping[str, object] | None = None, status: int = 200, **headers: str) -> Answer:
    """Return *said* as JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(said or {}, ensure_ascii=False).encode(), headers=named)


NOT_FOUND = Refused(404, "Not found")
