"""Which steps of a case somebody can take now, and why not the others.  Pure."""

from __future__ import annotations

from collections.abc import Iterator

from dialogs.deeds import signature_steps
from dialogs.procedure import Procedure, Step, effective
from dialogs.standing import CaseView, Standing
from dialogs.words import Message, _, say
from dialogs.world import World


def is_taken_so(procedure: Procedure, step: Step) -> bool:
    """Return whether *step* is taken by filling in its form or by one button.

    An application is begun, a correction is made on it, a signature is given, and what is asked beside a button
    stands on the sheet: none of these is.
    """
    signoff = procedure.signoff
    elsewhere = {procedure.steps[0].key, *signature_steps(procedure)}
    elsewhere |= {signoff.correction.step} if signoff else set()
    return step.key not in elsewhere and not step.asks


def refusal(
    procedure: Procedure, step: Step, case: CaseView, standing: Standing, world: World
) -> Message | None:
    """Return why the person of *standing* cannot file *step* on *case* now; None where they can."""
    hindered = _hindered(procedure, step, case, standing)
    return hindered or (None if standing.is_staff else step.closed(case, world))


def _hindered(procedure: Procedure, step: Step, case: CaseView, standing: Standing) -> Message | None:
    """Return why the case, or what the person is, does not allow *step*."""
    if not standing.acts_as(procedure.key, step.filers):
        return say(_("「{deed}」を記録する役割がありません。"), deed=say(step.title))
    if procedure.may_file(step.key, case):
        return None
    done = next((each for each in effective(procedure.steps, case.history) if each.step == step.key), None)
    if done and done.by and standing.is_staff and not step.comes_again:
        return say(
            _(
                "{reference} の「{step}」は、{day}に{by}さんが先に記録しました。あなたの入力は記録していません。"
            ),
            reference=case.reference,
            step=say(step.title),
            day=done.day,
            by=done.by,
        )
    return say(
        _("{reference} の「{step}」は、いまはできません。（いまの状態：{state}）"),
        reference=case.reference,
        step=say(step.title),
        state=procedure.state(case.history),
    )


def steps_now(procedure: Procedure, case: CaseView, standing: Standing, world: World) -> Iterator[Step]:
    """Yield the steps of *case* that the person of *standing* is invited to take, and can take now."""
    for step in invited(procedure, case, standing):
        if standing.is_staff or not step.closed(case, world):
            yield step


def invited(procedure: Procedure, case: CaseView, standing: Standing) -> Iterator[Step]:
    """Yield what the case allows the person of *standing*, too late or not: whoever takes that is told why."""
    for step in procedure.steps:
        if (
            step.invitation
            and is_taken_so(procedure, step)
            and not _hindered(procedure, step, case, standing)
        ):
            yield step
