"""What is looked at when a walk is over.

That all came to its end, that nothing lies in clear anywhere, and that the same events on an empty desk lead to
the same state, in their order and shuffled.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.desk import Arrival
from dialogs.events import Do, Filled, Introduced, Tapped, Typed, Unreadable
from storage import cases, submissions
from storage import engine as database
from storage.tables import metadata
from tests.machine import probes
from tests.machine.expected import Expected, Moment
from tests.machine.laws import must
from tests.machine.machine import Machine
from tests.machine.phone import Phone, Sent
from tests.machine.residents import MARKERS
from tests.machine.sight import look, told_apart
from tests.support.service import SECRET, door_of, envelope, sign

ROUNDS = 40
_NUMBER = re.compile(r"R([0-9]+)-([0-9]+)")


def all_comes_to_its_end(machine: Machine) -> None:
    """Let LINE deliver again what nobody answered, the jobs run and everything be sent; then look at the whole."""
    for _round in range(ROUNDS):
        for sent in list(machine.unheard):
            machine.post(sent)
        machine.tick()
        machine.deliver(())
        waits = machine.town.rows("SELECT count(*) FROM outbox WHERE state = 'waiting'")[0][0]
        if not (machine.unheard or machine.waiting or waits):
            break
        machine.town.clock.advance(timedelta(minutes=6) if _round < ROUNDS // 2 else timedelta(hours=7))
    must(not machine.waiting and not machine.unheard, "every event takes effect in the end", machine.waiting)
    machine.deliveries.ended(machine)
    probes.open_the_vault(machine)
    _photos(machine)
    _references(machine)
    _nothing_in_clear(machine)
    _tongues(machine)


def _photos(machine: Machine) -> None:
    """A photo is kept as long as an answer shows it, and no longer."""
    kept = {row[0] for row in machine.town.rows("SELECT id FROM photos")}
    shown = set()
    for phone in machine.phones:
        for talk in phone.seen.talks.values():
            shown |= {photo for photo in kept if photo in talk.written}
        shown |= {photo for photo in kept for paper in phone.seen.papers if photo in paper.answers}
    must(kept == shown, "a photo that nobody needs is gone", kept - shown)


def _references(machine: Machine) -> None:
    found = [row[0] for row in machine.town.rows("SELECT reference FROM cases")]
    must(len(found) == len(set(found)), "references are unique", found)
    years: dict[str, list[int]] = defaultdict(list)
    for reference in found:
        match = _NUMBER.fullmatch(reference)
        must(match, "a reference is written as the office writes it", reference)
        assert match
        years[match[1]].append(int(match[2]))
    for year, numbers in years.items():
        must(sorted(numbers) == [*range(1, len(numbers) + 1)], "references have no gaps", (year, numbers))


def _nothing_in_clear(machine: Machine) -> None:
    """Look for every piece of every personal answer in every row, and in the bytes of the files."""
    for table in metadata.sorted_tables:
        for row in machine.town.rows(f"SELECT * FROM {table.name}"):
            for value in row:
                text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                found = [marker for marker in MARKERS if marker in text]
                must(not found, "nothing personal in clear in the database", (table.name, found))


def _tongues(machine: Machine) -> None:
    """What one resident did leads to the same records in every language."""
    phone = machine.phones[machine.steps % len(machine.phones)]
    lives = [_lived(phone.log, locale) for locale in ("ja", "ja@easy", "en")]
    for other in lives[1:]:
        must(
            _records(other) == _records(lives[0]),
            "every language leads to the same records",
            other.standing.locale,
        )


def _lived(log: Sequence[tuple[Moment, Sent, str]], locale: str) -> Expected:
    person = Expected(chosen=True)
    person.standing = replace(person.standing, locale=locale)
    count: dict[str, int] = {}

    def number(procedure: str, day: object) -> str:
        count[procedure] = count.get(procedure, 0) + 1
        return f"R{day:%Y}-{count[procedure]:04}"

    for at, sent, fresh in log:
        event = sent.event
        there = replace(at, number=number)
        if isinstance(event, Filled):
            if person.standing.conversation(sent.conversation):
                person.fill(there, sent.conversation, event, sent.id)
        elif event is not None and not _speaks_of_a_language(event):
            person.hear(there, event, sent.id, fresh)
    return person


def _speaks_of_a_language(event: object) -> bool:
    if isinstance(event, Tapped):
        return event.action.do in {Do.LANGUAGE, Do.CASE, Do.CORRECT, Do.WITHDRAW, Do.WITHDRAW_SURELY}
    return isinstance(event, Introduced) or (isinstance(event, Typed) and not _is_neutral(event.text))


def _is_neutral(text: str) -> bool:
    from tests.machine.rules import NEUTRAL

    return text in NEUTRAL


def _records(person: Expected) -> object:
    talks = [(each.id, each.answers, each.aside, each.case) for each in person.standing.conversations]
    return talks, [replace(each, locale="") for each in person.filed]


# --- the whole log, on an empty desk


def replayed(machine: Machine, seed: int) -> None:
    """Replay what took effect on an empty desk: in its order, and shuffled among the residents."""
    if machine.removals or any(isinstance(sent.event, Unreadable) for _p, sent, _n, _e in machine.effects):
        return
    want = {phone: told_apart(phone.seen) for phone in machine.phones}
    begun = machine.at_now()
    # Among the residents numbers are given in another order: what somebody typed names another case then.
    cited = {phone for phone, sent, _n, _e in machine.effects if _cites(sent)}
    shuffled = [*_shuffled(machine.effects, random.Random(seed))]
    for order, compared in ((machine.effects, set(machine.phones)), (shuffled, set(machine.phones) - cited)):
        machine.town.begin(begun)
        for phone, sent, now, edition in order:
            _again(machine, phone, sent, now, edition)
        for phone in compared:
            got = told_apart(look(machine.town, phone.user_id))
            must(got == want[phone], "replaying the log gives the same state", (got, want[phone]))


def _cites(sent: Sent) -> bool:
    """Return whether somebody typed the number of a case."""
    return isinstance(sent.event, Typed) and "-000" in sent.event.text


def _shuffled(
    effects: Sequence[tuple[Phone, Sent, int, int]], chance: random.Random
) -> Iterable[tuple[Phone, Sent, int, int]]:
    queues: dict[Phone, list[tuple[Phone, Sent, int, int]]] = defaultdict(list)
    for each in effects:
        queues[each[0]].append(each)
    while queues:
        phone = chance.choice(list(queues))
        yield queues[phone].pop(0)
        if not queues[phone]:
            del queues[phone]


def _again(machine: Machine, phone: Phone, sent: Sent, now: int, edition: int) -> None:
    town = machine.town
    town.edition = edition
    town.clock.advance(timedelta(milliseconds=now - town.clock.now()))
    service = town.service
    if sent.event is None:
        _taken_up(machine, phone, sent, now)
    elif isinstance(sent.event, Filled):
        person = look(town, phone.user_id).person
        service.desk.fill(person, sent.conversation, sent.event, sent.id, now)
    elif isinstance(sent.event, Introduced):
        service.desk.hear(Arrival(sent.id, "line", phone.user_id, sent.event), now)
    else:
        body = envelope([sent.raw])
        must(door_of(service).hear(body, sign(body, SECRET)) == 200, "every event is taken or kept")


def _taken_up(machine: Machine, phone: Phone, sent: Sent, now: int) -> None:
    mine = list(dict.fromkeys(paper.reference for paper in look(machine.town, phone.user_id).papers))
    count = [*phone.expected.cases].index(sent.conversation)
    with database.write(machine.town.service.engine) as conn:
        found = cases.by_reference(conn, mine[count])
        assert found
        submissions.file(
            conn, case_id=found.id, step="taken_up", form="", edition="", answers={}, vault_id=None,
            filed_by="staff", role="staff", channel="console", locale="ja", event_id=sent.id, now=now,
        )  # fmt: skip
