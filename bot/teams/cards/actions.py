"""The buttons of a card.  What a button does is sealed: nobody can make one, and nobody can change one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.teams.cards import escape
from bot.teams.cards.elements import Json

TITLE = 60
"""UTF-16 units of a button; more is cut by the clients."""

ACT = "act"
"""The verb of a button that does one thing."""

FILL = "fill"
"""The verb of a button that sends the answers of a card along."""

DECIDE = "decide"
"""The verb of a button that signs, with what the signer wrote beside it."""


def execute(title: str, verb: str, data: Json, *, style: str = "", with_inputs: bool = False) -> Json:
    """Return a button; a client that knows no ``Action.Execute`` sends the same data as a message."""
    shared: Json = {"title": escape.one_line(title, TITLE), "data": data}
    if not with_inputs:
        shared["associatedInputs"] = "none"
    if style:
        shared["style"] = style
    fallback = {"type": "Action.Submit", **shared}
    return {"type": "Action.Execute", "verb": verb, **shared, "fallback": fallback}


def open_url(title: str, url: str) -> Json:
    """Return a button that opens the absolute address *url*."""
    return {"type": "Action.OpenUrl", "title": escape.one_line(title, TITLE), "url": url}


def toggle(title: str, targets: Sequence[str]) -> Json:
    """Return what shows the hidden of *targets* and hides the shown."""
    return {"type": "Action.ToggleVisibility", "title": title, "targetElements": list(targets)}


def show_card(title: str, body: Sequence[Json], actions: Sequence[Json], *, style: str = "") -> Json:
    """Return a button that unfolds *body* with *actions* of its own."""
    inner = {"type": "AdaptiveCard", "body": list(body), "actions": list(actions)}
    made: Json = {"type": "Action.ShowCard", "title": escape.one_line(title, TITLE), "card": inner}
    return made | ({"style": style} if style else {})
