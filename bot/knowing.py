"""What a turn is told of what is scarce, before it begins."""

from __future__ import annotations

from sqlalchemy import Connection

from bot import room
from dialogs.world import World
from storage import cases


def with_free(conn: Connection, world: World, reference: str | None, now: int) -> World:
    """Return *world* with what the case *reference* ("" for a new one) may take; None: the turn need not know."""
    if reference is None:
        return world
    case = cases.by_reference(conn, reference) if reference else None
    return room.with_free(conn, world, case.id if case else "", now)
