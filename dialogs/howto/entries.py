"""The handling guide, item by item: what a resident reads when they ask how the fence is used (003 別記)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dialogs.words import _


class Topic(StrEnum):
    """The short cards of the guide.  What is dangerous comes first, whatever the order of the paper."""

    DANGER = "danger"
    SETTING_UP = "setting_up"
    WIRING = "wiring"
    POWER = "power"
    CARE = "care"


TITLES: Mapping[Topic, str] = {
    Topic.DANGER: _("危険を防ぐ"),
    Topic.SETTING_UP: _("ポールを立てる"),
    Topic.WIRING: _("ワイヤーを張る"),
    Topic.POWER: _("電源をつなぐ"),
    Topic.CARE: _("手入れする"),
}


@dataclass(frozen=True)
class Entry:
    """One item of the guide.

    *key* travels in buttons and stands in stored questions: it never changes.  *related* are the keys of what
    is often asked next.  Where *dangerous*, the answer always ends with whom to call.
    """

    key: str
    topic: Topic
    title: str
    text: str
    related: tuple[str, ...] = ()
    dangerous: bool = False


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "who",
        Topic.SETTING_UP,
        _("だれが立てて片付けるか"),
        _(
            "電気柵の設置、日ごろの手入れ、撤去は、申請した方にしていただきます。受け渡しのときに、やり方をご説明します。"
        ),
        ("parts", "poles"),
    ),
    Entry(
        "parts",
        Topic.SETTING_UP,
        _("部品がそろっているか"),
        _(
            "受け取るときと返すときに、部品が足りているかを確かめます。足りない、こわれている、と気づいたら、すぐにお知らせください。"
        ),
        ("poles", "clips"),
    ),
    Entry(
        "poles",
        Topic.SETTING_UP,
        _("黒いポールと白いポール"),
        _("長いポール（黒）は、かどと出入口に立てます。短いポール（白）は、長いポールの間で支えに使います。"),
        ("gate", "short_poles"),
    ),
    Entry(
        "grass_first",
        Topic.SETTING_UP,
        _("立てる前の草刈り"),
        _(
            "ワイヤーに草がふれると電気がもれて、効果が弱くなります。立てる前に、まわりの草を短く刈っておきます。"
        ),
        ("mowing", "poles"),
    ),
    Entry(
        "gate",
        Topic.SETTING_UP,
        _("出入口のつくり方"),
        _(
            "出入口を1か所決めて、長いポールを2本、1.2mほどあけて立てます。残りの長いポールは、かどに立てます。"
        ),
        ("gate_wire", "poles"),
    ),
    Entry(
        "short_poles",
        Topic.SETTING_UP,
        _("短いポールの間隔"),
        _("短いポールは、長いポールの間に、およそ4mおきに立てます。ゴムハンマーなどで打ち込みます。"),
        ("clips", "poles"),
    ),
    Entry(
        "clips",
        Topic.SETTING_UP,
        _("クリップの高さ"),
        _(
            "1本のポールにクリップを4個ずつ差し込みます。いちばん下は地面から20cmほど、その上も20cmずつあけて、高さをそろえます。"
        ),
        ("tiers", "short_poles"),
    ),
    Entry(
        "wire_start",
        Topic.WIRING,
        _("ワイヤーの張りはじめ"),
        _(
            "出入口の長いポールの、いちばん下のクリップにワイヤーを固結びします。そこから、どのポールもいちばん下のクリップを通していきます。"
        ),
        ("gate_wire", "tiers"),
    ),
    Entry(
        "gate_wire",
        Topic.WIRING,
        _("出入口のワイヤーとハンドル"),
        _(
            "出入口のもう1本のポールまで来たら、出入口の幅に30cmほど足した長さでワイヤーを切り、ゲートハンドルのバネの部分に固結びします。"
        ),
        ("gate", "tiers"),
    ),
    Entry(
        "tiers",
        Topic.WIRING,
        _("ワイヤーの段数"),
        _("ワイヤーは4段に張ります。いちばん下を張ったら、残りの3段も同じように張ります。"),
        ("clips", "vertical_ties"),
    ),
    Entry(
        "vertical_ties",
        Topic.WIRING,
        _("ワイヤーを縦につなぐ"),
        _(
            "上下の段のワイヤーを、縦に結んでつなぎます。長いポールと長いポールの間に、少なくとも1か所ずつ必要です。"
        ),
        ("tiers", "voltage"),
    ),
    Entry(
        "power_unit",
        Topic.POWER,
        _("パワーユニットと電池"),
        _("電気を送る本体（パワーユニット）に電池を入れて、いちばん上のワイヤーにぶら下げます。"),
        ("leads", "switch_on"),
    ),
    Entry(
        "leads",
        Topic.POWER,
        _("赤い線と緑の線"),
        _("赤い線はワイヤーに、緑の線はアース棒につなぎます。"),
        ("earth", "power_unit"),
    ),
    Entry(
        "earth",
        Topic.POWER,
        _("アース棒の深さ"),
        _("アース棒は、深く埋めるほど効果が上がります。できるだけ深くまで埋めてください。"),
        ("leads", "voltage"),
    ),
    Entry(
        "switch_on",
        Topic.POWER,
        _("スイッチを入れる"),
        _(
            "ポール、ワイヤー、線、危険表示板を付け終わってから、パワーユニットのスイッチを入れます。入れたら、電圧を確かめます。"
        ),
        ("voltage", "entering"),
    ),
    Entry(
        "outlet",
        Topic.DANGER,
        _("家のコンセントは使わない"),
        _(
            "家庭用のコンセントから、そのまま電気を流さないでください。命にかかわります。付属のパワーユニットだけを使ってください。"
        ),
        ("power_unit",),
        dangerous=True,
    ),
    Entry(
        "pacemaker",
        Topic.DANGER,
        _("ペースメーカー・除細動器"),
        _("ペースメーカーや除細動器を付けている人は、電気柵に直接さわらないでください。"),
        ("sign", "entering"),
        dangerous=True,
    ),
    Entry(
        "thunder",
        Topic.DANGER,
        _("雷のとき"),
        _(
            "雷が鳴っているときは、電気柵に近づかないでください。ワイヤーに高い電圧の電気がたまっていることがあります。"
        ),
        ("entering",),
        dangerous=True,
    ),
    Entry(
        "entering",
        Topic.DANGER,
        _("畑に入るとき"),
        _("畑の中に入るときは、先にパワーユニットの電源を切ってください。"),
        ("switch_on", "pacemaker"),
        dangerous=True,
    ),
    Entry(
        "sign",
        Topic.DANGER,
        _("危険表示板と子ども"),
        _(
            "ワイヤーに危険表示板（プラスチックの看板）を取り付けます。お子さんや通る人がさわらないように、電気が流れていることを伝えてください。"
        ),
        ("pacemaker", "entering"),
        dangerous=True,
    ),
    Entry(
        "voltage",
        Topic.CARE,
        _("電圧を確かめる"),
        _(
            "電圧測定器でときどき測り、6000V以上を保ちます。低いときは、草がふれていないか、電池と線のつなぎ方を見てください。それでも低いときは、お知らせください。"
        ),
        ("mowing", "earth"),
    ),
    Entry(
        "mowing",
        Topic.CARE,
        _("草刈り"),
        _("ワイヤーに草がふれると電気がもれます。ふれないように、ときどき草を刈ってください。"),
        ("voltage", "entering"),
    ),
)

_BY_KEY: Mapping[str, Entry] = {each.key: each for each in ENTRIES}


def entry(key: str) -> Entry | None:
    """Return the entry *key*, None where there is none."""
    return _BY_KEY.get(key)


def entries_of(topic: Topic) -> tuple[Entry, ...]:
    """Return the entries of the card *topic*, in the order of the guide."""
    return tuple(each for each in ENTRIES if each.topic is topic)
