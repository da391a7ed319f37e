"""Every part of the benchmarks runs and tells its figures; how fast is for ``make bench`` to say."""

from __future__ import annotations

import pytest

from bench import desk, fakeline, growth, latency, load, rig, teams
from bench.figures import Figure
from bench.parts import PARTS, TINY, Run
from bench.places import Server
from tests.bench import doubles
from tests.conftest import BOTH

ON_SQLITE = Run(TINY, ["sqlite"], None)
"""For parts that start several programs, which are the same on both databases."""


@pytest.fixture(params=BOTH)
def run(request: pytest.FixtureRequest) -> Run:
    """Return the least run on each database."""
    kind: str = request.param
    server = Server(request.getfixturevalue("postgres_url")) if kind == "postgresql" else None
    return Run(TINY, [kind], server)


@pytest.fixture(autouse=True)
def _neither_wrk_nor_nginx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "replay", doubles.replay)
    monkeypatch.setattr(fakeline, "running", doubles.platform)


@pytest.fixture(autouse=True)
def _little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig, "WARM", 1)
    monkeypatch.setattr(growth, "PEOPLE", 2)
    monkeypatch.setattr(desk, "EACH", 5)
    monkeypatch.setattr(teams, "EACH", 5)
    for rate in ("STEADY", "COMMIT", "CALM", "SPIKE"):
        monkeypatch.setattr(latency, rate, 9)


def _told(found: list[Figure]) -> str:
    return "\n".join(f"{each.what}: {each.measured}" for each in found)


def test_the_disk_is_timed() -> None:
    assert "fdatasync, p99" in _told(PARTS["disk"](Run(TINY, (), None)))


def test_one_turn_is_measured_in_this_process(run: Run) -> None:
    told = _told(PARTS["desk"](run))

    assert "one turn at the desk: CPU" in told
    assert "one turn through the door: turns/s" in told


def test_the_turns_of_a_member_of_the_staff_are_measured_against_their_bars(run: Run) -> None:
    found = PARTS["teams"](run)

    assert [each.bar for each in found if each.bar] == ["≤ 1.5 ms", "≤ 3 ms", "≤ 3 ms"]
    assert "the whole inspection card sent back: CPU" in _told(found)


def test_every_layer_of_a_turn_is_measured(run: Run) -> None:
    told = _told(PARTS["layers"](run))

    assert "the dialog" in told
    assert "sending it" in told


def test_the_bare_driver_is_measured(run: Run) -> None:
    assert "CPU per turn" in _told(PARTS["drivers"](run))


def test_every_turn_of_the_product_arrives(run: Run) -> None:
    found = PARTS["turns"](run)

    assert [each.measured for each in found if "lost" in each.what] == ["0"]


def test_the_echo_answers_the_same_webhooks() -> None:
    found = PARTS["turns"](Run(TINY, ["echo"], None))

    assert "echo question 1x4, LINE at 0 ms: CPU per turn" in _told(found)


def test_nothing_is_refused_at_a_steady_rate_or_in_a_spike() -> None:
    found = PARTS["ack"](ON_SQLITE)

    assert [each.measured for each in found if "refused" in each.what] == ["0"]


def test_every_commit_finds_its_message() -> None:
    first = PARTS["commit"](ON_SQLITE)[0].what
    matched, _, total = first.partition("(")[2].partition(" turns")[0].partition(" of ")

    assert int(matched) == int(total) > 0


def test_a_turn_is_measured_where_the_cases_were_doubled(run: Run) -> None:
    told = _told(PARTS["growth"](run))

    assert "40 cases: CPU per turn, of that at 20" in told


def test_exports_and_a_restore_that_differs_in_nothing() -> None:
    found = PARTS["export"](ON_SQLITE)

    assert [each.measured for each in found if "differ" in each.what] == ["0"]
    assert {"CSV", "XLSX"} <= {each.what.split()[-1] for each in found}


def test_the_tabulation_of_a_survey_is_measured_against_its_bars(run: Run) -> None:
    found = PARTS["tabulation"](run)

    assert [each.bar for each in found if each.bar] == ["≤ 1 s", "≤ 1 s", "≤ 1 s", "≤ 20 s", "≤ 200 MB"]
