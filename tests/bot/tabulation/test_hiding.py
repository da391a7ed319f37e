"""What is hidden in a published table stays hidden, whatever a reader reckons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tabulation.answers import Data
from bot.tabulation.counting import tally
from bot.tabulation.crossing import TOTAL, Cross, cross
from bot.tabulation.hiding import Sum, exposed, hidden, is_small
from bot.tabulation.publishing import publishable, publishable_cross
from bot.tabulation.questions import NOTHING, Kind, Question
from tests.bot.tabulation.ballots import AGE, CHILDREN, SEX, THEMES, Paper, crossed, data, many, one


def published(answers: Data, row: Question, column: Question) -> Cross:
    tallies = [publishable(tally(answers, each)) for each in (row, column)]
    return publishable_cross(cross(answers, row, column), *tallies)


def solutions(table: Cross, whole: Cross) -> Iterator[Mapping[tuple[str, str], int]]:
    """Yield every table that a reader may take for the true one.

    The reader knows which hidden numbers are zero, unless all are hidden: then only totals are known, which the
    questions' own tables tell.  All whole numbers that add up are tried, row by row, with nothing of the product.
    """
    rows, columns = [each.key for each in whole.rows], [each.key for each in whole.columns]
    most = whole.counts[TOTAL, TOTAL] or 0
    inner = [table.counts[place] for place in product(rows, columns)]
    unknown = range(most + 1) if set(inner) == {None} else None

    def choices(row: str) -> Iterator[tuple[int, ...]]:
        limits = []
        for column in columns:
            shown, true = table.counts[row, column], whole.counts[row, column] or 0
            known = range(1, most + 1) if true else [0]
            limits.append([shown] if shown is not None else unknown or known)
        total = table.counts[row, TOTAL]
        for line in product(*limits):
            if sum(line) <= most and (total is None or sum(line) == total):
                yield line

    for lines in product(*(list(choices(row)) for row in rows)):
        sums = [sum(line[place] for line in lines) for place in range(len(columns))]
        wanted = [table.counts[TOTAL, column] for column in columns]
        if sum(sums) == most and all(
            each is None or each == one for each, one in zip(wanted, sums, strict=True)
        ):
            yield {(row, column): line[place] for row, line in zip(rows, lines, strict=True)
                   for place, column in enumerate(columns)}  # fmt: skip


def given_away(table: Cross, whole: Cross) -> list[tuple[str, str]]:
    """Return the small numbers that a reader of *table* knows for certain."""
    possible: dict[tuple[str, str], set[int]] = {}
    for each in solutions(table, whole):
        for place, number in each.items():
            possible.setdefault(place, set()).add(number)
    return [
        place for place, found in possible.items() if len(found) == 1 and is_small(whole.counts[place] or 0)
    ]


def test_a_small_number_and_another_one_are_hidden() -> None:
    answers = crossed({("young", "f"): 20, ("young", "m"): 3, ("old", "f"): 9, ("old", "m"): 30})

    table = published(answers, AGE, SEX)

    assert table.count("young", "m") is None
    assert [key for key in product(("young", "old"), ("f", "m")) if table.counts[key] is not None] == []
    assert table.count("young", TOTAL) == 23
    assert table.withheld


def test_a_table_without_small_numbers_stays_as_it_is() -> None:
    answers = crossed({("young", "f"): 20, ("young", "m"): 0, ("old", "f"): 9, ("old", "m"): 30})

    assert published(answers, AGE, SEX) == cross(answers, AGE, SEX)


def test_the_attacker_finds_what_only_the_small_numbers_are_hidden_of() -> None:
    answers = crossed({("young", "f"): 9, ("young", "m"): 3, ("old", "f"): 6, ("old", "m"): 7})
    whole = cross(answers, AGE, SEX)
    naive = Cross(AGE, SEX, whole.rows, whole.columns, {**whole.counts, ("young", "m"): None})

    assert given_away(naive, whole) == [("young", "m")]


def test_two_ones_beside_each_other_do_not_betray_each_other() -> None:
    answers = crossed({("young", "f"): 1, ("young", "m"): 1, ("old", "f"): 9, ("old", "m"): 9})
    wide = one("age", "young", "old")

    table = published(answers, wide, SEX)

    assert table.count("young", TOTAL) is None, "a row of two people is no row to publish"
    assert given_away(table, cross(answers, wide, SEX)) == []


def test_a_line_of_few_people_shows_no_zero_either() -> None:
    answers = crossed({("young", "f"): 3, ("young", "m"): 0, ("old", "f"): 20, ("old", "m"): 20})

    assert published(answers, AGE, SEX).count("young", "m") is None


NUMBERS = st.integers(0, 9)


@settings(max_examples=60, deadline=None)
@given(st.lists(NUMBERS, min_size=4, max_size=4))
def test_no_table_gives_a_small_number_away(numbers: list[int]) -> None:
    places = list(product(("young", "old"), ("f", "m")))
    answers = crossed(dict(zip(places, numbers, strict=True)))
    if answers.size < 5:
        return
    table = published(answers, AGE, SEX)

    assert given_away(table, cross(answers, AGE, SEX)) == []
    assert not [place for place in table.counts if is_small(table.counts[place] or 0)]


def _sums(rows: int, columns: int) -> list[Sum]:
    across = [Sum(tuple((r, c) for c in range(columns)), (r, "t")) for r in range(rows)]
    down = [Sum(tuple((r, c) for r in range(rows)), ("t", c), across=True) for c in range(columns)]
    return [*across, *down]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=4, max_size=4))
def test_of_larger_tables_no_small_number_follows_by_adding_and_subtracting(numbers: list[list[int]]) -> None:
    values = {(r, c): number for r, line in enumerate(numbers) for c, number in enumerate(line)}
    totals = {(r, "t"): sum(line) for r, line in enumerate(numbers)} | {
        ("t", c): sum(line[c] for line in numbers) for c in range(4)
    }
    dark = hidden({**values, **totals}, _sums(4, 4), kept=totals)
    if dark is None:
        return

    assert {place for place in values if is_small(values[place])} <= dark
    assert not [cell for cell in _solved(sorted(dark, key=repr), 4, 4) if is_small(values[cell])]


def _solved(dark: Sequence[tuple[int, int]], rows: int, columns: int) -> list[tuple[int, int]]:
    """Return which of *dark* the sums determine: Gauss modulo a prime, as a reader would."""
    prime = 1_000_003
    lines = [[int(cell[0] == r) for cell in dark] for r in range(rows)]
    lines += [[int(cell[1] == c) for cell in dark] for c in range(columns)]
    done: list[list[int]] = []
    for place in range(len(dark)):
        pivot = next((each for each in lines if each[place]), None)
        if pivot is None:
            continue
        lines.remove(pivot)
        inverse = pow(pivot[place], -1, prime)
        pivot = [each * inverse % prime for each in pivot]
        lines = [_less(each, pivot, place, prime) for each in lines]
        done = [*(_less(each, pivot, place, prime) for each in done), pivot]
    alone = [each for each in done if sum(map(bool, each)) == 1]
    return [dark[next(place for place, number in enumerate(each) if number)] for each in alone]


def _less(line: list[int], pivot: list[int], place: int, prime: int) -> list[int]:
    factor = line[place]
    return [(each - factor * other) % prime for each, other in zip(line, pivot, strict=True)]


def test_a_single_hidden_answer_of_a_question_takes_another_with_it() -> None:
    answers = crossed({("young", "f"): 3, ("old", "m"): 40})

    done = publishable(tally(answers, AGE))

    assert [line.count for line in done.lines] == [None, None]
    assert [line.share for line in done.lines] == [None, None]
    assert done.asked == 43


def test_few_who_left_a_question_open_do_not_follow_from_the_base() -> None:
    answers = data([Paper({"age": "old"})] * 20 + [Paper({"age": "young"})] * 20 + [Paper({})] * 2, (AGE,))

    done = publishable(tally(answers, AGE))

    assert (done.nothing.count, done.answered, done.asked) == (None, None, 42)
    shown = [line.count for line in done.lines]
    assert sorted(shown, key=str) == [20, None], "what all lines add up to is the base, and one is enough"
    assert all(line.valid is None for line in done.lines), "a share of the base tells the base"


def test_several_answers_hide_only_their_own_small_numbers() -> None:
    themes = many("themes", "bear", "deer", "boar")
    ballots = [Paper({"themes": ["bear", "deer"]})] * 20 + [Paper({"themes": ["bear", "boar"]})] * 3
    answers = data(ballots, (themes,))

    done = publishable(tally(answers, themes))

    assert [line.count for line in done.lines] == [23, 20, None]


def test_a_cross_table_with_several_answers_is_safe_along_its_rows() -> None:
    ballots = [Paper({"themes": ["bear"], "sex": "f"})] * 20 + [Paper({"themes": ["bear"], "sex": "m"})] * 2
    ballots += [Paper({"themes": ["deer"], "sex": "m"})] * 20
    answers = data(ballots, (THEMES, SEX))

    table = published(answers, THEMES, SEX)

    assert [table.count("bear", key) for key in ("f", "m", TOTAL)] == [None, None, 22]
    turned = published(answers, SEX, THEMES)
    assert [turned.count(key, "bear") for key in ("f", "m", TOTAL)] == [None, None, 22]


def test_a_question_put_to_all_but_a_few_tells_nothing_of_the_few() -> None:
    ballots = [Paper({"age": "old", "children": 1})] * 30 + [Paper({"age": "young"})] * 2
    answers = data(ballots, (AGE, CHILDREN))

    done = publishable(tally(answers, CHILDREN))

    assert (done.asked, done.away, done.withheld) == (None, None, True)
    assert publishable(tally(data(ballots[:3], (AGE,)), AGE)).asked is None


def test_numbers_that_few_gave_are_not_named() -> None:
    ages = Question("ages", "ages", Kind.NUMBER)
    ballots = [Paper({"ages": number}) for number in [20] * 10 + [30] * 10 + [40] * 10 + [103, 104]]
    answers = data(ballots, (ages, SEX))

    done = publishable(tally(answers, ages))

    assert "103" not in [line.label for line in done.lines]
    assert done.figures
    assert done.figures.most != done.figures.most, "the greatest answer is one person's"
    assert "103" not in [each.label for each in published(answers, ages, SEX).rows]
    few = data([Paper({"ages": 20})] * 10, (ages,))
    assert publishable(tally(few, ages)).figures is None, "quartiles of ten are ten people's answers"


def test_a_table_of_fewer_than_five_people_is_empty() -> None:
    table = published(crossed({("young", "f"): 2, ("old", "m"): 2}), AGE, SEX)

    assert set(table.counts.values()) == {None}


def test_nothing_is_shown_where_no_hiding_is_enough() -> None:
    only = {"a": 3, "t": 3}

    assert hidden(only, [Sum(("a",), "t")], kept=["t"]) is None
    assert exposed(only, [Sum(("a",), "t")], ["a"]) == ["a"]
    assert hidden({"a": 2}, []) == frozenset({"a"})


@pytest.mark.parametrize("key", [NOTHING, "young"])
def test_what_the_tally_hides_the_cross_table_hides_too(key: str) -> None:
    counts = {("young", "f"): 2, ("old", "f"): 10, ("old", "m"): 10}
    ballots = [Paper({"age": a, "sex": s}) for (a, s), n in counts.items() for _ in range(n)]
    answers = data([*ballots, Paper({"sex": "m"}), Paper({"sex": "m"})], (AGE, SEX))

    assert published(answers, AGE, SEX).count(key, TOTAL) is None
