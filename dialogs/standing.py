"""Who is talking and where they are: what a turn at the desk starts from and leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from dialogs.conversation import Conversation
from dialogs.effects import Effect
from dialogs.fields.base import Answers
from dialogs.procedure import Filing, Procedure, Role
from dialogs.replies import CaseSheet, Reply
from dialogs.words import Message


@dataclass(frozen=True)
class Grant:
    """That somebody may act as *role* in *procedure* ("*" for all); a *deputy* signs in that role's place (代決)."""

    procedure: str
    role: Role
    deputy: bool = False


RESIDENT = (Grant("*", Role.RESIDENT),)
"""What everybody may do."""


@dataclass(frozen=True)
class CaseView:
    """One matter: what was filed on it, and the answers as they stand (personal ones sealed).

    *newest* is the number of the submission that these answers were filed with.
    """

    reference: str
    procedure: str
    edition: str
    opened: date
    history: tuple[Filing, ...]
    answers: Answers = field(default_factory=dict)
    newest: int = 0


@dataclass(frozen=True)
class Waiting:
    """One case in the staff's list: what it waits for, until when; *mine* where the reader may do it."""

    reference: str
    procedure: str
    what: Message
    by: date | None
    mine: bool


@dataclass(frozen=True)
class Standing:
    """One person at the desk.

    *conversations* are all half-filled forms, *current* the id of the one that a typed answer is meant for
    ("" for none).  *at* says which list or yes-no question was put last, where it was not a form's.
    *cases* are loaded only for turns that need them (see ``menu.wants_cases``).  *fresh* is the id that a
    conversation begun in this turn gets.  *is_new* marks somebody never seen before.

    *grants* say what the person may do; *name* and *member* are how one of the staff is called and their id on
    the roster ("" for residents).  For members the shell
    hands in what their event asks for (see ``office.wanted``): the case it is about (*handled*), its *sheet*,
    what waits (*waiting*), how many *questions* of residents nobody has answered, and by the answer that a form
    compares by what was filed the last time (*last*).
    """

    locale: str
    conversations: tuple[Conversation, ...] = ()
    current: str = ""
    at: str = ""
    cases: tuple[CaseView, ...] = ()
    fresh: str = ""
    is_new: bool = False
    grants: tuple[Grant, ...] = RESIDENT
    name: str = ""
    member: str = ""
    handled: CaseView | None = None
    sheet: CaseSheet | None = None
    waiting: tuple[Waiting, ...] = ()
    questions: int = 0
    last: Mapping[str, Answers] = field(default_factory=dict)

    @property
    def is_staff(self) -> bool:
        """Return whether this is a member of the staff or of a contractor."""
        return any(each.role is not Role.RESIDENT for each in self.grants)

    def roles(self, procedure: str) -> frozenset[Role]:
        """Return as what the person acts in *procedure* in their own right."""
        return frozenset(
            each.role for each in self.grants if not each.deputy and each.procedure in {"*", procedure}
        )

    def may_begin(self, procedure: Procedure) -> bool:
        """Return whether the person may open a case of *procedure*."""
        first = procedure.steps[0]
        return bool(self.roles(procedure.key) & {first.role, *first.also})

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
