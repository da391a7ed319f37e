"""Which option typed words mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dialogs.fields.base import Option
from dialogs.reading.answers import read_yes_no
from dialogs.reading.manners import bare
from dialogs.reading.numbers import read_ordinals
from dialogs.reading.text import fold, fold_wording, graphemes
from dialogs.words import Words

_SHORTEST = 2  # characters that the beginning of a wording must have


@dataclass(frozen=True)
class Naming:
    """The ways to name *options*: number, wording in Japanese or the reader's language, its beginning."""

    options: tuple[Option, ...]
    words: Words | None

    def one(self, text: str) -> Option | None:
        """Return the one option *text* names, None where it is none or could be several."""
        wanted = {fold(text), fold(bare(text))} - {""}
        worded = [option for option, wordings in self._wordings if wanted & wordings]
        if len(worded) == 1:
            return worded[0]
        numbered = self.numbered(text) or []
        if len(numbered) == 1:
            return numbered[0]
        return self._agreed(text) or self._begun(wanted)

    def numbered(self, text: str) -> list[Option] | None:
        """Return the options whose numbers *text* names, None where it is no number or a number too high."""
        numbers = read_ordinals(text)
        if numbers is None or max(numbers) > len(self.options):
            return None
        return [self.options[number - 1] for number in numbers]

    def _agreed(self, text: str) -> Option | None:
        """Return the answer はい or いいえ names to a question with the keys yes and no."""
        agreed = read_yes_no(text)
        key = {True: "yes", False: "no"}.get(agreed) if agreed is not None else None
        return next((option for option in self.options if option.key == key), None)

    def _begun(self, wanted: set[str]) -> Option | None:
        long_enough = [key for key in wanted if graphemes(key) >= _SHORTEST]
        begun = [
            option
            for option, wordings in self._wordings
            if any(wording.startswith(key) for wording in wordings for key in long_enough)
        ]
        return begun[0] if len(begun) == 1 else None

    @cached_property
    def _wordings(self) -> list[tuple[Option, set[str]]]:
        return [(option, self._of(option)) for option in self.options]

    def _of(self, option: Option) -> set[str]:
        texts = [text for text in (option.label, option.short) if text]
        translated = [self.words.text(text) for text in texts] if self.words else []
        return {fold_wording(text) for text in (*texts, *translated)} - {""}
