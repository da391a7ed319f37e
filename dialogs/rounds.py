"""The contractor's round of a day: what is to be done where and when, ward by ward (003-06, 15, 18, 22).

A round says places and numbers of cases, never whose they are: names and addresses are read in the console.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from dialogs.events import Action, Do
from dialogs.office import Office, PickupPoint
from dialogs.procedure import Role
from dialogs.reading.days import read_day
from dialogs.reading.text import clean, narrow
from dialogs.replies import Item, Link, Listing, Offer, Reply, Said
from dialogs.standing import Register, Standing, Turn
from dialogs.upcoming import Errand, Leg, Stop, no_rounds
from dialogs.words import Message, _, say
from dialogs.words import listed as joined

if TYPE_CHECKING:
    from dialogs.lobby import Hall

MOST_LISTED = 40
"""Stops in one list; nobody makes more in a day, and it says how many are left."""

_ASKED = re.compile(  # untranslated: words that are read
    r"(?:巡回|じゅんかい|見まわり|見回り|みまわり|rounds?|route)[\s:：　]*(?P<day>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LATEST = time.max

NAMES: Mapping[Errand, str] = {
    Errand.PICKUP: _("引き渡し"),
    Errand.DELIVERY: _("お届け"),
    Errand.CHECK: _("設置状況の確認"),
    Errand.SWAP: _("交換"),
    Errand.RETURN: _("返却の受け取り"),
    Errand.COLLECTION: _("回収"),
    Errand.VISIT: _("設置の指導"),
    Errand.RECHECK: _("3週間後の確認"),
}
"""What each errand is called."""


def asked(text: str) -> Action | None:
    """Return the order for a round that *text* holds, with the day as it was typed; None for other words."""
    found = _ASKED.fullmatch(narrow(clean(text)))
    return Action(Do.ROUND, value=found["day"].strip()) if found else None


def day_of(value: str, today: date) -> date | None:
    """Return the day that a round is asked for, *today* where none is named; None for what is no day."""
    return read_day(value, today) if value else today


def makes_rounds(standing: Standing, register: Register) -> bool:
    """Return whether the person is one of a contractor's who goes to places."""
    return any(
        each.rounds is not no_rounds and Role.CONTRACTOR in standing.roles(each.key)
        for each in register.procedures
    )


def of_day(legs: Iterable[Leg], day: date, today: date, office: Office) -> tuple[Leg, ...]:
    """Return the *legs* of the round of *day* as it is known *today*, ward by ward, by time within a ward.

    What has no hour and may be done on several days stands in the round of each of them; what is late in
    today's, and where it needs no appointment in each that follows.
    """
    wards = [each.name for each in office.wards]

    def order(leg: Leg) -> tuple[int, time, str, str]:
        ward = ward_of(leg.stop, office)
        place = wards.index(ward) if ward in wards else len(wards)
        return place, leg.stop.time or _LATEST, leg.stop.kind.value, leg.reference

    return tuple(sorted((each for each in legs if belongs(each.stop, day, today)), key=order))


def belongs(stop: Stop, day: date, today: date) -> bool:
    """Return whether *stop* stands in the round of *day* as it is known *today*."""
    if (stop.opens or stop.day) <= day <= stop.day:
        return True
    return is_late(stop, today) and (day == today or (day > today and stop.opens is not None))


def is_late(stop: Stop, today: date) -> bool:
    """Return whether the last day for *stop* is over."""
    return stop.day < today


def point_of(stop: Stop, office: Office) -> PickupPoint | None:
    """Return the pick-up point at which *stop* is, None where it is at the resident's own place."""
    return next((each for each in office.points if each.key == stop.place), None)


def ward_of(stop: Stop, office: Office) -> str:
    """Return the Japanese name of the ward in which *stop* lies, "" where nobody said."""
    point = point_of(stop, office)
    found = office.ward(point.ward) if point else None
    return found.name if found else stop.ward


def clock(at: time) -> str:
    """Return *at* as it stands on a door: 9:00."""
    return f"{at.hour}:{at.minute:02}"


def answer(hall: Hall, standing: Standing, order: Action) -> Turn:
    """Return the round that *order* asks for."""
    today = hall.world.today
    day = day_of(order.value, today)
    if day is None:
        text = say(_("日を読み取れません。「巡回」「巡回 明日」「巡回 6月14日」のように送ってください。"))
        return Turn(standing, (Said(text, _ways(today, today)),))
    return Turn(standing, (listing(hall, standing, day),))


def listing(hall: Hall, standing: Standing, day: date) -> Reply:
    """Return the round of *day* as a list."""
    legs = standing.round
    late = sum(is_late(each.stop, hall.world.today) for each in legs)
    ways = _ways(day, hall.world.today)
    if not legs:
        return Listing(say(_("{day}の巡回：予定はありません。"), day=day), (), ways)
    title = say(_("{day}の巡回：{count}件"), day=day, count=len(legs))
    if late:
        text = _("{day}の巡回：{count}件\n期限を過ぎたもの：{late}件")
        title = say(text, day=day, count=len(legs), late=late)
    shown = tuple(_entry(hall, standing, each) for each in legs[:MOST_LISTED])
    page = Link(say(_("住所つきの表を開く（閲覧は記録されます）")), f"rounds/{day.isoformat()}")
    return Listing(title, shown, ways, (page,))


def what(stop: Stop, office: Office) -> Message:
    """Return what is to be done at *stop*: when, what, and at which pick-up point."""
    done, point = say(NAMES[stop.kind]), point_of(stop, office)
    if stop.time:
        done = say(_("{at}　{kind}"), at=clock(stop.time), kind=done)
    done = say(_("{what}（{point}）"), what=done, point=say(point.name)) if point else done
    return say(_("{what}　※{marks}"), what=done, marks=joined(stop.marks)) if stop.marks else done


def _entry(hall: Hall, standing: Standing, leg: Leg) -> Item:
    office = hall.world.office
    ward = say(ward_of(leg.stop, office) or _("区は案件で確認"))
    label = say(_("{ward}　{what}"), ward=ward, what=what(leg.stop, office))
    find = Action(Do.FIND, key=leg.reference)
    return Item(label, find, _detail(leg, hall.world.today), _deeds(hall, standing, leg), leg.reference)


def _detail(leg: Leg, today: date) -> Message:
    stop = leg.stop
    if is_late(stop, today):
        text = _("{reference}　期限を過ぎています（{day}まで）")
        return say(text, reference=leg.reference, day=stop.day)
    if stop.opens is not None:
        text = _("{reference}　{opens}から{day}まで")
        return say(text, reference=leg.reference, opens=stop.opens, day=stop.day)
    return say(leg.reference)


def _deeds(hall: Hall, standing: Standing, leg: Leg) -> tuple[Offer, ...]:
    """Return the button that opens the form of what is filed at the stop, for those who may file it."""
    procedure = hall.register.of(leg.procedure)
    step = procedure.step(leg.stop.step) if procedure else None
    if step is None or not standing.roles(leg.procedure) & {step.role, *step.also}:
        return ()
    return (Offer(say(step.invitation or step.title), Action(Do.FILE, key=leg.reference, part=step.key)),)


def _ways(day: date, today: date) -> tuple[Offer, ...]:
    other = day + timedelta(days=1)
    offers = [Offer(say(_("{day}の巡回"), day=other), Action(Do.ROUND, value=other.isoformat()))]
    if day != today:
        offers.insert(0, Offer(say(_("今日の巡回")), Action(Do.ROUND), _("巡回")))
    return (*offers, Offer(say(_("メニュー")), Action(Do.MENU), _("メニュー")))
