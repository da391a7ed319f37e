"""A Japanese address as people write it, read with the post office's table of towns.

What could be two places is no place: nothing here guesses (003-02, 003-50).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from dialogs.reading.address_fold import HYPHENS, Folded, fold, folded, tidy
from dialogs.reading.address_note import admits, is_rest

_DIGIT = "[0-9０-９]"
_HYPHEN = f"[{HYPHENS}]"
# Possessive: linear in the length of whatever is typed.
_POSTCODE = rf"\s*+(?:郵便番号)?[:：\s]*+[〒〶]?\s*+({_DIGIT}{{3}})(?:{_HYPHEN}|\s)?({_DIGIT}{{4}})"
_ONLY_POSTCODE = re.compile(rf"{_POSTCODE}\s*+(?:です)?[。.]?\s*+")
_LEADING_POSTCODE = re.compile(rf"{_POSTCODE}(?!{_HYPHEN}?{_DIGIT})")
_GRID = re.compile(r"([北南]\d+)条([東西])")
_STREET = re.compile(r"(?P<quarter>.*\D)(?P<number>\d+)条")
_LOT_FOLLOWS = re.compile(r"$|\d(?!\d*条)|字|大字|番外地|無番地")


@dataclass(frozen=True)
class Town:
    """One town and the postal code it is reached by; *town* is empty in the code for a whole city.

    *ward* is empty where the city has none.  *note* says which part of the town the code is for.
    """

    postcode: str
    prefecture: str
    city: str
    ward: str
    town: str
    kana: str
    note: str

    @property
    def address(self) -> str:
        """Return the address down to the town: 北海道札幌市南区藤野五条."""
        return f"{self.prefecture}{self.city}{self.ward}{self.town}"


@dataclass(frozen=True)
class Match:
    """An address understood: its town, and lot and building as they were written."""

    town: Town
    rest: str


class PostalTable(Protocol):
    """The towns of the nation, as dialogs need them."""

    def towns(self, postcode: str) -> tuple[Town, ...]:
        """Return the towns of seven digits, most often one; none where there is no such code."""
        ...

    def match(self, text: str) -> Match | None:
        """Return the one place in the desk's city that *text* can mean, None where it is none or several."""
        ...


def read_postcode(text: str) -> str | None:
    """Return the seven digits of a postal code standing alone, None where *text* is anything else."""
    found = _ONLY_POSTCODE.fullmatch(text)
    return _narrow(found) if found else None


def split_postcode(text: str) -> tuple[str | None, str]:
    """Return the postal code an address begins with, if it does, and the address."""
    found = _LEADING_POSTCODE.match(text)
    return (_narrow(found), text[found.end() :]) if found else (None, text)


def show_postcode(postcode: str) -> str:
    """Return seven digits as they are printed: 060-0001."""
    return f"{postcode[:3]}-{postcode[3:]}"


def _narrow(found: re.Match[str]) -> str:
    return "".join(str(int(digit)) for digit in found[1] + found[2])


@dataclass(frozen=True)
class _Head:
    """What an address says before its town, and where the town begins; "" for what it leaves out."""

    prefecture: str
    city: str
    ward: str
    end: int

    def allows(self, town: Town) -> bool:
        said = (self.prefecture, self.city, self.ward)
        has = (town.prefecture, town.city, town.ward)
        return all(word in ("", own) for word, own in zip(said, has, strict=True))


