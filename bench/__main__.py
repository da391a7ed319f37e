"""``python -m bench``: every benchmark and docs/figures.md; ``python -m bench PART`` one of them.

``python -m bench figures`` writes docs/figures.md from the full runs that were last made of each part.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

import structlog

from bench import figures, programs
from bench.figures import Figure
from bench.parts import FULL, PARTS, QUICK, Run
from bench.places import Server
from tests.support import postgres

KEPT = programs.ROOT / "var" / "bench"
"""Where the figures of a full run are kept, a file for each part."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what *arguments* name, print the table, and after a full run of everything write docs/figures.md."""
    reader = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    reader.add_argument("part", nargs="?", choices=(*PARTS, "figures"))
    reader.add_argument(
        "--quick", action="store_true", help="fewer rounds; nothing is kept for docs/figures.md"
    )
    reader.add_argument("--only", action="append", default=[], choices=["sqlite", "postgresql", "echo"])
    given = reader.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    # Being told to end is a reason to tidy up like any other.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    whole = not given.quick and not given.only
    if given.part != "figures":
        with postgres.running(durable=True) as server:
            run = Run(QUICK if given.quick else FULL, given.only, Server(server.url, server.pid))
            found = _measured([given.part] if given.part else list(PARTS), run, keep=not given.quick)
        print("\n" + figures.table(found))
    made = "`make bench`" if given.part is None else "the parts of `make bench`, each in a run of its own"
    if given.part == "figures" or (given.part is None and whole):
        figures.FILE.write_text(figures.page(_kept(), programs.now(), made), encoding="utf-8")
        print(f"{figures.FILE} written")


def _measured(parts: Sequence[str], run: Run, *, keep: bool) -> list[Figure]:
    found: list[Figure] = []
    for part in parts:
        begin = time.monotonic()
        mine = PARTS[part](run)
        print(f"{part}: {time.monotonic() - begin:.0f} s", flush=True)
        found += mine
        if keep:
            KEPT.mkdir(parents=True, exist_ok=True)
            (KEPT / f"{part}.json").write_text(json.dumps([asdict(each) for each in mine]), encoding="utf-8")
    return found


def _kept() -> list[Figure]:
    files = [KEPT / f"{part}.json" for part in PARTS]
    rows = [row for file in files if file.exists() for row in json.loads(file.read_text(encoding="utf-8"))]
    return [Figure(**row) for row in rows]


if __name__ == "__main__":
    main()
