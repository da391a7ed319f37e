"""Everything the desk says in any transcript can be drawn for LINE, in every language, within its limits."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from bot.line.limits import check_messages
from bot.line.render import render
from bot.postback import PostbackCodec
from dialogs.replies import Reply
from tests.support.talks import WORDS
from tests.support.transcripts import FILES, played

ACCOUNT = "U" + "0" * 32
CODEC = PostbackCodec(b"a sample key of thirty-two bytes")


@cache
def turns(path: Path) -> Sequence[tuple[Reply, ...]]:
    """Return what the desk says in each turn of the transcript *path*."""
    _text, visitor = played(path.read_text(encoding="utf-8"))
    return [replies for _locale, replies in visitor.said if replies]


@pytest.mark.parametrize("locale", WORDS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_conversation_fits_line(path: Path, locale: str) -> None:
    for replies in turns(path):
        messages = render(
            replies,
            WORDS[locale],
            seal=lambda action: CODEC.seal(ACCOUNT, action),
            page_link=lambda talk: f"https://desk.example.jp/f/{talk}",
        )

        assert messages
        assert check_messages(messages) == []
