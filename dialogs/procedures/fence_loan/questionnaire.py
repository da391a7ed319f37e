"""What the borrower is asked about the loan: once at its end, and in between where the city asks (003-20, 38).

Nobody is led towards buying a fence (003-03): what somebody means to do is asked last, may be left open, and every
answer is as good as the others.
"""

from __future__ import annotations

from dialogs.fields import Choice, LongText, Option
from dialogs.form import Form, Page
from dialogs.words import _

_EFFECT = (
    Option("none_came", _("ヒグマは来なかった"), short=_("来なかった")),
    Option("kept_out", _("来たが、入らなかった"), short=_("入らなかった")),
    Option("got_in", _("入られた"), short=_("入られた")),
    Option("unknown", _("わからない")),
)

QUESTIONNAIRE = Form(
    "loan_questionnaire",
    _("電気柵を使った方へのアンケート"),
    "R6",
    (
        Page(
            "questionnaire",
            _("アンケート"),
            (
                Choice(
                    "effect", _("効果"), _EFFECT, question=_("電気柵を使っているあいだ、ヒグマは来ましたか。")
                ),
                Choice(
                    "setting_up",
                    _("設置"),
                    (
                        Option("easy", _("簡単だった")),
                        Option("fair", _("ふつう")),
                        Option("hard", _("難しかった")),
                    ),
                    question=_("設置はいかがでしたか。"),
                ),
                Choice(
                    "upkeep_was",
                    _("手入れ"),
                    (
                        Option("easy", _("簡単だった")),
                        Option("fair", _("ふつう")),
                        Option("hard", _("大変だった")),
                    ),
                    question=_("草刈りや電池の交換などの手入れはいかがでしたか。"),
                ),
                Choice(
                    "plans",
                    _("これからの対策"),
                    (
                        Option("considering", _("電気柵を考えている")),
                        Option("other", _("ほかの方法を考えている")),
                        Option("nothing", _("いまは考えていない")),
                        Option("undecided", _("まだ決めていない")),
                    ),
                    required=False,
                    question=_("これからのヒグマ対策について、考えていることがあれば教えてください。"),
                ),
                LongText(
                    "opinion",
                    _("ご意見"),
                    required=False,
                    longest=500,
                    question=_("ご意見があれば書いてください。"),
                    hint=_("名前や住所は書かないでください。"),
                ),
            ),
        ),
    ),
    file=_("送る"),
)
"""Four taps and a line; answering it is free."""

STATUS = Form(
    "loan_status",
    _("電気柵のようす"),
    "R6",
    (
        Page(
            "status",
            _("ようす"),
            (
                Choice(
                    "running",
                    _("通電"),
                    (
                        Option("on", _("電気が流れている")),
                        Option("off", _("流れていない、止めている")),
                        Option("unknown", _("わからない")),
                    ),
                    question=_("いま、電気は流れていますか。"),
                ),
                Choice("effect_now", _("効果"), _EFFECT, question=_("これまでに、ヒグマは来ましたか。")),
                LongText(
                    "status_more",
                    _("気づいたこと"),
                    required=False,
                    longest=500,
                    question=_("ほかに気づいたことがあれば書いてください。"),
                    hint=_("名前や住所は書かないでください。"),
                ),
            ),
        ),
    ),
    file=_("送る"),
)
"""The city may ask how a fence is doing and whether it helps (11条2項)."""
