"""The door of a meeting: everybody comes once, however often, late and by how many telephones it is said."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bot.keeping import Keeping
from bot.meetings import door
from bot.service import Service
from dialogs.meetings import State
from storage import accesslog, cases, checkins, meetings, submissions
from storage import engine as database
from storage.tables import vault
from tests.bot.meetings.conftest import ONE, ONLINE, PAIR, SECRETS, WAITS
from tests.support.meeting import KEY, cancelled
from tests.support.service import StandingClock
from tests.support.staff import Staff, path, said

DOOR = f"/admin/meetings/{KEY}/door"


def seal_of(browser: Any) -> str:
    found = re.search(r'data-seal="([0-9a-f]+)"', browser.get(DOOR).text)
    assert found, "the door's page has no seal"
    return found[1]


def entry(number: int, what: str = "in", **more: Any) -> dict[str, Any]:
    return {"id": f"{number:032x}", "what": what, "at": 1000 + number, "people": 1, **more}


def sync(browser: Any, *entries: dict[str, Any], known: tuple[str, ...] = (), seal: str = "") -> Any:
    body = {"seal": seal or seal_of(browser), "known": known, "entries": list(entries)}
    return browser.post(f"{DOOR}/sync", json=body)


def came(service: Service) -> list[tuple[str | None, int]]:
    with database.read(service.engine) as conn:
        return [(each.case_id, each.people) for each in checkins.came(conn, KEY)]


def test_a_telephone_is_told_who_is_expected_in_the_room_with_number_name_and_kind_alone(
    staff: Staff,
) -> None:
    told = sync(staff.client).json

    assert told["open"]
    assert told["people"] == [
        {"number": ONE, "name": "見本 一郎", "kana": "ミホン イチロウ", "kind": "市の職員", "people": 1},
        {"number": PAIR, "name": "見本 花子", "kana": "ミホン ハナコ", "kind": "関心のある方", "people": 2},
    ]


def test_names_are_told_and_logged_once_and_whoever_cancelled_goes(staff: Staff, held: Service) -> None:
    sync(staff.client)
    cancelled(held, PAIR)
    told = sync(staff.client, known=(ONE, PAIR)).json

    assert (told["people"], told["gone"]) == ([], [PAIR])
    with database.read(held.engine) as conn:
        assert [each.why for each in accesslog.entries(conn)] == ["door", "door"]


def test_the_page_itself_says_no_name(staff: Staff) -> None:
    page = staff.get(DOOR, code=ONE).text

    assert not [each for each in SECRETS if each in page]
    assert "camera=(self)" in staff.get(DOOR).headers["Permissions-Policy"]


def test_what_is_sent_again_or_by_two_telephones_counts_once(staff: Staff, held: Service) -> None:
    first = entry(1, reference=PAIR, people=2)
    for _ in range(2):
        assert sync(staff.client, first).json["taken"] == [first["id"]]
    told = sync(staff.client, entry(2, reference=PAIR, people=2), known=(ONE, PAIR)).json

    assert [people for _, people in came(held)] == [2]
    assert told["came"] == {PAIR: {"entry": first["id"], "at": 1001, "people": 2}}


def test_a_wrong_check_in_is_undone_and_can_be_made_again(staff: Staff, held: Service) -> None:
    sync(staff.client, entry(1, reference=ONE), entry(2, "undo", of=f"{1:032x}"))
    assert came(held) == []

    sync(staff.client, entry(1, reference=ONE), entry(3, reference=ONE))
    assert len(came(held)) == 1


def test_a_walk_in_comes_with_or_without_a_name_and_the_name_is_sealed_and_goes_after_a_week(
    staff: Staff, held: Service, clock: StandingClock
) -> None:
    named = entry(1, "walkin", kind="group", name="飛入 見本", people=2)
    sync(staff.client, named, entry(2, "walkin", kind="nonsense"))
    told = sync(staff.client, named).json

    assert [(each["kind"], each["people"]) for each in told["walkins"]] == [("group", 2), ("", 1)]
    with database.read(held.engine) as conn:
        records = conn.execute(select(vault.c.id)).scalars().all()
        assert checkins.attended(conn, KEY) == 3
        assert sum(checkins.refers_to(conn, each) for each in records) == 1
    clock.advance(timedelta(days=7, minutes=1))
    Keeping(held.engine, held.settings, held.vault, held.register).tidy(clock.now())
    with database.read(held.engine) as conn:
        assert len(conn.execute(select(vault.c.id)).scalars().all()) == len(records) - 1
        assert checkins.attended(conn, KEY) == 3


def test_what_is_no_entry_is_not_asked_for_again_and_does_no_harm(staff: Staff, held: Service) -> None:
    wrong: list[Any] = [
        {"id": "short", "what": "in", "at": 1},
        entry(1, "dance"),
        {**entry(2, reference=ONE), "at": "now"},
        "text",
        entry(3, reference="EM9-9999"),
        entry(4, "walkin", people="many", name={"a": 1}),
        entry(5, reference="EM9-\x000001"),
    ]
    told = sync(staff.client, *wrong).json

    assert set(told["taken"]) == {"short", *(f"{number:032x}" for number in range(1, 6))}
    assert came(held) == [(None, 1)]
    assert staff.client.post(f"{DOOR}/sync", json=[]).status_code == 401
    assert sync(staff.client, known=(1, None)).status_code == 200  # type: ignore[arg-type]  # as a broken phone sends it


@pytest.mark.parametrize("state", [State.CANCELLED, State.DRAFT])
def test_nobody_is_named_for_a_meeting_that_is_not_held(staff: Staff, held: Service, state: State) -> None:
    with database.write(held.engine) as conn:
        meetings.put(conn, KEY, state, "見本 職員", 1)

    assert sync(staff.client).json == {"open": False, "taken": []}


def test_when_the_door_is_closed_names_go_and_what_was_noted_is_still_taken(
    staff: Staff, held: Service
) -> None:
    assert staff.post(f"{DOOR}/close", {"closed": "yes"}).status_code == 303
    told = sync(staff.client, entry(1, reference=ONE)).json

    assert told == {"open": False, "taken": [f"{1:032x}"]}
    assert len(came(held)) == 1
    assert staff.get(DOOR).status_code == 410
    staff.post(f"{DOOR}/close", {"closed": "no"})
    assert sync(staff.client).json["open"]


def steps(service: Service, reference: str) -> list[str]:
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        return [each.step for each in submissions.of_case(conn, case.id)]


def test_closing_the_door_files_once_for_each_who_came_that_they_took_part(
    staff: Staff, held: Service
) -> None:
    sync(staff.client, entry(1, reference=ONE), entry(2, reference=PAIR), entry(3, "undo", of=f"{2:032x}"))
    assert steps(held, ONE) == ["application"]
    for closed in ("yes", "no", "yes"):
        assert staff.post(f"{DOOR}/close", {"closed": closed}).status_code == 303

    assert steps(held, ONE) == ["application", "attended"]
    assert steps(held, PAIR) == ["application"]


def test_the_day_after_nobody_is_named_any_more(staff: Staff, held: Service, clock: StandingClock) -> None:
    clock.advance(timedelta(days=1))
    staff.sign_in()

    assert sync(staff.client).json == {"open": False, "taken": []}


def test_without_scripts_somebody_is_found_by_the_number_and_checked_in(staff: Staff, held: Service) -> None:
    page = said(staff.get(DOOR, code=f" {PAIR.lower()} "))
    assert f"{PAIR} 来た人数 受付する" in page

    form = {"seal": seal_of(staff.client), "code": PAIR, "people": "1"}
    assert staff.client.post(f"{DOOR}/check", data=form).status_code == 303
    assert "受付済みです（1人" in said(staff.get(DOOR, code=PAIR))
    assert [people for _, people in came(held)] == [1]
    assert "この会の番号ではありません" in said(staff.get(DOOR, code="EM9-7777"))
    staff.client.post(f"{DOOR}/check", data={**form, "code": "EM9-7777"})
    assert len(came(held)) == 1


def test_those_who_watch_and_those_who_wait_are_not_expected_and_are_noted_all_the_same(
    staff: Staff, held: Service
) -> None:
    sync(staff.client, entry(1, reference=ONLINE), entry(2, reference=WAITS, people=3))

    assert [people for _, people in came(held)] == [1, 3]


def phone(staff: Staff, app: Flask) -> Any:
    """Return a telephone that was let in by the code on the console's page."""
    shown = staff.post(f"{DOOR}/phone")
    address = re.search(r"<code>(http[^<]+)</code>", shown.text)
    assert address
    telephone = app.test_client()
    assert "見本の交流会" in telephone.get(path(address[1])).text
    assert telephone.post(path(address[1])).status_code == 303
    assert app.test_client().post(path(address[1])).status_code == 410
    assert app.test_client().get(path(address[1])).status_code == 410
    return telephone


