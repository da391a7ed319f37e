"""However many want the last seats at once: never too many, no group split, the order kept, nobody offered twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from storage import engine as database
from tests.races.running import hurried
from tests.races.seats import ENOUGH, storm, unguarded

ROUNDS = 5


@pytest.fixture
def crowded(database_url: str) -> Iterator[Engine]:
    with hurried(database.create(database_url, pool_size=36)) as engine:
        yield engine


def test_twenty_registrations_with_cancellations_and_offers_at_once_break_no_law(crowded: Engine) -> None:
    assert storm(crowded, ROUNDS) == [[]] * ROUNDS


def test_without_the_guards_of_the_seats_laws_break(crowded: Engine) -> None:
    with unguarded():
        found = storm(crowded, ROUNDS)

    assert sum(bool(each) for each in found) >= ENOUGH * ROUNDS
