"""Somebody's own applications: how they stand, correcting one, withdrawing one."""

from __future__ import annotations

from dialogs import sentback
from dialogs.conversation import Conversation
from dialogs.effects import FileStep
from dialogs.events import Action, Do
from dialogs.lobby import Hall, after_filing
from dialogs.possible import invited
from dialogs.procedure import Procedure, Step
from dialogs.replies import Item, Listing, Offer, Receipt, Said
from dialogs.sentback import changes
from dialogs.standing import CaseView, Standing, Turn
from dialogs.ways import forgotten_photos, go_on, to_menu
from dialogs.words import Message, _, say
from dialogs.world import World

__all__ = ["about", "changes", "choices", "entries", "too_late_to_correct"]


def about(hall: Hall, standing: Standing, action: Action) -> Turn:
    """Return what follows from a wish about the person's own cases."""
    if action.do is Do.CASES:
        return _listed(hall, standing)
    case = standing.case(action.key)
    procedure = hall.register.of(case.procedure) if case else None
    if case is None or procedure is None:
        unknown = say(_("その番号の申請は見つかりません。「申請状況」でお確かめください。"))
        return to_menu(hall, standing, Said(unknown))
    match action.do:
        case Do.SHOW:
            return _show(hall, standing, case, procedure)
        case Do.CORRECT:
            return _correct(hall, standing, case, procedure)
        case Do.WITHDRAW:
            return _ask_withdrawal(hall, standing, case, procedure)
        case Do.WITHDRAW_SURELY:
            return _withdraw(hall, standing, case, procedure)
        case _:
            return Turn(standing.moved(f"case:{case.reference}"), (_card(hall, standing, case, procedure),))


def entries(hall: Hall, standing: Standing) -> tuple[Item, ...]:
    """Return one entry per case, the newest first."""
    newest_first = sorted(standing.cases, key=lambda each: (each.opened, each.reference), reverse=True)
    return tuple(_entry(hall, each) for each in newest_first)


def _entry(hall: Hall, case: CaseView) -> Item:
    procedure = hall.register.of(case.procedure)
    state = procedure.state(case.history) if procedure else Message("")
    label = say(
        _("{reference}　{title}"), reference=case.reference, title=say(procedure.title if procedure else "")
    )
    return Item(
        label, Action(Do.CASE, key=case.reference), say(_("{day}　{state}"), day=case.opened, state=state)
    )


def _listed(hall: Hall, standing: Standing) -> Turn:
    if not standing.cases:
        return to_menu(hall, standing, Said(say(_("まだ申請はありません。"))))
    listing = Listing(
        say(_("あなたの申請です。番号を送ると、くわしく見られます。")), entries(hall, standing), _home()
    )
    return Turn(standing.moved("cases"), (listing,))


def choices(hall: Hall, standing: Standing, case: CaseView) -> tuple[Item, ...]:
    """Return what may be done with *case* now."""
    procedure = hall.register.of(case.procedure)
    found = [_step(case, each) for each in invited(procedure, case, standing)] if procedure else []
    if procedure and procedure.may_file("correction", case):
        sent_back = sentback.fields(procedure, case, hall.world)
        label = say(_("直す")) if sent_back else say(_("内容を訂正する"))
        found.append(Item(label, Action(Do.CORRECT, key=case.reference)))
    if procedure and procedure.may_file("withdrawal", case):
        found.append(Item(say(_("申請を取り下げる")), Action(Do.WITHDRAW, key=case.reference)))
    if procedure and procedure.proof(case, hall.world):
        found.append(Item(say(procedure.proof_label), Action(Do.SHOW, key=case.reference)))
    found.append(Item(say(_("申請状況にもどる")), Action(Do.CASES)))
    return tuple(found)


def _step(case: CaseView, step: Step) -> Item:
    return Item(say(step.invitation), Action(Do.FILE, key=case.reference, part=step.key))


def _show(hall: Hall, standing: Standing, case: CaseView, procedure: Procedure) -> Turn:
    """Return what is shown at a counter, drawn anew; the card where there is nothing any more."""
    proof = procedure.proof(case, hall.world)
    return Turn(standing.moved(f"case:{case.reference}"), (proof or _card(hall, standing, case, procedure),))


