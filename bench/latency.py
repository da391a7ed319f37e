"""How long people wait: answers to webhooks and messages at a steady rate, after a spike, and from commit to send.

The rates are held whatever the answers do: wrk sends each webhook when it is due.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import fakeline, figures, load, recorder
from bench.fakeline import LATENCY
from bench.figures import Figure, percentile
from bench.places import Server
from bench.rig import Rig, Site, rigged
from bench.turns import ANSWERS

CONNECTIONS, SPIKE_CONNECTIONS = 200, 400
_TOKEN = re.compile(rb'"replyToken": *"([^"]+)"')
STEADY, COMMIT, CALM, SPIKE = 100, 50, 10, 500
"""Events a second."""


@dataclass(frozen=True)
class Plan:
    """For how many seconds each rate is held, and at which *latencies* of the platform (seconds)."""

    steady: int
    spike: int
    latencies: Sequence[float]


TINY, QUICK, FULL = Plan(1, 1, (0.0,)), Plan(8, 4, (0.0,)), Plan(20, 10, (0.0, LATENCY))


def acknowledgement(plan: Plan, only: Sequence[str], server: Server | None) -> list[Figure]:
    """Return how soon webhooks are answered and messages arrive, at 100 a second and in a spike of 500."""
    found: list[Figure] = []
    with rigged(server, only) as rig:
        for latency in plan.latencies:
            for site in rig.sites:
                found += [*_steady(rig, site, plan, latency), *_spike(rig, site, plan, latency)]
                print(figures.table(found[-6:]), flush=True)
    return found


def commit_to_send(plan: Plan, only: Sequence[str], server: Server | None) -> list[Figure]:
    """Return how soon a message arrives at the platform once its turn is committed, at 50 turns a second."""
    found: list[Figure] = []
    with rigged(server, only) as rig:
        for latency in plan.latencies:
            for site in rig.sites:
                found += _committed(site, plan, latency)
                print(figures.table(found[-2:]), flush=True)
    return found


def _when(site: Site, latency: float) -> str:
    return f"{site.name}, LINE at {latency * 1000:.0f} ms"


def _steady(rig: Rig, site: Site, plan: Plan, latency: float) -> Iterator[Figure]:
    total = STEADY * plan.steady
    file = site.requests("steady", -(-total // ANSWERS))
    with recorder.running(rig.folder, latency) as line, site.warm(line.url) as program:
        seen = load.replay(program.url, file, CONNECTIONS, f"{STEADY}:{total / STEADY + 1}")
        came = _settled(line, tokens(file))
        waits = [came[token] / 1e6 - sent.due for token, sent in sent_tokens(file) if token in came]
        behind = percentile((sent.sent - sent.due for _, sent in sent_tokens(file)), 0.99)
        lost = len(tokens(file)) - len(waits)
    when = f"{_when(site, latency)}, {STEADY}/s"
    yield figures.plain("ack", f"{when}: acknowledged, p50", seen.p50, "ms")
    yield figures.at_most("ack", f"{when}: acknowledged, p99", seen.p99 + max(0, behind - 1), 200, "ms")
    yield figures.plain("ack", f"{when}: turn, webhook to message, p50", percentile(waits, 0.5), "ms")
    yield figures.plain("ack", f"{when}: turn, webhook to message, p99", percentile(waits, 0.99), "ms")
    if lost or seen.refused:
        yield figures.at_most("ack", f"{when}: lost or refused", lost + seen.refused, 0, "", 0)


def _spike(rig: Rig, site: Site, plan: Plan, latency: float) -> Iterator[Figure]:
    before, after = 3, 3
    events = CALM * (before + after) + SPIKE * plan.spike
    file = site.requests("spike", -(-events // ANSWERS))
    pace = f"{CALM}:{before},{SPIKE}:{plan.spike},{CALM}:{after + 1}"
    with site.warm(rig.line.url(latency)) as program:
        rig.line.wait_for(1 << 40, quiet=1)
        seen = load.replay(program.url, file, SPIKE_CONNECTIONS, pace)
        total = len(tokens(file))
        found = rig.line.wait_for(total, quiet=30)
    over = seen.first + (before + plan.spike) * 1000
    when = f"{_when(site, latency)}, {SPIKE}/s for {plan.spike} s"
    yield figures.at_most(
        "ack", f"{when}: drained after the spike", drained([each.at for each in found], over), 120, "s"
    )
    refused = seen.refused + seen.broken + seen.timeouts + total - len(found)
    yield figures.at_most("ack", f"{when}: events refused or lost", refused, 0, "", 0)


def drained(found: Sequence[float], over: float) -> float:
    """Return for how many seconds after *over* (ms) messages of the spike came among *found* (times in ms).

    What comes later at the calm rate is no longer the spike's.
    """
    late = sorted(at for at in found if at > over)
    behind = [at for place, at in enumerate(late) if len(late) - place > CALM * (late[-1] - at) / 1000 + 2]
    return (behind[-1] - over) / 1000 if behind else 0.0


def _committed(site: Site, plan: Plan, latency: float) -> Iterator[Figure]:
    file = site.requests("commit", -(-COMMIT * plan.steady // ANSWERS))
    stamps = site.folder / "stamps"
    stamps.unlink(missing_ok=True)
    with recorder.running(site.folder, latency) as line, site.warm(line.url, "bench.stamped") as program:
        load.replay(program.url, file, CONNECTIONS, f"{COMMIT}:{plan.steady + 1}")
        came = _settled(line, tokens(file))
    committed = dict(each.split() for each in stamps.read_text().splitlines())
    waits = [
        (came[token] - int(committed[token])) / 1e6
        for token in tokens(file)
        if token in came and token in committed
    ]
    when = f"{_when(site, latency)}, {COMMIT}/s: commit to send"
    counted = f"({len(waits)} of {len(tokens(file))} turns)"
    if site.name == "SQLite" and not latency:
        yield figures.at_most("commit", f"{when}, p50 {counted}", percentile(waits, 0.5), 2, "ms", 2)
        yield figures.at_most("commit", f"{when}, p99", percentile(waits, 0.99), 10, "ms", 2)
        return
    yield figures.plain("commit", f"{when}, p50 {counted}", percentile(waits, 0.5), "ms", 2)
    yield figures.plain("commit", f"{when}, p99", percentile(waits, 0.99), "ms", 2)


def _settled(line: recorder.Record, wanted: Sequence[str]) -> dict[str, int]:
    """Return when each token came, once all *wanted* have or no more come."""
    return fakeline.patiently(line.arrivals, lambda came: len(came.keys() & set(wanted)) >= len(wanted))


def tokens(file: Path) -> list[str]:
    """Return the reply tokens of a file of webhooks, in order."""
    return [found.decode() for found in _TOKEN.findall(file.read_bytes())]


def sent_tokens(file: Path) -> Iterator[tuple[str, load.Sent]]:
    """Yield each reply token of *file* with when its webhook was sent (ms since 1970)."""
    yield from zip(tokens(file), load.sent(file), strict=True)
