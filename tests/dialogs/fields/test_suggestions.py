"""Amounts that one tap answers."""

from __future__ import annotations

from dialogs.fields import Advice, Given, Number, Text
from dialogs.words import say
from tests.dialogs.fields.asked import given
from tests.dialogs.worlds import JAPANESE


def test_what_is_suggested_can_be_read_and_any_other_amount_too() -> None:
    perimeter = Number("perimeter", "周囲長", unit="m", least=1, most=2000, suggest=(20, 40))
    [asked] = perimeter.inputs(given())

    assert [each.key for each in asked.options] == ["20", "40"]
    assert [perimeter.read({"": each.key}, given()) for each in asked.options] == [20, 40]
    assert perimeter.read("33", given()) == 33


def test_what_other_answers_make_likely_is_offered_first_and_said_before_the_question() -> None:
    def doubled(given: Given) -> Advice | None:
        count = given.answers.get("count")
        return Advice(2 * count, say("{twice}です。", twice=2 * count)) if count else None

    sets = Number("sets", "数", least=1, most=5, suggest=(1, 2, 3), advise=doubled)

    def offered(count: int) -> tuple[list[str], str]:
        situation = given(answers={"count": count})
        [asked] = sets.inputs(situation)
        said = sets.advised(situation)
        return [each.key for each in asked.options], JAPANESE.say(said) if said else ""

    assert offered(0) == (["1", "2", "3"], "")
    assert offered(1) == (["2", "1", "3"], "2です。")
    assert offered(2) == (["4", "1", "2", "3"], "4です。")
    assert offered(3) == (["1", "2", "3"], "6です。")


def test_a_question_without_advice_has_none() -> None:
    assert Number("sets", "数", least=1, most=5).advised(given()) is None
    assert Text("note", "メモ").advised(given()) is None
