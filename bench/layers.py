"""What each layer of a turn costs, in microseconds of CPU: the figures behind profile.md.

The program runs in this process with its sender, one webhook after the other; the functions where one layer calls
the next are wrapped with the thread's own clock.  The wrapping costs about a microsecond each.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from bench import figures, growth, programs, recorder, residents
from bench.figures import Figure
from bench.places import Server, places
from bench.processes import nanoseconds
from bot import desk
from bot.line import webhook
from storage import together, turns
from tests.support.service import door_of, envelope, sign

# A layer, where it stands, and the layers within it.
LAYERS: Sequence[tuple[str, object, str, tuple[str, ...]]] = (
    ("signature", webhook, "verify", ()),
    ("reading LINE's JSON", webhook, "read_body", ()),
    ("the event, its button opened", webhook, "to_event", ()),
    ("claim the event, load the person", turns, "enter", ()),
    ("the dialog", desk, "hear", ()),
    ("drawing the answer", desk.Desk, "_said", ()),
    ("store the turn, queue the message", turns, "store", ()),
    ("begin, commit, take turns", together, "write", ("enter", "hear", "_said", "store")),
)
THREADS = {"sending it (event loop)": "sender", "storing what became of it": "dispatcher"}


def measure(people: int, only: Sequence[str], server: Server | None) -> list[Figure]:
    """Return what each layer costs per turn, on each database, over nine answers of *people*."""
    found: list[Figure] = []
    with TemporaryDirectory(prefix="madoguchi-bench-") as name, recorder.running(Path(name), 0) as line:
        for place in places(Path(name), only, server):
            folder = Path(name) / place.kind
            folder.mkdir(mode=0o700)
            with place.databases.lent() as url, ExitStack() as stack:
                model = programs.prepare(url, folder)
                service = growth.served(url, folder, line.url, stack)
                residents.settle(service.engine, model, range(people))
                service.delivery.start()
                stack.callback(service.delivery.stop)
                events = residents.events(range(people), programs.now().date(), programs.codec())
                bodies = [(body, sign(body)) for body in (envelope([each]) for each in events)]
                found += _figures(place.kind, *_walked(door_of(service).hear, bodies))
    return found


def _walked(
    hear: Callable[[bytes, str], int], bodies: Sequence[tuple[bytes, str]]
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Return the CPU (µs) of each call by function, and of each thread per turn."""
    with _watched() as calls:
        for body, signature in bodies:  # once for whoever must first be compiled or connected
            _turn(hear, body, signature, calls)
            if len(calls["turn"]) > len(bodies) // 10:
                break
        done = len(calls["turn"])
        calls.clear()
        before = _threads()
        for body, signature in bodies[done:]:
            _turn(hear, body, signature, calls)
    after = _threads()
    rest = len(bodies) - done
    return calls, {name: (after[name] - before.get(name, 0)) / rest / 1000 for name in after}


def _turn(
    hear: Callable[[bytes, str], int], body: bytes, signature: str, calls: dict[str, list[float]]
) -> None:
    begin = time.thread_time_ns()
    assert hear(body, signature) == 200
    calls["turn"].append((time.thread_time_ns() - begin) / 1000)


@contextmanager
def _watched() -> Iterator[dict[str, list[float]]]:
    calls: dict[str, list[float]] = defaultdict(list)
    me = threading.get_ident()

    def watching(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            begin = time.thread_time_ns()
            try:
                return function(*given, **named)
            finally:
                if threading.get_ident() == me:  # the dispatcher writes as well
                    calls[name].append((time.thread_time_ns() - begin) / 1000)

        return timed

    with ExitStack() as stack:
        for _, place, name, _within in LAYERS:
            stack.enter_context(patch.object(place, name, watching(name, getattr(place, name))))
        yield calls


def _threads() -> dict[str, int]:
    """Return the CPU of this process's threads so far (ns), by name."""
    return {each.name: nanoseconds(each.native_id or 0) for each in threading.enumerate()}


def _figures(kind: str, calls: dict[str, list[float]], threads: dict[str, float]) -> Iterator[Figure]:
    costs = {name: median(values) for name, values in calls.items()}
    for what, _, name, within in LAYERS:
        own = costs[name] - sum(costs[each] for each in within)
        yield figures.plain("layers", f"{kind}: {what}", max(own, 0), "µs", 0)
    outermost = sum(costs[name] for name in ("verify", "read_body", "to_event", "write"))
    yield figures.plain("layers", f"{kind}: between these layers", costs["turn"] - outermost, "µs", 0)
    for what, thread in THREADS.items():
        yield figures.plain("layers", f"{kind}: {what}, on average", threads[thread], "µs", 0)
