"""What is said to people, before it is put into their language.

The Japanese wording stands where it is used, marked by ``_``; a channel's renderer turns it into the
reader's language with an object that satisfies :class:`Words`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, Self, TypeAlias

Fact: TypeAlias = "str | int | date | datetime | Message"
"""What may stand in a placeholder.  A day or a number is written as the reader expects it."""


def _(text: str) -> str:
    """Return *text* unchanged: the mark by which the catalogs find it."""
    return text


class OwnText(str):
    """A text that brings its own wordings, by locale, as a survey's workbook does; catalogs know nothing of it.

    As a plain text it is the wording of its default language.  It equals no plain text and no other wordings, so
    that whatever is drawn once and kept by its texts is not taken for another.
    """

    __slots__ = ("wordings",)

    wordings: Mapping[str, str]

    def __new__(cls, text: str, wordings: Mapping[str, str]) -> Self:
        """Return *text* with its *wordings* in other languages, by locale (``ja``, ``ja@easy``, ``en``)."""
        made = super().__new__(cls, text)
        made.wordings = wordings
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, str]]:  # type: ignore[override]  # str has one
        """Return what a copy is made of."""
        return str(self), self.wordings

    def wording(self, locale: str) -> str:
        """Return the wording in *locale*; without the part behind @, or the default, where there is none."""
        found = self.wordings.get(locale) or self.wordings.get(locale.partition("@")[0])
        return found or str(self)

    def __eq__(self, other: object) -> bool:
        """Return whether *other* says the same in every language."""
        return isinstance(other, OwnText) and str(self) == str(other) and self.wordings == other.wordings

    def __ne__(self, other: object) -> bool:
        """Return whether *other* says something else in some language."""
        return not self == other

    __hash__ = str.__hash__


@dataclass(frozen=True)
class Message:
    """A sentence to be said later, in the reader's language.

    *text* is the Japanese wording (the key in the catalogs) with named placeholders.
    """

    text: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


def say(text: str, **facts: Fact) -> Message:
    """Return the message *text* with *facts* for its placeholders."""
    return Message(text, facts)


def listed(texts: Sequence[str]) -> Message:
    """Return *texts*, each from the catalogs, one after the other with 、 between them."""
    if not texts:
        return Message("")
    first, *others = texts
    return say(_("{first}、{others}"), first=say(first), others=listed(others)) if others else say(first)


def placed(texts: Sequence[str]) -> Message:
    """Return the last of *texts*, each from the catalogs, behind those that say where it stands."""
    place, *rest = texts
    return say(_("{place}：{name}"), place=say(place), name=placed(rest)) if rest else say(place)


class Words(Protocol):
    """One language of the catalog, as dialogs need it."""

    @property
    def locale(self) -> str:
        """Return the catalog's name: ``ja``, ``ja@easy``, ``en``."""
        ...

    def text(self, msgid: str, **facts: Fact) -> str:
        """Return *msgid* in this language with *facts* put in."""
        ...

    def say(self, message: Message | str) -> str:
        """Return *message* in this language."""
        ...

    def day(self, value: date) -> str:
        """Return *value* as this language's readers write a day, with its weekday."""
        ...

    def number(self, value: float) -> str:
        """Return *value* with this language's digit grouping."""
        ...
