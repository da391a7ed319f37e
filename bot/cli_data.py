"""The commands for the data as a whole: backup, restore, erase, and the keys of the vault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False)
THERE = click.Path(path_type=Path, dir_okay=False, exists=True)
_passphrase = click.option(
    "--passphrase-file",
    type=THERE,
    help="Sealed with the first line of this file instead of the key file's key.",
)


def _settings() -> Settings:
    from bot.doctor import read_settings

    settings, findings = read_settings()
    if settings is None:
        raise click.ClickException("\n".join(map(str, findings)))
    return settings


def _line_of(path: Path | None) -> str | None:
    return path.read_text(encoding="utf-8").partition("\n")[0] if path else None


@click.command()
@click.option("--out", type=FILE, help="File to write; var/backups/madoguchi-DATE-TIME.backup without it.")
@click.option("--check", "checked", type=THERE, help="Write nothing; read this backup to its end.")
@_passphrase
def backup(out: Path | None, checked: Path | None, passphrase_file: Path | None) -> None:
    """Write a sealed copy of the whole database, while the desk goes on.  The vault's keys are not in it.

    Example: madoguchi backup --out /mnt/backup/madoguchi.backup
    """
    from bot import backup as work
    from bot.clock import SystemClock
    from bot.progress import bar

    settings, passphrase, clock = _settings(), _line_of(passphrase_file), SystemClock()
    if checked:
        manifest = work.check(settings, checked, passphrase, bar)
        click.echo(f"{checked} is whole and opens")
    else:
        made = work.make(settings, out or work.default_path(clock.now()), passphrase, clock, bar)
        manifest = made.manifest
        click.echo(f"{made.path} written")
    for line in work.lines(manifest):
        click.echo(line)


@click.command()
@click.argument("file", type=THERE)
@click.option("--into", help="Address of the database; that of MADOGUCHI_DATABASE_URL without it.")
@click.option("--replace", is_flag=True, help="Throw away what the database holds.")
@click.option(
    "--moved", is_flag=True, help="The old desk was stopped before the backup: nothing happened since."
)
@click.option(
    "--erasures", type=FILE, help="The file of erasures; that of MADOGUCHI_ERASURES_FILE without it."
)
@click.option("--no-erasures", is_flag=True, help="Nobody was ever erased.")
@click.option(
    "--numbers-from",
    multiple=True,
    metavar="SERIES=NUMBER",
    help="The number given last in a series, as known.",
)
@_passphrase
def restore(  # noqa: PLR0913 -- one argument per option
    file: Path,
    *,
    into: str | None,
    replace: bool,
    moved: bool,
    erasures: Path | None,
    no_erasures: bool,
    numbers_from: tuple[str, ...],
    passphrase_file: Path | None,
) -> None:
    """Bring the backup FILE back, whole or not at all, without those who were erased since.  Stop the desk first.

    Example: madoguchi restore madoguchi.backup --into sqlite:///var/madoguchi.db
    """
    from bot import restore as work
    from bot.clock import SystemClock
    from bot.progress import bar

    settings = _settings()
    order = work.Order(
        file,
        into or settings.database_url,
        None if no_erasures else erasures or settings.erasures_file,
        replace=replace,
        moved=moved,
        passphrase=_line_of(passphrase_file),
        numbers_from=dict(map(_number, numbers_from)),
    )
    for line in work.restore(settings, order, SystemClock(), bar):
        click.echo(line)


def _number(given: str) -> tuple[str, int]:
    series, _, number = given.rpartition("=")
    if not series or not number.isdecimal():
        raise click.BadParameter(
            f"{given}: write the series and the number given last, for example loan:2027=120"
        )
    return series, int(number)


@click.group()
def erase() -> None:
    """Erase a person or a case: a plan, somebody else's approval, the erasure, a certificate."""


