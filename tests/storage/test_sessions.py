"""A sign-in lasts while it is used, and never longer than it may."""

from sqlalchemy import Connection, Engine, select

from storage import engine as database
from storage import sessions
from storage.sessions import Session
from storage.tables import sessions as table
from tests.storage.make import NOW

TTL = 1000
IDLE = 100


def _begin(conn: Connection, subject: str = "mihon") -> str:
    return sessions.begin(conn, "console", subject, "", "staff", TTL, NOW)


def test_a_session_says_who_it_is(engine: Engine) -> None:
    with database.write(engine) as conn:
        token = _begin(conn)

        assert sessions.of(conn, token, "console", NOW, IDLE) == Session(
            "console", "mihon", "", "staff", NOW, NOW + TTL
        )
        assert sessions.of(conn, token, "page", NOW, IDLE) is None
        assert sessions.of(conn, f"{token}x", "console", NOW, IDLE) is None


def test_a_session_ends_when_it_is_not_used(engine: Engine) -> None:
    with database.write(engine) as conn:
        token = _begin(conn)

        assert sessions.of(conn, token, "console", NOW + IDLE, IDLE) is None


def test_a_session_that_is_used_goes_on_but_not_for_ever(engine: Engine) -> None:
    with database.write(engine) as conn:
        token = _begin(conn)
        used = [
            sessions.of(conn, token, "console", at, IDLE) is not None for at in range(NOW, NOW + TTL + 90, 90)
        ]

    assert used == [True] * 12 + [False]


def test_an_ended_session_is_over(engine: Engine) -> None:
    with database.write(engine) as conn:
        token, other = _begin(conn), _begin(conn)
        sessions.end(conn, token)

        assert sessions.of(conn, token, "console", NOW, IDLE) is None
        assert sessions.of(conn, other, "console", NOW, IDLE)


def test_somebody_who_left_is_out_everywhere_at_once(engine: Engine) -> None:
    with database.write(engine) as conn:
        tokens = [_begin(conn), _begin(conn)]
        colleague = _begin(conn, "tanaka-mihon")

        assert sessions.end_all(conn, "console", "mihon") == 2
        assert [sessions.of(conn, token, "console", NOW, IDLE) for token in tokens] == [None, None]
        assert sessions.of(conn, colleague, "console", NOW, IDLE)


def test_whoever_reads_the_database_cannot_use_its_sessions(engine: Engine) -> None:
    with database.write(engine) as conn:
        token = _begin(conn)
        [stored] = conn.execute(select(table)).all()

    assert token not in map(str, stored)
