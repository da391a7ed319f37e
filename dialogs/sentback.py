"""What staff sent back: the questions that are asked once more, and what came of it.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dialogs import asking
from dialogs.conversation import Conversation
from dialogs.fields.base import Answers, Field, Value, sealed
from dialogs.form import Form
from dialogs.procedure import Procedure
from dialogs.replies import Change
from dialogs.standing import CaseView
from dialogs.words import Message, Words, _, listed, placed, say
from dialogs.world import World


def fields(procedure: Procedure, case: CaseView, world: World) -> tuple[Field, ...]:
    """Return the questions of *case* that staff sent back, as today's edition asks them; none where they did not."""
    if procedure.signoff is None:
        return ()
    keys, _why = procedure.signoff.asked_back(case.history)
    form = procedure.form(world.today)
    return tuple(each for key in keys if (each := form.field(key)))


def reason(procedure: Procedure, case: CaseView, world: World) -> Message | None:
    """Return what is to be put right and why; None where nothing was sent back."""
    asked = fields(procedure, case, world)
    if procedure.signoff is None or not asked:
        return None
    _keys, why = procedure.signoff.asked_back(case.history)
    form = procedure.form(world.today)
    return say(
        _("直していただきたい項目：{fields}\n理由：{reason}"),
        fields=listed(["：".join(form.called(each)) for each in asked]),
        reason=why,
    )


def asked_again(
    talk: Conversation, case: CaseView, form: Form, again: Sequence[Field], world: World
) -> Conversation:
    """Return *talk* with the questions *again* open, and everything else as it stands in *case*.

    A former answer is set aside, where one tap takes it again.  A personal one is asked on its private page,
    which shows it to its owner.  What has been answered anew in *talk* already is not asked a second time.
    """
    talk = asking.in_edition(form, talk)
    former = form.kept(case.answers)
    answers, aside = dict(talk.answers), dict(talk.aside)
    for each in again:
        if each.key not in answers or answers[each.key] != former.get(each.key):
            continue
        value = answers[each.key]
        if sealed(value) and not world.pii_in_chat:
            answers[each.key] = {**value, "partial": True}
            continue
        del answers[each.key]
        if value is not None and not sealed(value):
            aside[each.key] = value
    return replace(talk, answers=answers, aside=aside)


def changes(form: Form, before: Answers, after: Answers, words: Words) -> tuple[Change, ...]:
    """Return what differs between two submissions, in the order of *form*, which the later one was filed with.

    Of a personal answer it is said only that its mark differs: it came or went, or its outline did.
    """
    return tuple(_changes(form, form.renamed(before), after, words))


def _changes(form: Form, before: Answers, after: Answers, words: Words) -> Iterator[Change]:
    for each in form.fields:
        old, new = before.get(each.key), after.get(each.key)
        if old == new:
            continue
        if each.personal:
            yield Change(placed(form.called(each)), Message(""), say(_("変更あり")))
        else:
            yield Change(placed(form.called(each)), _shown(each, old, words), _shown(each, new, words))


def _shown(each: Field, value: Value, words: Words) -> Message:
    return Message("") if value is None else say("{answer}", answer=each.show(value, words))
