"""Words of people stand on a card as they were typed, whatever they hold."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.teams.cards import escape
from bot.teams.cards.elements import heading, prose, rich
from dialogs.reading.text import clean
from tests.support.cardlint import faults

TRICKS = (
    "[ここ](https://evil.example)",
    "**太字** _斜体_ `符号` ~~取消~~",
    "1. はじめ\n2. つぎ",
    "- 点\n* 点\n+ 点",
    "# 見出し\n> 引用\n---",
    "<b>&lt;b&gt;</b> &amp; &#12354;",
    "{{DATE(2017-02-14T06:08:00Z,SHORT)}} {{TIME(2017-02-14T06:08:00Z)}} ${title}",
    "{{{{",
    "www.example.com a@example.jp",
    "\\[x\\]",
    "| a | b |\n|---|---|",
    "葛󠄀城 👨‍👩‍👧‍👦 神",
    "あ" * 500,
    "  字下げ   と空き  ",
    "@all <at>見本</at>",
)


def said(blocks: list[dict[str, object]]) -> str:
    """Return what a reader sees of *blocks*, a line for each, their spaces as typed."""
    shown = ["".join(run["text"] for run in block["inlines"]) for block in blocks]  # type: ignore[attr-defined]
    return "\n".join(shown).replace("\u00a0", " ")


def as_card(blocks: list[dict[str, object]]) -> dict[str, object]:
    frame = {"type": "AdaptiveCard", "version": "1.5", "lang": "ja", "speak": "s", "fallbackText": "f"}
    return frame | {"body": blocks}


@pytest.mark.parametrize("text", TRICKS)
def test_what_markdown_or_a_client_would_change_is_shown_as_typed(text: str) -> None:
    blocks = prose(text)

    assert {each["type"] for each in blocks} == {"RichTextBlock"}
    assert said(blocks) == text
    assert faults(as_card(blocks)) == []


@given(st.text(st.characters(), max_size=200))
@example("\u202egnp.exe")
@example("a\r\nb\u2028c")
@example("{{{DATE(")
def test_any_text_that_may_be_stored_is_shown_as_typed(text: str) -> None:
    stored = clean(text)

    blocks = prose(stored)

    assert faults(as_card(blocks)) == []
    if len(stored.splitlines()) < escape.MOST_LINES and stored:
        seen = said(blocks)
        assert seen.replace("\u00a0", " ") == stored.replace("\u00a0", " ")


@given(st.text(st.characters(), max_size=100), st.text(st.characters(), max_size=100))
def test_any_text_at_all_breaks_no_card(text: str, other: str) -> None:
    blocks = [*prose(text), rich([(text, {}), (other, {"weight": "Bolder"})]), *heading(text)]

    assert faults(as_card(blocks)) == []


def test_what_turns_the_reading_direction_is_left_out() -> None:
    assert said(prose("見本\u202egnp.exe\u2066x\u2069\x00\ud800")) == "見本gnp.exex"


def test_a_text_of_line_ends_makes_no_endless_card() -> None:
    blocks = prose("\n" * 5000)

    assert len(blocks) == escape.MOST_LINES
    assert said(blocks).endswith("…")


def test_a_text_is_shortened_between_characters() -> None:
    assert said(prose("👨‍👩‍👧‍👦" * 10, most=30)) == "👨‍👩‍👧‍👦👨‍👩‍👧‍👦…"


@pytest.mark.parametrize(
    "text",
    ["設置と期間", "1回目の点検", "Your answers (2)", "PC3 010-045", "保守点検チェックシート 兼 報告書"],
)
def test_plain_wording_is_a_heading_that_is_announced(text: str) -> None:
    (block,) = heading(text)

    assert (block["type"], block["style"], block["text"]) == ("TextBlock", "heading", text)


@pytest.mark.parametrize("text", [each for each in TRICKS if each[:1] not in "葛あ "])
def test_no_wording_that_markdown_would_change_becomes_a_heading(text: str) -> None:
    assert not escape.is_bare(text)
    assert {each["type"] for each in heading(text)} == {"RichTextBlock"}


@pytest.mark.parametrize(
    "text",
    ["1. x", "12) x", "- x", "+ x", "a_b_c", "a*b*c", "x.example.jp", "http://x", "a`b`", "a|b", "#x", ""],
)
def test_a_single_mark_is_enough(text: str) -> None:
    assert not escape.is_bare(text)


def test_marks_in_the_title_of_a_tick_mean_themselves() -> None:
    assert escape.harmless("空き容量 C [ GB / 1.81 TB]") == "空き容量 C ［ GB ／ 1．81 TB］"
    assert escape.harmless("1. はじめ") == "1． はじめ"
    assert escape.harmless("周囲長 (m)") == "周囲長 (m)"
    assert all(
        escape.is_bare(escape.harmless(each))
        for each in ("*a*", "_b_", "`c`", "www.example.jp", "- d", "<e>")
    )


def test_a_title_is_one_line_however_it_was_typed() -> None:
    assert escape.one_line(" 一行\n\n二行　目\t", 100) == "一行 二行　目"
