"""What the type of a row says: the kinds that are asked, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.surveys.model import Kind
from dialogs.words import _


@dataclass(frozen=True)
class Asked:
    """A question of *kind*, with the list *choices* and an option for words of one's own where *other*."""

    kind: Kind
    choices: str = ""
    other: bool = False


@dataclass(frozen=True)
class Begun:
    """A group begins."""


@dataclass(frozen=True)
class Ended:
    """A group ends."""


@dataclass(frozen=True)
class Noted:
    """A text without a question."""


@dataclass(frozen=True)
class Ignored:
    """What is left out: it would say who answered, or by what."""


@dataclass(frozen=True)
class Unknown:
    """What is not taken, and why."""

    why: str


Typed = Asked | Begun | Ended | Noted | Ignored | Unknown

_KINDS: Mapping[str, Kind] = {
    **{each.value: each for each in Kind if not each.has_options},
    "string": Kind.TEXT,
    "int": Kind.INTEGER,
}
_SELECT = re.compile(
    r"(?P<one>select_one|select1|(?:add )?select one(?: prompt)?(?: from| using)?)\s+(?P<list>\S.*)"
    r"|(?P<many>select_multiple|select_all|(?:add )?select multiple(?: prompt)?(?: from| using)?"
    r"|select all that apply(?: from)?)\s+(?P<lists>\S.*)",
    re.IGNORECASE,
)
_OTHER = re.compile(r"(.*?)\s+or[ _](?:other|specify[ _]other)", re.IGNORECASE)
_META = frozenset(
    "start end today deviceid subscriberid simserial phonenumber username email audit start-geopoint background-audio "
    "background-geopoint instanceid uri:deviceid uri:username uri:phonenumber uri:email uri:simserial".split()
) | {
    "start time",
    "end time",
    "device id",
    "sim id",
    "phone number",
    "get start time",
    "get end time",
    "get today",
}
_FILE = _(
    "写真、音声、位置などは受け取れません。名前や場所がわかるものは、アンケートでは聞かないでください。"
)
_FROM_FILE = _("ほかのファイルの選択肢は使えません。choices シートに書いてください。")
_WHY: Mapping[str, str] = {
    **dict.fromkeys(
        "geopoint geotrace geoshape image photo audio video file barcode".split(),
        _FILE,
    ),
    **dict.fromkeys(
        "calculate xml-external csv-external hidden".split(),
        _("計算や、人に見せない項目は使えません。集計で計算できます。この行を削除してください。"),
    ),
    **dict.fromkeys(
        "time datetime".split(), _("時刻は聞けません。text か、時間帯の select_one にしてください。")
    ),
    "rank": _("順位づけは使えません。1位、2位を、それぞれ select_one で聞いてください。"),
    **dict.fromkeys(
        "acknowledge trigger".split(),
        _("確認の項目は使えません。note で伝えるか、select_one で聞いてください。"),
    ),
    **dict.fromkeys(
        "begin_repeat end_repeat begin_loop end_loop".split(),
        _("くり返しは使えません。必要な回数だけ、質問を並べて書いてください。"),
    ),
}
_UNKNOWN = _(
    "この type はわかりません。text、integer、decimal、select_one、select_multiple、date、range、note、"
    "begin_group、end_group が使えます。"
)


def read_type(text: str) -> Typed:
    """Return what the type *text* of a row says, in any of the spellings of the standard."""
    plain = " ".join(text.split())
    word = plain.casefold()
    joined = word.replace(" ", "_")
    simple: Mapping[str, Typed] = {"begin_group": Begun(), "end_group": Ended(), "note": Noted()}
    if joined in simple:
        return simple[joined]
    if word in _KINDS:
        return Asked(_KINDS[word])
    if word in _META:
        return Ignored()
    for each in (joined, word.partition(" ")[0]):
        if each in _WHY:
            return Unknown(_WHY[each])
    return _selecting(plain)


def _selecting(text: str) -> Typed:
    if "_from_file" in text or "_external" in text or "from file" in text:
        return Unknown(_FROM_FILE)
    found = _SELECT.fullmatch(text)
    if found is None:
        return Unknown(_UNKNOWN)
    kind = Kind.SELECT_ONE if found["one"] else Kind.SELECT_MULTIPLE
    choices = found["list"] or found["lists"]
    other = _OTHER.fullmatch(choices)
    return Asked(kind, other[1] if other else choices, other is not None)
