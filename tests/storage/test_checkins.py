"""Who has come: an entry counts once, a registration comes once, and undoing undoes what it names (004-11)."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from storage import cases, checkins, seatings
from storage import engine as database
from storage.checkins import Entry
from storage.turns import Stale
from tests.storage import make

MEETING = "r9-koryukai"
ENTRY = Entry("a" * 32, MEETING, None, 2, 1000, "見本 職員")


def case(engine: Engine) -> str:
    with database.write(engine) as conn:
        person = make.person(conn)
        return cases.open_case(
            conn,
            procedure="exchange_meeting",
            reference="EM9-0001",
            person_id=person,
            channel="line",
            now=1,
        )


def note(engine: Engine, entry: Entry) -> bool:
    with database.write(engine) as conn:
        return checkins.note(conn, entry, 2000)


def undo(engine: Engine, entry: str) -> bool:
    with database.write(engine) as conn:
        return checkins.undo(conn, MEETING, entry, "見本 職員", 3000)


def came(engine: Engine) -> list[str]:
    with database.read(engine) as conn:
        return [each.id for each in checkins.came(conn, MEETING)]


def test_an_entry_that_is_sent_again_counts_once(engine: Engine) -> None:
    entry = replace(ENTRY, case_id=case(engine))

    assert [note(engine, entry) for _ in range(3)] == [True, False, False]
    assert came(engine) == [entry.id]


def test_two_phones_that_note_one_registration_let_it_come_once(engine: Engine) -> None:
    first, other = (
        replace(ENTRY, id=each * 32, case_id=case_id) for case_id in [case(engine)] for each in "ab"
    )

    assert (note(engine, first), note(engine, other)) == (True, False)
    assert came(engine) == [first.id]
    with database.read(engine) as conn:
        assert checkins.attended(conn, MEETING) == 2


def test_what_was_sent_before_an_undoing_does_not_count_when_it_is_sent_again(engine: Engine) -> None:
    first, other = (
        replace(ENTRY, id=each * 32, case_id=case_id) for case_id in [case(engine)] for each in "ab"
    )
    note(engine, first)
    note(engine, other)

    assert undo(engine, first.id)
    assert not note(engine, first)
    assert not note(engine, other)
    assert came(engine) == []


def test_an_undoing_that_is_sent_again_does_not_undo_the_next_entry(engine: Engine) -> None:
    first, later = (
        replace(ENTRY, id=each * 32, case_id=case_id) for case_id in [case(engine)] for each in "ab"
    )
    note(engine, first)
    undo(engine, first.id)
    note(engine, later)

    assert not undo(engine, first.id)
    assert came(engine) == [later.id]


def test_walk_ins_are_counted_each_and_other_meetings_are_not(engine: Engine) -> None:
    for each in (ENTRY, replace(ENTRY, id="b" * 32, people=1), replace(ENTRY, id="c" * 32, meeting="other")):
        assert note(engine, each)

    with database.read(engine) as conn:
        assert checkins.attended(conn, MEETING) == 3
        assert checkins.knows(conn, ENTRY.id)
        assert not checkins.knows(conn, "d" * 32)


def test_of_whoever_is_erased_neither_their_coming_nor_what_they_need_stays(engine: Engine) -> None:
    here = case(engine)
    note(engine, replace(ENTRY, case_id=here))
    note(engine, replace(ENTRY, id="b" * 32))
    with database.write(engine) as conn:
        seatings.arrange(conn, here, MEETING, "e" * 32, "見本 職員", 1)
        assert checkins.records_of(conn, [here]) == ["e" * 32]
        assert seatings.arranged(conn, MEETING) == {here: "e" * 32}
        assert checkins.forget(conn, [here]) == 2

    assert came(engine) == ["b" * 32]
    with database.read(engine) as conn:
        assert checkins.records_of(conn, [here]) == []


def test_names_of_walk_ins_are_found_when_they_are_old_and_forgotten(engine: Engine) -> None:
    note(engine, replace(ENTRY, vault_id="f" * 32))
    with database.write(engine) as conn:
        assert checkins.walk_ins_named_before(conn, 2000, 9) == []
        assert checkins.walk_ins_named_before(conn, 2001, 9) == [(ENTRY.id, "f" * 32)]
        checkins.forget_names(conn, [ENTRY.id])
        assert checkins.walk_ins_named_before(conn, 9999, 9) == []
    assert came(engine) == [ENTRY.id]


def test_of_two_who_change_the_tables_at_the_same_moment_one_has_to_look_again(engine: Engine) -> None:
    outcomes = []
    for seen, size in ((0, 6), (0, 7), (1, 8), (1, 9)):
        try:
            with database.write(engine) as conn:
                outcomes.append(seatings.save(conn, MEETING, {"seats": size}, seen, "見本 職員", 1))
        except Stale:
            outcomes.append(-1)

    assert outcomes == [1, -1, 2, -1]
    with database.read(engine) as conn:
        assert seatings.of_meeting(conn, MEETING).content == {"seats": 8}
        assert seatings.of_meeting(conn, "other").version == 0
