"""The endpoints that send messages."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.clock import TOKYO
from bot.line.limits import check_messages
from bot.simulator import ids
from bot.simulator.calls import Answer, Call, Detail, Refused, ok
from bot.simulator.chats import Chats, Side
from bot.simulator.ledger import Ledger
from bot.simulator.store import Store

RETRY_KEY = "x-line-retry-key"
_MOST_PEOPLE = 500
_LARGEST_BODY = 2_000_000
_KINDS = {"reply", "push", "multicast", "narrowcast", "broadcast"}


class Sending:
    """Reply, push, multicast and validate.  *now* is the product's clock."""

    def __init__(self, store: Store, chats: Chats, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._store, self._chats, self._ledger, self._now = store, chats, ledger, now

    def reply(self, call: Call) -> Answer:
        """Send to where the reply token came from: once, and within its minute."""
        if RETRY_KEY in call.headers:
            raise Refused(400, "The retry key is not supported for this endpoint.")
        messages = checked(call)
        token = call.text("replyToken")
        with self._store.transaction():
            chat = self._ledger.chat_of(token, self._at())
            if chat is None:
                raise Refused(400, "Invalid reply token")
            self._ledger.use(token)
            return ok({"sentMessages": self._deliver(chat, messages)})

    def push(self, call: Call) -> Answer:
        """Send to one person or group; 200 also where nobody hears it."""
        return self._once(call, lambda: self._pushed(call))

    def multicast(self, call: Call) -> Answer:
        """Send to many people; LINE tells no message ids here."""
        return self._once(call, lambda: self._multicasted(call))

    def validate(self, call: Call) -> Answer:
        """Say whether the messages could be sent."""
        if call.path.rpartition("/")[2] not in _KINDS:
            raise Refused(404, "Not found")
        checked(call)
        return ok()

    # --- once under a retry key

    def _once(self, call: Call, send: Callable[[], list[dict[str, str]]]) -> Answer:
        key = retry_key(call)
        with self._store.transaction():
            if key and (before := self._ledger.accepted(key, self._at())):
                request_id, sent = before
                said: dict[str, object] = {"message": "The retry key is already accepted"}
                if sent:
                    said["sentMessages"] = sent
                return ok(said, 409, x_line_accepted_request_id=request_id)
            sent = send()
            if key:
                self._ledger.accept(key, self._at(), call.request_id, sent)
            return ok({"sentMessages": sent} if sent else {})

    def _pushed(self, call: Call) -> list[dict[str, str]]:
        messages, chat = checked(call), call.text("to")
        if not self._chats.exists(chat):
            raise Refused(400, "Failed to send messages")
        self._count(1)
        return self._deliver(chat, messages)

    def _multicasted(self, call: Call) -> list[dict[str, str]]:
        messages, people = checked(call), call.json().get("to")
        if not isinstance(people, list) or not 1 <= len(people) <= _MOST_PEOPLE:
            raise Refused(400, "The property, 'to', in the request body is invalid (line: -, column: -)")
        if unknown := [place for place, user in enumerate(people) if not self._chats.exists(str(user))]:
            wrong = tuple(Detail(f"to[{place}]", "invalid user id") for place in unknown)
            raise Refused(400, "The request body has an error", wrong)
        self._count(len(set(people)))
        for user in dict.fromkeys(people):
            self._deliver(user, messages)
        return []

    def _count(self, messages: int) -> None:
        # The month of the bill is Japan's; the product's clock is in UTC.
        self._ledger.count(month(self._now()), messages)

    # --- what arrives

    def _deliver(self, chat: str, messages: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """Show *messages* in *chat* if it hears the desk; the ids are given out either way."""
        sent = [{"id": ids.message_id(), "quoteToken": ids.token()} for _ in messages]
        if self._chats.hears(chat):
            for message, numbered in zip(messages, sent, strict=True):
                self._chats.put(chat, Side.DESK, message, self._at(), numbered["id"])
        return sent

    def _at(self) -> int:
        return ids.milliseconds(self._now())


def checked(call: Call) -> Sequence[Mapping[str, Any]]:
    """Return the messages of *call*.

    Raises:
        Refused: LINE would not take them.
    """
    if len(call.body) > _LARGEST_BODY:
        raise Refused(413, "Request body exceeds the maximum size")
    messages = call.json().get("messages")
    if not isinstance(messages, list) or not messages:
        raise Refused(400, "The request body has 1 error(s)", (Detail("messages", "May not be empty"),))
    if problems := check_messages(messages):
        details = tuple(Detail(problem.path, problem.message) for problem in problems)
        raise Refused(400, f"The request body has {len(details)} error(s)", details)
    return messages


def retry_key(call: Call) -> str:
    """Return the retry key in one spelling, or "" where there is none."""
    given = call.headers.get(RETRY_KEY)
    if given is None:
        return ""
    try:
        return str(uuid.UUID(given))
    except ValueError as broken:
        raise Refused(400, "The X-Line-Retry-Key header is invalid.") from broken


def month(now: datetime) -> str:
    """Return the month that messages of *now* are counted in, by the days of Japan."""
    return f"{now.astimezone(TOKYO):%Y-%m}"
