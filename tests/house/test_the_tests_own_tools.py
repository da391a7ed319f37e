"""The tools of the suite keep what the other tests rely on."""

import signal
import socket

import pytest
from playwright.sync_api import Browser
from sqlalchemy import create_engine, text

from tests.support import postgres
from tests.support.network import LeftTheMachine


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as outside, pytest.raises(LeftTheMachine):
        outside.connect(("192.0.2.1", 80))


def test_a_test_cannot_ask_for_the_address_of_another_machine() -> None:
    with pytest.raises(LeftTheMachine):
        socket.getaddrinfo("desk.example", 443)


def test_a_test_reaches_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door, socket.socket() as guest:
        guest.connect(door.getsockname())


def test_an_empty_database_is_empty_and_ones_own(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (id integer)"))
        count = connection.execute(text("SELECT count(*) FROM mine")).scalar_one()

    engine.dispose()
    assert count == 0


@pytest.mark.postgres
def test_a_server_of_ones_own_keeps_what_was_committed_over_a_restart() -> None:
    with postgres.running() as server:
        engine = create_engine(server.url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE kept (id integer)"))
            connection.execute(text("INSERT INTO kept VALUES (1)"))
        engine.dispose()

        server.restart(signal.SIGINT)

        with engine.connect() as connection:
            kept = connection.execute(text("SELECT id FROM kept")).scalar_one()
        engine.dispose()
    assert kept == 1


def test_a_browser_draws_a_page_and_finds_no_other_host(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<h1>窓口</h1>")

    assert page.locator("h1").inner_text() == "窓口"
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://desk.example/")
