"""The shell of a turn: everything that a pure turn may not do, in one transaction, without any network call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot import holders, paged
from bot.clock import day_of
from bot.desk_ids import named, photo_id, talk_id
from bot.desk_ports import (
    Arrival,
    ConversationOver,
    Draw,
    Outbound,
    Refusal,
    Staff,
    Stored,
    T_co,
)
from bot.filing import Filer
from bot.knowing import with_free
from bot.meetings.knowing import with_meetings
from bot.sealing import Opener, Sealer
from bot.staffroom import as_member, looked_up, no_page
from dialogs import remarks, scarce
from dialogs.asking import Stride
from dialogs.events import Event, Filled, Introduced, Joined, Left
from dialogs.menu import hear, wants_cases
from dialogs.replies import Receipt, Reply, Said
from dialogs.staff import files
from dialogs.standing import Register, Standing, Turn
from dialogs.world import World
from storage import outbox, people, questions, together, turns, unreached
from storage.faults import is_busy
from storage.outbox import Parcel, Queued
from storage.staff import Member
from storage.turns import Person, Stale

__all__ = ["Arrival", "ConversationOver", "Desk", "Draw", "Outbound", "Refusal", "photo_id"]

log = structlog.get_logger()

TRIES = 6
"""How often a turn is run again when another turn of the same person was stored meanwhile."""


@dataclass(frozen=True)
class Desk:
    """Everything a turn needs, wired once.

    *world* makes the world of a day; *page_link* makes a one-time address inside the turn's transaction;
    *outbound* sends what a turn says.  *staffed* are the channels on which only members of the staff are heard,
    and who they are; *strides* is how much a channel asks at once, where it is more than one question.
    """

    engine: Engine
    register: Register
    world: Callable[[date], World]
    draws: Mapping[str, Draw]
    sealer: Sealer
    filer: Filer
    page_link: Callable[[Connection, str, str, int], str]
    outbound: Outbound
    locale: str = "ja"
    staffed: Mapping[str, Staff] = field(default_factory=dict)
    strides: Mapping[str, Stride] = field(default_factory=dict)

    def hear(self, arrival: Arrival, now: int) -> bool:
        """Return whether *arrival* was new; its turn, answers and effects are then stored for good.

        Raises:
            Exception: The turn failed and left no trace; the caller keeps the raw event to try again.
        """
        alone = arrival.channel in self.staffed and files(arrival.event)
        heard = self.stored(partial(self._hear, arrival=arrival, now=now), arrival.external_id, alone=alone)
        # An event that was known comes again where its answer was late: have a look whether it is still here.
        self.outbound.hand(heard or ())
        return heard is not None

    def wake(self) -> None:
        """Let what was queued outside a turn be sent."""
        self.outbound.hand(())

    def stored(self, turn: Stored[T_co], key: str, *, alone: bool = False) -> T_co:
        """Return what *turn* returns, once it is stored; *alone* where it locks what is not the person's own.

        Raises:
            Stale: Others came before, time and again.
        """
        for attempt in range(TRIES):
            try:
                return together.write(self.engine, partial(turn, patient=bool(attempt)), key, alone=alone)
            except Stale:
                log.info("turn_again", attempt=attempt)
            except DBAPIError as fault:
                # A connection that was lost, perhaps at the commit, or two that waited for each other: run again,
                # the turn knows whether it was stored.
                if attempt or not (fault.connection_invalidated or is_busy(fault)):
                    raise
                log.warning("connection_lost" if fault.connection_invalidated else "turn_in_the_way")
        raise Stale

    def _hear(
        self, conn: Connection, arrival: Arrival, now: int, *, patient: bool
    ) -> Sequence[Parcel] | None:
        """Return what was queued of an event's turn and leased to us, None for an event that was known."""
        channel, account = arrival.channel, arrival.external_id
        fresh, person = turns.enter(conn, arrival.event_id, channel, account, now)
        if not fresh:
            return None
        if patient:
            turns.wait_for(conn, channel, account)
            person = turns.load(conn, channel, account)
        return self._take(conn, arrival, person, now, again=patient)

    def _take(
        self, conn: Connection, arrival: Arrival, person: Person | None, now: int, *, again: bool
    ) -> Sequence[Parcel]:
        desk = self.staffed.get(arrival.channel)
        member = desk.member(conn, arrival.external_id, day_of(now)) if desk else None
        if desk and member is None:
            return self._turned_away(conn, arrival, now)
        if person is None:
            person = turns.create(conn, arrival.channel, arrival.external_id, self.locale, now)
        elif person.blocked and not isinstance(arrival.event, Introduced | Left):
            # Whoever speaks to us can hear us again.
            turns.hold(conn, person)
            people.set_blocked(conn, arrival.channel, arrival.external_id, None)
            person = replace(person, blocked=False)
        event = named(arrival.event)
        world = self.world(day_of(now))
        known = (desk, member) if desk and member else None
        standing = self.standing(conn, person, arrival.event_id, event, now, known)
        register = self.register.complete
        world = with_free(conn, world, scarce.wanted(register, standing, event, again=again), now)
        world = holders.knowing(conn, self.sealer.vault, world)
        world = with_meetings(conn, world, self.register, standing, event)
        world = questions.knowing(conn, world, standing, event, person.id)
        stride = self.strides.get(arrival.channel, Stride.FIELD)
        return self.finish(conn, person, hear(register, standing, event, world, stride), arrival, now)

    def _turned_away(self, conn: Connection, arrival: Arrival, now: int) -> Sequence[Parcel]:
        """Queue a polite refusal, and nothing else, to somebody who is not on the staff."""
        log.warning("staff_refused", channel=arrival.channel)
        if isinstance(arrival.event, Left):
            return ()
        words = self.world(day_of(now)).words[self.locale]
        said = Said(remarks.not_on_the_staff())
        bodies = self.draws[arrival.channel]((said,), words, arrival.external_id, no_page)
        to = arrival.conversation or arrival.external_id
        cause = f"{arrival.event_id}/refusal"
        queued = [Queued(arrival.channel, to[:64], to, each, cause) for each in bodies]
        return outbox.queue(conn, queued, now, lease=self.outbound.lease(now))

    def fill(self, person_id: str, conversation: str, event: Filled, cause: str, now: int) -> Refusal | None:
        """Take the turn of a private page; see ``bot.paged.fill``."""
        return paged.fill(self, paged.Sent(person_id, conversation, cause), event, now)

    def tell(self, conn: Connection, person_id: str, replies: Sequence[Reply], cause: str, now: int) -> None:
        """Queue *replies* to a person who did not just speak; one who cannot be reached is left to staff."""
        person, account = turns.load_person(conn, person_id), people.known_account(conn, person_id)
        if person is None or account is None:  # they were erased
            return
        channel, external_id = account
        if channel not in self.draws:  # they came by telephone or on paper, or the channel was given up
            unreached.note(conn, person_id, cause, unreached.NO_ACCOUNT, now)
            return
        arrival = Arrival(cause, channel, external_id, Joined())
        said = self._said(conn, person, replies, "", arrival, now)
        # Nobody waits for it, so that nobody would miss it: it arrives for certain, or is left to staff.
        outbox.queue(conn, [replace(each, legal=True) for each in said], now)
        _give_up_where_blocked(conn, person, arrival, now)

    def standing(
        self,
        conn: Connection,
        person: Person,
        cause: str,
        event: Event,
        now: int,
        known: tuple[Staff, Member] | None = None,
    ) -> Standing:
        """Return where *person* stands as *event* reaches them; *known* is who they are on the staff."""
        standing = Standing(
            person.locale,
            tuple(
                self.sealer.talk(each, self.filer.reference(conn, each.case_id))
                for each in person.conversations
            ),
            person.current,
            person.at,
            fresh=talk_id(cause),
            is_new=person.is_new,
        )
        # Who it is comes first: a member's own cases are many, and most of their turns need none of them.
        if known:
            desk, member = known
            if files(event):  # whoever may file on a case that is locked for it holds themselves first
                turns.hold(conn, person)
            standing = looked_up(conn, desk, as_member(standing, member), event, day_of(now))
        if wants_cases(standing, event):
            turns.hold(conn, person)
            standing = replace(standing, cases=self.filer.cases(conn, person.id))
        standing = self.filer.surveys.knowing(conn, standing, person.id, event, now)
        if standing.talk and self.world(day_of(now)).pii_in_chat:
            standing = self.sealer.opened(conn, person, standing, standing.current, Opener("talk"), now)
        return standing

    def finish(
        self, conn: Connection, before: Person, done: Turn, arrival: Arrival, now: int
    ) -> Sequence[Parcel]:
        """Store all that follows from a turn of the person *before*; return what of it is ours to send at once."""
        if done.effects or self.sealer.has_work(before, done.standing):
            turns.hold(conn, before)
        after, reference = self.filer.carry_out(conn, before, done, arrival, now, self)
        after = self.sealer.stored(conn, before, after, done.standing, now)
        said = self._said(conn, after, done.replies, reference, arrival, now)
        lease = 0 if after.blocked else self.outbound.lease(now)
        parcels = turns.store(conn, before, after, now, said, lease=lease)
        self.filer.surveys.follow(conn, before, after, done, f"{arrival.event_id}/talk")
        _give_up_where_blocked(conn, after, arrival, now)
        return parcels

    def _said(
        self,
        conn: Connection,
        person: Person,
        replies: Sequence[Reply],
        reference: str,
        arrival: Arrival,
        now: int,
    ) -> Sequence[Queued]:
        if not replies or arrival.channel not in self.draws:  # who fills in a page has it before their eyes
            return ()
        named = tuple(_numbered(each, reference) for each in replies)
        words = self.world(day_of(now)).words[person.locale]
        bodies = self.draws[arrival.channel](
            named, words, arrival.external_id, lambda talk: self.page_link(conn, person.id, talk, now)
        )
        legal = any(isinstance(each, Receipt) for each in replies)
        return [
            Queued(
                arrival.channel,
                arrival.conversation or person.id,
                arrival.conversation or arrival.external_id,
                body,
                f"{arrival.event_id}/talk",
                reply_token=arrival.reply_token if position == 0 else None,
                reply_until=arrival.reply_until if position == 0 else None,
                legal=legal,
            )
            for position, body in enumerate(bodies)
        ]


def _give_up_where_blocked(conn: Connection, person: Person, arrival: Arrival, now: int) -> None:
    # Visible to staff, who can ring; the platform would take it and show it to nobody.
    if person.blocked:
        outbox.give_up_on(conn, arrival.external_id, arrival.channel, "blocked", now)


def _numbered(reply: Reply, reference: str) -> Reply:
    """Return *reply*, a receipt with the *reference* that storage gave."""
    return replace(reply, reference=reply.reference or reference) if isinstance(reply, Receipt) else reply
