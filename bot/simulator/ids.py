"""Names and numbers of the shapes that LINE gives out."""

import secrets
import uuid
from datetime import datetime

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def user_id() -> str:
    return "U" + secrets.token_hex(16)


def group_id() -> str:
    return "C" + secrets.token_hex(16)


def message_id() -> str:
    """Return 18 digits.  They are no time: a clock that was turned back must not give one out twice."""
    return str(10**17 + secrets.randbelow(9 * 10**17))


def token() -> str:
    """Return what nobody guesses: a reply token, a quote token, a token to mark as read."""
    return secrets.token_urlsafe(32)


def request_id() -> str:
    return str(uuid.uuid4())


def ulid(at: datetime) -> str:
    """Return a new ULID of the moment *at*."""
    number = milliseconds(at) << 80 | secrets.randbits(80)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
