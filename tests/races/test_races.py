"""Who wants the last of something gets it, or hears that another was first; and without the guard nobody would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import engine as database
from storage import stocktaking
from tests.races.desk import AT_DESK, opened_desk
from tests.races.running import hurried, race
from tests.races.scenes import SCENES, Scene, opened

ROUNDS = 25
FEW = 6
"""Rounds of whole turns, which cost more."""


@pytest.fixture(params=SCENES)
def scene(request: pytest.FixtureRequest, database_url: str) -> Iterator[Scene]:
    with hurried(database.create(database_url, pool_size=9)) as engine:
        yield opened(engine, SCENES[request.param])


@pytest.fixture(params=AT_DESK)
def turns(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Scene]:
    scene = opened_desk(database_url, tmp_path, AT_DESK[request.param], FEW)
    with hurried(scene.engine):
        yield scene


def _wrong(engine: Engine) -> list[tuple[str, str]]:
    with database.read(engine) as conn:
        return list(stocktaking.wrong(conn, ""))


def test_of_eight_who_want_the_last_at_the_same_moment_one_gets_it(scene: Scene) -> None:
    result = race(scene, ROUNDS)

    assert (result.oversold, result.unsold, result.doubled) == (0, 0, 0)
    assert _wrong(scene.engine) == []


def test_without_its_guard_the_last_would_be_given_to_several(scene: Scene) -> None:
    with scene.unguarded():
        result = race(scene, ROUNDS)

    assert result.oversold >= 0.9 * ROUNDS


def test_of_eight_turns_that_want_the_last_or_the_last_word_one_is_filed(turns: Scene) -> None:
    result = race(turns, FEW)

    assert (result.oversold, result.unsold, result.doubled) == (0, 0, 0)
    assert {kind for kind, _ in _wrong(turns.engine)} <= turns.unasked


def test_without_their_guards_several_turns_would_be_filed(turns: Scene) -> None:
    with turns.unguarded():
        result = race(turns, FEW)

    assert result.oversold >= 0.9 * FEW
