"""What may happen: each rule by its weight, with numbers drawn beforehand, so that a step can be left out.

A step says what somebody does, never to what: which button, which message, which case follows from its numbers
when it is taken.  So any part of a walk is a walk.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeAlias

from bot.clock import TOKYO
from bot.line.listen import read_body, to_event
from dialogs.commands import LANGUAGES, SPELLINGS
from dialogs.events import Event, Joined, Left, SentOther, SentPhoto, SentPlace, Tapped, Typed, Unsent
from dialogs.replies import Ask, AskPage, Review
from tests.machine.line import ENDINGS
from tests.machine.machine import Machine
from tests.machine.phone import Button, Phone, Sent
from tests.machine.residents import wrong
from tests.machine.town import FUSES
from tests.nasty import NASTY
from tests.support.service import envelope, redelivered

START = "電気柵の貸出を申請する"

RIGHT: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "applicant_type": ("1", "2", "3", "個人"),
        "crop": ("とうもろこし", "なし"),
        "perimeter": ("40", "120m", "四十"),
        "length": ("40", "55"),
        "sets": ("1", "2"),
        "period": ("6月20日から7月20日", "8/1", "8月31日", "10月31日", "2週間"),
        "reason": ("1", "2", "3", "1と3", "全部"),
        "reason_other": ("足あとがあったため",),
        "damage": ("1", "2", "3", "4"),
        "photo": ("なし",),
        "trace_place": ("見本公園の東", "なし"),
        "emergency": ("1", "2"),
        "upkeep": ("はい",),
        "return": ("はい",),
        "consider": ("はい",),
    }
)
WORDS: Sequence[str] = (
    *"1 2 3 4 5 はい いいえ 40 1と2 全部 なし 個人 法人 6月15日から8月31日 6/20 8/31 2週間 あした".split(),
    *"足あと 急いでいない 申請する 直す 取り下げる 確認しました submit 申請 電気柵の貸出 説明".split(),
    *(word for words in SPELLINGS.values() for word in words),
    *(word for words in LANGUAGES.values() for word in words),
    "このまま",
    "戻る",
    "設置場所の周囲長",
)
_NASTY: Sequence[str] = tuple(text[:3000] for text in NASTY)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAUSES: Sequence[timedelta] = (
    timedelta(seconds=2),
    timedelta(seconds=6),
    timedelta(seconds=55),
    MINUTE,
    36 * MINUTE,
    HOUR,
    9 * HOUR,
)
EVES: Sequence[tuple[int, int]] = ((10, 31), (11, 2), (12, 31), (2, 28), (5, 17), (5, 20), (5, 31), (3, 31))
"""Days at whose end something begins or is over."""


@dataclass(frozen=True)
class Step:
    """One thing that happens: the *rule*, who does it, and numbers from which all else follows."""

    rule: str
    who: int
    one: int
    two: int


Do: TypeAlias = Callable[[Machine, Phone, Step], None]


def _of(many: Sequence[Any], number: int) -> Any:
    return many[number % len(many)]


# --- how an event is sent


def _send(machine: Machine, phone: Phone, raw: Mapping[str, Any], event: Event) -> Sent | None:
    if phone.is_blocked:  # LINE lets nobody write to an account that they block
        return None
    sent = Sent(str(raw["webhookEventId"]), phone, event, raw)
    machine.post(sent)
    return sent


def _made(phone: Phone, words: str) -> tuple[Mapping[str, Any], Event]:
    raw = phone.webhooks.text(words)
    message = str(raw["message"]["id"])
    phone.messages.append(message)
    return raw, Typed(words, message)


def _type(machine: Machine, phone: Phone, words: str) -> None:
    _send(machine, phone, *_made(phone, words))


def _tapped(phone: Phone, button: Button, step: Step, machine: Machine) -> tuple[Mapping[str, Any], Event]:
    if not button.is_calendar:
        return phone.webhooks.postback(button.data), Tapped(button.action)
    day = (machine.today + timedelta(days=step.two % 150)).isoformat()
    return phone.webhooks.postback(button.data, {"date": day}), Tapped(replace(button.action, value=day))


def _right(machine: Machine, phone: Phone, step: Step) -> str:
    """Return words that lead on from where *phone* stands."""
    last = phone.expected.shown[-1] if phone.expected.shown else None
    if phone.expected.standing.talk is None or last is None:
        return "はい" if phone.expected.standing.at.startswith("opening:") and step.one % 2 else START
    if isinstance(last, Review):
        return "申請する"
    if isinstance(last, Ask):
        return str(_of(RIGHT.get(last.field.key, ("1",)), step.one))
    return str(_of(("続ける", "2", "申請する"), step.one))


# --- the rules


def goes_on(machine: Machine, phone: Phone, step: Step) -> None:
    last = phone.expected.shown[-1] if phone.expected.shown else None
    if isinstance(last, AskPage) and phone.expected.standing.talk:
        fills(machine, phone, step)
    else:
        _type(machine, phone, _right(machine, phone, step))


def types(machine: Machine, phone: Phone, step: Step) -> None:
    _type(machine, phone, str(_of(WORDS, step.one)))


def types_a_reference(machine: Machine, phone: Phone, step: Step) -> None:
    """A reference is typed, one's own or another's: not as an answer, which would be read back."""
    if phone.expected.standing.talk is None:
        _type(machine, phone, f"R9-000{1 + step.one % 4}")


def types_a_number(machine: Machine, phone: Phone, step: Step) -> None:
    _type(machine, phone, str(1 + step.one % 6))


def types_something_nasty(machine: Machine, phone: Phone, step: Step) -> None:
    raw, _event = _made(phone, str(_of(_NASTY, step.one)))
    delivery = read_body(envelope([raw]))  # what LINE's JSON makes of it
    event = to_event(delivery.events[0], lambda _data: None) if delivery else None
    assert event
    _send(machine, phone, raw, event)


def types_something_personal(machine: Machine, phone: Phone, step: Step) -> None:
    _type(machine, phone, str(_of(phone.sample.slips, step.one)))


def taps(machine: Machine, phone: Phone, step: Step) -> None:
    _tap(machine, phone, step, phone.buttons[-1:])


def taps_an_old_button(machine: Machine, phone: Phone, step: Step) -> None:
    _tap(machine, phone, step, phone.buttons)


def _tap(machine: Machine, phone: Phone, step: Step, batches: Sequence[Sequence[Button]]) -> None:
    found = [button for batch in batches for button in batch]
    if found:
        _send(machine, phone, *_tapped(phone, _of(found, step.one), step, machine))


def taps_what_is_anothers(machine: Machine, phone: Phone, step: Step) -> None:
    other = _of(machine.phones, step.two)
    found = [button for batch in other.buttons[-3:] for button in batch]
    if not found:
        return
    button = _of(found, step.one)
    if other is phone:
        _send(machine, phone, *_tapped(phone, button, step, machine))
    else:
        _send(machine, phone, phone.webhooks.postback(button.data), SentOther("stale"))


def taps_what_was_tampered_with(machine: Machine, phone: Phone, step: Step) -> None:
    found = [button for batch in phone.buttons[-3:] for button in batch]
    if found:
        data = list(_of(found, step.one).data)
        at = step.two % len(data)
        data[at] = "A" if data[at] != "A" else "B"
        _send(machine, phone, phone.webhooks.postback("".join(data)), SentOther("stale"))


def sends_a_photo(machine: Machine, phone: Phone, step: Step) -> None:
    raw = phone.webhooks.image()
    message = str(raw["message"]["id"])
    phone.messages.append(message)
    if step.one % 3 == 0:
        machine.town.line.unreadable.add(message)
    _send(machine, phone, raw, SentPhoto(message, message))


def sends_a_place(machine: Machine, phone: Phone, step: Step) -> None:
    name = str(_of(("", "見本公園", f"札幌市南区藤野五条{phone.sample.page['address']['rest']}"), step.one))
    raw = phone.webhooks.message("location", title=name, latitude=43.05, longitude=141.35, address="")
    message = str(raw["message"]["id"])
    phone.messages.append(message)
    _send(machine, phone, raw, SentPlace(43.05, 141.35, name, message))


def sends_what_is_no_answer(machine: Machine, phone: Phone, step: Step) -> None:
    kind = str(_of(("sticker", "audio", "video", "file", "novelty"), step.one))
    raw = phone.webhooks.message(kind, packageId="1", stickerId="2")
    _send(machine, phone, raw, SentOther(kind, str(raw["message"]["id"])))


def takes_a_message_back(machine: Machine, phone: Phone, step: Step) -> None:
    if phone.messages:
        message = phone.messages[-1 - step.one % min(len(phone.messages), 8)]
        _send(machine, phone, phone.webhooks.unsend(message), Unsent(message))


def blocks(machine: Machine, phone: Phone, _step: Step) -> None:
    if phone.is_blocked:
        return
    raw = phone.webhooks.unfollow()
    _send(machine, phone, raw, Left())
    phone.is_blocked = True
    machine.town.line.block(phone.user_id)


def follows(machine: Machine, phone: Phone, step: Step) -> None:
    again = phone.is_blocked
    phone.is_blocked = False
    machine.town.line.blocked.discard(phone.user_id)
    if again or step.one % 4 == 0:
        raw = phone.webhooks.event("follow", follow={"isUnblocked": again})
        _send(machine, phone, raw, Joined(again=again))


def is_heard_again(machine: Machine, phone: Phone, step: Step) -> None:
    """LINE delivers an event once more, one that was heard before or one that nobody answered."""
    mine = [each for each in machine.unheard if each.phone is phone]
    known = mine or [
        each for each in phone.past[-30:] if (each.failed_at or each.done_at) > _remembered(machine)
    ]
    if known:
        sent = _of(known, step.one)
        again = replace_raw(sent)
        machine.post(*[again] * (1 + step.two % 2))


def _remembered(machine: Machine) -> int:
    """Return since when (ms) the ids of events are remembered: nothing comes again after so long."""
    days = machine.town.service.settings.keep_inbox_days
    return machine.town.clock.now() - days * 24 * 3600 * 1000


def replace_raw(sent: Sent) -> Sent:
    """Return *sent* with the mark of a redelivery."""
    sent.raw = redelivered(sent.raw)
    return sent


def is_late(machine: Machine, phone: Phone, step: Step) -> None:
    """An event is on its way while later ones overtake it; or it arrives."""
    if phone.late:
        machine.post(phone.late.pop(step.one % len(phone.late)))
    elif not phone.is_blocked:
        raw, event = _made(phone, _right(machine, phone, step))
        phone.late.append(Sent(str(raw["webhookEventId"]), phone, event, raw))


def two_speak_at_once(machine: Machine, phone: Phone, step: Step) -> None:
    """One webhook holds the events of two people, one of them twice."""
    other = _of(machine.phones, step.two)
    sent = []
    for each in dict.fromkeys((phone, other)):
        if not each.is_blocked:
            raw, event = _made(each, _right(machine, each, step))
            sent.append(Sent(str(raw["webhookEventId"]), each, event, raw))
    if sent:
        machine.post(*sent, sent[0])


def does_the_same(machine: Machine, phone: Phone, step: Step) -> None:
    """Somebody sends what another has sent."""
    other = _of(machine.phones, step.one)
    typed = [each.event for each in other.past[-5:] if isinstance(each.event, Typed)]
    if typed:
        _type(machine, phone, typed[step.two % len(typed)].text)


def fills(machine: Machine, phone: Phone, step: Step) -> None:
    """The private page is sent: as it should be, with mistakes, a second time, or late."""
    page, talks = phone.sample.page, phone.expected.standing.conversations
    if step.two & 8:
        page = {**page, "note": {"": f"{page['note']['']}。犬がいます"}}
    how, recent = step.two % 8, [each for each in phone.pages if each[2] > _remembered(machine)]
    if how == 7 and recent:  # the same button pressed twice, perhaps long after
        cause, conversation, _when = _of(recent, step.one)
        machine.fill(phone, conversation, cause, page)
    elif talks:
        talk = phone.expected.standing.talk or _of(talks, step.one)
        cause = f"page/{phone.sample.number}x{machine.steps}"
        phone.pages.append((cause, talk.id, machine.town.clock.now()))
        machine.fill(phone, talk.id, cause, wrong(page) if how == 6 else page)
    elif phone.filed:
        machine.fill(phone, min(phone.filed), f"page/late{machine.steps}", page)


def fills_what_is_anothers(machine: Machine, phone: Phone, step: Step) -> None:
    other = _of(machine.phones, step.one)
    if other is not phone and phone.seen.person:
        for talk in other.expected.standing.conversations[:1]:
            machine.fill(phone, talk.id, f"page/foreign{machine.steps}", phone.sample.page)


def corrects(machine: Machine, phone: Phone, step: Step) -> None:
    """A case is opened to be corrected, or, at the end of its menu, withdrawn."""
    if phone.expected.cases:
        for words in ("申請状況", str(1 + step.one % len(phone.expected.cases)), "1"):
            _type(machine, phone, words)


def gives_up(machine: Machine, phone: Phone, step: Step) -> None:
    """A talk is cancelled, or not quite."""
    for words in ("中止", "いいえ" if step.one % 4 == 0 else "中止する"):
        _type(machine, phone, words)


def staff_take_up(machine: Machine, phone: Phone, step: Step) -> None:
    machine.staff(phone, step.one)


def time_passes(machine: Machine, _phone: Phone, step: Step) -> None:
    machine.town.clock.advance(_of(PAUSES, step.one))


def a_night_passes(machine: Machine, _phone: Phone, step: Step) -> None:
    """The clock is just before or just behind a midnight that counts, or days have gone by."""
    now = machine.at_now()
    if step.one % 3:
        machine.town.clock.advance(timedelta(days=(1, 3, 31)[step.two % 3] if step.one % 3 == 1 else 1))
        return
    month, day = _of(EVES, step.two)
    eve = datetime(now.year, month, day, 23, 59, 58, tzinfo=TOKYO)
    machine.town.clock.set(eve if eve > now else eve.replace(year=now.year + 1))


def jobs_run(machine: Machine, _phone: Phone, _step: Step) -> None:
    machine.tick()


def is_delivered(machine: Machine, _phone: Phone, step: Step) -> None:
    chance = random.Random(step.one)
    machine.deliver([chance.choice(ENDINGS) for _ in range(step.two % 8)])


def sends_at_once(machine: Machine, phone: Phone, step: Step) -> None:
    """From now on the sender is free and sends each answer in the turn's wake; or it is busy again."""
    machine.town.at_once = step.two % 3 > 0
    machine.town.line.plan[:] = [random.Random(step.one).choice(ENDINGS)]
    try:
        goes_on(machine, phone, step)
    finally:
        machine.town.line.plan.clear()


