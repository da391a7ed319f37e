"""The steps of a loan from the decision to its end: who files what, after what, and by when (003-11…20, 33…38)."""

from __future__ import annotations

from dialogs.procedures.fence_loan.booking import CANCELLATION, PICKUP
from dialogs.procedures.fence_loan.checking import CHECK, SWAP
from dialogs.procedures.fence_loan.deadlines import (
    no_pickup_yet,
    pickup_day,
    pickup_too_late,
)
from dialogs.procedures.fence_loan.endings import BY_TELEPHONE, EXTENDING, GIVING_BACK, OVER
from dialogs.procedures.fence_loan.handing import HANDOVER
from dialogs.procedures.fence_loan.loan import CITY_CARRIES, Loan
from dialogs.procedures.fence_loan.questionnaire import STATUS
from dialogs.procedures.fence_loan.receipts import (
    about_booking,
    about_cancellation,
    about_trouble,
    thanks,
)
from dialogs.procedures.fence_loan.trouble import ANSWER, REPORT
from dialogs.steps import Role, Step
from dialogs.words import _

LENT = _("電気柵を貸出中です。")

CHECK_EVERY = 14
CHECK_TOLERANCE = 3
"""Each loan is looked at about every two weeks (003-18)."""


BEFORE_LENDING = (
    Step(
        "pickup_booked",
        _("受け取りの予約"),
        Role.RESIDENT,
        state=_("受け取りの予約ができました。"),
        after="decision",
        until=("handed_over", "cancelled"),
        days=0,
        since=no_pickup_yet,
        applies=lambda case: CITY_CARRIES not in Loan(case).waived,
        closed=pickup_too_late,
        repeats=True,
        also=BY_TELEPHONE,
        form=PICKUP,
        invitation=_("受け取りを予約・変更する"),
        receipt=about_booking,
    ),
    Step(
        "cancelled",
        _("取りやめ"),
        Role.RESIDENT,
        state=_("借りるのを取りやめました。"),
        after="decision",
        until=("handed_over",),
        closed=pickup_too_late,
        also=BY_TELEPHONE,
        form=CANCELLATION,
        invitation=_("借りるのをやめる"),
        receipt=about_cancellation,
    ),
    Step(
        "handed_over",
        _("引き渡し"),
        Role.CONTRACTOR,
        state=LENT,
        after="decision",
        until=("cancelled",),
        days=0,
        since=pickup_day,
        also=(Role.STAFF,),
        form=HANDOVER,
    ),
)

WHILE_LENT = (
    Step(
        "checked_on_site",
        _("設置状況の点検"),
        Role.CONTRACTOR,
        state=_("電気柵を貸出中です。点検が終わりました。"),
        after="handed_over",
        until=OVER,
        every=CHECK_EVERY,
        tolerance=CHECK_TOLERANCE,
        also=(Role.STAFF,),
        form=CHECK,
    ),
    Step(
        "understood",
        _("点検のお知らせの確認"),
        Role.RESIDENT,
        state=LENT,
        after="checked_on_site",
        until=OVER,
        applies=lambda case: Loan(case).instruction is not None,
        repeats=True,
        also=BY_TELEPHONE,
        invitation=_("点検のお知らせを読みました"),
    ),
    Step(
        "trouble",
        _("困りごとの連絡"),
        Role.RESIDENT,
        state=_("困りごとを受け付けました。担当者から連絡します。"),
        after="handed_over",
        until=OVER,
        repeats=True,
        also=BY_TELEPHONE,
        form=REPORT,
        invitation=_("困りごとを知らせる"),
        receipt=about_trouble,
    ),
    Step(
        "trouble_answered",
        _("困りごとへの回答"),
        Role.CONTRACTOR,
        state=_("困りごとにお答えしました。電気柵を貸出中です。"),
        after="trouble",
        until=OVER,
        within=1,
        applies=lambda case: Loan(case).trouble is not None,
        repeats=True,
        also=(Role.STAFF,),
        form=ANSWER,
    ),
    Step(
        "swapped",
        _("セットの交換"),
        Role.CONTRACTOR,
        state=_("電気柵を交換しました。貸出中です。"),
        after="handed_over",
        until=OVER,
        within=2,
        applies=lambda case: Loan(case).fault is not None,
        repeats=True,
        also=(Role.STAFF,),
        form=SWAP,
    ),
    Step(
        "status_asked",
        _("ようすの照会"),
        Role.STAFF,
        state=_("電気柵を貸出中です。ようすをうかがっています。"),
        after="handed_over",
        until=OVER,
        applies=lambda case: Loan(case).asked_how is None,
        repeats=True,
    ),
    Step(
        "status_told",
        _("ようすの回答"),
        Role.RESIDENT,
        state=_("電気柵を貸出中です。ようすを教えていただきました。"),
        after="status_asked",
        until=OVER,
        applies=lambda case: Loan(case).asked_how is not None,
        repeats=True,
        also=BY_TELEPHONE,
        form=STATUS,
        invitation=_("電気柵のようすを答える"),
        receipt=thanks,
    ),
)

LIFE = (*BEFORE_LENDING, *WHILE_LENT, *EXTENDING, *GIVING_BACK)
"""Everything after the decision, in the order in which it usually happens."""
