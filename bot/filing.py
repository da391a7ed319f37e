"""What a turn wants stored besides its conversation: cases, submissions, signatures, reminders, errands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, assert_never

from sqlalchemy import Connection

from bot import dues, holders, menus, signing
from bot.clock import at_hour
from bot.deciding import Signer
from bot.desk_ports import NoSurveys, Surveys
from bot.following import Filed, follow
from bot.numbering import Numbering
from bot.prints import Prints
from bot.signing import Carried, Telling
from dialogs.conversation import Conversation
from dialogs.effects import (
    AskOffice,
    Cast,
    FetchPhoto,
    File,
    FileStep,
    ForgetPhoto,
    Introduce,
    NoteUnsent,
    Open,
    Remind,
    SetBlocked,
    SetLocale,
    Sign,
    TellHere,
)
from dialogs.fields.base import sealed
from dialogs.office import Office
from dialogs.procedure import Procedure
from dialogs.standing import CaseView, Register, Turn
from storage import cases, outbox, people, photos, questions, reminders, submissions
from storage.cases import CaseRow
from storage.outbox import Queued
from storage.teams import references
from storage.turns import Person, StoredConversation

if TYPE_CHECKING:
    from bot.desk import Arrival
    from bot.sealing import Sealer


@dataclass(frozen=True)
class Filer:
    """Carries out the effects of a turn in the turn's transaction."""

    register: Register
    office: Office
    sealer: Sealer
    surveys: Surveys = field(default_factory=NoSurveys)

    def cases(self, conn: Connection, person_id: str) -> tuple[CaseView, ...]:
        """Return the person's cases, locked until the end of the transaction, oldest first."""
        found = cases.of_person(conn, person_id, lock=True)
        filed = submissions.of_cases(conn, [each.id for each in found])
        return tuple(signing.view(each, filed.get(each.id, ())) for each in found)

    def reference(self, conn: Connection, case_id: str) -> str:
        """Return the reference of the case *case_id*; "" for no case."""
        return cases.reference(conn, case_id) if case_id else ""

    def carry_out(
        self, conn: Connection, before: Person, done: Turn, arrival: Arrival, now: int, telling: Telling
    ) -> tuple[Person, str]:
        """Do every effect of *done*; return the person as they then stand, and the reference that was given.

        Whoever else is to be told of it is told through *telling*.

        Raises:
            Stale: Something else was filed on a case meanwhile; run the turn again.
        """
        standing = done.standing
        after = replace(before, current=standing.current, at=standing.at)
        turn = Carried(conn, before, standing, arrival, now, telling)
        for effect in done.effects:
            if isinstance(effect, SetLocale):
                after = _speaking(after, effect)
            elif isinstance(effect, File | FileStep | Sign | Open):
                self._filing(turn, effect)
            elif isinstance(effect, Cast):
                self.surveys.cast(turn, effect)
            elif isinstance(effect, AskOffice):
                questions.ask(conn, before.id, after.locale, effect.text, effect.message, now)
            elif isinstance(effect, TellHere):
                self._tell_here(turn, effect)
            else:
                self._do(turn, effect)
        if after.locale != before.locale:
            menus.met(conn, before.id, arrival.event_id, now)
        return after, turn.reference

    def _filing(self, turn: Carried, effect: File | FileStep | Sign | Open) -> None:
        match effect:
            case File():
                turn.reference = self._file(turn, effect)
            case FileStep():
                self._file_step(turn, effect)
            case Sign():
                turn.reference = Signer(self.register, self._numbering).sign(turn, effect)
            case Open():
                self._open(turn, effect)
            case _:
                assert_never(effect)

    def _do(
        self,
        turn: Carried,
        effect: Remind | FetchPhoto | ForgetPhoto | NoteUnsent | SetBlocked | Introduce,
    ) -> None:
        conn, person, arrival, now = turn.conn, turn.before, turn.arrival, turn.now
        match effect:
            case Remind(about, day):
                reminders.ask(conn, person.id, about, at_hour(day, dues.MORNING), now)
            case FetchPhoto(photo, message, procedure):
                photos.expect(conn, photo, procedure=procedure, person_id=person.id, source=message, now=now)
                body = {"photo": photo, "message": message}
                outbox.queue(conn, [_errand(arrival, person.id, "content", body)], now)
            case ForgetPhoto(photo):
                self._forget(conn, person, photo)
            case NoteUnsent(message):
                submissions.note_unsent(conn, person.id, message, now)
                questions.take_back(conn, person.id, message)
            case SetBlocked(blocked):
                self._block(conn, person, arrival, now, blocked=blocked)
            case Introduce(greet):
                wanted = {"greet": greet, "cause": arrival.event_id}
                outbox.queue(conn, [_errand(arrival, person.id, "profile", wanted)], now)
            case _:
                assert_never(effect)

    def _tell_here(self, turn: Carried, effect: TellHere) -> None:
        if where := references.find(turn.conn, turn.arrival.conversation):
            references.subscribe(turn.conn, where, effect.procedures, turn.now)

    def _forget(self, conn: Connection, person: Person, photo: str) -> None:
        # What was filed stays as filed, whatever becomes of its correction.
        mine = [each.id for each in cases.of_person(conn, person.id)]
        filed = [one for each in submissions.of_cases(conn, mine).values() for one in each]
        if not any(photo in _photos(each.answers) for each in filed):
            photos.forget(conn, photo)

    def _block(self, conn: Connection, person: Person, arrival: Arrival, now: int, *, blocked: bool) -> None:
        people.set_blocked(conn, arrival.channel, arrival.external_id, now if blocked else None)
        if blocked:
            outbox.give_up_on(conn, arrival.external_id, arrival.channel, "blocked", now)
        elif not person.is_new:
            menus.met(conn, person.id, arrival.event_id, now, anew=True)

    @property
    def _numbering(self) -> Numbering:
        return Numbering(self.register, self.office)

    def _file(self, turn: Carried, effect: File) -> str:
        talk = effect.conversation
        stored = next((each for each in turn.before.conversations if each.id == talk.id), None)
        kept = self.sealer.filed(turn.conn, stored, talk, turn.now)
        return self._filled(turn, effect, kept, talk.case)

    def _open(self, turn: Carried, effect: Open) -> None:
        """Open the case that follows from what was filed in this turn."""
        procedure = self._procedure(effect.procedure)
        form, event = procedure.form(turn.day), f"{turn.arrival.event_id}/{turn.filed + 1}"
        answers = {**effect.answers, **({effect.refers: turn.reference} if effect.refers else {})}
        talk = Conversation(_fresh(event), form.key, answers)
        kept = self.sealer.filed(turn.conn, None, talk, turn.now)
        step = procedure.steps[0].key
        self._filled(turn, File(procedure.key, step, form.edition, talk), kept, "")

    def _filled(self, turn: Carried, effect: File, kept: StoredConversation, reference: str) -> str:
        """File a filled form on the case *reference*, or on a new one; return its reference."""
        conn, procedure = turn.conn, self._procedure(effect.procedure)
        reference = reference or self._numbering.case(conn, procedure.key, turn.day)
        case_id = kept.case_id or cases.open_case(
            conn,
            procedure=procedure.key,
            reference=reference,
            person_id=turn.before.id,
            channel=turn.arrival.channel,
            now=turn.now,
        )
        given = _Given(kept.form, effect.edition, kept.answers, kept.sources, kept.vault_id)
        entry = self.register.entry(kept.form)
        self._submit(turn, procedure, reference, effect.step, given)
        if procedure.once and kept.vault_id and entry and entry.is_application:
            Prints(self.sealer.vault).keep(conn, case_id, entry.edition(effect.edition), kept.vault_id)
        if procedure.grant and entry and entry.is_application:
            number = str(kept.answers.get(procedure.grant) or "")
            holders.keep(conn, self.sealer.vault, case_id, number, kept.vault_id)
        return reference

    def _file_step(self, turn: Carried, effect: FileStep) -> None:
        turn.reference = effect.reference or turn.reference
        self._submit(turn, self._procedure(effect.procedure), turn.reference, effect.step, _Given())

    def _submit(self, turn: Carried, procedure: Procedure, reference: str, step: str, given: _Given) -> None:
        case = self._theirs(turn, procedure, reference)
        seen = self._seen(turn, case, given)
        filed_by, role = turn.filer(procedure, step)
        event = turn.event()
        answers = {key: value for key, value in given.answers.items() if not sealed(value)}
        submissions.file(
            turn.conn,
            case_id=case.id,
            step=step,
            filed_by=filed_by,
            role=role.value,
            channel=turn.arrival.channel,
            locale=turn.before.locale,
            event_id=event,
            now=turn.now,
            # What somebody saw must be what they file on: whoever came first has taken this number.
            number=len(seen.history) + 1 if seen and turn.filed == 1 else None,
            **vars(given),
        )
        about = seen or CaseView(reference, procedure.key, given.edition, turn.day, ())
        filed = Filed(procedure, case, about, step, answers, event, turn.before.id)
        follow(turn.conn, filed, turn.telling, turn.now)

    def _seen(self, turn: Carried, case: CaseRow, given: _Given) -> CaseView | None:
        """Return *case* as it stood before what is *given* is filed; None for one that is just being opened."""
        if turn.filed and not given.form:  # it follows from what this turn has filed right before
            return signing.view(case, submissions.of_case(turn.conn, case.id))
        return turn.standing.case(case.reference)

    def _theirs(self, turn: Carried, procedure: Procedure, reference: str) -> CaseRow:
        """Return the case *reference*: the person's own, or the one that was handed in for a member.

        Raises:
            LookupError: It is neither, or of another procedure.
        """
        case, handled = cases.by_reference(turn.conn, reference), turn.standing.handled
        handed = handled is not None and handled.reference == reference
        if (
            case is None
            or case.procedure != procedure.key
            or not (handed or case.person_id == turn.before.id)
        ):
            raise LookupError(reference)
        return case

    def _procedure(self, key: str) -> Procedure:
        found = self.register.of(key)
        if found is None:
            raise LookupError(key)
        return found


