"""What is asked beside a button that files a step."""

from dialogs.beside import answered, asked
from dialogs.fields import Choice, LongText, Option
from dialogs.procedure import Role, Step
from tests.dialogs import worlds

STEP = Step(
    "done",
    "済",
    Role.STAFF,
    state="済みました。",
    asks=(
        Choice("how", "方法", (Option("by_hand", "手作業"), Option("exchanged", "交換"))),
        LongText("note", "メモ", required=False, hint="あれば"),
    ),
)


def test_each_question_is_drawn_with_what_it_needs() -> None:
    how, note = asked(STEP, worlds.world())

    assert (how.key, [option.key for option in how.options], how.required) == (
        "how",
        ["by_hand", "exchanged"],
        True,
    )
    assert (note.key, note.hint, note.required) == ("note", "あれば", False)


def test_what_may_stay_empty_is_left_out() -> None:
    assert answered(STEP, {"how": {"": "exchanged"}, "note": {"": ""}}, worlds.world()) == {
        "how": "exchanged"
    }
    assert answered(STEP, {"how": {"": "exchanged"}, "note": {"": "夜に"}}, worlds.world()) == {
        "how": "exchanged",
        "note": "夜に",
    }
