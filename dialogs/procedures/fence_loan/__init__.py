"""電気柵貸出: the loan of an electric fence against brown bears, from the application to its end (003-01…20, 30–53)."""

from __future__ import annotations

from dialogs.procedure import Procedure, Role, Step
from dialogs.procedures.fence_loan.claiming import claims
from dialogs.procedures.fence_loan.deciding import exceptions
from dialogs.procedures.fence_loan.form import FORM_R6
from dialogs.procedures.fence_loan.marks import marks
from dialogs.procedures.fence_loan.notice import shown
from dialogs.procedures.fence_loan.planning import beside_the_perimeter
from dialogs.procedures.fence_loan.reminding import reminders
from dialogs.procedures.fence_loan.rules import flags, notes, opening
from dialogs.procedures.fence_loan.steps import LIFE
from dialogs.procedures.fence_loan.stops import stops
from dialogs.procedures.fence_loan.telling import told
from dialogs.signoff import Ending, Level, SignOff
from dialogs.words import _

RECEIVED = _("受け付けました。担当者が確認します。")
LOOKED_AT = _("担当者が内容を確認しています。")

SIGNOFF = SignOff(
    (
        Level(
            "checked",
            _("係の確認"),
            Role.STAFF,
            who=_("係"),
            deed=_("確認した"),
            state=_("担当者の確認が終わりました。決定をお待ちください。"),
            within=2,
        ),
        Level(
            "chief_signed",
            _("係長の承認"),
            Role.CHIEF,
            who=_("係長"),
            deed=_("承認する"),
            state=_("担当者の確認が終わりました。決定をお待ちください。"),
            within=1,
        ),
        Level(
            "decision",
            _("課長の決定"),
            Role.MANAGER,
            who=_("課長"),
            deed=_("貸出を決定する"),
            state=_("貸出が決まりました。"),
            within=1,
        ),
    ),
    returned=Ending("returned", _("差し戻し"), state=_("内容を直してください。直すと、もう一度確認します。")),
    refused=Ending("refused", _("不承認"), state=_("貸出は承認されませんでした。")),
    resumed=Ending("resumed", _("訂正なしで確認を再開"), state=LOOKED_AT),
    correction=Ending("correction", _("訂正"), state=_("訂正を受け付けました。担当者が確認します。")),
    begun=("taken_up",),
    stops=("withdrawal",),
    exceptions=exceptions,
    document="decision",
    notice="notice",
)
"""The boxes 係・係長・課長 of 様式1 (003-50), from right to left."""

FENCE_LOAN = Procedure(
    "fence_loan",
    _("電気柵の貸出"),
    _("電気柵の貸出を申請する"),
    (FORM_R6,),
    (
        Step("application", _("申請"), Role.RESIDENT, state=RECEIVED),
        Step(
            "withdrawal",
            _("取り下げ"),
            Role.RESIDENT,
            state=_("取り下げられています。"),
            after="application",
            until=SIGNOFF.decided,
        ),
        Step(
            "taken_up",
            _("確認開始"),
            Role.STAFF,
            state=LOOKED_AT,
            after="application",
            until=("checked", "returned", "resumed", *SIGNOFF.decided, "withdrawal"),
        ),
        *SIGNOFF.steps,
        *LIFE,
    ),
    series="loan",
    opening=opening,
    flags=flags,
    marks=marks,
    notes=notes,
    facts=beside_the_perimeter,
    proof=shown,
    signoff=SIGNOFF,
    told=told,
    claims=claims,
    reminders=reminders,
    rounds=stops,
    once=True,
)
