"""Sample people at the desk: what they send, turn by turn, and how cases stand meanwhile."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot import room, signing
from bot.clock import day_of
from bot.desk import Arrival, Desk, Draw, photo_id
from bot.play.pictures import picture
from bot.service import Service
from bot.staffroom import StaffRoom
from dialogs.asking import Stride
from dialogs.conversation import Conversation
from dialogs.events import Action, Decided, Do, Event, Filled, SentPhoto, Tapped
from dialogs.fields.base import Control, Given, Raw
from dialogs.form import Form
from dialogs.replies import CaseSheet, Reply
from dialogs.standing import CaseView
from dialogs.stepping import SURELY
from dialogs.words import Words
from dialogs.world import World
from storage import cases, outbox, people, photos, submissions, turns
from storage import engine as database
from storage.casefiles import bare_page
from storage.caselist import Wanted
from storage.staff import CHANNEL as TEAMS
from storage.turns import Person

CHANNEL = "sample"
"""No gateway sends on it, so nothing is ever said to a sample."""

MOST_CASES = 500


class Refused(Exception):
    """The desk did not take what a play had somebody say; the text says who and what."""


def unsaid(
    replies: Sequence[Reply],  # noqa: ARG001 -- the shape of whatever draws
    words: Words,  # noqa: ARG001
    account: str,  # noqa: ARG001
    page_link: Callable[[str], str],  # noqa: ARG001
) -> Sequence[str]:
    """Return no message: whoever plays needs not be told."""
    return ()


@dataclass
class Stage:
    """The desk of *service* with people who act at it.  *draw* draws what is said to residents."""

    service: Service
    draw: Draw = unsaid
    name: str = "play"
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @cached_property
    def desk(self) -> Desk:
        """Return the service's desk, at which whole cards are asked at once and nothing is sent."""
        room_ = StaffRoom(self.service.register, self.service.office, _no_sheet, self.service.world)
        return replace(
            self.service.desk,
            draws={**self.service.desk.draws, CHANNEL: self.draw, TEAMS: unsaid},
            staffed={TEAMS: room_},
            strides={TEAMS: Stride.FORM, CHANNEL: Stride.FORM},
        )

    def world(self, now: int) -> World:
        """Return the world of the day of *now* (ms UTC)."""
        return self.desk.world(day_of(now))

    def world_of(self, reference: str, now: int) -> World:
        """Return the world in which the case *reference* ("" for a new one) is asked something."""
        with database.read(self.service.engine) as conn:
            found = cases.by_reference(conn, reference) if reference else None
            world = room.with_free(conn, self.world(now), found.id if found else "", now)
            seen = signing.view(found, submissions.of_case(conn, found.id)) if found else None
        return replace(world, case=seen)

    def cases(self, procedure: str) -> Sequence[CaseView]:
        """Return every case of *procedure*, the oldest first."""
        with database.read(self.service.engine) as conn:
            found = bare_page(conn, Wanted(procedure), None, MOST_CASES)
            filed = submissions.of_cases(conn, [each.case.id for each in found])
            return [signing.view(each.case, filed.get(each.case.id, ())) for each in found]

    def case(self, reference: str) -> CaseView:
        """Return the case *reference*.

        Raises:
            Refused: There is none.
        """
        with database.read(self.service.engine) as conn:
            found = cases.by_reference(conn, reference)
            if found is None:
                raise Refused(f"there is no case {reference}")
            return signing.view(found, submissions.of_case(conn, found.id))

    def actor(self, account: str, channel: str = CHANNEL) -> Actor:
        """Return whoever is behind *account*."""
        return Actor(self, account, channel)

    def settle(self, now: int) -> None:
        """Let nothing that a play brought about wait to be sent: there is nobody to send it to."""
        with database.write(self.service.engine) as conn:
            for channel in (CHANNEL, TEAMS):
                waiting = outbox.waiting(conn, channel, but="sheet")
                outbox.finish(conn, [outbox.Delivered(each, outbox.DELIVERED) for each in waiting], now)

    def number(self) -> str:
        """Return the id of the next event."""
        return f"{self.name}{next(self._numbers):08}"


def _no_sheet(*_asked: object) -> CaseSheet | None:
    return None


