"""A resident put before any question of any form at once, and put back after every answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count as counting
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.clock import day_of
from bot.line.limits import check_messages
from bot.meetings.knowing import of_meetings, with_seats
from bot.service import Service
from dialogs.events import Action, Do, Filled, Parts
from dialogs.fields.base import Answers, Field, Given, Invalid, Is, Value, sealed
from dialogs.fields.choice import Choices
from dialogs.form import Form
from dialogs.procedure import Procedure
from storage import engine as database
from storage.asjson import dump, load
from storage.tables import conversations, outbox, people
from tests.support.applying import APPLICANT, person_of
from tests.support.service import Webhooks, door_of, post

GUESSES = (
    "1",
    "はい",
    "40",
    "6月20日から7月20日",
    "6月20日",
    "6月20日 10時",
    "なし",
    "見本",
    "ミホン",
    "011-211-2879",
    "a@b.example",
)
"""Each question has an answer among these."""

ADDRESS: Parts = APPLICANT["address"]


@dataclass(frozen=True)
class Heard:
    """What an answer led to: the messages in return, and the answers of the form as they stand."""

    messages: tuple[Mapping[str, Any], ...]
    answers: Answers

    def too_much(self) -> list[object]:
        """Return what LINE would refuse of the messages."""
        json.dumps(self.messages, ensure_ascii=False).encode()
        return [found for each in self.messages for found in check_messages(each["messages"])]


@dataclass
class Counter:
    """One resident at one procedure of *service*."""

    service: Service
    procedure: Procedure
    phone: Webhooks
    _state: tuple[Mapping[str, Any], Mapping[str, Any]] = field(init=False)
    _causes: Iterator[int] = field(default_factory=lambda: counting(1))
    _seen: int = 0

    def __post_init__(self) -> None:
        data = door_of(self.service).codec.seal(self.phone.user_id, Action(Do.START, key=self.procedure.key))
        assert post(self.service, self.phone.postback(data)) == 200
        self.person = person_of(self.service, self.phone.user_id).id
        with database.read(self.service.engine) as conn:
            mine = conversations.select().where(conversations.c.person_id == self.person)
            talk = conn.execute(mine).mappings().one()
            me = conn.execute(select(people).where(people.c.id == self.person)).mappings().one()
        self._state = dict(talk), {name: me[name] for name in ("current", "at", "locale", "locale_chosen")}

    @property
    def form(self) -> Form:
        """Return the edition in force."""
        return self.procedure.form(day_of(self.service.clock.now()))

    def given(self, answers: Answers) -> Given:
        """Return what an answer is read with beside *answers*."""
        world = self.service.world(day_of(self.service.clock.now()))
        with database.write(self.service.engine) as conn:  # meetings are held while somebody takes a seat
            knowing = with_seats(conn, of_meetings(conn, world, self.procedure))
        return Given(knowing, answers, words=self.service.words["ja"])

    def asked_in_talk(self) -> tuple[Field, ...]:
        """Return the questions that are asked in the talk."""
        return tuple(each for each in self.form.fields if not self.form.page_of(each).private)

    def private(self) -> tuple[Field, ...]:
        """Return the questions of the private page."""
        return tuple(each for each in self.form.fields if self.form.page_of(each).private)

    # --- before a question

    def before(self, wanted: Field | None) -> Answers:
        """Return answers to everything that comes before *wanted*; before the private page for None."""
        forced = self._forced(wanted)
        answers: dict[str, Value] = {}
        for each in self.asked_in_talk():
            if wanted is not None and each.key == wanted.key:
                break
            if each.when is None or each.when(answers):
                answers[each.key] = forced.get(each.key, self.good(each, answers))
        return answers

    def _forced(self, wanted: Field | None) -> Mapping[str, Value]:
        """Return the answers without which *wanted* is not asked."""
        forced: dict[str, Value] = {}
        while wanted is not None and isinstance(wanted.when, Is):
            on = self.form.by_key[wanted.when.key]
            value = wanted.when.values[0]
            forced[on.key] = [value] if isinstance(on, Choices) else value
            wanted = on
        return forced

    def good(self, asked: Field, answers: Answers) -> Value:
        """Return an answer that *asked* takes."""
        for guess in GUESSES:
            try:
                value = asked.take(guess, self.given(answers))
            except Invalid:
                continue
            if value is None or asked.is_complete(value):
                return value
        raise AssertionError(f"nothing answers {asked.key}: add an answer to GUESSES")

    def stand(self, answers: Answers, asked: str = "") -> None:
        """Let the talk be where *answers* are given and *asked* was put last."""
        talk, me = self._state
        self._state = {**talk, "answers": dump(answers), "asked": asked}, me
        self.back()

    def back(self) -> None:
        """Put everything back to where the talk stood."""
        talk, me = self._state
        with database.write(self.service.engine) as conn:
            conn.execute(delete(conversations).where(conversations.c.person_id == self.person))
            conn.execute(insert(conversations).values(dict(talk)))
            conn.execute(update(people).where(people.c.id == self.person).values(dict(me)))

    # --- what is answered

    def says(self, text: str) -> Heard:
        """Send *text* as a message; return what it led to."""
        assert post(self.service, self.phone.text(text)) == 200
        return self.heard()

    def sends(self, fields: Mapping[str, Parts]) -> tuple[Mapping[str, Invalid], Heard]:
        """Send the private page; return what was refused, and what it led to."""
        cause = f"page/{self.person[:12]}/{next(self._causes)}"
        refusal = self.service.desk.fill(
            self.person, str(self._state[0]["id"]), Filled(fields), cause, self.service.clock.now()
        )
        return (refusal.fields if refusal else {}), self.heard()

    def page(self) -> dict[str, Parts]:
        """Return a page that is filled in well."""
        answers, found = self.before(None), {}
        for each in self.private():
            if each.when is None or each.when(answers):
                found[each.key] = APPLICANT.get(each.key) or self._parts(each, answers)
        return found

    def _parts(self, each: Field, answers: Answers) -> Parts:
        if len(each.inputs(self.given(answers))) > 1:
            return ADDRESS
        raw = each.raw(self.good(each, answers)) if each.required else ""
        return {"": raw} if isinstance(raw, str) else raw

    def heard(self) -> Heard:
        """Return what was said since the last look, and the answers as they stand."""
        newer = select(outbox.c.id, outbox.c.body).where(
            outbox.c.id > self._seen, outbox.c.recipient == self.phone.user_id, outbox.c.kind == "messages"
        )
        talk = select(conversations.c.answers).where(conversations.c.id == self._state[0]["id"])
        with database.read(self.service.engine) as conn:
            rows = conn.execute(newer.order_by(outbox.c.id)).all()
            answers = conn.execute(talk).scalar()
        self._seen = max([self._seen, *(row.id for row in rows)])
        return Heard(tuple(load(row.body) for row in rows), load(answers) if answers else {})

    def kept_in_vault(self) -> Answers:
        """Return the personal answers of the talk as the vault has them."""
        talk = select(conversations.c.vault_id).where(conversations.c.id == self._state[0]["id"])
        with database.write(self.service.engine) as conn:
            record = conn.execute(talk).scalar()
            if not record:
                return {}
            now = self.service.clock.now()
            return self.service.vault.open(conn, record, by="mihon", role="staff", why="test", now=now)

    def unlike(self, answers: Answers) -> list[str]:
        """Return the keys of *answers* that, given again, are not the same."""
        given = self.given(answers)
        return [key for key, value in answers.items() if not self._is_same(key, value, given)]

    def _is_same(self, key: str, value: Value, given: Given) -> bool:
        asked = self.form.field(key)
        if asked is None or value is None or sealed(value):
            return True
        return bool(asked.read(asked.raw(value), given) == value)
