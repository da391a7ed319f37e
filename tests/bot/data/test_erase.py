"""Erasing takes a plan and a second person, and leaves not a byte of what was to go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, make_url, select, text, update

from bot import erase
from bot.cli import main
from bot.erase import Approval, EraseRefused, Request
from bot.service import Service
from bot.serving import make_app
from bot.settings import Settings
from dialogs.replies import Said
from dialogs.words import say
from storage import cases as storage_cases
from storage import engine as database
from storage import erasures_file, inbox, outbox, unreached
from storage import reminders as planned
from storage.asjson import dump
from storage.erasures import hashed
from storage.erasures_file import ErasuresUnusable, Tombstone
from storage.outbox import Queued
from storage.reminders import Planned
from storage.tables import (
    access_log,
    cases,
    conversations,
    identities,
    links,
    people,
    photos,
    reminders,
    sessions,
    submissions,
    vault,
)
from storage.tables import outbox as outbox_table
from tests.storage import make as rows
from tests.support.applying import apply, person_of, references, type_all
from tests.support.canaries import found
from tests.support.kept import desk, lived_in
from tests.support.service import BEGIN, StandingClock, Webhooks, user
from tests.support.staff import Staff

CANARIES = tuple(f"kanaria{number:03}-{number * 7919 % 10007:05}" for number in range(200))


def _planned(chosen: Settings, clock: StandingClock, **asked: str) -> Path:
    made = erase.plan(chosen, Request(by="見本 係", **asked), clock)
    path = chosen.vault_keys_file.parent / f"{made['id']}.json"
    path.write_text(json.dumps(made))
    return path


def _run(
    service: Service, chosen: Settings, clock: StandingClock, path: Path, **how: Any
) -> Mapping[str, Any]:
    service.engine.dispose()  # the desk is stopped
    return erase.run(chosen, path, Approval("見本 課長", "見本 立会"), clock, **{"rewrite": False, **how})


def _counts(engine: Engine) -> Mapping[str, int]:
    every = (conversations, identities, links, photos, reminders, sessions, vault, people, cases, submissions)
    return {each.name: rows.count(engine, each) for each in every}


# --- what goes, and what stays


def test_a_plan_says_what_would_go_and_changes_nothing(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    [reference] = references(service, phone.user_id)
    before = _counts(service.engine)

    made = erase.plan(chosen, Request(person=reference, by="見本 係"), clock)

    assert made["references"] == [reference]
    assert made["counts"] | {"messages": 0} == {
        "cases": 1,
        "submissions": 1,
        "conversations": 1,
        "records": 1,
        "photos": 1,
        "messages": 0,
        "events": 0,
        "links": made["counts"]["links"],
        "sessions": 1,
        "reminders": 1,
        "questions": 0,
        "accounts": 1,
    }
    assert made["counts"]["messages"] > 10
    assert {"access log", "cases and submissions"} <= set(made["stays"])
    assert _counts(service.engine) == before


def test_of_a_person_nothing_is_left_but_numbers_without_answers(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    person, [reference] = person_of(service, phone.user_id).id, references(service, phone.user_id)
    before = _counts(service.engine)

    done = _run(service, chosen, clock, _planned(chosen, clock, person=reference))

    after = _counts(service.engine)
    gone = {kind: before[kind] - after[kind] for kind in before}
    assert gone == {
        "conversations": 1,
        "identities": 1,
        "links": done["counts"]["links"],
        "photos": 1,
        "reminders": 1,
        "sessions": 1,
        "vault": 1,
        "people": 0,
        "cases": 0,
        "submissions": 0,
    }
    with database.read(service.engine) as conn:
        [kept] = conn.execute(select(submissions).where(submissions.c.filed_by == person)).all()
        said = conn.execute(select(outbox_table).where(outbox_table.c.thread == person)).all()
    assert (kept.answers, kept.sources, kept.vault_id) == ("{}", "{}", None)
    assert {(row.body, row.recipient, row.reply_token) for row in said} == {("", "", None)}
    assert references(service, phone.user_id) == []


def test_everybody_else_keeps_everything(service: Service, chosen: Settings, clock: StandingClock) -> None:
    phone = lived_in(service)
    other = user(2)
    with database.read(service.engine) as conn:
        mine = select(outbox_table.c.id, outbox_table.c.body).where(outbox_table.c.recipient == other)
        before = conn.execute(mine).all()
    given = references(service, other)

    _run(service, chosen, clock, _planned(chosen, clock, person=references(service, phone.user_id)[0]))

    with database.read(service.engine) as conn:
        assert conn.execute(mine).all() == before
    assert references(service, other) == given


def test_whoever_was_erased_is_somebody_new_when_they_come_again(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    before = person_of(service, phone.user_id).id
    _run(service, chosen, clock, _planned(chosen, clock, person=references(service, phone.user_id)[0]))

    again = apply(service, phone)

    assert person_of(service, phone.user_id).id != before
    assert references(service, phone.user_id) == [again]


def test_somebody_without_a_case_goes_altogether(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = Webhooks(user(7))
    type_all(service, phone, "メニュー")
    person = person_of(service, phone.user_id).id

    _run(service, chosen, clock, _planned(chosen, clock, person=hashed(phone.user_id)))

    with database.read(service.engine) as conn:
        assert conn.execute(select(people.c.id).where(people.c.id == person)).first() is None


def test_one_case_goes_and_the_other_of_the_same_person_stays(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = Webhooks(user(1))
    first = apply(service, phone)
    clock.advance(timedelta(minutes=1))
    second = apply(service, phone)

    done = _run(service, chosen, clock, _planned(chosen, clock, case=first))

    assert done["references"] == [first]
    with database.write(service.engine) as conn:
        filed = select(cases.c.reference, submissions.c.vault_id).join(submissions)
        records = {row.reference: row.vault_id for row in conn.execute(filed)}
        opened = service.vault.open(conn, records[second], by="t", role="admin", why="t", now=clock.now())
    assert records[first] is None
    assert opened["name"] == "見本 太郎"
    assert rows.count(service.engine, vault) == 1
    assert references(service, phone.user_id) == [first, second]


def test_the_access_log_stays_and_says_nothing_about_anybody(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    with database.write(service.engine) as conn:
        record = conn.execute(select(submissions.c.vault_id).limit(1)).scalar_one()
        service.vault.open(conn, record, by="見本 職員", role="admin", why="test", now=clock.now())
    before = rows.count(service.engine, access_log)

    _run(service, chosen, clock, _planned(chosen, clock, person=references(service, phone.user_id)[0]))

    assert rows.count(service.engine, access_log) == before > 0


def test_what_still_waited_is_not_sent_any_more(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    person, now = person_of(service, phone.user_id).id, clock.now()
    with database.write(service.engine) as conn:
        outbox.queue(conn, [Queued("line", person, phone.user_id, {"messages": []}, "word")], now)

    _run(service, chosen, clock, _planned(chosen, clock, person=references(service, phone.user_id)[0]))

    with database.write(service.engine) as conn:
        assert [
            each for each in outbox.claim(conn, now + 10**9, now + 2 * 10**9, 500) if each.thread == person
        ] == []


def test_events_that_were_still_to_be_tried_again_go_with_their_person(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone, now = lived_in(service), clock.now()
    with database.write(service.engine) as conn:
        for name, account in (("mine", phone.user_id), ("other", user(2))):
            raw = service.vault.seal_event(name, json.dumps(phone.text("x") | {"source": account}).encode())
            inbox.fail(conn, name, "line", raw, "ValueError", due=now, now=now)

    done = _run(service, chosen, clock, _planned(chosen, clock, person=references(service, phone.user_id)[0]))

    assert done["counts"]["events"] == 1
    with database.read(service.engine) as conn:
        assert [each.event_id for each in inbox.retryable(conn, now, 10)] == ["other"]


def test_the_console_and_its_files_bear_cases_without_answers(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    [reference] = references(service, phone.user_id)
    _run(service, chosen, clock, _planned(chosen, clock, person=reference))
    staff = Staff(service, make_app(service)).sign_in()

    assert reference in staff.page("/admin/cases/", procedure="fence_loan")
    assert reference in staff.page(f"/admin/cases/{reference}")
    assert staff.get("/admin/").status_code == 200
    assert staff.get("/admin/export/fence_loan.csv").status_code == 200


# --- two persons, one plan


def test_whoever_planned_it_cannot_approve_it(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    path = _planned(chosen, clock, person=references(service, phone.user_id)[0])

    with pytest.raises(EraseRefused, match="second person"):
        erase.run(chosen, path, Approval(" 見本 係 "), clock, rewrite=False)

    assert references(service, phone.user_id)


def test_what_came_since_the_plan_asks_for_a_new_one(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    path = _planned(chosen, clock, person=references(service, phone.user_id)[0])
    type_all(service, phone, "メニュー")

    with pytest.raises(EraseRefused, match="new plan"):
        _run(service, chosen, clock, path)

    assert references(service, phone.user_id)
    assert not chosen.erasures_file.exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"kind": "person", "subject": "x"}'])
def test_what_is_no_plan_is_refused(
    content: str, service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(content)

    with pytest.raises(EraseRefused, match="no plan"):
        _run(service, chosen, clock, path)


@pytest.mark.parametrize("asked", [{"person": "R9-9999"}, {"case": "R9-9999"}])
def test_nobody_by_that_name_is_told(
    asked: Mapping[str, str], service: Service, chosen: Settings, clock: StandingClock
) -> None:
    with pytest.raises(EraseRefused, match="R9-9999"):
        erase.plan(chosen, Request(by="見本 係", **asked), clock)


def test_a_plan_that_was_carried_out_is_only_certified_again(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    path = _planned(chosen, clock, person=references(service, phone.user_id)[0])

    first, second = (_run(service, chosen, clock, path) for _ in range(2))

    assert first == second
    assert len(erasures_file.read(chosen.erasures_file)) == 1


def test_whoever_is_stopped_before_the_commit_carries_the_plan_out_again(
    service: Service, chosen: Settings, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = lived_in(service)
    path = _planned(chosen, clock, person=references(service, phone.user_id)[0])
    append = erasures_file.append

    def stop(*arguments: Any) -> None:
        append(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(erasures_file, "append", stop)
        with pytest.raises(KeyboardInterrupt):
            _run(service, chosen, clock, path)
    assert references(service, phone.user_id)

    _run(service, chosen, clock, path)

    assert references(service, phone.user_id) == []
    assert len(erasures_file.read(chosen.erasures_file)) == 1


def test_the_certificate_says_who_what_when_and_what_stays(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    [reference] = references(service, phone.user_id)
    done = _run(service, chosen, clock, _planned(chosen, clock, person=reference))

    paper = erase.paper(done)

    for told in (
        reference,
        "見本 係",
        "見本 課長",
        "見本 立会",
        done["digest"],
        done["plan"],
        "閲覧記録",
        "印",
    ):
        assert told in paper
    assert phone.user_id not in paper + json.dumps(done)
    with database.read(service.engine) as conn:
        [row] = conn.execute(text("SELECT * FROM erasures")).all()
    assert (row.planned_by, row.approved_by, row.plan) == ("見本 係", "見本 課長", done["plan"])


# --- the file outside the database


def test_the_file_of_erasures_holds_ids_and_times_alone(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = lived_in(service)
    _run(service, chosen, clock, _planned(chosen, clock, person=references(service, phone.user_id)[0]))

    [line] = chosen.erasures_file.read_text().splitlines()
    assert set(json.loads(line)) == {"id", "kind", "subject", "plan", "erased_at", "before"}
    assert found(["見本", phone.user_id, "R9-0001"], chosen.erasures_file) == []


@pytest.mark.parametrize("change", [0, 1, 2])
def test_a_line_that_was_changed_left_out_or_cut_is_noticed(tmp_path: Path, change: int) -> None:
    path = tmp_path / "erasures.jsonl"
    for number in range(3):
        erasures_file.append(path, Tombstone(str(number), "person", "s", "p", number))
    lines = path.read_text().splitlines(keepends=True)
    spoiled = [lines[0].replace('"s"', '"t"') + "".join(lines[1:]), "".join(lines[1:]), "".join(lines)[:-9]]
    path.write_text(spoiled[change])

    with pytest.raises(ErasuresUnusable):
        erasures_file.append(path, Tombstone("4", "person", "s", "p", 4))


def test_several_who_erase_at_once_lose_no_line(tmp_path: Path) -> None:
    path, numbers = tmp_path / "erasures.jsonl", iter(range(100))

    rows.together(8, lambda: erasures_file.append(path, Tombstone(f"e{next(numbers)}", "case", "s", "p", 1)))

    assert len(erasures_file.read(path)) == 8


# --- not a byte


def _planted(service: Service) -> str:
    """Let one resident say all of CANARIES, over and over; return their reference."""
    phone = lived_in(service)
    person = person_of(service, phone.user_id)
    [reference] = references(service, phone.user_id)
    for first in range(0, len(CANARIES), 20):  # few at a time: PostgreSQL packs what is long, and hides it so
        some = CANARIES[first : first + 20]
        given = dump({f"q{number}": word for number, word in enumerate(some)})
        body = {"messages": [{"type": "text", "text": word} for word in some]}
        with database.write(service.engine) as conn:
            mine = conversations.c.person_id == person.id
            conn.execute(update(conversations).where(mine).values(answers=given))
            filed = submissions.c.filed_by == person.id
            conn.execute(update(submissions).where(filed).values(answers=given))
            outbox.queue(conn, [Queued("line", person.id, phone.user_id, body, uuid4().hex)], 1)
    return reference


def _places(service: Service, folder: Path) -> list[Path]:
    url = make_url(service.settings.database_url)
    if url.get_backend_name() == "sqlite":
        file = Path(str(url.database))
        return [*file.parent.glob(f"{file.name}*"), folder]
    with service.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("CHECKPOINT"))
        data = conn.execute(text("SHOW data_directory")).scalar_one()
        oid = conn.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    return [Path(data) / "base" / str(oid), folder]


@pytest.mark.fresh_database
def test_not_a_byte_of_what_was_erased_is_left_in_the_databases_files(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    reference = _planted(service)
    with database.read(service.engine) as conn:
        ended = select(vault.c.blob).join(submissions, submissions.c.vault_id == vault.c.id).join(cases)
        sealed = conn.execute(ended.where(cases.c.reference == reference)).scalar_one()
    before = found(CANARIES, *_places(service, tmp_path))
    assert len({each.split(" ")[0] for each in before}) == 200, "the scan sees what is there"

    done = _run(service, chosen, clock, _planned(chosen, clock, person=reference), rewrite=True)

    places = _places(service, tmp_path)
    assert done["database_rewritten"]
    assert found(CANARIES, *places) == []
    assert not any(sealed[:40] in each.read_bytes() for place in places for each in _all(place))


def _all(place: Path) -> list[Path]:
    return [place] if place.is_file() else [each for each in place.rglob("*") if each.is_file()]


@pytest.mark.fresh_database
def test_without_writing_the_files_anew_bytes_would_be_left(
    chosen: Settings, clock: StandingClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: deleting rows alone does not remove what they said."""
    on_connect = database.on_connect

    def careless(connection: Any, record: object) -> None:
        on_connect(connection, record)
        connection.execute("PRAGMA secure_delete=OFF").close()  # as many builds of SQLite have it

    monkeypatch.setattr(database, "on_connect", careless)
    service = desk(chosen.database_url, tmp_path, clock)
    reference = _planted(service)
    monkeypatch.setattr(erase, "_clean", lambda *_, **__: False)

    _run(service, chosen, clock, _planned(chosen, clock, person=reference))

    assert found(CANARIES, *_places(service, tmp_path))
    service.stop()


