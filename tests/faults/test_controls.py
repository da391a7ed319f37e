"""Each guard is taken out, and the comparison that finds nothing otherwise must find what it guards against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from tests.faults.board import RAISE
from tests.faults.compare import CROSSED, DUPLICATED, LOST, UNEXPLAINED
from tests.faults.guards import GUARDS
from tests.faults.house import House
from tests.faults.opening import Houses
from tests.faults.residents import SEND

Scene: TypeAlias = Callable[[House], None]

CALM: Mapping[str, float] = {}
DUPLICATES = 12
"""Rounds in which many events come twice."""


def walk(house: House, rounds: int = DUPLICATES) -> None:
    for _ in range(rounds):
        house.driver.round(8)
    house.settle()


def die_and_go_on(point: str) -> Scene:
    def scene(house: House) -> None:
        assert house.die_at(point, 3, 20)
        house.begin_again()
        house.settle()

    return scene


def errors_after(house: House) -> None:
    house.platform.ask("/_settle", {"plan": {"error_after": 0.6}})
    walk(house)


def answers_lost(house: House) -> None:
    """Let everything wait beyond its token, and then be pushed through a platform that errs after accepting."""
    house.platform.ask("/_settle", {"plan": {"rate": 1.0}})
    for _ in range(3):
        house.driver.round(8)
    house.wait(lambda: (house.waits() or (0, 0))[0] > 0, "nothing waits")
    house.jump(61_000)
    house.platform.ask("/_settle", {"plan": {"error_after": 0.6}})
    house.settle()


def a_turn_fails(house: House) -> None:
    house.driver.round(4)
    person = next(each for each in house.driver.residents if not each.waiting)
    house.driver.deliver([house.driver.fail(person)])
    house.settle()


def nothing_is_kept(house: House) -> None:
    """Let a turn fail whose event cannot be kept either."""
    house.driver.round(4)
    person = next(each for each in house.driver.residents if not each.waiting)
    house.board.arm("keep.before_commit", 1, RAISE)
    house.driver.deliver([house.driver.fail(person)])
    house.settle()


def two_taps_at_once(house: House) -> None:
    for _ in range(7):
        house.driver.round(8)
    house.settle()
    assert house.driver.tap_twice() > 4
    house.settle()


def receipts_unclear(house: House) -> None:
    """Let people file while the platform answers nothing but errors."""
    for _ in range(40):
        house.driver.round(6)
        if any(not each.over and each.steps[each.at] == SEND for each in house.driver.residents):
            break
    house.settle()
    house.platform.ask("/_settle", {"plan": {"error_before": 1.0}})
    house.driver.round(12)
    house.wait(
        lambda: house.platform.ask("/_tell", {})["counts"].get("error_before", 0) > 8, "nothing was sent"
    )
    house.platform.ask("/_settle", {"plan": CALM})
    house.settle()


def too_many_calls(house: House) -> None:
    house.platform.ask("/_settle", {"plan": {"rate": 0.5}})
    walk(house)


def the_dispatcher_dies(house: House) -> None:
    house.driver.round(4)
    house.board.arm("outbox.before_finish", 1, RAISE)
    for _ in range(3):
        house.driver.round(4)
    house.wait(lambda: not house.board.is_armed, "the dispatcher lives")
    house.wait(lambda: not house.program.ready(), "it counts as able to work")


CONTROLS: Mapping[str, tuple[Scene, str]] = {
    "dedupe": (walk, DUPLICATED),
    "version": (two_taps_at_once, LOST),
    "commit_before_answer": (die_and_go_on("turn.before_commit"), LOST),
    "one_transaction": (die_and_go_on("turn.after_commit"), LOST),
    "claim_with_turn": (die_and_go_on("turn.before_store"), LOST),
    "retry_key": (answers_lost, DUPLICATED),
    "asking_the_token": (errors_after, DUPLICATED),
    "used_tokens": (die_and_go_on("send.after_reply"), DUPLICATED),
    "keeping": (a_turn_fails, LOST),
    "honest_status": (nothing_is_kept, LOST),
    "own_token": (walk, CROSSED),
    "legal_effect": (receipts_unclear, LOST),
    "order": (too_many_calls, UNEXPLAINED),
    "dying": (the_dispatcher_dies, LOST),
}
"""What shows each guard, and what is found without it."""

ON_POSTGRESQL = {"version", "claim_with_turn"}
"""Guards that SQLite does not need, where one turn at a time is written."""


CASES = [pytest.param(each, marks=[pytest.mark.postgres] * (each in ON_POSTGRESQL)) for each in CONTROLS]


@pytest.mark.parametrize("guard", CASES)
def test_without_a_guard_the_comparison_finds_what_it_guards_against(guard: str, houses: Houses) -> None:
    scene, wanted = CONTROLS[guard]

    with houses(_engine(guard), plan=CALM, off=(guard,)) as house:
        scene(house)
        found = house.verdict()

    assert found.counts[wanted], f"{guard} was taken out and nothing is {wanted}: {found}"


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_with_every_guard_in_its_place_the_same_scenes_show_nothing(engine: str, houses: Houses) -> None:
    scenes = {guard: scene for guard, (scene, _) in CONTROLS.items() if _engine(guard) == engine}
    scenes.pop("dying", None)

    with houses(engine, plan=CALM, off=("slow_turns",) if "version" in scenes else ()) as house:
        for guard, scene in scenes.items():
            scene(house)
            house.platform.ask("/_settle", {"plan": CALM})
            found = house.news()
            assert found.clean, f"{guard} is in its place: {found}"


def _engine(guard: str) -> str:
    return "postgresql" if guard in ON_POSTGRESQL else "sqlite"


def test_every_guard_has_its_control() -> None:
    assert set(CONTROLS) == set(GUARDS) - {"slow_turns"}
