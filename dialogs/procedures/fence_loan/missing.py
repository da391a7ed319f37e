"""Parts that did not come back: the borrower is asked, and in the end the loss is reported (003-19, 26, 37)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from dialogs.fields import Answers, Choice, Day, Given, Is, LongText, Option
from dialogs.form import Form, Page
from dialogs.procedures.fence_loan.handing import NOT_PERSONAL
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.procedures.fence_loan.parts import Counts, PartCounts
from dialogs.words import Message, _, say
from dialogs.world import World

WITHIN = timedelta(days=30)

MISSING = Form(
    "loan_missing",
    _("足りない部品"),
    "R6",
    (
        Page(
            "missing",
            _("足りない部品"),
            (
                Choice(
                    "found",
                    _("足りない部品について"),
                    (
                        Option("bring", _("見つかったので、持っていく")),
                        Option("later", _("もう少しさがして、持っていく"), short=_("もう少しさがす")),
                        Option("lost", _("なくした、見つからない"), short=_("なくした")),
                        Option("never", _("はじめから入っていなかった")),
                    ),
                    question=_("足りない部品は見つかりましたか。"),
                ),
                Day(
                    "bring_by",
                    _("持っていく日"),
                    when=Is("found", "bring", "later"),
                    least=lambda given: given.world.today,
                    most=lambda given: given.world.today + WITHIN,
                    question=_("いつごろ持ってきますか。"),
                ),
            ),
        ),
    ),
    file=_("回答する"),
)
"""What the borrower says about parts that did not come back."""


def still_missing(given: Given) -> Counts:
    """Return how many of each part have not come back yet."""
    return Loan(given.world.case).missing if given.world.case else {}


def _something_is_missing(answers: Answers, world: World) -> Mapping[str, Message]:
    """Refuse that parts came later where none was missing."""
    if answers.get("later") != "yes" or (world.case and Loan(world.case).missing):
        return {}
    return {"later": say(_("足りない部品はありません。"))}


SETTLEMENT = Form(
    "loan_settlement",
    _("破損・紛失の報告と補充の依頼"),
    "R6",
    (
        Page(
            "settlement",
            _("報告"),
            (
                Choice(
                    "later",
                    _("あとから戻った部品"),
                    (Option("no", _("なし")), Option("yes", _("あり"))),
                ),
                PartCounts(
                    "parts_later",
                    _("あとから戻った数"),
                    expected=still_missing,
                    when=Is("later", "yes"),
                ),
                Choice(
                    "restored",
                    _("重大な損傷の修繕（10条3項）"),
                    (
                        Option("none", _("あてはまらない")),
                        Option("done", _("借受者が修繕し、復元して返した")),
                        Option("city", _("市が対応を決める")),
                    ),
                ),
                Choice(
                    "replenish",
                    _("部品の補充"),
                    (Option("yes", _("補充を依頼する")), Option("no", _("必要ない"))),
                ),
                LongText(
                    "replenish_what",
                    _("補充してほしいもの"),
                    when=Is("replenish", "yes"),
                    longest=500,
                    example=_("クリップ 4個、短いポール 1本"),
                ),
                LongText("settlement_note", _("報告"), required=False, longest=500, hint=NOT_PERSONAL),
            ),
        ),
    ),
    checks=(_something_is_missing,),
    file=_("報告する"),
)
"""The end of a loan with losses: what is reported to the city, and which parts it is asked for."""
