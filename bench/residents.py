"""Residents in the middle of the loan form, and the webhooks of what they say next.

One resident really begins the form; the others are copies of what that left in the database.  Each then gives
nine answers, a webhook each: options, numbers and days, every other resident by tapping where there are buttons.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, insert, select

from bench import load
from bot.postback import PostbackCodec
from dialogs.events import Action, Do
from storage import engine as database
from storage.tables import conversations, identities, people
from tests.support.service import BOT, SECRET, Webhooks, envelope, sign, user

FIRST_DAYS, LAST_DAYS = 20, 50
"""After how many days the loan begins and ends; the season is set to hold them."""


@dataclass(frozen=True)
class Resident:
    """One of them, by number: the ids follow from it, so that nobody has to look them up."""

    number: int

    @property
    def account(self) -> str:
        """Return the LINE user id."""
        return user(0x10000000 + self.number)

    @property
    def person(self) -> str:
        """Return the id in ``people``."""
        return hashlib.md5(f"person {self.number}".encode(), usedforsecurity=False).hexdigest()

    @property
    def talk(self) -> str:
        """Return the id of the conversation."""
        return hashlib.md5(f"talk {self.number}".encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Answer:
    """One answer: the words, and the button's action with what was picked, where it is tapped."""

    words: str
    key: str = ""
    part: str = ""
    value: str = ""
    day: date | None = None


def answers(resident: Resident, today: date) -> tuple[Answer, ...]:
    """Return what *resident* says to the nine questions after the form has begun."""
    length, begin = 20 + resident.number % 60, today + timedelta(FIRST_DAYS + resident.number % 20)
    end = begin + timedelta(LAST_DAYS - FIRST_DAYS)
    return (
        Answer("個人", "applicant_type", "", "person"),
        Answer(str(length)),
        Answer("1"),
        Answer(f"{begin.month}月{begin.day}日", "period", "from", day=begin),
        Answer(f"{end.month}月{end.day}日", "period", "to", day=end),
        Answer("2"),
        Answer("4", "damage", "", "none"),
        Answer("はい", "upkeep", "", "yes"),
        Answer("はい", "return", "", "yes"),
    )


def said(resident: Resident, today: date, codec: PostbackCodec) -> Iterator[dict[str, Any]]:
    """Yield the nine events of *resident*, in order."""
    phone = Phone(resident.account)
    for each in answers(resident, today):
        if not each.key or resident.number % 2:
            yield phone.text(each.words)
            continue
        action = Action(Do.ANSWER, resident.talk, each.key, each.part, each.value)
        picked = {"date": each.day.isoformat()} if each.day else None
        yield phone.postback(codec.seal(resident.account, action), picked)


class Phone(Webhooks):
    """A phone whose events bear the whole number of its account."""

    def event(self, kind: str, **more: Any) -> dict[str, Any]:
        """Return an event whose id and reply token nobody else has."""
        name = f"{int(self.user_id[1:], 16):012X}{next(self._numbers):04d}"
        made = super().event(kind)
        return made | {"webhookEventId": f"01BENCH{name:>019}", "replyToken": f"reply{name:>027}"} | more


def events(numbers: range, today: date, codec: PostbackCodec) -> Iterator[dict[str, Any]]:
    """Yield what the residents *numbers* say: everybody's first answer, then the second, ..."""
    talks = [said(Resident(number), today, codec) for number in numbers]
    for everybody in zip(*talks, strict=True):
        yield from everybody


def requests(numbers: range, today: date, codec: PostbackCodec) -> Iterator[bytes]:
    """Yield the signed webhooks of what the residents *numbers* say."""
    for event in events(numbers, today, codec):
        body = envelope([event], BOT)
        yield load.request(body, sign(body, SECRET))


def settle(engine: Engine, model: str, numbers: range) -> None:
    """Put the residents *numbers* where the person with the LINE account *model* stands."""
    with database.read(engine) as conn:
        identity = _row(conn, select(identities).where(identities.c.external_id == model))
        person = _row(conn, select(people).where(people.c.id == identity["person_id"]))
        talk = _row(conn, select(conversations).where(conversations.c.person_id == person["id"]))
    everybody = [Resident(number) for number in numbers]
    with database.write(engine) as conn:
        conn.execute(
            insert(people), [{**person, "id": each.person, "current": each.talk} for each in everybody]
        )
        conn.execute(
            insert(identities),
            [{**identity, "external_id": each.account, "person_id": each.person} for each in everybody],
        )
        conn.execute(
            insert(conversations),
            [{**talk, "id": each.talk, "person_id": each.person} for each in everybody],
        )


def _row(conn: Connection, wanted: Select[Any]) -> dict[str, Any]:
    return dict(conn.execute(wanted).mappings().one())
