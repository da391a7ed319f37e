"""Single words that answer a question without naming an answer: none, all of them, the same."""

import re

from dialogs.reading.manners import bare
from dialogs.reading.text import clean, fold

_NONE = frozenset(
    """
    なし 無し 無 ない ありません 特になし 特に無し とくになし 特にない 特にありません とくにありません
    該当なし スキップ 省略 パス skip none no nothing n/a na pass
    """.split()
)
_ALL = frozenset("全部 ぜんぶ すべて 全て みんな 全員 どれも all everything allofthem".split())
_SAME = frozenset("同じ おなじ 同上 同じ住所 同じところ 同じ場所 同一 same sameasabove thesame".split())
_LONGEST = 60  # no shortcut is longer; keeps hostile input from the patterns
_UNTIL = re.compile("まで(?:です)?[。.]?$")


def is_skip(text: str) -> bool:
    """Return whether *text* says that there is nothing to answer."""
    return _says(text, _NONE)


def says_all(text: str) -> bool:
    """Return whether *text* says: all of them."""
    return _says(text, _ALL)


def says_same(text: str) -> bool:
    """Return whether *text* says that an answer is the same as another."""
    return _says(text, _SAME)


def says_until(text: str) -> bool:
    """Return whether *text* names a last day (7月31日まで), not a first one."""
    return len(text) <= _LONGEST and _UNTIL.search(clean(text)) is not None


def _says(text: str, words: frozenset[str]) -> bool:
    return len(text) <= _LONGEST and (fold(text) in words or fold(bare(text)) in words)
