"""How many pushes the platform still takes this month: asked of LINE once an hour."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import structlog
from sqlalchemy import Connection, Engine

from storage import engine as database
from storage import values

log = structlog.get_logger()

KEY = "line_quota"
"""The value that keeps what LINE said last."""

OLD = 3 * 3600 * 1000
"""From which age (ms) on what LINE said is no longer known."""

LOW = 0.1
"""The part of the month's pushes from which on somebody must choose a larger plan."""


class Said(Protocol):
    """What a platform answers: ``delivered`` with ``limit`` and ``used``, or what went wrong."""

    @property
    def kind(self) -> str: ...

    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Quota:
    """What LINE said at *at* (ms UTC): *limit* pushes a month (None: no limit), of which *used* are gone."""

    at: int
    limit: int | None
    used: int

    @property
    def left(self) -> int | None:
        """Return how many pushes are left, None without a limit."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def is_low(self) -> bool:
        """Return whether less than a tenth is left."""
        return self.limit is not None and self.left is not None and self.left < self.limit * LOW


def known(conn: Connection, now: int) -> Quota | None:
    """Return what LINE said last, None where that is too long ago."""
    kept = values.get(conn, KEY)
    found = Quota(**json.loads(kept)) if kept else None
    return found if found and now - found.at <= OLD else None


def ask(engine: Engine, call: Callable[[], Said], now: int) -> None:
    """Ask LINE and keep the answer.  Nothing is raised: whatever goes wrong, the quota is unknown."""
    try:
        said = call()
        limit, used = said.data.get("limit"), said.data.get("used")
        if said.kind != "delivered" or not isinstance(used, int) or not isinstance(limit, int | None):
            log.warning("line_quota_unknown", reason=said.kind)
            return
        found = Quota(now, limit, used)
        with database.write(engine) as conn:
            values.put(conn, KEY, json.dumps(asdict(found)))
    except Exception:
        log.exception("line_quota_not_kept")
        return
    if found.is_low:
        log.error("line_quota_low", count=found.left)
