"""Who is talking and where they are: what a turn at the desk starts from and leaves behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from dialogs.conversation import Conversation
from dialogs.effects import Effect
from dialogs.fields.base import Answers
from dialogs.form import Form
from dialogs.procedure import Filing, Procedure, Role, Step, in_force
from dialogs.replies import CaseSheet, Reply
from dialogs.upcoming import Leg
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
    """One case in the staff's list: what it waits for, until when; *mine* where the reader may do it.

    *opens* is the first day in time of what may not be done at once, None where it may.
    """

    reference: str
    procedure: str
    what: Message
    by: date | None
    mine: bool
    opens: date | None = None


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
    compares by what was filed the last time (*last*).  *surveys* are those that the person may answer and has not,
    as far as the turn needs to know.
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
    unreached: int = 0
    round: tuple[Leg, ...] = ()
    questions: int = 0
    last: Mapping[str, Answers] = field(default_factory=dict)
    surveys: frozenset[str] = frozenset()

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
        """Return whether the person may open a case of *procedure*, or answer it where it is a survey."""
        if procedure.poll and procedure.poll.survey not in self.surveys:
            return False
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
        """Return the case *reference*: the person's own, or the one that the shell handed in for a member."""
        here = (*self.cases, *((self.handled,) if self.handled else ()))
        return next((each for each in here if each.reference == reference), None)

    def acts_as(self, procedure: str, roles: Collection[Role]) -> bool:
        """Return whether the person acts in *procedure* as one of *roles*, for whoever is away too."""
        return any(each.procedure in {"*", procedure} and each.role in roles for each in self.grants)

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
class Entry:
    """What a form is to the desk: the *step* of *procedure* that it is filled in for, and its newest edition."""

    procedure: Procedure
    step: Step
    form: Form

    @property
    def key(self) -> str:
        """Return the key by which conversations and submissions name the form."""
        return self.procedure.key if self.is_application else self.form.key

    @property
    def is_application(self) -> bool:
        """Return whether the form opens a case, and is the one that its corrections are made on."""
        return self.step is self.procedure.steps[0]

    @property
    def editions(self) -> tuple[Form, ...]:
        """Return every edition that was ever in force."""
        return self.procedure.forms if self.is_application else self.step.editions

    def in_force(self, today: date) -> Form:
        """Return the edition in force on *today*."""
        return in_force(self.editions, today)

    def edition(self, name: str) -> Form:
        """Return the edition *name*, the newest where there is none of that name."""
        return next((each for each in self.editions if each.edition == name), self.form)


@dataclass(frozen=True)
class Register:
    """The procedures the desk offers, in the order of the menu.  A form's key stands only once in all of them."""

    procedures: tuple[Procedure, ...]

    def __post_init__(self) -> None:
        forms = [each.key for each in _entries(self.procedures)]
        twice = sorted({key for key in forms if forms.count(key) > 1})
        if twice:
            raise ValueError(f"the form {twice[0]} stands twice; give the form of one step another key")

    def with_procedures(self, more: Iterable[Procedure]) -> Register:
        """Return the register with *more* at the end of the menu."""
        return Register((*self.procedures, *more))

    @property
    def complete(self) -> Register:
        """Return the register as a turn takes it: with what is offered for a time only, such as surveys."""
        return self

    def of(self, key: str) -> Procedure | None:
        """Return the procedure *key*."""
        return next((each for each in self.procedures if each.key == key), None)

    def entry(self, form: str) -> Entry | None:
        """Return what the form *form* is filled in for, None where the desk does not offer it."""
        return self._by_form.get(form)

    @cached_property
    def _by_form(self) -> Mapping[str, Entry]:
        return {each.key: each for each in _entries(self.procedures)}


def _entries(procedures: Iterable[Procedure]) -> Iterator[Entry]:
    for each in procedures:
        yield Entry(each, each.steps[0], max(each.forms, key=lambda form: form.since))
        for step in each.steps:
            if step.form:
                yield Entry(each, step, step.form)
