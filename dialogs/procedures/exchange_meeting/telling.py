"""What somebody hears of their registration: in their receipt, and when anybody else has filed a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from dialogs.events import Action, Do
from dialogs.fields import Answers
from dialogs.lobby import after_filing
from dialogs.meetings import ON_SITE, ONLINE, Meeting
from dialogs.procedures.exchange_meeting.form import FORM_R9
from dialogs.procedures.exchange_meeting.registration import Registration, Stand
from dialogs.procedures.exchange_meeting.rules import ABSENT, QUEUED, placed, telephone, the_meeting
from dialogs.replies import Offer, Receipt, Reply
from dialogs.words import Message, OwnText, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

Tell: TypeAlias = "Callable[[Answers, CaseView, World], tuple[Reply, ...]]"


def told(step: str, said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    """Return what the participant is told when *step* was filed with *said* on *case*, as it stood before."""
    tell = _TOLD.get(step)
    return tell(said, case, world) if tell else ()


def notes(answers: Answers, world: World) -> tuple[Message, ...]:
    """Return what the receipt of a registration says: the meeting, whether there is a seat, and what comes next."""
    meeting = the_meeting(answers, world)
    return tuple(_notes(answers, meeting, world)) if meeting else ()


def _notes(answers: Answers, meeting: Meeting, world: World) -> Iterator[Message]:
    yield from about(meeting)
    followed = placed(answers, world)
    if followed == ABSENT:
        yield say(
            _("「参加しません」とうかがいました。締切の {closes} まで、変えられます。"), closes=meeting.closes
        )
        yield contact(meeting, world)
        return
    if followed == QUEUED:
        yield say(_("いまは満席のため、キャンセル待ちで受け付けました。"))
        yield say(_("いっしょに来る方の分の席がそろって空いたら、このトークか電話でお知らせします。"))
    elif answers["attendance"] == ONLINE:
        yield say(_("前の日に、見るためのアドレスをお送りします。"))
    else:
        yield say(_("席を用意しました。前の日に、受付で見せる画面をお送りします。"))
    yield say(_("内容を変えるのは締切の {closes} まで、取りやめは当日までできます。"), closes=meeting.closes)
    yield contact(meeting, world)


def about(meeting: Meeting) -> Iterator[Message]:
    """Yield which meeting it is, when and where."""
    yield say(_("交流会：{title}"), title=_of(meeting.title, meeting.title_en))
    yield when(meeting)
    yield where(meeting)


def when(meeting: Meeting) -> Message:
    """Return the day and the times."""
    starts, ends = f"{meeting.starts:%H:%M}", f"{meeting.ends:%H:%M}"
    return say(_("日時：{day} {starts}から{ends}まで"), day=meeting.day, starts=starts, ends=ends)


def where(meeting: Meeting) -> Message:
    """Return the place."""
    return say(_("場所：{place}"), place=_of(meeting.place, meeting.place_en))


def contact(meeting: Meeting | None, world: World) -> Message:
    """Return whom to ring."""
    return say(_("お問い合わせ：{telephone}"), telephone=telephone(meeting, world))


def _of(japanese: str, english: str) -> str | Message:
    """Return a text of the meeting in both languages, of which the reader's is shown."""
    return Message(OwnText(japanese, {"en": english})) if english else japanese


def offer(case: CaseView, step: str, label: str) -> Offer:
    """Return the button that files *step* on *case*."""
    return Offer(say(label), Action(Do.FILE, key=case.reference, part=step))


def programme(meeting: Meeting, way: str) -> Iterator[Message]:
    """Yield the parts that are open to those who attend in the way *way*, with what is needed to watch them."""
    for part in meeting.parts_for(way):
        times = f"{part.starts:%H:%M}〜{part.ends:%H:%M}"
        yield say(_("{times} {title}"), times=times, title=_of(part.title, part.title_en))
    if way == ONLINE:
        links = dict.fromkeys(meeting.link_of(each) for each in meeting.parts_for(way))
        yield from (say(_("見る所：{link}"), link=each) for each in links if each)


