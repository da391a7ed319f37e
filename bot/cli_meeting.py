"""The commands for exchange meetings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group()
def meeting() -> None:
    """Write exchange meetings down, take registrations for them, close or cancel them."""


@meeting.command("check")
@click.argument("file", type=FILE)
def meeting_check(file: Path) -> None:
    """Say whether a meeting's file is right, or what is wrong with each field.

    Example: madoguchi meeting check meeting.toml
    """
    from bot.meetings import command

    _say(command.check(file))


@meeting.command("add")
@click.argument("file", type=FILE)
def meeting_add(file: Path) -> None:
    """Keep a meeting from its file, or change the one that has its key.

    Example: madoguchi meeting add meeting.toml
    """
    from bot.clock import SystemClock
    from bot.meetings import command

    _say(command.add(_settings(), file, SystemClock()))


@meeting.command("open")
@click.argument("key")
def meeting_open(key: str) -> None:
    """Take registrations from now on, until the closing date.

    Example: madoguchi meeting open r9-koryukai
    """
    _put(key, "open")


@meeting.command("close")
@click.argument("key")
def meeting_close(key: str) -> None:
    """Take no registrations any more; the meeting takes place.

    Example: madoguchi meeting close r9-koryukai
    """
    _put(key, "closed")


@meeting.command("cancel")
@click.argument("key")
@click.option("--yes", "surely", is_flag=True, help="Needed: everybody who registered is told at once.")
def meeting_cancel(key: str, *, surely: bool) -> None:
    """Call the meeting off: everybody who registered is told, and it cannot be opened again.

    Example: madoguchi meeting cancel r9-koryukai --yes
    """
    if not surely:
        raise click.ClickException("everybody who registered would be told; say --yes if that is meant")
    _put(key, "cancelled")


@meeting.command("list")
def meeting_list() -> None:
    """List the meetings, the latest first.

    Example: madoguchi meeting list
    """
    from bot.meetings import command

    _say(command.listed(_settings()))


@meeting.command("show")
@click.argument("key")
def meeting_show(key: str) -> None:
    """Say what a meeting is, and how many seats are taken.

    Example: madoguchi meeting show r9-koryukai
    """
    from bot.meetings import command

    _say(command.shown(_settings(), key))


def _put(key: str, state: str) -> None:
    from bot.clock import SystemClock
    from bot.meetings import command
    from dialogs.meetings import State

    _say(command.put(_settings(), key, State(state), SystemClock()))


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _settings() -> Settings:
    from bot.doctor import read_settings

    settings, findings = read_settings()
    if settings is None:
        raise click.ClickException("\n".join(map(str, findings)))
    return settings


def register(main: click.Group) -> None:
    """Add the commands to the program."""
    main.add_command(meeting)


def in_one_line(fault: Exception) -> str | None:
    """Return what stopped a command, where whoever typed it can put it right."""
    from bot.meetings.command import MeetingFileRefused

    return str(fault) if isinstance(fault, MeetingFileRefused) else None
