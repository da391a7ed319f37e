"""What a guidance takes of what is scarce: one visit at its time, held from the wish on (003-07, 003-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.effects import Claim, GiveBack, Take
from dialogs.fields import Answers
from dialogs.procedures.install_guidance.guidance import ENDING, LOSING
from dialogs.slots import VISIT, slot_key
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

PURPOSE = "visit"
"""What a case holds its time for."""


def claims(step: str, said: Answers, case: CaseView, world: World) -> tuple[Claim, ...]:  # noqa: ARG001 -- the shape
    """Return what filing *step* with *said* on *case*, as it stood before, takes and gives back.

    A wish and a proposal hold their time and let the one before go; a visit that took place needs it no more.
    """
    if step == "application":
        return (Take(case.reference, VISIT, (slot_key(said["wish"]),), 1, PURPOSE),)
    if step in {"moved", "proposed"}:
        taken = Take(case.reference, VISIT, (slot_key(said["slot"]),), 1, PURPOSE)
        return (GiveBack(case.reference, PURPOSE), taken)
    return (GiveBack(case.reference, PURPOSE),) if step in LOSING | ENDING else ()
