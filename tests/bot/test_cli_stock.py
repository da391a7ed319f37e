"""The stock at a terminal."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.settings import PREFIX


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["stock", *arguments], env={f"{PREFIX}DATABASE_URL": database_url})

    return command


def test_the_stock_is_taken_once_and_moved_as_told(run: Callable[..., Result]) -> None:
    assert "never taken" in run("list").output
    assert run("init", "--by", "見本 職員").output == "50 sets added; the store holds up to 20\n"
    assert run("init", "--by", "見本 職員").output == "0 sets added; the store holds up to 20\n"
    assert run("move", "1", "2", "--to", "store", "--by", "見本 職員").output == "2 sets moved to store\n"

    told = run("list", "--sets", "--weeks", "2").output.splitlines()

    assert told[0] == "city 48 lent 0 lost 0 repair 0 store 2"
    assert told[1].startswith("   1 store  -          since 20")
    assert len(told) == 1 + 50 + 2
    assert told[-1].startswith("week of ")
    assert told[-1].endswith(": lent 0, stored 2")


def test_what_cannot_be_done_is_said_in_one_line(run: Callable[..., Result]) -> None:
    run("init", "--by", "見本 職員")

    full = run("move", *map(str, range(1, 22)), "--to", "store", "--by", "見本 職員")
    unknown = run("move", "99", "--to", "store", "--by", "見本 職員")

    assert (full.exit_code, full.output) == (1, "Error: the store holds up to 20 sets\n")
    assert unknown.exit_code == 1
    assert "is not there" in unknown.output
