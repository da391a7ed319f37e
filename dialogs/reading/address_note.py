"""Which addresses a postal code is for, where several codes share one town: 1〜19丁目, その他, 南."""

from __future__ import annotations

import re

from dialogs.reading.address_fold import folded

_UNIT = "丁目|番地|番|号|階|区|線|地割"
_ITEM = r"\d+(?:-\d+)?(?:~\d+(?:-\d+)?)?"
_NUMBERS = re.compile(rf"(?P<items>{_ITEM}(?:、{_ITEM})*)(?P<unit>{_UNIT}|)")
_FLOOR = re.compile(r"(?P<main>\d+)(?P<branch>階|f)")
_LOTS = ("", "番地", "番", "号")
_REST = ("", "その他", "以下に掲載がない場合", "地階・階層不明")


def is_rest(note: str) -> bool:
    """Return whether the code is for what its neighbours leave over."""
    return note in _REST


def admits(note: str, rest: str) -> bool | None:
    """Return whether *rest*, what stands after the town, lies where *note* says; None: cannot be known.

    *rest* is folded.  For notes that are not :func:`is_rest`.
    """
    if "除く" in note or "「" in note:
        return None
    numbers = _NUMBERS.fullmatch("、".join(folded(part) for part in note.split("、")))
    if numbers is None:
        return _in_quarter(note, rest)
    return _in_numbers(numbers["items"].split("、"), numbers["unit"], rest)


def _in_quarter(note: str, rest: str) -> bool | None:
    """Return whether *rest* begins with one of the names, a 丁目 before it allowed (1丁目南3-2)."""
    if not rest:
        return None
    names = "|".join(re.escape(folded(name)) for name in note.split("、"))
    return re.match(rf"(?:\d+(?:丁目?|-)?)?字?(?:{names})", rest) is not None


def _in_numbers(items: list[str], unit: str, rest: str) -> bool | None:
    found = _FLOOR.search(rest) if unit == "階" else _counted(unit).match(rest)
    if found is None:
        return None
    main, branch = int(found["main"]), found["branch"] or ""
    # Above the lot (丁目, 区) what follows the number is only finer, never another place.
    lots = unit in _LOTS
    # 400、400−2番地 names its branches, so 400 is then that lot alone.
    named = any("-" in item for item in items)
    verdicts = [_in_item(item, main, branch if lots else "", named=named) for item in items]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _counted(unit: str) -> re.Pattern[str]:
    """Return what finds the number *unit* counts and its branch: 3丁目, 3-2, 3の2, but not 3番地 for 丁目."""
    own = unit.replace("目", "目?") if unit else "$"
    return re.compile(rf"(?P<main>\d+)(?!\d)(?:(?:{own})の?-?|[-の]|(?![番号丁階区線地条]))(?P<branch>\d+)?")


def _in_item(item: str, main: int, branch: str, *, named: bool) -> bool | None:
    low, _, high = item.partition("~")
    lot, _, own_branch = low.partition("-")
    if high:
        return int(lot) <= main <= int(high.partition("-")[0])
    if main != int(lot):
        return False
    if own_branch:
        return branch == own_branch
    if not branch:
        return True
    # Whether 17番地 means 17-3 too is the post office's secret.
    return False if named else None
