"""A backup comes back whole or not at all, nothing is sent or numbered twice, and nobody who was erased returns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import OperationalError

from bot import erase
from bot.backup import opened
from bot.erase import Approval, Request
from bot.service import Service
from bot.settings import Settings
from storage import accesslog, backup_load, backup_rows, migrate, outbox, values
from storage import engine as database
from storage.accesslog import Entry
from storage.alone import InUse, alone
from storage.backup import BackupUnusable
from storage.backup_rows import Shape
from storage.erasures_file import ErasuresUnusable
from storage.outbox import DELIVERED, MAYBE, UNDELIVERABLE, WAITING, Delivered, Queued
from storage.tables import outbox as outbox_table
from storage.tables import people, reminders, submissions
from tests.storage import make as rows
from tests.support.applying import apply, person_of, references
from tests.support.kept import back_up, bring_back, desk, everything, lived_in, settings_of
from tests.support.service import StandingClock, Webhooks, user

HOUR = timedelta(hours=1)


@pytest.fixture
def restored(into: str, tmp_path: Path, clock: StandingClock) -> Iterator[Callable[[], Service]]:
    """Return what opens a service on the database that was restored."""
    made: list[Service] = []

    def open_it() -> Service:
        made.append(desk(into, tmp_path, clock))
        return made[-1]

    yield open_it
    for each in made:
        each.stop()


# --- whole or not at all


ADDED_SINCE = {
    "erasures",
    "staff",
    "staff_roles",
    "teams_references",
    "teams_cards",
    "teams_files",
    "case_prints",
    "holders",
    "holder_lists",
    "holder_drafts",
    "case_holders",
    "pools",
    "pool_slots",
    "claims",
    "pool_waiting",
    "stock_places",
    "fence_sets",
    "parts",
    "stock_moves",
    "howto_aliases",
    "questions",
    "unreached",
    "meetings",
    "ballots",
    "surveys",
    "survey_invitations",
    "survey_marks",
    "survey_papers",
    "survey_snapshots",
    "survey_stops",
    "survey_words",
    "accommodations",
    "checkins",
    "seatings",
}
"""Tables that the first schema did not have."""


def test_a_database_that_holds_something_is_not_touched_without_being_told(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    service.engine.dispose()
    with pytest.raises(BackupUnusable, match="--replace"):
        bring_back(chosen, clock, path, chosen.database_url)


def test_replacing_puts_the_backup_in_the_place_of_all_that_was_there(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    phone = lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    before = everything(service.engine)
    apply(service, Webhooks(user(9)))
    service.engine.dispose()

    bring_back(chosen, clock, path, chosen.database_url, replace=True, moved=True)

    assert everything(service.engine) == before
    assert references(service, phone.user_id)


def test_a_damaged_backup_changes_nothing(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    phone = lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    service.engine.dispose()

    with pytest.raises(BackupUnusable):
        bring_back(chosen, clock, path, chosen.database_url, replace=True)

    assert references(service, phone.user_id)


@pytest.mark.parametrize("after", [1, 4, 9])
def test_whoever_is_stopped_in_the_middle_has_the_database_as_it_was(
    after: int,
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    given = references(service, phone.user_id)
    service.engine.dispose()
    inserted: list[int] = []
    insert_lines = backup_rows.insert_lines

    def stop(*arguments: Any) -> None:
        inserted.append(1)
        if len(inserted) == after:
            raise KeyboardInterrupt
        insert_lines(*arguments)

    monkeypatch.setattr(backup_rows, "insert_lines", stop)
    with pytest.raises(KeyboardInterrupt):
        bring_back(chosen, clock, path, chosen.database_url, replace=True)

    assert references(service, phone.user_id) == given
    assert migrate.current(service.engine) == migrate.head()


def test_a_database_that_keeps_something_else_than_it_was_given_is_found_out(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    into: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    insert_lines = backup_rows.insert_lines

    def spoil(conn: Connection, shape: backup_rows.Shape, batch: list[bytes]) -> None:
        insert_lines(conn, shape, batch)
        if shape.name == "cases":
            conn.execute(text("UPDATE cases SET channel = 'else'"))

    monkeypatch.setattr(backup_rows, "insert_lines", spoil)
    with pytest.raises(BackupUnusable, match="cases did not come back"):
        bring_back(chosen, clock, path, into)


COLUMNS_SINCE = {"identities": {"menu"}, "reminders": {"case_id", "day"}}


def _as_of_then(shape: Shape) -> Shape:
    """Return *shape* without the columns that its table has got since."""
    added = COLUMNS_SINCE.get(shape.name, set())
    return replace(shape, columns=tuple(each for each in shape.columns if each[0] not in added))


def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    into: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone, folder = lived_in(service), chosen.vault_keys_file.parent
    now = [each for each in backup_rows.shapes() if each.name not in ADDED_SINCE]
    with monkeypatch.context() as before:  # what the program of then would have written
        before.setattr(backup_rows, "shapes", lambda: [*map(_as_of_then, now)])
        before.setattr(migrate, "current", lambda _engine: "0001")
        before.setattr(migrate, "head", lambda: "0001")
        path = back_up(chosen, clock, folder / "a.backup")

    bring_back(chosen, clock, path, into)

    restored = desk(into, folder, clock)
    assert migrate.current(restored.engine) == migrate.head()
    assert references(restored, phone.user_id)
    restored.stop()


def test_a_desk_that_is_running_on_the_file_is_in_the_way(
    clock: StandingClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings_of(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path)
    monkeypatch.setattr(database, "_BUSY_MILLIS", 50)
    with alone(chosen.database_url) as engine:
        migrate.upgrade(engine)
    running = desk(chosen.database_url, tmp_path, clock)
    lived_in(running)
    path = back_up(chosen, clock, tmp_path / "a.backup")

    with pytest.raises(InUse, match="stop the desk"):
        bring_back(chosen, clock, path, chosen.database_url, replace=True)
    running.engine.dispose()
    assert bring_back(chosen, clock, path, chosen.database_url, replace=True)
    with alone(chosen.database_url), pytest.raises(OperationalError, match="locked"):
        running.engine.connect()
    running.engine.connect().close()
    running.stop()


def test_new_rows_are_numbered_behind_those_that_came_back(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    restored: Callable[[], Service],
    into: str,
) -> None:
    lived_in(service)
    with database.write(service.engine) as conn:
        accesslog.note(conn, [Entry(1, "t", "admin", "test", "record", "r")] * 3)
    path = back_up(chosen, clock, tmp_path / "a.backup")

    bring_back(chosen, clock, path, into)

    there = restored()
    apply(there, Webhooks(user(9)))
    with database.write(there.engine) as conn:
        accesslog.note(conn, [Entry(1, "t", "admin", "test", "record", "r")])
    assert rows.count(there.engine, outbox_table) > rows.count(service.engine, outbox_table)


# --- nobody who was erased returns


def _erase(chosen: Settings, clock: StandingClock, tmp_path: Path, reference: str) -> Mapping[str, Any]:
    path = tmp_path / f"{reference}.json"
    made = erase.plan(chosen, Request(person=reference, by="見本 係"), clock)
    path.write_text(json.dumps(made))
    return erase.run(chosen, path, Approval("見本 課長"), clock, rewrite=False)


def test_who_was_erased_after_the_backup_does_not_come_back(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    restored: Callable[[], Service],
    into: str,
) -> None:
    phone = lived_in(service)
    person, [reference] = person_of(service, phone.user_id).id, references(service, phone.user_id)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    service.engine.dispose()
    _erase(chosen, clock, tmp_path, reference)

    told = bring_back(chosen, clock, path, into, erasures=chosen.erasures_file)

    there = restored()
    assert any("erased once more: 1 of 1" in line for line in told)
    assert told[-1] == "lost 0 duplicated 0 oversold 0 crossed 0 unexplained 0"
    assert references(there, phone.user_id) == []
    with database.read(there.engine) as conn:
        assert conn.execute(select(people.c.current).where(people.c.id == person)).scalar() == ""
        held = "\n".join(
            line.decode() for each in backup_rows.shapes() for line in backup_rows.lines(conn, each)
        )
    assert phone.user_id not in held
    assert references(there, user(2))


def test_without_the_file_of_erasures_they_would_come_back(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    restored: Callable[[], Service],
    into: str,
) -> None:
    """The control: it is the file, and nothing else, that keeps them away."""
    phone = lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    [reference] = references(service, phone.user_id)
    service.engine.dispose()
    _erase(chosen, clock, tmp_path, reference)

    bring_back(chosen, clock, path, into, erasures=None)

    assert references(restored(), phone.user_id)


def test_a_file_of_erasures_that_is_missing_is_asked_for(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path, into: str
) -> None:
    path = back_up(chosen, clock, tmp_path / "a.backup")

    with pytest.raises(BackupUnusable, match="--no-erasures"):
        bring_back(chosen, clock, path, into, erasures=chosen.erasures_file)


def test_an_old_copy_of_the_file_of_erasures_is_refused(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path, into: str
) -> None:
    phone = lived_in(service)
    [reference] = references(service, phone.user_id)
    service.engine.dispose()
    _erase(chosen, clock, tmp_path, reference)
    service.engine.dispose()
    path = back_up(chosen, clock, tmp_path / "a.backup")
    chosen.erasures_file.write_text("")

    with pytest.raises(BackupUnusable, match="old copy"):
        bring_back(chosen, clock, path, into, erasures=chosen.erasures_file)


def test_a_file_of_erasures_that_was_changed_is_refused(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path, into: str
) -> None:
    phone = lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    given = [references(service, each)[0] for each in (phone.user_id, user(2))]
    for reference in given:
        service.engine.dispose()
        _erase(chosen, clock, tmp_path, reference)
    first, second = chosen.erasures_file.read_text().splitlines()
    chosen.erasures_file.write_text(f"{second}\n")

    with pytest.raises(ErasuresUnusable, match="line 1"):
        bring_back(chosen, clock, path, into, erasures=chosen.erasures_file)
    assert first


# --- nothing twice


def _queue(conn: Connection, cause: str, at: int, **more: Any) -> None:
    outbox.queue(conn, [Queued("line", cause, "U1", {"messages": []}, cause, **more)], at)


def test_what_waited_is_not_sent_twice(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    restored: Callable[[], Service],
    into: str,
) -> None:
    now = clock.now()
    with database.write(service.engine) as conn:
        _queue(conn, "answer", now, reply_token="r", reply_until=now + 60_000)
        _queue(conn, "receipt", now, reply_token="r", reply_until=now + 60_000, legal=True)
        _queue(conn, "word", now)
        _queue(conn, "old word", now - 30 * 3_600_000)
        _queue(conn, "old receipt", now - 30 * 3_600_000, legal=True)
        _queue(conn, "photo", now - 30 * 3_600_000, kind="content", lane="errand")
        _queue(conn, "sent", now)
        row = conn.execute(select(outbox_table.c.id).where(outbox_table.c.cause == "sent")).scalar_one()
        outbox.finish(conn, [Delivered(row, DELIVERED)], now)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    clock.advance(HOUR)

    bring_back(chosen, clock, path, into)

    with database.read(restored().engine) as conn:
        found = {row.cause: row for row in conn.execute(select(outbox_table))}
        listed = {row.cause for row in outbox.undeliverable(conn)}
    assert {cause: row.state for cause, row in found.items()} == {
        "answer": MAYBE,
        "receipt": WAITING,
        "word": WAITING,
        "old word": MAYBE,
        "old receipt": UNDELIVERABLE,
        "photo": WAITING,
        "sent": DELIVERED,
    }
    assert {row.reply_token for row in found.values() if row.state == WAITING} == {None}
    assert found["word"].retry_key == outbox.retry_key("word", 0)
    assert listed == {"old receipt"}


def test_words_that_fell_due_since_are_not_sent_again(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    restored: Callable[[], Service],
    into: str,
) -> None:
    now = clock.now()
    with database.write(service.engine) as conn:
        person = rows.person(conn)
        for about, hours in (("passed", 1), ("lapse:passed", 1), ("just now", 40), ("ahead", 100)):
            row = {"id": about, "person_id": person, "about": about, "due": now + hours * 3_600_000}
            conn.execute(insert(reminders).values(row))
    path = back_up(chosen, clock, tmp_path / "a.backup")
    clock.advance(48 * HOUR)

    bring_back(chosen, clock, path, into)

    with database.read(restored().engine) as conn:
        left = conn.execute(select(reminders.c.about).where(reminders.c.sent_at.is_(None))).scalars().all()
    # What the office files by itself is filed: it is not in the backup.
    assert sorted(left) == ["ahead", "just now", "lapse:passed"]


@pytest.mark.parametrize(
    "asked",
    [({}, 103), ({"numbers_from": {"loan:2027": 250}}, 251), ({"moved": True}, 3)],
    ids=["ahead", "from a number", "moved"],
)
def test_no_number_is_given_twice(
    asked: tuple[Mapping[str, Any], int],
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    restored: Callable[[], Service],
    into: str,
) -> None:
    for number in (1, 2):
        apply(service, Webhooks(user(number)))
    path = back_up(chosen, clock, chosen.vault_keys_file.parent / "a.backup")
    bring_back(chosen, clock, path, into, **asked[0])

    assert apply(restored(), Webhooks(user(3))) == f"R9-{asked[1]:04}"


def test_a_series_that_is_not_there_is_told_with_those_that_are(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path, into: str
) -> None:
    apply(service, Webhooks(user(1)))
    path = back_up(chosen, clock, tmp_path / "a.backup")

    with pytest.raises(BackupUnusable, match="loan:2027"):
        bring_back(chosen, clock, path, into, numbers_from={"loan:9": 3})


def test_a_moved_desk_goes_on_as_if_nothing_had_happened(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    restored: Callable[[], Service],
    into: str,
) -> None:
    now = clock.now()
    with database.write(service.engine) as conn:
        _queue(conn, "answer", now, reply_token="r", reply_until=now + 60_000)
    path = back_up(chosen, clock, tmp_path / "a.backup")

    bring_back(chosen, clock, path, into, moved=True)

    with database.read(restored().engine) as conn:
        [row] = conn.execute(select(outbox_table)).all()
    assert (row.state, row.reply_token) == (WAITING, "r")


# --- keys


def test_keys_that_the_sealed_answers_need_and_that_are_gone_are_named(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path, into: str
) -> None:
    lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    with opened(path) as archive:
        [needed] = archive.manifest["vault_keys"]["fence_loan"]
    ring = json.loads(chosen.vault_keys_file.read_text())
    del ring["fence_loan"]
    chosen.vault_keys_file.write_text(json.dumps(ring))

    told = bring_back(chosen, clock, path, into)

    assert any("WARNING" in line and needed in line for line in told)


def test_a_database_never_used_counts_as_empty(engine: Engine) -> None:
    assert backup_load.is_empty(engine)
    with database.write(engine) as conn:
        values.put(conn, "clock", "1")
    assert not backup_load.is_empty(engine)


def test_submissions_come_back_with_their_answers(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    restored: Callable[[], Service],
    into: str,
) -> None:
    phone = lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")

    bring_back(chosen, clock, path, into)

    there, person = restored(), person_of(service, phone.user_id).id
    with database.write(there.engine) as conn:
        mine = select(submissions.c.vault_id).where(submissions.c.filed_by == person)
        record = conn.execute(mine).scalar_one()
        opened_ = there.vault.open(conn, record, by="t", role="admin", why="test", now=clock.now())
    assert opened_["name"] == "見本 太郎"
