"""The ways through the desk: back to the menu, on with a form, away from one."""

from __future__ import annotations

from dataclasses import replace

from dialogs import lobby, turn
from dialogs.conversation import Conversation
from dialogs.effects import ForgetPhoto
from dialogs.lobby import Hall
from dialogs.procedure import Procedure
from dialogs.replies import Reply
from dialogs.standing import Standing, Turn
from dialogs.turn import Setting


def to_menu(hall: Hall, standing: Standing, *said: Reply) -> Turn:
    """Return *said* and the menu; a form that is open stays half-filled."""
    return Turn(standing.moved("menu"), (*said, lobby.menu(hall, standing)))


def go_on(hall: Hall, standing: Standing, *said: Reply) -> Turn:
    """Return *said* and the next question of the current form, or the menu where none is open."""
    if standing.talk is None:
        return to_menu(hall, standing, *said)
    outcome = turn.go_on(setting(hall, procedure_of(hall, standing.talk.form)), standing.talk, *said)
    return Turn(standing.having(outcome.conversation), outcome.replies, outcome.effects)


def throw_away(hall: Hall, standing: Standing, talk: Conversation, *said: Reply) -> Turn:
    """Return *said* and the menu, with *talk* and its photos forgotten."""
    done = to_menu(hall, standing.lacking(talk.id), *said)
    return replace(done, effects=forgotten_photos(talk))


def forgotten_photos(talk: Conversation) -> tuple[ForgetPhoto, ...]:
    """Return what makes the photos of *talk* forgotten."""
    return tuple(ForgetPhoto(photo) for photo in sorted(talk.photos))


def procedure_of(hall: Hall, form: str) -> Procedure:
    """Return the procedure of the form *form*.

    Raises:
        LookupError: the desk no longer offers it.
    """
    procedure = hall.register.of(form)
    if procedure is None:
        raise LookupError(form)
    return procedure


def setting(hall: Hall, procedure: Procedure) -> Setting:
    """Return what a turn of *procedure* is taken in today."""
    form = procedure.form(hall.world.today)
    return Setting(form, hall.world, hall.words, hall.stride, procedure.key, hall.last)
