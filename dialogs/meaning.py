"""What typed words mean where no form is open: a number of the list shown last, or the name of a service."""

from __future__ import annotations

from dialogs import cases, lobby
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
SHORTEST_NAME = 2


def meant(hall: Hall, standing: Standing, text: str) -> Action | None:
    """Return what typed words mean where no form is open: a number of the list shown last, or a name."""
    place, _colon, about = standing.at.partition(":")
    yes = read_yes_no(text)
    if yes is not None and place in {"withdraw", "opening"}:
        return _agreed(place, about) if yes else Action(Do.MENU)
    entries = (
        lobby.items(hall, standing) if place in {"menu", ""} else _case_items(hall, standing, place, about)
    )
    numbers = read_ordinals(text)
    if numbers and len(numbers) == 1 and 1 <= numbers[0] <= len(entries):
        return entries[numbers[0] - 1].action
    return _named(hall, text)


def _agreed(place: str, about: str) -> Action:
    return Action(Do.WITHDRAW_SURELY, key=about) if place == "withdraw" else Action(Do.NOTIFY, key=about)


def _case_items(hall: Hall, standing: Standing, place: str, about: str) -> tuple[Item, ...]:
    if place == "case":
        case = standing.case(about)
        return cases.choices(hall, case) if case else ()
    return cases.entries(hall, standing) if place == "cases" else ()


def _named(hall: Hall, text: str) -> Action | None:
    wanted = fold(text)
    procedures = hall.register.procedures
    if wanted in APPLYING:
        return Action(Do.START, key=procedures[0].key) if len(procedures) == 1 else Action(Do.MENU)
    if len(wanted) < SHORTEST_NAME:
        return None
    named = [each for each in procedures if any(wanted in name for name in _names(hall, each))]
    return Action(Do.START, key=named[0].key) if len(named) == 1 else None


def _names(hall: Hall, procedure: Procedure) -> tuple[str, ...]:
    wordings = (procedure.title, procedure.invitation)
    return tuple(fold(each) for wording in wordings for each in (wording, hall.words.text(wording)))
