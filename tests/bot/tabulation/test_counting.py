"""The simple and the cross tabulation count as a reader would by hand."""

from __future__ import annotations

import pytest

from bot.tabulation.answers import Filter, selected, texts
from bot.tabulation.counting import tally
from bot.tabulation.crossing import TOTAL, cross
from bot.tabulation.figures import figures, ranges
from bot.tabulation.questions import AWAY, NOTHING
from tests.bot.tabulation.ballots import AGE, CHILDREN, SEX, SINCE, THEMES, WISH, Paper, data

BALLOTS = [
    Paper(
        {"age": "young", "sex": "f", "themes": ["bear", "deer"], "since": "2020-04-01", "wish": "森を守る"}
    ),
    Paper({"age": "young", "sex": "m", "themes": ["bear"], "since": "2021-05-02"}, "web"),
    Paper({"age": "old", "sex": "f", "themes": [], "children": 2, "wish": "ありがとう"}, "web", "group"),
    Paper({"age": "old", "sex": None, "themes": ["deer"], "children": 4}, paper=True),
    Paper({"age": "old", "children": None}),
]
DATA = data(BALLOTS)


def counts(key: str) -> dict[str, int | None]:
    question = DATA.question(key)
    assert question
    return {line.key: line.count for line in tally(DATA, question).rows}


def test_a_single_answer_is_counted_with_those_who_left_it_open() -> None:
    done = tally(DATA, SEX)

    assert counts("sex") == {"f": 2, "m": 1, NOTHING: 2}
    assert (done.asked, done.answered, done.away) == (5, 3, 0)
    assert [(line.share, line.valid) for line in done.rows] == [(40.0, 66.7), (20.0, 33.3), (40.0, None)]


def test_several_answers_are_counted_each_against_everybody_asked() -> None:
    done = tally(DATA, THEMES)

    assert counts("themes") == {"bear": 2, "deer": 2, "boar": 0, NOTHING: 2}
    assert [line.share for line in done.lines] == [40.0, 40.0, 0.0]
    assert done.answered == 3


def test_those_to_whom_a_question_was_not_put_are_not_in_its_base() -> None:
    done = tally(DATA, CHILDREN)

    assert (done.asked, done.answered, done.away) == (3, 2, 2)
    assert counts("children") == {"2": 1, "4": 1, NOTHING: 1}
    assert done.figures
    assert (done.figures.mean, done.figures.median, done.figures.lower, done.figures.upper) == (
        3,
        3,
        2.5,
        3.5,
    )


def test_days_and_texts_are_counted_too() -> None:
    assert counts("since") == {"2020-04-01": 1, "2021-05-02": 1, NOTHING: 3}
    assert counts("wish") == {"@written": 2, NOTHING: 3}
    assert texts(DATA, WISH) == ["ありがとう", "森を守る"]


def test_many_days_are_counted_by_month_and_very_many_by_year() -> None:
    months = data([Paper({"since": f"2027-0{1 + day % 3}-{day:02d}"}) for day in range(1, 28)])
    years = data(
        [Paper({"since": f"20{year}-{month:02d}-01"}) for year in (20, 21) for month in range(1, 13)]
    )

    assert [line.label for line in tally(months, SINCE).lines] == ["2027-01", "2027-02", "2027-03"]
    assert [line.label for line in tally(years, SINCE).lines] == ["2020", "2021"]


def test_many_numbers_are_counted_in_ranges_that_meet_without_a_gap() -> None:
    options, key = ranges([float(each) for each in range(18, 95)])

    assert [each.label for each in options][:2] == ["10〜19", "20〜29"]
    assert [key(19.0), key(20.0)] == [options[0].key, options[1].key]
    parts, _key = ranges([0.1 * each for each in range(40)])
    assert [each.label for each in parts][:3] == ["0〜", "0.5〜", "1〜"]
    assert figures([]) is None


def test_how_a_ballot_came_is_a_question_like_any_other() -> None:
    assert counts("@channel") == {"line": 3, "web": 2, NOTHING: 0}
    assert counts("@kind") == {"group": 1, NOTHING: 4}
    assert counts("@paper") == {"no": 4, "yes": 1, NOTHING: 0}
    channel = DATA.question("@channel")
    assert channel
    assert channel.options[0].label == "LINE"


def test_a_key_that_only_an_earlier_edition_had_is_counted_under_itself() -> None:
    older = data([Paper({"sex": "x", "themes": ["wolf"]})])
    found = older.question("themes")

    assert found
    assert [each.label for each in found.options][-1] == "wolf"


def test_filters_take_the_ballots_that_meet_them_all() -> None:
    few = selected(DATA, [Filter("@channel", "line"), Filter("themes", "deer")])

    assert few.size == 2
    assert [line.count for line in tally(few, AGE).lines] == [1, 1]
    assert selected(DATA, []) is DATA
    with pytest.raises(KeyError):
        selected(DATA, [Filter("nothing", "x")])


def test_a_cross_table_has_everybody_in_it() -> None:
    table = cross(DATA, AGE, SEX)

    assert [each.key for each in table.columns] == ["f", "m", NOTHING]
    assert [table.count("old", key) for key in ("f", "m", NOTHING, TOTAL)] == [1, 0, 2, 3]
    assert [table.count(TOTAL, key) for key in ("f", "m", NOTHING, TOTAL)] == [2, 1, 2, 5]
    assert table.of_row("old", "f") == 33.3
    assert table.of_column("old", "f") == 50.0
    assert table.turned().count("f", "old") == 1


def test_a_cross_table_of_several_answers_counts_people_in_its_totals() -> None:
    table = cross(DATA, THEMES, AGE)

    assert [table.count(key, TOTAL) for key in ("bear", "deer", "boar", NOTHING)] == [2, 2, 0, 2]
    assert [table.count(TOTAL, key) for key in ("young", "old", TOTAL)] == [2, 3, 5]


def test_those_not_asked_have_a_row_of_their_own() -> None:
    table = cross(DATA, CHILDREN, AGE)

    assert [table.count(AWAY, key) for key in ("young", "old")] == [2, 0]
    assert sum(table.count(each.key, TOTAL) or 0 for each in table.rows) == 5


def test_an_amount_of_nothing_is_an_answer_and_an_empty_text_is_none() -> None:
    found = data([Paper({"age": "old", "children": 0}), Paper({"age": "", "themes": []})])

    assert [found.columns[key] for key in ("children", "age", "themes")] == [
        [0.0, AWAY],
        ["old", None],
        [None, None],
    ]
