"""The steps by which a loan goes on for longer, and by which it ends (003-17, 19, 20, 35, 36)."""

from __future__ import annotations

from dialogs.fields import Day, LongText
from dialogs.procedures.fence_loan.deadlines import no_return_yet, parts_awaited, return_day, return_too_late
from dialogs.procedures.fence_loan.extension import EXTENSION, latest, soonest
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.procedures.fence_loan.missing import MISSING, SETTLEMENT
from dialogs.procedures.fence_loan.questionnaire import QUESTIONNAIRE
from dialogs.procedures.fence_loan.receipts import about_extension, about_missing, about_return, thanks
from dialogs.procedures.fence_loan.returning import RETURN, TAKEBACK
from dialogs.steps import Role, Step
from dialogs.words import _

BY_TELEPHONE = (Role.STAFF, Role.CONTRACTOR)
"""Who writes down what a borrower says by telephone, at the counter or on paper (003-36)."""

OVER = ("taken_back",)

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
