"""``python -m bench``: every benchmark, or the one that is named; ``make bench`` runs them all."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Sequence

import structlog

from bench import bulk, desk, drivers, figures, growth, latency, turns
from bench.figures import Figure
from tests.support import postgres

PARTS = ("desk", "drivers", "turns", "ack", "commit", "growth", "export")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the parts that *arguments* name."""
    reader = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    reader.add_argument("part", nargs="?", choices=PARTS)
    reader.add_argument("--quick", action="store_true", help="fewer rounds: under a minute")
    reader.add_argument("--only", action="append", default=[], choices=["sqlite", "postgresql", "echo"])
    given = reader.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    # Being told to end is a reason to tidy up like any other.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    found: list[Figure] = []
    with postgres.running(durable=True) as server:
        if given.part in (None, "desk"):
            desk.main(server)
        if given.part in (None, "drivers"):
            found += drivers.measure(3 if given.quick else 7, 300, server)
        if given.part in (None, "turns"):
            found += turns.measure(turns.QUICK if given.quick else turns.FULL, given.only, server)
        plan = latency.QUICK if given.quick else latency.FULL
        if given.part in (None, "ack"):
            found += latency.acknowledgement(plan, given.only, server)
        if given.part in (None, "commit"):
            found += latency.commit_to_send(plan, given.only, server)
        if given.part in (None, "growth"):
            sizes = (10_000, 100_000) if given.quick else (10_000, 100_000, 1_000_000)
            found += growth.measure(sizes, 7, given.only, server)
        if given.part in (None, "export"):
            found += bulk.measure(10_000 if given.quick else 100_000, given.only, server)
    print("\n" + figures.table(found))


if __name__ == "__main__":
    main()
