"""The commands about menus, as whoever runs the desk types them, and what the doctor says of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from bot.cli import main
from bot.doctor_line import line_says
from bot.line.richmenus.every import every
from bot.settings import PREFIX
from tests.bot.line.richmenus.menus_at_line import MenusAtLine
from tests.support.service import BOT, settings


class Told(MenusAtLine):
    """A LINE that also says who the desk is and tries its webhook."""

    def __init__(self) -> None:
        super().__init__(others={"/v2/bot/info": {"userId": BOT}, "/v2/bot/channel/webhook/test": {}})


@pytest.fixture
def line() -> Iterator[MenusAtLine]:
    with Told() as server:
        yield server


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def run(line: MenusAtLine, database_url: str, *arguments: str) -> Result:
    env = {
        f"{PREFIX}DATABASE_URL": database_url,
        f"{PREFIX}LINE_CHANNEL_ACCESS_TOKEN": "token-1",
        f"{PREFIX}LINE_API_BASE": line.url,
        f"{PREFIX}LINE_DATA_API_BASE": line.url,
    }
    return CliRunner().invoke(main, ["richmenu", *arguments], env=env)


def test_the_plan_names_every_menu_and_makes_none(line: MenusAtLine, database_url: str) -> None:
    shown = run(line, database_url, "sync", "--plan")

    assert shown.exit_code == 0
    assert shown.output.count("make madoguchi/") == len(every())
    assert f"{len(every()) + 1} steps are to be done" in shown.output
    assert line.menus == {}


def test_a_sync_brings_every_menu_with_its_picture_and_the_next_does_nothing(
    line: MenusAtLine, database_url: str
) -> None:
    first = run(line, database_url, "sync")
    second = run(line, database_url, "sync")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert len(line.menus) == len(line.pictures) == len(every())
    assert all(each.startswith(b"\x89PNG") for each in line.pictures.values())
    assert second.output == "0 steps done\n"
    assert "missing" not in run(line, database_url, "list").output
    assert run(line, database_url, "list").output.count("in use") == len(every())


def test_what_line_refuses_is_said_in_one_line(line: MenusAtLine, database_url: str) -> None:
    line.refuses = (401, {"message": "Authentication failed"})

    shown = run(line, database_url, "sync")

    assert shown.exit_code == 1
    assert shown.output.splitlines() == [shown.output.strip()]
    assert "does not accept the access token" in shown.output


def test_without_line_there_is_nothing_to_bring_menus_to() -> None:
    shown = CliRunner().invoke(main, ["richmenu", "sync"])

    assert shown.exit_code == 1
    assert "LINE is not set up" in shown.output


def test_a_setting_that_cannot_be_read_is_named() -> None:
    shown = CliRunner().invoke(main, ["richmenu", "list"], env={f"{PREFIX}SENDERS": "many"})

    assert shown.exit_code == 1
    assert "SENDERS" in shown.output


def test_the_pictures_are_written_to_be_looked_at(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["richmenu", "draw", "--out", str(tmp_path / "menus")])

    assert shown.exit_code == 0
    written = sorted((tmp_path / "menus").iterdir())
    assert [each.stem for each in written] == sorted(each.key for each in every())
    with Image.open(written[0]) as image:
        assert image.size == (2500, 1686)


# --- the doctor


def findings(line: MenusAtLine, database_url: str, tmp_path: Path) -> list[tuple[str, str]]:
    chosen = settings(database_url, tmp_path, line.url, line_bot_user_id=BOT)
    return [(each.state, each.text) for each in line_says(chosen) if each.about == "richmenu"]


def test_the_doctor_warns_once_where_menus_are_missing(
    line: MenusAtLine, database_url: str, tmp_path: Path
) -> None:
    ((state, text),) = findings(line, database_url, tmp_path)

    assert state == "warning"
    assert text.endswith("run: madoguchi richmenu sync")


def test_the_doctor_is_content_where_all_menus_are_there(
    line: MenusAtLine, database_url: str, tmp_path: Path
) -> None:
    run(line, database_url, "sync")

    assert findings(line, database_url, tmp_path) == [("ok", "LINE has this version's menus")]


def test_the_doctor_says_it_where_line_does_not_tell(
    line: MenusAtLine, database_url: str, tmp_path: Path
) -> None:
    line.menus_fail = True

    ((state, text),) = findings(line, database_url, tmp_path)

    assert state == "warning"
    assert "list the menus" in text
