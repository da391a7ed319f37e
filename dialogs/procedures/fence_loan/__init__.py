"""電気柵貸出: the loan of an electric fence against brown bears (requirements 003-01…03, 12, 30–32, 50–52)."""

from __future__ import annotations

from dialogs.procedure import Procedure, Role, Step
from dialogs.procedures.fence_loan.form import FORM_R6
from dialogs.procedures.fence_loan.rules import flags, notes, opening
from dialogs.words import _

RECEIVED = _("受け付けました。担当者が確認します。")

FENCE_LOAN = Procedure(
    "fence_loan",
    _("電気柵の貸出"),
    _("電気柵の貸出を申請する"),
    (FORM_R6,),
    (
        Step("application", _("申請"), Role.RESIDENT, state=RECEIVED),
        Step(
            "correction",
            _("訂正"),
            Role.RESIDENT,
            state=_("訂正を受け付けました。担当者が確認します。"),
            after="application",
            until=("taken_up", "withdrawal"),
            repeats=True,
        ),
        Step(
            "withdrawal",
            _("取り下げ"),
            Role.RESIDENT,
            state=_("取り下げられています。"),
            after="application",
            until=("decision",),
        ),
        Step(
            "taken_up",
            _("確認開始"),
            Role.STAFF,
            state=_("担当者が内容を確認しています。"),
            after="application",
            until=("withdrawal",),
            within=2,
        ),
    ),
    series="loan",
    opening=opening,
    flags=flags,
    notes=notes,
)
