"""What somebody hears of their guidance when anybody else has filed a step, and what their receipts say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from dialogs.events import Action, Do
from dialogs.fields import Answers
from dialogs.form import Form
from dialogs.lobby import after_filing
from dialogs.procedures.install_guidance.arranging import CANCELLATION, MOVE, PROPOSAL
from dialogs.procedures.install_guidance.form import FORM_R6
from dialogs.procedures.install_guidance.guidance import GOOD, Guidance
from dialogs.procedures.install_guidance.visiting import MEASURES, RECHECK, VISIT
from dialogs.replies import Offer, Receipt, Reply, Said
from dialogs.words import Message, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

Tell: TypeAlias = "Callable[[Answers, CaseView, World], tuple[Reply, ...]]"

CHOOSE_AGAIN = _("日時をえらび直す")


def told(step: str, said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    """Return what the resident is told when *step* was filed with *said* on *case*, as it stood before."""
    tell = _TOLD.get(step)
    return tell(said, case, world) if tell else ()


def offer(case: CaseView, step: str, label: str) -> Offer:
    """Return the button that files *step* on *case*, or begins its form."""
    return Offer(say(label), Action(Do.FILE, key=case.reference, part=step))


def when(slot: Mapping[str, str]) -> Message:
    """Return the day and the time of *slot*."""
    return say(_("日時：{day} {time}"), day=date.fromisoformat(slot["day"]), time=slot["time"])


def arranged_at(case: CaseView) -> Mapping[str, str]:
    """Return the time that is held for *case*, as an answer has it."""
    day, _sign, time = Guidance(case).arranged.slot.partition("T")
    return {"day": day, "time": time}


def about_move(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001 -- one shape
    """Return what happens with the new wish."""
    return (
        when(said["slot"]),
        say(_("この時間は、仮に押さえました。事業者と市が確認し、決まったらこのトークでお知らせします。")),
    )


def about_agreement(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return which time was agreed on, and that the city has the last word."""
    return when(arranged_at(case)), say(_("市が確認し、決まったらこのトークでお知らせします。"))


def about_cancellation(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return that nothing is booked any more."""
    return (say(_("押さえた時間も取り消しました。")),)


def contact(world: World) -> Message:
    """Return whom to ring."""
    return say(_("お問い合わせ：{telephone}"), telephone=world.office.telephone)


def _receipt(
    title: str, form: Form, case: CaseView, world: World, *notes: Message, offers: tuple[Offer, ...] = ()
) -> tuple[Reply, ...]:
    return (Receipt(say(title), form, world.today, case.reference, notes, (*offers, *after_filing())),)


def _accepted(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001 -- one shape
    text = _("{reference} の日程がまとまりました。市が確認し、決まったらこのトークでお知らせします。")
    return (Said(say(text, reference=case.reference)),)


def _proposed(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    why = (say(_("事業者から：{why}"), why=said["why"]),) if said.get("why") else ()
    notes = (
        when(said["slot"]),
        *why,
        say(_("この時間は、仮に押さえました。よければ「この日時でお願いする」をおしてください。")),
        contact(world),
    )
    offers = (offer(case, "agreed", _("この日時でお願いする")), offer(case, "moved", CHOOSE_AGAIN))
    return _receipt(_("ほかの日時の提案があります"), PROPOSAL, case, world, *notes, offers=offers)


def _moved(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    return _receipt(_("新しい希望の日時を受け付けました"), MOVE, case, world, *about_move(said, case, world))


def _instructed(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001
    notes = (
        when(arranged_at(case)),
        say(_("設置場所に事業者がうかがいます。電気柵と電池を用意して、お待ちください。")),
        say(_("変えるときや取りやめるときは、前の日までに知らせてください。")),
        contact(world),
    )
    offers = (offer(case, "moved", _("日時を変える")),)
    return _receipt(_("設置指導の日時が決まりました"), FORM_R6, case, world, *notes, offers=offers)


def _declined(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    notes = (say(_("理由：{reason}"), reason=str(said.get("declined_why", ""))), contact(world))
    return _receipt(_("設置指導は行わないことになりました"), FORM_R6, case, world, *notes)


def _lapsed(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001
    notes = (
        say(_("申し訳ありません。期限までに日程が決まらなかったため、押さえた時間を取り消しました。")),
        say(_("もう一度、日時をお選びください。お急ぎのときは、お電話ください。")),
        contact(world),
    )
    offers = (offer(case, "moved", CHOOSE_AGAIN),)
    return _receipt(_("日程が決まりませんでした"), FORM_R6, case, world, *notes, offers=offers)


def _cancelled(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    notes = (*about_cancellation(said, case, world), contact(world))
    return _receipt(_("設置指導を取りやめました"), CANCELLATION, case, world, *notes)


def _missed(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    absent = said.get("missed_why") == "absent"
    first = _("訪問しましたが、ご不在でした。") if absent else _("申し訳ありません。訪問できませんでした。")
    notes = (say(first), say(_("もう一度、日時をお選びください。")), contact(world))
    offers = (offer(case, "moved", CHOOSE_AGAIN),)
    return _receipt(_("設置指導ができませんでした"), FORM_R6, case, world, *notes, offers=offers)


def _visited(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    title = _("設置指導が終わりました")
    return _receipt(title, VISIT, case, world, *_found(said, case), contact(world))


def _found(said: Answers, case: CaseView) -> Iterator[Message]:
    """Yield what was found, and that somebody comes once more in about three weeks (003-22, 003-23)."""
    if said.get("voltage") is not None:
        yield say(_("電圧：{volts}V（6000V以上を保ってください）"), volts=int(said["voltage"]))
    if said.get("confirmed") == "yes":
        yield _certificate(case)
    else:
        yield say(_("直していただくこと：{what}"), what=str(said.get("remaining", "")))
        yield say(_("直ったことを確認してから、設置確認書を交付します。"))
    yield say(_("3週間後くらいに、1回だけ点検にうかがい、結果をお知らせします。"))


def _certificate(case: CaseView) -> Message:
    text = _(
        "家庭菜園用電気柵設置確認書（{reference}）を交付しました。紙の確認書は事業者か市からお渡しします。"
    )
    return say(text, reference=case.reference)


def _confirmed(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001
    return _receipt(_("設置を確認しました"), VISIT, case, world, _certificate(case), contact(world))


def _rechecked(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    good = said.get("result") == GOOD
    title = _("点検の結果：良好です") if good else _("点検の結果、直していただきたいことがあります")
    return _receipt(title, RECHECK, case, world, *_measures(said), contact(world))


def _measures(said: Answers) -> Iterator[Message]:
    if said.get("voltage") is not None:
        yield say(_("電圧：{volts}V（6000V以上を保ってください）"), volts=int(said["voltage"]))
    wordings = {each.key: each.label for each in MEASURES}
    for key in said.get("measures") or ():
        if key != "other":
            yield say(_("・{line}"), line=say(wordings[key]))
    if said.get("measure_more"):
        yield say(_("・{line}"), line=say(str(said["measure_more"])))


_TOLD: Mapping[str, Tell] = {
    "accepted": _accepted,
    "proposed": _proposed,
    "agreed": _accepted,
    "moved": _moved,
    "instructed": _instructed,
    "declined": _declined,
    "lapsed": _lapsed,
    "cancelled": _cancelled,
    "missed": _missed,
    "visited": _visited,
    "confirmed": _confirmed,
    "rechecked": _rechecked,
}
