"""Half-filled forms, seen from outside a turn."""

import pytest
from sqlalchemy import Engine

from storage import conversations, turns
from storage import engine as database
from storage.turns import Stale
from tests.storage import make
from tests.storage.make import DAY, NOW


def test_a_conversation_comes_back_as_it_was_stored(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        make.talk(
            conn, person, "c1", answers={"perimeter": 40}, aside={"sets": 2}, asked="period", vault_id="v1"
        )
        found = conversations.get(conn, "c1")

    assert found
    assert (found.form, found.answers, found.aside) == ("fence_loan", {"perimeter": 40}, {"sets": 2})
    assert (found.asked, found.vault_id) == ("period", "v1")


def test_a_person_has_their_own_conversations_the_last_touched_at_the_end(engine: Engine) -> None:
    with database.write(engine) as conn:
        mine, other = make.person(conn, "U1"), make.person(conn, "U2")
        make.talk(conn, mine, "a", NOW)
        make.talk(conn, mine, "b", NOW + 1, form="survey")
        make.talk(conn, other, "theirs")

        assert [each.id for each in conversations.of_person(conn, mine)] == ["a", "b"]
        assert conversations.of_person(conn, "nobody") == ()


@pytest.mark.parametrize("later", [NOW, NOW - 5])
def test_the_last_touched_is_last_also_in_the_same_millisecond_and_where_a_clock_goes_back(
    engine: Engine, later: int
) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        for name, form in (("b", "survey"), ("c", "incident"), ("a", "fence_loan")):
            make.talk(conn, person, name, later if name == "a" else NOW, form=form)
        loaded = turns.load_person(conn, person)

    assert loaded
    assert [each.id for each in loaded.conversations] == ["b", "c", "a"]


def test_what_nobody_went_on_with_is_found_the_oldest_first(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        for number, form in ((2, "incident"), (1, "survey"), (0, "fence_loan")):
            make.talk(conn, person, f"c{number}", NOW - number * DAY, form=form)

        found = [each.id for each in conversations.stale(conn, NOW)]
        first = [each.id for each in conversations.stale(conn, NOW, limit=1)]

    assert (found, first) == (["c2", "c1"], ["c2"])


def test_a_removed_conversation_is_gone_and_current_no_more(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        make.talk(conn, person, "c1")
        conversations.delete(conn, "c1")
        conversations.delete(conn, "c1")
        left = turns.load_person(conn, person)

        assert conversations.get(conn, "c1") is None

    assert left
    assert (left.current, left.conversations) == ("", ())


def test_another_conversation_stays_current(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        make.talk(conn, person, "c1")
        make.talk(conn, person, "c2", form="survey")
        conversations.delete(conn, "c1")
        left = turns.load_person(conn, person)

    assert left
    assert left.current == "c2"


def test_a_turn_under_way_does_not_bring_a_removed_conversation_back(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        make.talk(conn, person, "c1")
        before = turns.load_person(conn, person)
        assert before
        conversations.delete(conn, "c1")

        with pytest.raises(Stale):
            turns.store(conn, before, before, NOW)


def test_a_conversation_that_was_gone_on_with_meanwhile_is_not_idle(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        make.talk(conn, person, "c1", NOW - DAY)
        [idle] = conversations.stale(conn, NOW)
        make.talk(conn, person, "c1", NOW, answers={"perimeter": 40})

        assert not conversations.delete_idle(conn, idle)
        assert conversations.get(conn, "c1")
