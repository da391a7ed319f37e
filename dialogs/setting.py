"""What a turn starts from and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.asking import Stride
from dialogs.conversation import Conversation
from dialogs.effects import Effect
from dialogs.fields.base import Answers, Invalid
from dialogs.form import Form
from dialogs.replies import Reply
from dialogs.words import Words
from dialogs.world import World


@dataclass(frozen=True)
class Setting:
    """What stays the same through a turn: the form, the world, the reader's words, the channel's stride.

    *last* is what was filed the last time, by the answer that the form compares by.  *file* is what the button
    says that files it, where the form does not say it.
    """

    form: Form
    world: World
    words: Words
    stride: Stride = Stride.FIELD
    procedure: str = ""
    last: Mapping[str, Answers] = field(default_factory=dict)
    file: str = ""


@dataclass(frozen=True)
class Outcome:
    """What follows from an event: the conversation afterwards, what is said, what is stored.

    *refused* are the answers of a page or a card that could not be taken; such a channel shows them again
    and stores nothing.  *confirmed* says that the person wants the conversation filed as it stands.
    """

    conversation: Conversation
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    refused: Mapping[str, Invalid] = field(default_factory=dict)
    confirmed: bool = False
