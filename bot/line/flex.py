"""The pieces LINE draws bubbles from, in the desk's look.  Nothing here knows a question or a language.

Colours keep a contrast of 4.5 to 1 or more, no text is smaller than LINE's middle size, and every text grows
with the reader's own setting.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

import regex

from bot.line.limits_checks import utf16

Json: TypeAlias = dict[str, Any]

ACCENT = "#00606B"  # 7.1 to 1 on white
INK = "#1A1A1A"
QUIET = "#555555"  # 7.5 to 1 on white
PAPER = "#FFFFFF"
TINT = "#E3F1F2"  # under INK 14 to 1; never the only sign of anything

LABEL = 40  # graphemes of an action in a bubble
CHIP = 20  # graphemes of a quick reply
DISPLAYED = 300  # graphemes that a tap writes into the talk
ALT = 1500  # UTF-16 units
TEXT = 5000  # UTF-16 units of a text message
CHIPS = 13
LONGEST = 600  # UTF-16 units of one text in a bubble, so that a page-long answer cannot fill it alone
ROOM = 24_000
"""Bytes of the pieces in one bubble as they go over the wire: LINE's 30 KB, but nobody says how it counts."""

_GRAPHEME = regex.compile(r"\X")


def clip(text: str, most: int) -> str:
    """Return *text* in at most *most* graphemes, with … where something was left out."""
    if len(text) <= most:  # never more graphemes than code points
        return text
    parts = _GRAPHEME.findall(text)
    return text if len(parts) <= most else "".join(parts[: most - 1]).rstrip() + "…"


def shorten(text: str, most: int) -> str:
    """Return *text* in at most *most* UTF-16 units, cut between graphemes and ended by … where it was cut."""
    if 2 * len(text) <= most or utf16(text) <= most:
        return text
    kept, room = [], most - 1
    for part in _GRAPHEME.findall(text):
        room -= utf16(part)
        if room < 0:
            break
        kept.append(part)
    return "".join(kept).rstrip() + "…"


def text(content: str, *, size: str = "md", color: str = INK, bold: bool = False, **more: object) -> Json:
    """Return a wrapped piece of text."""
    piece: Json = {"type": "text", "text": shorten(content, LONGEST), "size": size, "color": color}
    if bold:
        piece["weight"] = "bold"
    return piece | {"wrap": True, "scaling": True} | more


def quiet(content: str, **more: object) -> Json:
    """Return a piece of text that stands back."""
    return text(content, color=QUIET, **more)  # type: ignore[arg-type]


def heading(content: str, *, color: str = INK) -> Json:
    """Return the text that names the whole bubble, or a part of it."""
    return text(content, size="lg", color=color, bold=True)


def footnote(content: str) -> Json:
    """Return a quiet text set off from what stands above."""
    return quiet(content, margin="lg")


def picture(address: str) -> Json:
    """Return the square picture at *address*, black on white, as wide as the bubble."""
    return {
        "type": "image",
        "url": address,
        "size": "full",
        "aspectRatio": "1:1",
        "aspectMode": "fit",
        "animated": False,
        "backgroundColor": PAPER,
        "margin": "md",
    }


def stack(contents: Sequence[Json], **more: object) -> Json:
    """Return *contents* one below the other."""
    return {"type": "box", "layout": "vertical", "contents": list(contents), **more}


def line(contents: Sequence[Json], **more: object) -> Json:
    """Return *contents* side by side."""
    return {"type": "box", "layout": "horizontal", "contents": list(contents), **more}


def choice(mark: str, contents: Sequence[Json], action: Json | None, *, picked: bool = False) -> Json:
    """Return a bordered box to be tapped: its mark (number or tick) and its wrapped label."""
    numbered = line(
        [text(mark, color=ACCENT, bold=True, flex=0), stack(contents, flex=1)],
        spacing="lg",
        paddingAll="14px",
        cornerRadius="8px",
        borderWidth="normal",
        borderColor=ACCENT,
        margin="md",
    )
    if picked:
        numbered["backgroundColor"] = TINT
    return numbered | ({"action": action} if action else {})


def button(action: Json, *, primary: bool = False) -> Json:
    """Return a button: filled for the one thing to do next, plain for the others."""
    style = "primary" if primary else "link"
    return {
        "type": "button",
        "style": style,
        "color": ACCENT,
        "action": action,
        "adjustMode": "shrink-to-fit",
        "scaling": True,
        "margin": "md",
    }


def bubble(contents: Sequence[Json]) -> Json:
    """Return one bubble."""
    return {"type": "bubble", "size": "mega", "body": stack(contents, paddingAll="20px", spacing="sm")}


def bubbles(contents: Sequence[Json]) -> list[Json]:
    """Return *contents* in as many bubbles as they need, in order."""
    pages: list[list[Json]] = [[]]
    room = ROOM
    for piece in contents:
        needed = weight(piece)
        if needed > room:
            pages.append([])
            room = ROOM
        pages[-1].append(piece)
        room -= needed
    return [bubble(page) for page in pages if page]


# One encoder for all: json.dumps would make one at every call.
_encoded = json.JSONEncoder(separators=(",", ":")).encode


def weight(piece: Json) -> int:
    """Return the bytes *piece* takes on the wire, where Japanese goes as ASCII escapes."""
    return len(_encoded(piece)) + 1


def messages(alt: Sequence[str], contents: Sequence[Json]) -> list[Json]:
    """Return the messages that show *contents*, and the lines *alt* where nothing can be drawn.

    Notifications and locked screens show *alt* too: it is to say the same, and nothing personal.
    """
    said = shorten("\n".join(alt), ALT)
    return [{"type": "flex", "altText": said, "contents": each} for each in bubbles(contents)]


def postback(label: str, data: str, *, shown: str = "", most: int = LABEL) -> Json:
    """Return the action that sends *data* to us and writes *shown* (or *label*) into the talk."""
    return {
        "type": "postback",
        "label": clip(label, most),
        "data": data,
        "displayText": clip(shown or label, DISPLAYED),
    }


def chip(action: Json) -> Json:
    """Return a quick reply: a button under the talk, on telephones only, until the next message."""
    return {"type": "action", "action": action}
