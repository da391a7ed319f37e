"""Inspections for tests: both sheets of 別添3 written out, filled in, and the equipment as it might be one day."""

from collections.abc import Mapping

from dialogs.fields import Answers, Raw
from dialogs.procedures.inspection.form import FORMS
from dialogs.procedures.premises import Site
from tests.dialogs import worlds

[FORM] = FORMS

OFFICE = Site.OFFICE.value
CENTER = Site.CENTER.value

OFFICE_ROWS = (
    ("本体装置", "外観", "本体ランプに警告表示等がないか"),
    ("本体装置", "外観", "異音・外部の破損などはないか"),
    ("本体装置", "外観", "通気口に埃などがたまっていないか"),
    ("本体装置", "OS", "ログオン時にエラーのポップアップがないか"),
    ("本体装置", "OS", "Windows イベントビューア：修正を要するエラーがないか"),
    ("本体装置", "OS", "システムログの保存"),
    ("本体装置", "状態監視ツール", "稼働状況にエラーがないか (CPU・メモリ・温度)"),
    ("本体装置", "ハードディスク", "RAID システムの稼働状況 (RAID ユーティリティ等で確認)"),
    ("本体装置", "ハードディスク", "各ハードディスクの稼働状況 (故障がないか)"),
    ("本体装置", "ハードディスク", "空き容量 C [ GB / 499 GB]"),
    ("本体装置", "ハードディスク", "空き容量 D [ GB / 430 GB]"),
    ("本体装置", "ハードディスク", "空き容量 HDD1 [ / 1.81 TB]"),
    ("本体装置", "ネットワーク", "ネットワーク接続の確認"),
    ("周辺装置・ソフトウェア", "入力装置", "キーボード 動作"),
    ("周辺装置・ソフトウェア", "入力装置", "マウス 動作"),
    ("周辺装置・ソフトウェア", "モニタ", "外観検査：コネクタ、ケーブル等"),
    ("周辺装置・ソフトウェア", "モニタ", "画面表示"),
    ("周辺装置・ソフトウェア", "UPS", "装置状態：稼働状態ランプ・設置状況等"),
    ("周辺装置・ソフトウェア", "UPS", "バッテリー状態：消耗度等"),
    ("周辺装置・ソフトウェア", "UPS", "ランタイム上限： 分"),
    ("周辺装置・ソフトウェア", "UPS", "電圧の上昇値・下降値：しきい値内か"),
    ("周辺装置・ソフトウェア", "データバックアップ", "バックアップ用機器稼働状況"),
    ("周辺装置・ソフトウェア", "データバックアップ", "バックアップジョブのスケジュール稼働状況"),
    ("周辺装置・ソフトウェア", "データバックアップ", "マスタバックアップの取得"),
    ("周辺装置・ソフトウェア", "ルータ", "接続状況テスト"),
    ("周辺装置・ソフトウェア", "ルータ", "機器ログ確認"),
    ("パソコン", "ハードウェア", "ハードウェア診断の実施 (CPU・メモリ・HDD)"),
    ("パソコン", "ハードウェア", "液晶ディスプレイに表示異常はないか"),
    ("パソコン", "ハードウェア", "異音・外部の破損などはないか"),
    ("パソコン", "ハードウェア", "キーボード・マウスの入力"),
    ("パソコン", "OS", "サインイン時にエラーメッセージ等の表示がないか"),
    ("パソコン", "OS", "HDD 空き容量 C [ GB / 128 GB]"),
    ("他", "レーザープリンタ", "異音・外部の破損はないか"),
    ("他", "レーザープリンタ", "印字テスト：正常に出力されているか"),
)
"""別添3 of 処理場管理事務所, row by row."""

PC_ROWS = (
    ("ハードウェア", "ハードウェア診断の実施 (CPU・メモリ・HDD)"),
    ("ハードウェア", "液晶ディスプレイに表示異常はないか"),
    ("ハードウェア", "異音・外部の破損などはないか"),
    ("ハードウェア", "キーボード・マウスの入力"),
    ("OS", "サインイン時にエラーメッセージ等の表示がないか"),
    ("OS", "HDD 空き容量 C [ GB / 128 GB]"),
)
CENTER_ROWS = (
    *(("PC1 MA7900895", *row) for row in PC_ROWS),
    *(("PC2 MA7900887", *row) for row in PC_ROWS),
    *(("PC3 MA7900883", *row) for row in PC_ROWS),
    *(("PC4 MA7900891", *row) for row in PC_ROWS),
    ("周辺機器", "レーザープリンタ", "異音・外部の破損はないか"),
    ("周辺機器", "レーザープリンタ", "印字テスト：正常に出力されているか"),
    ("周辺機器", "ドットプリンタ", "異音・外部の破損はないか"),
    ("周辺機器", "ドットプリンタ", "印字テスト：正常に出力されているか"),
    ("周辺機器", "ルータおよびHUB", "接続状況テスト"),
    ("周辺機器", "ルータおよびHUB", "ルータログ確認"),
)
"""別添3 of クリーンセンター, row by row; the tags stand beside ハードウェア on the paper."""

NUMBERS = (
    ("server_disk_c_free", "server_disk_c", "GB", 499, 2),
    ("server_disk_d_free", "server_disk_d", "GB", 430, 2),
    ("server_disk_hdd1_free", "server_disk_hdd1", "TB", 1.81, 2),
    ("server_ups_runtime_minutes", "server_ups_runtime", "分", 600, 0),
    ("pc_disk_c_free", "pc_disk_c", "GB", 128, 2),
    ("pc1_disk_c_free", "pc1_disk_c", "GB", 128, 2),
    ("pc2_disk_c_free", "pc2_disk_c", "GB", 128, 2),
    ("pc3_disk_c_free", "pc3_disk_c", "GB", 128, 2),
    ("pc4_disk_c_free", "pc4_disk_c", "GB", 128, 2),
)
"""Each number: its key, its row's, the unit, the most and how many decimals it may have."""

HEADER: Mapping[str, Raw] = {
    "day": {"": "2027-06-07"},
    "kind": {"": "monthly"},
    "firm": {"": "見本システム株式会社"},
    "contract": {"": ""},
    "model": {"": ""},
}


def begun(site: str) -> Answers:
    """Return the answers of an inspection of *site* whose head is filled in."""
    answers, refused = FORM.read({"site": {"": site}, **HEADER}, {}, worlds.world())
    assert refused == {}
    return answers


def read(raws: Mapping[str, Raw], answers: Answers) -> Answers:
    """Return *answers* with *raws*, none of which is refused."""
    found, refused = FORM.read(raws, answers, worlds.world())
    assert refused == {}
    return found


def filled(site: str, **raws: str) -> Answers:
    """Return a whole inspection of *site*: all normal, every number 10 (1 of a disk in TB), but for *raws*."""
    answers = begun(site)
    given: dict[str, Raw] = {"notes": {"": ""}}
    for each in FORM.visible(answers):
        if each.key not in answers:
            given[each.key] = {"": "normal" if hasattr(each, "options") else "1"}
    given |= {key: {"": text} for key, text in raws.items()} | {"notes": {"": ""}}
    return read(given, answers)
