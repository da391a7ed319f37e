"""What inspectors call the rows of the sheet, when they report in one sentence.

A *name* is matched as a whole word of its script.  Names of equipment and groups say where something is; words of
rows say what it is.  Nothing here is ever shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dialogs.procedures.inspection.equipment import Kind
from dialogs.procedures.inspection.sheet import Row, Sheet
from dialogs.procedures.premises import Site

ROWS: Mapping[str, str] = {  # untranslated: what people type
    "alarm_lamp": "本体ランプ 警告灯 警告ランプ 警告表示 ランプ",
    "noise_damage": "異音 破損 外部の破損",
    "dust": "通気口 埃 ほこり ホコリ",
    "logon_popup": "ログオン ポップアップ",
    "event_viewer": "イベントビューア イベントビューアー イベントログ",
    "system_log": "システムログ",
    "monitoring": "状態監視 状態監視ツール 監視ツール 温度 CPU メモリ メモリー 稼働状況",
    "raid": "RAID レイド",
    "each_disk": "各ハードディスク 各HDD ハードディスク HDD",
    "disk_c": "Cドライブ C",
    "disk_d": "Dドライブ D",
    "disk_hdd1": "HDD1 外付けHDD 外付け",
    "network": "ネットワーク ネットワーク接続",
    "keyboard": "キーボード",
    "mouse": "マウス",
    "monitor_cables": "コネクタ コネクター ケーブル 外観検査",
    "monitor_picture": "画面表示 画面",
    "ups_state": "装置状態 稼働状態ランプ 設置状況",
    "ups_battery": "バッテリー バッテリ 電池",
    "ups_runtime": "ランタイム ランタイム上限",
    "ups_voltage": "電圧 しきい値",
    "backup_device": "バックアップ用機器 バックアップ機器",
    "backup_job": "バックアップジョブ ジョブ スケジュール",
    "backup_master": "マスタバックアップ マスターバックアップ マスタ",
    "connection": "接続状況 接続状況テスト 接続テスト",
    "log": "機器ログ ルータログ ルーターログ",
    "cpu_memory_disk": "ハードウェア診断 診断 CPU メモリ メモリー HDD ハードディスク",
    "display": "液晶ディスプレイ 液晶 ディスプレイ 画面",
    "input": "入力",
    "sign_in": "サインイン",
    "print_test": "印字テスト 印字 印刷",
}
ONLY_WITH_PLACE: Mapping[str, str] = {  # untranslated: what people type
    "input": "キーボード マウス",
    "disk_c": "HDD ハードディスク",
}
"""Words that mean another row where no equipment is named: マウス by itself is the server's own row."""

GROUPS: Mapping[str, str] = {  # untranslated: what people type
    "keyboard mouse": "入力装置",
    "monitor_cables monitor_picture": "モニタ モニター",
    "ups_state ups_battery ups_runtime ups_voltage": "UPS 無停電電源 無停電電源装置",
    "backup_device backup_job backup_master": "データバックアップ バックアップ",
}
KINDS: Mapping[Kind, str] = {  # untranslated: what people type
    Kind.SERVER: "サーバー サーバ 本体 本体装置",
    Kind.PC: "PC パソコン",
    Kind.ROUTER: "ルータ ルーター",
    Kind.LASER: "レーザープリンタ レーザープリンター レーザー プリンタ プリンター",
    Kind.DOT: "ドットプリンタ ドットプリンター ドット プリンタ プリンター",
}
HUB = "HUB ハブ"  # untranslated: what people type
SITES: Mapping[str, Site] = {  # untranslated: what people type
    "処理場管理事務所": Site.OFFICE,
    "管理事務所": Site.OFFICE,
    "処理場": Site.OFFICE,
    "札幌市クリーンセンター": Site.CENTER,
    "クリーンセンター": Site.CENTER,
}

_SPACES = re.compile(r"\s+")
_NUMBERED_PC = re.compile(  # untranslated: what people type
    r"(?:PC|パソコン) ?(?:No\.?|[-#])? ?([0-9]++)(?:号機)?(?!\.[0-9])(?! ?(?:[GT]B?|ギガ|テラ|分))",
    re.IGNORECASE,
)
_ANY_PC = "(?<![A-Z0-9])PC[0-9]++"
_NOT_NUMBERED = frozenset({"PC", "パソコン", "HDD"})  # untranslated: what people type


def plain(text: str) -> str:
    """Return *text* in one spelling: half and full width, spaces, and PC3 for パソコン 3号機."""
    return _NUMBERED_PC.sub(r"PC\1", _SPACES.sub(" ", unicodedata.normalize("NFKC", text))).strip()


@dataclass(frozen=True)
class Name:
    """A name found in a text from *begin* to *end*: a *place* (equipment or group), or the word of a row.

    *rows* are those it can mean, none where the site has nothing of that name; *alone* are those it means where
    no place is named beside it.
    """

    begin: int
    end: int
    place: bool
    rows: frozenset[str]
    alone: frozenset[str]


class Vocabulary:
    """The names of the rows of one site; it knows those of the other site too, to say that they are not here."""

    def __init__(self, sheet: Sheet, site: Site) -> None:
        self.rows = {row.key: row for row in sheet.at(site)}
        self._places = _gathered(_places(sheet.rows))
        self._alone = _gathered(_words(sheet.rows, ROWS))
        self._beside = _gathered(_words(sheet.rows, ROWS), _words(sheet.rows, ONLY_WITH_PLACE))
        known = sorted({*self._places, *self._beside}, key=lambda name: (-len(name), name))
        self._pattern = re.compile("|".join((*map(_bounded, known), _ANY_PC)), re.IGNORECASE)

    def names(self, text: str) -> Iterator[Name]:
        """Yield the names in *text* (made :func:`plain`) in order; of two that begin together the longer."""
        for found in self._pattern.finditer(text):
            written = found[0].upper()
            place = written not in self._beside
            rows = self._here(self._places if place else self._beside, written)
            yield Name(*found.span(), place, rows, rows if place else self._here(self._alone, written))

    def _here(self, meanings: Mapping[str, frozenset[str]], written: str) -> frozenset[str]:
        return meanings.get(written, frozenset()).intersection(self.rows)


def _gathered(*pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """Return (name, row) pairs as the rows of each name."""
    found: dict[str, frozenset[str]] = {}
    for name, row in (pair for each in pairs for pair in each):
        found[name.upper()] = found.get(name.upper(), frozenset()) | {row}
    return found


def _words(rows: Iterable[Row], table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for row in rows:
        for name in table.get(row.part, "").split():
            yield name, row.key


def _places(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Yield the names of the places with their rows; what stands beside a server has a place of its own."""
    beside = {part for parts in GROUPS for part in parts.split()}
    for row in rows:
        for parts, names in GROUPS.items():
            if row.part in parts.split():
                yield from ((name, row.key) for name in names.split())
        if row.part not in beside:
            one = row.equipment
            names = f"{KINDS.get(one.kind, '')} {one.name} {one.tag} {HUB if 'HUB' in row.group else ''}"
            yield from ((name, row.key) for name in names.split())


def _bounded(name: str) -> str:
    """Return the pattern of *name*, which no Latin letter may touch; PC is not the beginning of PC3."""
    before = "(?<![A-Z0-9])" if name[0].isascii() else ""
    if name in _NOT_NUMBERED or name[-1].isdigit():
        after = r"(?![A-Z0-9]|\.[0-9])"
    else:
        after = "(?![A-Z])" if name[-1].isascii() else ""
    return f"{before}{re.escape(name)}{after}"
