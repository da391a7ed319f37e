"""What the sheet of a case shows of its signing: who has signed, and the buttons that stand open.  Pure."""

from __future__ import annotations

from dataclasses import replace

from dialogs import beside
from dialogs.fields.base import Answers, Control, Option
from dialogs.form import Form
from dialogs.procedure import Procedure, Role, Step
from dialogs.replies import Deed, DeedInput, Signature
from dialogs.signoff import Level, Signed, SignOff, Verdict
from dialogs.standing import CaseView
from dialogs.words import Message, _, say
from dialogs.world import World

FILE = "file"
"""What a button does that files a step without signing anything."""

FORM = "form"
"""What a button does that opens the form of a step in the personal chat of whoever pressed it."""

WORKING = frozenset({Role.STAFF, Role.CHIEF, Role.MANAGER, Role.CONTRACTOR})


def deeds(procedure: Procedure, case: CaseView, world: World) -> tuple[Deed, ...]:
    """Return the buttons on the sheet of *case* as it stands: those of the open level, and steps to be filed."""
    form = procedure.edition(case.edition) or procedure.form(world.today)
    filed = tuple(
        Deed(say(step.title), step.key, FORM)
        if step.form
        else Deed(say(step.title), step.key, FILE, beside.asked(step, world))
        for step in _to_file(procedure)
        if procedure.may_file(step.key, case)
    )
    signoff = procedure.signoff
    level = signoff.open_level(case.history) if signoff else None
    if signoff is None or level is None:
        return filed
    asked = questions(form, case.answers)
    return (
        _approving(level, exceptions_at(signoff, level, case)),
        _returning(signoff, level, asked),
        *_refusing(signoff, level),
        *filed,
    )


def _to_file(procedure: Procedure) -> tuple[Step, ...]:
    """Return the steps that members file from a sheet, their own before those they write down for a resident."""
    signoff = procedure.signoff
    elsewhere = {procedure.steps[0].key, *signature_steps(procedure)}
    elsewhere |= {signoff.correction.step} if signoff else set()
    theirs = [each for each in procedure.steps if each.filers & WORKING and each.key not in elsewhere]
    return tuple(sorted(theirs, key=lambda each: each.role not in WORKING))


def _approving(level: Level, options: tuple[Option, ...]) -> Deed:
    deed = Deed(say(level.deed), level.step, Verdict.APPROVE, style="positive")
    label = say(_("適用する例外（市が必要と認めるもの）"))
    asks = (DeedInput("exceptions", Control.MANY_OF, label, required=False, options=options),)
    return replace(deed, asks=asks) if options else deed


def _returning(signoff: SignOff, level: Level, options: tuple[Option, ...]) -> Deed:
    fields = DeedInput("fields", Control.MANY_OF, say(_("直してほしい項目")), options=options)
    return Deed(say(signoff.returned.title), level.step, Verdict.RETURN, (fields, _why()))


def _refusing(signoff: SignOff, level: Level) -> tuple[Deed, ...]:
    if signoff.refused is None or not signoff.is_last(level):
        return ()
    return (Deed(say(signoff.refused.title), level.step, Verdict.REFUSE, (_why(),), "destructive"),)


def _why() -> DeedInput:
    hint = _("相手に伝わります。個人情報は書かないでください。")
    return DeedInput("reason", Control.LINES, say(_("理由")), hint=hint)


def signatures(procedure: Procedure, case: CaseView) -> tuple[Signature, ...]:
    """Return who has signed *case* in the round that counts, in order; nobody where nothing is signed."""
    signoff = procedure.signoff
    if signoff is None:
        return ()
    return tuple(
        Signature(_post(signoff, each), each.by, each.day, said_of(signoff, each), each.deputy)
        for each in signoff.round(case.history)
    )


def _post(signoff: SignOff, signed: Signed) -> Message:
    level = signoff.level(signed.level)
    return say(level.who if level else signed.level)


def said_of(signoff: SignOff, signed: Signed) -> Message:
    """Return what a signature says: the level's own step, or how the round ended."""
    if signed.verdict == Verdict.RETURN:
        return say(signoff.returned.title)
    if signed.verdict == Verdict.REFUSE and signoff.refused:
        return say(signoff.refused.title)
    level = signoff.level(signed.level)
    return say(level.title if level else signed.level)


def signature_steps(procedure: Procedure) -> frozenset[str]:
    """Return the steps of *procedure* that are filed by signing, and in no other way."""
    return procedure.signoff.signatures if procedure.signoff else frozenset()


def questions(form: Form, answers: Answers) -> tuple[Option, ...]:
    """Return the questions that were asked, to be sent back by name; of a personal one the name tells nothing."""
    return tuple(Option(each.key, "：".join(form.called(each))) for each in form.visible(answers))


def exceptions_at(signoff: SignOff, level: Level, case: CaseView) -> tuple[Option, ...]:
    """Return the rules that may be set aside by signing *case* at *level*."""
    return signoff.exceptions(case.answers) if signoff.is_last(level) else ()
