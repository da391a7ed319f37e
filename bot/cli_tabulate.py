"""The command that tabulates a survey."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings
    from bot.tabulating import Loaded
    from bot.tabulation.tables import Table

KINDS = (".xlsx", ".csv")


@click.command()
@click.argument("key")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write: .xlsx or .csv.")
@click.option("--snapshot", default="", metavar="ID", help="The published numbers of this snapshot.")
def tabulate(key: str, out: Path | None, snapshot: str) -> None:
    """Tabulate the survey KEY: print it, or write it as a workbook or as CSV.

    Example: madoguchi survey tabulate climate_citizens --out climate.xlsx
    """
    if out and out.suffix not in KINDS:
        raise click.UsageError(f"{out}: name a file that ends in {' or '.join(KINDS)}")
    for line in _lines(_settings(), key, out, snapshot):
        click.echo(line)


def _lines(settings: Settings, key: str, out: Path | None, snapshot: str) -> Iterator[str]:
    from bot import tabulating
    from bot.clock import SystemClock
    from bot.words import words_for
    from storage import engine as database

    engine, words = database.create(settings.database_url, pool_size=2), words_for("ja")
    try:
        loaded = tabulating.held(engine, key, snapshot) if snapshot else tabulating.live(engine, key, words)
        if loaded is None:
            of = f"snapshot {snapshot} of " if snapshot else "survey "
            raise click.ClickException(f"there is no {of}{key}")
        if out:
            if not snapshot:
                reader = f"command line: {getpass.getuser()}", "admin"
                entry = tabulating.taken(key, reader, out.suffix[1:], SystemClock().now())
                tabulating.note(engine, entry)
            _write(out, loaded)
            yield f"{out} written: {loaded.data.size} answers"
        else:
            for table in loaded.simple(words, published=bool(snapshot)):
                yield from _shown(table)
    finally:
        engine.dispose()


def _write(out: Path, loaded: Loaded) -> None:
    from bot.clock import SystemClock, moment
    from bot.tabulating_files import workbook, write
    from bot.words import words_for

    at = f"{moment(SystemClock().now()):%Y-%m-%d %H:%M}"
    made = workbook(loaded, words_for("ja"), (), at, published=loaded.snapshot is not None)
    partly = out.with_name(f".{out.name}.part")
    try:
        write(partly, out.suffix[1:], made)
        partly.replace(out)  # a file appears under its name only when it is complete
    finally:
        partly.unlink(missing_ok=True)


def _shown(table: Table) -> Iterator[str]:
    yield ""
    yield table.title
    for row in (table.header, *table.rows, table.total):
        yield "  " + "\t".join("" if each is None else str(each) for each in row)


def _settings() -> Settings:
    from bot.doctor import read_settings

    settings, findings = read_settings()
    if settings is None:
        raise click.ClickException("\n".join(map(str, findings)))
    return settings


def register(main: click.Group) -> None:
    """Add the command to the program, beside whatever else there is for surveys."""
    group = main.commands.get("survey")
    if not isinstance(group, click.Group):
        group = click.Group("survey", help="Work with surveys.")
        main.add_command(group)
    group.add_command(tabulate)
