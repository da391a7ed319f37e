"""Where somebody has to go: the stops of all cases that may have one, from the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot import signing
from dialogs.procedure import Procedure, Role
from dialogs.steps import Step
from dialogs.upcoming import Leg, no_rounds
from dialogs.world import World
from storage import casefiles
from storage.caselist import Wanted

MOST = 400
"""Cases of one step that are looked at, the oldest first: many times as many as a city has sets."""


def legs(conn: Connection, procedures: Sequence[Procedure], world: World) -> tuple[Leg, ...]:
    """Return the stops that the cases of *procedures* need as they stand, on whatever day."""
    mine = {each.key: each for each in procedures if each.rounds is not no_rounds}
    wanted = [
        perhaps_waiting(each, step) for each in mine.values() for step in each.steps if _is_outside(step)
    ]
    if not wanted:
        return ()
    found = casefiles.looked_for(conn, casefiles.often(wanted, MOST))
    return tuple(
        Leg(file.case.reference, file.case.procedure, stop)
        for file in found
        if file.filled  # what was erased has no place any more
        for stop in mine[file.case.procedure].rounds(signing.view_of(file), world)
    )


def perhaps_waiting(procedure: Procedure, step: Step) -> Wanted:
    """Return the cases among which all are that wait for *step*: what a later step takes back cannot end it."""
    taken_back = {key for each in procedure.steps for key in each.resets}
    own = () if step.comes_again else (step.key,)
    ended = tuple(key for key in (*step.until, *own) if key not in taken_back)
    return Wanted(procedure.key, filed=(step.after,) if step.after else (), lacking=ended)


def _is_outside(step: Step) -> bool:
    """Return whether *step* is filed by who goes to places."""
    return Role.CONTRACTOR in {step.role, *step.also}
