"""Counting the parts of a set (003-19, 54)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as search
from hypothesis import strategies as st

from dialogs.fields import Invalid, Raw
from dialogs.parts import Part
from dialogs.procedures.fence_loan.parts import PartCounts, named, of_sets
from tests.dialogs import worlds
from tests.dialogs.procedures.loans import given, world
from tests.dialogs.worlds import JAPANESE

BILL = (Part("pole", "ポール", "Pole", 4, "本"), Part("clip", "クリップ", "Clip", 10, "個"))
HERE = replace(given(), world=world(office=replace(worlds.OFFICE, set_parts=BILL)))
FIELD = PartCounts("parts", "部品", expected=lambda here: of_sets(2, here.world.office.set_parts))


def test_every_part_is_asked_with_what_there_should_be() -> None:
    inputs = FIELD.inputs(HERE)

    assert [(each.part, each.label, each.unit, each.example) for each in inputs] == [
        ("pole", "ポール", "本", "8"),
        ("clip", "クリップ", "個", "20"),
    ]
    assert [each.key for each in inputs[1].options] == ["20"]


def test_a_card_counts_all_parts_at_once() -> None:
    assert FIELD.read({"pole": "8", "clip": "１９個"}, HERE) == {"pole": 8, "clip": 19}


def test_a_talk_counts_one_part_after_the_other() -> None:
    first = FIELD.read("8本", HERE)

    assert first == {"so_far": {"pole": 8}}
    assert not FIELD.is_complete(first)
    then = replace(HERE, before=first)
    assert FIELD.pending(then).part == "clip"
    whole = FIELD.read({"clip": "20"}, then)
    assert FIELD.is_complete(whole)
    assert whole == {"pole": 8, "clip": 20}
    assert FIELD.pending(replace(HERE, before=whole)).part == "pole"


def test_all_of_them_may_be_said_in_one_word() -> None:
    assert FIELD.read("全部", HERE) == {"pole": 8, "clip": 20}


@pytest.mark.parametrize("raw", ["たくさん", "-1", "1.5", "10000", {"pole": "", "clip": "1"}, "8" * 600])
def test_what_is_no_count_is_refused_with_the_name_of_the_part(raw: Raw) -> None:
    with pytest.raises(Invalid) as reason:
        FIELD.read(raw, HERE)

    assert "ポールの数を、「8」のように" in JAPANESE.say(reason.value.message)


def test_counts_are_told_by_the_names_of_the_parts() -> None:
    assert JAPANESE.say(named({"clip": 3, "pole": 1}, BILL)) == "ポール1本、クリップ3個"
    assert JAPANESE.say(named({"gone": 2}, BILL)) == "gone2"
    assert JAPANESE.say(named({}, BILL)) == ""
    assert FIELD.show({"clip": 3}, JAPANESE) == "クリップ3個"
    assert FIELD.cells({"clip": 3}, JAPANESE) == ("クリップ3個",)


@search(st.integers(0, 9999), st.integers(0, 9999))
def test_what_was_counted_can_be_given_again(poles: int, clips: int) -> None:
    value = {"pole": poles, "clip": clips}

    assert FIELD.read(FIELD.raw(value), HERE) == value
