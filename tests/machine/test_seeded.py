"""The machine sees: every fault sown on purpose breaks a law within a few thousand steps."""

from collections.abc import Callable

import pytest

from tests.machine import seeded, town, walk

MOST = 5000
"""Steps within which a fault must be found."""

LEAST = 30
"""Faults that are to be sown."""


@pytest.mark.parametrize("fault", seeded.FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_fault_that_was_sown_is_found(
    fault: seeded.Fault, record_property: Callable[[str, object], None]
) -> None:
    with town.standing() as there, fault.in_(there):
        found = walk.run(there, 1, MOST, more=fault.more, begins=fault.begins)

    assert found is not None, f"{fault.name}: not found in {MOST} steps"
    record_property("steps", found.after)
    record_property("law", found.law)


def test_enough_faults_are_sown_each_under_a_name_of_its_own() -> None:
    assert len({each.name for each in seeded.FAULTS}) == len(seeded.FAULTS) >= LEAST


def test_what_was_found_is_made_short() -> None:
    fault = next(
        each for each in seeded.FAULTS if each.name == "messages wait for people who blocked the desk"
    )

    with town.standing() as there, fault.in_(there):
        found = walk.run(there, 1, MOST, more=fault.more)
        assert found is not None
        short = walk.shortened(there, found, seconds=30)

    assert short.law == found.law
    assert [step.rule for step in short.steps][-1] == "blocks"
    assert len(short.steps) <= 4
