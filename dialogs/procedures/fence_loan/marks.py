"""What staff and the contractor should see at a glance of a loan as it stands (003-14, 18, 19, 33, 34, 37)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dialogs.procedure import Flag
from dialogs.procedures.fence_loan.checking import LEAST_VOLTS
from dialogs.procedures.fence_loan.loan import CITY_CARRIES, CITY_INSTALLS, NOTICE_OMITTED, Loan
from dialogs.words import _
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

BEFORE = {
    NOTICE_OMITTED: Flag("identity", _("通知書を省略（本人確認が必要）")),
    CITY_CARRIES: Flag("city_carries", _("市が運搬")),
    CITY_INSTALLS: Flag("city_installs", _("市が設置")),
}
"""What the city has set aside, as far as it matters where the set is handed over."""


def marks(case: CaseView, world: World) -> tuple[Flag, ...]:
    """Return what is remarkable about the loan of *case* today; nothing of one that was not granted or is over."""
    loan = Loan(case)
    if not loan.number or loan.day("cancelled"):
        return ()
    if loan.handed_over is None:
        return tuple(flag for waived, flag in BEFORE.items() if waived in loan.waived)
    return tuple(_lent(loan, world)) if loan.is_lent else tuple(_returned(loan))


def _lent(loan: Loan, world: World) -> Iterator[Flag]:
    volts = loan.said("checked_on_site").get("voltage")
    found = (
        (loan.fault is not None, Flag("fault", _("故障（交換待ち）"))),
        (loan.trouble is not None, Flag("trouble", _("困りごとの連絡あり"))),
        (volts is not None and volts < LEAST_VOLTS, Flag("low_voltage", _("前回の電圧が6000V未満"))),
        (loan.instruction is not None, Flag("unread", _("点検のお知らせが未読"))),
        (loan.asked_until is not None, Flag("extension", _("延長の申し込みあり"))),
        (world.today > loan.last, Flag("overdue", _("返却期限を過ぎている"))),
    )
    yield from (flag for holds, flag in found if holds)


def _returned(loan: Loan) -> Iterator[Flag]:
    if loan.missing and not loan.day("settled"):
        yield Flag("missing", _("部品が足りない"))
    if loan.said("taken_back").get("own_fault") == "yes":
        yield Flag("own_fault", _("借受者の責による重大な損傷"))
