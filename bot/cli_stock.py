"""The commands for the stock: where the sets are."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings
    from storage.stock import Cause

_by = click.option("--by", required=True, metavar="NAME", help="Who does it: stands in the history of moves.")
_PLACES = ("city", "store", "repair", "lost")


@click.group()
def stock() -> None:
    """Keep the stock: where each set and part is.  Loans move it by themselves."""


@stock.command("init")
@_by
def stock_init(by: str) -> None:
    """Take stock by the office file: as many sets as the city owns, complete, in its own hands.

    Run it again after the city has bought more, or after the store's limit has changed.

    Example: madoguchi stock init --by "見本 職員"
    """
    from bot import stocking
    from bot.office import load_office
    from bot.stocking import opened

    settings = _settings()
    office = load_office(settings.office_file)
    with opened(settings.database_url) as engine:
        added = stocking.begin(engine, office, _cause(by))
    click.echo(f"{added} sets added; the store holds up to {office.stock.store}")


@stock.command("list")
@click.option("--sets", "each", is_flag=True, help="Every set, not only how many are where.")
@click.option("--weeks", default=8, show_default=True, help="How many weeks are foretold.")
def stock_list(*, each: bool, weeks: int) -> None:
    """Say where the sets are, and which of the coming weeks the store runs short.

    Example: madoguchi stock list --weeks 20
    """
    for line in _lines(_settings(), weeks, each=each):
        click.echo(line)


@stock.command("move")
@click.argument("numbers", nargs=-1, required=True, type=click.IntRange(1), metavar="NUMBER...")
@click.option("--to", "place", required=True, type=click.Choice(_PLACES), help="Where they go.")
@_by
def stock_move(numbers: tuple[int, ...], place: str, by: str) -> None:
    """Move sets, each with its parts, from wherever they are; store is the contractor's.

    Example: madoguchi stock move 1 2 3 --to store --by "見本 職員"
    """
    from bot import stocking
    from bot.office import load_office
    from bot.stocking import opened
    from storage.stock import Place

    settings = _settings()
    office = load_office(settings.office_file)
    with opened(settings.database_url) as engine:
        stocking.move_sets(engine, office, numbers, Place(place), _cause(by))
    click.echo(f"{len(set(numbers))} sets moved to {place}")


def _lines(settings: Settings, weeks: int, *, each: bool) -> Iterator[str]:
    from bot.clock import SystemClock, day_of, moment
    from bot.office import load_office
    from bot.stocking import opened
    from bot.stockview import picture
    from storage import engine as database
    from storage import stocktaking

    office, today = load_office(settings.office_file), day_of(SystemClock().now())
    with opened(settings.database_url) as engine, database.read(engine) as conn:
        seen = picture(conn, office, today, weeks)
        sets = stocktaking.sets(conn) if each else ()
    if not seen.is_taken:
        yield "the stock was never taken; run: madoguchi stock init --by NAME"
        return
    yield " ".join(f"{place} {count}" for place, count in sorted(seen.places.items()))
    for one in sets:
        yield f"{one.number:4} {one.place:6} {one.reference or '-':10} since {moment(one.since):%Y-%m-%d}"
    for week in seen.weeks:
        bring = f", bring {week.bring} by {week.by}" if week.bring else ""
        fetch = f", fetch {week.fetch}" if week.fetch else ""
        over = f", promised {week.oversold} too many" if week.oversold else ""
        yield f"week of {week.monday}: lent {week.claimed}, stored {week.stored}{bring}{fetch}{over}"


def _cause(by: str) -> Cause:
    from bot.clock import SystemClock
    from storage.stock import Cause

    return Cause(f"command/{secrets.token_hex(16)}", by, SystemClock().now())


def _settings() -> Settings:
    from bot.doctor import read_settings

    settings, findings = read_settings()
    if settings is None:
        raise click.ClickException("\n".join(map(str, findings)))
    return settings


def register(main: click.Group) -> None:
    """Add the commands to the program."""
    main.add_command(stock)


def in_one_line(fault: Exception) -> str | None:
    """Return what stopped a command, where whoever typed it can put it right."""
    from bot.stocking import Refused

    return fault.plain if isinstance(fault, Refused) else None
