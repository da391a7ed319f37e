"""A language with the office's own names: they stand in the office file, so no catalog can know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dialogs.words import Fact, Message, Words


@dataclass(frozen=True)
class OfficeWords:
    """*base* in which the names of *names* (by their Japanese) are said as the office file says."""

    base: Words
    names: Mapping[str, str]

    @property
    def locale(self) -> str:
        """Return the catalog's name."""
        return self.base.locale

    def text(self, msgid: str, **facts: Fact) -> str:
        """Return *msgid* in this language with *facts* put in."""
        return self.names.get(msgid) or self.base.text(msgid, **self._named(facts))

    def say(self, message: Message | str) -> str:
        """Return *message* in this language."""
        text = message if isinstance(message, str) else message.text
        if isinstance(message, str) or not message.facts:  # nearly all there is
            return self.names.get(text) or self.base.say(message)
        return self.text(text, **message.facts)

    def day(self, value: date) -> str:
        """Return *value* as this language's readers write a day."""
        return self.base.day(value)

    def number(self, value: float) -> str:
        """Return *value* with this language's digit grouping."""
        return self.base.number(value)

    def _named(self, facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
        if not self.names:
            return facts
        return {key: self.say(fact) if isinstance(fact, Message) else fact for key, fact in facts.items()}
