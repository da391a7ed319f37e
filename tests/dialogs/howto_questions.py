"""Questions as people put them, and the entry of the handling guide that answers each.

``QUESTIONS`` was written before there was a search to be tuned, from the guide alone: as residents write on a
telephone, with slips, in kana, in easy Japanese, a few in English.  ``HELD_OUT`` was written after the search
had been tuned, and nothing was tuned on it.  Neither may be changed to please the figures.
"""

from __future__ import annotations

QUESTIONS: tuple[tuple[str, str], ...] = (
    ("黒いポールと白いポール、どっちをどこに立てるの？", "poles"),
    ("短い棒は何メートルおきに打てばいいですか", "short_poles"),
    ("クリップって一番下は地面からどれくらい？", "clips"),
    ("ワイヤーは何段張りますか", "tiers"),
    ("出入り口の幅はどれくらいにすればいいですか", "gate"),
    ("電池はどこに入れるんですか？本体の付け方も教えて", "power_unit"),
    ("赤と緑のコードはどこにつなぐの", "leads"),
    ("アースってどのくらい深くさせばいい？", "earth"),
    ("家のコンセントから電気をとってもいいですか", "outlet"),
    ("父がペースメーカーを入れているんですが大丈夫でしょうか", "pacemaker"),
    ("かみなりがなってるとき近づいてもへいき？", "thunder"),
    ("畑に入るときは電源どうすればいい？", "entering"),
    ("何ボルトあればいいの", "voltage"),
    ("草刈りはしないとだめですか", "mowing"),
    ("看板はどこに付けますか", "sign"),
    ("部品が足りないみたいなんですが", "parts"),
    ("市の人が立ててくれるの？自分でやるの？", "who"),
    ("ゲートのとってのところ、ワイヤーをどのくらいの長さで切るの？", "gate_wire"),
    ("わいやーをたてに結ぶのはどうして？どこで結ぶ？", "vertical_ties"),
    ("最初ワイヤーをどこから結びはじめればいいですか", "wire_start"),
    ("立てる前に草は刈っておいたほうがいい？", "grass_first"),
    ("スイッチはいつ入れるんですか", "switch_on"),
    ("小さい子供がさわったら危ないですよね", "sign"),
    ("でんあつがさがってきた どうしたらいい", "voltage"),
    ("くさが わいやーに さわっています。 どうすれば いいですか。", "mowing"),
    ("ペースメカー つけてる人 さわって平気？", "pacemaker"),
    ("取り外しも自分でやらないといけませんか", "who"),
    ("How deep should I put the earth rod?", "earth"),
    ("Can I plug it into the outlet in my house?", "outlet"),
    ("is it safe to go near the fence in a thunderstorm", "thunder"),
)

HELD_OUT: tuple[tuple[str, str], ...] = (
    ("電池って何本いるの？単一？", "power_unit"),
    ("クリップの間かくは何cmですか", "clips"),
    ("いつから電気流していいの", "switch_on"),
    ("電圧が4000しかない", "voltage"),
    ("ワイヤーの余りはどこで切ればいいんでしょう", "gate_wire"),
    ("いなびかりがしたら ちかくに いかないほうが いいですか", "thunder"),
    ("祖母が心臓に機械を入れてます。畑に来ても平気？", "pacemaker"),
    ("もらった物の数が説明と違う", "parts"),
    ("do i have to cut the grass every week", "mowing"),
    ("ドアみたいにあけるところはいくつ作ればいい？", "gate"),
)

OTHERS: tuple[str, ...] = (
    "こんにちは",
    "ありがとうございます",
    "申し込みたい",
    "ゴミの日はいつですか",
    "市役所の駐車場はどこですか",
    "クマが出ました",
    "申請はいつまでできますか",
    "返却はどうすればいいですか",
    "電気柵を借りたいです",
    "書類をなくしました",
    "先日申請したのですが、引っ越して住所が変わったのでどうしたらいいか教えてください",
    "what time do you open",
    "thank you very much",
    "キャンセルしたい",
    "札幌のラーメンでおいしいところは？",
)
"""Words that are not about the guide: it should be silent where they are typed at the menu."""
