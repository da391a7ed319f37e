"""The steps of a registration: from the application to the door, with the waiting list in between (004-11, 004-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.fields import Choice, LongText, Option
from dialogs.procedures.exchange_meeting.registration import Registration, Stand
from dialogs.procedures.exchange_meeting.rules import (
    ABSENT,
    QUEUED,
    SEATED,
    too_late_to_answer,
    too_late_to_cancel,
    too_late_to_change,
)
from dialogs.procedures.exchange_meeting.telling import about_acceptance, about_cancellation, about_refusal
from dialogs.steps import Role, Step
from dialogs.words import _

if TYPE_CHECKING:
    from dialogs.standing import CaseView

BY_TELEPHONE = (Role.STAFF,)
"""Who writes down what somebody says by telephone."""

NEEDS_DAYS = 3
"""How many business days there are to arrange what somebody needs, and to say so (004-14)."""

ENDED = ("cancelled", "called_off", "declined", "lapsed")

_ARRANGED = (
    Option("ready", _("用意できます")),
    Option("partly", _("一部を用意できます")),
    Option("not", _("用意できません")),
)


def by_itself(case: CaseView) -> bool:  # noqa: ARG001 -- the shape of every such condition
    """Return that nobody files it: it follows from what was filed, or from the waiting list."""
    return False


def _is_offered(case: CaseView) -> bool:
    return Registration(case).stand is Stand.OFFERED


def _can_cancel(case: CaseView) -> bool:
    return Registration(case).stand in {Stand.SEATED, Stand.WAITING}


def _wants_needs(case: CaseView) -> bool:
    registration = Registration(case)
    return registration.has_needs and registration.stand in {Stand.SEATED, Stand.WAITING, Stand.OFFERED}


REGISTERING = (
    Step("application", _("申し込み"), Role.RESIDENT, state=_("申し込みを受け付けました。")),
    Step(
        "correction",
        _("内容の訂正"),
        Role.RESIDENT,
        state=_("申し込みの内容を訂正しました。"),
        after="application",
        until=(*ENDED, "attended"),
        applies=lambda case: not _is_offered(case),
        repeats=True,
        closed=too_late_to_change,
    ),
    Step(
        SEATED,
        _("席の確保"),
        Role.STAFF,
        state=_("参加を受け付けました。席があります。"),
        after="application",
        applies=by_itself,
        repeats=True,
    ),
    Step(
        QUEUED,
        _("キャンセル待ちの登録"),
        Role.STAFF,
        state=_("キャンセル待ちです。席が空いたら、お知らせします。"),
        after="application",
        applies=by_itself,
        repeats=True,
    ),
    Step(
        ABSENT,
        _("不参加の連絡"),
        Role.STAFF,
        state=_("参加しないと、うかがいました。"),
        after="application",
        applies=by_itself,
        repeats=True,
    ),
)

WAITING = (
    Step(
        "offered",
        _("空席の案内"),
        Role.STAFF,
        state=_("席が空きました。期限までにお返事ください。"),
        after="application",
        until=ENDED,
        applies=by_itself,
        repeats=True,
    ),
    Step(
        "accepted",
        _("空席を受ける返事"),
        Role.RESIDENT,
        state=_("参加を受け付けました。席があります。"),
        after="offered",
        until=ENDED,
        applies=_is_offered,
        repeats=True,
        also=BY_TELEPHONE,
        closed=too_late_to_answer,
        invitation=_("空いた席を受ける"),
        receipt=about_acceptance,
    ),
    Step(
        "declined",
        _("空席を見送る返事"),
        Role.RESIDENT,
        state=_("空いた席を見送りました。"),
        after="offered",
        until=ENDED,
        applies=_is_offered,
        also=BY_TELEPHONE,
        invitation=_("空いた席を見送る"),
        sure=_("席を見送ると、キャンセル待ちも終わります。よろしいですか。"),
        receipt=about_refusal,
    ),
    Step(
        "lapsed",
        _("空席の返事の期限切れ"),
        Role.STAFF,
        state=_("お返事の期限が過ぎたため、キャンセル待ちを終わりました。"),
        after="offered",
        until=ENDED,
        applies=by_itself,
    ),
)

ENDING = (
    Step(
        "cancelled",
        _("参加の取りやめ"),
        Role.RESIDENT,
        state=_("参加を取りやめました。"),
        after="application",
        until=(*ENDED, "attended"),
        applies=_can_cancel,
        also=BY_TELEPHONE,
        closed=too_late_to_cancel,
        invitation=_("交流会への参加を取りやめる"),
        sure=_("参加を取りやめると、席はほかの方にまわります。よろしいですか。"),
        receipt=about_cancellation,
    ),
    Step(
        "called_off",
        _("交流会の中止"),
        Role.STAFF,
        state=_("交流会は中止になりました。"),
        after="application",
        until=ENDED,
        applies=by_itself,
    ),
    Step(
        "rescheduled",
        _("日時・場所の変更の連絡"),
        Role.STAFF,
        state=_("交流会の日時か場所が変わりました。"),
        after="application",
        until=ENDED,
        applies=by_itself,
        repeats=True,
    ),
    Step(
        "accommodated",
        _("配慮の準備"),
        Role.STAFF,
        state=_("参加するために必要なことについて、お返事しました。"),
        after="application",
        until=ENDED,
        within=NEEDS_DAYS,
        applies=_wants_needs,
        asks=(
            Choice("arranged", _("用意できるか"), _ARRANGED),
            LongText(
                "arranged_how",
                _("ご本人への説明"),
                required=False,
                longest=300,
                hint=_("相手に伝わります。病気や障がいの名前など、個人情報は書かないでください。"),
            ),
        ),
    ),
    Step(
        "attended",
        _("受付（来場）"),
        Role.STAFF,
        state=_("ご参加ありがとうございました。"),
        after="application",
        until=("called_off",),
        applies=lambda case: not Registration(case).is_over,
    ),
)

LIFE = (*REGISTERING, *WAITING, *ENDING)
"""In the order in which it usually happens."""
