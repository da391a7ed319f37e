"""交流会: somebody registers for an exchange meeting, comes or watches, or waits for a seat (004-03, 004-11)."""

from __future__ import annotations

from dialogs.fields import Answers
from dialogs.procedure import Procedure
from dialogs.procedures.exchange_meeting.claiming import claims
from dialogs.procedures.exchange_meeting.form import FORM_R9
from dialogs.procedures.exchange_meeting.registration import KEY
from dialogs.procedures.exchange_meeting.rules import flags, known, marks, opening, sequel
from dialogs.procedures.exchange_meeting.steps import LIFE
from dialogs.procedures.exchange_meeting.telling import notes, shown, told
from dialogs.procedures.exchange_meeting.timing import reminders
from dialogs.words import _


def glance(answers: Answers) -> tuple[str, ...]:  # noqa: ARG001 -- the shape of every glance
    """Return what stands on the sheet: who comes how, and with how many."""
    return ("meeting", "coming", "attendance", "kind", "organisation", "ward", "companions", "themes")


EXCHANGE_MEETING = Procedure(
    KEY,
    _("交流会"),
    _("交流会に申し込む"),
    (FORM_R9,),
    LIFE,
    series="meeting",
    opening=opening,
    offered=lambda world: opening(world).is_open,
    known=known,
    flags=flags,
    marks=marks,
    notes=notes,
    told=told,
    sequel=sequel,
    glance=glance,
    claims=claims,
    proof=shown,
    proof_label=_("受付のQRコードを見せる"),
    reminders=reminders,
)
