"""What people call the matters of the guide, by language and entry: other words than the guide's own.

``WARNINGS`` are the words behind which somebody may be in danger: an entry that one of them names is shown
first, however much else the question speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping

Aliases = Mapping[str, tuple[str, ...]]
"""Words by the key of an entry."""

_JAPANESE: Aliases = {  # untranslated: words that are read
    "who": ("自分で立てる", "市の人が立ててくれる", "代わりに設置", "取り外し", "片付け", "撤去", "手伝って"),
    "parts": (
        "部品が足りない",
        "なくした",
        "紛失",
        "不足",
        "数が合わない",
        "入っていない",
        "こわれた",
        "セットの中身",
    ),
    "poles": ("支柱", "棒", "杭", "長い棒と短い棒", "どこに立てる", "角", "コーナー"),
    "grass_first": ("立てる前の準備", "設置前の草", "先に草を刈る"),
    "gate": ("ゲート", "入口", "出入り口", "入り口の幅", "門"),
    "short_poles": ("何メートルおき", "短い棒", "短い支柱", "打ち込む", "ハンマー", "ポールの間隔"),
    "clips": ("何センチ", "地面からの高さ", "クリップの間隔", "クリップの数", "留め具", "ワイヤーの高さ"),
    "wire_start": ("電線を張る", "最初に結ぶ", "結び方", "張り方", "どこから始める", "固結び"),
    "gate_wire": ("とって", "取っ手", "ゲートハンドル", "バネ", "ワイヤーを切る長さ"),
    "tiers": ("何段", "何本張る", "4段", "電線の数"),
    "vertical_ties": ("たてに結ぶ", "縦に結ぶ", "上下をつなぐ", "連結"),
    "power_unit": (
        "本体",
        "機械",
        "電池",
        "バッテリー",
        "電池を入れる",
        "電池交換",
        "電池切れ",
        "ぶら下げる",
    ),
    "leads": ("コード", "配線", "赤と緑", "赤い線", "緑の線", "どこにつなぐ"),
    "earth": ("アース", "接地", "アースの棒", "どのくらい深く"),
    "switch_on": ("スイッチ", "電源を入れる", "いつ電気を流す", "動かす"),
    "outlet": ("コンセント", "家庭用電源", "家の電気", "100ボルト", "延長コード", "プラグ"),
    "pacemaker": ("ペースメーカー", "除細動器", "心臓の機械", "心臓の病気", "AED"),
    "thunder": ("雷", "落雷", "稲妻", "天気が悪い"),
    "entering": ("畑に入る", "農作業", "中に入る前", "電源を切る", "収穫するとき"),
    "sign": ("看板", "危険表示板", "表示", "プレート", "子ども", "孫", "近所の人", "通行人", "さわったら"),
    "voltage": ("何ボルト", "電圧が低い", "電圧計", "テスター", "測り方", "電気が来ない", "弱い", "6000"),
    "mowing": ("草が伸びた", "草がふれる", "雑草", "下草", "漏電", "除草"),
}
_EASY: Aliases = {  # untranslated: words that are read
    "who": ("じぶんで たてる", "だれが たてる", "とりはずし", "かたづけ"),
    "parts": ("ぶひんが たりない", "なくしました", "こわれました"),
    "poles": ("くろい ぼう", "しろい ぼう", "ながい ぼう", "みじかい ぼう"),
    "grass_first": ("たてる まえに くさを かる",),
    "gate": ("でいりぐち", "いりぐち"),
    "short_poles": ("なんメートル おき", "うちこむ"),
    "clips": ("たかさ", "じめんから"),
    "wire_start": ("はりかた", "むすびかた", "さいしょに むすぶ"),
    "gate_wire": ("とって", "ばね"),
    "tiers": ("なんだん", "なんぼん はる"),
    "vertical_ties": ("たてに むすぶ",),
    "power_unit": ("でんち", "ほんたい", "きかい"),
    "leads": ("あかい せん", "みどりの せん", "こーど"),
    "earth": ("あーす ふかく うめる",),
    "switch_on": ("すいっちを いれる", "でんげんを いれる"),
    "outlet": ("こんせんと", "いえの でんき"),
    "pacemaker": ("ぺーすめーかー", "しんぞうの きかい", "しんぞう"),
    "thunder": ("かみなり", "ごろごろ"),
    "entering": ("はたけに はいる", "でんげんを きる"),
    "sign": ("かんばん", "こども", "あぶない", "さわったら"),
    "voltage": ("でんあつ", "なんぼると", "よわい"),
    "mowing": ("くさが さわる", "くさかり", "くさが のびた"),
}
_ENGLISH: Aliases = {
    "who": ("who sets it up", "do I install it myself", "remove", "take down", "help me install"),
    "parts": ("missing part", "lost", "broken", "contents of the set", "number of parts"),
    "poles": ("black pole", "white pole", "long pole", "short pole", "post", "stake", "corner"),
    "grass_first": ("cut grass before setting up", "prepare the ground"),
    "gate": ("gate", "entrance", "width of the gate", "doorway"),
    "short_poles": ("how many metres apart", "how far apart", "meters between poles", "hammer", "spacing"),
    "clips": ("clip", "height from the ground", "centimetres", "how high"),
    "wire_start": ("where do I start the wire", "tie the wire", "knot", "string the wire"),
    "gate_wire": ("gate handle", "spring", "cut the wire at the gate"),
    "tiers": ("how many wires", "rows of wire", "levels", "lines"),
    "vertical_ties": ("connect the wires vertically", "tie the rows together", "vertical"),
    "power_unit": ("battery", "batteries", "power unit", "energizer", "machine", "hang"),
    "leads": ("red wire", "green wire", "cable", "lead", "connect"),
    "earth": ("earth rod", "ground rod", "grounding", "how deep"),
    "switch_on": ("switch on", "turn on", "start"),
    "outlet": ("outlet", "mains", "plug in", "socket", "household electricity", "extension cord"),
    "pacemaker": ("pacemaker", "defibrillator", "heart device", "implant"),
    "thunder": ("thunder", "lightning", "storm"),
    "entering": ("enter the field", "go inside", "work in the garden", "turn off", "switch off"),
    "sign": ("warning sign", "sign board", "child", "children", "kids", "neighbours", "passers-by", "touch"),
    "voltage": ("voltage", "volt", "tester", "weak", "no electricity", "measure"),
    "mowing": ("grass touches the wire", "mow", "weed", "leak", "cut the grass"),
}

ALIASES: Mapping[str, Aliases] = {"ja": _JAPANESE, "ja@easy": _EASY, "en": _ENGLISH}

_JAPANESE_WARNINGS: Aliases = {  # untranslated: words that are read
    "pacemaker": ("ペースメーカー", "ペースメーカ", "除細動器", "心臓", "しんぞう", "じょさいどうき"),
    "thunder": ("雷", "かみなり", "いなずま", "稲妻", "いなびかり", "稲光"),
    "outlet": ("コンセント", "家庭用電源", "家の電源", "延長コード", "プラグ"),
    "sign": ("子ども", "子供", "こども", "孫", "赤ちゃん", "幼児", "小学生", "園児"),
}
_ENGLISH_WARNINGS: Aliases = {
    "pacemaker": ("pacemaker", "defibrillator", "heart"),
    "thunder": ("thunder", "lightning"),
    "outlet": ("outlet", "socket", "mains", "plug"),
    "sign": ("child", "kid", "toddler", "baby"),
}

WARNINGS: Mapping[str, Aliases] = {"ja": _JAPANESE_WARNINGS, "en": _ENGLISH_WARNINGS}

ONLY_WITH: Aliases = {  # untranslated: words that are read
    "sign": (
        "さわ", "触", "危", "あぶな", "安全", "感電", "近づ", "ちかづ", "近く", "大丈夫", "だいじょうぶ", "平気",
        "へいき", "心配", "しんぱい", "touch", "safe", "danger", "shock", "near", "around", "worr",
    ),
}  # fmt: skip
"""Entries whose words of danger count only beside one of these: children are spoken of for other reasons, too."""
