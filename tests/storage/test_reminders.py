"""Word that was asked for is sent once, when it is due."""

from datetime import date

from sqlalchemy import Connection, Engine

from storage import engine as database
from storage import reminders
from storage.reminders import Planned
from tests.storage import make
from tests.storage.make import DAY, NOW

ABOUT = "opening:fence_loan"


def _due(conn: Connection, now: int = NOW, limit: int = 10) -> list[tuple[str, str]]:
    return [(each.person_id, each.about) for each in reminders.due(conn, now, limit)]


def test_word_is_due_on_its_day_and_not_before(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        reminders.ask(conn, person, ABOUT, NOW, NOW - DAY)

        assert _due(conn, NOW - 1) == []
        assert _due(conn, NOW) == [(person, ABOUT)]


def test_word_asked_for_twice_is_sent_once(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        for _ in range(2):
            reminders.ask(conn, person, ABOUT, NOW, NOW - DAY)
        [found] = reminders.due(conn, NOW, 10)

        assert [reminders.mark_sent(conn, found.id, NOW) for _ in range(2)] == [True, False]
        reminders.ask(conn, person, ABOUT, NOW, NOW)
        assert _due(conn) == []


def test_word_for_another_day_takes_the_place_of_the_first_and_comes_again_next_year(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        reminders.ask(conn, person, ABOUT, NOW, NOW - DAY)
        reminders.ask(conn, person, ABOUT, NOW + DAY, NOW - DAY)

        assert _due(conn) == []
        [found] = reminders.due(conn, NOW + DAY, 10)
        reminders.mark_sent(conn, found.id, NOW + DAY)
        reminders.ask(conn, person, ABOUT, NOW + 365 * DAY, NOW + 300 * DAY)
        assert _due(conn, NOW + 365 * DAY) == [(person, ABOUT)]


def test_what_is_longest_due_comes_first_and_no_more_than_asked_for(engine: Engine) -> None:
    with database.write(engine) as conn:
        people = [make.person(conn, f"U{number}") for number in range(3)]
        for age, person in enumerate(people):
            reminders.ask(conn, person, ABOUT, NOW - age, NOW - DAY)

        assert _due(conn, limit=2) == [(people[2], ABOUT), (people[1], ABOUT)]


# --- what a case brings about

TOMORROW = date(2027, 6, 8)
LATER = date(2027, 6, 20)


def _planned(day: date, *, over: bool = False) -> Planned:
    return Planned(day, NOW + (day - TOMORROW).days * DAY, over=over)


def _of_case(conn: Connection, now: int) -> list[tuple[str, str]]:
    return [(each.about, each.case_id) for each in reminders.due_of_cases(conn, now, 10)]


def test_a_case_brings_about_what_it_wants_and_nothing_else(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        wanted = {"a": _planned(TOMORROW), "b": _planned(LATER)}
        reminders.plan(conn, "c1", person, wanted, NOW - DAY)
        reminders.plan(conn, "c2", person, {"a": _planned(TOMORROW)}, NOW - DAY)

        assert _of_case(conn, NOW - 1) == []
        assert sorted(_of_case(conn, NOW)) == [("a", "c1"), ("a", "c2")]
        assert _due(conn) == []  # what somebody asked for is another matter

        reminders.plan(conn, "c1", person, {"b": _planned(LATER)}, NOW)
        assert _of_case(conn, NOW + 30 * DAY) == [("a", "c2"), ("b", "c1")]
        reminders.plan(conn, "c1", person, {}, NOW)
        assert _of_case(conn, NOW + 30 * DAY) == [("a", "c2")]


def test_planning_the_same_again_changes_nothing_even_what_was_sent_or_put_off(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        wanted = {"a": _planned(TOMORROW), "b": _planned(TOMORROW)}
        reminders.plan(conn, "c1", person, wanted, NOW - DAY)
        first, second = reminders.due_of_cases(conn, NOW, 10)
        assert reminders.mark_sent(conn, first.id, NOW, first.due)
        reminders.put_off(conn, second.id, NOW + DAY)

        reminders.plan(conn, "c1", person, wanted, NOW)

        assert _of_case(conn, NOW) == []
        assert _of_case(conn, NOW + DAY) == [(second.about, "c1")]
        reminders.put_off(conn, first.id, NOW)  # what was sent cannot be put off
        assert _of_case(conn, NOW) == []


def test_what_was_sent_stays_though_the_case_does_not_name_it_any_more(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        reminders.plan(conn, "c1", person, {"a": _planned(TOMORROW)}, NOW - DAY)
        [found] = reminders.due_of_cases(conn, NOW, 10)
        reminders.mark_sent(conn, found.id, NOW)

        reminders.plan(conn, "c1", person, {}, NOW)
        reminders.plan(conn, "c1", person, {"a": _planned(TOMORROW)}, NOW)

        assert _of_case(conn, NOW + DAY) == []
        assert reminders.case_of(conn, found.id) == "c1"
        assert reminders.abouts(conn, {found.id}) == {found.id: "a"}


def test_another_day_is_another_word_and_what_is_over_is_not_said(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        reminders.plan(conn, "c1", person, {"a": _planned(TOMORROW), "b": _planned(TOMORROW)}, NOW - DAY)
        for each in reminders.due_of_cases(conn, NOW, 10):
            reminders.mark_sent(conn, each.id, NOW)

        moved = {"a": _planned(LATER), "b": _planned(LATER, over=True), "c": _planned(TOMORROW, over=True)}
        reminders.plan(conn, "c1", person, moved, NOW)

        assert _of_case(conn, NOW + 30 * DAY) == [("a", "c1")]


def test_of_two_who_send_the_same_word_one_does_and_none_for_a_day_that_was_moved(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        reminders.plan(conn, "c1", person, {"a": _planned(TOMORROW)}, NOW - DAY)
        [found] = reminders.due_of_cases(conn, NOW, 10)

        assert not reminders.mark_sent(conn, found.id, NOW, found.due + 1)
        assert reminders.mark_sent(conn, found.id, NOW, found.due)
        assert not reminders.mark_sent(conn, found.id, NOW, found.due)


def test_those_that_were_tried_in_vain_do_not_come_again_in_the_same_round(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        reminders.plan(conn, "c1", person, {"a": _planned(TOMORROW), "b": _planned(TOMORROW)}, NOW - DAY)
        first, second = reminders.due_of_cases(conn, NOW, 10)

        assert reminders.due_of_cases(conn, NOW, 10, {first.id}) == [second]
        assert reminders.case_of(conn, "unknown") == ""
