"""What a survey will look like, drawn by the channels' own renderers before anybody is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.forms.fields import Question, questions
from bot.service import Service
from dialogs import asking
from dialogs.asking import Stride
from dialogs.conversation import Conversation
from dialogs.fields.base import Given
from dialogs.form import Form
from dialogs.replies import Reply
from dialogs.setting import Setting
from dialogs.words import Words
from dialogs.world import World

_ACTIONS = frozenset({"action", "actions", "choices", "quickReply"})


@dataclass(frozen=True)
class Bubble:
    """One message: what it says, line by line, and what can be tapped or chosen."""

    lines: tuple[str, ...]
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """A survey on each channel; a channel that is not set up here has no messages."""

    talk: tuple[Bubble, ...]
    card: tuple[Bubble, ...]
    pages: tuple[tuple[str, tuple[Question, ...]], ...]


def preview(service: Service, form: Form, world: World, words: Words) -> Preview:
    """Return how *form* looks in a LINE talk, on a card of Teams and on the web."""
    given = Given(world, words=words)
    pages = tuple((page.title, questions(page.fields, given, {}, {}, words)) for page in form.pages)
    asked = [_asked(form, world, words, Stride.FIELD, [each]) for each in form.fields]
    card = [_asked(form, world, words, Stride.FORM, list(form.fields))]
    return Preview(_drawn(service, "line", asked, words), _drawn(service, "teams", card, words), pages)


def _asked(form: Form, world: World, words: Words, stride: Stride, missing: list[Any]) -> Reply:
    setting = Setting(form, world, words, stride)
    return asking.question(setting, Conversation("0" * 32, form.key), missing, {})[1]


def _drawn(service: Service, channel: str, replies: Sequence[Reply], words: Words) -> tuple[Bubble, ...]:
    draw = service.desk.draws.get(channel)
    if draw is None:
        return ()
    bodies = [json.loads(body) for each in replies for body in draw([each], words, "preview", lambda _: "")]
    return tuple(_bubble(each) for each in bodies)


def _bubble(body: Any) -> Bubble:
    """Return a message; what a button says, and the number beside it, stands only on the button."""
    taps = tuple(dict.fromkeys(_taps(body)))
    return Bubble(tuple(each for each in _texts(body) if not each.isdecimal() and each not in taps), taps)


def _texts(part: Any, name: str = "") -> Iterator[str]:
    """Yield what a message says, in the order in which it is drawn."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "text" and isinstance(value, str):
                yield value
            elif key not in _ACTIONS:
                yield from _texts(value, key)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each, name)
    elif name == "label" and isinstance(part, str):
        yield part


def _taps(part: Any, *, inside: bool = False) -> Iterator[str]:
    """Yield what can be tapped or chosen."""
    if isinstance(part, dict):
        named = next((part[each] for each in ("label", "title") if isinstance(part.get(each), str)), "")
        if inside and named:
            yield named
        for key, value in part.items():
            yield from _taps(value, inside=inside or key in _ACTIONS)
    elif isinstance(part, list):
        for each in part:
            yield from _taps(each, inside=inside)
