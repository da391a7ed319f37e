"""Sets that are not back in time are promised to nobody else: once an hour they are held on every day to come.

A loan holds its sets until its end and the days on which they are cleaned.  Behind that they would be free by the
book while they stand in a garden still.  What was promised to others before stays promised: where it is more than
there is, the stock's page and the nightly comparison say so.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from sqlalchemy import Connection, Engine

from bot import signing
from dialogs.effects import Take
from dialogs.procedures.fence_loan.claiming import LENDING, OVERDUE, kept_back
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.slots import FENCE_SETS
from dialogs.world import World
from storage import caselist, cases, pools, stocktaking, submissions
from storage import engine as database

log = structlog.get_logger()


def keep_back(engine: Engine, world: World, now: int) -> None:
    """Let every loan that is overdue on the day of *world* hold its sets on every day to come, at *now* (ms)."""
    with database.read(engine) as conn:
        lending = pools.holders(conn, FENCE_SETS, LENDING)
        lent = _lent(conn)  # read once: the book is the same for all
        late = [each for each in lending if _held(conn, each, world) != _wanted(conn, each, world, lent)]
    for case_id in late:
        with database.write(engine) as conn:
            caselist.lock(conn, case_id)  # nobody takes the sets back meanwhile, so that what is held is true
            _keep(conn, case_id, world, now)
    if late:
        log.info("sets_kept_back", count=len(late))


def _lent(conn: Connection) -> Mapping[str, int] | None:
    """Return how many sets are with each case by the stock's book, None where there is none."""
    return stocktaking.lent(conn) if stocktaking.places(conn) else None


def _held(conn: Connection, case_id: str, world: World) -> Mapping[str, int]:
    today = world.today.isoformat()
    held = pools.held(conn, case_id, OVERDUE)
    return {slot: amount for (_pool, slot), amount in held.items() if slot >= today}


def _wanted(
    conn: Connection, case_id: str, world: World, lent: Mapping[str, int] | None
) -> Mapping[str, int]:
    """Return how many sets the case should hold on which day because it is overdue.

    Those that are with it by the stock's book *lent*: what was lost meanwhile is promised to nobody.
    """
    if lent is not None and not lent.get(case_id):
        return {}
    case = cases.by_id(conn, case_id)
    seen = signing.view(case, submissions.of_case(conn, case_id)) if case else None
    if seen is None or "period" not in seen.answers:  # erased
        return {}
    loan = Loan(seen)
    amount = loan.sets if lent is None else lent[case_id]
    return dict.fromkeys(kept_back(loan, world), amount) if amount else {}


def _keep(conn: Connection, case_id: str, world: World, now: int) -> None:
    held, wanted = _held(conn, case_id, world), _wanted(conn, case_id, world, _lent(conn))
    if held.items() - wanted.items():  # fewer sets, or fewer days
        pools.give_back(conn, case_id, OVERDUE, now)
    if wanted:
        pools.keep(conn, case_id, Take("", FENCE_SETS, (*wanted,), max(wanted.values()), OVERDUE), now)
