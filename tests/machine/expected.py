"""What the desk must know of one person: a pure fold over that person's own events, and nobody else's.

It stands beside the real desk, which has everybody's events, in any order and with crashes between them, in
one database.  Where the two are equal after every step, replaying a person's events alone gives the same
state, and so does shuffling them among those of others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from bot.clock import at_hour, day_of
from bot.sealing import marked, plain_personal
from dialogs.conversation import Conversation
from dialogs.effects import Effect, File, FileStep, Remind, SetBlocked, SetLocale
from dialogs.events import Event, Filled, Introduced, Left
from dialogs.fields.base import Field, Invalid, sealed
from dialogs.filling import filled
from dialogs.form import Form
from dialogs.menu import hear, wants_cases
from dialogs.procedure import Filing
from dialogs.replies import Reply
from dialogs.standing import CaseView, Register, Standing, Turn
from dialogs.world import World
from storage.asjson import dump, load


@dataclass(frozen=True)
class Filed:
    """One submission as it must lie in the database, and what its vault record must open to."""

    reference: str
    number: int
    step: str
    edition: str
    answers: Mapping[str, Any]
    personal: Mapping[str, Any]
    locale: str
    role: str
    event_id: str


@dataclass(frozen=True)
class Moment:
    """What an event meets at the desk: the register and the world of that day, and the time."""

    register: Register
    world: World
    now: int
    number: Callable[[str, date], str]
    """Gives the next reference of a procedure."""


@dataclass
class Expected:
    """One person.  *replies* are those of the last event, *asked* the last that stood before their eyes."""

    standing: Standing = field(default_factory=lambda: Standing("ja", is_new=True))
    chosen: bool = False
    blocked: bool = False
    vault: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    cases: dict[str, CaseView] = field(default_factory=dict)
    filed: list[Filed] = field(default_factory=list)
    reminders: dict[str, int] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()
    shown: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    edition: str = ""
    refused: Mapping[str, Invalid] = field(default_factory=dict)
    touched: dict[str, int] = field(default_factory=dict)

    def hear(self, at: Moment, event: Event, event_id: str, fresh: str) -> None:
        """Take the turn of *event*; *fresh* is the id that the desk gave to a conversation begun in it."""
        if self.blocked and not isinstance(event, Introduced | Left):
            self.blocked = False
        standing = self.stood(event, fresh)
        self._take(at, hear(at.register, standing, event, at.world), event_id)

    def stood(self, event: Event, fresh: str = "unused") -> Standing:
        """Return where the person stands, as a turn of *event* takes it."""
        standing = replace(self.standing, fresh=fresh)
        wanted = wants_cases(standing, event)
        return replace(standing, cases=tuple(self.cases.values())) if wanted else standing

    def fill(self, at: Moment, conversation: str, event: Filled, event_id: str) -> bool:
        """Return whether the private page was taken; what was refused otherwise is kept in *refused*."""
        standing = self._opened(replace(self.standing, fresh="unused"), conversation)
        done, outcome = filled(at.register, standing, conversation, event, at.world)
        self.refused = {key: reason for key, reason in outcome.refused.items() if key in event.fields}
        if not self.refused:
            self._take(at, done, event_id)
        return not self.refused

    def staff(self, at: Moment, reference: str, step: str, event_id: str, locale: str) -> None:
        """File *step* of staff on the case *reference*."""
        self._step(at, reference, step, event_id, locale, "staff")

    def removed(self, conversation: str) -> None:
        """Forget a conversation that lay idle for too long."""
        left = tuple(each for each in self.standing.conversations if each.id != conversation)
        current = "" if self.standing.current == conversation else self.standing.current
        self.standing = replace(self.standing, conversations=left, current=current)
        self.vault.pop(conversation, None)

    # --- how it is done

    def _take(self, at: Moment, done: Turn, event_id: str) -> None:
        before = {each.id: each for each in self.standing.conversations}
        locale = self.standing.locale
        for effect in done.effects:
            locale = self._carry_out(at, effect, event_id, locale)
        kept = tuple(self._sealed(at, each) for each in done.standing.conversations)
        self.vault = {each.id: self.vault[each.id] for each in kept if each.id in self.vault}
        self.touched |= {each.id: at.now for each in kept if before.get(each.id) != each}
        self.standing = replace(done.standing, conversations=kept, cases=(), is_new=False, locale=locale)
        self.replies, self.effects = done.replies, done.effects
        self.edition = at.register.procedures[0].form(at.world.today).edition
        self.shown = done.replies or self.shown

    def _carry_out(self, at: Moment, effect: Effect, event_id: str, locale: str) -> str:
        match effect:
            case SetLocale(wanted, chosen):
                if chosen or not self.chosen:
                    self.chosen = self.chosen or chosen
                    return wanted
            case File():
                self._file(at, effect, event_id)
            case FileStep(_procedure, step, reference):
                self._step(at, reference, step, event_id, self.standing.locale, "resident")
            case SetBlocked(blocked):
                self.blocked = blocked
            case Remind(about, day):
                self.reminders[about] = at_hour(day, 9)
            case _:
                pass
        return locale

    def _file(self, at: Moment, effect: File, event_id: str) -> None:
        talk = self._sealed(at, effect.conversation)
        reference = talk.case or at.number(effect.procedure, at.world.today)
        before = self.cases.get(reference)
        today = day_of(at.now)
        history = (*(before.history if before else ()), Filing(effect.step, today))
        opened = before.opened if before else today
        self.cases[reference] = CaseView(
            reference, effect.procedure, effect.edition, opened, history, talk.answers
        )
        personal = self.vault.pop(talk.id, {})
        self.filed.append(
            Filed(
                reference,
                len(history),
                effect.step,
                effect.edition,
                talk.answers,
                personal,
                self.standing.locale,
                "resident",
                event_id,
            )
        )

    def _step(self, at: Moment, reference: str, step: str, event_id: str, locale: str, role: str) -> None:
        case = self.cases[reference]
        history = (*case.history, Filing(step, day_of(at.now)))
        self.cases[reference] = replace(case, history=history)
        self.filed.append(Filed(reference, len(history), step, "", {}, {}, locale, role, event_id))

    def _opened(self, standing: Standing, wanted: str) -> Standing:
        talk, known = standing.conversation(wanted), self.vault.get(wanted, {})
        if talk is None:
            raise LookupError(wanted)
        here = {key: known[key] for key, value in talk.answers.items() if sealed(value) and key in known}
        plain = replace(talk, answers={**talk.answers, **here})
        others = tuple(plain if each.id == wanted else each for each in standing.conversations)
        return replace(standing, conversations=others)

    def _sealed(self, at: Moment, talk: Conversation) -> Conversation:
        fields = fields_of(at.register, talk.form)
        plain = plain_personal(fields, talk.answers)
        if plain:
            self.vault[talk.id] = normal(plain)
        elif talk.case and talk.id not in self.vault:
            self.vault[talk.id] = self._personal_of(talk.case)
        aside = {key: value for key, value in talk.aside.items() if not _is_personal(fields, key)}
        answers = marked(fields, talk.answers)
        return Conversation(**normal(asdict(replace(talk, answers=answers, aside=aside))))

    def _personal_of(self, reference: str) -> Mapping[str, Any]:
        mine = [each for each in self.filed if each.reference == reference and each.answers]
        return mine[-1].personal if mine else {}


def fields_of(register: Register, key: str) -> Mapping[str, Field]:
    """Return every question that any edition of the form asks."""
    procedure = register.of(key)
    assert procedure
    return {each.key: each for form in procedure.forms for each in form.fields}


def form_of(register: Register, key: str, today: date) -> Form:
    """Return the edition in force of the form *key*."""
    procedure = register.of(key)
    assert procedure
    return procedure.form(today)


def normal(value: Any) -> Any:
    """Return *value* as it comes back out of a database."""
    return load(dump(value))


def _is_personal(fields: Mapping[str, Field], key: str) -> bool:
    found = fields.get(key)
    return found is None or found.personal
