"""The tabulation of a survey as tables for files: which there are, and what stands above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.tabulating import Loaded
from bot.tabulation import book, sheets
from bot.tabulation.answers import texts
from bot.tabulation.book import Book
from bot.tabulation.questions import Kind, Question
from bot.tabulation.tables import Cell, Table
from bot.tabulation.weighting import Weights
from dialogs.reading.masking import mask
from dialogs.words import Words, _

_MEASURES = ("n", "column")


def as_csv(made: Book) -> Iterator[bytes]:
    """Yield the same tables as CSV."""
    crosses = [each for tables in made.crosses.values() for each in tables]
    return sheets.written(made.head, [*made.tables, *crosses])


def write(path: Path, kind: str, made: Book) -> None:
    """Write *made* as the file *path*, of *kind* csv or xlsx."""
    if kind == "csv":
        with path.open("wb") as file:
            file.writelines(as_csv(made))
    else:
        book.write(path, made)


def workbook(loaded: Loaded, words: Words, by: Sequence[str], at: str, *, published: bool) -> Book:
    """Return what a workbook of *loaded* has in it; *by* are questions that all others are crossed with.

    The questions that the population is known of are crossed with all others in any case.
    """
    keys = [*by, *(each for margin in loaded.targets.margins for each in margin.questions)]
    across = [each for key in dict.fromkeys(keys) if (each := loaded.data.question(key))]
    weights = loaded.weights
    return Book(
        words,
        head(loaded, words, at, published=published),
        loaded.simple(words, published=published),
        {_sheet(words, each): _crosses(loaded, words, each, published=published) for each in across},
        None if published else loaded.data,
        None if published or weights is None else _weights(loaded, weights, words),
        [] if published or weights is None else [weights.of[each] for each in weights.groups],
        None if published else _texts(loaded),
    )


def head(loaded: Loaded, words: Words, at: str, *, published: bool) -> list[str]:
    """Return the lines above every table: what it is, of when, and what X means."""
    lines = [loaded.meta.title]
    if loaded.snapshot:
        lines.append(
            words.text(_("集計番号 {id}（{day}に保存）"), id=loaded.snapshot.id, day=loaded.snapshot.made_on)
        )
    else:
        lines.append(words.text(_("{at} 現在"), at=at))
    lines.append(words.text(_("回答 {count}件"), count=loaded.data.size))
    if published:
        lines.append(
            words.text(_("Xは、5人未満の数、またはそこから5人未満の数が分かる数です。公表しません。"))
        )
    else:
        lines.append(words.text(_("作業用です。5人未満の数が入っているため、このまま公表しないでください。")))
    return lines


def _sheet(words: Words, question: Question) -> str:
    return words.text(_("クロス {question}"), question=question.label)


def _crosses(loaded: Loaded, words: Words, column: Question, *, published: bool) -> list[Table]:
    make, found = loaded.tables(words), []
    for row in loaded.data.asked:
        if row != column:
            table = loaded.cross(row, column, published=published)
            found += [make.cross(table, each) for each in _MEASURES]
    return found


def _weights(loaded: Loaded, weights: Weights, words: Words) -> Table:
    """Return the weight of each group of ballots that the margins do not tell apart."""
    data = loaded.data
    asked_of = [
        each for margin in loaded.targets.margins for each in margin.questions if each in data.columns
    ]
    cells = zip(*(data.columns[each] for each in asked_of), strict=True)
    first: dict[int, tuple[object, ...]] = {}
    counts: dict[int, int] = {}
    for group, said in zip(weights.groups, cells, strict=True):
        first.setdefault(group, said)
        counts[group] = counts.get(group, 0) + 1
    questions = [question for key in asked_of if (question := data.question(key))]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (*map(_worded, questions, said), counts[group], round(weights.of[group], 6))
        for group, said in first.items()
    )
    header = (*(each.label for each in questions), words.text(_("件数")), words.text(_("重み")))
    return Table("weights", words.text(_("重み")), header, rows)


def _worded(question: Question, cell: object) -> str:
    return next((each.label for each in question.options if each.key == cell), "—")


def _texts(loaded: Loaded) -> Mapping[str, Sequence[str]]:
    """Return what was written, masked; a snapshot holds none of it."""
    if loaded.snapshot:
        return {}
    wrote = (each for each in loaded.data.asked if each.kind is Kind.TEXT)
    return {each.title: [mask(text).text for text in texts(loaded.data, each)] for each in wrote}
