"""What became of a call to Teams' connector, in the few words that decide what is to be done next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Literal, TypeAlias

from bot.delivery.posting import Answer, NoAnswer, Result

Kind: TypeAlias = Literal[
    "accepted",
    "gone",
    "too_big",
    "refused",
    "token",
    "foreign",
    "busy",
    "not_sent",
    "unclear",
    "no_token",
    "paced",
]


@dataclass(frozen=True)
class Outcome:
    """What became of one call.

    *kind*: ``accepted``; ``gone`` nobody is there any more (blocked, uninstalled, deleted); ``too_big``;
    ``refused`` it will never be taken; ``token`` our access token is refused; ``foreign`` the address is none
    that may be called; ``busy`` it was not taken, later it will be; ``not_sent`` it never left; ``unclear`` it
    may have been taken; ``no_token`` the login gave us none; ``paced`` we have not tried, so as not to be too
    fast.  *wait* (ms) is how long we were asked to wait at least.  *id* is the message or conversation that was
    made.  *detail* is for logs: no word of an answer is repeated.
    """

    kind: Kind
    status: int | None = None
    detail: str = ""
    wait: int = 0
    id: str = ""
    request_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)


# Facts: 429, 412, 502 and 504 are to be tried again; 403 and 404 tell of a conversation that is over.
_KINDS: Mapping[int, Kind] = {
    401: "token",
    403: "gone",
    404: "gone",
    410: "gone",
    408: "unclear",
    412: "busy",
    413: "too_big",
    429: "busy",
    503: "busy",
}
_CLASSES: Mapping[int, Kind] = {2: "accepted", 3: "not_sent", 4: "refused"}
_REQUEST_ID = re.compile(r"[0-9A-Za-z.+/=_-]{1,128}")

LONGEST_WAIT = 3_600_000
"""The most (ms) that we let ourselves be told to wait."""

_LONGEST_ID = 255


def of_result(result: Result, now: int) -> Outcome:
    """Return what *result*, which came at *now* (ms), means."""
    if isinstance(result, NoAnswer):
        return Outcome("unclear" if result.sent else "not_sent", detail=result.name)
    return _of_answer(result, now)


def _of_answer(answer: Answer, now: int) -> Outcome:
    status = answer.status
    kind = _KINDS.get(status) or _CLASSES.get(status // 100, "unclear")
    said = _object(answer.body) if kind == "accepted" else {}
    made = said.get("id")
    return Outcome(
        kind,
        status,
        f"http {status}",
        _wait(answer.get("retry-after"), now),
        made if isinstance(made, str) and len(made) <= _LONGEST_ID else "",
        _request_id(answer.get("ms-cv") or answer.get("x-ms-request-id")),
        said,
    )


def _wait(told: str, now: int) -> int:
    """Return how many ms ``Retry-After`` asks for: seconds, or a date (RFC 9110, 10.2.3)."""
    if told.isascii() and told.isdigit():
        return min(int(told[:9]) * 1000, LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(told).timestamp() * 1000
    except (ValueError, TypeError, OverflowError):
        return 0
    return max(0, min(int(until) - now, LONGEST_WAIT))


def _request_id(told: str) -> str:
    return told if _REQUEST_ID.fullmatch(told) else ""


def _object(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object *body*; an empty one for anything else, for the status has said enough."""
    try:
        said = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
