"""Agreeing on a time: another one proposed, chosen anew, or the whole given up (003-21, 003-24, 003-59)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.fields import Choice, LongText, Option
from dialogs.form import Form, Page
from dialogs.procedures.install_guidance.guidance import Guidance
from dialogs.procedures.install_guidance.rules import VisitTime, visit_bounds, visit_pool
from dialogs.words import Message, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView


def too_late(case: CaseView, world: World) -> Message | None:
    """Return why the visit of *case* can no longer be moved or given up here; None where it still can.

    Until the day before: on the day itself somebody is on the way.  Whoever rings is helped by the office.
    """
    at = Guidance(case).arranged.day
    if at is None or at > world.today:
        return None
    text = _(
        "訪問の当日になったので、ここでは変更や取りやめができません。{section}（電話 {telephone}）へお電話ください。"
    )
    return say(text, section=say(world.office.section), telephone=world.office.telephone)


PROPOSAL = Form(
    "guidance_proposal",
    _("ほかの日時の提案"),
    "R6",
    (
        Page(
            "proposal",
            _("提案"),
            (
                VisitTime(
                    "slot",
                    _("提案する日時"),
                    pool=visit_pool,
                    bounds=visit_bounds,
                    question=_("いつならうかがえますか。"),
                ),
                LongText(
                    "why",
                    _("理由や伝えたいこと"),
                    required=False,
                    longest=300,
                    hint=_("申し込んだ方に伝わります。個人情報は書かないでください。"),
                ),
            ),
        ),
    ),
    file=_("提案する"),
)
"""What the contractor proposes instead of a wish; the time is held, the one before is free again."""

MOVE = Form(
    "guidance_move",
    _("訪問の日時の変更"),
    "R6",
    (
        Page(
            "move",
            _("新しい日時"),
            (
                VisitTime(
                    "slot",
                    _("新しい希望の日時"),
                    pool=visit_pool,
                    bounds=visit_bounds,
                    question=_("いつ来てほしいですか。"),
                    help=_("いまの日時は取り消され、新しい日時を事業者と市が確認します。"),
                ),
            ),
        ),
    ),
    file=_("この日時を希望する"),
)
"""Another wish: before the visit, after a proposal, or once a time was lost."""

CANCELLATION = Form(
    "guidance_cancellation",
    _("設置指導の取りやめ"),
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
                        Option("dates", _("日程が合わない")),
                        Option("other", _("その他")),
                    ),
                    question=_("設置指導を取りやめる理由を教えてください。"),
                    help=_("取りやめると、押さえた時間はほかの方にまわります。また申し込むこともできます。"),
                ),
            ),
        ),
    ),
    file=_("設置指導を取りやめる"),
)
"""Giving the visit up."""
