"""What is understood of the standard's expressions, and what is said of the rest."""

from typing import Any

import pytest

from dialogs.surveys import Bounds, Kind
from dialogs.surveys.bounding import bounded, scale
from dialogs.surveys.conditions import Compare, Either, Every, Selected, Unless
from dialogs.surveys.expressions import NotUnderstood, limits, relevant
from tests.dialogs.worlds import JAPANESE


def read(text: str) -> Any:
    return relevant(text, str.lower)


def why_not(text: str) -> str:
    with pytest.raises(NotUnderstood) as refused:
        read(text)
    return JAPANESE.say(refused.value.message)


def why_unbounded(kind: Kind, text: str) -> str:
    with pytest.raises(NotUnderstood) as refused:
        bounded(kind, Bounds(), text)
    return JAPANESE.say(refused.value.message)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("${Q} = 'a'", Compare("q", "=", "a")),
        ('${ q }!="a b"', Compare("q", "!=", "a b")),
        ("${q}>=18", Compare("q", ">=", "18")),
        ("-1.5 < ${q}", Compare("q", ">", "-1.5")),
        ("'a' = ${q}", Compare("q", "=", "a")),
        ("${q} <= date('2027-04-01')", Compare("q", "<=", "2027-04-01")),
        ("selected( ${q}, 'a' )", Selected("q", "a")),
        ("not(selected(${q}, 'a'))", Unless(Selected("q", "a"))),
        (
            "${a} = '1' or ${b} = '2' and ${c} = '3'",
            Either((Compare("a", "=", "1"), Every((Compare("b", "=", "2"), Compare("c", "=", "3"))))),
        ),
        (
            "(${a} = '1' or ${b} = '2') and ${c} = '3'",
            Every((Either((Compare("a", "=", "1"), Compare("b", "=", "2"))), Compare("c", "=", "3"))),
        ),
    ],
)
def test_a_condition_is_read_as_it_is_meant(text: str, condition: Any) -> None:
    assert read(text) == condition


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("${q} = ‘a’", "「‘」は半角で"),
        ("${q} = 'a", "「'」は使えません"),
        ("${q} = ", "途中で終わっています"),
        ("${q}", "途中で終わっています"),
        ("${q} == 'a'", "「=」は使えません"),
        ("${q} = 'a' 'b'", "「'b'」は使えません"),
        ("${q} = 'a')", "「)」は使えません"),
        ("(${q} = 'a'", "途中で終わっています"),
        ("not ${q} = 'a'", "「q」は使えません"),
        ("selected(${q}, ${p})", "「selected」は使えません"),
        ("selected('q', 'a')", "「selected」は使えません"),
        ("selected(${q} 'a')", "「'a'」は使えません"),
        ("count-selected(${q}) > 1", "「count-selected」は使えません"),
        ("${q} <= today()", "「today」は使えません"),
        ("date(5) < ${q}", "「5」は使えません"),
        ("date('2027-13-01') < ${q}", "「'2027-13-01'」は使えません"),
        (". > 1", "「.」は使えません"),
        ("${a} > ${b}", "答えどうし"),
        ("1 = 1", "答えどうし"),
        ("(" * 25 + "${q} = 'a'" + ")" * 25, "かっこが深すぎます"),
        ("${q} = 'a' or " * 200, "長すぎます"),
    ],
)
def test_what_is_not_understood_is_named(text: str, told: str) -> None:
    assert told in why_not(text)


@pytest.mark.parametrize(
    ("kind", "text", "bounds"),
    [
        (Kind.INTEGER, ". >= 0 and . <= 120", Bounds(0, 120)),
        (Kind.INTEGER, ".>0 and (.<120 and . < 1000)", Bounds(1, 119)),
        (Kind.INTEGER, "18 <= .", Bounds(18)),
        (Kind.DECIMAL, ". > 0 and . < 2.5", Bounds(0.01, 2.49)),
        (Kind.TEXT, "string-length(.) <= 100", Bounds(most=100)),
        (Kind.SELECT_MULTIPLE, "count-selected(.) <= 3", Bounds(most=3)),
        (Kind.SELECT_MULTIPLE, "count-selected(.) = 2", Bounds(2, 2)),
        (Kind.DATE, ". >= '2027-04-01' and . <= today()", Bounds(first="2027-04-01", last="today")),
        (
            Kind.DATE,
            ". > date('2027-04-01') and . < date('2027-04-30')",
            Bounds(first="2027-04-02", last="2027-04-29"),
        ),
    ],
)
def test_a_constraint_bounds_an_answer(kind: Kind, text: str, bounds: Bounds) -> None:
    assert bounded(kind, Bounds(), text) == bounds


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (Kind.INTEGER, ". >= 0 or . = 99", "and だけ"),
        (Kind.INTEGER, "selected(., 'a')", "selected"),
        (Kind.INTEGER, ". = 5", "数の制約は"),
        (Kind.INTEGER, ". > 'a'", "数の制約は"),
        (Kind.INTEGER, ". > ${q}", "「q」は使えません"),
        (Kind.INTEGER, "string-length(.) < 5", "数の制約は"),
        (Kind.INTEGER, ". > 9 and . < 5", "満たす答えがありません"),
        (Kind.DATE, ". > '2027-04-02' and . < '2027-04-01'", "満たす答えがありません"),
        (Kind.TEXT, "regex(., '[a-z]+')", "「regex」は使えません"),
        (Kind.TEXT, "string-length(.) > 5", "文字の質問の制約は"),
        (Kind.TEXT, "string-length(.) < 1", "文字の質問の制約は"),
        (Kind.TEXT, "string-length(q) < 5", "「q」は使えません"),
        (Kind.SELECT_MULTIPLE, "count-selected(.) < 1", "複数えらぶ質問の制約は"),
        (Kind.SELECT_ONE, ". != 'a'", "1つえらぶ質問に"),
        (Kind.DATE, ". < today()", "日付の制約は"),
        (Kind.DATE, ". != '2027-04-01'", "日付の制約は"),
        (Kind.DATE, ". > 5", "日付の制約は"),
    ],
)
def test_a_constraint_that_is_no_bound_is_refused(kind: Kind, text: str, told: str) -> None:
    assert told in why_unbounded(kind, text)


def test_the_limits_of_a_constraint_may_stand_in_brackets() -> None:
    assert limits("(. >= 1) and ((. <= 2) and . <= 3)") == [
        Compare(".", ">=", "1"),
        Compare(".", "<=", "2"),
        Compare(".", "<=", "3"),
    ]


def test_a_range_has_its_ends_and_its_step() -> None:
    assert scale([("start", "1"), ("end", "5")]) == Bounds(1, 5, 1)
    assert scale([("end", "1"), ("step", "0.5")]) == Bounds(0, 1, 0.5)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ([("from", "1")], "「from=1」は読み取れません"),
        ([("start", "one")], "「start=one」は読み取れません"),
        ([("start", "10")], "start は end より小さく"),
        ([("step", "0")], "step は0より大きく"),
    ],
)
def test_a_range_without_room_is_refused(parameters: list[tuple[str, str]], told: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        scale(parameters)
    assert told in JAPANESE.say(refused.value.message)
