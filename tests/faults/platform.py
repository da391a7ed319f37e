"""A Messaging API on loopback as LINE might behave in its worst night, in a process of its own.

It accepts a message under LINE's rules: a reply token works once and for a minute after its event was delivered,
a retry key is known for 24 hours (409), a person who blocks the account is sent nothing, silently.  A share of the
calls goes wrong by a plan that depends on the seed and on the call alone.  Everything that it accepts is written to
its ledger before it is answered, a JSON object a line.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import struct
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.board import Board
from tests.faults.points import POINTS

MINUTE, DAY = 60_000, 86_400_000
ACCESS_TOKEN = "sample-channel-access-token"

PLAN: Mapping[str, float] = {
    "rate": 0.04,
    "quota": 0.001,
    "unauthorized": 0.003,
    "error_before": 0.06,
    "error_after": 0.07,
    "reset_before": 0.03,
    "reset_after": 0.05,
    "cut_after": 0.03,
    "silent_before": 0.002,
    "silent_after": 0.004,
}
"""Which share of the calls goes wrong, and how: before or after the message was accepted."""

_SPOKEN = {
    "rate": (429, "The API rate limit has been exceeded. Try again later."),
    "quota": (429, "You have reached your monthly limit."),
    "unauthorized": (401, "Authentication failed due to the following reason: invalid token."),
    "error_before": (500, "The error occurred on the server."),
    "error_after": (500, "The error occurred on the server."),
}


@dataclass
class Answer:
    """What is sent back: *how* is "" for a whole answer, or how the connection goes wrong."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    how: str = ""

    def bytes(self) -> bytes:
        """Return the answer as it goes over the wire."""
        body = json.dumps(self.body).encode()
        lines = [
            f"HTTP/1.1 {self.status} X",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body


class Line:
    """The platform's memory and rules; *plan* maps kinds of faults to shares."""

    def __init__(self, board: Board, ledger: Path, seed: str) -> None:
        self._board = board
        self._ledger = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._seed = seed
        self.plan: Mapping[str, float] = PLAN
        self.blocked: set[str] = set()
        self._tokens: dict[str, tuple[str, int]] = {}
        self._used: set[str] = set()
        self._keys: dict[str, tuple[str, int]] = {}
        self._tries: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.first_call: float | None = None

    def call(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return the answer to one call."""
        said = json.loads(body or b"{}")
        if path.startswith("/_"):
            return Answer(200, _CONTROLS[path](self, said) or {})
        if self.first_call is None:
            self.first_call = time.monotonic()
        if headers.get("authorization") != f"Bearer {ACCESS_TOKEN}":
            return self._spoken("unauthorized")
        named = said.get("replyToken") or headers.get("x-line-retry-key") or path
        fault = self._fault(f"{path}/{named}")
        self.counts["calls"] += 1
        if fault:
            self.counts["faulty"] += 1
            self.counts[fault] += 1
        return self._faulty(fault, lambda: self._handle(path, headers, said))

    def _fault(self, named: str) -> str:
        """Return what goes wrong with this call: by the seed, the call, and how often it was made."""
        self._tries[named] += 1
        text = f"{self._seed}/{named}/{self._tries[named]}"
        chance = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest()) / 2**48
        for kind, share in self.plan.items():
            if chance < share:
                return kind
            chance -= share
        return ""

    def _faulty(self, fault: str, handle: Callable[[], Answer]) -> Answer:
        if not fault:
            return handle()
        kind, _, moment = fault.partition("_")
        answer = handle() if moment == "after" else Answer(200)
        if kind in {"reset", "cut", "silent"}:
            return Answer(answer.status, answer.body, answer.headers, kind)
        return self._spoken(fault)

    def _spoken(self, fault: str) -> Answer:
        status, message = _SPOKEN[fault]
        return Answer(status, {"message": message}, {"x-line-request-id": str(uuid.uuid4())})

    def _handle(self, path: str, headers: Mapping[str, str], said: Mapping[str, Any]) -> Answer:
        if path == "/v2/bot/message/reply":
            return self._reply(headers, said)
        if path == "/v2/bot/message/push":
            return self._push(headers, said)
        if path.startswith("/v2/bot/profile/"):
            return Answer(200, {"displayName": "見本", "userId": path.rpartition("/")[2], "language": "ja"})
        if path == "/v2/bot/message/quota":
            return Answer(200, {"type": "limited", "value": 1_000_000})
        if path == "/v2/bot/message/quota/consumption":
            return Answer(200, {"totalUsage": 1})
        return Answer(202 if path.endswith("/loading/start") else 404)

    def _reply(self, headers: Mapping[str, str], said: Mapping[str, Any]) -> Answer:
        token = said["replyToken"]
        user, issued = self._tokens.get(token, ("", 0))
        late = self._board.true() - issued > MINUTE
        if not user or late or token in self._used or "x-line-retry-key" in headers:
            return Answer(400, {"message": "Invalid reply token"})
        self._used.add(token)
        return self._accepted("reply", user, said["messages"], token=token)

    def _push(self, headers: Mapping[str, str], said: Mapping[str, Any]) -> Answer:
        key, now = headers["x-line-retry-key"], self._board.true()
        request, since = self._keys.get(key, ("", 0))
        if request and now - since < DAY:
            accepted = {"x-line-request-id": str(uuid.uuid4()), "x-line-accepted-request-id": request}
            return Answer(409, {"message": "The retry key is already accepted"}, accepted)
        answer = self._accepted("push", said["to"], said["messages"], key=key)
        self._keys[key] = answer.headers["x-line-request-id"], now
        return answer

    def _accepted(self, kind: str, user: str, messages: Any, *, key: Any = None, token: Any = None) -> Answer:
        request = str(uuid.uuid4())
        line = {"at": self._board.true(), "kind": kind, "key": key, "token": token, "to": user}
        seen = user not in self.blocked
        line |= {"request_id": request, "messages": messages, "seen": seen}
        os.write(self._ledger, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self.counts["accepted"] += 1
        sent = [{"id": str(self.counts["accepted"] * 10 + place)} for place in range(len(messages))]
        return Answer(200, {"sentMessages": sent}, {"x-line-request-id": request})

    # --- what the night asks of it

    def issue(self, said: Mapping[str, Any]) -> None:
        """Begin the minute of reply tokens: their events are being delivered, perhaps again."""
        now = self._board.true()
        for token, user in said["tokens"]:
            self._tokens[token] = user, now

    def settle(self, said: Mapping[str, Any]) -> None:
        """Change the plan of faults, or who blocks the account."""
        self.plan = said.get("plan", self.plan)
        self.blocked = set(said.get("blocked", self.blocked))

    def tell(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the counts, and when (monotonic) the first call came since the last question that said ``anew``."""
        first = self.first_call
        if said.get("anew"):
            self.first_call = None
        return {"counts": dict(self.counts), "first": first}


_CONTROLS: Mapping[str, Callable[[Line, Any], Mapping[str, Any] | None]] = {
    "/_issue": Line.issue,
    "/_settle": Line.settle,
    "/_tell": Line.tell,
}


class Wire(asyncio.Protocol):
    """One connection: HTTP/1.1 with a length, kept open."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._data = b""
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while True:
            head, found, rest = self._data.partition(b"\r\n\r\n")
            if not found:
                return
            first, *others = head.decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (each.partition(":") for each in others)
            }
            length = int(headers.get("content-length", 0))
            if len(rest) < length:
                return
            self._data = rest[length:]
            path = first.split(" ")[1]
            self._send(self._line.call(path, headers, rest[:length]))

    def _send(self, answer: Answer) -> None:
        match answer.how:
            case "reset":
                socket = self._transport.get_extra_info("socket")
                socket.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER: the other side sees a reset
                self._transport.abort()
            case "cut":
                self._transport.write(answer.bytes()[:-3])
                self._transport.close()
            case "silent":
                return
            case _:
                self._transport.write(answer.bytes())


async def _serve(line: Line) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Wire(line), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    ended = loop.create_future()
    # Whoever started it holds its standard input: when that ends, so does the platform.
    loop.add_reader(sys.stdin, lambda: None if os.read(0, 4096) or ended.done() else ended.set_result(None))
    await ended


def main() -> None:
    """Serve until the standard input ends; the port is told on the standard output."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--board", type=Path, required=True)
    parser.add_argument("--seed", required=True)
    given = parser.parse_args()
    asyncio.run(_serve(Line(Board(given.board, POINTS), given.ledger, given.seed)))


if __name__ == "__main__":
    main()
