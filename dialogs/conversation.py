"""One person in one form: the answers so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.fields.base import Answers


@dataclass(frozen=True)
class Conversation:
    """The answers one person has given to one form, nothing else.

    *id* is stamped on every button, so that a button of a finished conversation is known as such.
    *aside* are answers set aside by going back; one tap takes them again.
    *sources* names the platform's message that gave each answer, for the day it is taken back; an answer given
    in parts has more than one (``period/1``).
    *asked* is the question put last: a typed answer is meant for it, even if a deploy has since inserted
    another before it.  *case* is the reference of the case that a correction belongs to.
    """

    id: str
    form: str
    answers: Answers = field(default_factory=dict)
    aside: Answers = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    case: str = ""

    @property
    def photos(self) -> frozenset[str]:
        """Return the photos that were sent in this conversation, those set aside too.

        The photos of a case that is being corrected came from no message of this conversation.
        """
        values = [*self.answers.items(), *self.aside.items()]
        return frozenset(
            value["photo"]
            for key, value in values
            if key in self.sources and isinstance(value, dict) and "photo" in value
        )
