"""What typed words mean where no form is open: a number of the list shown last, or the name of a service."""

from __future__ import annotations

from dialogs import cases, lobby, sentback, stepping
from dialogs.events import Action, Do
from dialogs.lobby import Hall
from dialogs.procedure import Procedure
from dialogs.reading.answers import read_yes_no
from dialogs.reading.numbers import read_ordinals
from dialogs.reading.text import fold
from dialogs.replies import Item
from dialogs.standing import Standing

APPLYING = frozenset(  # untranslated: words that are read
    fold(word) for word in ("申請", "申請する", "申し込み", "申込", "もうしこみ", "apply", "application")
)
MENDING = frozenset(  # untranslated: words that are read
    fold(word) for word in ("直す", "なおす", "訂正", "修正", "correct", "fix", "change an answer")
)
SHORTEST_NAME = 2


def meant(hall: Hall, standing: Standing, text: str) -> Action | None:
    """Return what typed words mean where no form is open: a number of the list shown last, or a name."""
    place, _colon, about = standing.at.partition(":")
    yes = read_yes_no(text)
    if yes is not None and place in {"withdraw", "opening", stepping.AT}:
        return _agreed(place, about) if yes else _declined(place, about)
    chosen = picked(hall, _entries(hall, standing, place, about), text)
    if chosen or place == lobby.AT_LANGUAGES:
        return chosen
    return _cited(standing, text) or _sent_back(hall, standing, text) or _named(hall, text)


def picked(hall: Hall, entries: tuple[Item, ...], text: str) -> Action | None:
    """Return what the one of *entries* does whose number or label was typed."""
    numbers = read_ordinals(text)
    if numbers and len(numbers) == 1 and 1 <= numbers[0] <= len(entries):
        return entries[numbers[0] - 1].action
    wanted = fold(text)
    return next((each.action for each in entries if fold(hall.words.say(each.label)) == wanted), None)


def _cited(standing: Standing, text: str) -> Action | None:
    """Return the look at the person's own case whose reference was typed."""
    wanted = fold(text)
    cited = next((each for each in standing.cases if fold(each.reference) == wanted), None)
    return Action(Do.CASE, key=cited.reference) if cited else None


def says_to_mend(text: str) -> bool:
    """Return whether *text* is a word for putting right what was sent back."""
    return fold(text) in MENDING


def _sent_back(hall: Hall, standing: Standing, text: str) -> Action | None:
    """Return the correction of the one case that was sent back, for whoever types what its button says."""
    if not says_to_mend(text):
        return None
    asked = [
        each.reference
        for each in standing.cases
        if (procedure := hall.register.of(each.procedure)) and sentback.fields(procedure, each, hall.world)
    ]
    return Action(Do.CORRECT, key=asked[0]) if len(asked) == 1 else None


def _agreed(place: str, about: str) -> Action:
    if place == stepping.AT:
        return stepping.agreed(about)
    return Action(Do.WITHDRAW_SURELY, key=about) if place == "withdraw" else Action(Do.NOTIFY, key=about)


def _declined(place: str, about: str) -> Action:
    if place == stepping.AT:
        return stepping.declined(about)
    return Action(Do.CASE, key=about) if place == "withdraw" else Action(Do.MENU)


def _entries(hall: Hall, standing: Standing, place: str, about: str) -> tuple[Item, ...]:
    """Return the entries of the list that was shown last, in the order in which they were numbered."""
    match place:
        case "" | "menu":
            return lobby.items(hall, standing)
        case "cases":
            return cases.entries(hall, standing)
        case "case":
            case = standing.case(about)
            return cases.choices(hall, standing, case) if case else ()
        case lobby.AT_LANGUAGES:
            return lobby.languages().items
        case _:
            return ()


def _named(hall: Hall, text: str) -> Action | None:
    wanted = fold(text)
    procedures = hall.register.procedures
    if wanted in APPLYING:
        return Action(Do.START, key=procedures[0].key) if len(procedures) == 1 else Action(Do.MENU)
    if len(wanted) < SHORTEST_NAME:
        return None
    named = [
        each for each in procedures if any(wanted in name or name in wanted for name in _names(hall, each))
    ]
    return Action(Do.START, key=named[0].key) if len(named) == 1 else None


def _names(hall: Hall, procedure: Procedure) -> tuple[str, ...]:
    wordings = (procedure.title, procedure.invitation)
    return tuple(fold(each) for wording in wordings for each in (wording, hall.words.text(wording)))
