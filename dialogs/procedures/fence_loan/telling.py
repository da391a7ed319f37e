"""What the borrower hears when somebody else has filed a step of the loan; nothing of what stays in the office."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from dialogs.fields import Answers
from dialogs.form import Form
from dialogs.howto.cards import explanation
from dialogs.lobby import after_filing
from dialogs.procedures.fence_loan import deciding
from dialogs.procedures.fence_loan.booking import CANCELLATION, PICKUP
from dialogs.procedures.fence_loan.checking import CHECK, INSTRUCTIONS, SWAP
from dialogs.procedures.fence_loan.extension import EXTENSION
from dialogs.procedures.fence_loan.handing import HANDOVER
from dialogs.procedures.fence_loan.loan import CITY_CARRIES, FAULT, UPKEEP, Loan, granted_until
from dialogs.procedures.fence_loan.missing import SETTLEMENT
from dialogs.procedures.fence_loan.parts import Counts, named, of_sets
from dialogs.procedures.fence_loan.receipts import about_booking, about_extension, about_return, offer
from dialogs.procedures.fence_loan.returning import RETURN, TAKEBACK
from dialogs.procedures.fence_loan.trouble import ANSWER
from dialogs.replies import Offer, Receipt, Reply, Said
from dialogs.words import Message, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

Tell: TypeAlias = "Callable[[Answers, CaseView, World], tuple[Reply, ...]]"


def told(step: str, said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    """Return what the borrower is told when *step* was filed with *said* on *case*, as it stood before."""
    tell = _TOLD.get(step)
    if tell:
        return tell(said, case, world)
    replies = deciding.told(step, said, case, world)
    return tuple(_onwards(each, said, case) for each in replies) if step == "decision" else replies


def _onwards(reply: Reply, said: Answers, case: CaseView) -> Reply:
    """Return the decision with the way to the pick-up; where the city carries there is nothing to book (003-34)."""
    if not isinstance(reply, Receipt) or CITY_CARRIES in said.get("exceptions", ()):
        return reply
    book = offer(case, "pickup_booked", _("受け取りを予約する"))
    note = say(_("次に、受け取りの日時を予約してください。"))
    return replace(reply, notes=(*reply.notes, note), offers=(book, *reply.offers))


def _receipt(
    title: str, form: Form, case: CaseView, world: World, *notes: Message, offers: tuple[Offer, ...] = ()
) -> tuple[Reply, ...]:
    return (Receipt(say(title), form, world.today, case.reference, notes, (*offers, *after_filing())),)


def _pickup(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    notes = about_booking(said, case, world)
    return _receipt(_("受け取りの日時が決まりました"), PICKUP, case, world, *notes)


def _cancelled(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001 -- one shape
    note = say(_("まちがいがあるときは、{telephone} へお電話ください。"), telephone=world.office.telephone)
    return _receipt(_("貸出を取りやめました"), CANCELLATION, case, world, note)


def _handed_over(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    notes = (
        say(_("お渡しした部品：{parts}"), parts=named(_counted(said, case, world), world.office.set_parts)),
        say(_("貸出期間は {last} までです。"), last=Loan(case).last),
        say(
            _(
                "電圧は6000V以上に保ち、ワイヤーに草がふれないように刈ってください。"
                "畑に入るときは、先に電源を切ってください。"
            )
        ),
        say(_("2週間に1回くらい、担当者が点検にうかがいます。")),
    )
    receipt = _receipt(
        _("電気柵をお渡ししました"),
        HANDOVER,
        case,
        world,
        *notes,
        offers=(offer(case, "trouble", _("困りごとを知らせる")),),
    )
    return (*receipt, *explanation(world.office))


def _counted(said: Answers, case: CaseView, world: World) -> Counts:
    counts: Counts | None = said.get("parts")
    return counts or of_sets(Loan(case).sets, world.office.set_parts)


def _checked(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    """Tell of a check: all is well, something is to be put right (with a receipt), or another set comes (003-18)."""
    if said.get("result") == UPKEEP:
        return _receipt(
            _("点検の結果、直していただきたいことがあります"),
            CHECK,
            case,
            world,
            *_instructions(said),
            say(
                _("読んだら「わかりました」をおしてください。お困りのときは {telephone} へどうぞ。"),
                telephone=world.office.telephone,
            ),
            offers=(
                offer(case, "understood", _("わかりました")),
                offer(case, "trouble", _("困りごとを知らせる")),
            ),
        )
    if said.get("result") == FAULT:
        text = _("点検で、電気柵の故障が見つかりました。担当者が交換します。日時は、あらためて連絡します。")
        return (Said(say(text)),)
    volts = say(_("電圧は{volts}Vでした。"), volts=int(said.get("voltage") or 0))
    return (Said(say(_("点検にうかがいました。電気柵は良好です。{volts}"), volts=volts)),)


def _instructions(said: Answers) -> Iterator[Message]:
    wordings = {each.key: each.label for each in INSTRUCTIONS}
    for key in said.get("instructions", ()):
        if key in wordings and key != "other":
            yield say(_("・{line}"), line=say(wordings[key]))
    more = said.get("instruction_more")
    if more:
        yield say(_("・{line}"), line=str(more))


def _answered(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    """Tell what is done about a trouble; of damage by one's own fault what 10条3項 says (003-37)."""
    notes = [say("{answer}", answer=str(said.get("answer_text", "")))]
    if said.get("answer") == "own_fault":
        notes.append(_restore())
    if said.get("answer") == "swap":
        notes.append(say(_("担当者が交換します。日時は、あらためて連絡します。")))
    return _receipt(_("困りごとへの回答です"), ANSWER, case, world, *notes, _call(world))


