"""The words that always work."""

import pytest

from dialogs.commands import LANGUAGES, SPELLINGS, command
from dialogs.events import (
    Action,
    Do,
)
from tests.support.talks import WORDS


@pytest.mark.parametrize("locale", WORDS)
@pytest.mark.parametrize(
    ("word", "ordered"),
    [
        ("戻る", Do.BACK),
        ("中止", Do.QUIT),
        ("中止する", Do.QUIT_SURELY),
        ("メニュー", Do.MENU),
        ("ヘルプ", Do.HELP),
        ("?", Do.HELP),
        ("言語", Do.LANGUAGE),
        ("続ける", Do.RESUME),
        ("申請状況", Do.CASES),
    ],
)
def test_the_words_that_are_offered_are_understood_in_every_language(
    locale: str, word: str, ordered: Do
) -> None:
    assert command(WORDS[locale].text(word)) == Action(ordered)


@pytest.mark.parametrize(("do", "words"), SPELLINGS.items())
def test_every_spelling_of_a_command_is_one(do: Do, words: tuple[str, ...]) -> None:
    assert {command(f" {word.upper()}。") for word in words} == {Action(do)}


@pytest.mark.parametrize("text", ["", "戻るボタン", "中止しない", "menu please", "戻" * 100_000, "40"])
def test_a_command_is_a_whole_message(text: str) -> None:
    assert command(text) is None


def test_every_language_can_be_asked_for_by_its_name() -> None:
    for locale, names in LANGUAGES.items():
        assert {command(name) for name in names} == {Action(Do.LANGUAGE, value=locale)}
