"""Whoever was not told is on the list until somebody says that they told them, and how."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection, Engine, delete

from storage import engine as database
from storage import outbox, reminders, submissions, todo, unreached
from storage.outbox import Queued
from storage.tables import people
from storage.tables_time import unreached as table
from tests.storage import make
from tests.storage.make import DAY, NOW, together


def _lost(
    conn: Connection,
    person: str,
    cause: str,
    *,
    legal: bool = True,
    channel: str = "line",
    why: str = "blocked",
) -> None:
    queued = [Queued(channel, person, f"U{person}", {"n": n}, cause, legal=legal) for n in range(2)]
    outbox.queue(conn, queued, NOW - 5)
    outbox.give_up_on(conn, f"U{person}", channel, why, NOW)


def _signed(conn: Connection, case: str, event: str) -> None:
    submissions.file(
        conn, case_id=case, step="decision", form="", edition="", answers={"outcome": "approve"}, vault_id=None,
        filed_by="見本 花子", role="manager", channel="teams", locale="ja", event_id=event, now=NOW,
    )  # fmt: skip


def test_a_decision_that_did_not_arrive_is_on_the_list_once_with_its_case(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        case = make.case(conn, person_id=person)
        _signed(conn, case, "event1")
        _lost(conn, person, "event1/talk")

        assert unreached.gather(conn, ["teams"]) == 1
        assert unreached.gather(conn, ["teams"]) == 0
        [found] = unreached.waiting(conn)

    assert (found.reference, found.procedure, found.step) == ("R-1", "fence_loan", "decision")
    assert (found.why, found.legal, found.since, found.about) == ("blocked", True, NOW, "")


def test_a_reminder_that_did_not_arrive_is_on_the_list_with_what_it_was_about(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        case = make.case(conn, person_id=person)
        planned = reminders.Planned(date(2027, 6, 8), NOW)
        reminders.plan(conn, case, person, {"case:pickup": planned}, NOW - DAY)
        reminders.ask(conn, person, "opening:fence_loan", NOW, NOW - DAY)
        [mine] = reminders.due_of_cases(conn, NOW, 9)
        [asked] = reminders.due(conn, NOW, 9)
        for each in (mine, asked):
            _lost(conn, person, f"reminder/{each.id}/{each.due}/talk", legal=False)

        assert unreached.gather(conn, ["teams"]) == 2
        found = {each.about: each.reference for each in unreached.waiting(conn)}
        counts = todo.counted(conn).unreached

    assert found == {"case:pickup": "R-1", "opening:fence_loan": ""}
    assert counts == {"fence_loan": 1, "": 1}


def test_what_has_no_effect_or_is_a_members_or_nobodys_is_not_on_the_list(engine: Engine) -> None:
    with database.write(engine) as conn:
        person, other = make.person(conn), make.person(conn, "U2")
        _lost(conn, person, "event1/talk", legal=False)
        _lost(conn, other, "event2/talk", channel="teams")
        _lost(conn, "0" * 32, "event3/talk")

        assert unreached.gather(conn, ["teams"]) == 0


def test_who_has_no_account_is_noted_and_stays_on_the_list_until_they_were_told(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        for _ in range(2):
            unreached.note(conn, person, "event1/talk", unreached.NO_ACCOUNT, NOW)
        [found] = unreached.waiting(conn)

        assert (found.why, found.reference, found.step, found.legal) == ("no account", "", "", True)
        assert unreached.settle(conn, found.id, "見本 花子", "telephone", NOW + 1)
        assert not unreached.settle(conn, found.id, "見本 次郎", "letter", NOW + 2)
        assert unreached.waiting(conn) == []
        [done] = unreached.settled(conn)
        assert (done.done_by, done.done_how, done.done_at) == ("見本 花子", "telephone", NOW + 1)
        assert todo.counted(conn).unreached == {}
        unreached.note(conn, person, "event1/talk", unreached.NO_ACCOUNT, NOW + 3)
        assert unreached.waiting(conn) == []


def test_nobody_is_told_in_a_way_that_nobody_knows(engine: Engine) -> None:
    with database.write(engine) as conn:
        with pytest.raises(ValueError, match="pigeon"):
            unreached.settle(conn, "any", "見本 花子", "pigeon", NOW)
        assert not unreached.settle(conn, "any", "見本 花子", "letter", NOW)


def test_several_processes_put_each_on_the_list_once(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        for number in range(20):
            _lost(conn, person, f"event{number}/talk")

    def gather() -> None:
        with database.write(engine) as conn:
            unreached.gather(conn, ["teams"])

    together(4, gather)
    with database.read(engine) as conn:
        assert len(unreached.waiting(conn)) == 20


def test_with_the_person_goes_what_they_were_not_told(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        unreached.note(conn, person, "event1/talk", unreached.NO_ACCOUNT, NOW)
        conn.execute(delete(people).where(people.c.id == person))

        assert conn.execute(table.select()).all() == []


def test_what_was_passed_on_goes_in_time_and_does_not_come_back(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        for cause in ("passed on", "waiting"):
            _lost(conn, person, f"{cause}/talk")
        assert unreached.gather(conn, ["teams"]) == 2
        done, _open = unreached.waiting(conn)
        assert unreached.settle(conn, done.id, "見本 花子", "telephone", NOW + DAY)

        later = NOW + 2 * DAY
        assert unreached.purge(conn, later, 10) == 1
        assert unreached.settled(conn) == []
        assert unreached.gather(conn, ["teams"], later) == 0
        assert len(unreached.waiting(conn)) == 1  # nobody has told them yet
        assert unreached.gather(conn, ["teams"]) == 1  # the control: without the day it is on the list again
