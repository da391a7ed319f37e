"""Where in Teams a message goes: from our recipient to a conversation, opened where there is none yet."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from sqlalchemy import Engine

from bot.clock import Clock
from bot.delivery.port import Chore
from bot.teams import calls
from bot.teams.gateway import Asking, TeamsGateway
from bot.teams.outcome import Outcome
from storage import engine as database
from storage.teams import references
from storage.teams.references import PERSONAL, Reference

KNOWN_FOR = 60_000
"""How long (ms) a conversation is remembered, so that not every message reads the database."""

MOST_KNOWN = 10_000

NOBODY = Outcome("gone", detail="no conversation")
DEAD = Outcome("gone", detail="unreachable")

_OURS = re.compile("[0-9a-f]{32}")


class Conversations:
    """The conversations of the table, remembered for a while in this process."""

    def __init__(self, engine: Engine, gateway: TeamsGateway, clock: Clock) -> None:
        self._engine = engine
        self._gateway = gateway
        self._clock = clock
        self._known: dict[str, tuple[int, Reference]] = {}

    def of(self, recipient: str) -> Asking[Reference | Outcome]:
        """Return the conversation of *recipient* (its id, or an account ``tenant/object id``), or why there is none."""
        since, known = self._known.get(recipient, (0, None))
        if known and 0 <= self._clock.now() - since < KNOWN_FOR:
            return known
        found: Reference | Outcome | None = yield Chore(partial(self._find, recipient))
        if found is None and "/" in recipient:
            found = yield from self._begun(recipient)
        if isinstance(found, Reference) and found.dead_at is None:
            self._remember(recipient, found)
            return found
        return DEAD if isinstance(found, Reference) else found or NOBODY

    def forget(self, recipient: str) -> None:
        """Look the conversation of *recipient* up anew next time: it may have moved."""
        self._known.pop(recipient, None)

    def die(self, here: Reference) -> Asking[None]:
        """Note that nothing can be sent to *here* any more."""
        yield Chore(partial(self._bury, here.id))

    def _remember(self, recipient: str, found: Reference) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known = {}
        self._known[recipient] = self._clock.now(), found

    def _find(self, recipient: str) -> Reference | None:
        with database.read(self._engine) as conn:
            if _OURS.fullmatch(recipient):
                return references.find(conn, recipient)
            return references.personal(conn, *_account(recipient))

    def _bury(self, reference_id: str) -> None:
        with database.write(self._engine) as conn:
            references.die(conn, reference_id, self._clock.now())

    def _begun(self, recipient: str) -> Asking[Reference | Outcome | None]:
        """Return the personal chat, opened now, with an account that never wrote to us."""
        tenant, object_id = _account(recipient)
        near: Reference | None = yield Chore(partial(self._neighbour, tenant))
        if near is None:
            return None
        outcome = yield from self._gateway.asked(calls.begin(near, tenant, object_id))
        if outcome.kind != "accepted" or not outcome.id:
            return outcome if outcome.kind != "accepted" else Outcome("unclear", detail="no id in the answer")
        opened = replace(
            near,
            conversation_id=outcome.id,
            scope=PERSONAL,
            object_id=object_id,
            user_id="",
            locale="",
        )
        yield Chore(partial(self._keep, opened))
        return opened

    def _neighbour(self, tenant: str) -> Reference | None:
        with database.read(self._engine) as conn:
            return references.neighbour(conn, tenant)

    def _keep(self, opened: Reference) -> None:
        with database.write(self._engine) as conn:
            references.keep(conn, opened, self._clock.now())


def _account(recipient: str) -> tuple[str, str]:
    tenant, _, object_id = recipient.partition("/")
    return tenant, object_id
