"""A municipal form as one frozen value: what every channel, export and paper is drawn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date
from functools import cached_property
from typing import TypeAlias

from dialogs.fields.base import Answers, Field, Given, Invalid, Raw, Value, sealed
from dialogs.words import Message, Words
from dialogs.world import World

Check: TypeAlias = Callable[[Answers, World], Mapping[str, Message]]
"""A rule over several answers: the keys it refuses, each with the sentence that says what to do."""


@dataclass(frozen=True)
class Page:
    """Some questions that belong together.  A *private* page is never asked in a talk."""

    key: str
    title: str
    fields: tuple[Field, ...]
    _: KW_ONLY
    private: bool = False
    intro: str = ""


@dataclass(frozen=True)
class Form:
    """One edition of a form.

    *edition* names it for ever (R6: the wording of 令和6年); it is in force from *since* until the next
    edition of the same key.  A doubled key or a condition on a later question stops the program at import.
    """

    key: str
    title: str
    edition: str
    pages: tuple[Page, ...]
    _: KW_ONLY
    since: date = date.min
    checks: tuple[Check, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for each in self.fields:
            if each.key in seen:
                raise ValueError(f"form {self.key}: the key {each.key} stands twice")
            if each.when is not None and each.when.key not in seen:
                raise ValueError(
                    f"form {self.key}: {each.key} depends on {each.when.key}, which is not before it"
                )
            seen.add(each.key)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return all questions, in the order of the paper."""
        return tuple(each for page in self.pages for each in page.fields)

    @cached_property
    def _by_key(self) -> Mapping[str, Field]:
        return {each.key: each for each in self.fields}

    @cached_property
    def _page_by_key(self) -> Mapping[str, Page]:
        return {each.key: page for page in self.pages for each in page.fields}

    def field(self, key: str) -> Field | None:
        """Return the question *key*, None where this edition does not ask it."""
        return self._by_key.get(key)

    def page_of(self, field: Field) -> Page:
        """Return the page *field* stands on."""
        return self._page_by_key[field.key]

    def visible(self, answers: Answers) -> Iterator[Field]:
        """Yield the questions that are asked, given *answers*."""
        return (each for each in self.fields if each.when is None or each.when(answers))

    def missing(self, answers: Answers) -> list[Field]:
        """Return what is still to be asked, in order.  This *is* the position in the talk."""
        return [each for each in self.visible(answers) if not answered(each, answers)]

    def kept(self, answers: Answers) -> Answers:
        """Return *answers* without those that are no longer asked, in the order of the form.

        Answers to a question of an earlier edition stay under its new key (``formerly``).
        """
        carried = self._carried(answers)
        result: dict[str, Value] = {}
        for each in self.fields:
            if each.key in carried and (each.when is None or each.when(result)):
                result[each.key] = carried[each.key]
        return result

    def _carried(self, answers: Answers) -> Answers:
        found = dict(answers)
        for each in self.fields:
            for old in each.formerly:
                if old in found and each.key not in found:
                    found[each.key] = found[old]
        return found

    def read(
        self, raws: Mapping[str, Raw], answers: Answers, world: World, words: Words | None = None
    ) -> tuple[Answers, Mapping[str, Invalid]]:
        """Return *answers* with *raws* read into them, and what was refused, by key.

        A refused question loses its former answer only where a rule over several answers refuses it.
        """
        found = dict(self.kept(answers))
        refused: dict[str, Invalid] = {}
        for each in self.fields:
            if each.key in raws and (each.when is None or each.when(found)):
                _read_one(each, raws[each.key], found, refused, Given(world, words=words))
        kept = dict(self.kept(found))
        for key, message in self._broken(kept, world).items():
            refused.setdefault(key, Invalid(message))
            kept.pop(key, None)
        return kept, refused

    def _broken(self, answers: Answers, world: World) -> Mapping[str, Message]:
        return {key: message for check in self.checks for key, message in check(answers, world).items()}

    def raw(self, answers: Answers) -> Mapping[str, Raw]:
        """Return *answers* as they could be given again; sealed and skipped ones are left out."""
        return {
            each.key: each.raw(answers[each.key])
            for each in self.visible(answers)
            if answered(each, answers) and answers[each.key] is not None and not sealed(answers[each.key])
        }

    def reread(self, answers: Answers, world: World) -> tuple[Answers, Mapping[str, Invalid]]:
        """Return *answers* checked again in today's *world*: what no longer holds is missing and refused."""
        kept = self.kept(answers)
        raws = self.raw(kept)
        unread = {key: value for key, value in kept.items() if key not in raws}
        return self.read(raws, unread, world)


def _read_one(
    each: Field, raw: Raw, found: dict[str, Value], refused: dict[str, Invalid], given: Given
) -> None:
    before = found.get(each.key)
    others = {key: value for key, value in found.items() if key != each.key}
    try:
        found[each.key] = each.take(
            raw, replace(given, answers=others, before=None if sealed(before) else before)
        )
    except Invalid as reason:
        refused[each.key] = reason


def answered(field: Field, answers: Answers) -> bool:
    """Return whether *field* needs no asking: answered in full, sealed, or skipped."""
    if field.key not in answers:
        return False
    value = answers[field.key]
    if value is None:
        return not field.required
    return not value.get("partial", False) if sealed(value) else field.is_complete(value)


def without(answers: Answers, *keys: str) -> Answers:
    """Return *answers* without *keys*."""
    return {key: value for key, value in answers.items() if key not in keys}


def retitled(form: Form, *, edition: str, since: date, pages: tuple[Page, ...]) -> Form:
    """Return the next edition of *form*, in force from *since*."""
    return replace(form, edition=edition, since=since, pages=pages)