@erase.command("plan")
@click.option(
    "--person", default="", help="A reference of theirs, our id, or the SHA-256 of their account's id."
)
@click.option("--case", default="", help="The reference of one case.")
@click.option("--by", required=True, help="Who plans it.")
@click.option("--out", type=FILE, required=True, help="File to write the plan to.")
def erase_plan(person: str, case: str, by: str, out: Path) -> None:
    """Write down what would be erased, and what stays and why.  Nothing is changed.

    Example: madoguchi erase plan --person R9-0001 --by "環境共生担当課 見本" --out plan.json
    """
    from bot import erase as work
    from bot.clock import SystemClock

    if bool(person) == bool(case):
        raise click.UsageError("name one of --person and --case")
    made = work.plan(_settings(), work.Request(person, case, by), SystemClock())
    _write_new(out, json.dumps(made, ensure_ascii=False, indent=2) + "\n")
    click.echo(f"{out}: " + ", ".join(f"{kind} {rows}" for kind, rows in made["counts"].items()))
    click.echo(f"somebody else approves and runs it: madoguchi erase run {out} --approved-by NAME")


@erase.command("run")
@click.argument("plan", type=THERE)
@click.option("--approved-by", required=True, help="Who approved the plan: not who made it.")
@click.option("--witness", default="", help="Who looked on.")
@click.option("--out", type=FILE, help="File for the certificate; beside the plan without it.")
@click.option(
    "--rewrite", is_flag=True, help="PostgreSQL: write the tables' files anew; turns wait meanwhile."
)
def erase_run(plan: Path, *, approved_by: str, witness: str, out: Path | None, rewrite: bool) -> None:
    """Carry PLAN out and write the certificate, as JSON and as a paper to sign.  On SQLite, stop the desk first.

    Example: madoguchi erase run plan.json --approved-by "環境共生担当課長 見本" --witness "見本 立会"
    """
    from bot import erase as work
    from bot.clock import SystemClock

    certified = out or plan.with_suffix(".certificate.json")
    done = work.run(_settings(), plan, work.Approval(approved_by, witness), SystemClock(), rewrite=rewrite)
    certified.write_text(json.dumps(done, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    printed = certified.with_suffix(".txt")
    printed.write_text(work.paper(done), encoding="utf-8")
    click.echo(f"erased: {', '.join(f'{kind} {rows}' for kind, rows in done['counts'].items())}")
    click.echo(f"{certified} and {printed}: to be signed and kept")


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.ClickException(f"{path} is there already; choose another name") from None


@click.group()
def keys() -> None:
    """Renew the keys of the vault, while the desk goes on."""


_procedures = click.option(
    "--procedure",
    "procedures",
    multiple=True,
    help="Of this procedure alone; inbox and backup have keys too.",
)


@keys.command("show")
def keys_show() -> None:
    """Say how much each key seals.

    Example: madoguchi keys show
    """
    from bot import keys as work

    for line in work.show(_settings()):
        click.echo(line)


@keys.command("rotate")
@_procedures
def keys_rotate(procedures: tuple[str, ...]) -> None:
    """Make new keys, which seal from now on; a desk that is running uses them at once.

    Example: madoguchi keys rotate --procedure fence_loan
    """
    from bot import keys as work
    from bot.clock import SystemClock

    for line in work.rotate(_settings(), procedures, SystemClock()):
        click.echo(line)


@keys.command("rewrap")
def keys_rewrap() -> None:
    """Seal anew what older keys sealed.  On SQLite the running desk does it; stop the desk to do it yourself.

    Example: madoguchi keys rewrap
    """
    from bot import keys as work
    from bot.progress import bar

    for line in work.rewrap(_settings(), bar):
        click.echo(line)


@keys.command("retire")
@_procedures
def keys_retire(procedures: tuple[str, ...]) -> None:
    """Remove older keys, refusing while anything is still sealed with one of them.

    Example: madoguchi keys retire --procedure fence_loan
    """
    from bot import keys as work
    from bot.clock import SystemClock

    for line in work.retire(_settings(), procedures, SystemClock()):
        click.echo(line)


def register(main: click.Group) -> None:
    """Add the commands to the program."""
    for each in (backup, restore, erase, keys):
        main.add_command(each)


def in_one_line(fault: Exception) -> str | None:
    """Return what stopped a command, where whoever typed it can put it right."""
    from bot.erase import EraseRefused
    from bot.keys import KeysRefused
    from storage.alone import InUse
    from storage.backup import BackupUnusable
    from storage.erasures_file import ErasuresUnusable

    known = (BackupUnusable, EraseRefused, ErasuresUnusable, InUse, KeysRefused)
    return str(fault) if isinstance(fault, known) else None
