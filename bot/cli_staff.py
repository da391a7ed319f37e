"""The commands for the roster: who may act in Teams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine

_DAY = click.DateTime(["%Y-%m-%d"])
_tenant = click.option("--tenant", required=True, metavar="GUID", help="Tenant of Microsoft Entra ID.")
_object = click.option(
    "--object-id", required=True, metavar="GUID", help="Object ID of the user in Microsoft Entra ID."
)


@contextmanager
def _engine() -> Iterator[Engine]:
    from bot.doctor import read_settings
    from storage import engine as database

    settings, findings = read_settings()
    if settings is None:
        raise click.ClickException("\n".join(map(str, findings)))
    engine = database.create(settings.database_url, pool_size=1)
    try:
        yield engine
    finally:
        engine.dispose()


def _date(when: datetime | None) -> date | None:
    return when.date() if when else None


@click.group()
def staff() -> None:
    """Keep the roster: who may act in Teams, from when to when, and as what."""


@staff.command("add")
@_tenant
@_object
@click.option("--name", required=True, help="The name that stands under what they sign.")
@click.option("--organisation", type=click.Choice(["city", "contractor"]), required=True)
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="PROCEDURE:ROLE",
    help='What they may do; "*" for every procedure.',
)
@click.option(
    "--deputy",
    "deputies",
    multiple=True,
    metavar="PROCEDURE:ROLE",
    help="In whose place they may sign, as a deputy.",
)
@click.option("--from", "since", type=_DAY, help="First day of access (Tokyo); today without it.")
@click.option("--until", type=_DAY, help="Last day of access; no end without it.")
def staff_add(  # noqa: PLR0913 -- one argument per option
    *,
    tenant: str,
    object_id: str,
    name: str,
    organisation: str,
    roles: tuple[str, ...],
    deputies: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Let somebody act in Teams.  The desk may go on; it counts from the next word they write.

    Example: madoguchi staff add --tenant 3f2504e0-4f89-41d3-9a0c-0305e82c3301
    --object-id 7c9e6679-7425-40de-944b-e07fc1f90ae7 --name "見本 一郎" --organisation city
    --role fence_loan:staff --deputy fence_loan:chief --until 2028-03-31
    """
    from bot import roster
    from bot.clock import SystemClock
    from dialogs.procedures import REGISTER

    order = roster.Order(name, organisation, roles, deputies, _date(since), _date(until))
    with _engine() as engine:
        click.echo(roster.add(engine, REGISTER, roster.account(tenant, object_id), order, SystemClock()))


@staff.command("remove")
@_tenant
@_object
@click.option("--on", "last", type=_DAY, help="Last day of access (Tokyo); without it access ends at once.")
def staff_remove(tenant: str, object_id: str, last: datetime | None) -> None:
    """End somebody's access.  The row stays, since signatures name it.

    Example: madoguchi staff remove --tenant 3f2504e0-4f89-41d3-9a0c-0305e82c3301
    --object-id 7c9e6679-7425-40de-944b-e07fc1f90ae7 --on 2027-06-30
    """
    from bot import roster
    from bot.clock import SystemClock

    with _engine() as engine:
        for line in roster.remove(engine, roster.account(tenant, object_id), _date(last), SystemClock()):
            click.echo(line)


@staff.command("list")
@click.option("--all", "everybody", is_flag=True, help="Those whose access has ended, too.")
@click.option("--format", "kind", type=click.Choice(["table", "csv"]), default="table", show_default=True)
def staff_list(*, everybody: bool, kind: str) -> None:
    """Say who may act in Teams, now or later.

    Example: madoguchi staff list --all --format csv
    """
    from bot import roster
    from bot.clock import SystemClock

    with _engine() as engine:
        for line in roster.listed(engine, SystemClock(), everybody=everybody, kind=kind):
            click.echo(line)


def register(main: click.Group) -> None:
    """Add the commands to the program."""
    main.add_command(staff)


def in_one_line(fault: Exception) -> str | None:
    """Return what stopped a command, where whoever typed it can put it right."""
    from bot.roster import RosterRefused

    return str(fault) if isinstance(fault, RosterRefused) else None
