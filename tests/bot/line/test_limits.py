"""A message that LINE would refuse never reaches the queue."""

from __future__ import annotations

import timeit
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linebot.v3.messaging import Message, RichMenuRequest

from bot.line.limits import MessageRefused, check_messages, check_rich_menu, require_valid
from tests.bot.line.limits_build import URL, Case, box, bubble, buttons, flex, quick, tap, text
from tests.bot.line.limits_cases import MESSAGES
from tests.bot.line.limits_flex_cases import FLEX, MENUS

Json = dict[str, Any]
CASES = [*MESSAGES, *FLEX]


def rows(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.row for case in cases])


@rows(CASES)
def test_what_line_takes_passes(case: Case) -> None:
    assert check_messages([case.good]) == []


@rows(CASES)
def test_what_line_refuses_is_found_where_it_stands(case: Case) -> None:
    found = check_messages([text(), case.bad])

    assert "messages[1]" + case.path in [problem.path for problem in found]
    assert {problem.path[:11] for problem in found} == {"messages[1]"}


@rows(MENUS)
def test_a_rich_menu_that_line_takes_passes(case: Case) -> None:
    assert check_rich_menu(case.good) == []


@rows(MENUS)
def test_a_rich_menu_that_line_refuses_is_found(case: Case) -> None:
    assert "richMenu" + case.path in [problem.path for problem in check_rich_menu(case.bad)]


def test_every_row_is_told_apart() -> None:
    assert len({case.row for case in CASES}) == len(CASES)


def lost(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Find the paths of what is in *before* and not in *after*; defaults that came to it do not matter."""
    if isinstance(before, dict):
        for name, value in before.items():
            yield from lost(value, after.get(name) if isinstance(after, dict) else None, f"{path}.{name}")
    elif isinstance(before, list):
        if not isinstance(after, list) or len(before) != len(after):
            yield path
        else:
            for place, (old, new) in enumerate(zip(before, after, strict=True)):
                yield from lost(old, new, f"{path}[{place}]")
    elif before != after:
        yield path


# The SDK counts code points where LINE counts letters; only in menus, which are not sent through it.
@rows(CASES)
def test_the_sdk_reads_what_passes_and_loses_nothing(case: Case) -> None:
    read = Message.from_dict(case.good)

    assert list(lost(case.good, read.to_dict())) == []


@rows([case for case in MENUS if case.row not in {"name of 300", "bar of 14"}])
def test_the_sdk_reads_a_rich_menu_that_passes(case: Case) -> None:
    assert list(lost(case.good, RichMenuRequest.from_dict(case.good).to_dict())) == []


def test_a_request_has_one_to_five_messages() -> None:
    assert check_messages([text()] * 5) == []
    assert [problem.path for problem in check_messages([text()] * 6)] == ["messages"]
    assert [problem.path for problem in check_messages([])] == ["messages"]


def test_a_message_that_would_be_refused_is_not_let_through() -> None:
    with pytest.raises(MessageRefused) as refused:
        require_valid([text("あ" * 5_001)])

    assert str(refused.value) == "messages[0].text has 5001 UTF-16 units, at most 5000 are allowed"
    assert len(refused.value.problems) == 1


def test_a_message_that_line_takes_is_let_through() -> None:
    require_valid([text(), buttons(), flex(bubble())])


@rows(CASES)
def test_a_problem_never_repeats_what_was_to_be_said(case: Case) -> None:
    secret = "札幌花子見本"
    spoilt = {**case.bad, "text": secret * 1_000, "altText": secret * 1_000}

    assert secret not in str(MessageRefused(check_messages([spoilt])))


def test_every_problem_of_a_message_is_told() -> None:
    found = check_messages([quick(tap("あ" * 21), tap(None, data=5))])

    assert [problem.path.removeprefix("messages[0].quickReply.") for problem in found] == [
        "items[0].action.label",
        "items[1].action.data",
        "items[1].action.label",
    ]


def test_a_bottomless_message_is_refused() -> None:
    nested = box()
    for _ in range(5_000):
        nested = box(nested)

    assert [problem.message for problem in check_messages([flex(bubble(nested))])] == ["is nested too deeply"]


@pytest.mark.parametrize("nothing", [None, 1, "text", [], [[]], {}, {"type": None}, {"type": []}, {1: 2}])
def test_what_is_no_message_is_refused_and_breaks_nothing(nothing: Any) -> None:
    assert check_messages([nothing])
    assert check_rich_menu(nothing)


@pytest.mark.parametrize("nothing", [None, 1, "text", {}, {"type": "text"}])
def test_what_are_no_messages_is_refused_and_breaks_nothing(nothing: Any) -> None:
    assert check_messages(nothing)


ODD: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([None, True, [], {}]), st.integers(), st.floats(), st.text(max_size=5)
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, item in inside for found in places(item, (*path, name)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@given(st.data())
def test_no_message_however_odd_breaks_the_check(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from([case.good for case in CASES + MENUS]))
    odd = replaced(good, data.draw(st.sampled_from(places(good))), data.draw(ODD))

    check_messages([odd])
    check_rich_menu(odd)


def test_a_usual_message_is_checked_in_a_moment() -> None:
    words = {"type": "text", "text": "質問", "color": "#555555", "wrap": True}
    review = [flex(bubble(*[box(words, {"type": "image", "url": URL})] * 4))]
    question = [quick(*[tap("選択肢の見本", data="A" * 120, displayText="選択肢の見本")] * 7)]

    # Measured at a quarter of this; the rest is for a machine with other things to do.
    assert seconds_for(question) < 0.0001 * 4
    assert seconds_for(review) < 0.0001 * 4


def seconds_for(messages: list[Json]) -> float:
    return min(timeit.repeat(lambda: check_messages(messages), number=20, repeat=20)) / 20
