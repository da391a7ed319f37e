"""What follows from a filing, whoever filed it and wherever: what it claims, who is told, what time will bring.

All of it happens in the transaction that files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot import boards, dues, room, stockkeeping
from bot.clock import day_of
from bot.signing import Telling
from dialogs.effects import Take
from dialogs.procedure import Procedure, Role
from dialogs.standing import CaseView
from dialogs.world import World
from storage import pools
from storage.cases import CaseRow
from storage.stock import Cause


@dataclass(frozen=True)
class Filed:
    """One filing: *step* with *said* (nothing personal) on *case*, which stood as *seen* before.

    *event* is the id under which it was filed; *by* is our id of the person who did, "" where that is none.
    """

    procedure: Procedure
    case: CaseRow
    seen: CaseView
    step: str
    said: Mapping[str, Any]
    event: str
    by: str = ""


def follow(conn: Connection, filed: Filed, telling: Telling, now: int) -> None:
    """Do everything that follows from *filed*; its resident is told where somebody else has filed it.

    Raises:
        Taken: What it claims is not left any more; run the turn again, which sees that.
    """
    world = telling.world(day_of(now))
    _claim(conn, filed, world, now)
    if filed.procedure.key == stockkeeping.PROCEDURE:
        cause = Cause(f"filing/{filed.event}", filed.case.reference, now, filed.case.id)
        stockkeeping.filed(conn, world.office, filed.step, filed.said, cause)
    if filed.by != filed.case.person_id:
        replies = filed.procedure.told(filed.step, filed.said, filed.seen, world)
        if replies:
            # Whoever filed it hears of it under the event itself.
            telling.tell(conn, filed.case.person_id, replies, f"{filed.event}/told", now)
    if _is_handled(filed.procedure):
        boards.changed(conn, filed.case.id, filed.event, now)
    dues.refresh(conn, filed.procedure, filed.case.id, world, now)


def _claim(conn: Connection, filed: Filed, world: World, now: int) -> None:
    for claim in filed.procedure.claims(filed.step, filed.said, filed.seen, world):
        if isinstance(claim, Take):
            room.take(conn, world.office, filed.case.id, claim, now)
        else:
            pools.give_back(conn, filed.case.id, claim.purpose, now)


def _is_handled(procedure: Procedure) -> bool:
    """Return whether somebody else than the resident has anything to do with its cases."""
    return any(each.role is not Role.RESIDENT for each in procedure.steps)
