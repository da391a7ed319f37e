"""A link leads to one place, once, and for a while."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, select

from storage import engine as database
from storage import links
from storage.links import Link
from storage.tables import links as table
from tests.storage import make
from tests.storage.make import NOW

TTL = 1000
PAGE = Link("page", "p1", "c1", NOW + TTL)

Opener = Callable[[Connection, str, str, int], Link | None]


def _make(conn: Connection) -> str:
    return links.make(conn, "page", "p1", "c1", TTL, NOW)


def test_a_link_can_be_looked_at_often_and_taken_once(engine: Engine) -> None:
    with database.write(engine) as conn:
        token = _make(conn)

        assert [links.look(conn, token, "page", NOW) for _ in range(3)] == [PAGE] * 3
        assert [links.take(conn, token, "page", NOW) for _ in range(2)] == [PAGE, None]
        assert links.look(conn, token, "page", NOW) is None


@pytest.mark.parametrize("opened", [links.look, links.take])
def test_a_link_ends_and_leads_nowhere_else(engine: Engine, opened: Opener) -> None:
    with database.write(engine) as conn:
        token = _make(conn)

        assert opened(conn, token, "page", NOW + TTL) is None
        assert opened(conn, token, "console", NOW) is None
        assert opened(conn, token[:-1], "page", NOW) is None
        assert opened(conn, "", "page", NOW) is None
        assert opened(conn, "\ud83d見本", "page", NOW) is None
        assert opened(conn, token, "page", NOW + TTL - 1) == PAGE


def test_whoever_reads_the_database_cannot_use_its_links(engine: Engine) -> None:
    with database.write(engine) as conn:
        token = _make(conn)
        [stored] = conn.execute(select(table)).all()

        assert token not in map(str, stored)
        assert links.look(conn, stored.token_hash, "page", NOW) is None


def test_links_cannot_be_guessed(engine: Engine) -> None:
    with database.write(engine) as conn:
        tokens = {_make(conn) for _ in range(50)}

    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {43}


def test_of_those_who_take_a_link_at_once_one_gets_it(engine: Engine) -> None:
    for _ in range(20):
        with database.write(engine) as conn:
            token = _make(conn)

        def take(token: str = token) -> Link | None:
            with database.write(engine) as conn:
                return links.take(conn, token, "page", NOW)

        assert sorted(make.together(2, take), key=str) == [PAGE, None]
