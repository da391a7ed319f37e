"""Conversations of Teams as they were last heard of, the cards in them, and attachments to be fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import engine as database
from storage import staff
from storage.staff import Member
from storage.tables_staff import teams_references
from storage.teams import cards, files, references
from storage.teams.files import Attachment
from storage.teams.references import CHANNEL, PERSONAL, REFRESHED, Reference
from tests.storage import make
from tests.storage.make import NOW

TENANT, ACCOUNT = "11111111-2222-4333-8444-555555555555", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
DAY = date(2027, 6, 7)
OTHER = "ffffffff-bbbb-4ccc-8ddd-eeeeeeeeeeee"
CHAT = Reference(
    "a:sample", PERSONAL, TENANT, ACCOUNT, "https://smba.example/jp/", "28:bot", "29:user", "ja-JP"
)
TEAM = Reference("19:sample@thread.tacv2", CHANNEL, TENANT, "", "https://smba.example/jp/", "28:bot")


def _keep(engine: Engine, found: Reference, now: int = NOW) -> str:
    with database.write(engine) as conn:
        return references.keep(conn, found, now)


def test_a_conversation_is_found_by_its_id_and_by_its_account(engine: Engine) -> None:
    kept = _keep(engine, CHAT)

    with database.read(engine) as conn:
        assert references.find(conn, kept) == CHAT
        assert references.personal(conn, TENANT.upper(), ACCOUNT) == CHAT
        assert references.personal(conn, TENANT, OTHER) is None
        assert references.find(conn, "unknown") is None


def test_an_id_is_the_same_every_time_and_as_long_as_a_thread_wants(engine: Engine) -> None:
    kept = _keep(engine, CHAT)

    assert kept == _keep(engine, replace(CHAT, service_url="https://elsewhere.example/"), NOW + 1) == CHAT.id
    assert len(kept) == 32
    assert make.count(engine, teams_references) == 1


def test_the_newest_address_counts(engine: Engine) -> None:
    _keep(engine, CHAT)
    moved = replace(CHAT, service_url="https://smba.example/eu/", locale="en-US")
    _keep(engine, moved, NOW + 1)

    with database.read(engine) as conn:
        assert references.find(conn, CHAT.id) == moved


def test_a_conversation_that_did_not_change_is_not_written_again(engine: Engine) -> None:
    _keep(engine, CHAT)
    with database.write(engine) as conn:
        assert references.keep(conn, CHAT, NOW + REFRESHED - 1) == CHAT.id
        assert conn.execute(select(teams_references.c.updated_at)).scalar_one() == NOW

    _keep(engine, CHAT, NOW + REFRESHED)

    with database.read(engine) as conn:
        assert conn.execute(select(teams_references.c.updated_at)).scalar_one() == NOW + REFRESHED


def test_a_dead_conversation_is_not_written_to_until_somebody_speaks_in_it(engine: Engine) -> None:
    _keep(engine, CHAT)
    with database.write(engine) as conn:
        references.die(conn, CHAT.id, NOW + 1)
        references.die(conn, CHAT.id, NOW + 2)

    with database.read(engine) as conn:
        assert references.personal(conn, TENANT, ACCOUNT) is None
        dead = references.find(conn, CHAT.id)
    assert dead
    assert dead.dead_at == NOW + 1

    _keep(engine, CHAT, NOW + 3)

    with database.read(engine) as conn:
        assert references.personal(conn, TENANT, ACCOUNT) == CHAT


def test_of_two_personal_chats_the_one_heard_of_last_counts(engine: Engine) -> None:
    newer = replace(CHAT, conversation_id="a:newer")
    _keep(engine, CHAT)
    _keep(engine, newer, NOW + 1)

    with database.read(engine) as conn:
        assert references.personal(conn, TENANT, ACCOUNT) == newer


def _concerned(engine: Engine, day: date = DAY, reference: str = "R-1") -> list[str]:
    with database.write(engine) as conn:
        case = make.case(conn, reference)
        return list(references.concerned(conn, case, day))


def _add(engine: Engine, grant: Grant, **given: Any) -> None:
    new = Member("", given.pop("tenant", TENANT), ACCOUNT, "見本 一郎", "city", (grant,))
    with database.write(engine) as conn:
        staff.add(conn, new, given.get("since", DAY), given.get("until", DAY), NOW)


def test_a_case_concerns_members_with_a_grant_on_its_procedure_and_channels(engine: Engine) -> None:
    _keep(engine, CHAT)
    _keep(engine, TEAM)
    _keep(engine, replace(CHAT, conversation_id="a:nobody", object_id=OTHER))
    assert _concerned(engine) == []

    _add(engine, Grant("fence_loan", Role.STAFF))
    assert _concerned(engine, reference="R-2") == [CHAT.id]

    _subscribe(engine, "fence_loan", "inspection")
    assert _concerned(engine, reference="R-3") == sorted([CHAT.id, TEAM.id])


def _subscribe(engine: Engine, *procedures: str) -> None:
    thread = replace(TEAM, conversation_id=f"{TEAM.conversation_id};messageid=1")
    with database.write(engine) as conn:
        references.subscribe(conn, thread, procedures, NOW)


def test_a_channel_is_told_of_what_was_asked_for_there_and_no_thread_of_it_is(engine: Engine) -> None:
    _keep(engine, replace(TEAM, conversation_id=f"{TEAM.conversation_id};messageid=1"))
    _subscribe(engine, "inspection", "fence")
    assert _concerned(engine) == []

    _subscribe(engine, "fence_loan")
    assert _concerned(engine, reference="R-2") == [TEAM.id]
    _keep(engine, TEAM, NOW + 2 * references.REFRESHED)
    assert _concerned(engine, reference="R-3") == [TEAM.id]

    _subscribe(engine)
    assert _concerned(engine, reference="R-4") == []


def test_a_personal_chat_needs_no_subscription(engine: Engine) -> None:
    _keep(engine, CHAT)
    with database.write(engine) as conn:
        references.subscribe(conn, CHAT, ["fence_loan"], NOW)

    assert _concerned(engine) == []


@pytest.mark.parametrize(
    ("grant", "given", "day"),
    [
        (Grant("inspection", Role.STAFF), {}, DAY),
        (Grant("*", Role.STAFF), {"tenant": OTHER}, DAY),
        (Grant("*", Role.STAFF), {}, DAY + timedelta(days=1)),
        (Grant("*", Role.STAFF), {}, DAY - timedelta(days=1)),
    ],
)
def test_a_case_does_not_concern_others(
    engine: Engine, grant: Grant, given: dict[str, Any], day: date
) -> None:
    _keep(engine, CHAT)
    _add(engine, grant, **given)

    assert _concerned(engine, day) == []


def test_a_case_does_not_concern_who_was_removed_nor_a_dead_conversation(engine: Engine) -> None:
    _keep(engine, CHAT)
    _add(engine, Grant("*", Role.STAFF))
    with database.write(engine) as conn:
        references.die(conn, CHAT.id, NOW)
    assert _concerned(engine) == []

    _keep(engine, CHAT)
    with database.write(engine) as conn:
        staff.remove(conn, TENANT, ACCOUNT, DAY, NOW)
    assert _concerned(engine, reference="R-2") == []


def test_channels_are_not_personal_chats(engine: Engine) -> None:
    _keep(engine, CHAT)
    _keep(engine, TEAM)

    with database.read(engine) as conn:
        assert references.channels(conn) == [TEAM]

    with database.write(engine) as conn:
        references.die(conn, TEAM.id, NOW)
        assert references.channels(conn) == []


def test_a_card_is_remembered_by_case_and_conversation(engine: Engine) -> None:
    _keep(engine, CHAT)
    _keep(engine, TEAM)
    with database.write(engine) as conn:
        case = make.case(conn)
        assert cards.activity(conn, case, CHAT.id) is None
        cards.keep(conn, case, CHAT.id, "1700")
        cards.keep(conn, case, TEAM.id, "1800")
        cards.keep(conn, case, CHAT.id, "1701")

        assert cards.activity(conn, case, CHAT.id) == "1701"
        assert cards.of_case(conn, case) == {CHAT.id: "1701", TEAM.id: "1800"}


def test_a_card_that_is_gone_is_sent_anew(engine: Engine) -> None:
    _keep(engine, CHAT)
    with database.write(engine) as conn:
        one, other = make.case(conn), make.case(conn, "R-2")
        cards.keep(conn, one, CHAT.id, "1700")
        cards.keep(conn, other, CHAT.id, "1701")
        cards.keep(conn, one, CHAT.id, None)

        assert cards.activity(conn, one, CHAT.id) is None
        assert cards.of_case(conn, one) == {}
        assert cards.forget(conn, CHAT.id) == 1
        assert cards.activity(conn, other, CHAT.id) is None


def test_an_attachment_is_known_until_it_has_been_fetched(engine: Engine) -> None:
    with database.write(engine) as conn:
        files.keep(conn, Attachment("m1", "https://example/1", "見本.jpg"), NOW)
        files.keep(conn, Attachment("m1", "https://example/2", "x" * 300), NOW + 1)

        found = files.find(conn, "m1")
        assert found
        assert (found.url, len(found.name)) == ("https://example/2", 255)

        files.forget(conn, "m1")
        assert files.find(conn, "m1") is None


def test_old_attachments_are_removed_a_few_at_a_time(engine: Engine) -> None:
    with database.write(engine) as conn:
        for number in range(5):
            files.keep(conn, Attachment(f"m{number}", "https://example/"), NOW + number)

        assert files.purge(conn, NOW + 3, 2) == 2
        assert files.purge(conn, NOW + 3, 2) == 1
        assert files.find(conn, "m3")
