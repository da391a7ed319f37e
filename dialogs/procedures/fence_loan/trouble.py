"""The borrower reports that something is wrong, and is told at once what to do first (003-16, 18, 37, 56)."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.fields import Choice, Given, LongText, Option, Photo, Text, Value
from dialogs.form import Form, Page
from dialogs.words import Message, _, say

FIRST = {
    "no_current": _(
        "まず、スイッチ、電池、赤と緑の線のつなぎ目を確かめてください。ワイヤーに草がふれていると電圧が下がります。"
    ),
    "cut": _(
        "まず、パワーユニットのスイッチを切ってください。切れたワイヤーには、電源を切ってからふれてください。"
    ),
    "animal": _(
        "近くにヒグマがいるかもしれません。柵に近づかず、すぐに建物の中に入って110番へ連絡してください。"
    ),
    "shock": _(
        "まず、柵からはなれてください。けがをした人や、気分が悪い人がいるときは、すぐに119番へ連絡してください。"
    ),
    "lost": _(
        "まわりをもう一度さがしてください。見つからないまま使わず、パワーユニットのスイッチを切ってください。"
    ),
    "broke": _(
        "まず、パワーユニットのスイッチを切り、さわらないでください。ご自分で直す前に、担当者からの連絡をお待ちください。"
    ),
    "other": _("心配なときは、パワーユニットのスイッチを切って、柵からはなれてください。"),
}
"""What to do first, by what has happened (003-56)."""

KINDS = (
    Option("no_current", _("電気が流れない、電圧が低い"), short=_("電気が流れない")),
    Option("cut", _("ワイヤーが切れた、ポールが折れた"), short=_("切れた・折れた")),
    Option("animal", _("ヒグマなどの動物が来た、入った"), short=_("動物が来た")),
    Option("shock", _("けが、感電、気分が悪い"), short=_("けが・感電")),
    Option("lost", _("部品が足りない、なくした"), short=_("部品がない")),
    Option("broke", _("自分の不注意で大きくこわした"), short=_("大きくこわした")),
    Option("other", _("その他")),
)

OWN_FAULT = "broke"
"""Serious damage by the borrower's own fault: reported at once, mended at their own cost (003-37)."""

DANGEROUS = frozenset({"animal", "shock"})


@dataclass(frozen=True)
class Trouble(Choice):
    """What has happened; what to do first is said as soon as it is answered."""

    def remark(self, value: Value, given: Given) -> Message | None:  # noqa: ARG002 -- the same for everybody
        """Return what to do first."""
        return say(FIRST[value])


REPORT = Form(
    "loan_trouble",
    _("困りごとの連絡"),
    "R6",
    (
        Page(
            "trouble",
            _("困りごと"),
            (
                Trouble(
                    "trouble",
                    _("起きていること"),
                    KINDS,
                    question=_("どんなことでお困りですか。"),
                    help=_("近いものをえらんでください。急ぐときは、電話もお使いください。"),
                ),
                LongText(
                    "trouble_more",
                    _("くわしいようす"),
                    required=False,
                    longest=500,
                    question=_("くわしいようすを教えてください。"),
                    hint=_("名前や住所は書かないでください。"),
                    example=_("今朝から表示のランプがつきません"),
                ),
                Photo(
                    "trouble_photo",
                    _("写真"),
                    required=False,
                    question=_("写真があれば送ってください。"),
                    hint=_("柵にはふれず、はなれて撮ってください。人の顔が写らないようにしてください。"),
                ),
            ),
        ),
    ),
    file=_("連絡する"),
)
"""What is wrong with a set that is lent."""

ANSWER = Form(
    "loan_answer",
    _("困りごとへの回答"),
    "R6",
    (
        Page(
            "answer",
            _("回答"),
            (
                Choice(
                    "answer",
                    _("対応"),
                    (
                        Option("advised", _("やり方を伝えて解決した")),
                        Option("visit", _("訪問して確かめる")),
                        Option("swap", _("交換する")),
                        Option("own_fault", _("借受者の責による重大な損傷（10条3項）")),
                    ),
                ),
                Text(
                    "answer_text",
                    _("使用者に伝えること"),
                    longest=300,
                    hint=_("使用者に伝わります。個人情報は書かないでください。"),
                ),
            ),
        ),
    ),
    file=_("回答する"),
)
"""What is done about it, as the borrower reads it."""
