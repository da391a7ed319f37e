"""What could not be written as it was given, told to whoever exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.exports.characters import Fitted
from bot.exports.columns import Content, Heading
from dialogs.words import Words, _

Tell: TypeAlias = "Callable[[Loss], None]"


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


def fitted(
    row: Sequence[Content], headings: Sequence[Heading], fit: Callable[[str], Fitted], tell: Tell
) -> Iterator[Content]:
    """Yield the cells of *row* as *fit* makes them, and *tell* what it had to change."""
    for heading, content in zip(headings, row, strict=True):
        if not isinstance(content, str):
            yield content
            continue
        done = fit(content)
        for character, replacement in done.changes:
            tell(Loss(str(row[0]), heading.label, character, replacement))
        yield done.text
