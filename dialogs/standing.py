"""Who is talking and where they are: what a turn at the desk starts from and leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from dialogs.conversation import Conversation
from dialogs.effects import Effect
from dialogs.fields.base import Answers
from dialogs.procedure import Filing, Procedure
from dialogs.replies import Reply


@dataclass(frozen=True)
class CaseView:
    """One matter of this person: what was filed on it, and the answers as they stand (personal ones sealed)."""

    reference: str
    procedure: str
    edition: str
    opened: date
    history: tuple[Filing, ...]
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """One person at the desk.

    *conversations* are all half-filled forms, *current* the id of the one that a typed answer is meant for
    ("" for none).  *at* says which list or yes-no question was put last, where it was not a form's.
    *cases* are loaded only for turns that need them (see ``menu.wants_cases``).  *fresh* is the id that a
    conversation begun in this turn gets.  *is_new* marks somebody never seen before.
    """

    locale: str
    conversations: tuple[Conversation, ...] = ()
    current: str = ""
    at: str = ""
    cases: tuple[CaseView, ...] = ()
    fresh: str = ""
    is_new: bool = False

    @property
    def talk(self) -> Conversation | None:
        """Return the current conversation."""
        return self.conversation(self.current) if self.current else None

    def conversation(self, wanted: str) -> Conversation | None:
        """Return the half-filled conversation with the id *wanted*."""
        return next((each for each in self.conversations if each.id == wanted), None)

    def half(self, form: str, case: str = "") -> Conversation | None:
        """Return the half-filled conversation about *form* (and *case*)."""
        return next((each for each in self.conversations if (each.form, each.case) == (form, case)), None)

    def case(self, reference: str) -> CaseView | None:
        """Return the person's own case *reference*."""
        return next((each for each in self.cases if each.reference == reference), None)

    def having(self, talk: Conversation) -> Standing:
        """Return the standing with *talk* stored and current."""
        others = tuple(each for each in self.conversations if each.id != talk.id)
        return replace(self, conversations=(*others, talk), current=talk.id, at="")

    def lacking(self, wanted: str) -> Standing:
        """Return the standing without the conversation *wanted*."""
        left = tuple(each for each in self.conversations if each.id != wanted)
        return replace(
            self, conversations=left, current="" if self.current == wanted else self.current, at=""
        )

    def moved(self, at: str) -> Standing:
        """Return the standing at the list *at*, with no conversation current."""
        return replace(self, current="", at=at)


@dataclass(frozen=True)
class Turn:
    """What follows from one event at the desk."""

    standing: Standing
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Register:
    """The procedures the desk offers, in the order of the menu."""

    procedures: tuple[Procedure, ...]

    def of(self, key: str) -> Procedure | None:
        """Return the procedure *key*."""
        return next((each for each in self.procedures if each.key == key), None)
