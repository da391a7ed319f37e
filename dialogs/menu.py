"""The desk itself: what is done with an event before and around the questions of a form.  Pure, like a turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dialogs import balloting, cases, filling, lobby, meaning, reckoning, remarks, staff, stepping
from dialogs.anycase import on_the_only_case
from dialogs.asking import Stride
from dialogs.commands import command
from dialogs.effects import Effect, Introduce, NoteUnsent, Remind, SetBlocked, SetLocale
from dialogs.events import (
    Action,
    Decided,
    Do,
    Event,
    Introduced,
    Joined,
    Left,
    Tapped,
    Typed,
    Unreadable,
    Unsent,
)
from dialogs.howto import talk as howto
from dialogs.lobby import Hall
from dialogs.reading.answers import read_yes_no
from dialogs.replies import Said
from dialogs.standing import Register, Standing, Turn
from dialogs.ways import addressed, go_on, throw_away, to_menu
from dialogs.words import _, say
from dialogs.world import World

ABOUT_CASES = frozenset({Do.CASES, Do.CASE, Do.CORRECT, Do.WITHDRAW, Do.WITHDRAW_SURELY, Do.SHOW, Do.FILE})


_TO_THE_MENU = frozenset({Do.MENU, Do.QUIT_SURELY, Do.START})
"""What may lead to the menu, on which stands what can be done on one's cases."""


def wants_cases(standing: Standing, event: Event) -> bool:
    """Return whether the turn of *event* needs the person's cases, which the shell then loads and locks."""
    if isinstance(event, Decided) or standing.handled:  # about somebody else's case, which alone is locked
        return False
    talk = addressed(standing, event)
    if talk and talk.case:
        return True
    if not standing.is_staff and _leads_to_the_menu(standing, event):  # that of the staff is another
        return True
    if isinstance(event, Typed) and meaning.says_to_mend(event.text):
        return True
    ordered = _order(event)
    return ordered is not None and ordered.do in ABOUT_CASES


def _leads_to_the_menu(standing: Standing, event: Event) -> bool:
    if standing.talk is None or standing.at.startswith("quit:") or isinstance(event, Joined):
        return True
    ordered = _order(event)
    return ordered is not None and ordered.do in _TO_THE_MENU


def _order(event: Event) -> Action | None:
    if isinstance(event, Typed):
        return command(event.text)
    return event.action if isinstance(event, Tapped) else None


def hear(
    register: Register, standing: Standing, event: Event, world: World, stride: Stride = Stride.FIELD
) -> Turn:
    """Return what follows when *event* reaches the desk from the person of *standing*."""
    hall = Hall(register, world, world.words[standing.locale], stride, standing.last)
    event = on_the_only_case(register, standing, event)
    asked = staff.wanted(standing, event)
    done = staff.about(hall, standing, asked) if asked else _heard(hall, standing, event)
    if standing.is_new and not standing.is_staff and not isinstance(event, Joined | Introduced | Left):
        return replace(done, effects=(*done.effects, Introduce(greet=False)))
    return done


def _heard(hall: Hall, standing: Standing, event: Event) -> Turn:
    match event:
        case Joined():
            return _joined(hall, standing)
        case Introduced(locale, greet):
            return _introduced(hall, standing, locale, greet=greet)
        case Left():
            return Turn(standing, effects=(SetBlocked(blocked=True),))
        case Unsent(message):
            return _unsent(hall, standing, message)
        case Unreadable(message):
            return _unreadable(hall, standing, message)
        case Typed(text):
            ordered = command(text)
            return _ordered(hall, standing, ordered) if ordered else _typed(hall, standing, event)
        case Tapped(action):
            return _ordered(hall, standing, action, event)
        case _:
            return filling.heard(hall, standing, event)


def _joined(hall: Hall, standing: Standing) -> Turn:
    unblocked = SetBlocked(blocked=False)
    if standing.is_staff:
        return replace(to_menu(hall, standing, Said(remarks.staff_help())), effects=(unblocked,))
    if standing.is_new:
        return Turn(standing, effects=(unblocked, Introduce(greet=True)))
    greeted = to_menu(hall, standing, Said(lobby.greeting(hall)))
    return replace(greeted, effects=(unblocked, *greeted.effects))


def _introduced(hall: Hall, standing: Standing, locale: str, *, greet: bool) -> Turn:
    # Somebody who went ahead before the greeting was ready has found the way: a menu now would only interrupt.
    learnt = SetLocale(locale, chosen=False)
    hall = replace(hall, words=hall.world.words[locale])
    if greet and not (standing.current or standing.at):
        done = to_menu(hall, replace(standing, locale=locale), Said(lobby.greeting(hall)))
    elif locale == standing.locale:
        return Turn(standing)
    else:
        done = go_on(hall, replace(standing, locale=locale))
    return replace(done, effects=(learnt, *done.effects))


def _unsent(hall: Hall, standing: Standing, message: str) -> Turn:
    noted: tuple[Effect, ...] = (NoteUnsent(message),)
    owner = next((each for each in standing.conversations if message in each.sources.values()), None)
    if owner is None:
        return Turn(standing, effects=noted)
    done = filling.in_form(hall, standing, owner, Unsent(message))
    return replace(done, effects=(*noted, *done.effects))


def _unreadable(hall: Hall, standing: Standing, message: str) -> Turn:
    owner = next((each for each in standing.conversations if message in each.sources.values()), None)
    if owner is None:  # filed meanwhile
        return Turn(standing, (Said(remarks.unreadable_when_filed()),))
    return filling.in_form(hall, standing, owner, Unreadable(message))


