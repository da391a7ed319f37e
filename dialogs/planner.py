"""How many parts and sets a fence needs: reckoned from a garden's perimeter, corners and gate (別記 2, 3; 003-55).

What 別記 says and nothing else: a long pole at every corner and two at the gate, a short one about every 4 m,
four clips on every pole, four tiers of wire, each with the gate's width and 30 cm more for its handle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from dialogs.parts import Part, PartKind

CORNERS = 4
"""Most gardens have four corners; who does not say otherwise is taken to."""

GATE = Decimal("1.2")
"""Metres between the two poles of the gate."""

TIERS = 4
APART = 4
"""Metres from pole to pole, about."""

HANDLE = Decimal("0.3")
"""Metres of wire more at the gate, to be tied to the handle's spring."""

_ONCE = frozenset({PartKind.HANDLE, PartKind.FENCE})


@dataclass(frozen=True)
class Need:
    """How many of *part* a fence needs; metres of wire with decimals."""

    part: Part
    amount: Decimal


@dataclass(frozen=True)
class Plan:
    """What a fence needs.

    *sets* is how many whole sets hold enough of every part, whatever shape the garden has.  *scarce* is the part
    that runs out first, None where the bill has no part to reckon by.  *most_short_poles* is how many short poles
    the most uneven shape takes, where corners stand close together and sides are long; *needs* has the usual number.
    """

    needs: tuple[Need, ...]
    sets: int
    scarce: Part | None
    most_short_poles: int

    def amount(self, kind: PartKind) -> Decimal:
        """Return how many parts of *kind* are needed, 0 where the bill has none."""
        return sum((need.amount for need in self.needs if need.part.kind is kind), Decimal(0))


def plan(
    parts: Sequence[Part], perimeter: Decimal | int, corners: int = CORNERS, gate: Decimal = GATE
) -> Plan:
    """Return what a fence of *perimeter* metres, the gate of *gate* metres included, needs of *parts*."""
    usual, most = short_poles(perimeter, corners, gate)
    needed, at_most = (_amounts(perimeter, corners, gate, short) for short in (usual, most))
    reckoned = [part for part in parts if part.kind in needed and part.count]
    needs = tuple(Need(part, needed[part.kind]) for part in reckoned)
    shares = {part.key: _share(part, at_most) for part in reckoned}
    # What is needed once is whole in every set, and runs out no sooner for a longer fence.
    limits = [part for part in reckoned if part.kind not in _ONCE or shares[part.key] > 1]
    scarce = max(limits, key=lambda part: shares[part.key], default=None)
    return Plan(needs, max(1, ceil(shares[scarce.key])) if scarce else 1, scarce, most)


def short_poles(perimeter: Decimal | int, corners: int, gate: Decimal) -> tuple[int, int]:
    """Return how many short poles a fence usually needs, and how many at the very most.

    Usually a pole, long or short, stands about every 4 m along the fence.  At the most, no corner lies where a pole
    was due anyhow: each side takes one short pole less than it has stretches of 4 m.
    """
    stretches = ceil(Fraction(max(Decimal(0), perimeter - gate)) / APART)
    usual = max(0, stretches + 1 - _long_poles(corners))
    return usual, max(usual, stretches - 1)


def _long_poles(corners: int) -> int:
    return corners + 2


def _amounts(perimeter: Decimal | int, corners: int, gate: Decimal, short: int) -> Mapping[PartKind, Decimal]:
    long = _long_poles(corners)
    around = max(Decimal(0), perimeter - gate)
    return {
        PartKind.LONG_POLE: Decimal(long),
        PartKind.SHORT_POLE: Decimal(short),
        PartKind.CLIP: Decimal(TIERS * (long + short)),
        PartKind.WIRE: TIERS * (around + gate + HANDLE),
        PartKind.HANDLE: Decimal(TIERS),
        PartKind.FENCE: Decimal(1),
    }


def _share(part: Part, amounts: Mapping[PartKind, Decimal]) -> Fraction:
    """Return how many sets the amount of *part* is."""
    return Fraction(amounts[part.kind]) / part.count
