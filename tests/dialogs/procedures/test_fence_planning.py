"""What the fence planner says: in the application, to whoever calculates before it, and to staff (003-54, 55)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.fields import Answers, Given
from dialogs.parts import Part
from dialogs.planner import plan
from dialogs.procedures.fence_loan.form import FORM_R6
from dialogs.procedures.fence_loan.planning import (
    CALCULATOR,
    beside_the_perimeter,
    needs,
    reckoned,
    suggested,
    too_few,
)
from dialogs.world import World
from tests.dialogs import worlds
from tests.dialogs.worlds import JAPANESE


def without_bill() -> World:
    return worlds.world(office=replace(worlds.OFFICE, set_parts=(Part("net", "網", "Net", 1, "枚"),)))


def test_the_perimeter_answered_before_says_how_many_sets_are_enough() -> None:
    advice = suggested(Given(worlds.world(), {"perimeter": 60}))

    assert advice
    assert advice.amount == 2
    assert JAPANESE.say(advice.message) == "まわりが60mで角が4つの畑なら、2セットで足りる見込みです。"


def test_without_a_perimeter_nothing_is_advised() -> None:
    assert suggested(Given(worlds.world())) is None
    assert beside_the_perimeter({}, worlds.world()) == {}


def test_the_question_for_the_sets_offers_what_was_reckoned() -> None:
    sets = FORM_R6.field("sets")
    assert sets

    [asked] = sets.inputs(Given(worlds.world(), {"perimeter": 200}))

    assert [each.key for each in asked.options] == ["4", "1", "2", "3"]


def test_the_calculator_says_sets_parts_and_what_runs_out_first() -> None:
    said = [
        JAPANESE.say(each) for each in reckoned({"perimeter": 40, "corners": 4, "gate": 1.2}, worlds.world())
    ]

    assert said[:3] == [
        "必要なセット数の目安は1セットです。",
        "長いポール（黒）6本、短いポール（白）5〜9本、クリップ44個、ワイヤー161.2m",
        "長くするときに、いちばん先に足りなくなるのはワイヤーです。",
    ]


def test_the_calculator_asks_three_numbers_and_nothing_personal() -> None:
    assert [each.key for each in CALCULATOR.fields] == ["perimeter", "corners", "gate"]
    assert not any(each.personal for each in CALCULATOR.fields)


def test_a_bill_without_parts_to_reckon_by_says_one_set_and_no_part() -> None:
    answers = {"perimeter": 400, "corners": 4, "gate": 1.2}

    said = [JAPANESE.say(each) for each in reckoned(answers, without_bill())]

    assert said[0] == "必要なセット数の目安は1セットです。"
    assert not any("いちばん先に" in each for each in said)


def test_a_shape_that_leaves_no_room_for_more_short_poles_is_told_without_a_span() -> None:
    assert JAPANESE.say(needs(plan(worlds.OFFICE.set_parts, 1, corners=0))) == (
        "長いポール（黒）2本、短いポール（白）0本、クリップ8個、ワイヤー6m"
    )


def test_staff_see_beside_the_perimeter_what_the_fence_is_reckoned_to_need() -> None:
    label, text = beside_the_perimeter({"perimeter": 40}, worlds.world())["perimeter"]

    assert JAPANESE.say(label) == "必要なセット数の目安"
    assert JAPANESE.say(text).startswith("1セット（角4つで、長いポール（黒）6本")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"perimeter": 60, "sets": 1}, True),
        ({"perimeter": 60, "sets": 2}, False),
        ({"perimeter": 60}, False),
        ({"sets": 1}, False),
    ],
)
def test_staff_are_told_where_fewer_sets_are_wanted_than_the_garden_takes(
    answers: Answers, *, expected: bool
) -> None:
    assert too_few(answers, worlds.world()) is expected
