"""What is old goes, batch by batch; what somebody still needs stays."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, select

from storage import conversations, inbox, links, outbox, photos, retention, sessions, turns
from storage import engine as database
from storage.outbox import Delivered, Queued
from storage.tables import outbox as outbox_table
from storage.tables import vault
from tests.storage import make
from tests.storage.make import DAY, NOW, VAULT

OLD = NOW - 40 * DAY
BEFORE = NOW - 30 * DAY


def _send(conn: Connection, cause: str, at: int, state: str = outbox.DELIVERED) -> int:
    queued = Queued("line", cause, "U1", {"text": "こんにちは"}, cause, reply_token="r1")
    outbox.queue(conn, [queued], at)
    row: int = conn.execute(select(outbox_table.c.id).where(outbox_table.c.cause == cause)).scalar_one()
    if state != outbox.WAITING:
        outbox.finish(conn, [Delivered(row, state)], at)
    return row


def _photo(conn: Connection, photo: str, person: str) -> dict[str, str]:
    photos.expect(conn, photo, procedure="fence_loan", person_id=person, source=f"m-{photo}", now=OLD)
    return {"photo": photo}


def _sealed(conn: Connection) -> set[str]:
    return set(conn.execute(select(vault.c.id)).scalars())


def test_the_bodies_of_old_messages_are_blanked_and_their_rows_kept(engine: Engine) -> None:
    with database.write(engine) as conn:
        for cause, at, state in (
            ("old", OLD, outbox.DELIVERED),
            ("old too", OLD, outbox.UNDELIVERABLE),
            ("new", NOW, outbox.DELIVERED),
            ("waiting", OLD, outbox.WAITING),
        ):
            _send(conn, cause, at, state)

        counts = [retention.purge_bodies(conn, BEFORE, 1) for _ in range(3)]
        rows = conn.execute(select(outbox_table.c.cause, outbox_table.c.body, outbox_table.c.reply_token))
        kept = {row.cause: (bool(row.body), row.reply_token) for row in rows}

    assert counts == [1, 1, 0]
    assert kept == {
        "old": (False, None),
        "old too": (False, None),
        "new": (True, "r1"),
        "waiting": (True, "r1"),
    }


def test_the_inbox_keeps_what_was_given_up_for_a_time_of_its_own(engine: Engine) -> None:
    with database.write(engine) as conn:
        turns.claim(conn, "done", "line", OLD)
        inbox.fail(conn, "dead", "line", b"sealed", "ValueError", due=OLD, now=OLD)
        inbox.bury(conn, "dead", "ValueError")

        assert retention.purge_inbox(conn, BEFORE, OLD) == 1
        assert [each.event_id for each in inbox.dead(conn)] == ["dead"]
        assert retention.purge_inbox(conn, BEFORE, BEFORE) == 1
        assert inbox.dead(conn) == []


def _link(conn: Connection, at: int) -> None:
    links.make(conn, "page", "p1", "c1", 1000, at)


def _session(conn: Connection, at: int) -> None:
    sessions.begin(conn, "console", "mihon", "", "staff", 1000, at)


@pytest.mark.parametrize(
    ("begin", "purge"), [(_link, retention.purge_links), (_session, retention.purge_sessions)]
)
def test_links_and_sessions_go_when_they_have_ended(
    engine: Engine, begin: Callable[[Connection, int], None], purge: Callable[[Connection, int, int], int]
) -> None:
    with database.write(engine) as conn:
        for at in (OLD, OLD, OLD, NOW):
            begin(conn, at)

        assert [purge(conn, NOW, 2) for _ in range(3)] == [2, 1, 0]
        assert purge(conn, NOW + 1001, 2) == 1


def test_a_form_that_nobody_went_on_with_goes_with_all_that_was_given(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        record = VAULT.seal(conn, "fence_loan", {"name": "見本 太郎"}, now=OLD)
        given = {"damage": _photo(conn, "f1", person), "perimeter": 40}
        make.talk(
            conn,
            person,
            "c1",
            OLD,
            answers=given,
            aside={"site": _photo(conn, "f2", person)},
            vault_id=record,
        )

        assert retention.purge_half_filled(conn, BEFORE) == 1
        assert conversations.get(conn, "c1") is None
        assert _sealed(conn) == set()
        assert [photos.get(conn, photo) for photo in ("f1", "f2")] == [None, None]
        left = turns.load_person(conn, person)

    assert left
    assert left.current == ""


def test_a_form_that_is_being_filled_in_stays(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        record = VAULT.seal(conn, "fence_loan", {"name": "見本 太郎"}, now=OLD)
        make.talk(conn, person, "c1", BEFORE, answers={"damage": _photo(conn, "f1", person)}, vault_id=record)

        assert retention.purge_half_filled(conn, BEFORE) == 0
        assert conversations.get(conn, "c1")
        assert photos.get(conn, "f1")
        assert _sealed(conn) == {record}


def test_what_was_filed_keeps_its_answers_and_photos_when_a_correction_is_left_half_done(
    engine: Engine,
) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        record = VAULT.seal(conn, "fence_loan", {"name": "見本 太郎"}, now=OLD)
        shown, added = {"damage": _photo(conn, "f1", person)}, {"site": _photo(conn, "f2", person)}
        case = make.case(conn, "R-1", person, OLD)
        make.filed(conn, case, OLD, answers=shown, vault_id=record)
        make.talk(conn, person, "c1", OLD, answers={**shown, **added}, vault_id=record, case_id=case)

        assert retention.purge_half_filled(conn, BEFORE) == 1
        assert _sealed(conn) == {record}
        assert photos.get(conn, "f1")
        assert photos.get(conn, "f2") is None


def test_answers_that_another_form_still_uses_stay(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        record = VAULT.seal(conn, "fence_loan", {"name": "見本 太郎"}, now=OLD)
        shown = {"damage": _photo(conn, "f1", person)}
        make.talk(conn, person, "c1", OLD, answers=shown, vault_id=record)
        make.talk(conn, person, "c2", NOW, answers=shown, vault_id=record, form="survey")

        assert retention.purge_half_filled(conn, BEFORE) == 1
        assert _sealed(conn) == {record}
        assert photos.get(conn, "f1")


def test_half_filled_forms_go_in_batches(engine: Engine) -> None:
    with database.write(engine) as conn:
        for number in range(3):
            make.talk(conn, make.person(conn, f"U{number}"), f"c{number}", OLD)

        assert [retention.purge_half_filled(conn, BEFORE, 2) for _ in range(3)] == [2, 1, 0]
