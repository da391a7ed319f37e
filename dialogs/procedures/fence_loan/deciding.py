"""What the applicant is told when the office has signed: 様式2 (003-53), a refusal, or what is to be put right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from dialogs.events import Action, Do
from dialogs.fields import Answers, Option
from dialogs.lobby import after_filing
from dialogs.office import Days, Handover
from dialogs.procedures.fence_loan.form import FORM_R6
from dialogs.procedures.fence_loan.loan import (
    AT_ONCE,
    CITY_CARRIES,
    CITY_INSTALLS,
    ELIGIBILITY,
    NOTICE_OMITTED,
)
from dialogs.replies import Offer, Receipt, Reply
from dialogs.words import Message, _, listed, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

EXCEPTIONS = (
    Option(ELIGIBILITY, _("貸出対象者の要件を免除（2条）")),
    Option(NOTICE_OMITTED, _("通知書を省略（6条）")),
    Option(AT_ONCE, _("当日または翌日に貸出")),
    Option(CITY_CARRIES, _("市が運搬（7条）")),
    Option(CITY_INSTALLS, _("市が設置（10条）")),
)
"""What the city may set aside in an emergency (003-14, 30, 33, 34, 37)."""

CAUTIONS = (
    _("受け取りと返却は、案内した場所でお願いします。"),
    _("「危険」の表示をするなど、事故が起きないように安全に使ってください。"),
    _("下草を刈り、ケーブルの張りと電池を確かめてください。"),
    _("期間が終わったときや、いらなくなったときは、すぐに返してください。"),
    _("貸出が終わったあとは、ご自分で電気柵を用意することも考えてください。"),
)
"""The five cautions of 様式2, short (003-53)."""


def exceptions(answers: Answers) -> tuple[Option, ...]:
    """Return what the city may set aside: something only in the emergency lane (003-14, 33).

    It opens where damage or traces were seen, or a bear was near, and a fence is needed at once; whether it
    truly is an emergency the city judges, so nothing is ticked beforehand.
    """
    signs = answers.get("damage") in {"damaged", "trace", "nearby"}
    return EXCEPTIONS if signs and answers.get("emergency") == "yes" else ()


def told(step: str, said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    """Return what the applicant is told when *step* was signed with *said*; nothing of what stays in the office.

    *said* holds the decision's ``document`` (札幌対第 号) and ``number`` (通知番号), which the shell has given it.
    """
    code = ""
    match step:
        case "decision":
            code = "" if NOTICE_OMITTED in said.get("exceptions", ()) else str(said.get("number", ""))
            title, notes = say(_("電気柵の貸出が決まりました")), tuple(_approved(said, case.answers, world))
        case "refused":
            title, notes = say(_("電気柵の貸出は承認されませんでした")), _refused(said, world)
        case "returned":
            return (_returned(said, case, world),)
        case _:
            return ()
    return (Receipt(title, FORM_R6, world.today, case.reference, notes, after_filing(), code),)


def _approved(said: Answers, answers: Answers, world: World) -> Iterator[Message]:
    waived = said.get("exceptions", ())
    yield from _notice(said, omitted=NOTICE_OMITTED in waived)
    period = answers["period"]
    yield say(
        _("貸出期間：{first} から {last} まで"),
        first=date.fromisoformat(period["from"]),
        last=date.fromisoformat(period["to"]),
    )
    yield from _handover(waived, answers, world)
    if CITY_INSTALLS in waived:
        yield say(_("電気柵の設置は市が行います。"))
    yield _together(say(_("ご注意")), *(say(_("・{caution}"), caution=say(each)) for each in CAUTIONS))
    yield _contact(world)


def _notice(said: Answers, *, omitted: bool) -> Iterator[Message]:
    """Yield what is to be shown where the fence is handed over (003-13).

    Where the notice was omitted (003-33) nobody can show it, so name and number are asked for there instead.
    """
    number = str(said.get("number", ""))
    if omitted:
        yield say(_("通知番号：{number}"), number=number)
        yield say(_("急ぎのため、通知書は省略します。受け取るときに、お名前と通知番号を伝えてください。"))
        return
    document = str(said.get("document", ""))
    yield say(_("{document}　通知番号：{number}"), document=document, number=number)
    yield say(
        _("これは様式2の通知書にあたります。受け取るときに、この画面を見せるか、通知番号を伝えてください。")
    )


def _together(*lines: Message) -> Message:
    """Return *lines* as one message, each on a line of its own."""
    names = [f"line{number}" for number in range(len(lines))]
    text = "\n".join(f"{{{name}}}" for name in names)
    return Message(text, dict(zip(names, lines, strict=True)))


def _handover(waived: Sequence[str], answers: Answers, world: World) -> Iterator[Message]:
    """Yield how the fence comes to the borrower: carried by the city, delivered, or at a place in the ward."""
    office = world.office
    if CITY_CARRIES in waived:
        yield say(_("電気柵は市が運びます。日時は担当者から連絡します。"))
        return
    if office.handover is Handover.DELIVERY:
        yield say(_("電気柵はお届けします。"))
        return
    name = (answers.get("site") or {}).get("ward")
    ward = next((each.key for each in office.wards if each.name == name), "")
    points = office.points_in(ward)
    for point in points:
        yield say(_("受け取りと返却の場所：{name}（{address}）"), name=say(point.name), address=point.address)
    if points:
        hours = (
            _("受付時間：{hours}（土曜・日曜・祝日も）")
            if office.reception.days is Days.EVERY_DAY
            else _("受付時間：{hours}（平日）")
        )
        yield say(hours, hours=office.reception.span)
    else:
        yield say(_("受け取りと返却の場所は、担当者から連絡します。"))


def _refused(said: Answers, world: World) -> tuple[Message, ...]:
    return say(_("理由：{reason}"), reason=str(said.get("reason", ""))), _contact(world)


def _returned(said: Answers, case: CaseView, world: World) -> Receipt:
    labels = [each.label for key in said.get("fields", ()) if (each := FORM_R6.field(key))]
    notes = (
        say(_("直していただきたい項目：{fields}"), fields=listed(labels)),
        say(_("理由：{reason}"), reason=str(said.get("reason", ""))),
        say(_("「直す」をおすと、その項目だけをもう一度うかがいます。ほかの内容はそのままです。")),
        _contact(world),
    )
    offers = (Offer(say(_("直す")), Action(Do.CORRECT, key=case.reference), _("直す")), *after_filing())
    title = say(_("申請の内容を直してください"))
    return Receipt(title, FORM_R6, world.today, case.reference, notes, offers)


def _contact(world: World) -> Message:
    return say(_("お問い合わせ：{telephone}"), telephone=world.office.telephone)
