"""Everything at once: many conversations in the event loop, and a connector that fails in every way it can."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.teams.rate import Rate
from storage.outbox import DELIVERED
from tests.bot.teams.outbound.sending import Sending
from tests.support.connector import Act, Connector, answer, as_usual, hang_up, reset, taken_then

FAULTS: tuple[Act, ...] = (
    *(answer(status) for status in (401, 408, 412, 429, 500, 502, 503, 504)),
    answer(429, Retry_After="3"),
    answer(307, Location="http://127.0.0.1:9/"),
    hang_up,
    reset,
    taken_then(answer(500)),
    taken_then(reset),
)
MESSAGES = 8
MOST_ROUNDS = 1000


@pytest.fixture
def sending(engine: Engine, teams: Connector) -> Iterator[Sending]:
    made = Sending(engine, teams, rate=Rate(), in_loop=True)
    yield made
    made.stop()


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_storm_nothing_is_lost_and_every_conversation_keeps_its_order(
    sending: Sending, teams: Connector, seed: int
) -> None:
    chance = random.Random(seed)
    teams.will(*chance.choices([*FAULTS, as_usual, as_usual, as_usual], k=200))
    chats = [sending.chat(f"c{number}") for number in range(6)]
    case = sending.case()
    sending.sheets[case] = "見本"
    for number in range(MESSAGES):
        for each in chats:
            sending.put(each, str(number), f"{number}b")
    for each in chats:
        sending.put_sheet(each, case)

    sending.settle()
    for _ in range(MOST_ROUNDS):
        if set(sending.states()) == {DELIVERED}:
            break
        sending.pass_time(seconds=20)

    assert set(sending.states()) == {DELIVERED}
    spoken = [words for number in range(MESSAGES) for words in (str(number), f"{number}b")]
    for each in chats:
        heard = teams.texts(each.conversation_id)
        assert list(dict.fromkeys(heard)) == [*spoken, "見本"], "all of it, in order"
        assert heard == sorted(heard, key=[*spoken, "見本"].index), (
            "what is said again is said before what follows"
        )
