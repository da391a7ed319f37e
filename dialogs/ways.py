"""The ways through the desk: back to the menu, on with a form, away from one."""

from __future__ import annotations

from dataclasses import replace

from dialogs import lobby, turn
from dialogs.conversation import Conversation
from dialogs.effects import ForgetPhoto
from dialogs.events import Do, Event, Filled, Tapped, Typed, Unreadable, Unsent
from dialogs.lobby import Hall
from dialogs.replies import Reply
from dialogs.standing import Entry, Standing, Turn
from dialogs.turn import Setting
from dialogs.words import _


def to_menu(hall: Hall, standing: Standing, *said: Reply) -> Turn:
    """Return *said* and the menu; a form that is open stays half-filled."""
    return Turn(standing.moved("menu"), (*said, lobby.menu(hall, standing)))


def go_on(hall: Hall, standing: Standing, *said: Reply) -> Turn:
    """Return *said* and the next question of the current form, or the menu where none is open."""
    if standing.talk is None:
        return to_menu(hall, standing, *said)
    outcome = turn.go_on(setting(hall, standing, standing.talk), standing.talk, *said)
    return Turn(standing.having(outcome.conversation), outcome.replies, outcome.effects)


def throw_away(hall: Hall, standing: Standing, talk: Conversation, *said: Reply) -> Turn:
    """Return *said* and the menu, with *talk* and its photos forgotten."""
    done = to_menu(hall, standing.lacking(talk.id), *said)
    return replace(done, effects=forgotten_photos(talk))


def forgotten_photos(talk: Conversation) -> tuple[ForgetPhoto, ...]:
    """Return what makes the photos of *talk* forgotten."""
    return tuple(ForgetPhoto(photo) for photo in sorted(talk.photos))


def entry_of(hall: Hall, form: str) -> Entry:
    """Return what the form *form* is filled in for.

    Raises:
        LookupError: the desk no longer offers it.
    """
    entry = hall.register.entry(form)
    if entry is None:
        raise LookupError(form)
    return entry


def setting(hall: Hall, standing: Standing, talk: Conversation) -> Setting:
    """Return what a turn of *talk* is taken in today: its form, and the case that it is about."""
    entry = entry_of(hall, talk.form)
    case = standing.case(talk.case) if talk.case else None
    world = replace(hall.world, case=case) if case else hall.world
    file = _("訂正を送る") if entry.is_application and talk.case else ""
    form = entry.in_force(hall.world.today)
    return Setting(form, world, hall.words, hall.stride, entry.procedure.key, hall.last, file)


def addressed(standing: Standing, event: Event) -> Conversation | None:
    """Return the half-filled conversation that *event* is about: a button's own, else the current one."""
    match event:
        case Unsent(message) | Unreadable(message):
            holds = (each for each in standing.conversations if message in each.sources.values())
            return next(holds, standing.talk)
        case Filled(conversation=wanted):
            return standing.conversation(wanted) if wanted else standing.talk
        case Tapped(action) if action.do is Do.RESUME and action.key:
            return standing.conversation(action.key)
        case Tapped(action) if action.conversation:
            return standing.conversation(action.conversation)
        case Typed() | Tapped():
            return standing.talk or (standing.conversations or (None,))[-1]
        case _:
            return standing.talk
