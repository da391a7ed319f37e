"""The calls that say something, as bytes.

Their messages were drawn, checked and encoded when they were queued, so here they are only put behind the token
or the recipient.  The SDK would take them apart and put them together again, for three times what a call costs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

Messages: TypeAlias = "str | Sequence[Mapping[str, object]]"
"""Messages as they were queued (the JSON text of an object with ``messages``), or as objects."""

_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Call:
    """One POST to the Messaging API."""

    path: str
    body: bytes
    headers: Mapping[str, str]
    is_push: bool = False


def reply(token: str, messages: Messages) -> Call:
    """Return the call that answers with the reply *token*."""
    return Call("/v2/bot/message/reply", _body({"replyToken": token}, messages), _JSON)


def push(to: str, messages: Messages, retry_key: UUID | str, *, notification_disabled: bool = False) -> Call:
    """Return the call that sends to *to*.

    Raises:
        ValueError: *retry_key* is no UUID.
    """
    head = {"to": to, "notificationDisabled": notification_disabled}
    headers = {**_JSON, "X-Line-Retry-Key": str(UUID(str(retry_key)))}
    return Call("/v2/bot/message/push", _body(head, messages), headers, is_push=True)


def _body(head: Mapping[str, object], messages: Messages) -> bytes:
    text = messages if isinstance(messages, str) else json.dumps({"messages": list(messages)})
    return f"{json.dumps(head)[:-1]},{text[1:]}".encode()
