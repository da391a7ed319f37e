"""What LINE accepts, checked by ourselves before a message is queued.

LINE refuses a whole request for one label too long, and by then the turn is over and the resident waits.
The tables follow LINE's documented limits; most of them are in no machine-readable description.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import regex

from bot.line.limits_actions import (
    IMAGE_CAROUSEL_ACTION,
    QUICK_REPLY_ACTION,
    RICH_MENU_ACTION,
    TEMPLATE_ACTION,
)
from bot.line.limits_checks import (
    FINE,
    HTTPS,
    RGB,
    Check,
    Found,
    Kinds,
    ListOf,
    Named,
    Number,
    OneOf,
    Pattern,
    Problem,
    Shape,
    Text,
    Unit,
    Whole,
    below,
    truth,
    wrong,
)
from bot.line.limits_flex import CONTAINER

MOST_MESSAGES = 5
MOST_QUICK_REPLIES = 13
_ALT_TEXT = Text(1, 1_500)
_ID = Pattern(r"[0-9A-Za-z_-]+", "must be an id", 100)
_TOKEN = Text(1, 1_000)
_ANY_SIZE = 2_147_483_647


class MessageRefused(ValueError):
    """LINE would refuse this.  Its text says where and why, and repeats nothing of the message."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.path} {problem.message}" for problem in problems))
        self.problems = tuple(problems)


# --- texts


def _on_a_dollar(message: Mapping[str, object]) -> Found:
    """Find a LINE emoji that does not stand on the ``$`` kept free for it; LINE counts in UTF-16."""
    units = str(message["text"]).encode("utf-16-le")
    emojis = message.get("emojis", ())
    return [
        Problem(f".emojis[{place}].index", "must point at a $ of the text")
        for place, emoji in enumerate(emojis if isinstance(emojis, list | tuple) else ())
        if units[2 * emoji["index"] : 2 * emoji["index"] + 2] != b"$\0"
    ]


_BRACES = regex.compile(r"\{\{|\}\}|\{([0-9A-Za-z_]{1,20})\}|([{}])")


def _substituted(message: Mapping[str, object]) -> Found:
    """Find braces without a partner and names without a substitution."""
    given = message.get("substitution")
    names = given.keys() if isinstance(given, dict) else ()
    found = list(_BRACES.finditer(str(message["text"])))
    if any(match[2] for match in found):
        return wrong("has a brace without its partner; write {{ or }} for a brace", ".text")
    if any(match[1] and match[1] not in names for match in found):
        return wrong("names a substitution that is not given", ".text")
    return FINE


def _few_of_each(message: Mapping[str, object]) -> Found:
    given = message.get("substitution")
    kinds = [entry["type"] for entry in given.values()] if isinstance(given, dict) else []
    most = 20
    return [
        Problem(".substitution", f"has {kinds.count(kind)} of {kind}, at most {most} are allowed")
        for kind in ("mention", "emoji")
        if kinds.count(kind) > most
    ]


_EMOJI = {"productId": _ID, "emojiId": _ID}
_MENTIONEE = Kinds({"all": Shape(), "user": Shape({"userId": _ID})})
_SUBSTITUTION = Named(
    Pattern(r"[0-9A-Za-z_]{1,20}", "must be named by 1 to 20 letters, digits or _"),
    Kinds({"emoji": Shape(_EMOJI), "mention": Shape({"mentionee": _MENTIONEE})}),
    100,
)

# --- templates


def _shorter_beside(most: int) -> Check:
    """Return the rule that *text* shares its room with a picture or a title."""
    text = Text(1, most, Unit.GRAPHEMES)

    def rule(template: Mapping[str, object]) -> Found:
        beside = template.get("title") or template.get("thumbnailImageUrl")
        return below(".text", text(template["text"])) if beside else FINE

    return rule


def _columns_alike(template: Mapping[str, list[Mapping[str, list[object]]]]) -> Found:
    looks = {(len(c["actions"]), "title" in c, "thumbnailImageUrl" in c) for c in template["columns"]}
    if len(looks) == 1:
        return FINE
    return wrong("must all have as many actions, and all or none a picture and a title", ".columns")


_TITLE = Text(0, 40, Unit.GRAPHEMES)
_PICTURED: Mapping[str, Check] = {
    "thumbnailImageUrl": HTTPS,
    "imageBackgroundColor": RGB,
    "title": _TITLE,
    "defaultAction": TEMPLATE_ACTION,
}
_IMAGE_LOOK: Mapping[str, Check] = {
    "imageAspectRatio": OneOf("rectangle", "square"),
    "imageSize": OneOf("cover", "contain"),
}
_COLUMN = Shape(
    {"text": Text(1, 120, Unit.GRAPHEMES), "actions": ListOf(TEMPLATE_ACTION, 1, 3)},
    _PICTURED,
    (_shorter_beside(60),),
)
_IMAGE_COLUMN = Shape({"imageUrl": HTTPS, "action": IMAGE_CAROUSEL_ACTION})
_TEMPLATE = Kinds(
    {
        "buttons": Shape(
            {"text": Text(1, 160, Unit.GRAPHEMES), "actions": ListOf(TEMPLATE_ACTION, 1, 4)},
            {**_PICTURED, **_IMAGE_LOOK},
            (_shorter_beside(60),),
        ),
        "confirm": Shape({"text": Text(1, 240, Unit.GRAPHEMES), "actions": ListOf(TEMPLATE_ACTION, 2, 2)}),
        "carousel": Shape({"columns": ListOf(_COLUMN, 1, 10)}, _IMAGE_LOOK, (_columns_alike,)),
        "image_carousel": Shape({"columns": ListOf(_IMAGE_COLUMN, 1, 10)}),
    }
)

