"""Asking for more days: why, and until when; past the season too, as the city decides (003-17, 36)."""

from __future__ import annotations

from datetime import date, timedelta

from dialogs.fields import Choices, Day, Given, Is, Option, Text, Value
from dialogs.form import Form, Page
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.slots import FENCE_SETS, days
from dialogs.words import Message, _, say

DAY = timedelta(days=1)
LONGEST = timedelta(days=92)
"""How far an extension may be asked for.  The ordinance names no end: this one keeps out a wrong year."""

REASONS = (
    Option("bears", _("近くでヒグマの出没や被害が続いている"), short=_("ヒグマが出ている")),
    Option("own_late", _("自分で用意する電気柵が間に合わない"), short=_("用意が間に合わない")),
    Option("harvest", _("作物の収穫が終わっていない"), short=_("収穫が終わらない")),
    Option("other", _("その他")),
)
"""Why more days are needed (003-17)."""


def soonest(given: Given) -> date:
    """Return the first day that is an extension: the one after the loan's last, and never one gone by."""
    last = Loan(given.world.case).last if given.world.case else given.world.today
    return max(last + DAY, given.world.today)


def latest(given: Given) -> date:
    """Return the last day that can be asked for."""
    return soonest(given) + LONGEST


def further_days(loan: Loan, until: date, turnaround: int) -> tuple[str, ...]:
    """Return the days that an extension of *loan* until *until* takes besides those it has (slots of fence_sets)."""
    had = {*days(loan.first, loan.last, turnaround)}
    return tuple(each for each in days(loan.first, until, turnaround) if each not in had)


def short_of_sets(value: Value, given: Given) -> Message | None:
    """Return that not enough sets are free for so long, where that is known: it may be asked for all the same."""
    world = given.world
    if world.case is None or FENCE_SETS not in world.free.capacities:
        return None
    loan = Loan(world.case)
    wanted = further_days(loan, date.fromisoformat(value), world.office.stock.turnaround_days)
    if all(world.free.left(FENCE_SETS, each) >= loan.sets for each in wanted):
        return None
    return say(
        _("その期間は、いまのところセットが足りません。申請はできますが、延長できないことがあります。")
    )


EXTENSION = Form(
    "loan_extension",
    _("貸出期間の延長"),
    "R6",
    (
        Page(
            "extension",
            _("延長"),
            (
                Choices(
                    "reasons",
                    _("延長の理由"),
                    REASONS,
                    question=_("延長したい理由はどれですか。（いくつでも）"),
                    help=_(
                        "あてはまるものを選んでください。延長できるかどうかは、市が決めてお知らせします。"
                    ),
                ),
                Text(
                    "reason_more",
                    _("その他の理由"),
                    when=Is("reasons", "other"),
                    question=_("その他の理由を教えてください。"),
                ),
                Day(
                    "until",
                    _("新しい終わりの日"),
                    least=soonest,
                    most=latest,
                    warn=short_of_sets,
                    question=_("いつまで借りたいですか。"),
                    help=_("必要なときは、貸出の期間（10月末ごろまで）より後の日もえらべます。"),
                ),
            ),
        ),
    ),
    file=_("延長を申し込む"),
)
"""様式 are none: by word of mouth is enough (9条), so staff may fill it in for somebody who rings (003-36)."""
