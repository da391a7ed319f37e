"""The steps of a loan from the decision to its end: who files what, after what, and by when (003-11…20, 33…38)."""

from __future__ import annotations

from dialogs.fields import Day, LongText
from dialogs.procedures.fence_loan.booking import CANCELLATION, PICKUP
from dialogs.procedures.fence_loan.checking import CHECK, SWAP
from dialogs.procedures.fence_loan.deadlines import (
    no_pickup_yet,
    no_return_yet,
    parts_awaited,
    pickup_day,
    pickup_too_late,
    return_day,
    return_too_late,
)
from dialogs.procedures.fence_loan.extension import EXTENSION, latest, soonest
from dialogs.procedures.fence_loan.handing import HANDOVER
from dialogs.procedures.fence_loan.loan import CITY_CARRIES, Loan
from dialogs.procedures.fence_loan.missing import MISSING, SETTLEMENT
from dialogs.procedures.fence_loan.questionnaire import QUESTIONNAIRE, STATUS
from dialogs.procedures.fence_loan.receipts import (
    about_booking,
    about_cancellation,
    about_extension,
    about_missing,
    about_return,
    about_trouble,
    thanks,
)
from dialogs.procedures.fence_loan.returning import RETURN, TAKEBACK
from dialogs.procedures.fence_loan.trouble import ANSWER, REPORT
from dialogs.steps import Role, Step
from dialogs.words import _

BY_TELEPHONE = (Role.STAFF, Role.CONTRACTOR)
"""Who writes down what a borrower says by telephone, at the counter or on paper (003-36)."""

OVER = ("taken_back",)
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

EXTENDING = (
    Step(
        "extension_asked",
        _("延長の申し込み"),
        Role.RESIDENT,
        state=_("期間の延長を申し込んでいます。決定をお待ちください。"),
        after="handed_over",
        until=OVER,
        applies=lambda case: Loan(case).asked_until is None,
        repeats=True,
        also=BY_TELEPHONE,
        form=EXTENSION,
        invitation=_("期間の延長を申し込む"),
        receipt=about_extension,
    ),
    Step(
        "extended",
        _("延長を認める"),
        Role.STAFF,
        state=_("期間の延長が決まりました。電気柵を貸出中です。"),
        after="extension_asked",
        until=OVER,
        within=2,
        applies=lambda case: Loan(case).asked_until is not None,
        repeats=True,
        also=(Role.CHIEF, Role.MANAGER),
        asks=(
            Day(
                "extended_until",
                _("認める終わりの日（申し込みのとおりなら空けておく）"),
                required=False,
                least=soonest,
                most=latest,
            ),
        ),
    ),
    Step(
        "extension_refused",
        _("延長を認めない"),
        Role.STAFF,
        state=_("期間の延長はできませんでした。終わりの日までに返してください。"),
        after="extension_asked",
        until=OVER,
        applies=lambda case: Loan(case).asked_until is not None,
        repeats=True,
        also=(Role.CHIEF, Role.MANAGER),
        asks=(
            LongText(
                "refused_why",
                _("延長できない理由"),
                longest=300,
                hint=_("相手に伝わります。個人情報は書かないでください。"),
            ),
        ),
    ),
)

GIVING_BACK = (
    Step(
        "return_booked",
        _("返却の予約"),
        Role.RESIDENT,
        state=_("返却の予約ができました。"),
        after="handed_over",
        until=OVER,
        days=0,
        since=no_return_yet,
        closed=return_too_late,
        repeats=True,
        also=BY_TELEPHONE,
        form=RETURN,
        invitation=_("返却を予約・変更する"),
        receipt=about_return,
    ),
    Step(
        "taken_back",
        _("受け入れ"),
        Role.CONTRACTOR,
        state=_("返却が終わりました。"),
        after="handed_over",
        days=0,
        since=return_day,
        also=(Role.STAFF,),
        form=TAKEBACK,
    ),
    Step(
        "missing_answered",
        _("足りない部品の回答"),
        Role.RESIDENT,
        state=_("足りない部品について、お返事をいただきました。"),
        after="taken_back",
        until=("settled",),
        days=7,
        applies=lambda case: bool(Loan(case).missing),
        repeats=True,
        also=BY_TELEPHONE,
        form=MISSING,
        invitation=_("足りない部品について答える"),
        receipt=about_missing,
    ),
    Step(
        "settled",
        _("破損・紛失の報告と補充の依頼"),
        Role.CONTRACTOR,
        state=_("返却の確認が終わりました。"),
        after="taken_back",
        days=14,
        since=parts_awaited,
        also=(Role.STAFF,),
        form=SETTLEMENT,
    ),
    Step(
        "questionnaire",
        _("アンケート"),
        Role.RESIDENT,
        state=_("返却が終わりました。アンケートにお答えいただきました。"),
        after="taken_back",
        days=14,
        also=BY_TELEPHONE,
        form=QUESTIONNAIRE,
        invitation=_("アンケートに答える"),
        receipt=thanks,
    ),
)

LIFE = (*BEFORE_LENDING, *WHILE_LENT, *EXTENDING, *GIVING_BACK)
"""Everything after the decision, in the order in which it usually happens."""
