"""A contractor's worker asks for the round in Teams, and records a stop from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.samples import file_samples
from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import cases, unreached
from storage import engine as database
from tests.bot.admin.conftest import FIRST, SECRETS
from tests.bot.admin.filing import lend
from tests.support.office import Office, office, shown
from tests.support.service import StandingClock

MONDAY = "2027-06-14"


@pytest.fixture
def city(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Office]:
    with office(database_url, tmp_path, clock) as found:
        file_samples(found.service, clock.now())
        lend(found.service, FIRST, MONDAY)
        yield found


def test_the_round_is_asked_for_and_leads_to_the_form_of_a_stop(city: Office) -> None:
    worker = city.member("見本 作業員", Grant("fence_loan", Role.CONTRACTOR), organisation="contractor")

    worker.types("メニュー")
    worker.press("巡回（今日まわる所）")
    assert "予定はありません" in shown(worker.cards[-1])
    worker.types("巡回 6/14")

    text = shown(worker.cards[-1])
    assert "南区　10:00　引き渡し（南区 受渡場所（見本））" in text
    assert FIRST in text
    assert not any(secret in json.dumps(worker.cards[-1], ensure_ascii=False) for secret in SECRETS)
    assert f"/admin/cases/{FIRST}" in json.dumps(worker.cards[-1])
    assert f"/admin/rounds/{MONDAY}" in json.dumps(worker.cards[-1])
    worker.press("引き渡し")
    assert any(each["type"] == "Input.Text" for each in _elements(worker.cards[-1]))


def _elements(found: object) -> Iterator[dict[str, object]]:
    if isinstance(found, dict):
        if "type" in found:
            yield found
        for each in found.values():
            yield from _elements(each)
    elif isinstance(found, list):
        for each in found:
            yield from _elements(each)


def test_the_office_is_told_in_its_list_how_many_must_be_rung_up(city: Office) -> None:
    clerk = city.member("見本 係", Grant("*", Role.STAFF))
    with database.write(city.service.engine) as conn:
        case = cases.by_reference(conn, FIRST)
        assert case
        unreached.note(conn, case.person_id, "event1", "blocked", city.clock.now())

    clerk.types("一覧")

    assert "連絡がつかない方：1件（電話か手紙でお知らせください）" in shown(clerk.cards[-1])
    assert "/admin/unreached" in json.dumps(clerk.cards[-1])
