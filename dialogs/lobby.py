"""What is said outside the questions of a form: the greeting, the menu, languages, closed seasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dialogs.asking import Stride
from dialogs.commands import LANGUAGES
from dialogs.conversation import Conversation
from dialogs.events import Action, Do, Event, SentOther
from dialogs.fields.base import Answers
from dialogs.howto.lists import is_borrower
from dialogs.possible import steps_now
from dialogs.procedure import Opening, Procedure, always_offered
from dialogs.reading.masking import mask
from dialogs.replies import Item, Listing, Offer, Said
from dialogs.rounds import makes_rounds
from dialogs.standing import Register, Standing
from dialogs.words import Message, Words, _, say
from dialogs.world import World

AT_LANGUAGES = "languages"
"""Where somebody stands to whom the languages were listed."""


@dataclass(frozen=True)
class Hall:
    """What stays the same through an event at the desk: what is offered, the world, the reader's words.

    *stride* is how much the channel asks at once, *last* what was filed the last time (see ``Standing``).
    """

    register: Register
    world: World
    words: Words
    stride: Stride = Stride.FIELD
    last: Mapping[str, Answers] = field(default_factory=dict)


def greeting(hall: Hall) -> Message:
    """Return the first words to somebody new, with what happens to what they send."""
    return say(
        _(
            "{city}の手続き窓口です。ここで申請や確認ができます。\n"
            "お名前や住所などの個人情報は、このトークではなく、市の専用ページでうかがいます。\n"
            "「ヘルプ」と送ると使い方を、「言語」と送ると言葉をえらべます。(English: send “language”)"
        ),
        city=say(hall.world.office.city),
    )


def not_understood(text: str, world: World) -> Message:
    """Return the answer to words that mean nothing here; personal ones get a word of warning."""
    if mask(text).kinds and not world.pii_in_chat:
        return say(
            _("電話番号や住所などの個人情報は、このトークには書かないでください。保存はしていません。")
        )
    return say(_("ご用件をメニューからお選びください。番号を送っても選べます。"))


def items(hall: Hall, standing: Standing) -> tuple[Item, ...]:
    """Return the entries of the menu, in the order in which they are numbered."""
    halves = [_half(hall, each) for each in standing.conversations if not _is_over(hall, standing, each)]
    services = [
        _service(hall, each)
        for each in hall.register.procedures
        if standing.may_begin(each) and not standing.half(each.key) and each.offered is always_offered
    ]
    mine = Item(say(_("申請状況を見る")), Action(Do.CASES))
    ours = Item(say(_("一覧（待っているもの・期限）")), Action(Do.QUEUE))
    rest = (
        ours if standing.is_staff else mine,
        Item(say(_("言語 / Language")), Action(Do.LANGUAGE)),
        Item(say(_("ヘルプ")), Action(Do.HELP)),
        # The last, so that no other number depends on it.
        *([Item(say(_("電気柵の使い方・質問")), Action(Do.HOWTO))] if is_borrower(standing) else ()),
        *(
            [Item(say(_("巡回（今日まわる所）")), Action(Do.ROUND))]
            if makes_rounds(standing, hall.register)
            else ()
        ),
        *([Item(say(_("必要なセット数を計算する")), Action(Do.RECKON))] if _lends(hall, standing) else ()),
        *_now_and_then(hall, standing),
    )
    return (*(each for each in halves if each), *_steps(hall, standing), *services, *rest)


def _now_and_then(hall: Hall, standing: Standing) -> Iterator[Item]:
    """Yield the services that are offered today and not always."""
    for each in hall.register.procedures:
        may_begin = standing.may_begin(each) and not standing.half(each.key)
        if each.offered is not always_offered and may_begin and each.offered(hall.world):
            yield _service(hall, each)


def _steps(hall: Hall, standing: Standing) -> Iterator[Item]:
    """Yield what the person can do now on their own cases, those opened last first."""
    for case in sorted(standing.cases, key=lambda each: (each.opened, each.reference), reverse=True):
        procedure = hall.register.of(case.procedure)
        if procedure is None or standing.is_staff:
            continue
        detail = say(_("{reference}　{title}"), reference=case.reference, title=say(procedure.title))
        for step in steps_now(procedure, case, standing, hall.world):
            if step.form is None or not standing.half(step.form.key, case.reference):
                yield Item(say(step.invitation), Action(Do.FILE, key=case.reference, part=step.key), detail)


def _lends(hall: Hall, standing: Standing) -> bool:
    """Return whether somebody may want to know how many sets of the fence a garden takes."""
    return not standing.is_staff and hall.register.of("fence_loan") is not None


def _is_over(hall: Hall, standing: Standing, talk: Conversation) -> bool:
    """Return whether the step for which *talk* was begun cannot be filed any more: its case has gone on."""
    entry, case = hall.register.entry(talk.form), standing.case(talk.case)
    if entry is None or case is None or entry.is_application:
        return False
    return not entry.procedure.may_file(entry.step.key, case)


def _half(hall: Hall, talk: Conversation) -> Item | None:
    entry = hall.register.entry(talk.form)
    if entry is None:
        return None
    resume = Action(Do.RESUME, key=talk.id)
    if not entry.is_application:
        label = say(_("続きから：{title}"), title=say(entry.step.title))
        return Item(label, resume, Message("{reference}", {"reference": talk.case}))
    label = say(_("続きから：{title}"), title=say(entry.procedure.title))
    detail = say(_("{reference} の訂正"), reference=talk.case) if talk.case else None
    return Item(label, resume, detail)


def _service(hall: Hall, procedure: Procedure) -> Item:
    opening = procedure.opening(hall.world)
    detail = None if opening.is_open or not opening.opens else say(_("{day}から"), day=opening.opens)
    if procedure.poll and opening.is_open:
        detail = say(procedure.title)
    return Item(say(procedure.invitation), Action(Do.START, key=procedure.key), detail)


def menu(hall: Hall, standing: Standing) -> Listing:
    """Return the menu."""
    return Listing(say(_("ご用件をお選びください。")), items(hall, standing))


def languages() -> Listing:
    """Return the languages to choose from, each in its own words."""
    entries = tuple(
        Item(Message("{name}", {"name": names[0].capitalize()}), Action(Do.LANGUAGE, value=locale))
        for locale, names in LANGUAGES.items()
    )
    return Listing(say(_("言葉をえらんでください。言葉の名前を送っても変えられます。")), entries)


def closed(procedure: Procedure, opening: Opening) -> Said:
    """Return when applications open, with the offer to send word that day."""
    message = opening.message or say(_("いまは受け付けていません。"))
    notify = Offer(say(_("その日に知らせてほしい")), Action(Do.NOTIFY, key=procedure.key), _("はい"))
    home = Offer(say(_("メニュー")), Action(Do.MENU), _("メニュー"))
    return Said(message, (notify, home) if opening.opens else (home,))


def begun(procedure: Procedure, standing: Standing, world: World) -> Conversation:
    """Return a new conversation about *procedure*, with what is known already."""
    return Conversation(standing.fresh, procedure.key, procedure.known(world))


def before_the_first_question(hall: Hall, procedure: Procedure) -> Message:
    """Return what is coming, and that one may stop at any time."""
    return say(
        _("{title}をはじめます。途中でやめても、続きから再開できます。"),
        title=say(procedure.form(hall.world.today).title),
    )


def really_quit(talk: Conversation) -> Said:
    """Return the question whether the answers given so far are to be thrown away."""
    offers = (
        Offer(say(_("中止する")), Action(Do.QUIT_SURELY, talk.id), _("中止する")),
        Offer(say(_("続ける")), Action(Do.RESUME, talk.id), _("続ける")),
    )
    return Said(say(_("中止すると、ここまでの入力は消えます。中止しますか。")), offers)


def after_filing() -> tuple[Offer, ...]:
    """Return what may be done after something was filed."""
    return (
        Offer(say(_("申請状況")), Action(Do.CASES), _("申請状況")),
        Offer(say(_("メニュー")), Action(Do.MENU), _("メニュー")),
    )


def filed(standing: Standing, talk: Conversation) -> Message:
    """Return that *talk* was filed, as its sender calls it."""
    if standing.is_staff:
        return say(_("提出しました"))
    return say(_("訂正を受け付けました")) if talk.case else say(_("申請を受け付けました"))


def thanks(event: Event) -> Message:
    """Return the answer to something that says nothing here."""
    if isinstance(event, SentOther) and event.kind == "stale":
        return say(_("そのボタンは、いまは使えません。メニューからお選びください。"))
    return say(_("ありがとうございます。ご用件をメニューからお選びください。"))
