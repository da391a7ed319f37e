"""Points on the map, or landmarks in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.events import Parts
from dialogs.fields.base import Cell, Column, Control, Field, Given, Input, Invalid, Raw, Value, only, part_of
from dialogs.fields.typed import empty, fitting, one_line, without_my_number
from dialogs.reading.text import clean, clip
from dialogs.words import Words, _

_DEGREES = re.compile(r"[-+]?[0-9]{1,3}(?:\.[0-9]{0,30})?(?:[eE]-[0-9]{1,3})?", re.ASCII)
_DECIMALS = 6  # a tenth of a metre
_LONGEST = 100
_FARTHEST_NORTH, _FARTHEST_EAST = 90, 180


@dataclass(frozen=True, kw_only=True)
class Place(Field):
    """A place: ``{"lat", "lng", "name"}`` (WGS 84 degrees), or ``{"name"}`` in words unless *exact*."""

    exact: bool = False

    def inputs(self, given: Given) -> tuple[Input, ...]:  # noqa: ARG002 -- a place is always asked the same
        """Return the map."""
        return (
            Input(
                "",
                Control.PLACE,
                self.label,
                example=self.example,
                longest=_LONGEST,
                required=self.required,
            ),
        )

    def read(self, raw: Raw, given: Given) -> Value:  # noqa: ARG002
        """Return the point of the map, or the landmark."""
        if isinstance(raw, str):
            return self._worded(raw)
        if part_of(raw, "lat") or part_of(raw, "lng"):
            return _point(raw)
        return self._worded(part_of(raw, "name") or only(raw))

    def raw(self, value: Value) -> Raw:
        """Return the parts of the place."""
        return {name: str(part) for name, part in value.items()}

    def show(self, value: Value, words: Words) -> str:
        """Return the name of the place; without one its degrees, north and east."""
        if value["name"]:
            return str(value["name"])
        return words.text(_("地図の位置 {lat}, {lng}"), lat=str(value["lat"]), lng=str(value["lng"]))

    def columns(self) -> Sequence[Column]:
        """Return the columns of the point and of its name."""
        return (Column("lat", _("緯度")), Column("lng", _("経度")), Column("name", _("場所の名前")))

    def cells(self, value: Value, words: Words) -> Sequence[Cell]:  # noqa: ARG002
        """Return the point as numbers, and its name."""
        place = value or {}
        return (place.get("lat"), place.get("lng"), place.get("name"))

    def _worded(self, text: str) -> Value:
        if self.exact:
            raise Invalid(_("地図を開いて、場所を1つえらんでください。「地図でえらぶ」から送れます。"))
        name = fitting(one_line(text), _LONGEST)
        if not name:
            raise empty(self.label, self.example)
        return {"name": without_my_number(name)}


def _point(parts: Parts) -> Value:
    lat = _degrees(part_of(parts, "lat"), _FARTHEST_NORTH)
    lng = _degrees(part_of(parts, "lng"), _FARTHEST_EAST)
    if lat is None or lng is None:
        raise Invalid(_("地図の位置を読み取れませんでした。もう一度、地図から送ってください。"))
    # The platform's own name for the point, which nobody typed: cut rather than refused.
    name = clip(one_line(part_of(parts, "name"))[: _LONGEST * 2], _LONGEST)
    return {"lat": lat, "lng": lng, "name": clean(name)}


def _degrees(text: str, most: int) -> float | None:
    if not _DEGREES.fullmatch(text):
        return None
    degrees = round(float(text), _DECIMALS) + 0
    return degrees if -most <= degrees <= most else None