def about_acceptance(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001 -- one shape
    """Return that there is a seat now."""
    meeting = the_meeting(case.answers, world)
    lines = (*about(meeting), say(_("席を用意しました。ご参加をお待ちしています。"))) if meeting else ()
    return (*lines, contact(meeting, world))


def about_refusal(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return that the seat goes to somebody else."""
    return (say(_("席は、次の方におゆずりします。お返事ありがとうございました。")),)


def about_cancellation(said: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return that nothing is kept any more."""
    return (say(_("席やキャンセル待ちも取り消しました。ご連絡ありがとうございました。")),)


def _receipt(
    title: str, case: CaseView, world: World, *lines: Message, offers: tuple[Offer, ...] = (), code: str = ""
) -> tuple[Reply, ...]:
    shown = (*offers, *after_filing())
    return (Receipt(say(title), FORM_R9, world.today, case.reference, lines, shown, code),)


def _offered(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    meeting = the_meeting(case.answers, world)
    day, _t, clock = str(said["until"]).partition("T")
    lines = (
        *(about(meeting) if meeting else ()),
        say(_("人数：{amount}人"), amount=Registration(case).amount),
        say(
            _("{day} {time} までに「受ける」か「見送る」をおしてください。"),
            day=date.fromisoformat(day),
            time=clock,
        ),
        say(_("期限までにお返事がないときは、次の方にご案内します。")),
        contact(meeting, world),
    )
    buttons = (offer(case, "accepted", _("受ける")), offer(case, "declined", _("見送る")))
    return _receipt(_("席が空きました"), case, world, *lines, offers=buttons)


def _lapsed(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001 -- one shape
    meeting = the_meeting(case.answers, world)
    lines = (
        say(_("お返事の期限が過ぎたため、空いた席は次の方におゆずりしました。キャンセル待ちは終わりです。")),
        say(_("締切の前なら、もう一度申し込めます。")),
        contact(meeting, world),
    )
    return _receipt(_("キャンセル待ちが終わりました"), case, world, *lines)


def _accepted(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    return _receipt(_("空いた席を用意しました"), case, world, *about_acceptance(said, case, world))


def _declined(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    return _receipt(_("空いた席を見送りました"), case, world, *about_refusal(said, case, world))


def _cancelled(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    return _receipt(_("参加を取りやめました"), case, world, *about_cancellation(said, case, world))


def _called_off(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001
    meeting = the_meeting(case.answers, world)
    sorry = say(_("申し訳ありません。次の交流会は中止になりました。お申し込みも取り消しました。"))
    lines = (sorry, *(about(meeting) if meeting else ()), contact(meeting, world))
    return _receipt(_("交流会が中止になりました"), case, world, *lines)


def _rescheduled(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001
    meeting = the_meeting(case.answers, world)
    ask = say(_("お申し込みはそのままです。来られなくなったときは、取りやめをお願いします。"))
    lines = (*(about(meeting) if meeting else ()), ask, contact(meeting, world))
    buttons = (offer(case, "cancelled", _("参加を取りやめる")),)
    return _receipt(_("交流会の日時か場所が変わりました"), case, world, *lines, offers=buttons)


_ARRANGED: Mapping[str, str] = {
    "ready": _("参加するために必要なことは、用意できます。"),
    "partly": _("参加するために必要なことは、一部を用意できます。"),
    "not": _("申し訳ありません。参加するために必要なことを、用意できません。"),
}


def _accommodated(said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    meeting = the_meeting(case.answers, world)
    how = (say(_("担当者から：{how}"), how=said["arranged_how"]),) if said.get("arranged_how") else ()
    lines = (
        say(_ARRANGED[str(said["arranged"])]),
        *how,
        say(_("ちがうときや、ほかにもあるときは、お電話ください。")),
        contact(meeting, world),
    )
    return _receipt(_("参加するために必要なことについて"), case, world, *lines)


def shown(case: CaseView, world: World) -> Receipt | None:
    """Return what is shown at the door: the number, for a camera too; None for whoever has no seat in the room."""
    registration, meeting = Registration(case), the_meeting(case.answers, world)
    if registration.stand is not Stand.SEATED or registration.attendance != ON_SITE:
        return None
    if meeting is None or world.today > meeting.day:
        return None
    lines = (*about(meeting), say(_("人数：{amount}人"), amount=registration.amount), contact(meeting, world))
    title = say(_("受付でこの画面を見せてください"))
    return Receipt(title, FORM_R9, case.opened, case.reference, lines, after_filing(), case.reference)


_TOLD: Mapping[str, Tell] = {
    "offered": _offered,
    "lapsed": _lapsed,
    "accepted": _accepted,
    "declined": _declined,
    "cancelled": _cancelled,
    "called_off": _called_off,
    "rescheduled": _rescheduled,
    "accommodated": _accommodated,
}
