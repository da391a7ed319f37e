"""The last webhooks and API calls, for people to look at.  It forgets with the program."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

_KEPT = 300
_LONGEST_BODY = 20_000


@dataclass(frozen=True)
class Line:
    """One request and its answer.  *took* is in milliseconds, *at* is the product's clock in milliseconds.

    *wire* says whose it was: LINE's or Teams's.
    """

    kind: str
    at: int
    method: str
    path: str
    status: int
    took: int
    sent: Any
    received: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    revision: int = 0
    wire: str = "line"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Record:
    """Requests both ways, oldest first.  The bearer token is never among them."""

    def __init__(self, tick: Callable[[], int]) -> None:
        self._tick = tick
        self._lock = threading.Lock()
        self._lines: deque[Line] = deque(maxlen=_KEPT)

    def add(self, line: Line) -> None:
        with self._lock:
            self._lines.append(replace(line, revision=self._tick()))

    def since(self, revision: int) -> list[Line]:
        """Return what came after *revision*."""
        with self._lock:
            return [line for line in self._lines if line.revision > revision]


def readable(body: bytes, mime: str = "application/json") -> Any:
    """Return *body* as a person wants to see it: JSON as it is, of anything else only its size."""
    if "json" not in mime or len(body) > _LONGEST_BODY:
        return f"{mime}, {len(body)} bytes"
    try:
        return json.loads(body or b"{}")
    except ValueError:
        return body.decode("utf-8", "replace")
