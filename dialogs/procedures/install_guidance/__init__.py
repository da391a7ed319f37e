"""電気柵の設置指導: somebody shows how a fence is set up and kept (003-04, 21…25, 58…60)."""

from __future__ import annotations

from dialogs.fields import Answers
from dialogs.procedure import Procedure
from dialogs.procedures.install_guidance.claiming import claims
from dialogs.procedures.install_guidance.form import FORM_R6
from dialogs.procedures.install_guidance.rules import flags, notes, opening
from dialogs.procedures.install_guidance.steps import LIFE
from dialogs.procedures.install_guidance.telling import told
from dialogs.procedures.install_guidance.timing import lapses, reminders, stops
from dialogs.words import _

HOLDERS = "number"
"""The question whose answer is looked for in the city's list of holders."""


def glance(answers: Answers) -> tuple[str, ...]:  # noqa: ARG001 -- the shape of every glance
    """Return what stands on the sheet: the number, since the city compares it, and what is wished for."""
    return ("number", "relation", "installed", "topics", "wish", "site")


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
    glance=glance,
    claims=claims,
    reminders=reminders,
    rounds=stops,
    lapses=lapses,
)
