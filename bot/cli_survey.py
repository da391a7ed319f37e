"""The commands for surveys: what is wrong in a workbook, and what the console does with those that are right."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.settings import Settings
    from bot.surveys.findings import Problem
    from dialogs.surveys import Survey
    from dialogs.words import Words

_LANGUAGES = ("ja", "ja@easy", "en")


def _day(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise click.BadParameter("a day is written 2027-06-07") from None


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--language", default="ja", show_default=True, type=click.Choice(_LANGUAGES), help="Of what is told."
)
def check(file: Path, language: str) -> None:
    """Say what is wrong in the workbook FILE, cell by cell, or which survey it is; exit 1 where it is none.

    Nothing is kept of it.

    Example: madoguchi survey check survey.xlsx --language en
    """
    from bot.surveys.workbook import examine
    from bot.surveys.workbook_cells import MOST_BYTES
    from bot.words import words_for

    with file.open("rb") as opened:
        examined = examine(opened.read(MOST_BYTES + 1))
    words = words_for(language)
    for line in _told("!", examined.problems, words):
        click.echo(line)
    for line in _told("-", examined.remarks, words):
        click.echo(line)
    if examined.survey is None:
        raise click.ClickException(f"no survey: {len(examined.problems)} problems")
    click.echo(_summary(examined.survey, words))


def _told(mark: str, found: Sequence[Problem], words: Words) -> Iterator[str]:
    for each in found:
        yield " ".join(filter(None, (mark, each.where, words.say(each.message))))


def _summary(survey: Survey, words: Words) -> str:
    spoken = ", ".join(survey.languages)
    return (
        f"survey {survey.key}, edition {survey.edition}: {words.text(survey.title)} "
        f"({len(survey.questions)} questions; {spoken})"
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--audience", default="everybody", show_default=True, help="everybody, meeting:KEY or procedure:KEY."
)
@click.option("--opens", default="", callback=_day, help="The first day on which it can be answered.")
@click.option("--closes", default="", callback=_day, help="The last day; the day after it closes by itself.")
@click.option(
    "--identity", default="none", type=click.Choice(["none", "optional"]), help="Whether to offer the number."
)
def add(file: Path, **given: str) -> None:
    """Keep the workbook FILE as a draft, or say what is wrong in it and keep nothing.

    Example: madoguchi survey add survey.xlsx --audience meeting:2027-autumn --closes 2027-11-30
    """
    from bot.clock import SystemClock
    from bot.surveys import commands

    _say(commands.add(_settings(), file.read_bytes(), SystemClock(), given))


@click.command("open")
@click.argument("key")
def open_(key: str) -> None:
    """Open the draft KEY: from now on it can be answered, and those it is for are invited by day.

    Example: madoguchi survey open meeting2027
    """
    from bot.surveys import commands

    _say(commands.open_(_settings(), key))


@click.command()
@click.argument("key")
def close(key: str) -> None:
    """Close the survey KEY for good: who has answered is forgotten, and what is half-filled is thrown away.

    Example: madoguchi survey close meeting2027
    """
    from bot.surveys import commands

    _say(commands.close(_settings(), key))


@click.command("list")
def list_() -> None:
    """List the surveys with how many were invited, began and answered.

    Example: madoguchi survey list
    """
    from bot.surveys import commands

    _say(commands.listed(_settings()))


@click.command()
@click.argument("key")
def export(key: str) -> None:
    """Write the answers to the survey KEY as CSV, in the order of their random ids.

    Example: madoguchi survey export meeting2027 > answers.csv
    """
    from bot.surveys import commands

    _say(commands.export(_settings(), key))


def _say(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)


def _settings() -> Settings:
    from bot.doctor import read_settings

    settings, findings = read_settings()
    if settings is None:
        raise click.ClickException("\n".join(map(str, findings)))
    return settings


def in_one_line(fault: Exception) -> str | None:
    """Return what stopped a command, where whoever typed it can put it right."""
    from bot.surveys.opening import SurveyRefused
    from storage.keyring import VaultKeyMissing

    if isinstance(fault, VaultKeyMissing):
        return "the key file has no key for fingerprints; run: madoguchi vault-keys"
    return str(fault) if isinstance(fault, SurveyRefused) else None


def register(main: click.Group) -> None:
    """Add the commands to the program."""
    group = click.Group("survey", help="Work with surveys.")
    for each in (check, add, open_, close, list_, export):
        group.add_command(each)
    main.add_command(group)
