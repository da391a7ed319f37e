"""Yes and no."""

import re

import jaconv

from dialogs.reading.manners import bare
from dialogs.reading.text import fold

_YES = frozenset(
    """
    はい はーい はいはい うん うんうん ええ そう そうそう もちろん ぜひ よろしい よし おけ
    おーけー おっけー いえす
    同意 同意する 同意します 同意しました どういします 確認した 確認しました 確認済 確認済み かくにんしました
    了解 了解します 了解しました 了承 了承します 了承しました りょうかい りょうかいしました 承知 承知します
    承知しました しょうちしました わかった わかりました 分かった 分かりました 承諾します 賛成 お願いします
    おねがいします よろしくお願いします よろしくおねがいします まる 丸
    yes y yep yeah yup ok okay okey sure agree iagree agreed confirmed iconfirm understood iunderstand o
    ○ 〇 ◯ ◎ ⭕ ✓ ✔ ☑ ✅ 👍 👌 🙆 🆗
    """.split()
)
_NO = frozenset(
    """
    いいえ いえ いえいえ いや いやいや ううん ちがう ちがいます 違う 違います だめ 駄目 のー
    嫌 まだ ばつ 反対 同意しない 同意しません 同意できない 同意できません どういしません
    確認していません 確認してない 確認しません 了承しません 了承できません 承知しません
    しません そうではない そうではありません そうじゃない そうじゃありません
    no n nope nah disagree idisagree donotagree idonotagree idon'tagree notyet nothanks nothankyou x
    × ✕ ✖ ✗ ✘ ❌ ❎ 👎 🙅
    """.split()
)
_TONE = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_DRAWN_OUT = re.compile("[っー〜~♪]+$")
_PAUSE = re.compile(r"[、,，。．.!！\s]+")


def read_yes_no(text: str) -> bool | None:
    """Return whether *text* says yes or no; None where it is neither, both, or could be either.

    いいです, 大丈夫です and 結構です are as often a refusal as an assent, so they are asked again.
    """
    whole = _word(text)
    if whole is not None:
        return whole
    said = {_word(part) for part in _PAUSE.split(text.strip()) if part}
    return said.pop() if len(said) == 1 else None


def _word(text: str) -> bool | None:
    key = _TONE.sub("", jaconv.kata2hira(fold(text)))
    spoken = (key, _DRAWN_OUT.sub("", key), bare(key))
    if any(word in _YES for word in spoken):
        return True
    return False if any(word in _NO for word in spoken) else None
