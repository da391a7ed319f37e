"""Answers to choose from: one, several, or a tick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import regex

from dialogs.events import Parts
from dialogs.fields.base import Control, Field, Given, Input, Invalid, Option, Raw, Value, only, part_of
from dialogs.fields.naming import Naming
from dialogs.fields.typed import LONGEST_TYPED, ticked
from dialogs.reading.answers import read_yes_no
from dialogs.reading.shortcuts import says_all
from dialogs.words import Words, _

_BETWEEN = regex.compile(r"[、,，､;；/／&＆\n]")


@dataclass(frozen=True)
class _Optioned(Field):
    """A question with *options*; a doubled key stops the program at import."""

    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        keys = [key for option in self.options for key in (option.key, *option.formerly)]
        if not keys or len(keys) != len(set(keys)):
            raise ValueError(f"field {self.key}: there are no options, or two have the same key")

    def take(self, raw: Raw, given: Given) -> Value:
        """Return as every field; but なし is an answer where it is the wording of an option."""
        if isinstance(raw, str) and self._named(raw, given.words):
            return self.read(raw, given)
        return super().take(raw, given)

    def renewed(self, value: Value) -> Value:
        """Return *value* with each key that an option had formerly replaced by the one it has now."""
        if isinstance(value, dict):
            return {**value, "picked": self.renewed(value["picked"])}
        if isinstance(value, list):
            return list(dict.fromkeys(self.renewed(key) for key in value))
        option = self._keyed(value)
        return option.key if option else value

    def _keyed(self, key: str) -> Option | None:
        """Return the option with *key*, or that had it in an earlier edition."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> Mapping[str, Option]:
        former = {old: each for each in self.options for old in each.formerly}
        return former | {each.key: each for each in self.options}

    def _tapped(self, key: str) -> Option:
        option = self._keyed(key)
        if option is None:
            raise self._unknown()
        return option

    def _named(self, text: str, words: Words | None) -> Option | None:
        """Return the one option that typed *text* names."""
        return Naming(self.options, words).one(text) if len(text) <= LONGEST_TYPED else None

    def _shown(self, keys: Iterable[str], words: Words) -> Iterable[str]:
        for key in keys:
            option = self._keyed(key)
            yield words.text(option.label) if option else key

    def _unknown(self) -> Invalid:
        return Invalid(_("1から{count}までの番号を送ってください。例：1"), count=len(self.options))

    def _input(self, control: Control) -> Input:
        return Input(
            "", control, self.label, example=self.example, options=self.options, required=self.required
        )


