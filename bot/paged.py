"""The turns of a form that is filled in page by page in a browser: each page one ordinary turn, then the filing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import Connection

from bot import holders
from bot.clock import day_of
from bot.desk_ports import Arrival, ConversationOver, Refusal
from bot.knowing import with_free
from bot.meetings.knowing import with_meetings
from bot.sealing import Opener
from dialogs import filling, scarce
from dialogs.asking import Stride
from dialogs.events import Action, Do, Event, Filled, Tapped
from dialogs.lobby import Hall
from dialogs.procedure import Role
from dialogs.replies import Reply
from dialogs.standing import Grant, Standing
from dialogs.world import World
from storage import people, turns
from storage.outbox import Parcel
from storage.turns import Person

if TYPE_CHECKING:
    from bot.desk import Desk

Filed: TypeAlias = "tuple[Sequence[Reply], Sequence[Parcel]]"


PAGE = Opener("private page")


@dataclass(frozen=True)
class Sent:
    """What a page sent is about: whose *conversation*, under which *cause*, and in whose hands the page was.

    *channel* is where that was, "" for the person's own: what follows is said there, or on a page nowhere.
    """

    person_id: str
    conversation: str
    cause: str
    opener: Opener = PAGE
    channel: str = ""


def fill(desk: Desk, sent: Sent, event: Filled, now: int) -> Refusal | None:
    """Take the turn of a page; return what was refused, None where all was stored.

    A talk goes on by itself: what it says next is queued for the person's own channel, where that has messages.

    Raises:
        ConversationOver: The conversation was filed or cancelled.
    """

    def turn(conn: Connection, *, patient: bool) -> Refusal | Sequence[Parcel]:
        if patient:
            turns.wait_for(conn, *people.account(conn, sent.person_id))
        return _fill(desk, conn, sent, replace(event, conversation=sent.conversation), now)

    filled = desk.stored(turn, sent.person_id)
    if isinstance(filled, Refusal):
        return filled
    desk.outbound.hand(filled)
    return None


def _fill(desk: Desk, conn: Connection, sent: Sent, event: Filled, now: int) -> Refusal | Sequence[Parcel]:
    person, standing, world = _begun(desk, conn, sent, event, now)
    standing = desk.sealer.opened(conn, person, standing, sent.conversation, sent.opener, now)
    done, outcome = filling.filled(desk.register, standing, sent.conversation, event, world)
    # A rule may refuse an answer that stands on no page, such as a day gone by since: it is asked again.
    refused = {key: reason for key, reason in outcome.refused.items() if key in event.fields}
    if refused:
        return Refusal(refused)
    # Only what is taken is claimed: a refused page comes again under the same cause.
    if not turns.claim(conn, sent.cause, "web", now):  # the button was pressed twice
        return ()
    return desk.finish(conn, person, done, _arrival(conn, sent, event), now)


def file(desk: Desk, sent: Sent, now: int) -> Sequence[Reply]:
    """File the conversation as if its person had confirmed it in a talk; return what is said to it.

    With a receipt it is filed, with anything else it is not; nothing is said to a button pressed twice.  Where a
    member of the staff keyed it in, they have filed it, and the case is the person's.

    Raises:
        ConversationOver: The conversation was filed or cancelled.
    """

    def turn(conn: Connection, *, patient: bool) -> Filed:
        if patient:
            turns.wait_for(conn, *people.account(conn, sent.person_id))
        return _file(desk, conn, sent, now, again=patient)

    said, queued = desk.stored(turn, sent.person_id)
    desk.outbound.hand(queued)
    return said


def _file(desk: Desk, conn: Connection, sent: Sent, now: int, *, again: bool) -> Filed:
    event = Tapped(Action(Do.CONFIRM, sent.conversation))
    person, standing, world = _begun(desk, conn, sent, event, now, again=again)
    standing, talk = _by(standing, sent.opener), standing.conversation(sent.conversation)
    if talk is None or not turns.claim(conn, sent.cause, "web", now):
        return (), ()
    hall = Hall(desk.register, world, world.words[standing.locale], Stride.PAGE)
    done = filling.in_form(hall, standing, talk, event)
    return done.replies, desk.finish(conn, person, done, _arrival(conn, sent, event), now)


def _begun(
    desk: Desk, conn: Connection, sent: Sent, event: Event, now: int, *, again: bool = False
) -> tuple[Person, Standing, World]:
    person = turns.load_person(conn, sent.person_id)
    if person is None or sent.conversation not in {each.id for each in person.conversations}:
        raise ConversationOver(sent.conversation)
    standing = desk.standing(conn, person, sent.cause, event, now)
    wanted = scarce.wanted(desk.register, standing, event, again=again)
    world = with_free(conn, desk.world(day_of(now)), wanted, now)
    world = with_meetings(conn, world, desk.register, standing, event)
    return person, standing, holders.knowing(conn, desk.sealer.vault, world)


def _by(standing: Standing, opener: Opener) -> Standing:
    """Return *standing* with who files: the person, or the member of the staff who keyed it in."""
    if not opener.by:
        return standing
    return replace(standing, name=opener.by, grants=(Grant("*", Role(opener.role)),))


def _arrival(conn: Connection, sent: Sent, event: Event) -> Arrival:
    channel, account = people.account(conn, sent.person_id)
    return Arrival(sent.cause, sent.channel or channel, account, event)
