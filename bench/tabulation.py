"""The tabulation of a big survey: its page, its workbook, a snapshot, the published report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from bench import bulk, figures, programs
from bench.figures import Figure
from bench.places import Server, places
from bot import tabulating
from bot.serving import make_app
from bot.tabulation import targets
from bot.tabulation.targets import Targets
from bot.tabulation.weighting import Margin
from storage import engine as database
from storage import surveys
from tests.support.service import StandingClock, make
from tests.support.staff import Staff
from tests.support.surveyed import AGES, KEY, SEXES, fill

PAGE = f"/admin/tabulation/{KEY}"
MEGA = 1_000_000


def measure(count: int, rounds: int, only: Sequence[str], server: Server | None) -> list[Figure]:
    """Return what tabulating *count* answers to thirty questions takes, the best of *rounds*."""
    found: list[Figure] = []
    with TemporaryDirectory(prefix="madoguchi-bench-") as name:
        for place in places(Path(name), only, server):
            folder = Path(name) / place.kind
            folder.mkdir(mode=0o700)
            with place.databases.lent() as url:
                programs.prepare(url, folder)
                _fill(url, count)
                mine = [
                    *_pages(place.kind, url, folder, count, rounds),
                    *_file(place.kind, url, folder, count),
                ]
            print(figures.table(mine), flush=True)
            found += mine
    return found


def _fill(url: str, count: int) -> None:
    engine = database.create(url)
    fill(engine, count)
    people = Margin(
        ("age", "sex"),
        {(age.key, sex.key): 90_000.0 + 1000 * len(age.key) for age in AGES for sex in SEXES[:2]},
    )
    with database.write(engine) as conn:
        surveys.set_targets(conn, KEY, targets.to_json(Targets((people,))))
    engine.dispose()


def _pages(kind: str, url: str, folder: Path, count: int, rounds: int) -> Iterator[Figure]:
    service = make(url, folder, StandingClock())
    app: Flask = make_app(service)
    staff = Staff(service, app).sign_in()
    what = f"{kind}, {count:,} answers to 30 questions"

    def page(address: str) -> Callable[[], None]:
        def opened() -> None:
            assert staff.get(address).status_code == 200

        return opened

    def anew() -> None:
        tabulating.forget()
        page(PAGE)()

    crossed = f"{PAGE}?rows=age&columns=themes1&only=sex%3Df"
    first = _best(anew, rounds)
    yield figures.at_most("tabulation", f"{what}: the page, weighted", first, 1, "s", 2)
    yield figures.plain(
        "tabulation", f"{what}: the page again, no ballot later", _best(page(PAGE), rounds), "s", 2
    )
    yield figures.at_most(
        "tabulation", f"{what}: filtered and crossed", _best(page(crossed), rounds), 1, "s", 2
    )
    begin = time.monotonic()
    identity = staff.post(f"{PAGE}/snapshots").headers["Location"].rpartition("=")[2]
    yield figures.plain("tabulation", f"{what}: a snapshot", time.monotonic() - begin, "s", 2)
    report = f"{PAGE}/report/{identity}?rows=age&columns=sex"
    yield figures.at_most("tabulation", f"{what}: the report of it", _best(page(report), rounds), 1, "s", 2)
    service.stop()


def _best(do: Callable[[], None], rounds: int) -> float:
    """Return the seconds of the quickest of *rounds*."""
    took = []
    for _ in range(rounds):
        begin = time.monotonic()
        do()
        took.append(time.monotonic() - begin)
    return min(took)


def _file(kind: str, url: str, folder: Path, count: int) -> Iterator[Figure]:
    given = programs.environment(url, folder, "http://127.0.0.1:9")
    file = folder / "all.xlsx"
    ran = bulk.run(["survey", "tabulate", KEY, "--out", str(file)], folder, given)
    what = f"{kind}, {count:,} answers to 30 questions as XLSX"
    yield figures.at_most("tabulation", what, ran.seconds, 20, "s")
    yield figures.at_most("tabulation", f"{what}: memory", ran.peak / MEGA, 200, "MB", 0)