@dataclass(frozen=True)
class Choice(_Optioned):
    """One of *options*; the value is its key."""

    def inputs(self, given: Given) -> tuple[Input, ...]:  # noqa: ARG002 -- the options are always the same
        """Return the options."""
        return (self._input(Control.ONE_OF),)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the key of the option tapped or named."""
        option = self._named(raw, given.words) if isinstance(raw, str) else self._tapped(only(raw))
        if option is None:
            raise self._unknown()
        return option.key

    def is_complete(self, value: Value) -> bool:
        """Return whether *value* is still an option; one that this edition dropped is asked again."""
        return self._keyed(value) is not None

    def show(self, value: Value, words: Words) -> str:
        """Return the wording of the option; its key where no edition knows it any more."""
        return "".join(self._shown([value], words))


@dataclass(frozen=True)
class Choices(_Optioned):
    """From *least* to *most* of *options*; the value is a list of keys in the order of the options.

    While a person ticks one after the other it is ``{"picked": [...]}``.
    """

    least: int = field(default=1, kw_only=True)
    most: int | None = field(default=None, kw_only=True)

    def inputs(self, given: Given) -> tuple[Input, ...]:  # noqa: ARG002 -- the options are always the same
        """Return the options."""
        return (self._input(Control.MANY_OF),)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the keys chosen at once, or those ticked so far."""
        if isinstance(raw, str):
            return self._complete(self._typed(raw, given.words))
        before = _picked(given.before)
        if "add" in raw:
            return self._toggled(before, self._tapped(part_of(raw, "add")).key)
        if "several" in raw:
            return {"picked": self._keys(raw, "picked") if "picked" in raw else before}
        return self._complete(before if "done" in raw else self._keys(raw, ""))

    def raw(self, value: Value) -> Raw:
        """Return *value* as a page gives it, or as ticking goes on."""
        return {"": value} if isinstance(value, list) else {"several": "1", "picked": value["picked"]}

    def is_complete(self, value: Value) -> bool:
        """Return whether the ticking is done, and every tick is still an option."""
        return isinstance(value, list) and all(self._keyed(key) for key in value)

    def show(self, value: Value, words: Words) -> str:
        """Return the wordings of the options chosen."""
        return words.text(_("、")).join(self._shown(_picked(value), words))

    def _toggled(self, before: list[str], key: str) -> Value:
        now = self._in_order({*before} ^ {key})
        return self._complete(now) if len(now) == len(self.options) else {"picked": self._at_most(now)}

    def _typed(self, text: str, words: Words | None) -> list[str]:
        """Return the keys named in *text*: 1と3, labels with 、 between them, or 全部."""
        if says_all(text):
            return [option.key for option in self.options]
        found = self._named_in(text, words) if len(text) <= LONGEST_TYPED else None
        if found is None:
            text = _(
                "1から{count}までの番号を送ってください。2つ以上えらぶときは「1、3」のように送ってください。"
            )
            raise Invalid(text, count=len(self.options))
        return self._in_order(option.key for option in found)

    def _named_in(self, text: str, words: Words | None) -> list[Option] | None:
        naming = Naming(self.options, words)
        whole = naming.one(text)
        if whole:
            return [whole]
        numbered = naming.numbered(text)
        if numbered:
            return numbered
        each = [naming.one(part) for part in _BETWEEN.split(text) if part.strip()]
        named = [option for option in each if option]
        return named if named and len(named) == len(each) else None

    def _keys(self, parts: Parts, name: str) -> list[str]:
        given = parts.get(name, "")
        keys = [given] if isinstance(given, str) else given
        return self._in_order(self._tapped(key).key for key in keys if key)

    def _in_order(self, keys: Iterable[str]) -> list[str]:
        chosen = {*keys}
        return [option.key for option in self.options if option.key in chosen]

    def _complete(self, keys: list[str]) -> Value:
        if len(keys) < self.least:
            raise Invalid(_("{least}つ以上えらんでください。番号でも答えられます。例：1"), least=self.least)
        return self._at_most(keys)

    def _at_most(self, keys: list[str]) -> list[str]:
        if self.most is not None and len(keys) > self.most:
            raise Invalid(_("えらべるのは{most}つまでです。えらび直してください。例：1"), most=self.most)
        return keys


@dataclass(frozen=True, kw_only=True)
class Consent(Field):
    """A *statement* that the person confirms; the only value is True."""

    statement: str

    def inputs(self, given: Given) -> tuple[Input, ...]:  # noqa: ARG002 -- a statement is always the same
        """Return the statement with its tick."""
        return (Input("", Control.TICK, self.statement, required=self.required),)

    def read(self, raw: Raw, given: Given) -> Value:  # noqa: ARG002
        """Return True; whoever does not confirm cannot go on."""
        if _agrees(raw) if isinstance(raw, str) else ticked(only(raw)):
            return True
        refusal = _(
            "申請には、この内容の確認が必要です。確認できたら「はい」、やめるときは「中止」と送ってください。"
        )
        raise Invalid(refusal)

    def raw(self, value: Value) -> Raw:  # noqa: ARG002
        """Return the tick."""
        return {"": "yes"}

    def show(self, value: Value, words: Words) -> str:  # noqa: ARG002
        """Return that the statement was confirmed."""
        return words.text(_("確認しました"))


def _agrees(text: str) -> bool:
    return len(text) <= LONGEST_TYPED and read_yes_no(text) is True


def _picked(value: Value) -> list[str]:
    """Return the keys of a value of :class:`Choices`, complete or not."""
    if isinstance(value, dict):
        value = value.get("picked", [])
    return list(value or [])