# --- messages

_QUICK_REPLY_ITEM = Shape({"action": QUICK_REPLY_ACTION}, {"type": OneOf("action"), "imageUrl": HTTPS})
# LINE refuses a sender that could be taken for LINE itself.
_NOT_LINE = regex.compile(r"(?<![A-Za-z])line(?![A-Za-z])", regex.IGNORECASE)


def _not_line(sender: Mapping[str, object]) -> Found:
    return wrong("must not be LINE", ".name") if _NOT_LINE.search(str(sender.get("name", ""))) else FINE


_ENVELOPE: Mapping[str, Check] = {
    "quickReply": Shape({"items": ListOf(_QUICK_REPLY_ITEM, 1, MOST_QUICK_REPLIES)}),
    "sender": Shape({}, {"name": Text(0, 20), "iconUrl": HTTPS}, (_not_line,)),
}
_QUOTING: Mapping[str, Check] = {"quoteToken": _TOKEN}
_PLACE_NAME = Text(1, 100)
_DIGITS = Pattern(r"[0-9]+", "must be a number written as text", 20)
_KINDS: Mapping[str, Shape] = {
    "text": Shape(
        {"text": Text(1, 5_000)},
        {**_QUOTING, "emojis": ListOf(Shape({"index": Whole(0, 5_000), **_EMOJI}), 0, 20)},
        (_on_a_dollar,),
    ),
    "textV2": Shape(
        {"text": Text(1, 5_000)},
        {**_QUOTING, "substitution": _SUBSTITUTION},
        (_substituted, _few_of_each),
    ),
    "sticker": Shape({"packageId": _DIGITS, "stickerId": _DIGITS}, _QUOTING),
    "image": Shape({"originalContentUrl": HTTPS, "previewImageUrl": HTTPS}),
    "video": Shape(
        {"originalContentUrl": HTTPS, "previewImageUrl": HTTPS},
        {"trackingId": Pattern(r"[-.=,+*()%$&;:@{}!?<>\[\]A-Za-z0-9_/]*", "must be plain ASCII", 100)},
    ),
    "audio": Shape({"originalContentUrl": HTTPS, "duration": Whole(1, _ANY_SIZE)}),
    "location": Shape(
        {
            "title": _PLACE_NAME,
            "address": _PLACE_NAME,
            "latitude": Number(-90, 90),
            "longitude": Number(-180, 180),
        },
    ),
    "template": Shape({"altText": _ALT_TEXT, "template": _TEMPLATE}),
    "flex": Shape({"altText": _ALT_TEXT, "contents": CONTAINER}),
}
_MESSAGES = ListOf(
    Kinds({kind: shape.plus({}, _ENVELOPE) for kind, shape in _KINDS.items()}), 1, MOST_MESSAGES
)


def check_messages(messages: Sequence[Mapping[str, object]]) -> list[Problem]:
    """Return what LINE would refuse in *messages*, the messages of one request; nothing when all is well.

    The 2 MB that a request may have need no look: five messages within these limits stay far below.
    """
    return _checked("messages", _MESSAGES, messages)


def require_valid(messages: Sequence[Mapping[str, object]]) -> None:
    """Let *messages* pass only if LINE will take them.

    Raises:
        MessageRefused: LINE would answer 400.
    """
    if problems := check_messages(messages):
        raise MessageRefused(problems)


def _checked(name: str, check: Check, value: object) -> list[Problem]:
    try:
        return below(name, check(value))
    except RecursionError:
        return [Problem(name, "is nested too deeply")]


# --- rich menus

_LOWEST, _FLATTEST = 250, 1.45


def _menu_size(size: Mapping[str, float]) -> Found:
    flat = size["width"] >= _FLATTEST * size["height"]
    return FINE if flat else wrong(f"must be at least {_FLATTEST} times as wide as high")


def _areas_inside(menu: Mapping[str, object]) -> Found:
    size, areas = menu["size"], menu["areas"]
    if not isinstance(size, dict) or not isinstance(areas, list | tuple):
        return FINE
    return [
        Problem(f".areas[{place}].bounds", "reaches beyond the menu")
        for place, area in enumerate(areas)
        if not _inside(area["bounds"], size)
    ]


def _inside(bounds: Mapping[str, int], size: Mapping[str, int]) -> bool:
    across, down = bounds["x"] + bounds["width"], bounds["y"] + bounds["height"]
    return across <= size["width"] and down <= size["height"]


_FROM_ZERO, _FROM_ONE = Whole(0, _ANY_SIZE), Whole(1, _ANY_SIZE)
_AREA = Shape(
    {
        "bounds": Shape({"x": _FROM_ZERO, "y": _FROM_ZERO, "width": _FROM_ONE, "height": _FROM_ONE}),
        "action": RICH_MENU_ACTION,
    },
)
_RICH_MENU = Shape(
    {
        "size": Shape({"width": Whole(800, 2_500), "height": Whole(_LOWEST, 2_500)}, {}, (_menu_size,)),
        "selected": truth,
        "name": Text(1, 300, Unit.GRAPHEMES),
        "chatBarText": Text(1, 14, Unit.GRAPHEMES),
        "areas": ListOf(_AREA, 0, 20),
    },
    {},
    (_areas_inside,),
)


def check_rich_menu(menu: Mapping[str, object]) -> list[Problem]:
    """Return what LINE would refuse in *menu*, and areas without the label that a screen reader says."""
    return _checked("richMenu", _RICH_MENU, menu)