def _restore() -> Message:
    return say(
        _(
            "貸出要領10条3項により、直して使えるようにしてから返していただきます。"
            "費用はご負担いただきます。進め方は担当者と相談してください。"
        )
    )


def _swapped(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    volts = say(_("交換後の電圧は{volts}Vです。"), volts=int(said.get("voltage_after") or 0))
    return _receipt(_("電気柵を交換しました"), SWAP, case, world, volts)


def _asked_how(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001
    text = _("お貸ししている電気柵のようすを教えてください。2つか3つの質問です。（貸出要領11条2項）")
    return (Said(say(text), (offer(case, "status_told", _("答える")),)),)


def _extension_noted(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    notes = about_extension(said, case, world)
    return _receipt(_("期間の延長の申し込みを受け付けました"), EXTENSION, case, world, *notes)


def _extended(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    notes = [say(_("新しい終わりの日：{last}"), last=granted_until(said, case))]
    if Loan(case).returning:
        notes.append(say(_("いままでの返却の予約は取り消しました。返す日を、あらためて予約してください。")))
    offers = (offer(case, "return_booked", _("返却を予約する")),)
    return _receipt(_("期間の延長が決まりました"), EXTENSION, case, world, *notes, offers=offers)


def _not_extended(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    last = Loan(case).last
    return _receipt(
        _("期間の延長はできませんでした"),
        EXTENSION,
        case,
        world,
        say(_("理由：{reason}"), reason=str(said.get("refused_why", ""))),
        say(_("{last} までに返してください。"), last=last),
        _call(world),
        offers=(offer(case, "return_booked", _("返却を予約する")),),
    )


def _return(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    notes = about_return(said, case, world)
    return _receipt(_("返却の日時が決まりました"), RETURN, case, world, *notes)


def _taken_back(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    """Tell what came back, and ask for what did not (003-19, 37); the questionnaire waits in the menu (003-20)."""
    missing = short(said, case)
    notes: list[Message] = [say(_("ご利用ありがとうございました。"))]
    offers = [offer(case, "questionnaire", _("アンケートに答える"))]
    if missing:
        parts = named(missing, world.office.set_parts)
        notes.append(say(_("足りない部品がありました：{parts}"), parts=parts))
        notes.append(say(_("お手元に残っていないか、確かめて教えてください。")))
        offers.insert(0, offer(case, "missing_answered", _("足りない部品について答える")))
    if said.get("own_fault") == "yes":
        notes += [_restore(), _call(world)]
    return _receipt(_("電気柵を受け取りました"), TAKEBACK, case, world, *notes, offers=tuple(offers))


def short(said: Answers, case: CaseView) -> Counts:
    """Return how many of each part are missing where *said* tells what came back."""
    back: Counts = said.get("parts_in") or {}
    lacking = {key: count - back.get(key, 0) for key, count in Loan(case).counted.items()}
    return {key: count for key, count in lacking.items() if count > 0}


def _settled(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    note = say(_("これで手続きは終わりです。ありがとうございました。"))
    if said.get("restored") == "city":
        note = _call(world)
    return _receipt(_("返却の確認が終わりました"), SETTLEMENT, case, world, note)


def _call(world: World) -> Message:
    return say(_("お問い合わせ：{telephone}"), telephone=world.office.telephone)


_TOLD: Mapping[str, Tell] = {
    "pickup_booked": _pickup,
    "cancelled": _cancelled,
    "handed_over": _handed_over,
    "checked_on_site": _checked,
    "trouble_answered": _answered,
    "swapped": _swapped,
    "status_asked": _asked_how,
    "extension_asked": _extension_noted,
    "extended": _extended,
    "extension_refused": _not_extended,
    "return_booked": _return,
    "taken_back": _taken_back,
    "settled": _settled,
}
