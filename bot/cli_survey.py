"""The commands for surveys that are still workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.surveys.findings import Problem
    from dialogs.surveys import Survey
    from dialogs.words import Words

_LANGUAGES = ("ja", "ja@easy", "en")


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


def register(main: click.Group) -> None:
    """Add the command to the program, beside whatever else there is for surveys."""
    group = main.commands.get("survey")
    if not isinstance(group, click.Group):
        group = click.Group("survey", help="Work with surveys.")
        main.add_command(group)
    group.add_command(check)
