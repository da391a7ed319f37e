"""A form that changes while somebody is filling it in: nothing typed goes to a question nobody put."""

from dataclasses import replace

from dialogs.events import Do, Unsent
from dialogs.fields import Choice, Choices, Option
from dialogs.replies import Review
from dialogs.turn import go_on
from tests.dialogs import sample
from tests.dialogs.sample import (
    FULL,
    KIND,
    LENGTH,
    NAME,
    OTHER,
    PERIOD,
    PHOTO,
    REASONS,
    ask,
    asked,
    said,
    setting,
    take,
    talk,
    tap,
    without,
)

COUNT = replace(LENGTH, key="count", label="数", unit="")
INSERTED = setting(sample.form(KIND, COUNT, LENGTH, REASONS))
REMOVED = setting(sample.form(KIND, REASONS))
RENAMED = setting(sample.form(KIND, replace(LENGTH, key="perimeter", formerly=("length",)), REASONS, PERIOD))
HALF = {"kind": "person"}
NO_LONGER = "その質問は、いまは必要ありません。次の質問にお答えください。"


def test_a_typed_answer_goes_to_the_question_that_was_put_not_to_the_one_put_in_before_it() -> None:
    outcome = take(talk(HALF, asked="length"), "40", at=INSERTED)

    assert outcome.conversation.answers == {"kind": "person", "length": 40}
    assert asked(outcome) == "count"


def test_only_the_inserted_question_is_then_asked() -> None:
    outcome = take(
        talk({**HALF, "length": 40, "reasons": ["damage"], "name": {"sealed": True}}), "1", "3", at=INSERTED
    )

    assert said(take(talk(), "3", at=INSERTED).replies) == [NO_LONGER]
    assert outcome.conversation.answers["count"] == 3
    assert isinstance(outcome.replies[-1], Review)


def test_a_refused_answer_is_asked_again_before_the_inserted_question() -> None:
    outcome = take(talk(HALF, asked="length"), "たくさん", at=INSERTED)

    assert asked(outcome) == "length"


def test_send_at_the_review_is_no_answer_to_a_question_put_in_meanwhile() -> None:
    text = replace(OTHER, key="wish", when=None, required=True)
    changed = setting(sample.form(KIND, text))

    outcome = take(talk({**HALF, "name": {"sealed": True}}), "申請する", at=changed)

    assert "wish" not in outcome.conversation.answers
    assert asked(outcome) == "wish"


def test_words_meant_for_a_question_that_was_removed_are_no_answer_to_the_next() -> None:
    outcome = take(talk(HALF, asked="length"), "1", at=REMOVED)

    assert outcome.conversation.answers == HALF
    assert said(outcome.replies) == [NO_LONGER]
    assert asked(outcome) == "reasons"


def test_words_meant_for_a_removed_question_are_kept_from_a_private_page_too() -> None:
    changed = setting(sample.form(KIND))

    outcome = take(talk(HALF, asked="length"), "40", at=changed)

    assert outcome.conversation.answers == HALF
    assert "専用ページ" in said(outcome.replies)[0]


def test_help_for_a_question_that_was_removed_is_the_desks_own() -> None:
    outcome = take(talk(HALF, asked="length"), tap(Do.HELP), at=REMOVED)

    assert "お困りのときは" in said(outcome.replies)[0]


def test_the_answer_to_a_removed_question_is_dropped_and_the_rest_stays() -> None:
    outcome = take(talk({**HALF, "length": 40}, asked="reasons"), "1", at=REMOVED)

    assert outcome.conversation.answers == {**HALF, "reasons": ["damage"]}


def test_a_renamed_question_keeps_its_answer_and_what_hangs_on_it() -> None:
    start = talk({**HALF, "length": 40}, sources={"length": "m1"}, asked="reasons")

    outcome = take(start, "1", at=RENAMED)

    assert outcome.conversation.answers == {**HALF, "perimeter": 40, "reasons": ["damage"]}
    assert outcome.conversation.sources["perimeter"] == "m1"
    assert asked(take(outcome.conversation, Unsent("m1"), at=RENAMED)) == "perimeter"


def test_a_resumed_talk_is_asked_nothing_again_for_a_new_name() -> None:
    outcome = go_on(RENAMED, talk({**HALF, "length": 40}))

    assert asked(outcome) == "reasons"


def test_a_typed_answer_finds_the_question_under_its_new_name() -> None:
    outcome = take(talk(HALF, asked="length"), "40", at=RENAMED)

    assert outcome.conversation.answers == {**HALF, "perimeter": 40}


def test_buttons_of_a_renamed_question_still_work() -> None:
    start = talk({**HALF, "length": 40})

    reopened = take(start, tap(Do.REOPEN, "length"), at=RENAMED)
    kept = take(reopened.conversation, tap(Do.KEEP, "length"), at=RENAMED)

    assert ask(reopened).kept == "40m"
    assert kept.conversation.answers == {**HALF, "perimeter": 40}


def test_a_renamed_option_is_the_same_answer() -> None:
    kind = Choice("kind", "区分", (Option("person", "個人"), Option("club", "サークル", formerly=("group",))))
    reasons = Choices(
        "reasons", "理由", (Option("bear", "クマ", formerly=("damage",)), Option("other", "その他"))
    )
    later = setting(sample.form(kind, LENGTH, reasons, PHOTO, PERIOD))
    renamed = {**without("kind", "reasons", "team", "place"), "kind": "club", "reasons": ["bear"]}

    assert take(talk(FULL), tap(Do.CONFIRM), at=later).conversation.answers == renamed
    assert take(talk(), tap(Do.ANSWER, "kind", "group"), at=later).conversation.answers == {"kind": "club"}


def test_ticks_of_a_renamed_option_stay_ticked() -> None:
    reasons = Choices(
        "reasons", "理由", (Option("bear", "クマ", formerly=("damage",)), Option("other", "その他"))
    )
    later = setting(sample.form(reasons))

    outcome = go_on(later, talk({"reasons": {"picked": ["damage"]}}))

    assert ask(outcome).picked == ("bear",)


def test_a_next_edition_asks_only_what_the_half_filled_one_does_not_answer() -> None:
    later = setting(sample.form(KIND, LENGTH, REASONS, PHOTO, PERIOD, COUNT, edition="R11"))

    outcome = go_on(later, talk(FULL))

    assert asked(outcome) == "count"
    assert set(outcome.conversation.answers) == set(FULL) - {"place", "team"}


def test_an_answer_kept_aside_for_a_removed_question_is_not_offered() -> None:
    outcome = go_on(REMOVED, talk(HALF, aside={"length": 40}, asked="length"))

    assert ask(outcome).kept is None
    assert NAME.personal
