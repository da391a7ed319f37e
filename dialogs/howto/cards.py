"""What is said of the guide: one answer, and the short cards that a borrower gets at the hand-over (003-16)."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.events import Action, Do
from dialogs.howto.entries import TITLES, Entry, Topic
from dialogs.office import Office
from dialogs.replies import Offer, Reply, Said
from dialogs.words import Message, _, say

CARDS: Mapping[Topic, str] = {
    Topic.DANGER: _(
        "・ペースメーカーや除細動器を付けている人は、電気柵にさわらない\n"
        "・雷のときは近づかない\n"
        "・家のコンセントから電気を流さない\n"
        "・子どもや通る人がさわらないように、危険表示板を付ける\n"
        "・畑に入るときは、先に電源を切る"
    ),
    Topic.SETTING_UP: _(
        "・まわりの草を短く刈る\n"
        "・長いポール（黒）を、かどと出入口（2本、1.2mほどあける）に立てる\n"
        "・短いポール（白）を、およそ4mおきに打ち込む\n"
        "・クリップは1本に4個、地面から20cmずつ"
    ),
    Topic.WIRING: _(
        "・出入口のポールのいちばん下から張りはじめる\n"
        "・出入口は、幅に30cmほど足して切り、ゲートハンドルに結ぶ\n"
        "・同じように4段張り、上下を縦に結んでつなぐ"
    ),
    Topic.POWER: _(
        "・本体（パワーユニット）に電池を入れ、いちばん上のワイヤーにぶら下げる\n"
        "・赤い線はワイヤーに、緑の線はアース棒に\n"
        "・アース棒はできるだけ深く埋める\n"
        "・全部付けてからスイッチを入れる"
    ),
    Topic.CARE: _("・電圧をときどき測る（6000V以上）\n・ワイヤーにふれる草を刈る"),
}
"""The items of each card in a few words; who wants to know more taps it."""


def explanation(office: Office) -> tuple[Reply, ...]:
    """Return the cards that a borrower gets at the hand-over, what is dangerous first (003-16, 003-54..57)."""
    return tuple(_card(topic, office) for topic in TITLES)


def _card(topic: Topic, office: Office) -> Said:
    lines = say(_("【{title}】\n{body}"), title=say(TITLES[topic]), body=say(CARDS[topic]))
    more = Offer(say(TITLES[topic]), Action(Do.HOWTO, key=topic))
    return Said(with_whom_to_call(lines, office) if topic is Topic.DANGER else lines, (more,))


def answer(found: Entry, office: Office) -> Message:
    """Return what the guide says of *found*; of what is dangerous, whom to call as well."""
    said = say(_("【{title}】\n{body}"), title=say(found.title), body=say(found.text))
    return with_whom_to_call(said, office) if found.dangerous else said


def with_whom_to_call(said: Message, office: Office) -> Message:
    """Return *said* and whom to call when somebody is hurt."""
    return say(
        _(
            "{body}\n\n人がけがをしたとき、体のぐあいが悪いときは、すぐに119番へ電話してください。"
            "そのあと {section}（電話 {telephone}）へもお知らせください。"
        ),
        body=said,
        section=say(office.section),
        telephone=office.telephone,
    )


def reply_to(question: str, said: str | Entry, office: Office) -> tuple[Reply, ...]:
    """Return what a resident is told who put *question* to the staff: their own words, or an entry."""
    given = said if isinstance(said, str) else answer(said, office)
    text = _("ご質問へのお返事です。\n「{question}」\n\n{body}")
    offers = (
        Offer(say(_("ほかの質問")), Action(Do.HOWTO), _("使い方")),
        Offer(say(_("職員に聞く")), Action(Do.HOWTO, key="ask"), _("職員に聞く")),
    )
    return (Said(say(text, question=question, body=given), offers),)
