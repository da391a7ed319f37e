"""What an activity means to a conversation: words, buttons, cards that come back, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import regex

from bot.postback import PostbackCodec
from bot.teams.activity import Heard, event_id, like, objects, part
from bot.teams.mention import spoken
from dialogs.events import (
    Action,
    Decided,
    Do,
    Event,
    Filled,
    Parts,
    SentOther,
    SentPhoto,
    Tapped,
    Typed,
    Unsent,
)
from storage.teams.files import Attachment

OpenAction: TypeAlias = Callable[[str], "Action | None"]

STALE = SentOther("stale")
MOST_TYPED = 5_000  # graphemes
MOST_FIELDS = 200
MOST_PICTURES = 10
MOST_ATTACHMENTS = 30
_POINTS_EACH = 4  # a grapheme may be endless, so that code points are capped as well
_FIELD = re.compile(r"[A-Za-z0-9_.-]{1,64}(?:/[A-Za-z0-9_.-]{0,64})?")
_PICTURE = re.compile(r"image/(?:\*|[A-Za-z0-9.+-]{1,40})")
_ADDRESS = re.compile(r"https?://[!-~]{1,4000}")
_ENDINGS = ("jpg", "jpeg", "png", "gif", "webp", "bmp", "heic", "heif", "tif", "tiff")
_MOST_NUMBER = 1e10  # larger than any that is asked for
_SEEN = re.compile(r"[0-9]{1,9}", re.ASCII)
FILE = "application/vnd.microsoft.teams.file.download.info"
CHOSEN = "chosen"
"""The id of the list in a review from which the question of its button is chosen."""

SHEET = "case:"
"""What the buttons of a case's sheet are sealed to, before its reference: whoever is entitled may press them."""


@dataclass(frozen=True)
class Said:
    """One event of an activity, under the id that the inbox keeps; *file* is where a picture lies."""

    event_id: str
    event: Event
    file: Attachment | None = None


def said(heard: Heard, open_action: OpenAction) -> tuple[Said, ...]:
    """Return what a message or a button means, in order; nothing where it means nothing.

    Words beside pictures are not read: they are a caption, and would answer the next question.
    """
    data = _data(heard)
    if data is not None:
        return (Said(heard.event_id, pressed(data, open_action)),)
    if heard.type != "message":
        return ()
    pictures = tuple(_pictures(heard))
    return pictures or (Said(heard.event_id, _words(heard)),)


def taken_back(heard: Heard) -> Said:
    """Return that the message of the same id was taken back by who wrote it."""
    return Said(event_id(heard.conversation_id, f"{heard.id}/deleted"), Unsent(heard.event_id))


def opener(codec: PostbackCodec, account: str) -> OpenAction:
    """Return what opens the data of buttons: those sealed to *account*, and those of any case's sheet."""

    def open_action(data: str) -> Action | None:
        action = codec.open(account, data)
        claimed = codec.claim(data) if action is None else None
        if claimed is None or claimed.do not in _ON_SHEETS:
            return action
        return codec.open(f"{SHEET}{claimed.key}", data)

    return open_action


_ON_SHEETS = frozenset({Do.DECIDE, Do.FIND, Do.FILE})


def pressed(data: Mapping[str, Any], open_action: OpenAction) -> Event:
    """Return what a button with *data* means: the button of a card that comes back brings its fields along."""
    sealed = data.get("m")
    action = open_action(sealed) if isinstance(sealed, str) else None
    if action is None:
        return STALE
    if action.do is Do.FILL:
        return Filled(fields_of(data), action.conversation)
    if action.do is Do.DECIDE:
        return _decided(action, data)
    if action.do is Do.REOPEN and not action.key:
        return _reopened(action, data)
    return Tapped(action)


def _reopened(action: Action, data: Mapping[str, Any]) -> Event:
    """Return that the question chosen from the list beside the button is asked anew; the turn checks the key."""
    key = like(_FIELD, data.get(CHOSEN))
    return Tapped(replace(action, key=key)) if key else STALE


def _decided(action: Action, data: Mapping[str, Any]) -> Event:
    step, _, outcome = action.part.partition("/")
    if not _SEEN.fullmatch(action.value):
        return STALE
    return Decided(action.key, step, outcome, int(action.value), fields_of(data))


def fields_of(data: Mapping[str, Any]) -> dict[str, Parts]:
    """Return the inputs in *data* by field and part.

    Those named in ``several`` hold keys, commas between them.  All are named in ``asked``: clients leave out what
    was left empty, which is given as empty here.
    """
    several = _ids(data, "several")
    given = {**dict.fromkeys(_ids(data, "asked"), ""), **data}
    found: dict[str, dict[str, str | Sequence[str]]] = {}
    for name in [each for each in given if each not in _OURS][:MOST_FIELDS]:
        value = _entered(given[name])
        if value is not None and _FIELD.fullmatch(name):
            key, _, piece = name.partition("/")
            found.setdefault(key, {})[piece] = _keys(value) if name in several else value
    return dict(found)


_OURS = {"m", "several", "asked"}


def _ids(data: Mapping[str, Any], name: str) -> list[str]:
    """Return the ids of inputs that our button lists under *name*."""
    listed = data.get(name)
    return listed.split()[:MOST_FIELDS] if isinstance(listed, str) else []


def _entered(value: object) -> str | None:
    """Return what stood in an input, None for what cannot have: some clients send numbers and ticks as such."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return _capped(value) if isinstance(value, str) else None


def _keys(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _data(heard: Heard) -> Mapping[str, Any] | None:
    """Return the data of the button that was pressed; None where it was none of a card."""
    value = part(heard.raw, "value")
    if heard.type == "invoke":
        return part(part(value, "action"), "data")
    return value if heard.type == "message" and value else None


def _words(heard: Heard) -> Event:
    text = spoken(heard.raw.get("text"), heard.raw.get("entities"), heard.bot_id)
    if not text:
        attached = any(_kind(each) != "text/html" for each in _attachments(heard))
        return SentOther("file" if attached else "empty", heard.event_id)
    return Typed(_capped(text), heard.event_id)


def _pictures(heard: Heard) -> Iterator[Said]:
    addresses = [found for each in _attachments(heard) if (found := _picture(each))]
    for at, (url, name) in enumerate(addresses[:MOST_PICTURES]):
        identity = f"{heard.event_id}.{at}" if at else heard.event_id
        yield Said(identity, SentPhoto(identity, identity), Attachment(identity, url, name))


def _attachments(heard: Heard) -> list[Mapping[str, Any]]:
    return objects(heard.raw, "attachments", MOST_ATTACHMENTS)


def _kind(attachment: Mapping[str, Any]) -> str:
    kind = attachment.get("contentType")
    return kind if isinstance(kind, str) else ""


def _picture(attachment: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return address and name of a picture, None for anything else.  Whose address it is, the errand looks."""
    kind, name = _kind(attachment), _named(attachment)
    if _PICTURE.fullmatch(kind):
        url = like(_ADDRESS, attachment.get("contentUrl"))
    elif kind == FILE and name.lower().rpartition(".")[2] in _ENDINGS:
        url = like(_ADDRESS, part(attachment, "content").get("downloadUrl"))
    else:
        return None
    return (url, name) if url else None


def _named(attachment: Mapping[str, Any]) -> str:
    name = attachment.get("name")
    return name[:255] if isinstance(name, str) else ""


def _capped(text: str) -> str:
    """Return *text* without what follows its first graphemes."""
    if len(text) <= MOST_TYPED:
        return text
    return "".join(regex.findall(r"\X", text[: MOST_TYPED * _POINTS_EACH])[:MOST_TYPED])
