"""A member of the staff signs a case: what follows from one press of a button on its sheet.  Pure, like a turn.

Either something is to be stored (and the sheet, drawn anew, shows it) or something is said; never both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dialogs import beside, scarce
from dialogs.deeds import FILE, deeds, exceptions_at, questions, said_of, signature_steps, signatures
from dialogs.effects import Sign
from dialogs.events import Decided, Parts
from dialogs.fields.base import Invalid, Option, Value
from dialogs.form import Form
from dialogs.procedure import Procedure, Role
from dialogs.replies import Said
from dialogs.signoff import Level, Signed, SignOff, Verdict
from dialogs.standing import CaseView, Grant, Standing, Turn
from dialogs.words import Fact, _, say
from dialogs.world import World

__all__ = ["deeds", "sign", "signatures"]

LONGEST_REASON = 300
"""How many characters a reason may have: the applicant reads it on a telephone."""


class Refused(Exception):
    """The press changes nothing, for the reason in *message*."""

    def __init__(self, text: str, **facts: Fact) -> None:
        super().__init__(text)
        self.message = say(text, **facts)


@dataclass(frozen=True)
class _Desk:
    """What one press is judged by."""

    procedure: Procedure
    signoff: SignOff
    case: CaseView
    standing: Standing
    form: Form


def sign(
    procedure: Procedure, case: CaseView | None, standing: Standing, decided: Decided, world: World
) -> Turn:
    """Return what follows when the member of *standing* pressed the button *decided* on the sheet of *case*.

    Looked at in this order: the case, the member's grants, whether that level is open, whether the sheet
    showed the answers as they stand, and what had to be given beside the button.
    """
    try:
        if case is None:
            raise Refused(_("{reference} は見つかりません。"), reference=decided.reference)
        form = procedure.edition(case.edition) or procedure.form(world.today)
        world = replace(world, case=case)
        if decided.outcome == FILE or procedure.signoff is None:
            effect = _filed(procedure, case, standing, decided, world)
        else:
            effect = _signed(_Desk(procedure, procedure.signoff, case, standing, form), decided)
        _must_be_left(procedure, case, effect, world)
        return Turn(standing, effects=(effect,))
    except (Refused, Invalid) as reason:
        return Turn(standing, (Said(reason.message),))


def _filed(procedure: Procedure, case: CaseView, standing: Standing, decided: Decided, world: World) -> Sign:
    step = procedure.step(decided.step)
    if step is None or decided.outcome != FILE or step.key in signature_steps(procedure):
        raise _unusable()
    if not any(_grants(each, procedure.key, step.role, *step.also) for each in standing.grants):
        raise Refused(_("「{deed}」を記録する役割がありません。"), deed=say(step.title))
    if decided.seen < procedure.renewed(case):
        raise _renewed(procedure, case)
    if not procedure.may_file(step.key, case):
        raise Refused(
            _("{reference} は「{state}」のため、いまは記録できません。"),
            reference=case.reference,
            state=procedure.state(case.history),
        )
    _must_be_seen(procedure, case, decided)
    answers = {"outcome": FILE, "seen": decided.seen, **beside.answered(step, decided.fields, world)}
    return Sign(procedure.key, case.reference, step.key, FILE, answers)


def _signed(desk: _Desk, decided: Decided) -> Sign:
    signoff, case = desk.signoff, desk.case
    level = signoff.level(decided.step)
    if level is None or decided.outcome not in set(Verdict):
        raise _unusable()
    verdict = Verdict(decided.outcome)
    _entitled(desk, level, verdict)
    if signoff.open_level(case.history) != level:
        raise _too_late(desk, level, decided)
    own_taken = signoff.has_signed(desk.standing.member, case.history)
    grant = _entitled(desk, level, verdict, own_taken=own_taken)
    _must_be_seen(desk.procedure, case, decided)
    answers = {"outcome": verdict.value, "seen": decided.seen, "level": level.step}
    if grant.deputy:
        answers["deputy_for"] = level.role.value
    answers |= _given(desk, level, verdict, decided.fields)
    return Sign(desk.procedure.key, case.reference, _step(signoff, level, verdict), verdict.value, answers)


def _step(signoff: SignOff, level: Level, verdict: Verdict) -> str:
    """Return the step that *verdict* at *level* files; only the last level may refuse."""
    if verdict is Verdict.RETURN:
        return signoff.returned.step
    if verdict is Verdict.APPROVE:
        return level.step
    if signoff.refused is None or not signoff.is_last(level):
        raise _unusable()
    return signoff.refused.step


def _entitled(desk: _Desk, level: Level, verdict: Verdict, *, own_taken: bool = False) -> Grant:
    grants, key = desk.standing.grants, desk.procedure.key
    found = desk.signoff.entitled(level, key, grants, verdict=verdict, own_taken=own_taken)
    if found:
        return found
    if own_taken:
        raise Refused(
            _("あなたはこの申請のほかの段階に署名しています。{who}の署名は、ほかの人にお願いしてください。"),
            who=say(level.who),
        )
    raise Refused(_("「{deed}」は{who}の操作です。"), deed=say(level.title), who=say(level.who))


def _too_late(desk: _Desk, level: Level, decided: Decided) -> Refused:
    """Return why *level* cannot be signed now: signed already, by whom; over; or not its turn yet."""
    signoff, case = desk.signoff, desk.case
    if decided.seen != desk.procedure.to_be_seen(case):
        return _corrected(case)
    before = signoff.last_at(level.step, case.history)
    if before:
        return _was_first(desk, before, decided)
    waiting = signoff.open_level(case.history)
    if waiting:
        text = _("{reference} は「{step}」がまだです。その後に記録できます。")
        return Refused(text, reference=case.reference, step=say(waiting.title))
    state = desk.procedure.state(case.history)
    text = _("{reference} は「{state}」のため、いまは記録できません。")
    return Refused(text, reference=case.reference, state=state)


def _was_first(desk: _Desk, before: Signed, decided: Decided) -> Refused:
    facts: dict[str, Fact] = {
        "reference": desk.case.reference,
        "day": before.day,
        "by": before.by,
        "deed": said_of(desk.signoff, before),
    }
    same = before.verdict == decided.outcome and before.member == desk.standing.member
    if same:
        text = _("{reference} は、{day}に{by}さんが「{deed}」を記録済みです。もう一度おす必要はありません。")
    else:
        text = _(
            "{reference} は、{day}に{by}さんが先に「{deed}」を記録しました。あなたの操作は記録していません。"
        )
    return Refused(text, **facts)


def _must_be_seen(procedure: Procedure, case: CaseView, decided: Decided) -> None:
    if decided.seen != procedure.to_be_seen(case):
        raise _corrected(case)


def _must_be_left(procedure: Procedure, case: CaseView, effect: Sign, world: World) -> None:
    short = scarce.lacking(procedure.claims(effect.step, effect.answers, case, world), world.free)
    if short:
        raise Refused(
            _("{reference} は、{days} の空きが足りないため、記録していません。"),
            reference=case.reference,
            days=scarce.named(short),
        )


def _corrected(case: CaseView) -> Refused:
    text = _(
        "{reference} は、その後で訂正されました。新しい内容を見て、もう一度おしてください。記録はしていません。"
    )
    return Refused(text, reference=case.reference)


def _renewed(procedure: Procedure, case: CaseView) -> Refused:
    """Return what has changed since the sheet was drawn whose button was pressed."""
    tell = procedure.renewals[case.history[procedure.renewed(case) - 1].step]
    text = _(
        "{reference} は、その後で変わりました（{now}）。新しい内容を見て、もう一度おしてください。記録はしていません。"
    )
    return Refused(text, reference=case.reference, now=tell(case))


def _unusable() -> Refused:
    return Refused(_("そのボタンは、いまは使えません。一覧から開き直してください。"))


def _grants(grant: Grant, procedure: str, *roles: Role) -> bool:
    return grant.procedure in {"*", procedure} and grant.role in roles


# --- what is given beside a button


def _given(desk: _Desk, level: Level, verdict: Verdict, fields: Mapping[str, Parts]) -> Mapping[str, Value]:
    if verdict is Verdict.APPROVE:
        used = _chosen(exceptions_at(desk.signoff, level, desk.case), _texts(fields, "exceptions", verdict))
        return {"exceptions": used} if used else {}
    given: dict[str, Value] = {}
    if verdict is Verdict.RETURN:
        given["fields"] = _chosen(questions(desk.form, desk.case.answers), _texts(fields, "fields", verdict))
        if not given["fields"]:
            raise Refused(_("直してほしい項目を1つ以上えらんでください。記録はしていません。"))
    return given | {"reason": _reason(_texts(fields, "reason", verdict))}


def _reason(texts: Sequence[str]) -> str:
    reason = " ".join(texts).strip()
    if not reason:
        raise Refused(_("理由を書いてください。相手に伝わります。記録はしていません。"))
    if len(reason) > LONGEST_REASON:
        raise Refused(
            _("理由は{most}文字までで書いてください。記録はしていません。"), most=str(LONGEST_REASON)
        )
    return reason


def _chosen(options: tuple[Option, ...], picked: Sequence[str]) -> list[str]:
    return [each.key for each in options if each.key in picked]


def _texts(fields: Mapping[str, Parts], key: str, verdict: Verdict) -> Sequence[str]:
    """Return what was given as *key*: a sheet asks the same beside several buttons, told apart by the part."""
    parts = fields.get(key, {})
    part = parts.get(verdict.value, parts.get("", ()))
    return [part] if isinstance(part, str) else part
