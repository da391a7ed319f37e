"""An export of many rows holds a page of them, whatever it writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage import migrate
from storage.engine import create
from tests.support import many
from tests.support.service import StandingClock, make

FEW, MANY = 1_000, 20_000
MORE = 40
"""Megabytes that twenty times the rows may cost beyond few: the rows themselves would be three times that."""

_EXPORT = """
import resource, sys
from datetime import date
from pathlib import Path
from bot.clock import day_of
from bot.exports.cases import Cases
from bot.exports.export import Export, Wish
from bot.exports.source import Days, Reader, Source
from tests.support.service import StandingClock, make

url, folder, kind, encoding = sys.argv[1:5]
service = make(url, Path(folder), StandingClock())
dataset = Cases(service.register.procedures[0], service.words["ja"], service.world(day_of(service.clock.now())))
source = Source(service.engine, service.vault, service.clock, dataset, Reader("sample", "admin"))
export = Export(source, Wish(kind, encoding), Path(folder))
for _piece in export.pieces():
    list(export.lines())
print(export.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak(url: str, folder: Path, kind: str, encoding: str) -> tuple[int, int]:
    """Return how many rows an export had and the memory (MB) that its program had at most."""
    told = subprocess.run(
        [sys.executable, "-c", _EXPORT, url, str(folder), kind, encoding],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    rows, megabytes = told.stdout.split()
    return int(rows), int(megabytes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a database of few applications and one of many, and the keys of both."""
    made = tmp_path_factory.mktemp("many")
    for name, count in (("few", FEW), ("many", MANY)):
        url = f"sqlite:///{made / name}.db"
        engine = create(url)
        migrate.upgrade(engine)
        engine.dispose()
        service = make(url, made, StandingClock())
        many.applications(service.engine, service.vault, count)
        service.stop()
    return made


@pytest.mark.parametrize(
    ("kind", "encoding"), [("csv", "utf-8-sig"), ("csv", "cp932"), ("xlsx", "utf-8-sig")]
)
def test_twenty_times_the_rows_take_no_more_memory(folder: Path, kind: str, encoding: str) -> None:
    few = peak(f"sqlite:///{folder / 'few'}.db", folder, kind, encoding)
    lots = peak(f"sqlite:///{folder / 'many'}.db", folder, kind, encoding)

    assert (few[0], lots[0]) == (FEW, MANY)
    assert lots[1] < few[1] + MORE
