"""A snapshot: all numbers of a survey at one moment, so that a number in a report can be made again.

It holds the answers themselves, because any table may be asked of it later: but no text that somebody wrote, no id
of a ballot, and the rows sorted by what they say, so that nothing tells in which order they came.  Its id is a
digest of its content: the same numbers have the same id, and a changed content no longer fits its own.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from bot.tabulation.answers import Cell, Data
from bot.tabulation.counting import WRITTEN
from bot.tabulation.questions import AWAY, Kind, Option, Question

_DIGITS = 12
_LEVEL = 6


@dataclass(frozen=True)
class Meta:
    """What stands over the numbers: of which *survey*, how many were *invited* and had *begun*, and the targets."""

    survey: str
    title: str
    edition: str
    invited: int
    begun: int
    stopped_at: Mapping[str, int] = field(default_factory=dict)
    targets: Mapping[str, Any] = field(default_factory=dict)


def freeze(data: Data, meta: Meta) -> tuple[str, bytes]:
    """Return the id and the content of the snapshot of *data*."""
    coded = {each.key: _coded(each, data.columns[each.key]) for each in data.questions}
    rows = sorted(zip(*(codes for _cells, codes in coded.values()), strict=True))
    columns = list(zip(*rows, strict=True)) or [()] * len(coded)
    content = orjson.dumps(
        {
            "meta": vars(meta),
            "size": data.size,
            "questions": [_question(each) for each in data.questions],
            "cells": {key: cells for key, (cells, _codes) in coded.items()},
            "columns": dict(zip(coded, columns, strict=True)),
        },
        option=orjson.OPT_SORT_KEYS,
    )
    return _id(content), zlib.compress(content, _LEVEL)


def thaw(identity: str, packed: bytes) -> tuple[Data, Meta]:
    """Return what was frozen.

    Raises:
        ValueError: The content is not what *identity* was given to.
    """
    content = zlib.decompress(packed)
    if _id(content) != identity:
        raise ValueError(identity)
    held = orjson.loads(content)
    questions = tuple(_read_question(each) for each in held["questions"])
    columns = {each.key: _cells(held["cells"][each.key], held["columns"][each.key]) for each in questions}
    return Data(questions, columns, held["size"]), Meta(**held["meta"])


def _id(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def _coded(question: Question, column: Sequence[Cell]) -> tuple[list[Cell], list[int]]:
    """Return the different cells of *column*, and for each of its rows the number of its own."""
    kept = [_wordless(each) for each in column] if question.kind is Kind.TEXT else column
    cells = sorted(set(kept), key=lambda cell: (cell is None, repr(cell)))
    numbers = {cell: number for number, cell in enumerate(cells)}
    return cells, [numbers[each] for each in kept]


def _wordless(cell: Cell) -> Cell:
    return cell if cell is None or cell == AWAY else WRITTEN


def _cells(cells: Sequence[Cell], codes: Sequence[int]) -> list[Cell]:
    known = [tuple(each) if isinstance(each, list) else each for each in cells]
    return [known[each] for each in codes]


def _question(each: Question) -> Mapping[str, Any]:
    options = [[str(option.key), str(option.label)] for option in each.options]
    wording = {"key": each.key, "label": str(each.label), "group": str(each.group)}
    return {**wording, "kind": each.kind.value, "options": options}


def _read_question(held: Mapping[str, Any]) -> Question:
    options = tuple(Option(key, label) for key, label in held["options"])
    return Question(held["key"], held["label"], Kind(held["kind"]), options, group=held["group"])
