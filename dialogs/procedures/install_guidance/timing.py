"""What time brings about on a guidance: reminders of the visit, where to go, and a time that goes back by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from dialogs.procedures.install_guidance.guidance import Arranged, Guidance
from dialogs.procedures.install_guidance.steps import LIFE
from dialogs.procedures.install_guidance.telling import offer, when
from dialogs.replies import Said
from dialogs.steps import dues
from dialogs.upcoming import Errand, Lapse, ReminderDue, Stop
from dialogs.words import Message, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

DAY = timedelta(days=1)
ANSWER_AFTER = timedelta(days=2)
"""How long after a proposal somebody is asked once more what they think of it."""


def reminders(case: CaseView, world: World) -> tuple[ReminderDue, ...]:  # noqa: ARG001 -- the house's shape
    """Return the word that the resident is to get on coming days."""
    at = Guidance(case).arranged
    if at.definite and at.day:
        return tuple(_of_the_visit(case, at, at.day))
    return tuple(_of_the_proposal(case, at)) if at.waits_for_resident else ()


def _of_the_visit(case: CaseView, at: Arranged, day: date) -> Iterator[ReminderDue]:
    lines = when({"day": day.isoformat(), "time": at.time})
    move = (offer(case, "moved", _("日時を変える")),)
    tomorrow = _two(say(_("明日は、電気柵の設置指導の日です。電気柵と電池を用意してください。")), lines)
    yield ReminderDue(f"visit-eve/{at.slot}", day - DAY, (Said(tomorrow, move),))
    today = _two(say(_("今日は、電気柵の設置指導の日です。")), lines)
    yield ReminderDue(f"visit/{at.slot}", day, (Said(today),))


def _of_the_proposal(case: CaseView, at: Arranged) -> Iterator[ReminderDue]:
    slot = {"day": at.slot.partition("T")[0], "time": at.time}
    text = _two(
        say(_("{reference} に、日時の提案があります。お返事をお待ちしています。"), reference=case.reference),
        when(slot),
    )
    offers = (
        offer(case, "agreed", _("この日時でお願いする")),
        offer(case, "moved", _("日時をえらび直す")),
    )
    day = at.since + ANSWER_AFTER
    yield ReminderDue(f"proposal/{at.slot}", day, (Said(text, offers),), until=day + DAY)


def _two(first: Message, second: Message) -> Message:
    return Message("{first}\n{second}", {"first": first, "second": second})


def stops(case: CaseView, world: World) -> tuple[Stop, ...]:
    """Return where the contractor goes for *case*: the definite visit, and the check about three weeks later."""
    guidance = Guidance(case)
    at = guidance.arranged
    if at.definite and at.day:
        return (Stop(Errand.VISIT, at.day, time.fromisoformat(at.time), "", "visited", ward=guidance.ward),)
    waiting = dues(LIFE, case, world.office.calendar)
    return tuple(
        Stop(Errand.RECHECK, due.last, None, "", "rechecked", ward=guidance.ward, opens=due.opens)
        for due in waiting
        if due.step.key == "rechecked"
    )


def lapses(case: CaseView, world: World) -> tuple[Lapse, ...]:
    """Return until when a time is held without the city's instruction: some business days, and never to its day."""
    at = Guidance(case).arranged
    if at.day is None or at.definite:
        return ()
    deadline = world.office.calendar.add_business_days(at.since, world.office.instruction_days)
    return (Lapse("lapsed", min(deadline, at.day - DAY)),)
