"""What the inspector is told when the office has sent an inspection back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.events import Action, Do
from dialogs.fields import Answers
from dialogs.lobby import after_filing
from dialogs.procedures.inspection.form import FORMS
from dialogs.replies import Offer, Receipt, Reply
from dialogs.words import _, listed, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView


def told(step: str, said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    """Return which rows are to be looked at again and why, with the way there; nothing of the other signatures."""
    if step != "returned":
        return ()
    form = next((each for each in FORMS if each.edition == case.edition), FORMS[-1])
    asked = [each for key in said.get("fields", ()) if (each := form.field(key))]
    notes = (
        say(
            _("直していただきたい項目：{fields}"),
            fields=listed(["：".join(form.called(each)) for each in asked]),
        ),
        say(_("理由：{reason}"), reason=str(said.get("reason", ""))),
        say(_("「直す」をおすと、その項目だけをもう一度うかがいます。ほかの内容はそのままです。")),
    )
    offers = (Offer(say(_("直す")), Action(Do.CORRECT, key=case.reference), _("直す")), *after_filing())
    title = say(_("点検の報告が差し戻されました"))
    return (Receipt(title, form, world.today, case.reference, notes, offers),)
