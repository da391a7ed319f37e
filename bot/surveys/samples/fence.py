"""The questionnaire for those who borrowed a fence (003-20, 仕様書 第4条ケ)."""

from __future__ import annotations

from bot.surveys.samples.sheets import NO_NAMES, Row, Sample

FENCE = Sample(
    "loan_questionnaire",
    (
        "電気柵を使った方へのアンケート",
        "電気の さくを 使った 人への アンケート",
        "Questions to users of a fence",
    ),
    "R6",
    (
        Row(
            "select_one effect",
            "effect",
            (
                "電気柵を使っているあいだ、ヒグマは来ましたか。",
                "電気の さくを 使って いたとき、ヒグマは 来ましたか。",
                "Did a bear come while you used the fence?",
            ),
            required=True,
        ),
        Row(
            "select_one ease",
            "setting_up",
            ("設置はいかがでしたか。", "さくを 立てるのは どうでしたか。", "How was setting it up?"),
            required=True,
        ),
        Row(
            "select_one ease",
            "upkeep_was",
            (
                "草刈りや電池の交換などの手入れはいかがでしたか。",
                "草を かることや 電池の こうかんは どうでしたか。",
                "How was keeping it up, such as mowing and changing batteries?",
            ),
            required=True,
        ),
        Row(
            "select_one plans",
            "plans",
            (
                "これからのヒグマ対策について、考えていることがあれば教えてください。",
                "これから ヒグマが 来ないように、どう したいですか。",
                "What do you have in mind against bears from now on?",
            ),
        ),
        Row(
            "text",
            "opinion",
            (
                "ご意見があれば書いてください。",
                "言いたい ことが あれば 書いて ください。",
                "Is there anything you would like to tell us?",
            ),
            hint=NO_NAMES,
            constraint="string-length(.) <= 500",
            appearance="multiline",
        ),
        Row(
            "note",
            "thanks",
            ("ありがとうございました。", "ありがとう ございました。", "Thank you very much."),
        ),
    ),
    {
        "effect": {
            "none_came": ("ヒグマは来なかった", "来なかった", "None came"),
            "kept_out": ("来たが、入らなかった", "来たけど、入らなかった", "One came but stayed out"),
            "got_in": ("入られた", "入った", "One got in"),
            "unknown": ("わからない", "わからない", "I do not know"),
        },
        "ease": {
            "easy": ("簡単だった", "かんたんだった", "It was easy"),
            "fair": ("ふつう", "ふつう", "It was fair"),
            "hard": ("難しかった・大変だった", "むずかしかった・たいへんだった", "It was hard"),
        },
        "plans": {
            "considering": ("電気柵を考えている", "電気の さくを 考えて いる", "I am thinking of a fence"),
            "other": (
                "ほかの方法を考えている",
                "ほかの やりかたを 考えて いる",
                "I am thinking of something else",
            ),
            "nothing": ("いまは考えていない", "いまは 考えて いない", "Nothing for now"),
            "undecided": ("まだ決めていない", "まだ 決めて いない", "I have not decided"),
        },
    },
)  # untranslated: the workbook brings its own languages
