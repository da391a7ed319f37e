"""What Teams takes of an Adaptive Card, looked at piece by piece: a card of ours has nothing to find.

The elements and properties are those of schema 1.5 that our cards use, so that a new one is a decision.  The
official parser is asked as well (scripts/cards-official.cjs).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from bot.teams.cards.escape import is_bare

Json: TypeAlias = Mapping[str, Any]

MOST = 36 * 1024  # bytes as UTF-16
MOST_ACTIONS = 6  # of one row
MOST_CHOICES = 200
MOST_TITLE = 60
MOST_SEALED = 300
RESERVED = {
    "m",
    "several",
    "asked",
}  # what buttons send; a list of sealed actions may stand in the place of one

_EVERY = "type id spacing isVisible"
_INPUT = f"{_EVERY} label isRequired errorMessage value"
ELEMENTS = {
    "TextBlock": f"{_EVERY} text style size weight wrap",
    "RichTextBlock": f"{_EVERY} inlines",
    "Image": f"{_EVERY} url altText width",
    "Container": f"{_EVERY} items style selectAction",
    "ColumnSet": f"{_EVERY} columns style selectAction",
    "ActionSet": f"{_EVERY} actions",
    "Input.Text": f"{_INPUT} placeholder maxLength isMultiline",
    "Input.Number": f"{_INPUT} placeholder",
    "Input.Date": f"{_INPUT} min max",
    "Input.Toggle": f"{_INPUT} title valueOn valueOff",
    "Input.ChoiceSet": f"{_INPUT} placeholder choices isMultiSelect style",
}
ACTIONS = {
    "Action.Execute": "type title verb data associatedInputs style fallback",
    "Action.Submit": "type title data associatedInputs style",
    "Action.OpenUrl": "type title url",
    "Action.ToggleVisibility": "type title targetElements",
    "Action.ShowCard": "type title style card",
}
CARD = "type $schema version lang speak fallbackText msteams body actions"
RUN = "type text size weight color isSubtle strikethrough"
COLUMN = "type width items verticalContentAlignment"
VALUES = {
    "spacing": {"None", "Small", "Medium", "Large"},
    "size": {"Small", "Medium", "Large", "ExtraLarge"},
    "weight": {"Bolder"},
    "color": {"Attention", "Accent"},
    "style": {"heading", "emphasis", "attention", "positive", "destructive", "compact", "expanded"},
    "associatedInputs": {"none"},
    "verticalContentAlignment": {"Bottom"},
}
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}(?:/[A-Za-z0-9_.-]{1,64})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def faults(card: Json) -> list[str]:
    """Return what is wrong with *card*, in the order of the card."""
    found = [*_card(card, "card"), *_ids(card)]
    weight = len(
        json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le", "surrogatepass")
    )
    if weight > MOST:
        found.append(f"card: {weight} bytes are more than {MOST}")
    return found


def pieces(found: object) -> Iterator[Json]:
    """Yield every object in *found*, however deep, in the order of reading."""
    if isinstance(found, Mapping):
        yield found
        for each in found.values():
            yield from pieces(each)
    elif isinstance(found, Sequence) and not isinstance(found, str):
        for each in found:
            yield from pieces(each)


def texts(card: Json) -> str:
    """Return all that can be read on *card*, in order: what TextBlocks, runs, labels and titles say."""
    names = ("text", "label", "title", "placeholder", "errorMessage")
    return "\n".join(str(each[name]) for each in pieces(card) for name in names if name in each)


def _card(card: Json, at: str) -> Iterator[str]:
    yield from _known(card, CARD, at)
    for name, wanted in (("type", "AdaptiveCard"), ("version", "1.5")):
        if card.get(name) != wanted:
            yield f"{at}: {name} is {card.get(name)!r}"
    for name in ("speak", "fallbackText", "lang"):
        if not str(card.get(name, "")).strip():
            yield f"{at}: {name} is missing"
    if set("<>&") & set(card.get("speak", "")):
        yield f"{at}: speak may be SSML"
    yield from _items(card.get("body"), f"{at}.body")
    yield from _row(card.get("actions", []), f"{at}.actions")


def _known(piece: Json, names: str, at: str) -> Iterator[str]:
    yield from (f"{at}: {name} is not known here" for name in piece if name not in names.split())
    for name, values in VALUES.items():
        if name in piece and piece[name] not in values:
            yield f"{at}: {name} is {piece[name]!r}"


def _items(items: object, at: str) -> Iterator[str]:
    if not isinstance(items, list) or not items:
        yield f"{at}: is empty"
        return
    for number, each in enumerate(items):
        yield from _element(each, f"{at}[{number}]")


def _element(piece: Json, at: str) -> Iterator[str]:
    kind = str(piece.get("type"))
    if kind not in ELEMENTS:
        yield f"{at}: {kind} is no element of ours"
        return
    yield from _known(piece, ELEMENTS[kind], at)
    if "selectAction" in piece:
        yield from _action(piece["selectAction"], f"{at}.selectAction")
    yield from _inside(kind, piece, at)


def _inside(kind: str, piece: Json, at: str) -> Iterator[str]:
    match kind:
        case "TextBlock":
            yield from _bare(piece.get("text"), f"{at}.text")
        case "RichTextBlock":
            yield from _runs(piece.get("inlines"), at)
        case "Container":
            yield from _items(piece.get("items"), f"{at}.items")
        case "ColumnSet":
            for number, each in enumerate(piece.get("columns", [])):
                yield from _known(each, COLUMN, f"{at}.columns[{number}]")
                yield from _items(each.get("items"), f"{at}.columns[{number}].items")
        case "ActionSet":
            yield from _row(piece.get("actions", []), f"{at}.actions")
        case "Image":
            yield from _picture(piece, at)
        case _:
            yield from _input(kind, piece, at)


def _picture(piece: Json, at: str) -> Iterator[str]:
    if not str(piece.get("url")).startswith(("https://", "data:image/png;base64,")):
        yield f"{at}: Teams shows no picture from {piece.get('url')!r}"
    if not piece.get("altText"):
        yield f"{at}: nothing stands in the place of the picture for who cannot see it"


def _bare(text: object, at: str) -> Iterator[str]:
    if not isinstance(text, str) or not is_bare(text):
        yield f"{at}: Markdown could read {text!r}"


def _runs(runs: object, at: str) -> Iterator[str]:
    if not isinstance(runs, list) or not runs:
        yield f"{at}: has no text"
        return
    for each in runs:
        yield from _known(each, RUN, at)
        text = each.get("text", "")
        if each.get("type") != "TextRun" or not text:
            yield f"{at}: has an empty run"
        if "{{" in text or set("\r\n\u2028\u2029\u202e\u202d\u2066\u2067\u2068") & set(text):
            yield f"{at}: {text!r} is not shown as it stands"


def _input(kind: str, piece: Json, at: str) -> Iterator[str]:
    if not piece.get("label") and not (kind == "Input.Toggle" and piece.get("title")):
        yield f"{at}: nothing says what to answer"
    if not _ID.fullmatch(str(piece.get("id", ""))):
        yield f"{at}: the id is {piece.get('id')!r}"
    if piece.get("id") in RESERVED and not piece.get("isRequired"):
        yield f"{at}: the id {piece['id']} is taken by the buttons"
    if piece.get("isRequired") and not piece.get("errorMessage"):
        yield f"{at}: nothing says what is missing"
    if kind == "Input.Toggle":
        yield from _bare(piece.get("title"), f"{at}.title")
    if kind == "Input.ChoiceSet":
        yield from _choices(piece, at)
    if kind == "Input.Date":
        yield from (
            f"{at}: {name} is no day"
            for name in ("min", "max", "value")
            if name in piece and not _DAY.fullmatch(piece[name])
        )


def _choices(piece: Json, at: str) -> Iterator[str]:
    choices = piece.get("choices", [])
    values = [each.get("value") for each in choices]
    if not 1 <= len(choices) <= MOST_CHOICES or len(values) != len(set(values)):
        yield f"{at}: {len(choices)} choices, {len(set(values))} of them different"
    if any(not each.get("title") or not each.get("value") or "," in each["value"] for each in choices):
        yield f"{at}: a choice has no title, or a value that cannot be told from two"
    if piece.get("isMultiSelect"):
        # Choices that stand open are drawn as texts, a closed list is not.
        for each in choices:
            yield from _bare(each.get("title"), at)


def _row(actions: Sequence[Json], at: str) -> Iterator[str]:
    if len(actions) > MOST_ACTIONS:
        yield f"{at}: {len(actions)} actions in one row"
    for number, each in enumerate(actions):
        yield from _action(each, f"{at}[{number}]")
        if not each.get("title"):
            yield f"{at}[{number}]: has no title"


def _action(action: Json, at: str) -> Iterator[str]:
    kind = str(action.get("type"))
    if kind not in ACTIONS:
        yield f"{at}: {kind} is no action of ours"
        return
    yield from _known(action, ACTIONS[kind], at)
    if len(action.get("title", "")) > MOST_TITLE and kind != "Action.ToggleVisibility":
        yield f"{at}: the title is too long"
    yield from _doing(kind, action, at)


def _doing(kind: str, action: Json, at: str) -> Iterator[str]:
    match kind:
        case "Action.Execute":
            fallback = action.get("fallback", {})
            if fallback.get("type") != "Action.Submit" or fallback.get("data") != action.get("data"):
                yield f"{at}: an older client cannot do the same"
            yield from _data(action, at)
        case "Action.OpenUrl":
            if urlsplit(str(action.get("url"))).scheme not in {"https", "http"}:
                yield f"{at}: {action.get('url')!r} is no absolute address"
        case "Action.ShowCard":
            inner = action.get("card", {})
            yield from _known(inner, "type body actions", f"{at}.card")
            yield from _items(inner.get("body"), f"{at}.card.body")
            yield from _row(inner.get("actions", []), f"{at}.card.actions")
        case _:
            pass


def _data(action: Json, at: str) -> Iterator[str]:
    """Look at what a button sends: sealed data, or none where the chosen input holds it."""
    data = action.get("data")
    if not isinstance(data, dict) or data.keys() - RESERVED:
        yield f"{at}: the data is {data!r}"
    elif "m" in data and not 1 <= len(data["m"]) <= MOST_SEALED:
        yield f"{at}: nothing is sealed"
    elif "m" not in data and action.get("associatedInputs") == "none":
        yield f"{at}: the button does nothing"


def _ids(card: Json) -> Iterator[str]:
    ids = [each["id"] for each in pieces(card) if "id" in each]
    yield from (
        f"card: the id {each} stands {ids.count(each)} times"
        for each in sorted({*ids})
        if ids.count(each) > 1
    )
    targets = {name for each in pieces(card) for name in each.get("targetElements", [])}
    yield from (f"card: {name} is shown and hidden, but does not exist" for name in sorted(targets - {*ids}))
