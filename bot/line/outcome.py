"""What became of a call to LINE, in the few words that decide what is to be done next."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
    SSLError,
)


class Headers(Protocol):
    """The headers of an answer."""

    def get(self, name: str, /) -> str | None:
        """Return the header *name*."""
        ...


Kind: TypeAlias = Literal["delivered", "permanent", "rate", "quota", "ambiguous", "not_sent", "not_ready"]


@dataclass(frozen=True)
class Outcome:
    """What became of one call.

    *kind*: ``delivered`` LINE took it, now or before; ``permanent`` it will never take this; ``rate`` too
    many at once, later it will; ``quota`` the month's messages are used up; ``ambiguous`` it may have
    taken it; ``not_sent`` it certainly has not; ``not_ready`` a photo or film is still being prepared.
    *status* is None when no answer came.  *request_id* is LINE's, for inquiries.  *detail* is for logs: it
    never repeats what was sent or said.  *data* is the answer, *content* a photo; both may be personal, so
    that neither is ever printed with the outcome.
    """

    kind: Kind
    status: int | None = None
    request_id: str = ""
    detail: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    content: bytes = field(default=b"", repr=False)


_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_CONFLICT, _TOO_MANY = 409, 429

# LINE's sentences that are worth knowing; no other word of an answer is let into a log.
_SENTENCES = {
    "monthly limit": "monthly limit",
    "rate limit": "rate limit",
    "invalid reply token": "invalid reply token",
    "not found": "not found",
    "authentication failed": "authentication failed",
}
_KNOWN: Mapping[str, Kind] = {"monthly limit": "quota", "rate limit": "rate"}
UNCLEAR = "too many requests, for a reason not told"


def of_answer(status: int, headers: Headers | None, body: bytes | str | None) -> Outcome:
    """Return what an answer of LINE means."""
    request_id = _request_id(headers)
    if status // 100 == 2:  # noqa: PLR2004 - a success of HTTP
        return Outcome("delivered", status, request_id, "", _object(body))
    if status == _CONFLICT:
        return Outcome("delivered", status, request_id, "taken before", _object(body))
    sentence = _sentence(body)
    if status == _TOO_MANY:
        return Outcome(_KNOWN.get(sentence, "rate"), status, request_id, _why_too_many(sentence))
    return Outcome(_of_class(status), status, request_id, sentence or f"http {status}")


def _why_too_many(sentence: str) -> str:
    return sentence if sentence in _KNOWN else UNCLEAR


def _of_class(status: int) -> Kind:
    """Return what the first digit says; a redirect is not followed, so that nothing has been sent."""
    classes: Mapping[int, Kind] = {3: "not_sent", 4: "permanent"}
    return classes.get(status // 100, "ambiguous")


def of_failure(error: Exception) -> Outcome:
    """Return what it means that no answer came."""
    cause = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    kind: Kind = "not_sent" if _never_left(cause) else "ambiguous"
    return Outcome(kind, detail=type(cause).__name__)


def _never_left(cause: Exception) -> bool:
    """Return whether *cause* lies before the first byte of the request."""
    if isinstance(cause, SSLError):
        return any(isinstance(each, ssl.SSLCertVerificationError) for each in cause.args)
    return isinstance(cause, NewConnectionError | ConnectTimeoutError | ProxyError)


def _request_id(headers: Headers | None) -> str:
    value = (headers.get("x-line-request-id") if headers is not None else "") or ""
    return value if _REQUEST_ID.fullmatch(value) else ""


def _sentence(body: bytes | str | None) -> str:
    said = str(_object(body).get("message", "")).lower()
    return next((short for sentence, short in _SENTENCES.items() if sentence in said), "")


def _object(body: bytes | str | None) -> Mapping[str, Any]:
    """Return the JSON object *body*; an empty one for anything else, for the status has said enough."""
    try:
        said = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
