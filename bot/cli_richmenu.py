"""The commands for the menus at the foot of the talk on LINE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.line.gateway import LineGateway
    from bot.line.richmenus.sync import Sync
    from bot.settings import Settings


@click.group()
def richmenu() -> None:
    """Keep the menus at the foot of the talk on LINE."""


@richmenu.command()
@click.option("--plan", "only_plan", is_flag=True, help="Change nothing; tell what would be done.")
def sync(*, only_plan: bool) -> None:
    """Bring the menus at LINE to what this version declares.  It may be interrupted and done again at any time.

    Menus that are missing are drawn, uploaded and named; the beginner's is shown to everybody; people get the one
    that fits them; old ones are deleted.  Menus that others made are left alone.

    Example: madoguchi richmenu sync --plan
    """
    from bot.line.richmenus.every import every
    from bot.line.richmenus.plan import plan

    with _sync() as work:
        todo = plan(every(), work.line.found())
        count = _told(todo.lines() if only_plan else work.run(every()))
    click.echo(f"{count} {'steps are to be done' if only_plan else 'steps done'}")


def _told(lines: Iterable[str]) -> int:
    """Print each of *lines* as it comes; return how many came."""
    told = []
    for each in lines:
        click.echo(each)
        told.append(each)
    return len(told)


@richmenu.command("list")
def listing() -> None:
    """List the menus of the desk at LINE: which are in use, and which are missing or old.

    Example: madoguchi richmenu list
    """
    from bot.line.richmenus.every import every
    from bot.line.richmenus.state import lines

    with _sync() as work:
        for line in lines(every(), work.line.found()):
            click.echo(line)


@richmenu.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/richmenus"),
    show_default=True,
    help="Folder to write the pictures to.",
)
def draw(out: Path) -> None:
    """Write the pictures of all menus in all languages, to be looked at; LINE is not called.

    Example: madoguchi richmenu draw --out /tmp/menus
    """
    from bot.line.richmenus.drawing import picture
    from bot.line.richmenus.every import every

    out.mkdir(parents=True, exist_ok=True)
    for each in every():
        (out / f"{each.key}.png").write_bytes(picture(each.menu, each.words))
    click.echo(f"{len(every())} pictures in {out}")


@contextmanager
def _sync() -> Iterator[Sync]:
    from bot.clock import SystemClock
    from bot.line.richmenus.atline import AtLine
    from bot.line.richmenus.sync import Sync
    from storage import engine as database

    settings = _settings()
    gateway = _gateway(settings)
    engine = database.create(settings.database_url, pool_size=1)
    try:
        yield Sync(AtLine(gateway), engine, SystemClock())
    finally:
        engine.dispose()
        gateway.close()


def _gateway(settings: Settings) -> LineGateway:
    from bot.line.gateway import LineGateway

    token = settings.line_channel_access_token.get_secret_value()
    if not token:
        raise click.ClickException("LINE is not set up: set MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN")
    return LineGateway(token, settings.line_api_base, settings.line_data_api_base)


def _settings() -> Settings:
    from bot.doctor import read_settings

    settings, findings = read_settings()
    if settings is None:
        raise click.ClickException("\n".join(map(str, findings)))
    return settings


def register(main: click.Group) -> None:
    """Add the commands to the program."""
    main.add_command(richmenu)


def in_one_line(fault: Exception) -> str | None:
    """Return what stopped a command, where whoever typed it can put it right."""
    from bot.line.richmenus.atline import Stopped
    from bot.line.richmenus.drawing import NotDrawable

    return str(fault) if isinstance(fault, Stopped | NotDrawable) else None