def _typed(hall: Hall, standing: Standing, event: Typed) -> Turn:
    if standing.at.startswith("quit:") and read_yes_no(event.text) is not None:
        surely = Action(Do.QUIT_SURELY)
        return _quit_surely(hall, standing, surely) if read_yes_no(event.text) else go_on(hall, standing)
    asked = reckoning.typed(hall, standing, event) or howto.typed(hall, standing, event)
    if asked:
        return asked
    if standing.talk and standing.at != lobby.AT_LANGUAGES:
        return filling.heard(hall, standing, event)
    meant = meaning.meant(hall, standing, event.text)
    if meant:
        return _ordered(hall, standing, meant)
    if standing.talk:
        return filling.heard(hall, standing, event)
    near = howto.guessed(hall, standing, event.text)
    return near or to_menu(hall, standing, Said(lobby.not_understood(event.text, hall.world)))


def _ordered(hall: Hall, standing: Standing, action: Action, event: Tapped | None = None) -> Turn:
    route = _ROUTES.get(action.do)
    return route(hall, standing, action) if route else _button_of_a_form(hall, standing, action, event)


def _button_of_a_form(hall: Hall, standing: Standing, action: Action, event: Tapped | None) -> Turn:
    talk = standing.conversation(action.conversation or standing.current)
    if talk:
        return filling.in_form(hall, standing, talk, event or Tapped(action))
    if action.conversation:
        return filling.finished(hall, standing)
    if action.do is Do.HELP:
        helping = remarks.staff_help() if standing.is_staff else remarks.help_text(hall.world.office)
        return to_menu(hall, standing, Said(helping))
    return to_menu(hall, standing)


def _language(hall: Hall, standing: Standing, locale: str) -> Turn:
    if locale not in hall.world.words:
        return Turn(replace(standing, at=lobby.AT_LANGUAGES), (lobby.languages(),))
    there = replace(hall, words=hall.world.words[locale])
    done = go_on(there, replace(standing, locale=locale), Said(say(_("日本語でご案内します。"))))
    return replace(done, effects=(SetLocale(locale), *done.effects))


def _start(hall: Hall, standing: Standing, key: str) -> Turn:
    procedure = hall.register.of(key)
    if procedure is None:
        return to_menu(hall, standing)
    half = standing.half(procedure.key)
    if half:
        text = say(_("途中までの入力が残っています。続きからどうぞ。（やり直すときは「中止」）"))
        return go_on(hall, standing.having(half), Said(text))
    if not standing.may_begin(procedure):
        return to_menu(hall, standing, *balloting.why_not(hall, procedure))
    opening = procedure.opening(hall.world)
    if not opening.is_open:
        return Turn(standing.moved(f"opening:{key}"), (lobby.closed(procedure, opening),))
    talk = lobby.begun(procedure, standing, hall.world)
    before = balloting.before if procedure.poll else lobby.before_the_first_question
    return go_on(hall, standing.having(talk), Said(before(hall, procedure)))


def _resume(hall: Hall, standing: Standing, action: Action) -> Turn:
    wanted = action.key or action.conversation
    if wanted and not standing.conversation(wanted):
        return filling.finished(hall, standing)
    halves = standing.conversations
    latest = wanted or standing.current or (halves[-1].id if halves else "")
    return go_on(hall, replace(standing, current=latest, at=""))


def _quit(hall: Hall, standing: Standing, action: Action) -> Turn:
    talk = standing.conversation(action.conversation or standing.current)
    if talk is None:
        return filling.finished(hall, standing) if action.conversation else to_menu(hall, standing)
    return Turn(replace(standing, current=talk.id, at=f"quit:{talk.id}"), (lobby.really_quit(talk),))


def _quit_surely(hall: Hall, standing: Standing, action: Action) -> Turn:
    if not action.conversation and not standing.at.startswith("quit:"):
        return _quit(hall, standing, action)  # typed by somebody who has not been asked yet
    talk = standing.conversation(action.conversation or standing.current)
    if talk is None:
        return filling.finished(hall, standing)
    return throw_away(hall, standing, talk, Said(say(_("中止しました。ここまでの入力は消しました。"))))


def _notify(hall: Hall, standing: Standing, key: str) -> Turn:
    procedure = hall.register.of(key)
    opening = procedure.opening(hall.world) if procedure else None
    if procedure is None or opening is None or opening.opens is None:
        return _start(hall, standing, key) if procedure else to_menu(hall, standing)
    text = say(_("{day}の朝に、このトークでお知らせします。"), day=opening.opens)
    done = to_menu(hall, standing, Said(text))
    return replace(done, effects=(Remind(f"opening:{key}", opening.opens),))


_ROUTES: Mapping[Do, Callable[[Hall, Standing, Action], Turn]] = {
    Do.LANGUAGE: lambda hall, standing, action: _language(hall, standing, action.value),
    Do.HOWTO: howto.about,
    Do.RECKON: reckoning.about,
    Do.MENU: lambda hall, standing, _action: to_menu(hall, standing),
    Do.START: lambda hall, standing, action: _start(hall, standing, action.key),
    Do.RESUME: _resume,
    Do.PAGE: _resume,
    Do.QUIT: _quit,
    Do.QUIT_SURELY: _quit_surely,
    Do.NOTIFY: lambda hall, standing, action: _notify(hall, standing, action.key),
    **dict.fromkeys(ABOUT_CASES, cases.about),
    Do.FILE: stepping.take,
}
