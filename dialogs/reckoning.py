"""The calculator of sets: three numbers, and how many sets a garden takes.  Nothing of it is kept.

Where somebody is stands in the buttons and in ``Standing.at``: the numbers given so far, ``reckon:40/4``.  So a
button of an old message goes on from there, and whoever is in the middle of a form finds it as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogs.events import Action, Do, Typed
from dialogs.fields import Answers, Field, Given, Invalid, Raw
from dialogs.lobby import Hall
from dialogs.procedures.fence_loan.planning import CALCULATOR, reckoned
from dialogs.replies import Offer, Said
from dialogs.standing import Standing, Turn
from dialogs.words import Message, _, say

AT = "reckon"
ABOUT = "fence_loan"
"""The procedure whose sets are reckoned."""

_FIELDS = CALCULATOR.fields


def about(hall: Hall, standing: Standing, action: Action) -> Turn:
    """Return what follows from a button of the calculator: the next question, or how many sets it takes."""
    return _on(hall, standing, [each for each in action.value.split("/") if each])


def typed(hall: Hall, standing: Standing, event: Typed) -> Turn | None:
    """Return what follows from a number typed to a question of the calculator, None where none is open."""
    place, _colon, given = standing.at.partition(":")
    if place != AT:
        return None
    return _on(hall, standing, [*(each for each in given.split("/") if each), event.text])


def _on(hall: Hall, standing: Standing, given: Sequence[str]) -> Turn:
    """Return the first question that *given* does not answer, or the result."""
    answers, refused = _read(hall, given)
    if len(answers) == len(_FIELDS):
        return _result(hall, standing, answers)
    kept = [_written(asked, answers[asked.key]) for asked in _FIELDS if asked.key in answers]
    asked = _FIELDS[len(answers)]
    before = (Said(refused),) if refused else ()
    at = f"{AT}:{'/'.join(kept)}"
    return Turn(replace(standing, at=at), (*before, _asked(hall, asked, answers, kept)))


def _read(hall: Hall, given: Sequence[str]) -> tuple[Answers, Message | None]:
    """Return what is read of *given*, in order, until something is refused, and why it is."""
    answers: dict[str, object] = {}
    for asked, text in zip(_FIELDS, given, strict=False):
        try:
            answers[asked.key] = asked.read(text, Given(hall.world, answers, words=hall.words))
        except Invalid as invalid:
            return answers, invalid.message
    return answers, None


def _written(asked: Field, value: object) -> str:
    raw: Raw = asked.raw(value)
    return raw if isinstance(raw, str) else str(raw[""])


def _asked(hall: Hall, asked: Field, answers: Answers, kept: Sequence[str]) -> Said:
    [drawn] = asked.inputs(Given(hall.world, answers, words=hall.words))
    amounts = [
        Offer(say("{amount}", amount=each.label), _action([*kept, each.key])) for each in drawn.options
    ]
    text = say(_("{question}\n{help}"), question=say(asked.question), help=say(asked.help))
    return Said(text, (*amounts, _home()))


def _result(hall: Hall, standing: Standing, answers: Answers) -> Turn:
    said = reckoned(answers, hall.world)
    again = Offer(say(_("もう一度計算する")), _action([]))
    if standing.talk:
        on = Offer(say(_("申請のつづき")), Action(Do.RESUME, standing.current), _("続ける"))
    else:
        on = Offer(say(_("電気柵の貸出を申請する")), Action(Do.START, key=ABOUT))
    return Turn(replace(standing, at=""), (Said(_lines(said), (on, again, _home())),))


def _lines(said: Sequence[Message]) -> Message:
    names = [f"line{number}" for number in range(len(said))]
    return Message("\n".join(f"{{{name}}}" for name in names), dict(zip(names, said, strict=True)))


def _action(given: Sequence[str]) -> Action:
    return Action(Do.RECKON, value="/".join(given))


def _home() -> Offer:
    return Offer(say(_("メニュー")), Action(Do.MENU), _("メニュー"))
