"""What follows from a filing, whoever filed it and wherever: what it claims, who is told, what time will bring.

All of it happens in the transaction that files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from sqlalchemy import Connection

from bot import boards, dues, room, stockkeeping
from bot.clock import day_of
from bot.meetings import knowing
from bot.signing import Telling
from dialogs.effects import Claim, GiveBack, Leave, Seat, Take, TakeUp, Wait
from dialogs.procedure import Procedure, Role
from dialogs.standing import CaseView
from dialogs.world import World
from storage import pools, waiting
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
    world = knowing.of_meetings(conn, telling.world(day_of(now)), filed.procedure)
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
        _claimed(conn, world, filed.case.id, claim, now)


def _claimed(conn: Connection, world: World, case_id: str, claim: Claim, now: int) -> None:
    match claim:
        case Take():
            room.take(conn, world.office, case_id, claim, now)
        case GiveBack(_reference, purpose):
            pools.give_back(conn, case_id, purpose, now)
        case Seat():
            waiting.seat(conn, case_id, claim, now)
        case Wait():
            waiting.wait(conn, case_id, claim, now)
        case TakeUp():
            waiting.take_up(conn, case_id, claim, now)
        case Leave(_reference, purpose):
            waiting.leave(conn, case_id, purpose, now)
        case _:
            assert_never(claim)


def _is_handled(procedure: Procedure) -> bool:
    """Return whether somebody else than the resident has anything to do with its cases."""
    return any(each.role is not Role.RESIDENT for each in procedure.steps)
