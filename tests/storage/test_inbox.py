"""An event that did not go well is kept, tried again, and at last shown to staff."""

from sqlalchemy import Connection, Engine, select

from storage import engine as database
from storage import inbox, turns
from storage.inbox import DeadLetter, FailedEvent
from storage.tables import inbox as table
from tests.storage import make
from tests.storage.make import DAY, NOW

LATER = NOW + 5000


def _fail(conn: Connection, event: str = "e1", at: int = NOW, error: str = "ValueError") -> None:
    inbox.fail(conn, event, "line", b"sealed", error, due=at + 5000, now=at)


def _states(conn: Connection) -> dict[str, str]:
    return {row.event_id: row.state for row in conn.execute(select(table.c.event_id, table.c.state))}


def test_a_failed_event_is_tried_again_when_it_is_due(engine: Engine) -> None:
    with database.write(engine) as conn:
        _fail(conn)

        assert inbox.retryable(conn, LATER - 1, 10) == []
        assert inbox.retryable(conn, LATER, 10) == [FailedEvent("e1", "line", b"sealed", 1, NOW)]


def test_failed_events_are_tried_in_the_order_in_which_they_came(engine: Engine) -> None:
    with database.write(engine) as conn:
        _fail(conn, "e2", NOW + 1)
        _fail(conn, "e1", NOW)
        _fail(conn, "e3", NOW + 2)

        assert [each.event_id for each in inbox.retryable(conn, LATER + DAY, 2)] == ["e1", "e2"]


def test_every_failure_counts_and_the_time_of_arrival_stays(engine: Engine) -> None:
    with database.write(engine) as conn:
        _fail(conn, at=NOW)
        _fail(conn, at=NOW + DAY)

        assert inbox.retryable(conn, LATER + DAY, 10) == [FailedEvent("e1", "line", b"sealed", 2, NOW)]
        assert inbox.oldest_unprocessed(conn) == NOW


def test_an_event_that_went_well_does_not_fail_afterwards(engine: Engine) -> None:
    with database.write(engine) as conn:
        turns.claim(conn, "e1", "line", NOW)
        _fail(conn)
        inbox.bury(conn, "e1", "ValueError")

        [row] = conn.execute(select(table)).all()

        assert (row.state, row.raw, row.error, row.attempts) == ("done", None, None, 0)
        assert inbox.oldest_unprocessed(conn) is None


def test_an_event_tried_again_with_success_is_done_and_its_content_gone(engine: Engine) -> None:
    with database.write(engine) as conn:
        _fail(conn)

        assert [turns.claim(conn, "e1", "line", LATER) for _ in range(2)] == [True, False]
        [row] = conn.execute(select(table)).all()

    assert (row.state, row.raw, row.error, row.due) == ("done", None, None, None)


def test_an_event_that_fails_again_is_failed_as_before(engine: Engine) -> None:
    with database.write(engine) as conn:
        _fail(conn)
    with engine.connect() as conn, conn.begin() as begun:
        turns.claim(conn, "e1", "line", LATER)
        begun.rollback()

    with database.read(engine) as conn:
        assert len(inbox.retryable(conn, LATER, 10)) == 1


def test_of_those_who_try_an_event_at_once_one_has_it(engine: Engine) -> None:
    with database.write(engine) as conn:
        _fail(conn)

    def claim() -> bool:
        with database.write(engine) as conn:
            return turns.claim(conn, "e1", "line", LATER)

    assert sum(make.together(4, claim)) == 1


def test_an_event_that_was_given_up_is_shown_and_not_tried(engine: Engine) -> None:
    with database.write(engine) as conn:
        _fail(conn)
        inbox.bury(conn, "e1", "KeyError")

        assert inbox.retryable(conn, LATER + DAY, 10) == []
        assert inbox.oldest_unprocessed(conn) is None
        assert inbox.dead(conn) == [DeadLetter("e1", "line", NOW, 2, "KeyError")]
        assert not turns.claim(conn, "e1", "line", LATER)


def test_old_ids_are_removed_in_batches_and_what_is_still_to_do_stays(engine: Engine) -> None:
    with database.write(engine) as conn:
        for number in range(5):
            turns.claim(conn, f"done{number}", "line", NOW + number)
        _fail(conn, "failed")
        _fail(conn, "dead")
        inbox.bury(conn, "dead", "ValueError")

        assert [inbox.purge(conn, NOW + 4, 3) for _ in range(3)] == [3, 1, 0]
        assert _states(conn) == {"done4": "done", "failed": "failed", "dead": "dead"}
        assert inbox.purge_dead(conn, NOW + 1, 10) == 1
        assert _states(conn) == {"done4": "done", "failed": "failed"}
