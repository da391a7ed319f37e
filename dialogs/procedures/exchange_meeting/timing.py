"""What time brings about on a registration: word a week before, the day before, and of the survey after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from dialogs.events import Action, Do
from dialogs.meetings import ON_SITE, Meeting
from dialogs.procedures.exchange_meeting.form import FORM_R9
from dialogs.procedures.exchange_meeting.registration import Registration, Stand
from dialogs.procedures.exchange_meeting.rules import the_meeting
from dialogs.procedures.exchange_meeting.telling import (
    about,
    contact,
    offer,
    programme,
    shown,
    when,
)
from dialogs.replies import Offer, Receipt, Reply, Said
from dialogs.upcoming import ReminderDue
from dialogs.words import Message, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)

SURVEY_DAYS = 7
"""How many days after the meeting an invitation to its survey still makes sense."""


def reminders(case: CaseView, world: World) -> tuple[ReminderDue, ...]:
    """Return the word that the participant is to get on coming days; none where the meeting is not held."""
    meeting, stand = the_meeting(case.answers, world), Registration(case).stand
    if meeting is None or not meeting.is_held():
        return ()
    if stand is Stand.SEATED:
        return (*_of_a_seat(case, meeting, world), *_of_the_survey(meeting))
    return tuple(_of_waiting(meeting, world)) if stand is Stand.WAITING else ()


def _of_a_seat(case: CaseView, meeting: Meeting, world: World) -> Iterator[ReminderDue]:
    cancel = (offer(case, "cancelled", _("参加を取りやめる")),)
    week = _lines(say(_("交流会まで、あと1週間です。")), *about(meeting), contact(meeting, world))
    first, last = meeting.day - WEEK, meeting.day - 2 * DAY
    yield ReminderDue(f"week/{meeting.slot}", first, (Said(week, cancel),), until=last)
    yield ReminderDue(f"eve/{meeting.slot}", meeting.day - DAY, (_eve(case, meeting, world),))


def _eve(case: CaseView, meeting: Meeting, world: World) -> Reply:
    """Return what is needed tomorrow: the screen for the door, or where to watch what is open to those who watch."""
    proof, way = shown(case, world), Registration(case).attendance
    text = _("明日は交流会です。受付でこの画面を見せてください") if way == ON_SITE else _("明日は交流会です")
    lines = (when(meeting), *programme(meeting, way), contact(meeting, world))
    code = proof.code if proof else ""
    cancel = (offer(case, "cancelled", _("参加を取りやめる")),)
    return Receipt(say(text), FORM_R9, case.opened, case.reference, lines, cancel, code)


def _of_waiting(meeting: Meeting, world: World) -> Iterator[ReminderDue]:
    """Yield that no seat became free, the day before: nobody is to wait in vain."""
    text = say(_("申し訳ありません。明日の交流会は、席が空きませんでした。またの機会にお申し込みください。"))
    yield ReminderDue(
        f"sorry/{meeting.slot}", meeting.day - DAY, (Said(_lines(text, contact(meeting, world))),)
    )


def _of_the_survey(meeting: Meeting) -> Iterator[ReminderDue]:
    """Yield the invitation to the meeting's survey, the morning after it: those who watched get it too (004-09)."""
    if meeting.survey:
        text = say(
            _("昨日の交流会に申し込んだ方に、アンケートのお願いです。お名前は書きません。数分で終わります。")
        )
        begin = Offer(say(_("アンケートに答える")), Action(Do.START, key=f"survey_{meeting.survey}"))
        day, last = meeting.day + DAY, meeting.day + timedelta(days=SURVEY_DAYS)
        yield ReminderDue(f"survey/{meeting.slot}", day, (Said(text, (begin,)),), until=last)


def _lines(first: Message, *others: Message) -> Message:
    if not others:
        return first
    return Message("{first}\n{others}", {"first": first, "others": _lines(*others)})
