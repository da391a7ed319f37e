"""The fence planner: the example of the handling guide, and enough of every part for every shape."""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from dialogs.parts import SET_PARTS, Part, PartKind
from dialogs.planner import GATE, Plan, plan, short_poles

POLE = Part("long_pole", "長いポール", "Long pole", 8, "本", kind=PartKind.LONG_POLE)


def amounts(found: Plan) -> dict[str, Decimal]:
    return {need.part.key: need.amount for need in found.needs}


def test_a_garden_of_40_m_with_four_corners_needs_what_the_guide_says() -> None:
    found = plan(SET_PARTS, 40)

    assert found.amount(PartKind.LONG_POLE) == 6
    assert found.amount(PartKind.SHORT_POLE) == 5
    assert found.amount(PartKind.CLIP) == 44
    assert found.amount(PartKind.WIRE) == Decimal("161.2")
    assert found.amount(PartKind.HANDLE) == 4
    assert amounts(found)["power_unit"] == 1
    assert found.sets == 1


def test_the_part_that_runs_out_first_is_named() -> None:
    scarce = [plan(SET_PARTS, metres, corners).scarce for metres, corners in ((40, 4), (100, 4), (20, 10))]

    assert [each and each.key for each in scarce] == ["wire", "wire", "long_pole"]


def test_too_few_handles_for_one_gate_are_what_runs_out_first() -> None:
    handle = Part("handle", "ハンドル", "Handle", 1, "個", kind=PartKind.HANDLE)

    found = plan((POLE, handle), 40)

    assert (found.sets, found.scarce) == (4, handle)


def test_a_longer_fence_needs_more_sets() -> None:
    assert [plan(SET_PARTS, metres).sets for metres in (1, 52, 53, 100, 200)] == [1, 1, 2, 2, 4]


def test_many_corners_need_more_sets_for_their_long_poles_alone() -> None:
    found = plan(SET_PARTS, 20, corners=10)

    assert (found.sets, found.scarce and found.scarce.kind) == (2, PartKind.LONG_POLE)
    assert found.amount(PartKind.SHORT_POLE) == 0


def test_what_is_only_counted_is_not_reckoned_with() -> None:
    bag = Part("bag", "袋", "Bag", 1, "枚")
    nothing = Part("clip", "クリップ", "Clip", 0, "個", kind=PartKind.CLIP)

    assert amounts(plan((POLE, bag, nothing), 40)) == {"long_pole": 6}


def test_a_bill_without_a_part_to_reckon_by_says_one_set() -> None:
    found = plan((), 400)

    assert (found.needs, found.sets, found.scarce) == ((), 1, None)
    assert found.amount(PartKind.WIRE) == 0


def test_a_gate_wider_than_the_garden_is_no_fence_of_negative_length() -> None:
    assert plan(SET_PARTS, 1, gate=Decimal(3)).amount(PartKind.WIRE) == Decimal("13.2")
    assert short_poles(1, 0, Decimal(3)) == (0, 0)


metres = st.decimals(min_value="0.1", max_value=500, places=1)


@st.composite
def shapes(draw: st.DrawFn) -> tuple[list[Decimal], Decimal]:
    """Return the lengths between the long poles, in order, and the width of the gate."""
    return draw(st.lists(metres, min_size=1, max_size=12)), draw(
        st.sampled_from([GATE, Decimal(1), Decimal(3)])
    )


def enough(stretches: Sequence[Decimal], gate: Decimal, sets: int) -> dict[str, bool]:
    """Return, laying the fence out stretch by stretch, whether *sets* sets have enough of each part."""
    long = len(stretches) + 1
    short = sum(ceil(length / 4) - 1 for length in stretches)
    wire = 4 * (sum(stretches, Decimal(0)) + gate + Decimal("0.3"))
    needed: dict[str, Decimal | int] = {
        "long_pole": long,
        "short_pole": short,
        "clip": 4 * (long + short),
        "wire": wire,
    }
    needed |= {"gate_handle": 4, "power_unit": 1, "battery": 1, "earth_rod": 1, "warning_plate": 1}
    needed["voltage_tester"] = 1
    return {part.key: needed[part.key] <= sets * part.count for part in SET_PARTS}


@given(shapes())
def test_there_is_enough_of_each_part_for_every_shape(shape: tuple[list[Decimal], Decimal]) -> None:
    stretches, gate = shape

    found = plan(SET_PARTS, sum(stretches) + gate, len(stretches) - 1, gate)

    assert all(enough(stretches, gate, found.sets).values())


@given(shapes())
def test_no_set_too_many_is_asked_for(shape: tuple[list[Decimal], Decimal]) -> None:
    stretches, gate = shape
    total = sum(stretches) + gate
    found = plan(SET_PARTS, total, len(stretches) - 1, gate)
    most = {need.part.kind: need.amount for need in found.needs}
    most[PartKind.SHORT_POLE] = Decimal(found.most_short_poles)
    most[PartKind.CLIP] = 4 * (most[PartKind.LONG_POLE] + found.most_short_poles)

    assert found.sets == 1 or any(most[part.kind] > (found.sets - 1) * part.count for part in SET_PARTS)
    assert all(need.amount <= found.sets * need.part.count for need in found.needs)


@given(metres, st.integers(0, 20))
def test_poles_stand_about_every_4_m(perimeter: Decimal, corners: int) -> None:
    found = plan(SET_PARTS, perimeter, corners)
    poles = found.amount(PartKind.LONG_POLE) + found.amount(PartKind.SHORT_POLE)

    assert (poles - 1) * 4 >= perimeter - GATE
    assert found.amount(PartKind.CLIP) == 4 * poles
    assert found.amount(PartKind.SHORT_POLE) <= found.most_short_poles
