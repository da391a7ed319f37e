"""Which messages gave which answers, for the day one of them is taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from dialogs import form
from dialogs.conversation import Conversation
from dialogs.fields.base import Field


def sourced(talk: Conversation, asked: Field, message: str) -> Mapping[str, str]:
    """Return the sources with *message* ("" for a button) as that of the answer to *asked*.

    The messages that gave an earlier part of it, or the answer set aside, stay known.
    """
    mine = [source for key, source in talk.sources.items() if _of(key) == asked.key]
    begun = asked.key in talk.answers and not form.answered(asked, talk.answers)
    given = [*(mine if begun or asked.key in talk.aside else []), *([message] if message else [])]
    numbered = {f"{asked.key}/{part}" if part else asked.key: source for part, source in enumerate(given)}
    return {**without(talk, {asked.key}), **numbered}


def given_by(talk: Conversation, message: str) -> set[str]:
    """Return the keys of the answers that *message* gave, wholly or in part."""
    return {_of(key) for key, source in talk.sources.items() if source == message}


def without(talk: Conversation, keys: Collection[str]) -> Mapping[str, str]:
    """Return the sources of the answers other than *keys*."""
    return {key: source for key, source in talk.sources.items() if _of(key) not in keys}


def lacking(talk: Conversation, keys: Collection[str]) -> Conversation:
    """Return *talk* as if the answers *keys* had never been given."""
    return replace(
        talk,
        answers=form.without(talk.answers, *keys),
        aside=form.without(talk.aside, *keys),
        sources=without(talk, keys),
    )


def _of(source: str) -> str:
    return source.partition("/")[0]
