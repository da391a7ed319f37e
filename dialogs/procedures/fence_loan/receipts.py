"""What stands in a borrower's receipts, and what bookings, extensions and parts are told in: shared sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from dialogs.events import Action, Do
from dialogs.fields import Answers
from dialogs.procedures.fence_loan.loan import NOTICE_OMITTED, Booked, Loan, booked
from dialogs.procedures.fence_loan.parts import named
from dialogs.procedures.fence_loan.places import point
from dialogs.procedures.fence_loan.trouble import DANGEROUS, FIRST, OWN_FAULT
from dialogs.replies import Offer
from dialogs.slots import DELIVERY
from dialogs.words import Message, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView


def about_booking(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:
    """Return when and where the set is picked up, and what to bring (003-06, 13, 15, 33)."""
    at, loan = booked(said), Loan(case)
    carried = _("設置場所へお届けします。その時間においでください。")
    return (
        when(at),
        *where(at, world, carried),
        to_show(loan, delivered=at.place == DELIVERY),
        _until_the_day_before(),
    )


def about_return(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return when and where the set comes back, and in which state."""
    at = booked(said)
    collected = _("設置場所へ受け取りにうかがいます。電源を切り、片づけておいてください。")
    return (
        when(at),
        *where(at, world, collected),
        say(_("電源を切ってから片づけ、部品の数を確かめて、泥などを落としておいてください。")),
        _until_the_day_before(),
    )


def about_cancellation(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return that nothing is booked any more."""
    return (
        say(_("受け取りの予約も取り消しました。")),
        say(_("また必要になったときは、新しく申請してください。")),
    )


def about_trouble(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return what to do first, and who calls (003-37, 56)."""
    trouble = said.get("trouble", "other")
    notes = [say(FIRST[trouble])]
    if trouble == OWN_FAULT:
        notes.append(
            say(
                _(
                    "ご自分の不注意などで大きくこわれたときは、直す費用を負担していただくことがあります"
                    "（貸出要領10条3項）。くわしくは担当者が説明します。"
                )
            )
        )
    told = _("担当者に伝えました。急ぐときは {telephone} へお電話ください。")
    if trouble not in DANGEROUS:
        told = _("担当者から、このトークか電話で連絡します。急ぐときは {telephone} へお電話ください。")
    return (*notes, say(told, telephone=world.office.telephone))


def about_extension(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return until when was asked for, and that the city decides (003-17, 36)."""
    return (
        say(_("希望する終わりの日：{last}"), last=date.fromisoformat(said["until"])),
        say(_("延長できるかどうかを市が決めて、このトークでお知らせします。")),
        say(_("決まるまでは、いまの終わりの日（{last}）のままです。"), last=Loan(case).last),
    )


def about_missing(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:
    """Return which parts it is about and what happens next (003-19)."""
    missing = say(_("足りない部品：{parts}"), parts=named(Loan(case).missing, world.office.set_parts))
    if "bring_by" in said:
        text = _("{day} ごろまでに、返した場所へ持ってきてください。")
        return missing, say(text, day=date.fromisoformat(said["bring_by"]))
    return missing, say(_("担当者が確かめて、必要なときは連絡します。"))


def thanks(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return thanks: nothing more follows."""
    return (say(_("ありがとうございました。")),)


def when(at: Booked) -> Message:
    """Return the day and the time of *at*."""
    return say(_("日時：{day} {time}"), day=at.day, time=at.time)


def where(at: Booked, world: World, at_the_site: str) -> Iterator[Message]:
    """Yield the place of *at* with its address; *at_the_site* where the contractor comes."""
    if at.place == DELIVERY:
        yield say(at_the_site)
        return
    place = point(world.office, at.place)
    if place:
        yield say(_("場所：{name}（{address}）"), name=say(place.name), address=place.address)


def to_show(loan: Loan, *, delivered: bool = False) -> Message:
    """Return what is to be shown when the set is handed over: the notice, or who one is (003-13, 33)."""
    if NOTICE_OMITTED in loan.waived:
        text = _("本人を確認できるものを用意し、通知番号（{number}）を伝えてください。")
    elif delivered:
        text = _("届いたときに、通知書の画面か、通知番号（{number}）を見せてください。")
    else:
        text = _("受付で、通知書の画面か、通知番号（{number}）を見せてください。")
    return say(text, number=loan.number)


def offer(case: CaseView, step: str, label: str) -> Offer:
    """Return the button that begins the step *step* of *case*, or files it where it asks nothing."""
    return Offer(say(label), Action(Do.FILE, key=case.reference, part=step))


def _until_the_day_before() -> Message:
    return say(_("予約の変更や取りやめは、前の日までできます。メニューからどうぞ。"))
