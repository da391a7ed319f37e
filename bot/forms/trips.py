"""One form on its way through a browser: whose it is, in whose hands, and how far it has come."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import Connection

from bot.clock import day_of
from bot.desk_ids import talk_id
from bot.knowing import with_free
from bot.meetings.knowing import with_seats
from bot.sealing import Opener
from bot.service import Service
from dialogs import asking
from dialogs.conversation import Conversation
from dialogs.fields.base import Field, Given
from dialogs.form import Form, Page
from dialogs.polls import EVERYBODY
from dialogs.procedure import Role
from dialogs.procedures.exchange_meeting.registration import KEY as MEETING
from dialogs.standing import Entry, Register, Standing
from dialogs.words import Words
from dialogs.world import World
from storage import engine as database
from storage import turns
from storage.turns import StoredConversation


@dataclass(frozen=True)
class Trip:
    """Whose form it is (our id), which one, who has it before their eyes, and in which language.

    *channel* is where it is filled in, "" for the person's own: nothing is said anywhere else.
    """

    person_id: str
    form: str
    opener: Opener
    words: Words
    channel: str = ""


@dataclass(frozen=True)
class Sheet:
    """The form of a trip as it stands: what was answered, what is still to be asked."""

    entry: Entry
    form: Form
    talk: Conversation
    words: Words
    world: World

    @cached_property
    def visible(self) -> tuple[Field, ...]:
        """Return the questions that are asked, given the answers."""
        return tuple(self.form.visible(self.talk.answers))

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Return the pages on which something is asked."""
        asked = set(self.visible)
        return tuple(page for page in self.form.pages if asked & set(page.fields))

    @cached_property
    def next(self) -> Page | None:
        """Return the page on which something is still to be answered, None where all is."""
        missing = self.form.missing(self.talk.answers)
        return self.form.page_of(missing[0]) if missing else None

    @property
    def given(self) -> Given:
        """Return what a question is drawn and read with."""
        return Given(self.world, self.talk.answers, words=self.words)

    def page(self, key: str) -> Page | None:
        """Return the page *key*, None where nobody has come to it yet."""
        reached = self.pages if self.next is None else self.pages[: self.pages.index(self.next) + 1]
        return next((each for each in reached if each.key == key), None)

    def before(self, page: Page) -> Page | None:
        """Return the page that comes before *page*."""
        at = self.pages.index(page)
        return self.pages[at - 1] if at else None

    def fields(self, page: Page) -> tuple[Field, ...]:
        """Return the questions of *page* that are asked."""
        return tuple(each for each in page.fields if each in self.visible)


def offered(register: Register) -> Sequence[Entry]:
    """Return the forms that a resident may open, in the order of the menu."""
    entries = (register.entry(each.key) for each in register.procedures)
    return [each for each in entries if each and is_for_residents(each)]


def is_for_residents(entry: Entry) -> bool:
    """Return whether anybody may fill the form in: a resident's application, or a survey that is for everybody."""
    poll = entry.procedure.poll
    for_all = poll is None or poll.audience == EVERYBODY
    return entry.is_application and for_all and Role.RESIDENT in {entry.step.role, *entry.step.also}


def world_of(conn: Connection, service: Service, entry: Entry, now: int, reference: str = "") -> World:
    """Return the world with what the questions of a form look at, for the case *reference* ("" for a new one)."""
    world = service.world(day_of(now))
    books = entry.in_force(world.today).needs_free
    world = with_free(conn, world, reference if books else None, now)
    return with_seats(conn, world, reference) if entry.procedure.key == MEETING else world


def begin(conn: Connection, service: Service, entry: Entry, came: tuple[str, str], now: int) -> str:
    """Return our id of a new person who *came* by a channel and reads a language, with the form open before them."""
    channel, locale = came
    person = turns.create(conn, channel, uuid.uuid4().hex, locale, now)
    known = entry.procedure.known(world_of(conn, service, entry, now))
    talk = StoredConversation(talk_id(person.id), entry.key, known, started_at=now)
    left = replace(person, locale_chosen=True, current=talk.id, conversations=(talk,))
    turns.store(conn, person, left, now)
    return person.id


def opened(service: Service, trip: Trip, *, personal: bool) -> Sheet | None:
    """Return the form of *trip* as it stands, None where it was filed or given up.

    With *personal* the personal answers are opened for whoever has it before their eyes, and that is logged.
    """
    now = service.clock.now()
    with database.write(service.engine) if personal else database.read(service.engine) as conn:
        person = turns.load_person(conn, trip.person_id)
        halves = person.conversations if person else ()
        stored = next((each for each in halves if each.form == trip.form and not each.case_id), None)
        entry = service.register.entry(trip.form)
        if person is None or stored is None or entry is None:
            return None
        sealer = service.desk.sealer
        standing = Standing(person.locale, (sealer.talk(stored, ""),))
        if personal:
            standing = sealer.opened(conn, person, standing, stored.id, trip.opener, now)
        form, world = entry.in_force(day_of(now)), world_of(conn, service, entry, now)
    talk = asking.in_edition(form, standing.conversations[0])
    return Sheet(entry, form, talk, trip.words, world)