@dataclass(frozen=True)
class _Given:
    """What a submission holds besides who filed it and when; nothing for a step without questions."""

    form: str = ""
    edition: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    vault_id: str | None = None


def _fresh(event: str) -> str:
    return blake2b(event.encode("utf-8", "surrogatepass"), digest_size=16, person=b"opened").hexdigest()


def _photos(answers: Mapping[str, object]) -> list[object]:
    return [value.get("photo") for value in answers.values() if isinstance(value, Mapping)]


def _speaking(person: Person, effect: SetLocale) -> Person:
    if person.locale_chosen and not effect.chosen:
        return person
    return replace(person, locale=effect.locale, locale_chosen=person.locale_chosen or effect.chosen)


def _errand(arrival: Arrival, person_id: str, kind: str, body: Mapping[str, object]) -> Queued:
    greets = kind == "profile" and bool(body.get("greet"))
    return Queued(
        arrival.channel,
        # Nobody waits for an answer until a photo has been fetched; the greeting alone comes before all else.
        person_id if greets else f"{kind}/{person_id}",
        arrival.external_id,
        body,
        f"{arrival.event_id}/{kind}",
        kind=kind,
        lane="chat" if greets else "errand",
        reply_token=arrival.reply_token if greets else None,
        reply_until=arrival.reply_until if greets else None,
    )
