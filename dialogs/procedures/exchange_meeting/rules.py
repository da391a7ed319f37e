"""When a registration is taken, how large a group may be, and where it sits: the rules of the seats (004-11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from dialogs.fields import Answers
from dialogs.fields.base import sealed
from dialogs.meetings import Meeting
from dialogs.procedure import Flag, Opening
from dialogs.procedures.exchange_meeting.fields import meeting_value
from dialogs.procedures.exchange_meeting.registration import Registration, Stand, amount_of
from dialogs.words import Message, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

SEATED, QUEUED, ABSENT = "seated", "queued", "absent"
"""What follows at once from a registration or its correction."""


def opening(world: World) -> Opening:
    """Return whether some meeting takes registrations today."""
    if world.meetings.taking(world.today):
        return Opening(is_open=True)
    text = _(
        "いま申し込める交流会はありません。次の交流会が決まりましたら、市のホームページなどでお知らせします。"
    )
    return Opening(is_open=False, message=say(text))


def known(world: World) -> Answers:
    """Return what a registration begins with: the meeting where there is only one, and its only way to attend."""
    taking = world.meetings.taking(world.today)
    if len(taking) != 1:
        return {}
    (meeting,) = taking
    only = {"attendance": meeting.ways[0]} if len(meeting.ways) == 1 else {}
    return {"meeting": meeting_value(meeting), **only}


def the_meeting(answers: Answers, world: World) -> Meeting | None:
    """Return the meeting that *answers* are about, None where it is not known."""
    return world.meetings.get(str((answers.get("meeting") or {}).get("key", "")))


def placed(answers: Answers, world: World) -> str:
    """Return what follows from *answers*: a seat, a place on the waiting list, or that nobody comes."""
    meeting = the_meeting(answers, world)
    if answers.get("coming") != "yes" or meeting is None:
        return ABSENT
    seats = world.meetings.seats_of(meeting.key, answers["attendance"])
    return SEATED if seats.has_room_for(amount_of(answers)) else QUEUED


def sequel(step: str, answers: Answers, case: CaseView, world: World) -> str:  # noqa: ARG001 -- the shape of it
    """Return what is filed right after *step*, whose *answers* are those of the case from now on."""
    return placed(answers, world) if step in {"application", "correction"} else ""


def group_fits(answers: Answers, world: World) -> Mapping[str, Message]:
    """Refuse a group that is larger than one registration may bring, or than the room."""
    meeting, companions = the_meeting(answers, world), answers.get("companions")
    if meeting is None or companions is None:
        return {}
    most = min(meeting.group_most, meeting.seats_on_site)
    if 1 + companions <= most:
        return {}
    text = _(
        "いっしょに申し込めるのは、ご本人を入れて{most}人までです。{most}人より多いときは、分けて申し込んでください。"
    )
    return {"companions": say(text, most=most)}


def enough_seats(answers: Answers, world: World) -> Mapping[str, Message]:
    """Refuse a correction for which there is no room: whoever has a seat never loses it by trying to change it."""
    if world.case is None or Registration(world.case).stand is not Stand.SEATED:
        return {}
    if "attendance" not in answers or placed(answers, world) != QUEUED:
        return {}
    if answers["attendance"] != Registration(world.case).attendance:
        text = _("そちらの方法は、いま満席です。いまの席はそのままです。前の答えをえらび直してください。")
        return {"attendance": say(text)}
    text = _("人数をふやす分の空きがありません。いまの席はそのままです。前の人数を入力してください。")
    return {"companions": say(text)} if "companions" in answers else {}


def too_late_to_change(case: CaseView, world: World) -> Message | None:
    """Return why nothing can be changed here any more: the closing date is over, or the meeting does not wait."""
    meeting = the_meeting(case.answers, world)
    if meeting is None or meeting.takes(world.today):
        return None
    text = _(
        "内容を変えられるのは締切の {closes} まででした。"
        "変えたいときは、お電話ください（電話 {telephone}）。取りやめは、ここでできます。"
    )
    return say(
        text,
        closes=meeting.closes,
        telephone=telephone(meeting, world),
    )


def too_late_to_cancel(case: CaseView, world: World) -> Message | None:
    """Return why nobody can cancel any more: the day is over."""
    day = _day(case, world)
    if day is None or world.today <= day:
        return None
    return say(_("この交流会は {day} に終わりました。"), day=day)


def too_late_to_answer(case: CaseView, world: World) -> Message | None:
    """Return why an offer cannot be taken up any more: its deadline is over, to the minute."""
    until, now = Registration(case).offered_until, world.free.now
    if not until or not now or now < until:
        return None
    return say(_("お返事の期限を過ぎたため、この席は次の方におゆずりします。"))


def telephone(meeting: Meeting | None, world: World) -> str:
    """Return whom to ring about *meeting*."""
    return (meeting.telephone if meeting else "") or world.office.telephone


def flags(answers: Answers, world: World, filed: date) -> tuple[Flag, ...]:  # noqa: ARG001 -- the shape of it
    """Return what staff should see at a glance of the answers (004-14)."""
    found = (
        (sealed(answers.get("accommodation")), Flag("needs", _("配慮の希望あり"))),
        (answers.get("consent_recording") == "no", Flag("unrecorded", _("撮影を希望しない"))),
        (answers.get("coming") == "no", Flag("absent", _("不参加の連絡"))),
    )
    return tuple(flag for holds, flag in found if holds)


def marks(case: CaseView, world: World) -> tuple[Flag, ...]:  # noqa: ARG001 -- the shape of it
    """Return what staff should see at a glance of how it stands."""
    waits = {
        Stand.WAITING: Flag("waiting", _("キャンセル待ち")),
        Stand.OFFERED: Flag("offered", _("空席の返事待ち")),
    }
    found = waits.get(Registration(case).stand)
    return (found,) if found else ()


def _day(case: CaseView, world: World) -> date | None:
    meeting = the_meeting(case.answers, world)
    return meeting.day if meeting else Registration(case).day
