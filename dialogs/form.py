"""A municipal form as one frozen value: what every channel, export and paper is drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date
from functools import cached_property
from typing import TypeAlias, TypeVar

from dialogs.fields.base import Answers, Condition, Field, Given, Invalid, Is, Raw, Value, sealed
from dialogs.walking import Gone, Stop, holds, walk
from dialogs.words import Message, Words
from dialogs.world import World

Kept = TypeVar("Kept")

Check: TypeAlias = Callable[[Answers, World], Mapping[str, Message]]
"""A rule over several answers: the keys it refuses, each with the sentence that says what to do."""


@dataclass(frozen=True)
class Sentence:
    """What one typed sentence says about many questions: *raws* by key, and what was not understood, and why."""

    raws: Mapping[str, Raw]
    unread: tuple[Message, ...] = ()


ReadSentence: TypeAlias = Callable[[str, Answers, World], "Sentence | None"]


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

    *sentence* reads answers to many questions out of one typed sentence, where the channel asks them at once.
    *compare_by* is the question whose answer says which earlier submission is shown beside this one.  *file* is
    what the button says that files it.
    """

    key: str
    title: str
    edition: str
    pages: tuple[Page, ...]
    _: KW_ONLY
    since: date = date.min
    checks: tuple[Check, ...] = ()
    sentence: ReadSentence | None = None
    compare_by: str = ""
    file: str = ""

    def __post_init__(self) -> None:
        seen: dict[str, Field] = {}
        for each in self.fields:
            for key in (each.key, *each.formerly):
                if key in seen:
                    raise ValueError(f"form {self.key}: the key {key} stands twice")
            if each.when is not None:
                self._check_condition(each.key, each.when, seen)
            seen |= dict.fromkeys((each.key, *each.formerly), each)

    def _check_condition(self, key: str, when: Condition, seen: Mapping[str, Field]) -> None:
        for other in sorted(when.keys):
            if other not in seen or seen[other].key != other:
                raise ValueError(f"form {self.key}: {key} depends on {other}, which is not before it")
        if not isinstance(when, Is):
            return
        on = seen[when.key]
        options = {option.key for option in getattr(on, "options", ())}
        unknown = sorted({*when.values} - options)
        if options and unknown:
            raise ValueError(f"form {self.key}: {key} waits for {unknown[0]}, which is no option of {on.key}")

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return all questions, in the order of the paper."""
        return tuple(each for page in self.pages for each in page.fields)

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """Return the questions by key."""
        former = {old: each for each in self.fields for old in each.formerly}
        return former | {each.key: each for each in self.fields}

    @cached_property
    def has_former_keys(self) -> bool:
        """Return whether a question had another key in an earlier edition."""
        return any(each.formerly for each in self.fields)

    @cached_property
    def needs_free(self) -> bool:
        """Return whether a question can only be asked by whoever knows what is free."""
        return any(each.needs_free for each in self.fields)

    @cached_property
    def _page_by_key(self) -> Mapping[str, Page]:
        return {each.key: page for page in self.pages for each in page.fields}

    def called(self, field: Field) -> tuple[str, ...]:
        """Return what tells *field* from every other question: its label, and before it where it stands, if need be.

        A sheet asks the same of many things: then its page comes first, and where even that is not enough, its hint.
        """
        return self._called[field.key]

    @cached_property
    def _called(self) -> Mapping[str, tuple[str, ...]]:
        pages = {each.key: self.page_of(each).title for each in self.fields}
        labels = Counter(each.label for each in self.fields)
        placed = Counter((pages[each.key], each.label) for each in self.fields)
        found: dict[str, tuple[str, ...]] = {}
        for each in self.fields:
            place = (pages[each.key], each.label)
            if labels[each.label] == 1:
                found[each.key] = (each.label,)
            else:
                found[each.key] = place if placed[place] == 1 else (place[0], each.hint, each.label)
        return {key: tuple(filter(None, parts)) for key, parts in found.items()}

    def field(self, key: str) -> Field | None:
        """Return the question *key*, or that had it in an earlier edition; None where it is not asked."""
        return self.by_key.get(key)

    def page_of(self, field: Field) -> Page:
        """Return the page *field* stands on."""
        return self._page_by_key[field.key]

    def visible(self, answers: Answers) -> Iterator[Field]:
        """Yield the questions that are asked, given *answers*."""
        if isinstance(answers, Gone) and answers.form is self:
            return iter(answers.visible)
        return (each for each in self.fields if each.when is None or each.when(answers))

    def missing(self, answers: Answers) -> list[Field]:
        """Return what is still to be asked, in order.  This *is* the position in the talk."""
        if isinstance(answers, Gone) and answers.form is self:
            return list(answers.missing)
        return [each for each in self.visible(answers) if not answered(each, answers)]

    def kept(self, answers: Answers) -> Answers:
        """Return *answers* without those that are no longer asked, in the order of the form.

        Answers of an earlier edition stay, under the keys of this one (``formerly``).  So do those that hang
        on a question which is being answered anew: nobody knows yet whether they will be asked.
        """
        return answers if isinstance(answers, Gone) and answers.form is self else self._walked(answers)

    def _walked(self, answers: Answers) -> Answers:
        carried, result = self.renamed(answers), Gone(self)
        waiting: set[str] = set()
        # What a condition looks at stands before it and changes no more: whole pages hang on the same one.
        met = {0: True}
        for each, key, when, keys, renewed, number in self._walk:
            asked = met.get(number)
            if asked is None:
                asked = met[number] = holds(when, keys, result, waiting)
            if not asked and waiting.isdisjoint(keys):
                continue
            if asked:
                result.visible.append(each)
            if key in carried:
                value = carried[key]
                result[key] = renewed(value) if renewed and value is not None and not sealed(value) else value
                if answered(each, result):
                    continue
            waiting.add(key)
            if asked:
                result.missing.append(each)
        return result

    @cached_property
    def _walk(self) -> Sequence[Stop]:
        return walk(self.fields)

    def renamed(self, by_key: Mapping[str, Kept]) -> Mapping[str, Kept]:
        """Return *by_key* under the keys of this edition; what stands behind a slash stays as it is."""
        if not self.has_former_keys:
            return by_key
        found = {self._renamed(key): value for key, value in by_key.items()}
        return found | {key: value for key, value in by_key.items() if key in found}

    def _renamed(self, key: str) -> str:
        name, slash, rest = key.partition("/")
        each = self.field(name)
        return f"{each.key}{slash}{rest}" if each else key

    def read(
        self, raws: Mapping[str, Raw], answers: Answers, world: World, words: Words | None = None
    ) -> tuple[Answers, Mapping[str, Invalid]]:
        """Return *answers* with *raws* read into them, and what was refused, by key.

        A refused question loses its former answer only where a rule over several answers refuses it.
        """
        found, given = dict(self.kept(answers)), self.renamed(raws)
        refused: dict[str, Invalid] = {}
        for each in self.fields:
            if each.key in given and (each.when is None or each.when(found)):
                _read_one(each, given[each.key], found, refused, Given(world, words=words))
        kept = self.kept(found)
        broken = self._broken(kept, world)
        refused = {**{key: Invalid(message) for key, message in broken.items()}, **refused}
        return self.kept(without(kept, *broken)) if broken else kept, refused

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
        again, refused = self.read(self.raw(kept), kept, world)
        return self.kept(without(again, *refused)), refused


def _read_one(
    each: Field, raw: Raw, found: dict[str, Value], refused: dict[str, Invalid], given: Given
) -> None:
    # The question's own answer stands aside while it is read: a copy of all the others would cost a long form most.
    before = found.pop(each.key, _ABSENT)
    earlier = None if before is _ABSENT or sealed(before) else before
    try:
        found[each.key] = each.take(raw, Given(given.world, found, earlier, given.words))
    except Invalid as reason:
        refused[each.key] = reason
        if before is not _ABSENT:
            found[each.key] = before


_ABSENT = object()


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
