"""A delivery to Teams beside a connector on this machine, with a database and a clock of the test's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from queue import SimpleQueue
from typing import Any, cast

from sqlalchemy import Engine, select

from bot.delivery.embedded import after_a_fault, delivered
from bot.delivery.flight import Flight
from bot.delivery.port import Steps
from bot.teams.deliver import TeamsDelivery
from bot.teams.errands import TeamsErrands
from bot.teams.gateway import TeamsGateway
from bot.teams.hosts import ServiceHosts
from bot.teams.rate import Rate
from bot.teams.tokens import TokenSource, token_source
from storage import engine as database
from storage import outbox as queue
from storage.outbox import Delivered, Parcel, Queued
from storage.tables import outbox
from storage.teams import references
from storage.teams.references import CHANNEL, PERSONAL, Reference
from tests.storage import make
from tests.support.connector import APP_ID, APP_SECRET, Connector
from tests.support.service import StandingClock

TENANT, SOMEBODY = "11111111-2222-4333-8444-555555555555", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
LOOPBACK = ServiceHosts(("127.0.0.1",))
TIMEOUT = (5.0, 10.0)
IMPATIENT = (0.5, 0.3)


class Unhurried(Rate):
    """No limit: for tests of everything else."""

    def wait(self, conversation: str, tenant: str, now: int) -> int:  # noqa: ARG002 -- see above
        return 0


def tokens_of(teams: Connector, clock: StandingClock, *, secret: str = APP_SECRET) -> TokenSource:
    return token_source(APP_ID, secret, TENANT, clock, url=teams.token_url)


@dataclass
class Sending:
    """Everything that sends.  ``sheets`` are the texts of sheets by case, as they would be drawn now."""

    engine: Engine
    teams: Connector
    clock: StandingClock = field(default_factory=StandingClock)
    rate: Rate = field(default_factory=Unhurried)
    hosts: ServiceHosts = LOOPBACK
    timeout: tuple[float, float] = TIMEOUT
    tokens: TokenSource | None = None
    sheets: dict[str, str] = field(default_factory=dict)
    in_loop: bool = False
    _count: int = 0
    _flight: Flight | None = None
    _landed: SimpleQueue[Delivered] = field(default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        tokens = self.tokens or tokens_of(self.teams, self.clock)
        self.gateway = TeamsGateway(tokens, self.hosts, self.clock, timeout=self.timeout)
        self.delivery = self.begin()

    def begin(self) -> TeamsDelivery:
        """Return a delivery as a new process has it."""
        errands = cast("TeamsErrands", None)  # they have tests of their own
        return TeamsDelivery(self.engine, self.gateway, errands, self.clock, self.drawn, rate=self.rate)

    def drawn(self, case_id: str) -> str | None:
        text = self.sheets.get(case_id)
        return None if text is None else json.dumps({"type": "message", "text": text})

    # --- who is there

    def chat(self, name: str = "chat", **changes: Any) -> Reference:
        """Return a personal chat that the desk knows."""
        made = Reference(
            f"a:{name}",
            PERSONAL,
            TENANT,
            SOMEBODY if name == "chat" else f"oid-{name}"[:36],
            self.teams.service_url,
            "28:bot",
            f"29:{name}",
            "ja-JP",
        )
        return self.keep(replace(made, **changes))

    def channel(self, name: str = "team") -> Reference:
        where = f"19:{name}@thread.tacv2;messageid=1"
        return self.keep(Reference(where, CHANNEL, TENANT, "", self.teams.service_url, "28:bot"))

    def keep(self, made: Reference) -> Reference:
        with database.write(self.engine) as conn:
            references.keep(conn, made, self.clock.now())
        return made

    def known(self, here: Reference) -> Reference:
        with database.read(self.engine) as conn:
            found = references.find(conn, here.id)
        assert found
        return found

    def case(self) -> str:
        """Return a case that exists."""
        with database.write(self.engine) as conn:
            person = make.person(conn, f"U{self._next()}")
            return make.case(conn, f"見本-{self._next()}", person)

    # --- what is sent

    def _next(self) -> int:
        self._count += 1
        return self._count

    def put(self, here: Reference | str, *texts: str, **more: Any) -> None:
        """Queue a message of one or more activities."""
        self.put_body(here, {"activities": [{"type": "message", "text": each} for each in texts]}, **more)

    def put_sheet(self, here: Reference, case_id: str) -> None:
        self.put_body(here, {"case": case_id}, kind="sheet")

    def put_all(self, said: Sequence[tuple[Reference, str]]) -> None:
        """Queue many messages, the first first."""
        with database.write(self.engine) as conn:
            for here, text in said:
                body = {"activities": [{"type": "message", "text": text}]}
                queue.queue(conn, [self._row(here, body)], self.clock.now())

    def put_body(self, here: Reference | str, body: Any, **more: Any) -> None:
        with database.write(self.engine) as conn:
            queue.queue(conn, [self._row(here, body, **more)], self.clock.now())

    def _row(self, here: Reference | str, body: Any, **more: Any) -> Queued:
        to = here if isinstance(here, str) else here.id
        return Queued("teams", to[:64], to, body, f"cause/{self._next()}", **more)

    def claim(self) -> list[Parcel]:
        """Claim what may be sent, as a process does that is killed before it has stored the outcome."""
        now = self.clock.now()
        with database.write(self.engine) as conn:
            return queue.claim(conn, now, now + 35_000, 100)

    def finish(self, *done: Delivered) -> None:
        with database.write(self.engine) as conn:
            queue.finish(conn, done, self.clock.now())

    def settle(self) -> None:
        """Send what is due, until nothing is."""
        while parcels := self.claim():
            self.finish(*self.sent(parcels))

    def sent(self, parcels: Sequence[Parcel]) -> list[Delivered]:
        """Return what became of *parcels*, which are sent in this thread or, all at once, in the event loop."""
        if not self.in_loop:
            return [delivered(self.delivery, each, self.clock) for each in parcels]
        if not self._flight:
            self._flight = Flight(
                self._steps,
                self.delivery,
                lambda parcel, fault, done: self._landed.put(
                    done or after_a_fault(parcel, fault, self.clock.now())
                ),
                lambda: None,
                256,
            )
            self._flight.start()
        self._flight.begin(parcels)
        return [self._landed.get(timeout=20) for _ in parcels]

    def _steps(self, parcel: Parcel) -> Steps | None:
        return self.delivery.steps(parcel)

    def stop(self) -> None:
        if self._flight:
            self._flight.stop()
        self.gateway.close()

    def pass_time(self, *, seconds: float = 1, times: int = 1) -> None:
        """Let time go by and what is due be sent, again and again."""
        for _ in range(times):
            self.clock.advance(timedelta(seconds=seconds))
            self.settle()

    def rows(self) -> Sequence[Any]:
        with database.read(self.engine) as conn:
            return conn.execute(select(outbox).order_by(outbox.c.id)).all()

    def states(self) -> list[str]:
        return [each.state for each in self.rows()]
