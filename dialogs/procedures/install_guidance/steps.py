"""The steps of a guidance: from the request to the check whose result was told (003-21…24, 003-59)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dialogs.fields import Choice, LongText, Option
from dialogs.procedures.install_guidance.arranging import CANCELLATION, MOVE, PROPOSAL, too_late
from dialogs.procedures.install_guidance.guidance import ENDING, NOT_YET, Guidance
from dialogs.procedures.install_guidance.telling import about_agreement, about_cancellation, about_move
from dialogs.procedures.install_guidance.visiting import RECHECK, TELLING, TOLD_TO_THEM, VISIT
from dialogs.steps import Role, Step
from dialogs.words import _

if TYPE_CHECKING:
    from dialogs.standing import CaseView

BY_TELEPHONE = (Role.STAFF, Role.CONTRACTOR)
"""Who writes down what somebody says by telephone: the ordinance has all of it arranged that way (003-59)."""

OFFICE = (Role.CHIEF, Role.MANAGER)

RECHECK_DAYS, RECHECK_TOLERANCE = 21, 3
"""About three weeks after the fence was set up (003-22)."""

OVER = tuple(sorted(ENDING))
ASKED = _("受け付けました。事業者が日程を確認します。")
AGREED = _("日程がまとまりました。市が確認し、決まったらお知らせします。")
CHOOSE = _("時間を押さえていません。「日時をえらぶ・変える」から、もう一度お選びください。")


def _since(case: CaseView) -> date:
    """Return the day on which the arrangement came to where it is."""
    return Guidance(case).arranged.since


def _visit_day(case: CaseView) -> date | None:
    """Return the day of the visit, once it is definite."""
    at = Guidance(case).arranged
    return at.day if at.definite else None


def _visited_on(case: CaseView) -> date | None:
    return Guidance(case).visited_on


ARRANGING = (
    Step("application", _("申し込み"), Role.RESIDENT, state=ASKED),
    Step(
        "accepted",
        _("希望の日時の承諾"),
        Role.CONTRACTOR,
        state=AGREED,
        after="application",
        until=OVER,
        within=2,
        since=_since,
        applies=lambda case: Guidance(case).arranged.waits_for_contractor,
        repeats=True,
    ),
    Step(
        "proposed",
        _("ほかの日時の提案"),
        Role.CONTRACTOR,
        state=_("事業者から、ほかの日時の提案があります。"),
        after="application",
        until=OVER,
        repeats=True,
        form=PROPOSAL,
    ),
    Step(
        "agreed",
        _("提案された日時の承諾"),
        Role.RESIDENT,
        state=AGREED,
        after="proposed",
        until=OVER,
        applies=lambda case: Guidance(case).arranged.waits_for_resident,
        repeats=True,
        also=BY_TELEPHONE,
        invitation=_("提案された日時でお願いする"),
        receipt=about_agreement,
    ),
    Step(
        "moved",
        _("日時の変更の希望"),
        Role.RESIDENT,
        state=ASKED,
        after="application",
        until=OVER,
        repeats=True,
        also=BY_TELEPHONE,
        closed=too_late,
        form=MOVE,
        invitation=_("日時をえらぶ・変える"),
        receipt=about_move,
    ),
    Step(
        "instructed",
        _("実施の指示"),
        Role.STAFF,
        state=_("訪問の日時が決まりました。"),
        after="application",
        until=OVER,
        within=2,
        since=_since,
        applies=lambda case: Guidance(case).arranged.waits_for_city,
        repeats=True,
        also=OFFICE,
        asks=(
            LongText(
                "instruction",
                _("事業者への指示（設置場所など）"),
                required=False,
                longest=300,
                hint=_("個人情報は書かないでください。設置場所の住所は管理画面で確かめられます。"),
            ),
        ),
    ),
    Step(
        "declined",
        _("実施しない"),
        Role.STAFF,
        state=_("設置指導は行わないことになりました。"),
        after="application",
        until=OVER,
        applies=lambda case: not Guidance(case).arranged.definite,
        also=OFFICE,
        asks=(LongText("declined_why", _("実施しない理由"), longest=300, hint=TOLD_TO_THEM),),
    ),
    Step(
        "lapsed",
        _("仮押さえの取り消し"),
        Role.STAFF,
        state=CHOOSE,
        after="application",
        until=OVER,
        applies=lambda case: bool(Guidance(case).arranged.slot) and not Guidance(case).arranged.definite,
        repeats=True,
        also=OFFICE,
    ),
    Step(
        "cancelled",
        _("取りやめ"),
        Role.RESIDENT,
        state=_("設置指導を取りやめました。"),
        after="application",
        until=("declined", "visited"),
        also=BY_TELEPHONE,
        closed=too_late,
        form=CANCELLATION,
        invitation=_("設置指導を取りやめる"),
        receipt=about_cancellation,
    ),
)

VISITING = (
    Step(
        "missed",
        _("訪問できなかった"),
        Role.CONTRACTOR,
        state=CHOOSE,
        after="instructed",
        until=OVER,
        applies=lambda case: Guidance(case).arranged.definite,
        repeats=True,
        also=(Role.STAFF,),
        asks=(
            Choice(
                "missed_why",
                _("訪問できなかった理由"),
                (
                    Option("absent", _("不在だった")),
                    Option("weather", _("天候が悪かった")),
                    Option("bear", _("ヒグマの出没があった")),
                    Option("ours", _("事業者の都合")),
                ),
            ),
        ),
    ),
    Step(
        "visited",
        _("設置指導の実施"),
        Role.CONTRACTOR,
        state=_("設置指導が終わりました。3週間後くらいに、1回点検にうかがいます。"),
        after="instructed",
        until=("cancelled", "declined"),
        days=0,
        since=_visit_day,
        applies=lambda case: Guidance(case).arranged.definite,
        also=(Role.STAFF,),
        form=VISIT,
    ),
    Step(
        "confirmed",
        _("設置の確認（確認書の交付）"),
        Role.CONTRACTOR,
        state=_("設置を確認し、設置確認書を交付しました。"),
        after="visited",
        applies=lambda case: not Guidance(case).is_certified,
        also=(Role.STAFF,),
    ),
    Step(
        "rechecked",
        _("3週間後の点検"),
        Role.CONTRACTOR,
        state=_("設置指導と点検が終わりました。"),
        after="visited",
        days=RECHECK_DAYS,
        tolerance=RECHECK_TOLERANCE,
        since=_visited_on,
        also=(Role.STAFF,),
        form=RECHECK,
    ),
    Step(
        "told",
        _("点検結果の報告"),
        Role.CONTRACTOR,
        state=_("設置指導と点検が終わりました。"),
        after="rechecked",
        within=2,
        applies=lambda case: Guidance(case).recheck.get("told_by") == NOT_YET,
        also=(Role.STAFF,),
        asks=TELLING,
    ),
)

LIFE = (*ARRANGING, *VISITING)
"""In the order in which it usually happens."""