def test_the_commands_plan_run_and_write_the_paper(
    service: Service, chosen: Settings, tmp_path: Path
) -> None:
    phone = lived_in(service)
    [reference] = references(service, phone.user_id)
    service.engine.dispose()
    env = {
        "MADOGUCHI_DATABASE_URL": chosen.database_url,
        "MADOGUCHI_VAULT_KEYS_FILE": str(chosen.vault_keys_file),
        "MADOGUCHI_ERASURES_FILE": str(chosen.erasures_file),
    }
    plan = str(tmp_path / "plan.json")

    asked = ["erase", "plan", "--person", reference, "--by", "見本 係", "--out", plan]
    planned, again = (CliRunner().invoke(main, asked, env=env) for _ in range(2))
    alone = CliRunner().invoke(main, ["erase", "run", plan, "--approved-by", "見本 係"], env=env)
    done = CliRunner().invoke(main, ["erase", "run", plan, "--approved-by", "見本 課長"], env=env)

    assert (planned.exit_code, again.exit_code, alone.exit_code, done.exit_code) == (0, 1, 1, 0), done.output
    assert "records 1" in planned.output
    assert len(alone.stderr.splitlines()) == 1
    assert (tmp_path / "plan.certificate.json").exists()
    assert "個人情報消去報告書" in (tmp_path / "plan.certificate.txt").read_text()


