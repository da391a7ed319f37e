"""What is scarce, for the shell of a turn: the office's pools, opened where they are missing, and what is free."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import moment
from dialogs.effects import Take
from dialogs.office import Office
from dialogs.slots import FENCE_SETS, at, capacities
from dialogs.world import World
from storage import engine as database
from storage import pools

log = structlog.get_logger()

AHEAD = timedelta(days=400)
"""How far ahead is looked for what is taken: a loan that was extended over the winter lies within it."""


def with_free(conn: Connection, world: World, case_id: str, now: int) -> World:
    """Return *world* with what the case *case_id* ("" for a new one) may take from today on."""
    keys = capacities(world.office)
    today = world.today
    here = moment(now)
    free = pools.free(
        conn,
        keys,
        today.isoformat(),
        (today + AHEAD).isoformat(),
        case_id,
        at(here.date(), here.time()),
    )
    return replace(world, free=replace(free, capacities={**keys, **free.capacities}))


def take(conn: Connection, office: Office, case_id: str, wanted: Take, now: int) -> None:
    """Take what is *wanted*; the office's pools are opened before somebody takes from them for the first time.

    Raises:
        Taken: Something is not left; see ``storage.pools.take``.
        LookupError: The office has no such pool.
    """
    try:
        pools.take(conn, case_id, wanted, now)
    except LookupError:
        pools.ensure(conn, capacities(office))
        pools.take(conn, case_id, wanted, now)


def open_pools(engine: Engine, office: Office) -> None:
    """Let the times of *office* be booked as its file says now; how many sets there are, the stock knows.

    A database that cannot be written hinders nothing here: a pool is opened when somebody takes from it, too.
    """
    try:
        with database.write(engine) as conn:
            pools.ensure(conn, capacities(office))
            for key, number in sorted(capacities(office).items()):
                if key != FENCE_SETS:
                    pools.capacity(conn, key, number)
    except SQLAlchemyError as fault:
        log.warning("pools_not_opened", error=type(fault).__name__)
