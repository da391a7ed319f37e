"""Signed webhooks that LINE would never send: none harms the desk, and none its neighbours.

``MADOGUCHI_MUTANTS`` and ``MADOGUCHI_SEED`` send more of them, and others.
"""

from __future__ import annotations

import json
import os
from random import Random

import pytest

from bot.harmless_json import read_json
from bot.line import listen
from bot.service import Service
from storage.tables import inbox, metadata, outbox, people
from tests.hostile.bounds import TookTooLong, within
from tests.hostile.spoilt import NO_WEBHOOK, STILL_ONE, bytes_of, crowd, envelopes
from tests.hostile.storm import Storm, hurried
from tests.support.service import Webhooks, count, door_of, envelope, sign, user

MUTANTS = int(os.environ.get("MADOGUCHI_MUTANTS", "5000"))
SEED = int(os.environ.get("MADOGUCHI_SEED", "1"))
BYTES = 500
CROWD = 10_000


def hear(service: Service, body: bytes, secret: str | None = None) -> int:
    return door_of(service).hear(body, sign(body, secret) if secret else sign(body))


def stored(service: Service) -> dict[str, int]:
    return {table.name: count(service, table) for table in metadata.sorted_tables}


def test_mutants_of_every_event_harm_nobody_and_their_neighbours_are_answered_once(service: Service) -> None:
    storm = Storm(service, SEED)

    tally = storm.blow(MUTANTS)

    assert tally.statuses == {200}
    assert storm.failed() == []
    assert storm.unanswered() == 0
    assert storm.traces() == []


def test_a_storm_leaves_a_desk_that_still_answers(service: Service) -> None:
    Storm(service, SEED + 1).blow(200)

    assert hear(service, envelope([Webhooks(user(7)).text("メニュー")])) == 200
    assert count(service, outbox, recipient=user(7), kind="messages") == 1


def test_mutants_that_line_did_not_sign_leave_nothing(service: Service) -> None:
    storm = Storm(service, SEED)
    before = stored(service)

    statuses = {hear(service, storm.body(), "f" * 32) for _ in range(100)}

    assert statuses == {401}
    assert stored(service) == before


@pytest.mark.parametrize("name", NO_WEBHOOK)
def test_a_signed_body_that_is_no_webhook_is_answered_and_leaves_nothing(service: Service, name: str) -> None:
    body = NO_WEBHOOK[name](envelope([Webhooks().text("メニュー")]))

    with within(30):
        assert hear(service, body) in ({401} if len(body) > 1_000_000 else {200})

    assert not any(stored(service).values())


@pytest.mark.parametrize("name", STILL_ONE)
def test_an_oddly_written_webhook_is_read_all_the_same(service: Service, name: str) -> None:
    phone = Webhooks()

    assert hear(service, STILL_ONE[name](envelope([phone.text("メニュー")]))) == 200

    assert count(service, outbox, recipient=phone.user_id, kind="messages") == 1


def test_no_envelope_is_too_odd(service: Service) -> None:
    hurried(service)
    phone = Webhooks()

    statuses = {hear(service, body) for body in envelopes(phone.text("メニュー"))}

    assert statuses <= {200, 401}  # 401: it names another account
    assert count(service, outbox, kind="messages") == 1
    assert count(service, inbox, state="done") == count(service, inbox) == 1


def test_no_spoilt_byte_is_more_than_the_desk_can_take(service: Service) -> None:
    hurried(service)
    chance, phone = Random(SEED), Webhooks()

    statuses = {
        hear(service, bytes_of(chance, envelope([phone.text("メニュー"), phone.image()])))
        for _ in range(BYTES)
    }

    assert statuses <= {200, 401}
    assert count(service, inbox, state="done") == count(service, inbox)


def test_a_body_of_ten_thousand_entries_costs_its_good_ones_nothing(service: Service) -> None:
    good = [Webhooks(user(number)).text("メニュー") for number in range(1, 4)]

    with within(60):
        assert hear(service, crowd([*good], CROWD)) == 200

    assert [count(service, outbox, recipient=user(number), kind="messages") for number in range(1, 4)] == [
        1
    ] * 3
    assert count(service, people) == 3


# --- the guards, taken away: the same tests then fail


def test_without_the_cautious_reader_neighbours_are_lost(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strict(body: bytes) -> object:
        try:
            return json.loads(body.decode())
        except (ValueError, RecursionError):
            return None

    monkeypatch.setattr(listen, "read_json", strict)
    storm = Storm(service, SEED)
    storm.blow(500)

    assert storm.unanswered() or storm.failed()


def test_without_the_measure_of_ids_turns_fail(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "_like", lambda _expression, value: value if isinstance(value, str) else "")
    storm = Storm(service, SEED)
    storm.blow(400)

    # SQLite has no measure of its own: there the events that were to be passed over are found in it.
    assert storm.failed() or storm.traces()


def test_without_the_end_of_all_a_text_without_end_takes_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    import re

    from bot import harmless_json

    endless = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
    monkeypatch.setattr(harmless_json, "_TOKEN", endless)

    with pytest.raises(TookTooLong), within(1):
        read_json(NO_WEBHOOK["a text without end in depth"](b""))
