"""A photo from Teams, all the way: pasted into the chat, fetched with our token, sealed, missed where it is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogs.procedure import Role
from dialogs.standing import Grant
from storage.staff import CONTRACTOR
from tests.support.connector import answer
from tests.support.office import Office, Person, office
from tests.support.pictures import with_place
from tests.support.service import StandingClock, rows

PASTED = "/teams/v3/attachments/0-1/views/original"
HEAD = {"site": "clean_center", "day": "2027-06-07", "kind": "monthly", "firm": "見本システム株式会社"}
SENTENCE = "全部正常、PC1 C 90GB、PC2 C 80GB、PC3 C 70GB、PC4 C 60GB、PC3 ファン異音"


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Office]:
    with office(database_url, tmp_path, clock) as made:
        yield made


@pytest.fixture
def inspector(house: Office) -> Person:
    """Return somebody who is asked for the photo of a finding."""
    made = house.member("見本 点検員", Grant("inspection", Role.CONTRACTOR), organisation=CONTRACTOR)
    made.types("点検")
    made.press("送信", None, **HEAD)
    made.types(SENTENCE)
    pieces = [each.split('"')[0] for each in json.dumps(made.cards[-1]).split('"id": "')]
    made.press("送信", None, **{each: "minor" for each in pieces if each.endswith("severity")})
    return made


def states(house: Office) -> list[str]:
    return [each.state for each in rows(house.service, "SELECT state FROM photos")]


def test_a_photo_of_a_finding_is_fetched_and_sealed(house: Office, inspector: Person) -> None:
    house.connector.files[PASTED] = with_place()

    inspector.sends(inspector.says.pasted(house.connector.url + PASTED))

    assert states(house) == ["stored"]
    fetched = [each for each in house.connector.received if each.path == PASTED]
    assert [bool(each.token) for each in fetched] == [True]
    assert rows(house.service, "SELECT url FROM teams_files") == []
    assert "提出する" in json.dumps(inspector.cards[-1], ensure_ascii=False)


def test_what_is_no_photo_is_asked_for_again_in_the_same_chat(house: Office, inspector: Person) -> None:
    house.connector.files[PASTED] = b"no photo"
    before = len(inspector.messages)

    inspector.sends(inspector.says.pasted(house.connector.url + PASTED))

    assert states(house) in (["failed"], [])
    assert len(inspector.messages) > before + 1, "the review, and then that the photo could not be opened"


def test_a_photo_that_cannot_be_had_now_is_fetched_later(house: Office, inspector: Person) -> None:
    house.connector.files[PASTED] = with_place()
    house.connector.will(*[answer(503)] * 2)

    inspector.sends(inspector.says.pasted(house.connector.url + PASTED))
    for _ in range(3):
        inspector.types("ヘルプ")

    assert states(house) == ["stored"]