def falls_over(machine: Machine, phone: Phone, step: Step) -> None:
    """The turn of what somebody does next fails in the middle, or the process is killed around its commit."""
    if any(each.phone is phone for each in machine.waiting):
        return
    machine.town.arm(str(_of(FUSES, step.one)), 1 + step.two % 90)
    try:
        _of((goes_on, goes_on, taps, types), step.two)(machine, phone, step)
    finally:
        machine.town.disarm()


def is_deployed(machine: Machine, _phone: Phone, _step: Step) -> None:
    if machine.town.edition == 0:
        machine.town.edition = 1
        for phone in machine.phones:
            phone.carried.clear()
            phone.asked = None


RULES: Mapping[str, tuple[float, Do]] = MappingProxyType(
    {
        "goes_on": (30, goes_on),
        "types": (10, types),
        "types_a_number": (5, types_a_number),
        "types_a_reference": (1.5, types_a_reference),
        "types_something_nasty": (2, types_something_nasty),
        "types_something_personal": (2, types_something_personal),
        "taps": (12, taps),
        "taps_an_old_button": (5, taps_an_old_button),
        "taps_what_is_anothers": (1.5, taps_what_is_anothers),
        "taps_what_was_tampered_with": (1, taps_what_was_tampered_with),
        "sends_a_photo": (2, sends_a_photo),
        "sends_a_place": (1.5, sends_a_place),
        "sends_what_is_no_answer": (1, sends_what_is_no_answer),
        "takes_a_message_back": (2, takes_a_message_back),
        "blocks": (0.7, blocks),
        "follows": (2, follows),
        "is_heard_again": (4, is_heard_again),
        "is_late": (2, is_late),
        "two_speak_at_once": (2, two_speak_at_once),
        "does_the_same": (1.5, does_the_same),
        "fills": (2.5, fills),
        "fills_what_is_anothers": (0.4, fills_what_is_anothers),
        "corrects": (0.7, corrects),
        "gives_up": (0.5, gives_up),
        "staff_take_up": (0.7, staff_take_up),
        "time_passes": (3, time_passes),
        "a_night_passes": (0.4, a_night_passes),
        "jobs_run": (1.5, jobs_run),
        "is_delivered": (9, is_delivered),
        "sends_at_once": (2, sends_at_once),
        "falls_over": (3, falls_over),
        "is_deployed": (0.3, is_deployed),
    }
)


def drawn(chance: random.Random, count: int, more: Mapping[str, float] | None = None) -> list[Step]:
    """Return *count* steps; *more* weighs some rules anew."""
    weights = {name: weight for name, (weight, _do) in RULES.items()} | dict(more or {})
    names = chance.choices(list(weights), list(weights.values()), k=count)
    return [
        Step(name, chance.choice((0, 0, 0, 1, 1, 2, 3)), chance.randrange(1 << 16), chance.randrange(1 << 16))
        for name in names
    ]


def take(machine: Machine, step: Step) -> None:
    """Let *step* happen."""
    RULES[step.rule][1](machine, machine.phones[step.who], step)


NEUTRAL = (
    frozenset({START, *WORDS, *(word for words in RIGHT.values() for word in words)})
    - frozenset(word for words in LANGUAGES.values() for word in words)
    - {"説明", "直す"}
)
"""Words that mean the same in whatever language they are read."""
