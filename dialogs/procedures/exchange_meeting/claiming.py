"""What a registration takes of the seats: as many as come, in one piece, or a place on the waiting list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.effects import Claim, Leave, Seat, TakeUp, Wait
from dialogs.fields import Answers
from dialogs.meetings import pool
from dialogs.procedures.exchange_meeting.registration import Registration
from dialogs.procedures.exchange_meeting.rules import ABSENT, QUEUED, SEATED, the_meeting
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

PURPOSE = "seat"
"""What a case holds its seats for."""

LEAVING = frozenset({ABSENT, "declined", "lapsed", "cancelled", "called_off"})
"""Whoever files these has no seat any more, and waits for none."""


def claims(step: str, said: Answers, case: CaseView, world: World) -> tuple[Claim, ...]:  # noqa: ARG001 -- the shape
    """Return what filing *step* on *case* does to the seats; a registration itself does nothing, what follows does."""
    if step in LEAVING:
        return (Leave(case.reference, PURPOSE),)
    registration = Registration(case)
    meeting = the_meeting(case.answers, world)
    if meeting is None or step not in {SEATED, QUEUED, "accepted"}:
        return ()
    seats, slot, amount = pool(meeting.key, registration.attendance), meeting.slot, registration.amount
    if step == SEATED:
        return (Seat(case.reference, seats, slot, amount, PURPOSE),)
    if step == QUEUED:
        return (Wait(case.reference, seats, slot, amount, PURPOSE),)
    return (TakeUp(case.reference, seats, slot, PURPOSE),)
