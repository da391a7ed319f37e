"""電気柵の設置指導: somebody shows how a fence is set up and kept (003-04, 21…25, 58…60)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dialogs.fields import Answers
from dialogs.procedure import Procedure
from dialogs.procedures.install_guidance.claiming import claims
from dialogs.procedures.install_guidance.form import FORM_R6
from dialogs.procedures.install_guidance.guidance import Guidance
from dialogs.procedures.install_guidance.rules import flags, notes, opening
from dialogs.procedures.install_guidance.steps import LIFE
from dialogs.procedures.install_guidance.telling import told
from dialogs.procedures.install_guidance.timing import lapses, reminders, stops
from dialogs.words import Message, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView


def glance(answers: Answers) -> tuple[str, ...]:  # noqa: ARG001 -- the shape of every glance
    """Return what stands on the sheet: the number, since the city compares it, and what is wished for."""
    return ("number", "relation", "installed", "topics", "wish", "site")


def facts(answers: Answers, world: World) -> Mapping[str, tuple[Message, Message]]:  # noqa: ARG001 -- one shape
    """Return the time that is held now, and who has yet to agree, beside what was wished for at first."""
    at = Guidance(world.case).arranged if world.case else None
    if at is None or at.day is None:
        return {}
    waits = (
        (at.definite, _("決定")),
        (at.agreed, _("実施の指示待ち")),
        (at.proposed, _("申し込んだ方の返事待ち")),
        (True, _("事業者の返事待ち")),
    )
    state = next(each for holds, each in waits if holds)
    now = say(_("{day} {time}（{state}）"), day=at.day, time=at.time, state=say(state))
    return {"wish": (say(_("いまの日時")), now)}


def time_now(case: CaseView) -> Message:
    """Return the time that is held now, "none" where it is none any more."""
    at = Guidance(case).arranged
    return (
        say(_("いまの日時：{day} {time}"), day=at.day, time=at.time) if at.day else say(_("いまの日時：なし"))
    )


INSTALL_GUIDANCE = Procedure(
    "install_guidance",
    _("電気柵の設置指導"),
    _("電気柵の設置指導を申し込む"),
    (FORM_R6,),
    LIFE,
    series="guidance",
    opening=opening,
    flags=flags,
    notes=notes,
    told=told,
    grant="number",
    glance=glance,
    claims=claims,
    facts=facts,
    reminders=reminders,
    rounds=stops,
    lapses=lapses,
    renewals={"moved": time_now, "proposed": time_now},
)
