"""The words that sentences tell people to send do what the Japanese sentence promises, in every language."""

from __future__ import annotations

import re

import pytest

from bot.catalogs import template, translated
from bot.words import words_for
from dialogs.commands import command
from dialogs.events import Action
from dialogs.reading.answers import read_yes_no
from dialogs.reading.shortcuts import is_skip, says_same

QUOTED = re.compile("「([^」]*)」|“([^”]*)”")
RECOMMENDING = [
    each.id
    for each in template()
    if isinstance(each.id, str) and "送" in each.id and "{title}" not in each.id and "「" in each.id
]


def done(word: str) -> Action | str | None:
    """Return what sending *word* does: an action, a plain answer, or nothing that is known everywhere."""
    if read_yes_no(word) is not None:
        return "yes" if read_yes_no(word) else "no"
    if is_skip(word):
        return "skip"
    return "same" if says_same(word) else command(word)


def promised(text: str) -> set[Action | str]:
    words = [one or other for one, other in QUOTED.findall(text)]
    return {found for found in map(done, words) if found}


@pytest.mark.parametrize("locale", translated())
def test_what_a_sentence_tells_to_send_is_understood(locale: str) -> None:
    words = words_for(locale)

    lost = {text for text in RECOMMENDING if promised(text) - promised(words.text(text))}

    assert lost == set()
    assert any(promised(text) for text in RECOMMENDING)
