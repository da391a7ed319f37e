"""Members of the staff who sign cases at the desk, without the channel between them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot import signing
from bot.clock import day_of
from bot.desk import Arrival, Desk
from bot.service import Service
from bot.staffroom import StaffRoom
from dialogs.asking import Stride
from dialogs.events import Decided, Event
from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import cases, staff, submissions
from storage import engine as database
from storage.staff import CHANNEL, CITY, Member
from tests.support.teams import TENANT, oid

CLERK, CHIEF, MANAGER = "見本 係員", "見本 係長", "見本 課長"
"""Members of the office, in the order in which they sign."""


@dataclass
class Members:
    """The office of *service*: whoever is named here first is put on the roster by :meth:`join`."""

    service: Service
    _accounts: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def office(self) -> Members:
        """Put a clerk, a chief and a manager on the roster."""
        for name, role in ((CLERK, Role.STAFF), (CHIEF, Role.CHIEF), (MANAGER, Role.MANAGER)):
            self.join(name, Grant("*", role))
        return self

    def join(self, name: str, *grants: Grant) -> None:
        """Put *name* on the roster from today on."""
        now = self.service.clock.now()
        new = Member("", TENANT, oid(len(self._accounts) + 1), name, CITY, grants)
        with database.write(self.service.engine) as conn:
            self._accounts[name] = staff.add(conn, new, day_of(now), None, now).account

    def account(self, name: str) -> str:
        """Return the account of the member *name*."""
        return self._accounts[name]

    @cached_property
    def desk(self) -> Desk:
        """Return the service's desk, at which members are heard and nothing is drawn for them."""
        service = self.service
        room = StaffRoom(service.register, service.office, lambda *_asked: None, service.world)
        draws = {**service.desk.draws, CHANNEL: lambda *_said: ()}
        return replace(service.desk, staffed={CHANNEL: room}, draws=draws, strides={CHANNEL: Stride.FORM})

    def hear(self, name: str, event: Event) -> None:
        """Let the desk hear *event* of the member *name*."""
        arrival = Arrival(f"t{next(self._numbers):032x}", CHANNEL, self._accounts[name], event)
        assert self.desk.hear(arrival, self.service.clock.now())

    def press(self, name: str, reference: str, level: str, outcome: str = "approve", **given: object) -> None:
        """Let the member *name* press a button on the newest card of the case *reference*.

        *given* is what they entered beside the button, a text or several keys each.
        """
        with database.read(self.service.engine) as conn:
            case = cases.by_reference(conn, reference)
            assert case
            before = submissions.of_case(conn, case.id)
        procedure = self.service.register.of(case.procedure)
        assert procedure
        seen = procedure.to_be_seen(signing.view(case, before))
        fields = {key: {"": value} for key, value in given.items()}
        self.hear(
            name,
            Decided(reference, level, outcome, seen, fields),  # type: ignore[arg-type]
        )
        with database.read(self.service.engine) as conn:
            assert len(submissions.of_case(conn, case.id)) > len(before), f"{name} could not sign"

    def approve(self, reference: str, exceptions: Sequence[str] = ()) -> None:
        """Let the office sign the case *reference*, the manager setting aside what *exceptions* name."""
        self.press(CLERK, reference, "checked")
        self.press(CHIEF, reference, "chief_signed")
        given = {"exceptions": [*exceptions]} if exceptions else {}
        self.press(MANAGER, reference, "decision", "approve", **given)
