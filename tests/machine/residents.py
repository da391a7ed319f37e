"""Who walks about: sample residents, each with personal answers that can be told from everybody else's.

The first two are twins: they give the same personal answers but for a telephone number and a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.events import Parts
from tests.support.service import user

COUNT = 4

_NAMES = (("見本甲山 甲花", "ミホンカ コウハナ"), ("見本丙川 丙介", "ミホンセ ヘイスケ"))
_NAMED = (0, 0, 1, 1)
_PHONES = ("011-555-2879", "011-556-2981", "011-557-3082", "011-558-3183")
_RESTS = ("7丁目31-51", "7丁目31-51", "8丁目32-52", "9丁目33-53")
_NOTES = ("黄色い垣根", "緑色の垣根", "茶色い垣根", "白塗りの垣根")
_GROUPS = ("甲乙見本会", "甲乙見本会", "丙丁見本会", "戊己見本会")


@dataclass(frozen=True)
class Sample:
    """One resident: what they fill in, what of it nobody else may ever see, what they type by mistake.

    *markers* are pieces of the personal answers; *own* are those that no other resident shares.
    """

    number: int
    user_id: str
    page: Mapping[str, Parts]
    markers: tuple[str, ...]
    own: tuple[str, ...]
    slips: tuple[str, ...]


def sample(number: int) -> Sample:
    """Return the resident *number*."""
    name, kana = _NAMES[_NAMED[number]]
    phone, rest, note = _PHONES[number], _RESTS[number], _NOTES[number]
    email = f"mihon{number // 2}x@example.jp"
    page: dict[str, Parts] = {
        "organisation": {"": _GROUPS[number]},
        "name": {"": name},
        "kana": {"": kana},
        "address": {"postcode": "061-2285", "area": "北海道札幌市南区藤野五条", "rest": rest},
        "phone": {"": phone},
        "email": {"": email},
        "site": {"same": "yes"},
        "note": {"": f"門は{note}です（見本）"},
    }
    own = (phone, phone.replace("-", ""), note)
    shared = (*name.split(), *kana.split(), rest, email.partition("@")[0], _GROUPS[number])
    slips = (f"電話は{phone}です", f"札幌市南区藤野五条{rest}の裏", f"{email} まで", f"{phone} {email}")
    return Sample(number, user(number + 1), page, (*own, *shared), own, slips)


SAMPLES = tuple(sample(number) for number in range(COUNT))

MARKERS: tuple[str, ...] = tuple(dict.fromkeys(marker for each in SAMPLES for marker in each.markers))
"""Every piece of every personal answer: none may stand in clear outside the vault."""


def foreign(reader: int) -> tuple[str, ...]:
    """Return what must never reach the resident *reader*: what is personal of others and not theirs as well."""
    mine = SAMPLES[reader].markers
    return tuple(marker for marker in MARKERS if marker not in mine)


def wrong(page: Mapping[str, Parts]) -> Mapping[str, Parts]:
    """Return *page* with some answers that cannot be taken."""
    return {**page, "name": {"": ""}, "kana": {"": "かたかなでない花"}, "phone": {"": "電話はありません"}}
