"""LINE, in memory: reply tokens that work once, retry keys, people who block, and every way a call can end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

from bot.line.calls import Call
from bot.line.limits import check_messages
from bot.line.outcome import Outcome

DAY = 24 * 3600 * 1000
TOKEN_LIFE, TOKEN_END = 60_000, 20 * 60_000
"""How long (ms) a reply token works after each delivery of its event, and after the event itself."""

ENDINGS = (
    *("ok",) * 7,
    "rate",
    "taken",
    "lost",
    "not_sent",
    "permanent",
    "turned_away",
    "quota",
    "killed_before",
    "killed_after",
)
"""How calls end: the first seven in sixteen well."""


class Killed(BaseException):
    """The process is no more: nothing behind this point is run, as after kill -9."""


@dataclass(frozen=True)
class Accepted:
    """One message that LINE took, in the order of taking.  *key* is the reply token or the retry key."""

    user_id: str
    body: str
    key: str
    pushed: bool


def _photo() -> bytes:
    made = BytesIO()
    Image.new("RGB", (8, 8), "green").save(made, "JPEG")
    return made.getvalue()


PHOTO = _photo()


@dataclass
class Line:
    """The platform.  *plan* says how the next calls end; behind it all end well."""

    now: Callable[[], int]
    tokens: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    keys: dict[str, int] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    accepted: list[Accepted] = field(default_factory=list)
    plan: list[str] = field(default_factory=list)
    languages: dict[str, str] = field(default_factory=dict)
    profiles: list[tuple[str, str | None]] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    ever_blocked: set[str] = field(default_factory=set)
    spoilt: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """Forget everything."""
        for each in (self.tokens, self.used, self.keys, self.blocked, self.accepted, self.plan):
            each.clear()
        for other in (
            self.languages,
            self.profiles,
            self.unreadable,
            self.faults,
            self.ever_blocked,
            self.spoilt,
        ):
            other.clear()

    def issue(self, token: str, user_id: str) -> int:
        """Return when the event of *user_id* was, which now goes out with *token*, perhaps once more."""
        _owner, first, _last = self.tokens.get(token, ("", self.now(), 0))
        self.tokens[token] = (user_id, first, self.now())
        return first

    def block(self, user_id: str) -> None:
        """Let *user_id* see nothing more until they follow again."""
        self.blocked.add(user_id)
        self.ever_blocked.add(user_id)

    def _ending(self) -> str:
        return self.plan.pop(0) if self.plan else "ok"

    def _end(self, accept: Callable[[], None]) -> Outcome:
        ending = self._ending()
        if ending == "killed_before":
            raise Killed
        if ending in {"ok", "taken", "killed_after"}:
            accept()
        if ending == "killed_after":
            raise Killed
        return _OUTCOMES[ending]

    # --- the doors of the gateway

    def do(self, call: Call) -> Outcome:
        """Take one call that says something."""
        body = json.loads(call.body)
        if call.is_push:
            return self.push(body["to"], body["messages"], call.headers["X-Line-Retry-Key"])
        return self.reply(body["replyToken"], body["messages"])

    def reply(self, token: str, messages: Sequence[Mapping[str, object]]) -> Outcome:
        owner, first, last = self.tokens.get(token, ("", 0, 0))
        too_old = self.now() - last > TOKEN_LIFE or self.now() - first > TOKEN_END
        if not owner or too_old or token in self.used or owner in self.blocked:
            return Outcome("permanent", 400, detail="invalid reply token")
        if self.plan[:1] == ["permanent"]:
            # A token is refused for good or not at all; nobody can then tell whether an earlier try had used it.
            self.used.add(token)
            self.spoilt.add(token)

        def accept() -> None:
            self.used.add(token)
            self._accept(Accepted(owner, _said(messages), token, pushed=False), messages)

        return self._end(accept)

    def push(
        self, to: str, messages: Sequence[Mapping[str, object]], retry_key: object, **_more: object
    ) -> Outcome:
        key = str(retry_key)
        if self.now() - self.keys.get(key, -DAY) < DAY:
            return Outcome("delivered", 409, detail="taken before")

        def accept() -> None:
            self.keys[key] = self.now()
            self._accept(Accepted(to, _said(messages), key, pushed=True), messages)

        return self._end(accept)

    def _accept(self, sent: Accepted, messages: Sequence[Mapping[str, object]]) -> None:
        self.faults += [str(fault) for fault in check_messages(messages)]
        self.accepted.append(sent)

    def profile(self, user_id: str) -> Outcome:
        outcome = self._end(lambda: None)
        language = self.languages.get(user_id) if outcome.kind == "delivered" else None
        self.profiles.append((user_id, language))
        return Outcome(outcome.kind, outcome.status, data={"language": language} if language else {})

    def content(self, message_id: str) -> Outcome:
        outcome = self._end(lambda: None)
        if outcome.kind != "delivered":
            return outcome
        return Outcome("delivered", 200, content=b"no photo" if message_id in self.unreadable else PHOTO)

    def leave(self, _source_type: str, _source_id: str) -> Outcome:
        return Outcome("delivered", 200)

    def loading(self, _user_id: str, _seconds: int = 20) -> Outcome:
        return Outcome("delivered", 202)

    def quota(self) -> Outcome:
        return Outcome("delivered", 200, data={"limit": None, "used": 0})

    def use_token(self, _token: str) -> None:
        """Take a new access token: all are good here."""

    def close(self) -> None:
        """Nothing is open."""


_OUTCOMES: Mapping[str, Outcome] = {
    "ok": Outcome("delivered", 200),
    "taken": Outcome("ambiguous", 500),
    "lost": Outcome("ambiguous", None),
    "rate": Outcome("rate", 429),
    "quota": Outcome("quota", 429),
    "not_sent": Outcome("not_sent", None),
    "permanent": Outcome("permanent", 400),
    "turned_away": Outcome("permanent", 401),
}


def _said(messages: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps({"messages": list(messages)}, ensure_ascii=False)
