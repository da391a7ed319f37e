"""A survey as a procedure of the desk: one step, which opens no case (004-21).

There is one for each survey that the city has opened; none stands in the register of those that are always there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dialogs.fields import Choice, Option
from dialogs.form import Form, Page
from dialogs.polls import ANONYMOUS, ANSWER_AS, EVERYBODY, NAMED, Poll
from dialogs.procedure import Opening, Procedure
from dialogs.steps import Role, Step
from dialogs.words import _, say
from dialogs.world import World

SURVEY = "survey"
"""What survey procedures are counted as."""


@dataclass(frozen=True)
class Term:
    """When a survey can be answered: from *first* to *last* (Asia/Tokyo), either None for any; never once *closed*."""

    first: date | None = None
    last: date | None = None
    closed: bool = False

    def opening(self, world: World) -> Opening:
        """Return whether it can be answered today."""
        if not self.closed and self.first and world.today < self.first:
            return Opening(
                is_open=False,
                opens=self.first,
                message=say(_("このアンケートは{day}からです。"), day=self.first),
            )
        if self.closed or (self.last and self.last < world.today):
            return Opening(
                is_open=False, message=say(_("このアンケートは終わりました。ありがとうございました。"))
            )
        return Opening(is_open=True)


def survey_procedure(form: Form, poll: Poll, term: Term, *, identity: bool = False) -> Procedure:
    """Return the procedure by which *form* is answered; *identity* asks first whether to add the number."""
    asked = _with_identity(form) if identity and poll.audience != EVERYBODY else form
    return Procedure(
        form.key,
        form.title,
        _("アンケートに答える"),
        (asked,),
        (Step("ballot", _("アンケートの回答"), Role.RESIDENT, state=_("回答済み")),),
        series=SURVEY,
        opening=term.opening,
        poll=poll,
    )


def _with_identity(form: Form) -> Form:
    question = Choice(
        ANSWER_AS,
        _("受付番号"),
        (
            Option(ANONYMOUS, _("番号をつけない（匿名）")),
            Option(NAMED, _("受付番号をつける")),
        ),
        question=_("回答に、あなたの受付番号をつけますか。"),
        hint=_("つけないと、だれの回答かは市にもわかりません。つけると、市から問い合わせることがあります。"),
    )
    return replace(form, pages=(Page(ANSWER_AS, _("答え方"), (question,)), *form.pages))
