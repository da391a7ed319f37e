"""Booking the pick-up, moving it, and giving the loan up before it has begun (003-06, 13, 15)."""

from __future__ import annotations

from datetime import date, timedelta

from dialogs.fields import Choice, Given, LongText, Option, Slot
from dialogs.form import Form, Page
from dialogs.procedures.fence_loan.loan import AT_ONCE, Booked, Loan
from dialogs.procedures.fence_loan.places import Counter, pool
from dialogs.words import Message, _, say
from dialogs.world import World

DAY = timedelta(days=1)


def pickup_bounds(given: Given) -> tuple[date, date]:
    """Return the days on which the set of the case at hand may be picked up: within the period, from tomorrow on.

    Today only where the city lends at once (003-14).  The first day may lie behind the last: then none is left.
    """
    case, today = given.world.case, given.world.today
    if case is None:
        return today + DAY, today
    loan = Loan(case)
    soonest = today if AT_ONCE in loan.waived else today + DAY
    return max(loan.first, soonest), loan.last


def too_late(booked: Booked | None, world: World) -> Message | None:
    """Return why *booked* can no longer be moved or given up here; None where it still can (until the day before)."""
    if booked is None or booked.day > world.today:
        return None
    text = _(
        "予約の当日と、予約の日が過ぎたあとは、ここでは変更できません。{section}（電話 {telephone}）へお電話ください。"
    )
    return say(text, section=say(world.office.section), telephone=world.office.telephone)


PICKUP = Form(
    "loan_pickup",
    _("受け取りの予約"),
    "R6",
    (
        Page(
            "pickup",
            _("受け取り"),
            (
                Counter(
                    "place",
                    _("受け取る場所"),
                    question=_("どこで受け取りますか。"),
                    help=_("お住まいの区のほかの場所でも受け取れます。"),
                ),
                Slot(
                    "slot",
                    _("受け取る日時"),
                    pool=pool,
                    bounds=pickup_bounds,
                    question=_("いつ受け取りますか。"),
                    help=_("貸出期間のうち、土曜・日曜・祝日も受け取れます。荷物は車で運べる大きさです。"),
                ),
            ),
        ),
    ),
    file=_("予約する"),
)
"""When and where the set is handed over; filed again it moves the booking."""

CANCELLATION = Form(
    "loan_cancellation",
    _("貸出の取りやめ"),
    "R6",
    (
        Page(
            "cancellation",
            _("取りやめ"),
            (
                Choice(
                    "why",
                    _("取りやめの理由"),
                    (
                        Option("no_need", _("いらなくなった")),
                        Option("own", _("自分で用意した")),
                        Option("dates", _("日程が合わない")),
                        Option("other", _("その他")),
                    ),
                    question=_("借りるのをやめる理由を教えてください。"),
                    help=_(
                        "取りやめると、予約と決定は取り消されます。もう一度借りるときは、新しい申請が必要です。"
                    ),
                ),
                LongText("why_more", _("くわしい理由"), required=False, longest=200),
            ),
        ),
    ),
    file=_("取りやめる"),
)
"""Giving the loan up between the decision and the hand-over."""
