"""One piece of an inspector's sentence: 「C 210GB」, 「PC3 ファン異音」, 「マウス 対象外」.

What could mean two things is not guessed: it comes back with the reason and with the rows it may be about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal

from dialogs.procedures.inspection.sheet import FINDING, NORMAL, NOT_APPLICABLE, Amount, Row
from dialogs.procedures.inspection.vocabulary import Name, Vocabulary
from dialogs.reading.numbers import read_number
from dialogs.words import _

AMBIGUOUS = _("「{piece}」は、どの項目のことか分かりませんでした。機器の名前も書いてください。")
ELSEWHERE = _("「{piece}」は、この履行場所の点検項目にありません。")
UNCLEAR = _("「{piece}」は、正常か指摘かが分かりませんでした。「正常」「指摘」「対象外」を書いてください。")
NO_NUMBER = _("「{piece}」の数を読み取れませんでした。「C 210GB」のように書いてください。")
TOO_MUCH = _("「{piece}」の数が、容量をこえています。")
UNKNOWN = _("「{piece}」は読み取れませんでした。")
CONTRADICTION = _("「{piece}」は、ほかに書かれたことと合いません。")

_IS_NORMAL = (  # untranslated: what people type
    "正常|異常(?:は|も)?(?:なし|無し|ありません)|問題(?:は|も)?(?:なし|無し|ありません)|良好|OK|○|◯"
)
_IS_FINDING = "指摘(?:事項)?(?:あり|有り)?|異常(?:あり|有り)|NG|×"  # untranslated: what people type
_IS_OUT = "対象外|該当なし|点検なし|N/A"  # untranslated: what people type
_VERDICTS = ((NORMAL, _IS_NORMAL), (FINDING, _IS_FINDING), (NOT_APPLICABLE, _IS_OUT))
_ENDING = re.compile(r"(?:でした|です|となります)?[。.!\s]*$")  # untranslated: what people type
_ALL = "全部|ぜんぶ|全て|すべて|全項目|どれも"  # untranslated: what people type
_EVERYTHING = re.compile(  # untranslated: what people type
    rf"(?:(?:{_ALL})|(?:それ|これ|上記)以外|(?:その)?(?:他|ほか)|残り|のこり|あと)"
    rf"(?:の項目)?(?:は|も|が)? ?(?:(?:{_ALL})(?:は|が)?)? ?(?:{_IS_NORMAL})",
    re.IGNORECASE,
)
_VERDICT = {
    verdict: re.compile(rf"^(?P<about>.*?) ?[:=はがをも]? ?(?:{words})$", re.IGNORECASE)  # untranslated: read
    for verdict, words in _VERDICTS
}
_FOUND_THAT = re.compile(  # untranslated: what people type
    r"^(?P<about>.+?) ?(?:は|が)? ?指摘 ?[: (](?P<remark>.+?)\)?$"
)

# A piece that speaks of an exception, of something already mended, or asks, is for a person to decide.
_UNSURE = re.compile(  # untranslated: what people type
    "以外|除く|除き|除い|解消|解決|復旧|直り|直っ|済|ではな|でな|じゃな|なさそう|かも|不明|未確認|[?]"
)
_SYMPTOM = (  # untranslated: what people type
    "異音|破損|割れ|ひび|亀裂|傷|変形|埃|ほこり|ホコリ|汚れ|エラー|警告|点滅|点灯|ポップアップ|不良|故障|劣化|消耗|膨張|"
    "遅い|遅延|重い|鈍い|動かない|動作しない|反応しない|反応が悪い|効かない|映らない|表示されない|ちらつき|乱れ|かすれ|"
    "にじみ|詰まり|印字されない|つながらない|繋がらない|切断|断線|停止|失敗|取得できない|低下|不足|超過|高い|低い|発熱|"
    "異臭|フリーズ|再起動|外れ|抜け|緩み|ゆるみ|ずれ|異常|不具合|縮退|オフライン|要交換|要確認|要修理|交換が必要"
)
_WRONG = re.compile(_SYMPTOM)
_DENIED = re.compile(  # untranslated: what people type
    rf"(?:{_SYMPTOM})(?:等|など)?(?:は|も|が)? ?"
    "(?:なし|無し|なく|なかった|無かった|ない|無い|ありません|見られない|見られません|出ていない)"
)
_UNITS = {"G": "GB", "ギガ": "GB", "T": "TB", "テラ": "TB", "分": "分"}  # untranslated: what people type
_NUMBER = re.compile(  # untranslated: what people type
    r"(?P<amount>[0-9][0-9,]*(?:\.[0-9]+)?|[〇一二三四五六七八九十百千]+) ?"
    r"(?P<unit>GB?|TB?|ギガ(?:バイト)?|テラ(?:バイト)?|分間?)?(?![A-Z0-9.%])",
    re.IGNORECASE,
)
_ENOUGH = re.compile("十 ?分")  # untranslated: ten minutes, or enough
_FILLER = re.compile(
    rf"空き容量|空き|残り|残|容量|ドライブ|約|{_ALL}|[はがのをもで:=・\s]"
)  # untranslated: read


@dataclass(frozen=True)
class Stated:
    """What a piece says: *verdict* of *rows* ("" for none) with a *remark*, or the *number* of a row, or both.

    What names a row counts more than what names only its equipment: *exact*.
    """

    piece: str
    _: KW_ONLY
    rows: frozenset[str] = frozenset()
    verdict: str = ""
    remark: str = ""
    number: tuple[str, Decimal] | None = None
    exact: bool = True


@dataclass(frozen=True)
class Unread:
    """A piece that was not understood, why, and the *rows* that it may be about."""

    piece: str
    reason: str
    rows: frozenset[str] = frozenset()


def is_everything(piece: str) -> bool:
    """Return whether *piece* says that all rows that are not named are normal: 全部正常, 他は異常なし."""
    return _EVERYTHING.fullmatch(_ENDING.sub("", piece)) is not None


def understood(piece: str, vocabulary: Vocabulary) -> Stated | Unread:
    """Return what *piece* (made plain) says of the rows of *vocabulary*."""
    about, verdict, remark = _verdict(_ENDING.sub("", piece))
    names = list(vocabulary.names(about))
    rows = _meant(names)
    reason = _objection(about, names, rows)
    if reason:
        return Unread(piece, reason, _around(names))
    left = _without(about, names)
    if not verdict and _WRONG.search(about):
        verdict = FINDING
    number = _measured(left, counts=verdict != FINDING and any(not each.place for each in names))
    if number:
        return _number(piece, number, verdict, [vocabulary.rows[key] for key in sorted(rows)], left)
    if verdict == FINDING:
        return _finding(piece, rows, remark or _remark(about, names))
    return _other(piece, verdict, left, names, [vocabulary.rows[key] for key in sorted(rows)])


def _verdict(piece: str) -> tuple[str, str, str]:
    """Return what *piece* is about, its verdict ("" for none) and what is said of a finding."""
    for verdict, pattern in _VERDICT.items():
        if found := pattern.fullmatch(piece):
            return found["about"], verdict, ""
    if found := _FOUND_THAT.fullmatch(piece):
        return found["about"], FINDING, found["remark"].strip()
    return piece, "", ""


def _meant(names: Sequence[Name]) -> frozenset[str]:
    """Return the rows that all *names* together mean."""
    placed = any(each.place for each in names)
    meant = [each.rows if placed else each.alone for each in names]
    return frozenset.intersection(*meant) if meant else frozenset()


def _around(names: Sequence[Name]) -> frozenset[str]:
    """Return the rows that something said with *names* may be about: those of all, or else of any."""
    return _meant(names) or frozenset().union(*(each.rows for each in names))


def _objection(about: str, names: Sequence[Name], rows: frozenset[str]) -> str:
    """Return why a piece *about* this cannot be read at all, "" where it may be."""
    if not names:
        return UNKNOWN
    if any(not each.rows for each in names):
        return ELSEWHERE
    if not rows:
        return AMBIGUOUS
    return UNCLEAR if _UNSURE.search(about) or _DENIED.search(about) else ""


def _without(text: str, names: Sequence[Name]) -> str:
    """Return *text* with blanks in the place of *names*, so that their digits are no numbers."""
    for each in names:
        text = text[: each.begin] + " " * (each.end - each.begin) + text[each.end :]
    return text


def _measured(text: str, *, counts: bool) -> list[re.Match[str]]:
    """Return the numbers in *text* that measure something; *counts* says whether one without a unit does."""
    found = _NUMBER.finditer(text)
    return [each for each in found if each["unit"] or (counts and each["amount"][0].isdigit())]


def _number(
    piece: str, found: Sequence[re.Match[str]], verdict: str, rows: Sequence[Row], left: str
) -> Stated | Unread:
    """Return the one number of *piece* in the one of *rows* that can hold it."""
    # A number alone says nothing of how its row is, so 全部 may still cover that.
    keys = frozenset(row.key for row in rows if verdict)
    amount = _amount(found[0]) if len(found) == 1 else None
    rest = "" if verdict == FINDING else _FILLER.sub("", left.replace(found[0][0], "", 1))
    if amount is None or rest:
        return Unread(piece, NO_NUMBER, keys)
    value, unit = amount
    fitting = [(row.key, row.amount) for row in rows if row.amount and unit in ("", row.amount.unit)]
    possible = [(key, place) for key, place in fitting if _holds(place, value)]
    if len(possible) != 1:
        return Unread(piece, TOO_MUCH if fitting and not possible else AMBIGUOUS, keys)
    [(key, place)] = possible
    said = frozenset({key}) if verdict else frozenset()
    return Stated(piece, rows=said, verdict=verdict, number=(place.key, value))


def _amount(found: re.Match[str]) -> tuple[Decimal, str] | None:
    """Return the number and its unit ("" where none is written)."""
    if _ENOUGH.fullmatch(found[0].strip()):
        return None
    value = read_number(found["amount"])
    unit = (found["unit"] or "").upper()
    return (
        None if value is None else (value, next((_UNITS[key] for key in _UNITS if unit.startswith(key)), ""))
    )


def _holds(place: Amount, value: Decimal) -> bool:
    return value <= Decimal(str(place.most)) and value == round(value, place.decimals)


def _finding(piece: str, rows: frozenset[str], remark: str) -> Stated | Unread:
    if len(rows) != 1:
        return Unread(piece, AMBIGUOUS, rows)
    return Stated(piece, rows=rows, verdict=FINDING, remark=remark)


def _other(
    piece: str, verdict: str, left: str, names: Sequence[Name], rows: Sequence[Row]
) -> Stated | Unread:
    """Return that rows are normal or not looked at: one row, or all of one thing, or of several expressly."""
    keys = frozenset(row.key for row in rows)
    if not verdict or _FILLER.sub("", left):
        return Unread(piece, UNCLEAR, keys)
    exact = any(not each.place for each in names)
    things = keys if exact else {row.equipment.key for row in rows}
    if len(things) > 1 and (exact or not re.search(_ALL, left)):
        return Unread(piece, AMBIGUOUS, keys)
    return Stated(piece, rows=keys, verdict=verdict, exact=exact)


def _remark(text: str, names: Sequence[Name]) -> str:
    """Return what is said of a finding: *text* without the places, and without a row's name that stands apart."""
    bare = _tidy(_without(text, [each for each in names if each.place]))
    words = [each for each in names if not each.place]
    named = text[words[0].begin : words[0].end] if words else ""
    if named and re.match(rf"{re.escape(named)}[ :=]", bare):
        rest = _tidy(bare[len(named) :])
        return rest if rest and _WRONG.search(rest) else bare
    return bare if _WRONG.search(bare) else ""


def _tidy(text: str) -> str:
    return re.sub(r" +", " ", text).strip(" :=のはがも")  # untranslated: what people type
