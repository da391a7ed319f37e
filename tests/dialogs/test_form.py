"""A form as a value: which questions are asked, which answers stay, and what is checked again."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from dialogs.fields import Answers, Choice, Field, Is, Option, Text
from dialogs.form import Form, Page, answered, retitled
from tests.dialogs import sample, worlds
from tests.dialogs.sample import FORM, FULL, KIND, LENGTH, NAME, OTHER, PERIOD, PRIVATE, REASONS, TALK, TEAM

LATER = worlds.world(date(2027, 6, 11))


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ((LENGTH, LENGTH), "the key length stands twice"),
        ((LENGTH, replace(NAME, formerly=("length",))), "the key length stands twice"),
        ((OTHER, REASONS), "other depends on reasons, which is not before it"),
        (
            (replace(REASONS, key="why", formerly=("reasons",)), OTHER),
            "other depends on reasons, which is not",
        ),
        ((REASONS, replace(OTHER, when=Is("reasons", "otter"))), "other waits for otter, which is no option"),
    ],
)
def test_a_form_that_cannot_be_asked_stops_the_program(fields: tuple[Field, ...], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(FORM, pages=(replace(TALK, fields=fields),))


def test_questions_are_found_by_their_key_and_stand_on_their_page() -> None:
    assert FORM.field("name") is NAME
    assert FORM.field("nothing") is None
    assert FORM.page_of(NAME) is PRIVATE
    assert FORM.page_of(LENGTH) is TALK


def test_a_question_is_found_by_the_key_it_had_formerly() -> None:
    renamed = replace(LENGTH, key="perimeter", formerly=("length",))

    assert sample.form(renamed).field("length") is renamed


def test_what_is_missing_comes_in_the_order_of_the_paper() -> None:
    missing = FORM.missing(sample.without("length", "name"))

    assert missing == [LENGTH, NAME]


def test_a_question_with_an_unmet_condition_is_neither_asked_nor_kept() -> None:
    answers = {**FULL, "kind": "person"}

    assert TEAM not in tuple(FORM.visible(answers))
    assert "team" not in FORM.kept(answers)


@dataclass(frozen=True)
class _NotAPerson:
    """A condition that an unasked question meets, too."""

    keys: frozenset[str] = frozenset({"kind", "length"})

    def __call__(self, answers: Answers) -> bool:
        return answers.get("kind") != "person" and answers.get("length") != 1


UNLIKE = replace(OTHER, key="unlike", when=_NotAPerson())


@pytest.mark.parametrize(
    ("answers", "asked", "kept"),
    [
        ({"kind": "group", "length": 40}, True, True),
        ({"kind": "person", "length": 40}, False, False),
        ({"kind": "group", "length": 1}, False, False),
        ({"kind": "group"}, False, True),
    ],
)
def test_a_condition_of_several_answers_waits_for_all_of_them(
    answers: Answers, asked: bool, kept: bool
) -> None:
    form = sample.form(KIND, LENGTH, UNLIKE)
    given = form.kept({**answers, "unlike": "見本"})

    assert (UNLIKE in form.visible(given)) is asked
    assert ("unlike" in given) is kept


def test_every_question_that_a_condition_looks_at_stands_before_it() -> None:
    with pytest.raises(ValueError, match="unlike depends on length, which is not before it"):
        sample.form(KIND, UNLIKE, LENGTH)


def test_a_condition_looks_into_several_choices() -> None:
    assert OTHER in tuple(FORM.visible({"reasons": ["damage", "other"]}))
    assert OTHER not in tuple(FORM.visible({"reasons": ["damage"]}))


def test_an_answer_under_a_former_key_gives_way_to_the_one_under_todays() -> None:
    renamed = sample.form(replace(LENGTH, key="perimeter", formerly=("length",)))

    assert renamed.kept({"length": 40}) == {"perimeter": 40}
    assert renamed.kept({"perimeter": 50, "length": 40}) == {"perimeter": 50}
    assert renamed.renamed({"length/1": "m1"}) == {"perimeter/1": "m1"}


def test_an_option_under_a_former_key_still_meets_its_condition() -> None:
    kind = Choice("kind", "区分", (Option("person", "個人"), Option("team", "団体", formerly=("group",))))
    later = sample.form(kind, private=(replace(TEAM, when=Is("kind", "team")), NAME))

    kept = later.kept({"kind": "group", "team": {"sealed": True}})

    assert kept == {"kind": "team", "team": {"sealed": True}}


@pytest.mark.parametrize(
    ("field", "value", "whole"),
    [
        (LENGTH, 40, True),
        (PERIOD, {"from": "2027-06-10"}, False),
        (REASONS, {"picked": ["damage"]}, False),
        (OTHER, None, True),
        (LENGTH, None, False),
        (NAME, {"sealed": True}, True),
        (NAME, {"sealed": True, "partial": True}, False),
    ],
)
def test_an_answer_counts_when_nothing_of_it_is_missing(field: Field, value: object, whole: bool) -> None:
    assert answered(field, {field.key: value}) is whole


def test_reading_again_what_was_read_changes_nothing() -> None:
    assert FORM.reread(FULL, worlds.world()) == (FULL, {})


def test_a_sealed_answer_outlives_the_last_check_though_it_depends_on_another() -> None:
    answers, refused = FORM.reread({**FULL, "reasons": ["other"], "other": None}, worlds.world())

    assert not refused
    assert answers["team"] == {"sealed": True}
    assert answers["other"] is None
    assert FORM.missing(answers) == []


def test_what_no_longer_holds_is_missing_and_says_why() -> None:
    answers, refused = FORM.reread(FULL, LATER)

    assert set(refused) == {"period"}
    assert answers == sample.without("period")


def test_an_option_that_was_dropped_is_asked_again_and_what_hung_on_it_waits() -> None:
    kind = Choice("kind", "区分", (Option("person", "個人"), Option("firm", "法人")))
    later = sample.form(kind, LENGTH, private=(replace(TEAM, when=Is("kind", "firm")), NAME))

    answers, refused = later.reread(FULL, worlds.world())

    assert not refused
    assert answers == {"kind": "group", "length": 40, "team": {"sealed": True}, "name": {"sealed": True}}
    assert [each.key for each in later.missing(answers)] == ["kind"]
    assert later.kept({**answers, "kind": "person"}) == {
        "kind": "person",
        "length": 40,
        "name": {"sealed": True},
    }


def test_what_hangs_on_a_question_waits_while_that_is_answered_anew() -> None:
    nested = replace(LENGTH, key="nested", when=Is("other", "x"))
    asked = sample.form(REASONS, OTHER, nested)

    assert asked.kept({"other": "x", "nested": 1}) == {"other": "x", "nested": 1}
    assert asked.kept({"reasons": {"picked": ["damage"]}, "other": "x"}) == {
        "reasons": {"picked": ["damage"]},
        "other": "x",
    }
    assert asked.kept({"reasons": ["damage"], "other": "x", "nested": 1}) == {"reasons": ["damage"]}


def test_an_answer_given_to_a_question_that_is_not_asked_is_not_taken() -> None:
    answers, refused = FORM.read(
        {"other": "近くに出た", "nothing": "?"}, {"reasons": ["damage"]}, worlds.world()
    )

    assert answers == {"reasons": ["damage"]}
    assert not refused


def test_a_refused_answer_leaves_the_former_one() -> None:
    answers, refused = FORM.read({"length": "0"}, FULL, worlds.world())

    assert answers == FULL
    assert set(refused) == {"length"}


def test_the_reason_an_answer_cannot_be_read_goes_before_the_rules_over_several() -> None:
    answers, refused = FORM.read({"period": "いつか"}, FULL, LATER)

    assert "period" not in answers
    assert refused["period"].message.text.startswith("日付を")


def test_what_lies_in_the_vault_or_was_skipped_is_not_given_again() -> None:
    assert set(FORM.raw(FULL)) == {"kind", "length", "reasons", "period"}


def test_the_next_edition_is_the_same_form_with_other_questions() -> None:
    pages = (replace(TALK, fields=(LENGTH,)), replace(PRIVATE, fields=(NAME,)))

    later = retitled(FORM, edition="R10", since=date(2028, 4, 1), pages=pages)

    assert (later.key, later.title, later.edition) == ("sample", "見本の申請", "R10")
    assert later.since > FORM.since == date.min
    assert later.fields == (LENGTH, NAME)
    assert later.checks == FORM.checks


def test_a_question_is_called_by_as_much_as_tells_it_from_the_others() -> None:
    def noise(key: str, hint: str = "") -> Text:
        return Text(key, "異音", hint=hint)

    others = (noise("laser", "レーザープリンタ"), noise("dot", "ドットプリンタ"))
    form = Form(
        "sheet",
        "点検",
        "R9",
        (
            Page("pc1", "PC1", (noise("a"), Text("b", "業者"))),
            Page("rest", "他", others),
            Page("pc2", "PC2", (noise("c", "外観"),)),
        ),
    )

    assert {each.key: form.called(each) for each in form.fields} == {
        "a": ("PC1", "異音"),
        "b": ("業者",),
        "laser": ("他", "レーザープリンタ", "異音"),
        "dot": ("他", "ドットプリンタ", "異音"),
        "c": ("PC2", "異音"),
    }
