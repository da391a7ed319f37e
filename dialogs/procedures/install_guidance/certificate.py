"""家庭菜園用電気柵設置確認書: what it says, apart from names and addresses (003-23).

The ordinance names the paper and no field of it, so it says what was explained and what was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dialogs.fields.base import sealed
from dialogs.procedures.install_guidance.guidance import Guidance
from dialogs.procedures.install_guidance.visiting import VISIT
from dialogs.words import Message, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

SAYS = (
    "visited_on", "present", "explained", "tiers", "lowest", "source", "polarity", "power", "voltage", "earth",
    "weeds", "tension", "plate",
)  # fmt: skip
"""Which answers of the visit's record stand on it; remarks for the city do not."""


@dataclass(frozen=True)
class Certificate:
    """What the paper says: its *day*, and (label, text) of what was found, in the language of the office."""

    reference: str
    day: date
    rows: tuple[tuple[Message, str], ...]


def certificate(case: CaseView, world: World) -> Certificate | None:
    """Return the paper of *case*, None as long as the fence was not found to be set up as it should be."""
    guidance = Guidance(case)
    day = guidance.certified_on
    if day is None:
        return None
    words, said = world.words["ja"], guidance.visit
    rows = tuple(
        (say(each.label), each.show(said[each.key], words))
        for each in VISIT.fields
        if each.key in SAYS and said.get(each.key) is not None and not sealed(said[each.key])
    )
    return Certificate(case.reference, day, rows)