@dataclass(frozen=True)
class Actor:
    """One person at the desk of *stage*: a resident, or a member of the staff on Teams' channel."""

    stage: Stage
    account: str
    channel: str

    def hear(self, event: Event, now: int) -> None:
        """Send *event* at *now* (ms UTC)."""
        self.stage.desk.hear(Arrival(self.stage.number(), self.channel, self.account, event), now)

    def tap(self, action: Action, now: int) -> None:
        """Press the button that does *action*."""
        self.hear(Tapped(action), now)

    def apply(self, procedure: str, answers: Mapping[str, Raw], now: int) -> str:
        """Fill in the application of *procedure* and send it; return the reference it was given."""
        known = {each.reference for each in self.mine(procedure)}
        self.tap(Action(Do.START, key=procedure), now)
        self.fill(answers, now)
        return next(each.reference for each in self.mine(procedure) if each.reference not in known)

    def file(self, reference: str, step: str, answers: Mapping[str, Raw], now: int) -> None:
        """File *step* on the case *reference*, with *answers* where it has questions.

        Raises:
            Refused: The desk did not take it.
        """
        before = len(self.stage.case(reference).history)
        self.tap(Action(Do.FILE, key=reference, part=step), now)
        if answers:
            self.fill(answers, now)
        elif self._is_asked_first(step):
            self.tap(Action(Do.FILE, key=reference, part=step, value=SURELY), now)
        if len(self.stage.case(reference).history) == before:
            raise Refused(f"{self.account} could not file {step} on {reference}")

    def press(self, reference: str, step: str, outcome: str, now: int, **beside: str | Sequence[str]) -> None:
        """Press the button *outcome* of *step* on the sheet of *reference*, with what was written *beside* it.

        Raises:
            Refused: The desk did not take it.
        """
        seen = self.stage.case(reference)
        fields = {key: {"": value} for key, value in beside.items()}
        procedure = self.stage.service.register.of(seen.procedure)
        shown = procedure.to_be_seen(seen) if procedure else 0
        self.hear(Decided(reference, step, outcome, shown, fields), now)
        if len(self.stage.case(reference).history) == len(seen.history):
            raise Refused(f"{self.account} could not press {step}/{outcome} on {reference}")

    def mine(self, procedure: str) -> Sequence[CaseView]:
        """Return the person's own cases of *procedure*."""
        with database.read(self.stage.service.engine) as conn:
            known = people.find(conn, self.channel, self.account)
            found = cases.of_person(conn, known) if known else ()
            filed = submissions.of_cases(conn, [each.id for each in found])
        views = [signing.view(each, filed.get(each.id, ())) for each in found]
        return [each for each in views if each.procedure == procedure]

    def fill(self, answers: Mapping[str, Raw], now: int) -> None:
        """Answer the form that is open with *answers*, and send it; what may stay empty and is not among them does."""
        form = self._form()
        skipped: dict[str, Raw] = {each.key: "" for each in form.fields if not each.required}
        answers = {**skipped, **answers}
        self.hear(Filled(_plain(form, answers, personal=False), self._talk().id), now)
        self._show_pictures(form, now)
        private = _plain(form, answers, personal=True)
        if private:
            self._fill_page(private, now)
        talk = self._talk()
        missing = [each.key for each in form.missing(talk.answers)]
        if missing:
            raise Refused(f"{self.account} was still asked {missing} in {form.key}: {talk.answers}")
        self.tap(Action(Do.CONFIRM, talk.id), now)

    def _fill_page(self, private: Mapping[str, Mapping[str, str]], now: int) -> None:
        person = self._person()
        event = Filled(private)
        refused = self.stage.desk.fill(person.id, person.current, event, f"page/{self.stage.number()}", now)
        if refused:
            raise Refused(f"{self.account} was refused {refused}")

    def _show_pictures(self, form: Form, now: int) -> None:
        """Send a picture for every photo that is asked."""
        while asked := [each for each in form.missing(self._talk().answers) if not each.personal]:
            given = asked[0].pending(Given(self.stage.world(now)))
            if given.control is not Control.PHOTO:
                return
            message = f"picture-{self.stage.number()}"
            self.hear(SentPhoto(message, message), now)
            self._keep(photo_id(message))

    def _keep(self, photo: str) -> None:
        """Put a picture where the channel would have fetched it from."""
        service = self.stage.service
        with database.write(service.engine) as conn:
            photos.store(conn, service.vault, photo, picture(photo), media_type="image/jpeg")

    def _is_asked_first(self, step: str) -> bool:
        steps = [each for one in self.stage.service.register.procedures for each in one.steps]
        return any(each.sure for each in steps if each.key == step)

    def _form(self) -> Form:
        entry = self.stage.service.register.entry(self._talk().form)
        if entry is None:
            raise Refused(f"{self.account} has no form open")
        return entry.form

    def _talk(self) -> Conversation:
        person = self._person()
        found = next((each for each in person.conversations if each.id == person.current), None)
        if found is None:
            raise Refused(f"{self.account} has no form open")
        return self.stage.desk.sealer.talk(found, "")

    def _person(self) -> Person:
        with database.read(self.stage.service.engine) as conn:
            found = turns.load(conn, self.channel, self.account)
        if found is None:
            raise Refused(f"{self.account} was never heard")
        return found


def _plain(form: Form, answers: Mapping[str, Raw], *, personal: bool) -> Mapping[str, Mapping[str, str]]:
    """Return those of *answers* that stand on private pages, or those that do not, as a page gives them."""
    private = {each.key for each in form.fields if form.page_of(each).private}
    chosen = {key: raw for key, raw in answers.items() if (key in private) is personal}
    return {key: {"": raw} if isinstance(raw, str) else raw for key, raw in chosen.items()}  # type: ignore[misc]