def test_a_telephone_that_was_let_in_may_use_the_door_of_this_meeting_and_nothing_else(
    staff: Staff, held: Service, app: Flask
) -> None:
    telephone = phone(staff, app)

    assert sync(telephone, entry(1, reference=ONE)).status_code == 200
    assert len(came(held)) == 1
    for address in ("/admin/", f"/admin/meetings/{KEY}/roster", f"/admin/meetings/{KEY}/tables"):
        assert telephone.get(address).status_code == 303
    worker = telephone.get(f"{DOOR}/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == DOOR


def test_a_telephone_is_out_after_a_day_and_is_not_told_anything(
    staff: Staff, app: Flask, clock: StandingClock
) -> None:
    telephone = phone(staff, app)
    seal = seal_of(telephone)
    clock.advance(timedelta(days=1))

    assert sync(telephone, seal=seal).status_code == 401
    assert telephone.get(DOOR).status_code == 303


def test_a_stranger_an_auditor_and_a_foreign_page_get_nothing(
    staff: Staff, held: Service, app: Flask
) -> None:
    stranger = app.test_client()
    assert sync(stranger, entry(1, reference=ONE), seal="x").status_code == 401
    assert stranger.get(DOOR).status_code == 303
    assert sync(staff.client, entry(1, reference=ONE), seal="wrong").status_code == 401
    assert staff.client.post(f"{DOOR}/check", data={"code": ONE}).status_code == 403
    assert Staff(held, app).sign_in_as("auditor").get(DOOR).status_code == 403
    assert staff.get("/admin/meetings/nothing/door").status_code == 404
    assert staff.get("/admin/meetings/a%00b/door").status_code == 404
    assert came(held) == []


def test_a_code_is_a_number_or_an_address_that_holds_one() -> None:
    found = [
        door.code_of(text)
        for text in (
            "em9-0001",
            "https://x.jp/admin/meetings/m/door?code=EM9-0001",
            "ＥＭ９－０００１",
            "a\x00",
        )
    ]

    assert found == ["EM9-0001", "EM9-0001", "EM9-0001", ""]


def test_how_many_came_is_a_number_or_as_many_as_registered() -> None:
    assert [door.people_of(text, 3) for text in ("2", "", "0", "many", "9999")] == [2, 3, 3, 3, 50]
