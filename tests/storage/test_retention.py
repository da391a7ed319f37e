"""What is old goes, batch by batch; what somebody still needs stays."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, select

from storage import (
    conversations,
    inbox,
    links,
    outbox,
    photos,
    questions,
    retention,
    sessions,
    turns,
    unreached,
)
from storage import engine as database
from storage.outbox import Delivered, Queued
from storage.tables import outbox as outbox_table
from storage.tables import vault
from storage.teams import files
from storage.teams.files import Attachment
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


# --- photos that nothing shows


def test_a_photo_that_nothing_shows_goes_and_each_is_looked_at_once(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        shown = {name: _photo(conn, name, person) for name in ("f1", "f2", "f3")}
        _photo(conn, "lost", person)
        _photo(conn, "of nobody", "p-unknown")
        make.filed(conn, make.case(conn, "R-1", person, OLD), OLD, answers={"damage": shown["f1"]})
        make.talk(conn, person, "c1", NOW, answers={"damage": shown["f2"]}, aside={"site": shown["f3"]})

        assert [retention.purge_photos(conn, BEFORE, 2) for _ in range(4)] == [2, 2, 1, 0]
        kept = {name for name in (*shown, "lost", "of nobody") if photos.get(conn, name)}

    assert kept == {"f1", "f2", "f3"}


def test_photos_that_came_at_the_same_moment_are_all_looked_at(engine: Engine) -> None:
    with database.write(engine) as conn:
        for number in range(5):
            _photo(conn, f"f{number}", "p")

        assert [retention.purge_photos(conn, BEFORE, 1) for _ in range(6)] == [1, 1, 1, 1, 1, 0]
        assert [photos.get(conn, f"f{number}") for number in range(5)] == [None] * 5


# --- to the millisecond


def _message(conn: Connection, at: int) -> None:
    _send(conn, f"m{at}", at)


def _done(conn: Connection, at: int) -> None:
    turns.claim(conn, f"e{at}", "line", at)


def _dead(conn: Connection, at: int) -> None:
    inbox.fail(conn, f"d{at}", "line", b"sealed", "ValueError", due=at, now=at)
    inbox.bury(conn, f"d{at}", "ValueError")


def _half_filled(conn: Connection, at: int) -> None:
    make.talk(conn, make.person(conn, f"U{at}"), f"c{at}", at)


def _lonely_photo(conn: Connection, at: int) -> None:
    photos.expect(conn, f"f{at}", procedure="fence_loan", person_id="p", source="m", now=at)


def _address(conn: Connection, at: int) -> None:
    files.keep(conn, Attachment(f"m{at}", "https://sample.sharepoint.com/a.jpg"), at)


def _answered(conn: Connection, at: int) -> None:
    person = make.person(conn, f"asked {at}")
    question = questions.ask(conn, person, "ja", "電池は何本ですか", "", at)
    assert questions.answered(conn, question, "見本 職員", at, answer="4本です。")


def _passed_on(conn: Connection, at: int) -> None:
    unreached.note(conn, make.person(conn, f"told {at}"), f"told/{at}", unreached.NO_ACCOUNT, at)
    [waiting] = unreached.waiting(conn)
    assert unreached.settle(conn, waiting.id, "見本 職員", "telephone", at)


EDGES: dict[str, tuple[Callable[[Connection, int], None], Callable[[Connection], int]]] = {
    "body": (_message, lambda conn: retention.purge_bodies(conn, BEFORE)),
    "done event": (_done, lambda conn: retention.purge_inbox(conn, BEFORE, 0)),
    "dead letter": (_dead, lambda conn: retention.purge_inbox(conn, 0, BEFORE)),
    "half-filled form": (_half_filled, lambda conn: retention.purge_half_filled(conn, BEFORE)),
    "link": (lambda conn, at: _link(conn, at - 1000), lambda conn: retention.purge_links(conn, BEFORE)),
    "session": (
        lambda conn, at: _session(conn, at - 1000),
        lambda conn: retention.purge_sessions(conn, BEFORE),
    ),
    "address": (_address, lambda conn: files.purge(conn, BEFORE, 10)),
    "who asked": (_answered, lambda conn: questions.forget_people(conn, BEFORE, 10)),
    "what was passed on": (_passed_on, lambda conn: unreached.purge(conn, BEFORE, 10)),
    "photo": (_lonely_photo, lambda conn: retention.purge_photos(conn, BEFORE)),
}


@pytest.mark.parametrize("kind", EDGES)
def test_each_kind_stays_until_its_millisecond_and_not_one_longer(engine: Engine, kind: str) -> None:
    plant, purge = EDGES[kind]
    with database.write(engine) as conn:
        plant(conn, BEFORE)
        plant(conn, BEFORE + 1)
        assert purge(conn) == 0

        plant(conn, BEFORE - 1)
        assert purge(conn) == 1
        assert purge(conn) == 0


def test_what_waits_is_never_blanked_however_old_it_is(engine: Engine) -> None:
    with database.write(engine) as conn:
        row = _send(conn, "waiting", 1, outbox.WAITING)
        inbox.fail(conn, "failed", "line", b"sealed", "ValueError", due=1, now=1)
        for _round in range(2):
            retention.purge_bodies(conn, NOW)
            retention.purge_inbox(conn, NOW, NOW)

        [parcel] = outbox.claim(conn, NOW, NOW + 1, 10)
        assert parcel.body == {"text": "こんにちは"}
        assert [each.raw for each in inbox.retryable(conn, NOW, 10)] == [b"sealed"]

        # The control: once it came to an end, the same round takes it.
        outbox.finish(conn, [Delivered(row, outbox.DELIVERED)], NOW - 1)
        inbox.bury(conn, "failed", "ValueError")
        assert retention.purge_bodies(conn, NOW) == 1
        assert retention.purge_inbox(conn, NOW, NOW) == 1


def test_what_should_have_gone_is_counted(engine: Engine) -> None:
    limits = retention.Limits(*[BEFORE] * 7)
    plants = [plant for kind, (plant, _) in EDGES.items() if kind != "photo"]
    with database.write(engine) as conn:
        for plant in plants:
            plant(conn, BEFORE)
        assert set(retention.overdue(conn, limits).values()) == {0}

        for plant in plants:
            plant(conn, BEFORE - 1)
        assert retention.overdue(conn, limits) == {
            "inbox": 2,
            "outbox": 1,
            "conversations": 1,
            "links": 1,
            "sessions": 1,
            "questions": 1,
            "teams_files": 1,
            "unreached": 1,
        }


def test_each_round_begins_where_the_last_one_came_to_and_leaves_nothing_out(engine: Engine) -> None:
    with database.write(engine) as conn:
        for at in (OLD, OLD + 1):
            _send(conn, f"first {at}", at)
        assert retention.purge_bodies(conn, OLD + 1) == 1
        assert retention.purge_bodies(conn, OLD + 2) == 1
        _send(conn, "later", OLD + 2)
        assert retention.purge_bodies(conn, OLD + 3) == 1

        # The clock was set back, and what is done then is as old as any.
        assert retention.purge_bodies(conn, OLD - 9 * DAY) == 0
        _send(conn, "then", OLD - 9 * DAY)
        assert retention.purge_bodies(conn, OLD) == 1
