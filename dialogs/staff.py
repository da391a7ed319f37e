"""What members of the staff do at the desk: see what waits, look a case up, decide on it.  Pure, like a turn."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from dialogs import rounds
from dialogs.effects import TellHere
from dialogs.events import Action, Decided, Do, Event, Tapped, Typed
from dialogs.lobby import Hall
from dialogs.reading.text import fold
from dialogs.replies import Item, Link, Listing, Offer, Said
from dialogs.signing import sign
from dialogs.standing import Register, Standing, Turn, Waiting
from dialogs.ways import addressed, to_menu
from dialogs.words import Message, _, say
from dialogs.words import listed as joined

MOST_LISTED = 30
"""Cases in one list; a longer one is nobody's reading matter, and says how many are left."""

_QUEUE = frozenset(  # untranslated: words that are read
    fold(word) for word in ("一覧", "いちらん", "リスト", "list", "queue")
)
_HERE = {  # untranslated: words that are read
    **dict.fromkeys(map(fold, ("ここに届ける", "ここにとどける", "deliver here")), "on"),
    **dict.fromkeys(map(fold, ("ここに届けない", "ここにとどけない", "do not deliver here")), ""),
}
# ``fold`` takes blanks away, so that a full-width one is none either.
_FIND = re.compile(  # untranslated: words that are read
    r"(?:検索|けんさく|さがす|探す|find|search):?(?P<number>[^:]*[0-9][^:]*)"
)
_HYPHENS = str.maketrans(dict.fromkeys("ー‐‑‒–—―−ｰ", "-"))  # untranslated: how people type a hyphen
_REFERENCE = re.compile(r"[a-z]+[0-9]*-[0-9]{2,}")
_LONGEST = 80


_ORDERS = frozenset({Do.QUEUE, Do.FIND, Do.HERE, Do.ROUND})


def ordered(text: str) -> Action | None:
    """Return what *text* orders of the desk, in the words that only members of the staff have."""
    if len(text) > _LONGEST:
        return None
    if round_of := rounds.asked(text):
        return round_of
    plain = fold(text).translate(_HYPHENS)
    if plain in _QUEUE:
        return Action(Do.QUEUE)
    if plain in _HERE:
        return Action(Do.HERE, value=_HERE[plain])
    found = _FIND.fullmatch(plain)
    if found:
        return Action(Do.FIND, key=_number(found["number"]))
    return Action(Do.FIND, key=_number(plain)) if _REFERENCE.fullmatch(plain) else None


def _number(text: str) -> str:
    return text.strip().upper()


def wanted(standing: Standing, event: Event) -> Action | Decided | None:
    """Return what the shell must look up for the turn of *event*: a list, or one case."""
    if not standing.is_staff:
        return None
    if isinstance(event, Decided):
        return event
    asked = ordered(event.text) if isinstance(event, Typed) else None
    if isinstance(event, Tapped):
        asked = event.action
    return asked if asked and asked.do in _ORDERS else None


def files(event: Event) -> bool:
    """Return whether *event* may file something on a case that is not the member's own, which is locked for it."""
    pressed = isinstance(event, Tapped) and event.action.do in {Do.FILE, Do.CONFIRM}
    return pressed or isinstance(event, Decided)


def case_of(register: Register, standing: Standing, event: Event) -> str:
    """Return the number of the case of which the member's *event* takes a step, "" for none."""
    if isinstance(event, Tapped) and event.action.do is Do.FILE:
        return event.action.key
    talk = addressed(standing, event)
    entry = register.entry(talk.form) if talk else None
    return talk.case if talk and entry and not entry.is_application else ""


def about(hall: Hall, standing: Standing, asked: Action | Decided) -> Turn:
    """Return what follows when a member of the staff asks for a list or a case, or decides on one."""
    if isinstance(asked, Decided):
        return _decided(hall, standing, asked)
    match asked.do:
        case Do.QUEUE:
            return Turn(standing, (queue(standing, hall.world.today),))
        case Do.HERE:
            return _here(hall, standing, wanted=bool(asked.value))
        case Do.ROUND:
            return rounds.answer(hall, standing, asked)
        case _:
            return _looked_up(standing, asked.key)


