"""Which entries of the guide a question is about: pairs of characters, the rarer the weightier.

Japanese is written without spaces, on telephones with slips and often in kana, so words are not looked for but
pairs of characters (in Latin script words, and triples of letters beside them).  What a pair counts follows from
how few entries have it; what stands in many, such as です, counts next to nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log

from dialogs.howto.aliases import ALIASES, ONLY_WITH, WARNINGS, Aliases
from dialogs.howto.entries import ENTRIES
from dialogs.reading.text import clean
from dialogs.words import Words

FEW = 3
"""Candidates that are shown."""

LONGEST = 200
"""Characters of a question that are looked at: one sentence, not somebody's whole story."""

WELL, ENOUGH = 4.0, 0.12
"""The least score, and the least share of what was asked, with which words that were no question are taken for one."""

TITLE, ALIAS, TEXT = 3.0, 3.0, 1.0
"""What a pair counts in a title, in another word for it, in the answer."""

_SATURATION = 2.0  # a pair that stands in an entry three times does not count three times as much
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_DROPPED = dict.fromkeys(map(ord, "ー〜~・"))  # untranslated: what people leave out when they type
_RUNS = re.compile(r"[a-z0-9']+|[^\W_a-z0-9]+")
_LATIN = re.compile(r"[a-z0-9']")
_KANJI = re.compile(r"[一-鿿]")  # untranslated: a range of characters
_ENDINGS = re.compile(r"(?:ing|ed|es|s)$")
_STEM = 3


@dataclass(frozen=True)
class Found:
    """An entry and how well it fits: *score* to order by, *share* (0 to 1) of what was asked that it knows."""

    key: str
    score: float
    share: float
    warned: bool = False

    @property
    def fits_well(self) -> bool:
        """Return whether this is about the guide, even where nobody said that it is."""
        return self.warned or (self.score >= WELL and self.share >= ENOUGH)


@dataclass(frozen=True)
class Index:
    """What each pair of characters counts for each entry, and how rare it is among them."""

    weights: Mapping[str, Mapping[str, float]]
    rarity: Mapping[str, float]
    unknown: float

    def found(self, question: str) -> tuple[Found, ...]:
        """Return the entries that have anything in common with *question*, the best first, dangers before all."""
        asked = Counter(grams(question))
        whole = sum(self.rarity.get(each, self.unknown) for each in asked)
        warned = warnings(question)
        found = [self._fitting(key, asked, whole, warned=key in warned) for key in self.weights]
        hits = [each for each in found if each.score or each.warned]
        return tuple(sorted(hits, key=lambda each: (not each.warned, -each.score)))

    def _fitting(self, key: str, asked: Counter[str], whole: float, *, warned: bool) -> Found:
        weights = self.weights[key]
        common = [each for each in asked if each in weights]
        score = sum(weights[each] * self.rarity[each] for each in common)
        share = sum(self.rarity[each] for each in common) / whole if common else 0.0
        return Found(key, score, share, warned)


def index(words: Words, added: Aliases | None = None) -> Index:
    """Return the index of the guide for readers of *words*; *added* are words that the staff gave entries."""
    shown = tuple((words.text(each.title), words.text(each.text)) for each in ENTRIES)
    return made(shown, tuple(sorted((added or {}).items())))


@lru_cache(maxsize=8)
def made(shown: tuple[tuple[str, str], ...], added: tuple[tuple[str, tuple[str, ...]], ...]) -> Index:
    """Return the index of the guide, kept for each language: titles and texts as *shown*, words by entry *added*."""
    weights = {key: dict(given) for key, given in guide().items()}
    for each, (title, text) in zip(ENTRIES, shown, strict=True):
        if (title, text) != (each.title, each.text):
            _add(weights[each.key], grams(title), TITLE)
            _add(weights[each.key], grams(text), TEXT)
    for key, given in added:
        for word in given if key in weights else ():
            _add(weights[key], grams(word), ALIAS)
    return _index(weights)


@lru_cache(maxsize=1)
def guide() -> Mapping[str, Mapping[str, float]]:
    """Return how often each pair stands in each entry, weighted: the guide as written, and its other words."""
    found: dict[str, dict[str, float]] = {}
    for each in ENTRIES:
        own = found[each.key] = {}
        _add(own, grams(each.title), TITLE)
        _add(own, grams(each.text), TEXT)
        for language in ALIASES.values():
            for word in language.get(each.key, ()):
                _add(own, grams(word), ALIAS)
    return found


def _add(weights: dict[str, float], found: Iterable[str], weight: float) -> None:
    for each in found:
        weights[each] = weights.get(each, 0.0) + weight


def _index(weights: Mapping[str, Mapping[str, float]]) -> Index:
    standing = Counter(gram for own in weights.values() for gram in own)
    count = len(weights)
    rarity = {gram: log(1 + (count - many + 0.5) / (many + 0.5)) for gram, many in standing.items()}
    saturated = {
        key: {gram: weight / (weight + _SATURATION) for gram, weight in own.items()}
        for key, own in weights.items()
    }
    return Index(saturated, rarity, log(1 + (count + 0.5) / 0.5))


def warnings(question: str) -> frozenset[str]:
    """Return the entries whose danger *question* names in any language."""
    plain = _joined(question)
    named = {key for language in WARNINGS.values() for key, words in language.items() if _names(plain, words)}
    return frozenset(key for key in named if key not in ONLY_WITH or _names(plain, ONLY_WITH[key]))


def _names(plain: str, words: Iterable[str]) -> bool:
    return any(_joined(each) in plain for each in words)


def _joined(text: str) -> str:
    return "".join(_plain(text).split())


def grams(text: str) -> Iterator[str]:
    """Yield the pairs of characters of *text*, kanji by themselves too, and of Latin script words and triples."""
    plain = _plain(text)
    # Spaces stand between words of easy Japanese, and part nothing.
    for run in _RUNS.findall(re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", plain)):
        yield from _latin(run) if _LATIN.match(run) else _japanese(run)


def _latin(word: str) -> Iterator[str]:
    stem = _ENDINGS.sub("", word)
    stem = stem if len(stem) >= _STEM else word
    yield stem
    if len(stem) > _STEM:
        yield from (stem[at : at + _STEM] for at in range(len(stem) - _STEM + 1))


def _japanese(run: str) -> Iterator[str]:
    yield from (run[at : at + 2] for at in range(len(run) - 1))
    yield from _KANJI.findall(run)


def _plain(text: str) -> str:
    """Return *text* such as spellings of the same word meet: kana all hiragana, nothing drawn out."""
    key = unicodedata.normalize("NFKC", clean(text)[:LONGEST]).casefold()
    return key.translate(_KATAKANA).translate(_DROPPED)
