"""The end of a survey: what was answered goes into the ballot box, and thanks are given without any number.  Pure."""

from __future__ import annotations

from dataclasses import replace

from dialogs.conversation import Conversation
from dialogs.effects import Cast
from dialogs.events import Action, Do
from dialogs.lobby import Hall
from dialogs.polls import Poll
from dialogs.procedure import Procedure
from dialogs.replies import Offer, Said, Thanked
from dialogs.standing import Standing, Turn
from dialogs.ways import throw_away
from dialogs.words import Message, _, say


def cast(hall: Hall, standing: Standing, procedure: Procedure, poll: Poll, talk: Conversation) -> Turn:
    """Return what follows when the answers of *talk* are confirmed: they count, or it is said why they do not."""
    opening = procedure.opening(hall.world)
    if not opening.is_open:
        return throw_away(hall, standing, talk, Said(opening.message or say(_("いまは受け付けていません。"))))
    if poll.survey not in standing.surveys:
        return throw_away(hall, standing, talk, Said(answered_before()))
    left = replace(standing.lacking(talk.id).moved("menu"), surveys=standing.surveys - {poll.survey})
    menu = Offer(say(_("メニュー")), Action(Do.MENU), _("メニュー"))
    return Turn(left, (Thanked(thanks(poll), (menu,)),), (Cast(poll.survey, talk),))


def thanks(poll: Poll) -> Message:
    """Return what is said once a survey is answered."""
    plain = _("回答を受け付けました。ありがとうございました。だれの回答かは記録していません。")
    if not poll.thanks:
        return say(plain)
    return say("{own}\n{plain}", own=say(poll.thanks), plain=say(plain))


def answered_before() -> Message:
    """Return that somebody has answered already."""
    return say(_("このアンケートには、もう回答をいただいています。回答は1人1回です。ありがとうございます。"))


def why_not(hall: Hall, procedure: Procedure) -> tuple[Said, ...]:
    """Return why somebody cannot begin *procedure*; nothing where it is no survey."""
    if procedure.poll is None:
        return ()
    opening = procedure.opening(hall.world)
    if opening.message:
        return (Said(opening.message),)
    return (Said(say(_("このアンケートは、回答がすんでいるか、参加した方だけのものです。"))),)


def before(hall: Hall, procedure: Procedure) -> Message:
    """Return what comes before the first question of a survey: what becomes of the answers."""
    return say(
        _(
            "{title}をはじめます。名前はうかがいません。だれがどう答えたかは、送ったあとは市にもわかりません。\n"
            "途中でやめても、続きから再開できます。そのあいだだけ、途中の回答をあなたのものとして預かります。"
        ),
        title=say(procedure.form(hall.world.today).title),
    )
