"""What could not be written as it was given, told to whoever exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from bot.exports.characters import Fit
from bot.exports.columns import Content, Heading
from dialogs.words import Words, _

Tell: TypeAlias = "Callable[[Loss], None]"

_MANY = 1000
"""Texts that come again, such as the wording of an option: looked at once per file."""


@dataclass(frozen=True)
class Loss:
    """One character of one case that stands changed in the file."""

    reference: str
    column: str
    character: str
    replacement: str

    def line(self, words: Words) -> str:
        """Return the loss in one line."""
        return words.text(
            _("{reference} {column}：「{character}」（{code}）を「{replacement}」にしました"),
            reference=self.reference,
            column=self.column,
            character=self.character if self.character.isprintable() else " ",
            code=f"U+{ord(self.character):04X}",
            replacement=self.replacement,
        )


class Fitter:
    """Makes rows such as a file can hold them, and tells *tell* what it had to change."""

    def __init__(self, headings: Sequence[Heading], fit: Fit, tell: Tell) -> None:
        self._labels = [each.label for each in headings]
        self._holds = fit.holds
        self._fit = lru_cache(_MANY)(fit.fitted)
        self._tell = tell

    def fitted(self, row: Sequence[Content]) -> Sequence[Content]:
        """Return *row* as the file can hold it."""
        # Most rows are held as they are, and one look at all their texts at once tells so.
        if self._holds("".join([each for each in row if isinstance(each, str)])):
            return row
        return list(self._mended(row))

    def _mended(self, row: Sequence[Content]) -> Iterator[Content]:
        for label, content in zip(self._labels, row, strict=True):
            if not isinstance(content, str):
                yield content
                continue
            done = self._fit(content)
            for character, replacement in done.changes:
                self._tell(Loss(str(row[0]), label, character, replacement))
            yield done.text
