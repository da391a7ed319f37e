"""The commands for the list of subsidy holders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.settings import Settings


@click.group()
def holders() -> None:
    """Keep the list of those who bought a fence with the city's subsidy: they may ask for guidance."""


@holders.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--yes", "takes", is_flag=True, help="Let the list count; without it only what would change is told."
)
@click.option("--remove-many", is_flag=True, help="Even where more than half of the present list would go.")
def holders_import(file: Path, *, takes: bool, remove_many: bool) -> None:
    """Take the whole list from a CSV or Excel file, or nothing where one row is wrong.

    Example: madoguchi holders import holders.xlsx --yes
    """
    from bot import holders_command as work
    from bot.clock import SystemClock

    for line in work.take(_settings(), file.read_bytes(), SystemClock(), takes=takes, many=remove_many):
        click.echo(line)


@holders.command("list")
def holders_list() -> None:
    """Say how many holders the list has, and which lists counted when.

    Example: madoguchi holders list
    """
    from bot import holders_command as work

    for line in work.listed(_settings()):
        click.echo(line)


def _settings() -> Settings:
    from bot.doctor import read_settings

    settings, findings = read_settings()
    if settings is None:
        raise click.ClickException("\n".join(map(str, findings)))
    return settings


def register(main: click.Group) -> None:
    """Add the commands to the program."""
    main.add_command(holders)


def in_one_line(fault: Exception) -> str | None:
    """Return what stopped a command, where whoever typed it can put it right."""
    from bot.holders_command import HoldersRefused

    return str(fault) if isinstance(fault, HoldersRefused) else None