def test_with_a_case_goes_what_it_would_have_brought_about_and_who_was_not_told_of_it(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = Webhooks(user(31))
    first = apply(service, phone)
    clock.advance(timedelta(minutes=1))
    second = apply(service, phone)
    person, now = person_of(service, phone.user_id).id, clock.now()
    with database.write(service.engine) as conn:
        for number, reference in enumerate((first, second)):
            case = storage_cases.by_reference(conn, reference)
            assert case
            word = Planned(BEGIN.date() + timedelta(days=3), now + 10**9)
            planned.plan(conn, case.id, person, {"case:x": word}, now)
            [row] = [each for each in planned.due_of_cases(conn, now + 10**9, 9) if each.case_id == case.id]
            unreached.note(conn, person, f"reminder/{row.id}/{number}", "blocked", now)

    _run(service, chosen, clock, _planned(chosen, clock, case=first))
    with database.read(service.engine) as conn:
        assert [each.reference for each in unreached.waiting(conn)] == [second]
        assert len(planned.due_of_cases(conn, now + 10**9, 9)) == 1

    _run(service, chosen, clock, _planned(chosen, clock, person=second))
    with database.read(service.engine) as conn:
        assert unreached.waiting(conn) == []
        assert planned.due_of_cases(conn, now + 10**9, 9) == []
        assert unreached.gather(conn, ["teams"]) == 0


def test_nobody_is_told_anything_any_more_who_was_erased(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = Webhooks(user(32))
    reference = apply(service, phone)
    person = person_of(service, phone.user_id).id
    _run(service, chosen, clock, _planned(chosen, clock, person=reference))
    before = rows.count(service.engine, outbox_table)

    with database.write(service.engine) as conn:
        service.desk.tell(conn, person, (Said(say("見本")),), "event1", clock.now())
        assert unreached.waiting(conn) == []

    assert rows.count(service.engine, outbox_table) == before
