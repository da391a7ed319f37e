"""Whole conversations, from files that a clerk can read.  ``--update-transcripts`` writes them anew."""

from pathlib import Path

import pytest

from dialogs.commands import CONFIRMING, command
from dialogs.meaning import MENDING
from dialogs.reading.answers import read_yes_no
from dialogs.reading.shortcuts import is_skip
from dialogs.reading.text import fold
from tests.support.talks import WORDS
from tests.support.transcripts import FILES, played


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(path: Path, pytestconfig: pytest.Config) -> None:
    written = path.read_text(encoding="utf-8")

    goes, _visitor = played(written)

    if pytestconfig.getoption("--update-transcripts"):
        path.write_text(goes, encoding="utf-8")
    else:
        assert goes == written


@pytest.mark.parametrize("locale", WORDS)
def test_every_word_that_may_be_sent_instead_of_a_tap_is_understood(locale: str) -> None:
    offered = {
        offer.word
        for path in FILES
        for _locale, replies in played(path.read_text(encoding="utf-8"))[1].said
        for reply in replies
        for offer in getattr(reply, "offers", ())
        if offer.word
    }

    words = {WORDS[locale].text(word) for word in offered}

    assert len(offered) > 8
    assert {word for word in words if not _is_understood(word)} == set()


def _is_understood(word: str) -> bool:
    return (
        command(word) is not None
        or read_yes_no(word) is not None
        or is_skip(word)
        or fold(word) in CONFIRMING | MENDING
    )
