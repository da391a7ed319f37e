"""A small service whose cases go on by steps with forms of their own: a visit is booked, made and agreed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dialogs.effects import Claim, GiveBack, Take
from dialogs.fields import Answers, Given, Name, Number, Photo, Slot
from dialogs.form import Form, Page
from dialogs.procedure import Filing, Procedure, Role, Step
from dialogs.replies import Reply, Said
from dialogs.slots import VISIT, slot_key
from dialogs.standing import CaseView, Register
from dialogs.words import Message, say
from dialogs.world import World

AHEAD = timedelta(days=30)


def within(given: Given) -> tuple[date, date]:
    """Return a month from the day on which the case was opened; without a case, as columns are drawn, from today."""
    first = given.world.case.opened if given.world.case else given.world.today
    return max(first, given.world.today), first + AHEAD


APPLICATION = Form(
    "stepped",
    "見本の訪問",
    "R9",
    (Page("talk", "申し込み", (Number("length", "長さ", unit="m", least=1, most=100),)),),
)
BOOKING = Form(
    "stepped_booking",
    "訪問の予約",
    "R9",
    (
        Page("talk", "日時", (Slot("at", "訪問の日時", pool=lambda _answers: VISIT, bounds=within),)),
        Page("private", "立ち会う方", (Name("host", "立ち会う方のお名前", personal=True),), private=True),
    ),
    file="予約する",
)
VISITING = Form(
    "stepped_visit",
    "訪問の記録",
    "R9",
    (
        Page(
            "visit",
            "訪問",
            (
                Number("voltage", "電圧", unit="V", least=0, most=20_000),
                Photo("photo", "写真", required=False),
                Name("met", "会った方", personal=True, required=False),
            ),
        ),
    ),
    file="記録する",
)


def booked(answers: Answers, case: CaseView, world: World) -> tuple[Message, ...]:
    """Return what stands in the receipt of a booking."""
    return (say("{day} にうかがいます。", day=date.fromisoformat(answers["at"]["day"])),)


def claims(step: str, said: Answers, case: CaseView, world: World) -> tuple[Claim, ...]:
    """Return that a booking takes its time, and gives back the one before."""
    if step == "booked":
        taken = Take(case.reference, VISIT, (slot_key(said["at"]),), 1, "visit")
        return (GiveBack(case.reference, "visit"), taken)
    return (GiveBack(case.reference, "visit"),) if step == "given_up" else ()


def told(step: str, said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    """Return that somebody came, and what they measured."""
    if step == "visited":
        return (Said(say("{voltage}Vでした。", voltage=said["voltage"])),)
    return (Said(say("担当者が予約を受けました。")),) if step == "booked" else ()


STEPS = (
    Step("application", "申し込み", Role.RESIDENT, state="申し込みを受け付けました。"),
    Step(
        "booked",
        "訪問の予約",
        Role.RESIDENT,
        state="訪問の予約ができました。",
        after="application",
        until=("visited", "given_up"),
        days=7,
        repeats=True,
        also=(Role.STAFF,),
        form=BOOKING,
        invitation="訪問を予約する",
        receipt=booked,
    ),
    Step(
        "given_up",
        "取りやめ",
        Role.RESIDENT,
        state="取りやめました。",
        after="booked",
        until=("visited",),
        invitation="訪問を取りやめる",
        sure="取りやめますか。",
    ),
    Step(
        "visited",
        "訪問",
        Role.CONTRACTOR,
        state="訪問が終わりました。",
        after="booked",
        until=("given_up",),
        within=3,
        form=VISITING,
    ),
    Step(
        "agreed",
        "内容の確認",
        Role.RESIDENT,
        state="内容を確かめました。",
        after="visited",
        applies=lambda case: any(each.said.get("voltage", 0) > 0 for each in case.history),
        invitation="内容を確かめました",
    ),
    Step(
        "checked",
        "定期の点検",
        Role.CONTRACTOR,
        state="点検しました。",
        after="visited",
        every=14,
        tolerance=3,
    ),
)
STEPPED = Procedure(
    "stepped",
    "見本の訪問",
    "見本の訪問を申し込む",
    (APPLICATION,),
    STEPS,
    series="loan",
    claims=claims,
    told=told,
)
REGISTER = Register((STEPPED,))


def filings(*steps: str | Filing, day: date = date(2027, 6, 7)) -> Iterator[Filing]:
    """Yield what was filed, one day after the other."""
    for number, each in enumerate(steps):
        yield Filing(each, day + timedelta(days=number)) if isinstance(each, str) else each


def case(*steps: str | Filing, **changes: Any) -> CaseView:
    """Return a case on which the application and *steps* were filed."""
    history = tuple(filings("application", *steps))
    view = CaseView("R9-0001", "stepped", "R9", history[0].day, history, {"length": 40}, 1)
    return replace(view, **changes)
