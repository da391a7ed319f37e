"""Mutants of webhooks by the thousand, signed, at the door of a desk, with good events of others between them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count as counting
from random import Random
from time import monotonic, thread_time
from typing import Any

from sqlalchemy import String, Text, cast, event, func, literal, or_, select

from bot.service import Service
from storage import engine as database
from storage.tables import inbox, metadata, outbox
from tests.hostile.events import every
from tests.hostile.wire import STRANGE, dumped, mutant
from tests.support.applying import START, TYPED
from tests.support.service import BOT, Webhooks, door_of, post, sign, user

PEOPLE = 12
"""Residents whose events are spoilt, each at another question of the form."""

MOST_IN_A_BODY = 12
GOOD = 1 << 40
MARK = "PassedOver"
"""Stands in every text of an event that must be passed over; it may be found nowhere in the database."""


@dataclass
class Tally:
    """What a storm did.  *seconds* are those of the processor within the door, *slowest* those of the clock."""

    mutants: int = 0
    bodies: int = 0
    good: int = 0
    seconds: float = 0.0
    statuses: set[int] = field(default_factory=set)
    slowest: float = 0.0

    @property
    def rate(self) -> float:
        """Return mutants a second of the processor."""
        return self.mutants / max(self.seconds, 1e-9)


def hurried(service: Service) -> None:
    """Let the service's database not wait for its disk: nobody pulls a plug here."""
    word = {"sqlite": "PRAGMA synchronous=OFF", "postgresql": "SET synchronous_commit=off"}

    def hurry(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(word[service.engine.dialect.name])
        cursor.close()
        if service.engine.dialect.name == "postgresql":
            connection.commit()

    service.engine.dispose()
    event.listen(service.engine, "connect", hurry)


class Storm:
    """Sends bodies of mutants, the same ones for the same *seed*."""

    def __init__(self, service: Service, seed: int) -> None:
        hurried(service)
        self.service = service
        self.chance = Random(seed)
        self.tally = Tally()
        self._door = door_of(service)
        self._goods = counting(1)
        self._passed_over = counting(1)
        self._phones = [Webhooks(user(0xA00000 + seed % 1000 * 64 + number)) for number in range(PEOPLE)]
        self._buttons: dict[str, list[str]] = {}
        for number, phone in enumerate(self._phones):
            for words in ("メニュー", START, *TYPED[: number % (len(TYPED) + 1)]):
                post(service, phone.text(words))
        self._look()

    def blow(self, mutants: int) -> Tally:
        """Send at least *mutants* of them."""
        end = self.tally.mutants + mutants
        while self.tally.mutants < end:
            for _ in range(200):
                if self.tally.mutants >= end:
                    break
                self._send(self.body())
            self._look()
        return self.tally

    def _send(self, body: bytes) -> None:
        signature = sign(body)
        began, worked = monotonic(), thread_time()
        status = self._door.hear(body, signature)
        taken = monotonic() - began
        self.tally.bodies += 1
        self.tally.seconds += thread_time() - worked
        self.tally.slowest = max(self.tally.slowest, taken)
        self.tally.statuses.add(status)

    def body(self) -> bytes:
        """Return a body of mutants with one good event of somebody else somewhere among them."""
        events = [dumped(each) for each in self._mutants(self.chance.randint(1, MOST_IN_A_BODY))]
        self.tally.mutants += len(events)
        self.tally.good += 1
        number = next(self._goods)
        good = Webhooks(user(GOOD + number)).text("メニュー") | {"webhookEventId": f"GOOD{number}"}
        events.insert(self.chance.randint(0, len(events)), json.dumps(good))
        return f'{{"destination":"{BOT}","events":[{",".join(events)}]}}'.encode("utf-8", "surrogatepass")

    def _mutants(self, many: int) -> Iterator[Any]:
        phone = self.chance.choice(self._phones)
        events = every(phone, self.chance, self._buttons.get(phone.user_id, ()))
        for real in self.chance.sample(events, many):
            kind = self.chance.random()
            if kind < 0.85:
                yield mutant(self.chance, real)
            elif kind < 0.95:
                yield self._to_pass_over(phone)
            else:
                yield self.chance.choice(STRANGE)  # no event at all

    def _to_pass_over(self, phone: Webhooks) -> dict[str, Any]:
        number = next(self._passed_over)
        made = phone.text(f"{MARK}{number}") | {"webhookEventId": f"PASSED{number}"}
        spoilt: tuple[dict[str, Any], ...] = (
            {"mode": "standby"},
            {"source": {}},
            {"source": None},
            {"source": [{"type": "user", "userId": phone.user_id}]},
            {"source": {"type": "user", "userId": phone.user_id + "\0"}},
            {"source": {"type": "user", "userId": [phone.user_id]}},
            {"type": "teleported"},
            {"type": 1},
        )
        return made | self.chance.choice(spoilt)

    def _look(self) -> None:
        """Learn what the newest buttons of the residents hold."""
        newest = select(outbox.c.recipient, outbox.c.body).where(
            outbox.c.recipient.in_([each.user_id for each in self._phones])
        )
        with database.read(self.service.engine) as conn:
            found = conn.execute(newest.order_by(outbox.c.id.desc()).limit(4 * PEOPLE)).all()
        self._buttons = {}
        for recipient, body in found:
            self._buttons.setdefault(recipient, []).extend(_data(json.loads(body)))

    # --- what must hold afterwards

    def unanswered(self) -> int:
        """Return how many good events were not answered exactly once."""
        prefix = user(GOOD)[:-10]
        mine = outbox.c.recipient.startswith(prefix), outbox.c.kind == "messages"
        per_person = select(func.count().label("said")).where(*mine).group_by(outbox.c.recipient).subquery()
        once = select(func.count()).select_from(per_person).where(per_person.c.said == 1)
        with database.read(self.service.engine) as conn:
            answered = conn.execute(once).scalar_one()
        return self.tally.good - answered

    def failed(self) -> list[tuple[str, str]]:
        """Return the kind of fault and the event of each turn that failed."""
        bad = select(inbox.c.event_id, inbox.c.error, inbox.c.raw).where(inbox.c.state != "done").limit(20)
        with database.read(self.service.engine) as conn:
            found = conn.execute(bad).all()
        return [(row.error, self.service.vault.open_event(row.event_id, row.raw).decode()) for row in found]

    def traces(self) -> list[str]:
        """Return the columns in which something of an event stands that was to be passed over."""
        found = []
        with database.read(self.service.engine) as conn:
            for table in metadata.sorted_tables:
                for column in table.c:
                    if isinstance(column.type, String | Text):
                        spoken = or_(
                            cast(column, Text).contains(literal(MARK)),
                            cast(column, Text).startswith(literal("PASSED")),
                        )
                        if conn.execute(select(func.count()).where(spoken)).scalar_one():
                            found.append(f"{table.name}.{column.name}")
        return found


def _data(value: Any) -> Iterator[str]:
    """Yield the data of every button in a message."""
    if isinstance(value, dict):
        if value.get("type") == "postback" and isinstance(value.get("data"), str):
            yield value["data"]
        for each in value.values():
            yield from _data(each)
    elif isinstance(value, list):
        for each in value:
            yield from _data(each)
