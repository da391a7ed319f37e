"""Signed activities that Teams would never send: none is answered with an error of ours, and none harms anybody.

``MADOGUCHI_MUTANTS`` and ``MADOGUCHI_SEED`` send more of them, and others.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.teams import handler
from bot.teams.activity import Heard
from dialogs.events import Action, Do
from storage.tables import metadata
from tests.bot.teams.doors import TeamsDesk, teams_desk
from tests.hostile.events import text_of
from tests.hostile.spoilt import NO_WEBHOOK, bytes_of
from tests.hostile.storm import hurried
from tests.hostile.wire import STRANGE, dumped, mutant
from tests.support.service import StandingClock, count, rows
from tests.support.teams import Activities, Issuer, encoded, issuing

MUTANTS = int(os.environ.get("MADOGUCHI_MUTANTS", "2000"))
SEED = int(os.environ.get("MADOGUCHI_SEED", "1"))
BYTES = 300
PEOPLE = 4
KNOWN = {200, 400, 401}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing(StandingClock()) as made:
        yield made


@pytest.fixture
def desk(database_url: str, tmp_path: Path, issuer: Issuer) -> Iterator[TeamsDesk]:
    made = teams_desk(database_url, tmp_path, StandingClock(), issuer)
    hurried(made.service)
    yield made
    made.service.stop()


def every(desk: TeamsDesk, me: Activities, chance: Random) -> Sequence[dict[str, Any]]:
    """Return an activity of each kind, of a member of the staff."""
    fields = {f"f{number}": str(number) for number in range(60)} | {"several": "f1 f2"}
    talk = _conversation(desk)
    card = desk.button(me, Action(Do.FILL, talk), **fields)
    sheet = desk.on_sheet(Action(Do.DECIDE, key="R9-0001", part="chief/approve", value="3"), reason="x")
    start = desk.button(me, Action(Do.START, key=chance.choice(["inspection", "fence_loan", "none"])))
    return (
        *(me.message(text_of(chance)) for _ in range(4)),
        me.mention(text_of(chance)),
        *(way(data) for way in (me.execute, me.submit) for data in (card, sheet, start, {"m": "x"})),
        me.pasted("https://smba.example/1", "https://smba.example/2"),
        me.uploaded("https://sample.sharepoint.com/d"),
        me.installed(chance.choice(["add", "remove", "add-upgrade"])),
        me.installed(channel="sample"),
        me.members(chance.choice(["membersAdded", "membersRemoved"])),
        me.members(channel="sample"),
        me.reaction(),
        me.deleted(me.message("x")),
        me.bare("messageUpdate"),
        me.bare("event", name="application/vnd.microsoft.meetingStart"),
        me.bare("typing"),
        me.bare("endOfConversation"),
        me.execute({}, name="task/fetch"),
    )


def _conversation(desk: TeamsDesk) -> str:
    found = rows(desk.service, "SELECT id FROM conversations ORDER BY id LIMIT 1")
    return str(found[0].id) if found else "c" * 32


def storm(desk: TeamsDesk, mutants: int, seed: int = SEED) -> set[int]:
    """Return the statuses with which *mutants* activities were answered."""
    chance = Random(seed)
    people = [Activities(number) for number in range(1, PEOPLE + 1)]
    statuses = set()
    for _ in range(mutants):
        real = chance.choice(every(desk, chance.choice(people), chance))
        body = dumped(mutant(chance, real)).encode("utf-8", "surrogatepass")
        statuses.add(desk.post(body).status)
    return statuses


def unwell(desk: TeamsDesk) -> list[str]:
    """Return the kind of fault and the activity of each turn that failed."""
    bad = rows(desk.service, "SELECT event_id, error, raw FROM inbox WHERE state <> 'done' LIMIT 10")
    vault = desk.service.vault
    return [f"{row.error} {vault.open_event(row.event_id, bytes(row.raw)).decode()}" for row in bad]


def test_mutants_of_every_activity_are_answered_and_harm_nobody(desk: TeamsDesk) -> None:
    here = desk.service.engine.dialect.name == "sqlite"

    statuses = storm(desk, MUTANTS if here else MUTANTS // 4)

    assert statuses <= KNOWN
    assert unwell(desk) == []


def test_a_storm_leaves_a_desk_that_still_answers(desk: TeamsDesk) -> None:
    storm(desk, 200, SEED + 1)
    before = len(desk.queued())

    assert desk.post(Activities(1).message("メニュー", id="the-last")).status == 200

    assert len(desk.queued()) == before + 1


@pytest.mark.parametrize("name", NO_WEBHOOK)
def test_a_body_that_is_no_activity_is_answered_and_leaves_nothing(desk: TeamsDesk, name: str) -> None:
    body = NO_WEBHOOK[name](encoded(Activities(1).message("メニュー")))

    assert desk.post(body).status in {400, 401, 413}

    tables = (each for each in metadata.sorted_tables if not each.name.startswith("staff"))
    assert not [each.name for each in tables if count(desk.service, each)]


def test_no_spoilt_byte_is_more_than_the_desk_can_take(desk: TeamsDesk) -> None:
    chance, me = Random(SEED), Activities(1)

    statuses = {desk.post(bytes_of(chance, encoded(me.message("メニュー")))).status for _ in range(BYTES)}

    assert statuses <= KNOWN
    assert unwell(desk) == []


def test_no_value_of_a_button_is_too_odd(desk: TeamsDesk) -> None:
    me = Activities(1)

    statuses = {
        desk.post(dumped(each).encode("utf-8", "surrogatepass")).status
        for odd in STRANGE
        for each in (
            me.execute(odd),
            me.submit(odd),
            me.execute({}, value=odd),
            me.execute({}, value={"action": odd}),
            me.execute(desk.button(me, Action(Do.FILL, _conversation(desk)), field=odd)),
        )
    }

    assert statuses <= KNOWN
    assert unwell(desk) == []


# --- the guard, taken away: the same storm then does harm


def test_the_library_alone_would_fall_over_what_is_not_as_expected(
    desk: TeamsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botbuilder.schema import Activity

    def as_the_library_reads(heard: Heard) -> Any:
        return Activity().deserialize(json.loads(json.dumps(heard.raw)))

    monkeypatch.setattr(handler, "_activity", as_the_library_reads)

    assert storm(desk, 300) <= KNOWN
    assert unwell(desk)
