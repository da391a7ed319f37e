"""Guidances as they stand at some point of their lives, written down in few words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dialogs.fields import Answers, Value
from dialogs.form import Form
from dialogs.procedures.install_guidance import INSTALL_GUIDANCE
from dialogs.replies import Receipt, Reply, Said
from dialogs.standing import CaseView
from dialogs.steps import Filing
from dialogs.words import Message, Words
from dialogs.world import World
from tests.dialogs import worlds
from tests.support.talks import WORDS

DAY = timedelta(days=1)
TODAY = worlds.TODAY
WISHED = date(2027, 6, 15)
ANSWERS: Answers = {
    "number": "R9-0012",
    "relation": "holder",
    "installed": "no",
    "topics": ["setting"],
    "wish": {"day": WISHED.isoformat(), "time": "10:00"},
    "site": {"sealed": True, "ward": "南区", "in_city": True},
}
FENCE: Mapping[str, Value] = {
    "source": "battery",
    "polarity": "right",
    "power": "on",
    "voltage": 7200,
    "earth": "deep",
    "weeds": "clear",
    "tension": "tight",
    "plate": "yes",
}
VISIT: Mapping[str, Value] = {
    **FENCE,
    "visited_on": WISHED.isoformat(),
    "present": "holder",
    "explained": ["setting", "use", "upkeep", "danger"],
    "tiers": 4,
    "lowest": 20,
    "confirmed": "yes",
}
RECHECK: Mapping[str, Value] = {"checked_on": "2027-07-06", "power": "on", "voltage": 6800, "result": "good"}
TOLD: Mapping[str, Value] = {"told_by": "phone", "told_to": "holder", "told_on": "2027-07-06"}


def filed(step: str, day: date = TODAY, by: str = "見本 作業員", **said: Value) -> Filing:
    """Return the filing of *step* on *day*."""
    return Filing(step, day, by, said)


def slot(day: date, hour: int = 13) -> Answers:
    return {"day": day.isoformat(), "time": f"{hour:02}:00"}


def moved(day: date, on: date = TODAY) -> Filing:
    return filed("moved", on, "", slot=slot(day))


def proposed(day: date, on: date = TODAY, **said: Value) -> Filing:
    return filed("proposed", on, slot=slot(day), **said)


def visited(day: date = WISHED, **said: Value) -> Filing:
    return filed("visited", day, **{**VISIT, "visited_on": day.isoformat(), **said})


def rechecked(day: date = date(2027, 7, 6), **said: Value) -> Filing:
    return filed("rechecked", day, **{**RECHECK, **said})


ACCEPTED, AGREED, INSTRUCTED = (filed(each) for each in ("accepted", "agreed", "instructed"))
DEFINITE = (ACCEPTED, INSTRUCTED)


def case(*filings: Filing, **answers: Value) -> CaseView:
    """Return a guidance that was asked for, with *filings* since."""
    history = (filed("application", by=""), *filings)
    return CaseView("SD9-0001", "install_guidance", "R6", TODAY, history, {**ANSWERS, **answers}, 1)


def possible(at: CaseView) -> set[str]:
    """Return the steps that may be filed on the case."""
    return {each.key for each in INSTALL_GUIDANCE.steps if INSTALL_GUIDANCE.may_file(each.key, at)}


def world(today: date = TODAY, **changes: Any) -> World:
    return worlds.world(today, words=WORDS, **changes)


def say(message: Message, words: Words = WORDS["ja"]) -> str:
    return words.say(message)


def told(step: str, at: CaseView, today: date = TODAY, **said: Value) -> list[str]:
    """Return what the resident is told when *step* is filed on *at*, a line each."""
    return [line for each in INSTALL_GUIDANCE.told(step, said, at, world(today)) for line in lines(each)]


def lines(reply: Reply) -> list[str]:
    if isinstance(reply, Said):
        return [say(reply.message), *(f"[{say(each.label)}]" for each in reply.offers)]
    assert isinstance(reply, Receipt)
    return [
        say(reply.title),
        *(say(each) for each in reply.notes),
        *(f"[{say(each.label)}]" for each in reply.offers),
    ]


def read(form: Form, answers: Mapping[str, Value], at: CaseView | None = None, **changes: Any) -> list[str]:
    """Return the keys of what is refused of *answers*, with the sentence that says why."""
    outside = world(case=at, **changes)
    _kept, refused = form.read(form.raw(answers), {}, outside, WORDS["ja"])
    return [f"{key}: {say(each.message)}" for key, each in refused.items()]
