"""Word that was asked for is sent once, when it is due."""

from sqlalchemy import Connection, Engine

from storage import engine as database
from storage import reminders
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
