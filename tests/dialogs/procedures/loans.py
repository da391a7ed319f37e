"""Loans of a fence as they stand at some point of their lives, written down in few words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from dialogs.fields import Answers, Given, Raw, Value
from dialogs.form import Form
from dialogs.parts import SET_PARTS
from dialogs.replies import Receipt, Reply, Said
from dialogs.slots import at
from dialogs.standing import CaseView
from dialogs.steps import Filing
from dialogs.words import Message, Words
from dialogs.world import World
from tests.dialogs import worlds

DAY = timedelta(days=1)
FIRST, LAST = date(2027, 6, 15), date(2027, 8, 31)
NUMBER = "9-12"
PLACE = {"place": "minami", "name": "南区 受渡場所（見本）"}
DELIVERED = {"place": "delivery", "name": "設置場所"}
ANSWERS: Answers = {
    "sets": 1,
    "damage": "trace",
    "emergency": "no",
    "period": {"from": FIRST.isoformat(), "to": LAST.isoformat()},
    "site": {"sealed": True, "ward": "南区", "in_city": True},
}
PARTS = {each.key: each.count for each in SET_PARTS}


def filed(step: str, day: date = worlds.TODAY, by: str = "見本 一郎", **said: Value) -> Filing:
    """Return the filing of *step* on *day*."""
    return Filing(step, day, by, said)


def decided(*exceptions: str) -> Filing:
    return filed("decision", number=NUMBER, document="札幌対第12号", exceptions=list(exceptions))


def slot(day: date, hour: int = 10, place: Answers = PLACE) -> Answers:
    """Return what a booking's form says: *place* at *hour* on *day*."""
    return {"place": place, "slot": {"day": day.isoformat(), "time": f"{hour:02}:00"}}


def key(day: date, hour: int = 10) -> str:
    return at(day, time(hour))


def picked_up(day: date = FIRST, **said: Value) -> Filing:
    return filed("handed_over", day, **{"sets": 1, "parts": PARTS, **said})


def case(*filings: Filing, exceptions: Iterable[str] = (), **answers: Value) -> CaseView:
    """Return a loan that was decided on, with *filings* since."""
    history = (filed("application", by=""), decided(*exceptions), *filings)
    return CaseView("R9-0001", "fence_loan", "R6", worlds.TODAY, history, {**ANSWERS, **answers}, 1)


def lent(*filings: Filing, **answers: Value) -> CaseView:
    """Return a loan whose set is with the borrower since its first day."""
    return case(picked_up(), *filings, **answers)


def returned(*filings: Filing, day: date = LAST, **said: Any) -> CaseView:
    """Return a loan whose set came back, whole where nothing is *said*."""
    back = {"parts_in": PARTS, "damage": "none", "works": "yes", "cleaned": "yes", **said}
    return lent(filed("taken_back", day, **back), *filings)


def world(today: date = worlds.TODAY, about: CaseView | None = None, **changes: Any) -> World:
    return worlds.world(today, case=about, **changes)


def given(today: date = worlds.TODAY, about: CaseView | None = None, answers: Answers | None = None) -> Given:
    return Given(world(today, about), answers or {}, words=worlds.JAPANESE)


def refused(form: Form, raws: dict[str, Raw], outside: World) -> dict[str, str]:
    """Return what *form* refuses of *raws*, in words."""
    _answers, found = form.read(raws, {}, outside, worlds.JAPANESE)
    return {name: worlds.JAPANESE.say(reason.message) for name, reason in found.items()}


def answers(form: Form, raws: dict[str, Raw], outside: World) -> Answers:
    """Return the answers of *raws*, none of which is refused."""
    found, wrong = form.read(raws, {}, outside, worlds.JAPANESE)
    assert not wrong, {name: reason.message for name, reason in wrong.items()}
    assert [each.key for each in form.missing(found) if each.required] == []
    return found


def shown(replies: Iterable[Reply], words: Words = worlds.JAPANESE) -> str:
    """Return all that *replies* say, a line each, with the labels of their buttons."""
    return "\n".join(line for each in replies for line in _lines(each, words))


def _lines(reply: Reply, words: Words) -> list[str]:
    assert isinstance(reply, Receipt | Said)
    said = [reply.title, *reply.notes] if isinstance(reply, Receipt) else [reply.message]
    return [*map(words.say, said), *(f"[{words.say(each.label)}]" for each in reply.offers)]


def texts(messages: Iterable[Message], words: Words = worlds.JAPANESE) -> str:
    return "\n".join(map(words.say, messages))
