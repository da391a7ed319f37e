"""The elements of Adaptive Card 1.5 that our cards are made of.

Words of people, of residents and of staff alike, stand in :func:`prose`; only wording of our own that holds
nothing Markdown could read becomes a ``TextBlock`` (facts: docs "Types of cards", "Format cards").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from bot.teams.cards import escape
from dialogs.reading.text import clip_utf16

Json: TypeAlias = dict[str, Any]
Look: TypeAlias = Mapping[str, Any]
"""How a run of text looks: properties of ``TextRun``."""

VERSION = "1.5"
CARD = "application/vnd.microsoft.card.adaptive"
MOST = 36 * 1024
"""Bytes of a card, counted as UTF-16: what every version of the limit allows (message of at most 40 KB)."""

ACTIONS = 6  # of one row: Teams shows no more
LABEL = 200  # UTF-16 units of an input's label
CHOICES = 200  # of one list

PLAIN: Look = {}
BOLD: Look = {"weight": "Bolder"}
NAME: Look = {"isSubtle": True}
QUIET: Look = {"isSubtle": True, "size": "Small"}
GROUP: Look = {"weight": "Bolder", "color": "Accent"}
ATTENTION: Look = {"color": "Attention", "weight": "Bolder"}
REFUSED: Look = {"color": "Attention"}
LARGE: Look = {"size": "ExtraLarge", "weight": "Bolder"}
STRUCK: Look = {"isSubtle": True, "strikethrough": True}


def size(text: str) -> int:
    """Return how many bytes *text* has as UTF-16, the count of Teams' limit."""
    return len(text.encode("utf-16-le", "surrogatepass"))


def prose(text: str, look: Look = PLAIN, *, spacing: str = "", most: int = 0, **more: Any) -> list[Json]:
    """Return *text* as it was typed, one block for each line; at most *most* UTF-16 units of it (0: all)."""
    shown = clip_utf16(text, most) if most else text
    blocks = [rich([(line, look)], **more) for line in escape.lines(shown)]
    for at, block in enumerate(blocks):
        if at or spacing:
            block["spacing"] = "None" if at else spacing
    return blocks


def rich(parts: Sequence[tuple[str, Look]], **more: Any) -> Json:
    """Return one line of text in pieces that look differently.  Line ends in it are lost."""
    inlines = [
        _run(run, look) for text, look in parts for run in escape.runs(" ".join(escape.lines(text))) if run
    ]
    return {"type": "RichTextBlock", "inlines": inlines or [_run("\u00a0", PLAIN)], **more}


def _run(text: str, look: Look) -> Json:
    return {"type": "TextRun", "text": text, **look}


def heading(text: str, *, size: str = "Large", spacing: str = "") -> list[Json]:
    """Return *text* as a heading, which screen readers announce; where Markdown would change it, in bold type."""
    shown = " ".join(escape.lines(text)).strip()
    if not escape.is_bare(shown):
        return prose(shown, {"size": size, "weight": "Bolder"}, spacing=spacing)
    block: Json = {"type": "TextBlock", "text": shown, "style": "heading", "size": size, "weight": "Bolder"}
    return [block | {"wrap": True} | ({"spacing": spacing} if spacing else {})]


def picture(address: str, text: str) -> Json:
    """Return the picture at *address*, small enough for a telephone; *text* is read aloud in its place."""
    return {"type": "Image", "url": address, "altText": text, "width": "240px", "spacing": "Medium"}


def columns(*found: tuple[str, Sequence[Json]], spacing: str = "Small", **more: Any) -> Json:
    """Return *found*, each (width, what stands in it), side by side."""
    made = [{"type": "Column", "width": width, "items": list(items)} for width, items in found]
    return {"type": "ColumnSet", "columns": made, "spacing": spacing, **more}


def container(items: Sequence[Json], **more: Any) -> Json:
    """Return *items* as one box."""
    return {"type": "Container", "items": list(items), **more}


def card(body: Sequence[Json], actions: Sequence[Json], *, title: str, locale: str, fallback: str) -> Json:
    """Return the whole card.

    *title* is what is read aloud for it, *fallback* what stands in its place where cards cannot be drawn; both
    are wording of our own.  More actions than one row holds go on in further rows.
    """
    rows = [list(actions[at : at + ACTIONS]) for at in range(ACTIONS, len(actions), ACTIONS)]
    further = [{"type": "ActionSet", "actions": row} for row in rows]
    made = frame(title=title, locale=locale, fallback=fallback)
    made["body"] = [*body, *further]
    if actions:
        made["actions"] = list(actions[:ACTIONS])
    return made


def frame(*, title: str, locale: str, fallback: str) -> Json:
    """Return what every card begins with."""
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "lang": locale.partition("@")[0],
        "speak": escape.one_line(title, LABEL).translate(_NO_MARKUP),
        "fallbackText": escape.one_line(fallback, LABEL),
        "msteams": {"width": "Full"},
    }


_NO_MARKUP = str.maketrans("<>&", "\u3008\u3009\uff06")  # speak may be SSML


def message(made: Json, summary: str) -> Json:
    """Return the activity that shows the card *made*; *summary* is what a notification says."""
    attachment = {"contentType": CARD, "content": made}
    return {"type": "message", "summary": escape.one_line(summary, LABEL), "attachments": [attachment]}
