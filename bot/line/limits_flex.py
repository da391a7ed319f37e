"""What LINE allows in a Flex Message."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from bot.line.limits_actions import FLEX_ACTION, FLEX_BUTTON_ACTION, FLEX_VIDEO_ACTION
from bot.line.limits_checks import (
    FINE,
    HTTPS,
    RGBA,
    Check,
    Found,
    Kinds,
    ListOf,
    OneOf,
    Pattern,
    Shape,
    Text,
    Whole,
    truth,
    wrong,
)

BUBBLE_BYTES, CAROUSEL_BYTES = 30_000, 50_000
_MOST_BUBBLES, _MOST_ANIMATED = 12, 10
# No limit is documented for these; the bytes of the bubble end them.
_MANY, _LONG = 1_000, 30_000

_STEPS = ("none", "xs", "sm", "md", "lg", "xl", "xxl")
_FONTS = ("xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl")
_PX, _PERCENT = r"\d{1,5}(?:\.\d+)?px", r"\d{1,3}(?:\.\d+)?%"


def _length(*words: str) -> Check:
    """Return the check of a length: one of *words*, of which some are expressions for pixels or per cent."""
    known = frozenset(word for word in words if "\\" not in word)
    pattern = Pattern("|".join(words), "must be a length or one of the sizes of this property")
    return lambda value: FINE if isinstance(value, str) and value in known else pattern(value)


_GAP = _length(*_STEPS, _PX)
_INSET = _length(*_STEPS, _PX, _PERCENT)
_FONT = _length(*_FONTS, _PX)
_EXTENT = _length(_PX, _PERCENT)
_BORDER = _length("none", "light", "normal", "medium", "semi-bold", "bold", _PX)
_IMAGE_SIZE = _length(*_FONTS, "full", _PX, _PERCENT)
_ALIGN, _GRAVITY = OneOf("start", "end", "center"), OneOf("top", "bottom", "center")
_FLEX, _LINES = Whole(0, 10_000), Whole(0, 10_000)
_SHRINK = OneOf("shrink-to-fit")
_WEIGHT, _STYLE = OneOf("regular", "bold"), OneOf("normal", "italic")
_DECORATION = OneOf("none", "underline", "line-through")

_RATIO = re.compile(r"(\d{1,6}(?:\.\d+)?):(\d{1,6}(?:\.\d+)?)", re.ASCII)


def _ratio(value: object) -> Found:
    """Find what is not ``width:height`` of 1 to 100,000 each, at most three times as high as wide."""
    match = _RATIO.fullmatch(value) if isinstance(value, str) else None
    if not match:
        return wrong("must be a ratio like 20:13")
    width, height = float(match[1]), float(match[2])
    if not (1 <= width <= 100_000 and 1 <= height <= 100_000 and height <= 3 * width):  # noqa: PLR2004 - LINE's
        return wrong("must be of 1 to 100000 each and at most three times as high as wide")
    return FINE


_PLACED: Mapping[str, Check] = {
    "margin": _GAP,
    "position": OneOf("relative", "absolute"),
    **{f"offset{side}": _INSET for side in ("Top", "Bottom", "Start", "End")},
}


def _worded(text: Mapping[str, object]) -> Found:
    return FINE if text.get("contents") or "text" in text else wrong("is missing", ".text")


_SPAN = Shape(
    {"text": Text(1, _LONG)},
    {"size": _FONT, "color": RGBA, "weight": _WEIGHT, "style": _STYLE, "decoration": _DECORATION},
)
_TEXT = Shape(
    {},
    {
        **_PLACED,
        "text": Text(1, _LONG),
        "contents": ListOf(Kinds({"span": _SPAN}), 0, _MANY),
        "flex": _FLEX,
        "size": _FONT,
        "align": _ALIGN,
        "gravity": _GRAVITY,
        "color": RGBA,
        "weight": _WEIGHT,
        "style": _STYLE,
        "decoration": _DECORATION,
        "wrap": truth,
        "lineSpacing": _length(_PX),
        "action": FLEX_ACTION,
        "maxLines": _LINES,
        "adjustMode": _SHRINK,
        "scaling": truth,
    },
    (_worded,),
)
_BUTTON = Shape(
    {"action": FLEX_BUTTON_ACTION},
    {
        **_PLACED,
        "flex": _FLEX,
        "color": RGBA,
        "style": OneOf("primary", "secondary", "link"),
        "gravity": _GRAVITY,
        "height": OneOf("sm", "md"),
        "adjustMode": _SHRINK,
        "scaling": truth,
    },
)
_IMAGE = Shape(
    {"url": HTTPS},
    {
        **_PLACED,
        "flex": _FLEX,
        "align": _ALIGN,
        "gravity": _GRAVITY,
        "size": _IMAGE_SIZE,
        "aspectRatio": _ratio,
        "aspectMode": OneOf("cover", "fit"),
        "backgroundColor": RGBA,
        "action": FLEX_ACTION,
        "animated": truth,
    },
)
_ICON = Shape({"url": HTTPS}, {**_PLACED, "size": _FONT, "aspectRatio": _ratio, "scaling": truth})
_SEPARATOR = Shape({}, {"margin": _GAP, "color": RGBA})
_FILLER = Shape({}, {"flex": _FLEX})
_GRADIENT = Shape(
    {
        "angle": Pattern(r"\d{1,3}(?:\.\d+)?deg", "must be an angle like 90deg"),
        "startColor": RGBA,
        "endColor": RGBA,
    },
    {"centerColor": RGBA, "centerPosition": _length(_PERCENT)},
)


def _box(value: object) -> Found:
    """Find what is wrong with a box: it may hold boxes, so that its check is made after it is named here."""
    return _BOX(value)


_IN_LINES: Mapping[str, Check] = {
    "box": _box,
    "button": _BUTTON,
    "image": _IMAGE,
    "text": _TEXT,
    "separator": _SEPARATOR,
    "filler": _FILLER,
}
_ON_BASELINE: Mapping[str, Check] = {"icon": _ICON, "text": _TEXT, "filler": _FILLER}


def _box_of(contents: Mapping[str, Check]) -> Shape:
    return Shape(
        {
            "layout": OneOf("horizontal", "vertical", "baseline"),
            "contents": ListOf(Kinds(contents), 0, _MANY),
        },
        {
            **_PLACED,
            **{f"padding{side}": _INSET for side in ("All", "Top", "Bottom", "Start", "End")},
            **dict.fromkeys(("width", "maxWidth", "height", "maxHeight"), _EXTENT),
            "flex": _FLEX,
            "spacing": _GAP,
            "backgroundColor": RGBA,
            "borderColor": RGBA,
            "borderWidth": _BORDER,
            "cornerRadius": _GAP,
            "action": FLEX_ACTION,
            "justifyContent": OneOf(
                "center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"
            ),
            "alignItems": OneOf("center", "flex-start", "flex-end"),
            "background": Kinds({"linearGradient": _GRADIENT}),
        },
    )


_LINES_BOX = _box_of(_IN_LINES)
_BOX = Kinds(
    {"horizontal": _LINES_BOX, "vertical": _LINES_BOX, "baseline": _box_of(_ON_BASELINE)},
    by="layout",
)
_BLOCK = Kinds({"box": _box})
_VIDEO = Shape(
    {"url": HTTPS, "previewUrl": HTTPS, "altContent": Kinds({"box": _box, "image": _IMAGE})},
    {"aspectRatio": _ratio, "action": FLEX_VIDEO_ACTION},
)
_BLOCK_STYLE = Shape({}, {"backgroundColor": RGBA, "separator": truth, "separatorColor": RGBA})
_BLOCKS = ("header", "hero", "body", "footer")


# Japanese is escaped on the wire, six bytes a character.  LINE does not say whether it counts before
# or after; what fits escaped fits both ways.
_encode = json.JSONEncoder(separators=(",", ":")).encode


def _fits(most: int) -> Check:
    """Return the rule of *most* bytes of JSON, and of how many pictures may move in one message."""

    def rule(container: object) -> Found:
        sent = _encode(container)
        if len(sent) > most:
            return wrong(f"is {len(sent)} bytes of JSON, at most {most} are allowed")
        moving = sent.count('"animated":true')
        return FINE if moving <= _MOST_ANIMATED else wrong(f"has more than {_MOST_ANIMATED} animated images")

    return rule


def _filled(bubble: Mapping[str, object]) -> Found:
    return FINE if any(block in bubble for block in _BLOCKS) else wrong("has no header, hero, body or footer")


def _wide_enough(bubble: Mapping[str, object]) -> Found:
    """Find a film in a bubble too small for it."""
    hero = bubble.get("hero")
    is_film = isinstance(hero, dict) and hero.get("type") == "video"
    if is_film and bubble.get("size", "mega") not in {"kilo", "mega", "giga"}:
        return wrong("must be kilo, mega or giga to hold a video", ".size")
    return FINE


def _bubble(hero: Mapping[str, Check]) -> Shape:
    return Shape(
        {},
        {
            "size": OneOf("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
            "direction": OneOf("ltr", "rtl"),
            "header": _BLOCK,
            "hero": Kinds(hero),
            "body": _BLOCK,
            "footer": _BLOCK,
            "styles": Shape({}, dict.fromkeys(_BLOCKS, _BLOCK_STYLE)),
            "action": FLEX_ACTION,
        },
        (_filled, _wide_enough, _fits(BUBBLE_BYTES)),
    )


def _one_size(carousel: Mapping[str, list[Mapping[str, object]]]) -> Found:
    sizes = {bubble.get("size", "mega") for bubble in carousel["contents"]}
    return FINE if len(sizes) == 1 else wrong("holds bubbles of different sizes", ".contents")


_STILL: Mapping[str, Check] = {"box": _box, "image": _IMAGE}
_CAROUSEL = Shape(
    {"contents": ListOf(Kinds({"bubble": _bubble(_STILL)}), 1, _MOST_BUBBLES)},
    {},
    (_one_size, _fits(CAROUSEL_BYTES)),
)
CONTAINER = Kinds({"bubble": _bubble({**_STILL, "video": _VIDEO}), "carousel": _CAROUSEL})
