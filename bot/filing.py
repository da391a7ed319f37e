"""What a turn wants stored besides its conversation: cases, submissions, reminders, errands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, assert_never

from sqlalchemy import Connection

from bot.clock import at_hour, day_of
from dialogs.effects import (
    FetchPhoto,
    File,
    FileStep,
    ForgetPhoto,
    Introduce,
    NoteUnsent,
    Remind,
    SetBlocked,
    SetLocale,
)
from dialogs.office import Office
from dialogs.procedure import Filing
from dialogs.standing import CaseView, Register, Turn
from storage import cases, outbox, people, photos, reminders, submissions
from storage.outbox import Queued
from storage.turns import Person

if TYPE_CHECKING:
    from bot.desk import Arrival
    from bot.sealing import Sealer

MORNING = 9
"""At which hour (Asia/Tokyo) word is sent: never at night."""


@dataclass(frozen=True)
class Filer:
    """Carries out the effects of a turn in the turn's transaction."""

    register: Register
    office: Office
    sealer: Sealer

    def cases(self, conn: Connection, person_id: str) -> tuple[CaseView, ...]:
        """Return the person's cases, locked until the end of the transaction, oldest first."""
        found = cases.of_person(conn, person_id, lock=True)
        filed = submissions.of_cases(conn, [each.id for each in found])
        views = []
        for each in found:
            history = filed.get(each.id, ())
            latest = next((one for one in reversed(history) if one.answers), None)
            views.append(
                CaseView(
                    each.reference,
                    each.procedure,
                    latest.edition if latest else "",
                    day_of(each.opened_at),
                    tuple(Filing(one.step, day_of(one.filed_at)) for one in history),
                    latest.answers if latest else {},
                )
            )
        return tuple(views)

    def reference(self, conn: Connection, case_id: str) -> str:
        """Return the reference of the case *case_id*; "" for no case."""
        return cases.reference(conn, case_id) if case_id else ""

    def carry_out(
        self, conn: Connection, before: Person, done: Turn, arrival: Arrival, now: int
    ) -> tuple[Person, str]:
        """Do every effect of *done*; return the person as they then stand, and the reference that was given."""
        standing = done.standing
        after = replace(before, current=standing.current, at=standing.at)
        reference = ""
        for effect in done.effects:
            if isinstance(effect, SetLocale):
                after = _speaking(after, effect)
            elif isinstance(effect, File):
                reference = self._file(conn, before, effect, arrival, now)
            else:
                self._do(conn, before, effect, arrival, now)
        return after, reference

    def _do(
        self,
        conn: Connection,
        person: Person,
        effect: FileStep | Remind | FetchPhoto | ForgetPhoto | NoteUnsent | SetBlocked | Introduce,
        arrival: Arrival,
        now: int,
    ) -> None:
        match effect:
            case FileStep():
                self._file_step(conn, person, effect, arrival, now)
            case Remind(about, day):
                reminders.ask(conn, person.id, about, at_hour(day, MORNING), now)
            case FetchPhoto(photo, message, procedure):
                photos.expect(conn, photo, procedure=procedure, person_id=person.id, source=message, now=now)
                body = {"photo": photo, "message": message}
                outbox.queue(conn, [_errand(arrival, person.id, "content", body)], now)
            case ForgetPhoto(photo):
                self._forget(conn, person, photo)
            case NoteUnsent(message):
                submissions.note_unsent(conn, person.id, message, now)
            case SetBlocked(blocked):
                self._block(conn, arrival, now, blocked=blocked)
            case Introduce(greet):
                wanted = {"greet": greet, "cause": arrival.event_id}
                outbox.queue(conn, [_errand(arrival, person.id, "profile", wanted)], now)
            case _:
                assert_never(effect)

    def _forget(self, conn: Connection, person: Person, photo: str) -> None:
        # What was filed stays as filed, whatever becomes of its correction.
        mine = [each.id for each in cases.of_person(conn, person.id)]
        filed = [one for each in submissions.of_cases(conn, mine).values() for one in each]
        if not any(photo in _photos(each.answers) for each in filed):
            photos.forget(conn, photo)

    def _block(self, conn: Connection, arrival: Arrival, now: int, *, blocked: bool) -> None:
        people.set_blocked(conn, arrival.channel, arrival.external_id, now if blocked else None)
        if blocked:
            outbox.give_up_on(conn, arrival.external_id, arrival.channel, "blocked", now)

    def _file(self, conn: Connection, person: Person, effect: File, arrival: Arrival, now: int) -> str:
        talk = effect.conversation
        stored = next((each for each in person.conversations if each.id == talk.id), None)
        kept = self.sealer.filed(conn, stored, talk, now)
        reference = talk.case or self._number(conn, effect.procedure, day_of(now))
        case_id = kept.case_id or cases.open_case(
            conn,
            procedure=effect.procedure,
            reference=reference,
            person_id=person.id,
            channel=arrival.channel,
            now=now,
        )
        submissions.file(
            conn,
            case_id=case_id,
            step=effect.step,
            form=talk.form,
            edition=effect.edition,
            answers=kept.answers,
            sources=kept.sources,
            vault_id=kept.vault_id,
            filed_by=person.id,
            role="resident",
            channel=arrival.channel,
            locale=person.locale,
            event_id=arrival.event_id,
            now=now,
        )
        return reference

    def _file_step(
        self, conn: Connection, person: Person, effect: FileStep, arrival: Arrival, now: int
    ) -> None:
        case = cases.by_reference(conn, effect.reference)
        if case is None or case.person_id != person.id:
            raise LookupError(effect.reference)
        submissions.file(
            conn,
            case_id=case.id,
            step=effect.step,
            form="",
            edition="",
            answers={},
            sources={},
            vault_id=None,
            filed_by=person.id,
            role="resident",
            channel=arrival.channel,
            locale=person.locale,
            event_id=arrival.event_id,
            now=now,
        )

    def _number(self, conn: Connection, procedure: str, day: date) -> str:
        found = self.register.of(procedure)
        if found is None:
            raise LookupError(procedure)
        series = self.office.numbers(found.series)
        return series.format(cases.next_number(conn, f"{series.key}:{series.period(day)}"), day)


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
