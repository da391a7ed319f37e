"""What is tried from where a person stands, without any trace: help, the ways out, every kind of input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dialogs.conversation import Conversation
from dialogs.events import Action, Do, Event, SentOther, SentPhoto, SentPlace, Tapped, Typed
from dialogs.fields.base import Control
from dialogs.menu import hear
from dialogs.replies import Ask, Listing, Reply
from dialogs.standing import Standing, Turn
from storage import engine as database
from tests.machine.expected import Expected, Moment, normal
from tests.machine.laws import must
from tests.machine.sight import Seen

if TYPE_CHECKING:
    from tests.machine.machine import Machine
    from tests.machine.phone import Phone

ANYTHING: Sequence[Event] = (
    Typed("？？", "p1"),
    Typed("7", "p2"),
    SentOther("sticker", "p3"),
    SentOther("stale"),
    SentPhoto("p4", "p4"),
    SentPlace(43.0, 141.3, "", "p5"),
    Tapped(Action(Do.ANSWER, "0" * 32, "perimeter", "", "3")),
    Tapped(Action(Do.CASE, key="R9-9999")),
)
SATURDAY = 5


def in_season(today: date, *, is_open: bool) -> bool:
    """Return whether applications are taken on *today*, by the ordinance; the desk must think the same."""
    first, last = _workday(date(today.year, 6, 1)), _workday(date(today.year, 10, 31))
    due = first - timedelta(days=14) <= today <= last
    must(due == is_open, "the season is open when the ordinance says so", today)
    return due


def _workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= SATURDAY else day


def number_chosen(asked: Reply | None, event: Event, seen: Seen) -> None:
    """A number that is typed takes the option before which it stands."""
    if not (isinstance(asked, Ask) and isinstance(event, Typed) and event.text in {"1", "2", "3", "4"}):
        return
    options, number = asked.input.options, int(event.text)
    talk = seen.talks.get(asked.conversation)
    if talk is None or number > len(options) or asked.input.control not in {Control.ONE_OF, Control.MANY_OF}:
        return
    wanted = options[number - 1].key
    got = talk.answers.get(asked.field.key)
    if isinstance(got, dict):  # one more tick
        return
    must(got in (wanted, [wanted]) or wanted in _as_list(got), "a number takes its option", (number, got))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def try_everything(machine: Machine, phone: Phone) -> None:
    """Try what may come next, from where the owner of *phone* stands."""
    at, expected = machine.moment(), phone.expected
    _restored(expected)
    for event in ANYTHING:
        must(_turn(at, expected, event).replies, "no event is met with silence", event)
    if machine.town.edition and not {each.id for each in expected.standing.conversations} <= phone.carried:
        return  # the first turn after a deploy may ask anew what the later edition asks otherwise
    helped = _turn(at, expected, Typed("ヘルプ", "p"))
    must(helped.replies and _answers(helped.standing) == _answers(expected.standing), "help costs nothing")
    menu = _turn(at, expected, Typed("メニュー", "p"))
    must(isinstance(menu.replies[-1], Listing), "the menu is one word away", menu.replies)
    must(_answers(menu.standing) == _answers(expected.standing), "the menu costs nothing")
    for locale in ("ja", "ja@easy", "en"):
        other = _turn(at, expected, Tapped(Action(Do.LANGUAGE, value=locale)))
        must(
            _answers(other.standing) == _answers(expected.standing), "another language costs nothing", locale
        )
    _way_out(at, expected)
    _numbers(at, expected, menu)


def _way_out(at: Moment, expected: Expected) -> None:
    talk = expected.standing.talk
    if talk is None:
        return
    asked = _turn(at, expected, Typed("中止", "p"))
    must(asked.standing.conversation(talk.id), "nothing is thrown away unasked", talk.id)
    gone = hear(at.register, replace(asked.standing, fresh="x"), Typed("中止する", "p"), at.world)
    must(gone.standing.conversation(talk.id) is None, "two words lead out of a talk", talk.id)
    others = {each.id for each in expected.standing.conversations} - {talk.id}
    must({each.id for each in gone.standing.conversations} == others, "only the talk itself is left", others)


def _numbers(at: Moment, expected: Expected, menu: Turn) -> None:
    """A number of the list shown last does what tapping its entry does."""
    _same_by_number(at, expected, menu.standing, menu.replies)
    last = expected.replies
    if last and isinstance(last[-1], Listing) and expected.standing.talk is None:
        _same_by_number(at, expected, expected.standing, last)


def _same_by_number(at: Moment, expected: Expected, standing: Standing, replies: Sequence[Reply]) -> None:
    listing = replies[-1]
    assert isinstance(listing, Listing)
    there = replace(standing, fresh="x", cases=tuple(expected.cases.values()))
    for number, item in enumerate(listing.items, 1):
        typed = hear(at.register, there, Typed(str(number), "p"), at.world)
        tapped = hear(at.register, there, Tapped(item.action), at.world)
        must(_place(typed.standing) == _place(tapped.standing), "a number does what its entry does", number)


def _place(standing: Standing) -> tuple[object, ...]:
    return standing.current, standing.at, _answers(standing)


def _turn(at: Moment, expected: Expected, event: Event) -> Turn:
    return hear(at.register, expected.stood(event, "x"), event, at.world)


def _answers(standing: Standing) -> Mapping[str, Any]:
    return {each.id: {**each.aside, **each.answers} for each in standing.conversations}


def _restored(expected: Expected) -> None:
    for each in expected.standing.conversations:
        again = Conversation(**normal(asdict(each)))
        must(again == each, "a conversation is restored as it was stored", each)


def open_the_vault(machine: Machine) -> None:
    """Every record opens to what its owner gave."""
    wanted = {record: personal for phone in machine.phones for record, personal in _given(phone)}
    service, opened = machine.town.service, dict[str, Mapping[str, Any]]()
    with suppress(_LeaveNoTrace), database.write(service.engine) as conn:
        now = machine.town.clock.now()
        opened |= service.vault.open_many(conn, [*wanted], by="machine", role="auditor", why="", now=now)
        raise _LeaveNoTrace
    for record, personal in wanted.items():
        got = opened.get(record)
        must(got == personal, "the vault keeps what its owner gave", (record, got, personal))


def _given(phone: Phone) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each of the owner's records with what it must open to."""
    for name, talk in phone.seen.talks.items():
        if talk.vault_id:
            yield talk.vault_id, phone.expected.vault.get(name, {})
    for paper, filed in zip(phone.seen.papers, phone.expected.filed, strict=True):
        if paper.vault_id:
            yield paper.vault_id, filed.personal


class _LeaveNoTrace(Exception):
    """Rolls the transaction back."""