class AddressMatcher:
    """Finds the one town of some cities that an address can mean."""

    def __init__(self, towns: Iterable[Town]) -> None:
        """Take all *towns* of the cities: what is missing here cannot make an address ambiguous."""
        by_name: dict[str, list[Town]] = defaultdict(list)
        places: list[Town] = []
        for town in towns:
            places.append(town)
            for name in _names(town.town):
                by_name[name].append(town)
        self._by_name: Mapping[str, tuple[Town, ...]] = {name: tuple(same) for name, same in by_name.items()}
        self._longest = max(map(len, self._by_name), default=0)
        self._codes = frozenset(town.postcode for town in places if town.town)
        self._prefectures = _spellings({town.prefecture for town in places})
        self._cities = _spellings({town.city for town in places}) + _spellings(
            # 札幌北区, as it is said
            {town.city for town in places if town.city.endswith("市")},
            without="市",
        )
        self._wards = _spellings({town.ward for town in places if town.ward})
        self._buildings = _buildings(places)
        self._streets = _streets(places)

    def match(self, text: str) -> Match | None:
        """Return the one place *text* can mean and what stands after the town, None if none or several.

        Prefecture, city and ward may be left out; a postal code before them must not contradict them.
        """
        postcode, address = split_postcode(text)
        spelt = fold(address)
        # Towns that differ only in their kana, or in parts that share one code, are one place.
        found = {(town.postcode, town.address): (town, end) for town, end in self._readings(spelt, postcode)}
        if len(found) != 1:
            return None
        ((town, end),) = found.values()
        return Match(town, tidy(address[spelt.ends[end - 1] :]))

    def _readings(self, spelt: Folded, postcode: str | None) -> Iterator[tuple[Town, int]]:
        """Yield the towns that can be meant, each with the end of its name in *spelt*."""
        heads = [(head, self._end_of_town(spelt, head)) for head in self._heads(spelt.text)]
        furthest = max((end for _, end in heads), default=0)
        for head, end in heads:
            if furthest and end == furthest:
                name, rest = spelt.text[head.end : end], spelt.text[end:]
                yield from ((town, end) for town in self._possible(name, rest, head, postcode))

    def _heads(self, text: str) -> Iterator[_Head]:
        for prefecture, after_prefecture in _starts(text, 0, self._prefectures):
            for city, after_city in _starts(text, after_prefecture, self._cities):
                for ward, end in _starts(text, after_city, self._wards):
                    yield _Head(prefecture, city, ward, _skip_oaza(text, end))

    def _end_of_town(self, spelt: Folded, head: _Head) -> int:
        """Return where the longest town after *head* ends, 0 where there is none."""
        most = min(head.end + self._longest, len(spelt.text))
        for end in range(most, head.end, -1):
            same = self._by_name.get(spelt.text[head.end : end], ())
            if any(head.allows(town) for town in same) and not spelt.splits(end):
                return end
        return 0

    def _possible(self, name: str, rest: str, head: _Head, postcode: str | None) -> list[Town]:
        """Return the towns called *name* that *rest* and *postcode* do not exclude."""
        same = self._by_name[name]
        verdicts = {town: self._verdict(town, rest) for town in same if not is_rest(town.note)}
        # What its neighbours leave over is possible until one of them claims the lot.
        left_over = True not in verdicts.values()
        places = [town for town in same if head.allows(town) and verdicts.get(town, left_over) is not False]
        if not _LOT_FOLLOWS.match(rest):
            places = [town for town in places if verdicts.get(town) is True]
        if postcode in self._codes:
            return [town for town in places if town.postcode == postcode]
        return [town for town in places if not self._may_be_street(town, rest)]

    def _verdict(self, town: Town, rest: str) -> bool | None:
        """Return whether *rest* lies in the part of the town this code is for, None: cannot be known."""
        if "ビルを除く" in town.note:
            towers = self._buildings.get((town.city, town.ward), ())
            inside = any(tower.removeprefix(folded(town.town)) in rest for tower in towers)
            return False if inside else None
        return admits(town.note, rest)

    def _may_be_street(self, town: Town, rest: str) -> bool:
        """Return whether a street with a number may be meant: 西野8-3-2 is 西野8条3丁目2 to many."""
        streets = self._streets.get((town.city, town.ward, folded(town.town)), frozenset())
        number = re.match(r"(\d+)(?!\d|番)", rest)
        return bool(streets) and (not rest or (number is not None and number[1] in streets))


def _names(town: str) -> set[str]:
    """Return the spellings a town is found by; none for the code of a whole city."""
    name = folded(town)
    name = name[_skip_oaza(name, 0) :]
    # 北1西2 is how Sapporo says 北1条西2丁目.
    return {name, _GRID.sub(r"\1\2", name)} - {""}


def _skip_oaza(text: str, at: int) -> int:
    """Return where the name begins after 大字 or 字, which people write or leave out."""
    for word in ("大字", "字"):
        if text.startswith(word, at):
            return at + len(word)
    return at


def _spellings(names: set[str], without: str = "") -> tuple[tuple[str, str], ...]:
    """Return (as folded, name) of each of *names*."""
    return tuple(sorted((folded(name.removesuffix(without)), name) for name in names))


def _starts(text: str, at: int, names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, int]]:
    """Yield each of *names* that stands in *text* from *at* on, with its end; and that none is said."""
    yield "", at
    for spelling, name in names:
        if text.startswith(spelling, at):
            yield name, at + len(spelling)


def _buildings(towns: Iterable[Town]) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the towers whose floors have codes of their own, by city and ward."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for town in towns:
        if town.note.endswith("階"):
            found[town.city, town.ward].add(folded(town.town))
    return {place: frozenset(names) for place, names in found.items()}


def _streets(towns: Iterable[Town]) -> Mapping[tuple[str, str, str], frozenset[str]]:
    """Return the numbers of the streets (条) that quarters have, by city, ward and quarter."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for town in towns:
        if street := _STREET.match(folded(town.town)):
            found[town.city, town.ward, street["quarter"]].add(street["number"])
    return {quarter: frozenset(numbers) for quarter, numbers in found.items()}
