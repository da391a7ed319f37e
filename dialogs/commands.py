"""The words that always work, in every language, whatever is being asked.

A whole message that is one of them is a command; inside a sentence they are ordinary words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialogs.events import Action, Do
from dialogs.reading.text import fold

# Every spelling is compared after ``fold``.  The first of each line is the one that texts recommend.
SPELLINGS: Mapping[Do, tuple[str, ...]] = {
    Do.BACK: (
        "戻る",
        "もどる",
        "ひとつ戻る",
        "前へ",
        "前に戻る",
        "back",
        "go back",
        "previous",
        "返回",
        "뒤로",
        "quay lại",
    ),
    Do.QUIT: (
        "中止",
        "ちゅうし",
        "やめる",
        "止める",
        "キャンセル",
        "cancel",
        "stop",
        "quit",
        "取消",
        "취소",
        "hủy",
    ),
    Do.QUIT_SURELY: ("中止する", "ちゅうしする", "ほんとうにやめる", "本当にやめる", "cancel now"),
    Do.HELP: (
        "ヘルプ",
        "へるぷ",
        "help",
        "?",
        "？",
        "帮助",
        "幫助",
        "도움말",
        "trợ giúp",
    ),
    Do.HOWTO: (
        "使い方",
        "つかいかた",
        "つかい方",
        "質問",
        "しつもん",
        "how to",
        "how-to",
        "howto",
        "使用方法",
        "사용법",
        "cách dùng",
    ),
    Do.MENU: ("メニュー", "めにゅー", "メニュ", "menu", "菜单", "選單", "메뉴"),
    Do.LANGUAGE: ("言語", "げんご", "ことば", "言葉", "language", "语言", "語言", "언어", "ngôn ngữ"),
    Do.CASES: (
        "申請状況",
        "しんせいじょうきょう",
        "申請の状況",
        "わたしの申請",
        "わたしのしんせい",
        "私の申請",
        "my applications",
        "status",
    ),
    Do.KEEP: ("このまま", "そのまま", "keep", "as it is"),
    Do.RESUME: ("続ける", "つづける", "続き", "つづき", "続きから", "continue", "resume"),
}

# The whole message asks for the staff to answer a question.
ASKING = ("職員に聞く", "しょくいんに聞く", "しょくいんにきく", "ask the staff", "ask the office")

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "ja": ("日本語", "にほんご", "japanese"),
    "ja@easy": ("やさしい日本語", "やさしいにほんご", "easy japanese", "simple japanese"),
    "en": ("english", "英語", "えいご"),
}

# At the review these say that it is to be filed.
CONFIRMING = frozenset(
    fold(word)
    for word in (
        "申請する",
        "しんせいする",
        "申請",
        "しんせい",
        "送信",
        "送る",
        "確定",
        "submit",
        "apply",
        "send",
    )
)

_COMMANDS: Mapping[str, Action] = {
    **{fold(word): Action(do) for do, words in SPELLINGS.items() for word in words},
    **{fold(word): Action(Do.HOWTO, key="ask") for word in ASKING},
    **{
        fold(word): Action(Do.LANGUAGE, value=locale) for locale, words in LANGUAGES.items() for word in words
    },
}

# Behind one of these a question to the handling guide follows, whatever else is being asked.
_HOWTO = re.compile(
    r"\s*(?:使い方|つかいかた|つかい方|質問|しつもん|how-?to)(?:\s*[:：、,]\s*|\s+)(?P<about>\S.*)",
    re.IGNORECASE | re.DOTALL,
)


def howto(text: str) -> str | None:
    """Return what *text* asks of the handling guide by its first word (使い方 電池: 電池), None where it does not."""
    found = _HOWTO.fullmatch(text)
    return found["about"].strip() if found else None


def command(text: str) -> Action | None:
    """Return what *text* orders, or None where it is an ordinary answer."""
    if len(text) > 32:  # longer than any of the words: spare long texts the folding  # noqa: PLR2004
        return None
    return _COMMANDS.get(fold(text))
