"""The request for guidance: who had the subsidy, what is to be explained, and when (003-04, 003-21, 003-24, 003-59).

The ordinance has it done by telephone and gives no form; these are the questions that a call would settle.
"""

from __future__ import annotations

from datetime import date

from dialogs.fields import Choice, Choices, Kana, LongText, Name, Option, Phone, PostalAddress, Text
from dialogs.form import Form, Page
from dialogs.procedures.install_guidance.rules import (
    VisitTime,
    on_the_list,
    still_to_come,
    visit_bounds,
    visit_pool,
)
from dialogs.reading.grants import LONGEST_NUMBER
from dialogs.words import _

TOPICS = (
    Option("setting", _("設置方法")),
    Option("use", _("使用方法")),
    Option("upkeep", _("維持管理の方法")),
    Option("danger", _("危険防止")),
    Option("removal", _("撤去の方法")),
)
"""What is explained and asked about (003-21)."""

WISH = Page(
    "wish",
    _("設置指導の希望"),
    (
        Text(
            "number",
            _("補助金番号"),
            longest=LONGEST_NUMBER,
            question=_("補助金の交付番号を送ってください。"),
            hint=_("交付決定通知書に書いてある番号です。"),
            help=_(
                "設置指導は、市の補助金で家庭菜園用電気柵を買った方と、同じ世帯の方が受けられます。"
                "同じ世帯の方は、買った方の番号を送ってください。"
            ),
            example="R9-0012",
        ),
        Choice(
            "relation",
            _("補助金を受けた方との関係"),
            (
                Option("holder", _("補助金を受けた本人"), short=_("本人")),
                Option("household", _("同じ世帯の家族"), short=_("同じ世帯")),
            ),
            question=_("あなたは、補助金を受けた本人ですか。"),
        ),
        Choice(
            "installed",
            _("電気柵の状況"),
            (
                Option("no", _("まだ設置していない")),
                Option("partly", _("途中まで設置した")),
                Option("yes", _("設置した")),
            ),
            question=_("電気柵は、もう設置しましたか。"),
            help=_("どの場合も指導を受けられます。準備のためにうかがいます。"),
        ),
        Choices(
            "topics",
            _("聞きたいこと"),
            TOPICS,
            question=_("くわしく聞きたいことはどれですか。（いくつでも）"),
            help=_("ひととおり説明します。とくに時間をかけてほしいことを選んでください。"),
        ),
        VisitTime(
            "wish",
            _("希望の日時"),
            pool=visit_pool,
            bounds=visit_bounds,
            question=_("いつ来てほしいですか。"),
            help=_("土曜・日曜・祝日も選べます。できれば1週間より先の日を選んでください。"),
        ),
    ),
)

HOLDER = Page(
    "applicant",
    _("連絡先と設置場所"),
    (
        Name("name", _("お名前"), personal=True, example=_("見本 太郎")),
        Kana("kana", _("フリガナ"), personal=True, example=_("ミホン タロウ")),
        PostalAddress("address", _("住所"), personal=True),
        Phone("phone", _("電話"), personal=True, example="011-211-2879"),
        PostalAddress("site", _("設置場所住所"), personal=True, in_city=True, same_as="address"),
        LongText(
            "note",
            _("事業者に伝えたいこと"),
            personal=True,
            required=False,
            longest=500,
            hint=_("車を止める所、畑への入り方など"),
        ),
    ),
    private=True,
    intro=_("設置指導を受ける方のお名前、連絡先、電気柵を設置する場所をうかがいます。"),
)

FORM_R6 = Form(
    "install_guidance",
    _("電気柵の設置指導の申し込み"),
    "R6",
    (WISH, HOLDER),
    since=date(2024, 4, 1),
    checks=(on_the_list, still_to_come),
    file=_("申し込む"),
)
"""What is asked of somebody who wants guidance; 要領 of 2020-04-02, in the season of 令和6年."""
