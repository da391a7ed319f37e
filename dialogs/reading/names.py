"""Names of people in what is typed, found by the words around them: no list of names is asked.

It errs on the side of hiding, and yet misses a name that stands without any such word (見本の庭です).
"""

import re
from collections.abc import Iterator

from dialogs.reading.masking import HIDDEN, Masked, Span
from dialogs.reading.text import clean

_KANJI = "[一-鿿々〆ヶ]"
_KATAKANA = "[ァ-ヺー]"
_WORD = f"(?:{_KANJI}|{_KATAKANA}|[ぁ-んA-Za-z])"
_BEGIN = "(?:^|(?<=[。、.,!！?？\\s]))"
_MINE = "(?:(?:私|わたし|わたくし|僕|ぼく|俺|夫|妻|父|母|息子|娘|子ども|子供)の)?"
_SELF = "(?:(?:私|わたし|わたくし|僕|ぼく)は[、 ]?)?"
_END = "(?=で(?:す|ございます)|と(?:申|もう|言|い)|だ|[。、.,!！?？\\s]|$)"

# People who are called by what they are to others or what they do; whoever is meant, nobody is named.
_NOBODY = (
    "皆|奥|旦那|客|業者|担当|担当者|職員|係|係員|役所|市役所|区役所|隣|両隣|大家|農家|電気屋|息子|娘|嫁|婿|孫|父|母|"
    "兄|姉|弟|妹|叔父|叔母|伯父|伯母|祖父|祖母|爺|婆|赤|坊|神|王|殿|同|仕|多|異|模|有|両|摂|何|熊|子供|医者|警察|消防|"
    "会長|班長|管理人|住人|近所|地主|方|作業員|関係者|保護者|利用者|所有者|申請者|被害者|事業者|受託者|先生|友達|友人|"
    "一人|二人|三人|他人|人|職人|主人|御主人|猟師|看護師|弁護士|不動産屋"
)
_TITLES = "(?:さん|さま|様(?![式子々相態])|氏(?![名神族])|君(?![臨主])|くん(?![でだじの])|ちゃん)"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # 名前は見本太郎です; 氏名：見本 太郎
        (
            f"{_BEGIN}{_MINE}お?(?:名前|なまえ|氏名|名字|苗字)(?:は|[:：])[、 ]?"
            f"(?!何|なに|なん|ど|い|書|必)(?P<name>{_WORD}{{1,12}}?(?: {_WORD}{{1,12}}?)?){_END}"
        ),
        # 見本太郎と申します
        (
            f"(?P<name>(?:{_KANJI}{{1,8}}|{_KATAKANA}{{2,12}})(?: ?(?:{_KANJI}{{1,4}}|{_KATAKANA}{{2,12}}))?)"
            "(?=と(?:申|もう)し)"
        ),
        # 見本といいます, but not 何といいますか
        (
            f"{_BEGIN}{_SELF}(?!何|これ|それ|あれ)(?P<name>(?:{_KANJI}{{1,8}}|{_KATAKANA}{{2,12}})"
            f"(?: (?:{_KANJI}{{1,4}}|{_KATAKANA}{{2,12}}))?)(?=と(?:言|い)います(?!か))"
        ),
        # 見本 太郎です
        f"{_BEGIN}{_SELF}(?P<name>{_KANJI}{{1,3}} {_KANJI}{{1,3}})(?=です|でございます)",
        # 見本さん, 見本様
        f"(?<!{_KANJI})(?!(?:{_NOBODY}){_TITLES})(?P<name>{_KANJI}{{1,6}})(?={_TITLES})",
        f"(?<!{_KATAKANA})(?P<name>{_KATAKANA}{{2,12}})(?=さん|さま|様|氏|ちゃん)",
        # My name is Taro Mihon; I am Taro Mihon; Mr. Mihon; Mihon-san
        r"(?i:\bmy name is|\bcall me|\bi am called)[ :]+(?P<name>[A-Za-z'-]{1,20}(?: [A-Z][A-Za-z'-]{0,20}){0,2})",
        r"\b(?:I am|I'm|This is) (?P<name>[A-Z][a-z'-]{1,20}(?: [A-Z][a-z'-]{1,20}){1,2})",
        r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? (?P<name>[A-Z][A-Za-z'-]{1,20}(?: [A-Z][a-z'-]{1,20})?)",
        r"\b(?P<name>[A-Z][A-Za-z']{1,20})(?=-san\b)",
    )
)


def mask_names(text: str) -> Masked:
    """Return *text*, cleaned, with a mask for each name that its own words tell; the kind is ``name``."""
    hidden = clean(text)
    spans = sorted(_spans(hidden), reverse=True)
    for start, stop in spans:
        hidden = hidden[:start] + HIDDEN + hidden[stop:]
    return Masked(hidden, frozenset({"name"} if spans else ()))


def _spans(text: str) -> Iterator[Span]:
    """Yield where names stand; of several that overlap the first pattern's alone."""
    taken: set[int] = set()
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            start, stop = found.span("name")
            if taken.isdisjoint(range(start, stop)):
                taken.update(range(start, stop))
                yield start, stop
