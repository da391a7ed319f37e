"""Every guard of the program that has a control: with it taken out, the comparison must find a fault.

A guard is taken out of a process from outside, like the points are put in; nothing of it is in the program.
"""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from tests.faults import seams


def dedupe(_watch: Any) -> None:
    """Take every event for new, however often it comes."""
    came: Counter[str] = Counter()

    def heard(inner: Callable[..., Any]) -> Callable[..., Any]:
        def hear(desk: Any, arrival: Any, now: int) -> Any:
            came[arrival.event_id] += 1
            again = f"/again{came[arrival.event_id]}" if came[arrival.event_id] > 1 else ""
            return inner(desk, replace(arrival, event_id=f"{arrival.event_id}{again}"), now)

        return hear

    seams.wrap("bot.desk:Desk.hear", heard)


def version(watch: Any) -> None:
    """Store a turn whatever was stored since it was loaded.  Turns are slow, so that they meet."""
    watch.rewrites.append(
        (re.compile(r"(UPDATE people SET.*?)(people\.version = \S+)", re.DOTALL), r"\1(\2 OR 1=1)")
    )
    slow_turns(watch)


def slow_turns(_watch: Any) -> None:
    """Take out nothing: turns are slow, so that those of one person meet."""
    seams.wrap("bot.desk:hear", _slow)


def _slow(inner: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(inner)
    def slow(*args: Any, **given: Any) -> Any:
        result = inner(*args, **given)
        time.sleep(0.08)
        return result

    return slow


def commit_before_answer(_watch: Any) -> None:
    """Answer LINE 200 before anything is stored."""

    def made(inner: Callable[..., Any]) -> Callable[..., Any]:
        def hear(*args: Any, **given: Any) -> int:
            threading.Thread(target=inner, args=args, kwargs=given).start()
            return 200

        return hear

    seams.wrap("bot.line.webhook:LineDoor.hear", made)


def one_transaction(_watch: Any) -> None:
    """Queue what a turn says in a transaction of its own, after that of the turn."""
    from storage import engine as database
    from storage import outbox

    later = threading.local()

    def stored(inner: Callable[..., Any]) -> Callable[..., Any]:
        def store(conn: Any, before: Any, after: Any, now: int, messages: Any = (), **given: Any) -> Any:
            later.messages = [*getattr(later, "messages", ()), *messages]
            return inner(conn, before, after, now, (), **given)

        return store

    def heard(inner: Callable[..., Any]) -> Callable[..., Any]:
        def hear(desk: Any, arrival: Any, now: int) -> Any:
            fresh = inner(desk, arrival, now)
            messages, later.messages = getattr(later, "messages", ()), []
            with database.write(desk.engine) as conn:
                outbox.queue(conn, messages, now)
            return fresh

        return hear

    seams.wrap("storage.turns:store", stored)
    seams.wrap("bot.desk:Desk.hear", heard)


def claim_with_turn(watch: Any) -> None:
    """Commit that an event is known before its turn is stored."""

    def commit_at_once(cursor: Any) -> None:
        if "turn" in watch.works:
            cursor.connection.commit()

    watch.afterwards.append((re.compile("INSERT INTO inbox"), commit_at_once))


def retry_key(_watch: Any) -> None:
    """Give every push a key of its own, every further try too."""

    def made(inner: Callable[..., Any]) -> Callable[..., Any]:
        return lambda to, messages, _key, **given: inner(to, messages, uuid.uuid4(), **given)

    seams.wrap("bot.line.calls:push", made)


def asking_the_token(_watch: Any) -> None:
    """Say a reply whose outcome is unclear again as a push."""
    seams.wrap(
        "bot.line.deliver:LineDelivery._ask_the_token",
        lambda _inner: lambda delivery, parcel, _token: delivery._push(parcel),  # noqa: SLF001 -- what stands behind it
    )


def used_tokens(_watch: Any) -> None:
    """Take a token that a killed process tried for unused."""
    seams.wrap("bot.line.deliver:_unused", lambda _inner: lambda _parcel: True)


def keeping(_watch: Any) -> None:
    """Acknowledge an event whose turn failed without keeping it."""
    seams.wrap("bot.line.webhook:LineDoor._kept", lambda _inner: lambda *_args: True)


def honest_status(_watch: Any) -> None:
    """Answer LINE 200 also where an event could neither be taken nor kept."""
    seams.wrap("bot.line.webhook:LineDoor.hear", lambda inner: lambda *args: inner(*args) and 200)


def own_token(_watch: Any) -> None:
    """Send an answer with the reply token of whoever spoke before."""
    last: list[Any] = [None]

    def heard(inner: Callable[..., Any]) -> Callable[..., Any]:
        def hear(desk: Any, arrival: Any, now: int) -> Any:
            token, last[0] = last[0] or arrival.reply_token, arrival.reply_token
            return inner(desk, replace(arrival, reply_token=token), now)

        return hear

    seams.wrap("bot.desk:Desk.hear", heard)


def legal_effect(_watch: Any) -> None:
    """Send receipts like everything else."""

    def made(inner: Callable[..., Any]) -> Callable[..., Any]:
        return lambda delivery, parcel: inner(delivery, replace(parcel, legal=False))

    seams.wrap("bot.line.deliver:LineDelivery._steps", made)


def order(watch: Any) -> None:
    """Send messages of one person whenever they are due, whatever waits before them."""
    watch.rewrites.append((re.compile(r"\b(earlier|before)\.state = "), r"\1.state || 'x' = "))


def dying(_watch: Any) -> None:
    """Let a dispatcher die without taking the process along."""

    def made(inner: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **given: inner(*args, **{**given, "die": lambda: None})

    seams.wrap("bot.delivery.embedded:EmbeddedEngine.__init__", made)


GUARDS: Mapping[str, Callable[[Any], None]] = {
    each.__name__: each
    for each in (
        dedupe,
        version,
        slow_turns,
        commit_before_answer,
        one_transaction,
        claim_with_turn,
        retry_key,
        asking_the_token,
        used_tokens,
        keeping,
        honest_status,
        own_token,
        legal_effect,
        order,
        dying,
    )
}
