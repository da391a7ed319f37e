"""The commands that take everything: exporting, backing up and restoring a hundred thousand applications."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bench import figures, processes, programs
from bench.figures import Figure
from bench.places import Server, places
from bench.processes import WITH_US
from storage import engine as database
from storage.engine import create
from storage.keyring import load_keyring
from storage.tables import metadata
from storage.vault import Vault
from tests.support.many import applications

MEGA = 1_000_000
SECONDS = {"csv": 30, "xlsx": 60}
"""How long an export of a hundred thousand applications may take."""


@dataclass(frozen=True)
class Ran:
    """What a command took: seconds, and bytes of memory at most."""

    seconds: float
    peak: int


def measure(count: int, only: Sequence[str], server: Server | None) -> list[Figure]:
    """Return what exports, a backup and a restore of *count* applications take."""
    found: list[Figure] = []
    with TemporaryDirectory(prefix="madoguchi-bench-") as name:
        for place in places(Path(name), only, server):
            kind, folder = place.kind, Path(name) / place.kind
            folder.mkdir(mode=0o700)
            with place.databases.lent() as url, place.databases.lent() as empty:
                fill(url, folder, count)
                mine = [*_exports(kind, url, folder, count), *_restored(kind, url, empty, folder, count)]
            print(figures.table(mine), flush=True)
            found += mine
    return found


def fill(url: str, folder: Path, count: int) -> None:
    """Write *count* applications, each with its sealed answers, into the new database *url*."""
    programs.prepare(url, folder)
    engine = create(url)
    applications(engine, Vault(load_keyring(folder / "vault-keys.json")), count)
    engine.dispose()


def _exports(kind: str, url: str, folder: Path, count: int) -> Iterator[Figure]:
    given = programs.environment(url, folder, "http://127.0.0.1:9")
    for form in ("csv", "xlsx"):
        file = folder / f"all.{form}"
        ran = run(["export", "fence_loan", "--format", form, "--out", str(file)], folder, given)
        what = f"{kind}, {count:,} applications as {form.upper()}"
        yield figures.at_most("export", what, ran.seconds, SECONDS[form], "s")
        yield figures.at_most("export", f"{what}: memory", ran.peak / MEGA, 200, "MB", 0)
        file.unlink()


def _restored(kind: str, url: str, empty: str, folder: Path, count: int) -> Iterator[Figure]:
    given = programs.environment(url, folder, "http://127.0.0.1:9")
    file = folder / "all.backup"
    run(["vault-keys"], folder, given)
    made = run(["backup", "--out", str(file)], folder, given)
    yield figures.plain("restore", f"{kind}, backup of {count:,} applications", made.seconds, "s")
    yield figures.plain("restore", f"{kind}, size of that backup", file.stat().st_size / MEGA, "MB", 0)
    back = run(["restore", str(file), "--into", empty, "--moved", "--no-erasures"], folder, given)
    yield figures.at_most("restore", f"{kind}, {count:,} applications", back.seconds / 60, 30, "min", 2)
    yield figures.plain("restore", f"{kind}, memory of the restore", back.peak / MEGA, "MB", 0)
    others = len(differing(url, empty))
    yield figures.at_most("restore", f"{kind}, tables that differ after it", others, 0, "", 0)


def run(command: Sequence[str], folder: Path, given: Mapping[str, str]) -> Ran:
    """Run a command of the product with the settings *given*.

    Raises:
        RuntimeError: It failed.
    """
    begin, peak = time.monotonic(), 0
    with (folder / "command.log").open("w+b") as log:
        process = subprocess.Popen(
            [*WITH_US, sys.executable, "-m", "bot", *command],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(programs.ROOT), **given},
            stdout=log,
            stderr=log,
        )
        # Not what wait4 tells: that begins with the memory of whoever starts a program.
        while process.poll() is None:
            peak = max(peak, processes.peak_bytes(process.pid))
            time.sleep(0.02)
        seconds = time.monotonic() - begin
        log.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)}: {log.read().decode()[-2000:]}")
    return Ran(seconds, peak)


_MADE_BY_RESTORING = frozenset({"settings", "ticks", "access_log"})


def differing(url: str, other: str) -> list[str]:
    """Return the tables whose rows are not the same in both databases, but for what a restore itself writes."""
    one, two = _digests(url), _digests(other)
    return sorted(name for name in one if name not in _MADE_BY_RESTORING and one[name] != two.get(name))


def _digests(url: str) -> dict[str, str]:
    engine = create(url)
    with database.read(engine) as conn:
        found = {}
        for table in metadata.sorted_tables:
            digest = hashlib.sha256()
            for row in conn.execute(select(table).order_by(*table.primary_key.columns)):
                digest.update(repr(tuple(row)).encode())
            found[table.name] = digest.hexdigest()
    engine.dispose()
    return found
