"""What the comparisons of a constraint leave possible, for each kind of question."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from dialogs.surveys.conditions import number
from dialogs.surveys.expressions import COUNT, LENGTH, OWN, TODAY, NotUnderstood, is_day, limits
from dialogs.surveys.model import Bounds, Kind
from dialogs.words import _, say

_FINEST = 0.01  # of a number with decimals: what lies just above another
_LONGEST_TEXT = 2000

_Limit = Callable[[Bounds, str, str, Kind], Bounds]


def bounded(kind: Kind, bounds: Bounds, constraint: str) -> Bounds:
    """Return *bounds* of a question of *kind* with those that *constraint* says.

    Raises:
        NotUnderstood: the constraint is none of this kind, or leaves nothing possible.
    """
    speaks_of, narrowed = _BY_KIND[kind]
    for each in limits(constraint):
        if each.key != speaks_of or narrowed is None:
            raise _not_of(kind)
        for sign in ("<=", ">=") if each.sign == "=" and speaks_of == COUNT else (each.sign,):
            bounds = narrowed(bounds, sign, each.value, kind)
    _check(bounds)
    return bounds


def _check(bounds: Bounds) -> None:
    numbers = bounds.least is not None and bounds.most is not None and bounds.least > bounds.most
    days = is_day(bounds.first) and is_day(bounds.last) and bounds.first > bounds.last
    if numbers or days:
        raise NotUnderstood(
            say(_("制約を満たす答えがありません。小さいほうと大きいほうを見直してください。"))
        )


def _not_of(kind: Kind) -> NotUnderstood:
    return NotUnderstood(say(_HOW[kind]))


_HOW: Mapping[Kind, str] = {
    Kind.TEXT: _("文字の質問の制約は「string-length(.) <= 100」だけが使えます。"),
    Kind.SELECT_MULTIPLE: _("複数えらぶ質問の制約は「count-selected(.) <= 3」のように、数だけが使えます。"),
    Kind.SELECT_ONE: _(
        "1つえらぶ質問に制約は使えません。選択肢を減らすか、relevant で質問を分けてください。"
    ),
    Kind.DATE: _("日付の制約は「. >= date('2027-04-01') and . <= today()」のように書いてください。"),
    **dict.fromkeys(
        (Kind.INTEGER, Kind.DECIMAL, Kind.RANGE),
        _("数の制約は「. >= 0 and . <= 120」のように書いてください。"),
    ),
}


def _amount(bounds: Bounds, sign: str, value: str, kind: Kind) -> Bounds:
    limit = number(value)
    if limit is None or sign in {"=", "!="}:
        raise _not_of(kind)
    whole = kind is not Kind.DECIMAL
    if sign in {">", ">="}:
        least = limit if sign == ">=" else _next_above(limit, whole=whole)
        return replace(bounds, least=max(least, -math.inf if bounds.least is None else bounds.least))
    most = limit if sign == "<=" else -_next_above(-limit, whole=whole)
    return replace(bounds, most=min(most, math.inf if bounds.most is None else bounds.most))


def _next_above(limit: float, *, whole: bool) -> float:
    return math.floor(limit) + 1 if whole else round(limit + _FINEST, 2)


def _length(bounds: Bounds, sign: str, value: str, kind: Kind) -> Bounds:
    found = _amount(bounds, sign, value, kind)
    if found.least is not None or not found.most or not 1 <= found.most <= _LONGEST_TEXT:
        raise _not_of(kind)
    return found


def _count(bounds: Bounds, sign: str, value: str, kind: Kind) -> Bounds:
    found = _amount(bounds, sign, value, kind)
    if found.most is not None and found.most < 1:
        raise _not_of(kind)
    return found


def _day(bounds: Bounds, sign: str, value: str, kind: Kind) -> Bounds:
    if sign in {"=", "!="} or not (is_day(value) or (value == TODAY and sign.endswith("="))):
        raise _not_of(kind)
    if sign in {">", ">="}:
        return replace(bounds, first=value if sign == ">=" else _moved(value, 1))
    return replace(bounds, last=value if sign == "<=" else _moved(value, -1))


def _moved(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


_BY_KIND: Mapping[Kind, tuple[str, _Limit | None]] = {
    Kind.TEXT: (LENGTH, _length),
    Kind.INTEGER: (OWN, _amount),
    Kind.DECIMAL: (OWN, _amount),
    Kind.RANGE: (OWN, _amount),
    Kind.DATE: (OWN, _day),
    Kind.SELECT_MULTIPLE: (COUNT, _count),
    Kind.SELECT_ONE: (OWN, None),
}


def scale(parameters: Sequence[tuple[str, str]]) -> Bounds:
    """Return the bounds of a range by its *parameters* start, end and step (0, 10 and 1 where not given).

    Raises:
        NotUnderstood: they are no numbers, or leave nothing between.
    """
    given = {"start": 0.0, "end": 10.0, "step": 1.0}
    for name, value in parameters:
        amount = number(value)
        if name not in given or amount is None:
            text = _("「{part}」は読み取れません。「start=1 end=5 step=1」のように書いてください。")
            raise NotUnderstood(say(text, part=f"{name}={value}"[:40]))
        given[name] = amount
    if given["start"] >= given["end"] or given["step"] <= 0:
        raise NotUnderstood(say(_("start は end より小さく、step は0より大きくしてください。")))
    return Bounds(given["start"], given["end"], given["step"])
