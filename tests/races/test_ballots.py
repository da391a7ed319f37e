"""Eight devices of one person: one answer counts, and without the mark all would; then the same with whole turns."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage import ballots
from storage import engine as database
from tests.races.ballots import OneAnswer
from tests.races.running import hurried, race
from tests.races.scenes import WORKERS
from tests.support import polls
from tests.support.service import StandingClock, Webhooks, make, post, redelivered, user

ROUNDS = 25


@pytest.fixture
def scene(database_url: str) -> Iterator[OneAnswer]:
    with hurried(database.create(database_url, pool_size=9)) as engine:
        yield OneAnswer(engine, [])


def test_of_eight_answers_of_one_person_one_counts(scene: OneAnswer) -> None:
    result = race(scene, ROUNDS)

    assert (result.oversold, result.unsold, result.doubled) == (0, 0, 0)


def test_without_the_mark_several_would_count(scene: OneAnswer) -> None:
    with scene.unguarded():
        result = race(scene, ROUNDS)

    assert result.oversold >= 0.9 * ROUNDS


def test_taps_twice_and_events_that_come_again_at_the_same_moment_count_once(
    database_url: str, tmp_path: Path
) -> None:
    service = make(database_url, tmp_path, StandingClock())
    polls.opened(service)
    phones = [Webhooks(user(number)) for number in range(3)]
    for phone in phones:
        for words in ("メニュー", "アンケートに答える", "はい", "よい"):
            post(service, phone.text(words))
    last = [phone.text("送る") for phone in phones]
    events = [
        each
        for phone, one in zip(phones, last, strict=True)
        for each in (one, redelivered(one), phone.text("送る"), phone.text("送る"))
    ]

    with ThreadPoolExecutor(WORKERS) as pool:
        assert set(pool.map(lambda each: post(service, each), events)) == {200}

    with database.read(service.engine) as conn:
        assert len(list(ballots.read(conn, polls.SURVEY.key))) == len(phones)
    service.stop()
