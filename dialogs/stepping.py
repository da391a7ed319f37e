"""Steps of a case that somebody takes: which can be taken now, beginning the form of one, filing it.  Pure."""

from __future__ import annotations

from dialogs import lobby, scarce
from dialogs.anycase import which
from dialogs.conversation import Conversation
from dialogs.effects import File, FileStep
from dialogs.events import Action, Do
from dialogs.fields.base import Answers, sealed
from dialogs.form import Form
from dialogs.lobby import Hall
from dialogs.possible import is_taken_so, refusal
from dialogs.procedure import Procedure, Step
from dialogs.replies import Offer, Receipt, Said
from dialogs.standing import CaseView, Entry, Standing, Turn
from dialogs.ways import go_on, setting, throw_away, to_menu
from dialogs.words import Message, _, say

SURELY = "sure"
"""The value of the button by which a step is filed after it was asked whether it is to be."""

AT = "file"
"""Where somebody stands who was asked that."""


def take(hall: Hall, standing: Standing, action: Action) -> Turn:
    """Return what follows when somebody takes a step of a case: its form, or that it is filed.

    Looked at in this order: the case, whether the step is taken in this way, the person's grants, whether it may
    be filed on the case as it stands.
    """
    if not action.key:
        return to_menu(hall, standing, Said(which(hall.register, standing, action.part)))
    case = standing.case(action.key)
    procedure = hall.register.of(case.procedure) if case else None
    step = procedure.step(action.part) if procedure else None
    if case is None or procedure is None or step is None or not is_taken_so(procedure, step):
        unknown = say(_("その手続きは見つかりません。メニューからお選びください。"))
        return to_menu(hall, standing, Said(unknown))
    half = standing.half(step.form.key, case.reference) if step.form else None
    refused = refusal(procedure, step, case, standing, hall.world)
    if refused:
        return _turned_down(hall, standing, half, refused)
    if step.form is None:
        return _without_questions(hall, standing, procedure, case, step, sure=action.value == SURELY)
    talk = half or Conversation(standing.fresh, step.form.key, case=case.reference)
    text = say(
        _("{reference} の「{step}」です。途中でやめても、続きから再開できます。"),
        reference=case.reference,
        step=say(step.title),
    )
    return go_on(hall, standing.having(talk), Said(text))


def _turned_down(hall: Hall, standing: Standing, half: Conversation | None, why: Message) -> Turn:
    if half:
        return throw_away(hall, standing, half, Said(why))
    return to_menu(hall, standing, Said(why))


def _without_questions(
    hall: Hall, standing: Standing, procedure: Procedure, case: CaseView, step: Step, *, sure: bool
) -> Turn:
    if step.sure and not sure:
        return _asked_first(standing, case, step)
    short = scarce.lacking(procedure.claims(step.key, {}, case, hall.world), hall.world.free)
    if short:
        return to_menu(hall, standing, Said(too_little(short)))
    form = procedure.form(hall.world.today)
    receipt = _receipt(hall, standing, step, case, form, {})
    effect = FileStep(procedure.key, step.key, case.reference)
    return Turn(standing.moved("menu"), (receipt,), (effect,))


def _asked_first(standing: Standing, case: CaseView, step: Step) -> Turn:
    surely = Action(Do.FILE, "", case.reference, step.key, SURELY)
    offers = (
        Offer(say(step.invitation or step.title), surely, _("はい")),
        Offer(say(_("やめておく")), Action(Do.CASE, key=case.reference), _("いいえ")),
    )
    return Turn(standing.moved(f"{AT}:{case.reference}/{step.key}"), (Said(say(step.sure), offers),))


def agreed(about: str) -> Action:
    """Return what yes means to somebody who stands at ``file:<about>``."""
    reference, _slash, step = about.rpartition("/")
    return Action(Do.FILE, "", reference, step, SURELY)


def declined(about: str) -> Action:
    """Return what no means to somebody who stands at ``file:<about>``."""
    return Action(Do.CASE, key=about.rpartition("/")[0])


def filed(hall: Hall, standing: Standing, entry: Entry, talk: Conversation) -> Turn:
    """Return what follows when *talk*, a step's form, is confirmed: it is filed, or the reason why it cannot be."""
    procedure, step, case = entry.procedure, entry.step, standing.case(talk.case)
    gone = say(_("その番号は見つかりません。メニューからお選びください。"))
    refused = refusal(procedure, step, case, standing, hall.world) if case else gone
    if case is None or refused:
        return throw_away(hall, standing, talk, Said(refused or gone))
    here = setting(hall, standing, talk)
    said = public(here.form, talk.answers)
    short = scarce.lacking(procedure.claims(step.key, said, case, here.world), here.world.free)
    if short:
        return go_on(hall, standing.having(talk), Said(too_little(short)))
    receipt = _receipt(hall, standing, step, case, here.form, talk.answers)
    effect = File(procedure.key, step.key, here.form.edition, talk)
    return Turn(standing.lacking(talk.id).moved("menu"), (receipt,), (effect,))


def public(form: Form, answers: Answers) -> Answers:
    """Return those of *answers* that are not personal: what a filing says to whoever goes on with the case."""
    personal = {each.key for each in form.fields if each.personal}
    return {key: value for key, value in answers.items() if key not in personal and not sealed(value)}


def too_little(short: tuple[str, ...]) -> Message:
    """Return that nothing is left of the slots *short*."""
    return say(
        _("{days} は空きがないため、まだ受け付けていません。ほかの日時をお選びください。"),
        days=scarce.named(short),
    )


def _receipt(
    hall: Hall, standing: Standing, step: Step, case: CaseView, form: Form, answers: Answers
) -> Receipt:
    done = _("「{step}」を記録しました") if standing.is_staff else _("「{step}」を受け付けました")
    notes = step.receipt(answers, case, hall.world)
    title = say(done, step=say(step.title))
    return Receipt(title, form, hall.world.today, case.reference, notes, lobby.after_filing())
