"""Which town an address lies in, told from its postal code and from what a person wrote beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dialogs.fields.base import Invalid
from dialogs.fields.typed import fitting, one_line
from dialogs.reading.address import PostalTable, Town
from dialogs.reading.address_fold import fold, folded, tidy
from dialogs.words import _

_LONGEST_TOWN = 60
_FEW = 5
_LOT = re.compile(r"[0-9]+(?![0-9]*条)|番外地|無番地")  # untranslated: what is read
_BEFORE_NUMBER = re.compile(r"(?P<town>[^0-9０-９]*)(?P<lot>.*)", re.DOTALL)
_NUMBER = re.compile(r"[0-9]|番外地|無番地|番地[な無]し|地先")  # untranslated: what is read


@dataclass(frozen=True)
class Spot:
    """A town, and what stands behind it: lot and building, "" where that is not said."""

    town: Town
    lot: str

    @property
    def has_number(self) -> bool:
        """Return whether the lot is told, or that there is none."""
        return _NUMBER.search(folded(self.lot)) is not None


def spot(town: Town, lot: str) -> Spot:
    """Return *lot* in *town*, without the town where a person or a browser wrote it there once more."""
    left = settled(lot)
    while (behind := _behind(town, left)) is not None:
        left = behind
    return Spot(town, left)


def by_code(code: str, area: str, postal: PostalTable) -> Spot:
    """Return the town of the postal code *code* that *area* names, and what *area* says beyond it.

    *area* may be empty where the code is for one town only.

    Raises:
        Invalid: there is no such code (part "postcode"), or *area* is not in it (part "area").
    """
    towns = tuple({town.address: town for town in postal.towns(code)}.values())
    if not towns:
        text = _("その郵便番号は見つかりませんでした。番号を確かめて、もう一度入力してください。例：061-2285")
        raise Invalid(text, "postcode")
    named = [found for town in towns if (found := _named(town, area))]
    if named:
        return max(named, key=lambda found: len(found.town.town))
    possible = [town for town in towns if _may_be(town, area)]
    if len(possible) != 1:
        raise _elsewhere(towns)
    return Spot(possible[0], "")


def joined(area: str, lot: str) -> str:
    """Return *area* and *lot* in one line, their numbers kept apart."""
    apart = re.search("[0-9０-９]$", area) and re.match("[0-9０-９]", lot)
    return f"{area}-{lot}" if apart else f"{area}{lot}"


def settled(lot: str) -> str:
    """Return *lot* as it is kept; settling twice changes nothing."""
    before, after = "", tidy(one_line(lot))
    while after != before:
        before, after = after, tidy(one_line(after))
    return after


def _elsewhere(towns: tuple[Town, ...]) -> Invalid:
    if len(towns) == 1:
        text = _("この郵便番号は「{town}」です。郵便番号か町名を直してください。")
        return Invalid(text, "area", town=towns[0].address)
    names = "／".join(town.address for town in towns[:_FEW])
    text = _("この郵便番号には町がいくつかあります。町名まで入力してください。例：{towns}")
    return Invalid(text, "area", towns=names)


def _named(town: Town, area: str) -> Spot | None:
    """Return *town* and what stands behind it in *area*, None where *area* does not name it."""
    if town.town:
        behind = _behind(town, area)
        return None if behind is None else Spot(town, behind)
    behind = _behind(town, area, any_town=True)
    found = _BEFORE_NUMBER.fullmatch(behind) if behind is not None else None
    if found is None:
        return None
    # The code is for a whole city or ward: the town is what was written behind it.
    own = fitting(settled(found["town"]), _LONGEST_TOWN, "area")
    return Spot(replace(town, town=own), settled(found["lot"]))


def _behind(town: Town, text: str, *, any_town: bool = False) -> str | None:
    """Return what stands behind *town* in *text*, None where it does not begin with it.

    Behind a town stands a number or nothing, unless the code is for *any_town* of its city.
    """
    spelt = fold(text)
    for spelling in _spellings(town):
        after, end = spelt.text[len(spelling) :], len(spelling)
        if not spelt.text.startswith(spelling) or spelt.splits(end):
            continue
        if not after or any_town or _LOT.match(after):
            return settled(text[spelt.ends[end - 1] :])
    return None


def _may_be(town: Town, area: str) -> bool:
    """Return whether *area* says nothing that *town* is not, such as only its city."""
    said = folded(area)
    return not said or any(spelling.startswith(said) for spelling in _spellings(town))


def _spellings(town: Town) -> Iterator[str]:
    """Yield the ways to begin an address in *town*, the longest first."""
    cities = dict.fromkeys((town.city, town.city.removesuffix("市")))  # untranslated: 札幌北区, as it is said
    heads = [f"{before}{city}{town.ward}" for before in (town.prefecture, "") for city in cities]
    for head in dict.fromkeys((*heads, town.ward, "")):
        # A name of signs that are dropped would begin every address.
        if spelling := folded(f"{head}{town.town}"):
            yield spelling
