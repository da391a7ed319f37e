"""Where a set is handed over and taken back: a place in the wards, or the borrower's own (003-15)."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.fields.base import Answers, Control, Field, Given, Input, Invalid, Option, Raw, Value, only
from dialogs.fields.naming import Naming
from dialogs.fields.typed import LONGEST_TYPED
from dialogs.office import Handover, Office, PickupPoint
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.slots import DELIVERY, counter
from dialogs.words import Words, _

AT_THE_SITE = _("設置場所")


@dataclass(frozen=True, kw_only=True)
class Counter(Field):
    """A place of the office's, ``{"place": key, "name": …}``; where the city delivers, the site alone.

    The places of the ward in which the fence will stand come first.  The name is kept with the key, since what was
    booked must still be told when the office has given the place up.
    """

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the places."""
        return (Input("", Control.ONE_OF, self.label, options=_options(given), required=self.required),)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the place that was tapped or named."""
        options = _options(given)
        text = only(raw)
        if isinstance(raw, str):
            found = Naming(options, given.words).one(text) if len(text) <= LONGEST_TYPED else None
        else:
            found = next((each for each in options if each.key == text), None)
        if found is None:
            raise Invalid(_("1から{count}までの番号を送ってください。例：1"), count=len(options))
        return {"place": found.key, "name": found.label}

    def raw(self, value: Value) -> Raw:
        """Return the key of the place."""
        return {"": value["place"]}

    def show(self, value: Value, words: Words) -> str:
        """Return the name of the place."""
        return words.text(value["name"])


def pool(answers: Answers) -> str:
    """Return the pool of the place among *answers*; of no place where none was chosen yet."""
    return counter((answers.get("place") or {}).get("place", ""))


def point(office: Office, key: str) -> PickupPoint | None:
    """Return the pick-up point *key*, None for the borrower's own place."""
    return next((each for each in office.points if each.key == key), None)


def ward_key(office: Office, name: str) -> str:
    """Return the key of the ward called *name*, "" where the office has no such ward."""
    return next((each.key for each in office.wards if each.name == name), "")


def _options(given: Given) -> tuple[Option, ...]:
    office, case = given.world.office, given.world.case
    if office.handover is Handover.DELIVERY or not office.points:
        return (Option(DELIVERY, AT_THE_SITE),)
    ward = ward_key(office, Loan(case).ward) if case else ""
    nearest = sorted(office.points, key=lambda each: each.ward != ward)
    return tuple(Option(each.key, each.name) for each in nearest)
