"""What tests of workbooks ask of one: its survey, its problems, its remarks."""

from __future__ import annotations

from bot.surveys.workbook import examine, read
from bot.words import words_for
from dialogs.surveys import Survey

JAPANESE = words_for("ja")


def survey_of(data: bytes) -> Survey:
    """Return the survey in *data*, which must have one."""
    found = read(data)
    assert isinstance(found, Survey), said(data)
    return found


def said(data: bytes) -> list[str]:
    """Return the problems of *data*, each behind its place, as ``survey 3 C: …``."""
    return [
        f"{each.sheet} {each.row} {each.column}: {JAPANESE.say(each.message)}"
        for each in examine(data).problems
    ]


def remarked(data: bytes) -> list[str]:
    """Return what the author of *data* should know, each behind its row and column."""
    return [f"{each.row} {each.column}: {JAPANESE.say(each.message)}" for each in examine(data).remarks]


def one(data: bytes, place: str, part: str) -> None:
    """Check that *data* has one problem, at *place*, that says *part*."""
    found = said(data)
    assert len(found) == 1, found
    assert found[0].startswith(f"{place}: "), found
    assert part in found[0]
