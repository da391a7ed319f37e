"""Every problem of a workbook is told, with its place and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from bot.surveys import workbook as reading
from bot.surveys.findings import MOST
from bot.words import words_for
from tests.support.workbooks import CHOICES, asking, question
from tests.support.workbooks_read import JAPANESE, one


@pytest.mark.parametrize(
    ("rows", "place", "part"),
    [
        (
            [question("text", "a", relevant="${b} = 'x'"), question("text", "b")],
            "survey 2 D",
            "より後にあります",
        ),
        (
            [question("text", "a", relevant="${b} = 'x'"), question("text", "b", relevant="${a} = 'x'")],
            "survey 2 D",
            "循環",
        ),
        ([question("text", "a", relevant="${a} = 'x'")], "survey 2 D", "自分自身"),
        ([question("text", "a", relevant="${z} = 'x'")], "survey 2 D", "「z」という質問がありません"),
        (
            [question("note", "n"), question("text", "a", relevant="${n} = 'x'")],
            "survey 3 D",
            "答えのある質問ではありません",
        ),
        (
            [question("select_one how", "a"), question("text", "b", relevant="${a} = 'train'")],
            "survey 3 D",
            "「train」は「a」の選択肢にありません。あるのは：walk, bus, car",
        ),
        ([question("text", "a", relevant="if(${a}, 1, 2)")], "survey 2 D", "「if」は使えません"),
        ([question("text", "a"), question("integer", "a")], "survey 3 B", "2行目にもあります"),
        ([question("text", "A-b"), question("integer", "a_b")], "survey 3 B", "2行目にもあります"),
        ([question("text", "質問")], "survey 2 B", "使えません"),
        ([question("text", "")], "survey 2 B", "name がありません"),
        ([question("", "a")], "survey 2 A", "type がありません"),
        ([question("colour", "a")], "survey 2 A", "わかりません"),
        (
            [question("select_one nothing", "a")],
            "survey 2 A",
            "リスト「nothing」が choices シートにありません。あるのは：yes_no, how",
        ),
        ([question("calculate", "a", calculation="1 + 1")], "survey 2 A", "計算や"),
        ([question("text", "a", calculation="1 + 1")], "survey 2 D", "計算や"),
        ([question("geopoint", "a")], "survey 2 A", "位置"),
        ([question("select_one_from_file x.csv", "a")], "survey 2 A", "ほかのファイル"),
        ([question("rank how", "a")], "survey 2 A", "順位"),
        ([question("select_one how", "a", choice_filter="x = 1")], "survey 2 D", "しぼり込み"),
        ([question("text", "a", label__ja="")], "survey 2 C", "label がありません"),
        ([question("note", "a", label__ja=""), question("text", "b")], "survey 2 C", "label がありません"),
        ([question("text", "a", label__ja="長" * 201)], "survey 2 C", "201文字"),
        ([question("text", "a", label__en="<b>x</b>")], "survey 2 D", "HTML"),
        ([question("text", "a"), question("text", "b", label__ja="${a}さん")], "survey 3 C", "前の答え"),
        ([question("text", "a", required="${b} = 1")], "survey 2 D", "yes か no"),
        ([question("integer", "a", constraint=". > 9 and . < 5")], "survey 2 D", "満たす答え"),
        ([question("range", "a", parameters="start=one")], "survey 2 D", "読み取れません"),
        ([question("begin_group", "g"), question("text", "a")], "survey 2 A", "end_group がありません"),
        ([question("text", "a"), {"type": "end_group"}], "survey 3 A", "begin_group がありません"),
        (
            [question("text", "a"), question("note", "n", relevant="${a} = '1'"), question("text", "b")],
            "survey 3 D",
            "note だけに条件",
        ),
        (
            [
                question("note", "n", label__ja="あ" * 200),
                question("note", "m", label__ja="い" * 200),
                question("text", "a"),
            ],
            "survey 3 C",
            "合わせて280文字",
        ),
        ([question("note", "n")], "survey 0 ", "質問が1つもありません"),
        ([question("text", "a", label__xx="x")], "survey 1 D", "「xx」という言語はわかりません"),
    ],
)
def test_every_problem_names_its_place_and_what_to_do(rows: list[Any], place: str, part: str) -> None:
    one(asking(*rows), place, part)


@pytest.mark.parametrize(
    ("choices", "place", "part"),
    [
        ([*CHOICES, ("how", "bus", "バス", "Bus")], "choices 7 B", "5行目と同じ name"),
        ([*CHOICES, ("how", "by bike", "自転車", "Bike")], "choices 7 B", "空白や記号のない"),
        ([*CHOICES, ("", "bike", "自転車", "Bike")], "choices 7 A", "list_name がありません"),
        ([*CHOICES, ("how", "bike")], "choices 7 C", "label がありません"),
        ([*CHOICES, ("how", "bike", None, "Bike")], "choices 7 C", "ja の文がありません"),
        ([*CHOICES, ("how", "other", "その他", "Other")], "survey 2 A", "どちらか"),
        ([*CHOICES, *(("how", f"o{n}", "x", "x") for n in range(48))], "choices 54 ", "50まで"),
    ],
)
def test_lists_are_checked_too(choices: Any, place: str, part: str) -> None:
    one(asking(question("select_one how or_other", "a"), choices=choices), place, part)


@pytest.mark.parametrize(
    ("settings", "place", "part"),
    [
        ([("form_id",), ("アンケート",)], "settings 2 A", "form_id は"),
        ([("default_language",), ("xx",)], "settings 2 A", "「xx」という言語"),
        ([("default_language",), ("ko",)], "settings 2 A", "label::ko"),
        ([("form_title",), ("長" * 61,)], "settings 2 A", "60文字まで"),
    ],
)
def test_settings_are_checked_too(settings: Any, place: str, part: str) -> None:
    one(asking(question("text", "a"), settings=settings), place, part)


def test_all_problems_are_told_at_once_up_to_two_hundred() -> None:
    data = asking(*(question("colour", f"q{n}") for n in range(MOST + 5)))
    problems = reading.examine(data).problems

    assert len(problems) == MOST + 1
    assert JAPANESE.say(problems[-1].message).startswith("ほかに5件")


def test_too_many_questions_and_too_deep_groups_are_refused() -> None:
    one(asking(*(question("text", f"q{n}") for n in range(151))), "survey 152 ", "150問まで")
    deep = [question("begin_group", f"g{n}") for n in range(6)]
    one(asking(*deep, question("text", "a"), *[{"type": "end_group"}] * 6), "survey 7 A", "5段まで")


def test_what_goes_wrong_is_told_in_the_language_of_whoever_reads_it() -> None:
    (problem,) = reading.examine(asking(question("text", ""))).problems

    assert all(words_for(each).say(problem.message) for each in ("ja", "ja@easy", "en"))
