"""Names and numbers of the shapes that Teams gives out."""

import base64
import secrets
import uuid


def user_id() -> str:
    """Return what Teams calls a person before this bot; another bot is told another."""
    return "29:1" + secrets.token_urlsafe(48)


def personal_chat() -> str:
    return "a:1" + secrets.token_urlsafe(60)


def channel() -> str:
    return f"19:{secrets.token_hex(16)}@thread.tacv2"


def message_id() -> str:
    """Return 13 digits, as of a time; they are none, for a clock that was turned back gives one out twice."""
    return str(10**12 + secrets.randbelow(9 * 10**12))


def invoke_id() -> str:
    return f"f:{uuid.uuid4()}"


def attachment_id() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(24)).decode()
