"""What LINE allows a button to do, and how long it may be, by the thing it stands in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.line.limits_checks import (
    ADDRESS,
    FINE,
    Found,
    Kinds,
    OneOf,
    Pattern,
    Problem,
    Shape,
    Text,
    Unit,
    wrong,
)

_DATA = Text(0, 300)
_SHOWN = Text(0, 300, Unit.GRAPHEMES)


def _said_once(action: Mapping[str, object]) -> Found:
    both = "displayText" in action and "text" in action
    return wrong("stands with displayText; only one of them is allowed", ".text") if both else FINE


def _keyboard_open(action: Mapping[str, object]) -> Found:
    if "fillInText" not in action or action.get("inputOption") == "openKeyboard":
        return FINE
    return wrong("needs inputOption openKeyboard", ".fillInText")


_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_PICKED = {
    "date": re.compile(_DAY, re.ASCII),
    "time": re.compile(_TIME, re.ASCII),
    "datetime": re.compile(rf"{_DAY}[Tt]{_TIME}", re.ASCII),
}
_FIRST_DAY, _LAST_DAY = "1900-01-01", "2100-12-31"


def _is_pick(mode: str, value: str) -> bool:
    if not _PICKED[mode].fullmatch(value):
        return False
    return mode == "time" or _is_day(value[:10])


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return _FIRST_DAY <= text <= _LAST_DAY


def _pickable(action: Mapping[str, object]) -> Found:
    """Find bounds of a picker that are not of its mode, or leave nothing to be picked."""
    mode = str(action["mode"])
    bounds = {name: str(action[name]).upper() for name in ("initial", "min", "max") if name in action}
    found = [
        Problem(f".{name}", f"must be a {mode} that the picker knows")
        for name, value in bounds.items()
        if not _is_pick(mode, value)
    ]
    if not found and "min" in bounds and "max" in bounds and bounds["max"] <= bounds["min"]:
        return wrong("must be later than min", ".max")
    return found


_BOUND = Text(1, 20)
ACTIONS: Mapping[str, Shape] = {
    "postback": Shape(
        {"data": _DATA},
        {
            "displayText": _SHOWN,
            "text": _SHOWN,
            "inputOption": OneOf("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"),
            "fillInText": _SHOWN,
        },
        (_said_once, _keyboard_open),
    ),
    "message": Shape({"text": Text(1, 300, Unit.GRAPHEMES)}),
    "uri": Shape({"uri": ADDRESS}, {"altUri": Shape({"desktop": ADDRESS})}),
    "datetimepicker": Shape(
        {"data": _DATA, "mode": OneOf("date", "time", "datetime")},
        {"initial": _BOUND, "max": _BOUND, "min": _BOUND},
        (_pickable,),
    ),
    "camera": Shape(),
    "cameraRoll": Shape(),
    "location": Shape(),
    "clipboard": Shape({"clipboardText": Text(1, 1_000)}),
    "richmenuswitch": Shape(
        {"data": _DATA, "richMenuAliasId": Pattern(r"[a-z0-9_-]{1,32}", "must be 1 to 32 of a-z 0-9 _ -")},
    ),
}


@dataclass(frozen=True)
class Label:
    """How long the words on a button may be, and whether it must have any."""

    text: Text
    needed: bool

    def on(self, shape: Shape) -> Shape:
        """Return *shape* with this label."""
        named = {"label": self.text}
        return shape.plus(named, {}) if self.needed else shape.plus({}, named)


_PLAIN = ("postback", "message", "uri", "datetimepicker", "clipboard")
_QUICK = (*_PLAIN, "camera", "cameraRoll", "location")
_MENU = (*_PLAIN, "richmenuswitch")


def _actions(kinds: tuple[str, ...], label: Label, *, lacking: Mapping[str, str]) -> Kinds:
    """Return the check of the actions *kinds*; *lacking* names a property that a kind has not here."""
    return Kinds({kind: label.on(ACTIONS[kind].but(lacking.get(kind, ""))) for kind in kinds})


def _label(least: int, most: int) -> Label:
    return Label(Text(least, most, Unit.GRAPHEMES), needed=least > 0)


# A second address for the desktop is for Flex alone; words said by a tap are displayText in a quick reply.
_NO_DESKTOP = {"uri": "altUri"}
TEMPLATE_ACTION = _actions(_PLAIN, _label(1, 20), lacking=_NO_DESKTOP)
IMAGE_CAROUSEL_ACTION = _actions(_PLAIN, _label(0, 12), lacking=_NO_DESKTOP)
QUICK_REPLY_ACTION = _actions(_QUICK, _label(1, 20), lacking={**_NO_DESKTOP, "postback": "text"})
FLEX_BUTTON_ACTION = _actions(_PLAIN, _label(1, 40), lacking={})
FLEX_ACTION = _actions(_PLAIN, _label(0, 40), lacking={})
FLEX_VIDEO_ACTION = _actions(("uri",), _label(0, 40), lacking={})
# LINE lets a label be left out here; ours may not, for it is all that a screen reader can say of the area.
RICH_MENU_ACTION = _actions(_MENU, _label(1, 20), lacking=_NO_DESKTOP)
