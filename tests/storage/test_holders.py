"""The list of subsidy holders: one takes the other's place whole, and nobody's is replaced unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from storage import engine as database
from storage import holders
from storage.holders import HOUSEHOLD, NUMBER, Difference, Marks, Match
from storage.keyring import PRINTS, Keyring, VaultKeyMissing
from storage.tables_holders import holders as table
from storage.turns import Stale
from tests.storage import make

FIRST = {"n1": "h1", "n2": "h2", "n3": "h3"}
SECOND = {"n2": "h2", "n3": "moved", "n4": "h4"}


def put(engine: Engine, entries: dict[str, str], now: int = 1) -> Difference:
    with database.write(engine) as conn:
        return holders.put(conn, entries, "k1", "見本 職員", now)


def kept(engine: Engine) -> dict[str, str]:
    with database.read(engine) as conn:
        rows = conn.execute(select(table.c.number_print, table.c.household_print)).all()
    return {row.number_print: row.household_print for row in rows}


def test_a_list_takes_the_place_of_the_one_before(engine: Engine) -> None:
    first, second = put(engine, FIRST), put(engine, SECOND, now=2)

    assert first == Difference(3, 3, 0, 0)
    assert second == Difference(3, 1, 1, 1)
    assert kept(engine) == SECOND
    with database.read(engine) as conn:
        assert [(each.at, each.difference) for each in holders.lists(conn)] == [(2, second), (1, first)]
        assert holders.count(conn) == 3


def test_the_same_list_twice_is_harmless_and_no_second_list(engine: Engine) -> None:
    put(engine, FIRST)
    again = put(engine, FIRST, now=2)

    assert again.is_none
    assert kept(engine) == FIRST
    with database.read(engine) as conn:
        assert [each.at for each in holders.lists(conn)] == [1]


def test_a_long_list_is_put_in_piece_by_piece(engine: Engine) -> None:
    put(engine, {f"a{number}": "h" for number in range(1000)})
    found = put(engine, {f"b{number}": "h" for number in range(1000)})

    assert found == Difference(1000, 1000, 0, 1000)
    assert len(kept(engine)) == 1000


def test_a_draft_counts_once_and_not_before_somebody_lets_it(engine: Engine) -> None:
    with database.write(engine) as conn:
        draft = holders.draft(conn, FIRST, "k1", "見本 職員", 1)
    assert kept(engine) == {}

    for expected in (Difference(3, 3, 0, 0), None):
        with database.write(engine) as conn:
            assert holders.take(conn, draft, "見本 係長", 2) == expected
    assert kept(engine) == FIRST


def test_a_draft_that_was_shown_before_another_list_counted_is_refused(engine: Engine) -> None:
    with database.write(engine) as conn:
        draft = holders.draft(conn, FIRST, "k1", "見本 職員", 1)
    put(engine, SECOND)

    for _ in range(2):  # the draft is still there, and still refused
        with pytest.raises(Stale), database.write(engine) as conn:
            holders.take(conn, draft, "見本 職員", 2)
    assert kept(engine) == SECOND


def test_of_drafts_taken_in_the_same_moment_one_counts(engine: Engine) -> None:
    with database.write(engine) as conn:
        waiting = [holders.draft(conn, {f"n{number}": "h"}, "k1", "見本 職員", 1) for number in range(4)]

    def take() -> bool:
        draft = waiting.pop()
        try:
            with database.write(engine) as conn:
                return holders.take(conn, draft, "見本 職員", 2) is not None
        except Stale:
            return False

    assert sorted(make.together(4, take)) == [False, False, False, True]
    assert len(kept(engine)) == 1


def test_drafts_that_nobody_let_count_are_removed(engine: Engine) -> None:
    with database.write(engine) as conn:
        old, new = (holders.draft(conn, FIRST, "k1", "見本 職員", at) for at in (1, 10))
        assert holders.tidy(conn, 5) == 1
    with database.write(engine) as conn:
        assert holders.take(conn, old, "見本 職員", 11) is None
        assert holders.take(conn, new, "見本 職員", 11)


# --- who is on it


def test_the_list_knows_a_number_and_whether_its_holder_lives_there(engine: Engine) -> None:
    put(engine, FIRST)
    given = {
        "there": ("n1", "h1"),
        "elsewhere": ("n1", "h9"),
        "unknown": ("n9", "h1"),
        "no address": ("n1", ""),
    }
    with database.write(engine) as conn:
        ids = {case: make.case(conn, reference=case) for case in given}
        for case, (number, household) in given.items():
            holders.keep(conn, ids[case], number, household, "k1")
        found = {case: holders.match(conn, ids[case]) for case in given}
        other = make.case(conn, reference="other")

        assert found == {
            "there": Match(number=True, household=True),
            "elsewhere": Match(number=True, household=False),
            "unknown": Match(number=False, household=False),
            "no address": Match(number=True, household=False),
        }
        assert holders.match(conn, other) is None
        assert holders.has(conn, "n1")
        assert not holders.has(conn, "n9")


def test_a_new_list_changes_what_is_said_of_a_case(engine: Engine) -> None:
    with database.write(engine) as conn:
        case = make.case(conn, reference="C1")
        holders.keep(conn, case, "n4", "h4", "k1")
        assert holders.match(conn, case) == Match(number=False, household=False)
    put(engine, SECOND)
    with database.write(engine) as conn:
        assert holders.match(conn, case) == Match(number=True, household=True)

        holders.keep(conn, case, "n3", "h3", "k1")  # a correction
        assert holders.match(conn, case) == Match(number=True, household=False)
        assert holders.forget(conn, [case]) == 1
        assert holders.match(conn, case) is None


def test_two_cases_about_one_grant_know_of_each_other(engine: Engine) -> None:
    with database.write(engine) as conn:
        cases = [make.case(conn, reference=f"C{number}") for number in range(3)]
        for case, number in zip(cases, ("n1", "n1", "n2"), strict=True):
            holders.keep(conn, case, number, "", "k1")

        assert [list(holders.others(conn, each)) for each in cases] == [["C1"], ["C0"], []]


def test_fingerprints_need_the_key_and_tell_numbers_from_homes() -> None:
    marks = Marks(Keyring({PRINTS: {"k1": b"k" * 32}}, {PRINTS: "k1"}))
    other = Marks(Keyring({PRINTS: {"k1": b"o" * 32}}, {PRINTS: "k1"}))

    assert marks.one(NUMBER, "12") == marks.one(NUMBER, "12")
    assert marks.one(NUMBER, "12") != marks.one(HOUSEHOLD, "12")
    assert marks.one(NUMBER, "12") != other.one(NUMBER, "12")
    assert marks.one(NUMBER, "") == ""
    with pytest.raises(VaultKeyMissing):
        Marks(Keyring({}, {})).one(NUMBER, "12")