def _looked_up(standing: Standing, number: str) -> Turn:
    if standing.sheet is None:
        text = say(_("{number} は見つかりません。番号を確かめてください。"), number=number)
        return Turn(standing, (Said(text, _home()),))
    return Turn(standing, (standing.sheet,))


def _here(hall: Hall, standing: Standing, *, wanted: bool) -> Turn:
    """Let a channel be told of what the member has to do with, or of nothing."""
    mine = [each for each in hall.register.procedures if standing.roles(each.key)] if wanted else []
    if not mine:
        text = say(_("このチャネルには、カードを届けません。（個人のチャットには、いつも届きます。）"))
        return Turn(standing, (Said(text),), (TellHere(),))
    text = say(
        _("このチャネルに届けます：{titles}\nやめるときは「ここに届けない」と送ってください。"),
        titles=joined([each.title for each in mine]),
    )
    return Turn(standing, (Said(text),), (TellHere(tuple(each.key for each in mine)),))


def _decided(hall: Hall, standing: Standing, decided: Decided) -> Turn:
    case = standing.handled
    procedure = hall.register.of(case.procedure) if case else None
    if case is None or procedure is None:
        return to_menu(hall, standing, Said(say(_("その番号は見つかりません。一覧からお選びください。"))))
    return sign(procedure, case, standing, decided, hall.world)


def queue(standing: Standing, today: date) -> Listing:
    """Return what waits, and a line each on questions nobody has answered and on people nobody has reached."""
    found = listed(standing.waiting, today)
    title, links = found.title, found.links
    if standing.questions:
        text = _("{title}\n返事を待っている質問：{count}件（管理画面の「質問」で答えられます）")
        title = say(text, title=title, count=standing.questions)
        links = (*links, Link(say(_("質問")), "questions"))
    if standing.unreached:
        text = _("{title}\n連絡がつかない方：{count}件（電話か手紙でお知らせください）")
        title = say(text, title=title, count=standing.unreached)
        links = (*links, Link(say(_("連絡がつかない方")), "unreached"))
    return replace(found, title=title, links=links)


def listed(waiting: tuple[Waiting, ...], today: date) -> Listing:
    """Return *waiting* as a list: what is overdue first, then by day, the reader's own before others'."""
    if not waiting:
        return Listing(say(_("待っているものはありません。")), (), _home())
    mine = sum(each.mine for each in waiting)
    late = sum(each.by is not None and each.by < today for each in waiting)
    text = _("あなたの番：{mine}件　期限切れ：{late}件　全部で{count}件")
    title = say(text, mine=mine, late=late, count=len(waiting))
    first = sorted(waiting, key=lambda each: (not each.mine, each.by or date.max, each.reference))
    return Listing(title, tuple(_entry(each, today) for each in first[:MOST_LISTED]), _home())


def _entry(each: Waiting, today: date) -> Item:
    label = say(_("{reference}　{title}"), reference=each.reference, title=say(each.procedure))
    return Item(label, Action(Do.FIND, key=each.reference), _detail(each, today))


def _detail(each: Waiting, today: date) -> Message:
    if each.by is None:
        return each.what
    if each.by < today:
        return say(_("{what}　期限切れ（{day}まで）"), what=each.what, day=each.by)
    if each.by == today:
        return say(_("{what}　今日まで"), what=each.what)
    if each.opens is not None:
        return say(_("{what}　{opens}から{day}まで"), what=each.what, opens=each.opens, day=each.by)
    return say(_("{what}　{day}まで"), what=each.what, day=each.by)


def _home() -> tuple[Offer, ...]:
    return (
        Offer(say(_("一覧")), Action(Do.QUEUE), _("一覧")),
        Offer(say(_("メニュー")), Action(Do.MENU), _("メニュー")),
    )