def _card(hall: Hall, standing: Standing, case: CaseView, procedure: Procedure) -> Listing:
    title = say(
        _("{reference}　{title}\n申請日：{day}\n{state}"),
        reference=case.reference,
        title=say(procedure.title),
        day=case.opened,
        state=procedure.state(case.history),
    )
    why = sentback.reason(procedure, case, hall.world)
    told = Message("{case}\n{reason}", {"case": title, "reason": why}) if why else title
    return Listing(told, choices(hall, standing, case), _home())


def _home() -> tuple[Offer, ...]:
    return (Offer(say(_("メニュー")), Action(Do.MENU), _("メニュー")),)


def _correct(hall: Hall, standing: Standing, case: CaseView, procedure: Procedure) -> Turn:
    if not procedure.may_file("correction", case):
        return Turn(
            standing.moved(f"case:{case.reference}"),
            (Said(too_late_to_correct(hall)), _card(hall, standing, case, procedure)),
        )
    late = changed_too_late(procedure, case, hall.world)
    if late:
        return Turn(
            standing.moved(f"case:{case.reference}"), (Said(late), _card(hall, standing, case, procedure))
        )
    half = standing.half(procedure.key, case.reference)
    talk = half or Conversation(standing.fresh, procedure.key, answers=case.answers, case=case.reference)
    again = sentback.fields(procedure, case, hall.world)
    if again:
        form = procedure.form(hall.world.today)
        talk = sentback.asked_again(talk, case, form, again, hall.world)
    return go_on(hall, standing.having(talk), Said(_before_correcting(hall, case, procedure)))


def _before_correcting(hall: Hall, case: CaseView, procedure: Procedure) -> Message:
    why = sentback.reason(procedure, case, hall.world)
    if why:
        text = _("{reference} の訂正です。次の項目だけを、もう一度うかがいます。\n{reason}")
        return say(text, reference=case.reference, reason=why)
    return say(
        _("{reference} の訂正です。直したい項目をえらび、終わったら「訂正を送る」をおしてください。"),
        reference=case.reference,
    )


def changed_too_late(procedure: Procedure, case: CaseView, world: World) -> Message | None:
    """Return why residents cannot correct *case* today any more; None where nothing speaks against it."""
    step = procedure.step("correction")
    return step.closed(case, world) if step else None


def too_late_to_correct(hall: Hall) -> Message:
    """Return why a case can no longer be corrected here, and what to do instead."""
    return say(
        _(
            "担当者が確認を始めたので、ここでは訂正できません。{section}（電話 {telephone}）へご連絡ください。"
        ),
        section=say(hall.world.office.section),
        telephone=hall.world.office.telephone,
    )


def _ask_withdrawal(hall: Hall, standing: Standing, case: CaseView, procedure: Procedure) -> Turn:
    if not procedure.may_file("withdrawal", case):
        return Turn(standing.moved(f"case:{case.reference}"), (_card(hall, standing, case, procedure),))
    offers = (
        Offer(say(_("取り下げる")), Action(Do.WITHDRAW_SURELY, key=case.reference), _("はい")),
        Offer(say(_("取り下げない")), Action(Do.CASE, key=case.reference), _("いいえ")),
    )
    text = say(_("{reference} の申請を取り下げます。よろしいですか。"), reference=case.reference)
    return Turn(standing.moved(f"withdraw:{case.reference}"), (Said(text, offers),))


def _withdraw(hall: Hall, standing: Standing, case: CaseView, procedure: Procedure) -> Turn:
    if not procedure.may_file("withdrawal", case):
        return Turn(standing.moved(f"case:{case.reference}"), (_card(hall, standing, case, procedure),))
    form = procedure.form(hall.world.today)
    receipt = Receipt(
        say(_("申請を取り下げました")), form, hall.world.today, case.reference, offers=after_filing()
    )
    correction = standing.half(procedure.key, case.reference)
    left = standing.lacking(correction.id) if correction else standing
    forgotten = forgotten_photos(correction) if correction else ()
    effect = FileStep(procedure.key, "withdrawal", case.reference)
    return Turn(left.moved("menu"), (receipt,), (effect, *forgotten))
