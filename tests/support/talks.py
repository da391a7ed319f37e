"""Whole conversations as text: one person at the desk, played without any database or channel.

The desk's side is drawn in the reader's language as plainly as a clerk can read it; what is stored stands
behind a star.  Personal answers are sealed between turns, as the shell does it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.office_words import OfficeWords
from bot.sealing import marked, plain_personal
from bot.words import LOCALES, words_for
from dialogs import beside
from dialogs.conversation import Conversation
from dialogs.effects import Effect, File, FileStep, Introduce, SetLocale, Sign
from dialogs.events import Action, Decided, Event, Filled
from dialogs.fields import Choices
from dialogs.fields.base import Answers, Invalid, Raw, sealed
from dialogs.filling import filled
from dialogs.form import Form
from dialogs.menu import hear, wants_cases
from dialogs.procedure import Filing
from dialogs.procedures import REGISTER
from dialogs.replies import Reply
from dialogs.signing import sign
from dialogs.standing import CaseView, Grant, Register, Standing, Turn
from dialogs.stepping import public
from dialogs.words import Words
from dialogs.world import World
from tests.dialogs import worlds
from tests.support import drawing

WORDS: Mapping[str, Words] = {
    locale: OfficeWords(words_for(locale), worlds.OFFICE.catalog(locale)) for locale in LOCALES
}


def world(today: date = worlds.TODAY, **changes: Any) -> World:
    """Return the small world of the tests, speaking the languages that are shipped."""
    return worlds.world(today, words=WORDS, **changes)


@dataclass(frozen=True)
class Offered:
    """A button that was drawn: its label and what it does."""

    label: str
    action: Action


@dataclass
class Visitor:
    """One person at the desk: where they stand, what was filed for them, every button they were ever offered.

    *vault* holds the personal answers by conversation and case; *said* are all replies with their language.
    """

    world: World
    locale: str = "ja"
    register: Register = REGISTER
    standing: Standing = field(init=False)
    cases: dict[str, CaseView] = field(default_factory=dict)
    vault: dict[str, dict[str, Any]] = field(default_factory=dict)
    offered: list[list[Offered]] = field(default_factory=list)
    said: list[tuple[str, tuple[Reply, ...]]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    _events: int = 0

    def __post_init__(self) -> None:
        self.standing = Standing(self.locale, is_new=True)

    def hear(self, event: Event) -> list[str]:
        """Return what is drawn and stored when *event* reaches the desk."""
        standing = replace(self._fresh(), cases=())
        if wants_cases(standing, event):
            standing = replace(standing, cases=tuple(self.cases.values()))
        if self.world.pii_in_chat:
            standing = self._opened(standing, standing.current)
        return self._done(hear(self.register, standing, event, self.world))

    def fill(self, fields: Mapping[str, Mapping[str, str]]) -> list[str]:
        """Return what follows when the private page of the current conversation comes back with *fields*."""
        wanted = self.standing.current
        standing = self._opened(self._fresh(), wanted)
        done, outcome = filled(self.register, standing, wanted, Filled(fields), self.world)
        if outcome.refused:
            return [f"(page) {line}" for line in self.refusals(outcome.refused)]
        return self._done(done)

    def sign(self, reference: str, step: str, outcome: str, fields: Mapping[str, Sequence[str]]) -> list[str]:
        """Return what the person is told when the holder of the level *step* says *outcome* on a case's sheet."""
        case = self.cases[reference]
        procedure = self.register.of(case.procedure)
        assert procedure
        assert procedure.signoff
        level = procedure.signoff.level(step)
        assert level
        member = Standing(
            "ja", grants=(Grant("*", level.role),), name=f"見本 {level.who}", member=f"見本 {level.who}"
        )
        parts = {key: {outcome: list(chosen)} for key, chosen in fields.items()}
        pressed = Decided(reference, step, outcome, procedure.to_be_seen(case), parts)
        done = sign(procedure, case, member, pressed, self.world)
        [signed] = done.effects
        assert isinstance(signed, Sign), done
        numbers = {"document": "札幌対第1号", "number": "9-1"}  # untranslated: as the office file writes them
        said = {**signed.answers, **(numbers if signed.step == "decision" else {})}
        self.staff(signed.step, reference, member.name, said)
        told = procedure.told(signed.step, said, case, self.world)
        return [*self._drawn(told, ""), f"* {signed.step} of {case.procedure} signed on {reference}"]

    def office(
        self, reference: str, key: str, fields: Mapping[str, Mapping[str, str]], by: str = "見本 作業員"
    ) -> list[str]:
        """Return what the person is told when *by* files the step *key* of a case with *fields*."""
        case = self.cases[reference]
        procedure = self.register.of(case.procedure)
        assert procedure
        step = procedure.step(key)
        assert step
        assert procedure.may_file(key, case), f"{key} cannot be filed now"
        outside = replace(self.world, case=case)
        said: Answers = beside.answered(step, fields, outside)
        if step.form:
            said, refused = step.form.read(_chosen(step.form, fields), {}, outside, self.world.words["ja"])
            assert not refused, [*self.refusals(refused)]
            assert not [each.key for each in step.form.missing(said) if each.required]
        self.staff(key, reference, by, said)
        told = procedure.told(key, said, case, self.world)
        return [*self._drawn(told, ""), f"* {key} of {case.procedure} filed on {reference} by {by}"]

    def reminded(self, reference: str) -> list[str]:
        """Return the reminders of today about a case."""
        case = self.cases[reference]
        procedure = self.register.of(case.procedure)
        assert procedure
        due = [each for each in procedure.reminders(case, self.world) if each.day == self.world.today]
        return [
            line for each in due for line in (*self._drawn(each.replies, ""), f"* reminded: {each.about}")
        ]

    def refusals(self, refused: Mapping[str, Invalid]) -> Iterator[str]:
        """Yield why the page was not taken, a line for each question."""
        words = self.world.words[self.standing.locale]
        for key, reason in refused.items():
            yield f"⚠ {key}{'.' if reason.part else ''}{reason.part}: {words.say(reason.message)}"

    def staff(self, step: str, reference: str, by: str = "", said: Answers | None = None) -> None:
        """File *step* of staff on the case *reference* today."""
        case = self.cases[reference]
        filing = Filing(step, self.world.today, by, said or {})
        self.cases[reference] = replace(case, history=(*case.history, filing))

    def button(self, label: str, *, older: bool = False) -> Action:
        """Return what the button *label* of the last message does; of the latest *older* one that had it."""
        batches = reversed(self.offered[:-1]) if older else self.offered[-1:]
        for batch in batches:
            for each in batch:
                if each.label == label:
                    return each.action
        raise LookupError(
            f"no button says {label}; the last message has {[o.label for o in self.offered[-1]]}"
        )

    def _fresh(self) -> Standing:
        self._events += 1
        return replace(self.standing, fresh=f"talk{self._events}")

    def _opened(self, standing: Standing, wanted: str) -> Standing:
        talk = standing.conversation(wanted)
        if talk is None or wanted not in self.vault:
            return standing
        known = self.vault[wanted]
        answers = {key: known[key] if sealed(value) else value for key, value in talk.answers.items()}
        plain = replace(talk, answers=answers)
        others = (plain if each.id == wanted else each for each in standing.conversations)
        return replace(standing, conversations=tuple(others))

    def _done(self, done: Turn) -> list[str]:
        stored = [self._carry_out(effect) for effect in done.effects]
        reference = next((name for name, _line in stored if name), "")
        kept = tuple(self._sealed(each) for each in done.standing.conversations)
        self.standing = replace(
            done.standing, conversations=kept, cases=(), is_new=False, locale=self.standing.locale
        )
        self.effects += done.effects
        return [*self._drawn(done.replies, reference), *(line for _name, line in stored)]

    def _drawn(self, replies: tuple[Reply, ...], reference: str) -> list[str]:
        words = self.world.words[self.standing.locale]
        named = tuple(drawing.numbered(each, reference) for each in replies)
        drawn = [drawing.draw(each, words) for each in named]
        self.said.append((self.standing.locale, named))
        if drawn:
            self.offered.append([Offered(*button) for each in drawn for button in each.buttons])
        return [line for each in drawn for line in each.lines]

    def _carry_out(self, effect: Effect) -> tuple[str, str]:
        """Return the reference that *effect* gave ("" for none), and the line that tells of it."""
        match effect:
            case File(procedure, step, edition, talk):
                name = self._file(effect)
                entry = self.register.entry(talk.form)
                if entry and not entry.is_application:
                    return name, f"* {step} of {procedure} filed on {name}, edition {edition}"
                return name, f"* {step} of {procedure} filed as {name}, edition {edition}" + _correcting(talk)
            case FileStep(procedure, step, reference):
                name = reference or [*self.cases][-1]
                self.staff(step, name)
                return name, f"* {step} of {procedure} filed on {name}"
            case SetLocale(locale):
                self.standing = replace(self.standing, locale=locale)
            case _:
                pass
        return "", f"* {effect}"

    def _file(self, effect: File) -> str:
        talk, today = effect.conversation, self.world.today
        sealed = self._sealed(talk)
        series = self.world.office.numbers("loan")
        name = talk.case or series.format(len(self.cases) + 1, today)
        before = self.cases.get(name)
        entry = self.register.entry(talk.form)
        if before and entry and not entry.is_application:
            self.staff(effect.step, name, said=public(entry.form, sealed.answers))
            return name
        history = (*(before.history if before else ()), Filing(effect.step, today))
        opened = before.opened if before else today
        self.cases[name] = CaseView(
            name, effect.procedure, effect.edition, opened, history, sealed.answers, len(history)
        )
        self.vault[name] = {**self.vault.get(talk.id, {})}
        return name

    def _sealed(self, talk: Conversation) -> Conversation:
        form = self.form(talk.form)
        known = self.vault.get(talk.id, self.vault.get(talk.case, {}))
        plain = plain_personal(form.by_key, talk.answers)
        self.vault[talk.id] = {key: plain.get(key, known.get(key)) for key in talk.answers}
        aside = {key: value for key, value in talk.aside.items() if not _personal(form, key)}
        return replace(talk, answers=marked(form.by_key, talk.answers), aside=aside)

    def form(self, key: str) -> Form:
        """Return the edition in force of the form *key*."""
        entry = self.register.entry(key)
        assert entry
        return entry.in_force(self.world.today)


def _chosen(form: Form, fields: Mapping[str, Mapping[str, str]]) -> Mapping[str, Raw]:
    """Return *fields* with what was ticked in a list apart: several keys stand with a comma between them."""
    several = {each.key for each in form.fields if isinstance(each, Choices)}
    return {key: {"": parts[""].split(", ")} if key in several else parts for key, parts in fields.items()}


def _personal(form: Form, key: str) -> bool:
    found = form.field(key)
    return found is None or found.personal


def _correcting(talk: Conversation) -> str:
    return f" (correcting {talk.case})" if talk.case else ""


def greets(visitor: Visitor) -> bool:
    """Return whether the desk waits for the profile before it greets *visitor*."""
    asked = [effect for effect in visitor.effects if isinstance(effect, Introduce)]
    return bool(asked) and asked[-1].greet
