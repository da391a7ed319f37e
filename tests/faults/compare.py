"""The comparison of the ledgers: what the desk acknowledged, what it stored, and what the platform accepted.

It shares nothing with the program but the names of tables and columns, so that an error of the program's own
reconciliation does not hide an error of the program.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, text

from tests.faults.residents import Resident, Sent

LOST, DUPLICATED, CROSSED, UNEXPLAINED = "lost", "duplicated", "crossed", "unexplained"
KINDS = (LOST, DUPLICATED, CROSSED, UNEXPLAINED)
SHOWN = 6
_LINK = re.compile(r"/f/([A-Za-z0-9._-]+)")
INTRODUCED = "/introduced"
"""What stands behind an event's id where the person's profile was fetched for it."""


@dataclass
class Verdict:
    """What a comparison found, by kind, with its reasons; *noted* is explained and no fault."""

    found: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    noted: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, reason: str) -> None:
        self.found[kind].append(reason)

    @property
    def counts(self) -> Mapping[str, int]:
        return {kind: len(reasons) for kind, reasons in self.found.items()}

    @property
    def clean(self) -> bool:
        return not any(self.found.values())

    def __str__(self) -> str:
        head = " ".join(f"{kind} {count}" for kind, count in self.counts.items())
        lines = [f"  {kind}: {reason}" for kind in KINDS for reason in self.found[kind][:SHOWN]]
        return "\n".join([head, *lines])


@dataclass(frozen=True)
class Books:
    """The ledgers of one moment.

    *people* are the driver's residents, *sent* all its events, *accepted* the platform's lines as :func:`arrived`.
    """

    people: Sequence[Resident]
    sent: Mapping[str, Sent]
    accepted: Sequence[Mapping[str, Any]]
    tables: Mapping[str, Sequence[Any]]


_QUERIES = {
    "inbox": "SELECT event_id, state FROM inbox",
    "people": "SELECT i.external_id AS account, p.id, p.version FROM people p "
    "JOIN identities i ON i.person_id = p.id",
    "outbox": "SELECT id, thread, kind, recipient, body, reply_token, retry_key, legal, cause, state "
    "FROM outbox ORDER BY id",
    "submissions": "SELECT id, event_id, filed_by, answers, vault_id FROM submissions",
    "conversations": "SELECT person_id, answers FROM conversations",
    "links": "SELECT token_hash, subject FROM links WHERE kind = 'page'",
}


def read(engine: Engine) -> Mapping[str, Sequence[Any]]:
    """Return the tables as they are."""
    with engine.connect() as connection:
        return {name: connection.execute(text(query)).all() for name, query in _QUERIES.items()}


def arrived(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a *line* of the platform's ledger with what every comparison reads off it: nothing of it ever changes."""
    tokens = _LINK.findall(json.dumps(line["messages"]))
    hashes = [hashlib.sha256(each.encode()).hexdigest() for each in tokens]
    return {**line, "plain": _plain(line["messages"]), "links": hashes}


@lru_cache(maxsize=30_000)
def _said(body: str) -> str:
    return _plain(json.loads(body)["messages"])


def _plain(messages: Any) -> str:
    """Return *messages* as text without the tokens of their links, which stand in no table."""
    return _LINK.sub("/f/", json.dumps(messages, sort_keys=True, ensure_ascii=False))


def compare(books: Books) -> Verdict:
    """Return what is wrong between the ledgers: nothing, if the desk holds."""
    verdict = Verdict()
    _events(books, verdict)
    _turns(books, verdict)
    _messages(books, verdict)
    _filings(books, verdict)
    _talks(books, verdict)
    _links(books, verdict)
    return verdict


def root(name: str) -> str:
    """Return the event behind an id or a cause: ``EVENT/introduced``, ``EVENT/talk``, ``page/ONCE/talk``."""
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] in {"page", "reminder"} else parts[0]


def _events(books: Books, verdict: Verdict) -> None:
    states = {row.event_id: row.state for row in books.tables["inbox"]}
    answered = {root(row.cause) for row in books.tables["outbox"] if row.kind == "messages"}
    for each in books.sent.values():
        if each.acked and states.get(each.id) != "done":
            verdict.add(LOST, f"event {each.id} was acknowledged and is {states.get(each.id)}")
        elif each.acked and each.id not in answered:
            verdict.add(LOST, f"event {each.id} was acknowledged and never answered")
    pages = {f"page/{once}" for person in books.people for once in person.pages}
    for name in states:
        if name.removesuffix(INTRODUCED) not in books.sent and name not in pages:
            verdict.add(UNEXPLAINED, f"event {name} was never sent")


def _turns(books: Books, verdict: Verdict) -> None:
    """Every event of a person is one turn, and every turn counts their version up."""
    done: Counter[str] = Counter()
    pages = {f"page/{once}": person.user for person in books.people for once in person.pages}
    for row in books.tables["inbox"]:
        name = row.event_id.removesuffix(INTRODUCED)
        user = pages.get(name) or (books.sent[name].user if name in books.sent else "")
        done[user] += row.state == "done"
    for row in books.tables["people"]:
        if row.version > done[row.account]:
            verdict.add(DUPLICATED, f"{row.account} had {row.version} turns of {done[row.account]} events")
        elif row.version < done[row.account]:
            verdict.add(LOST, f"{row.account} had {row.version} turns of {done[row.account]} events")


def _messages(books: Books, verdict: Verdict) -> None:
    found = _Accepted(books.accepted)
    persons = {row.id: row.account for row in books.tables["people"]}
    latest: dict[str, int] = {}
    for row in books.tables["outbox"]:
        _addressee(row, books, persons, verdict)
        if row.kind == "messages":
            hits = found.of(row)
            _message(row, hits, verdict)
            for place, _ in hits[:1]:
                if place < latest.get(row.recipient, -1):
                    verdict.add(UNEXPLAINED, f"message {row.id} came out of order")
                latest[row.recipient] = place
    for kind, reason in found.left(books):
        verdict.add(kind, reason)


def _addressee(row: Any, books: Books, persons: Mapping[str, str], verdict: Verdict) -> None:
    name = root(row.cause)
    if name in books.sent and books.sent[name].user != row.recipient:
        verdict.add(CROSSED, f"message {row.id} answers an event of somebody else")
    if persons.get(row.thread.rpartition("/")[2], row.recipient) != row.recipient:
        verdict.add(CROSSED, f"message {row.id} is for another account than its person's")
    if row.state == "waiting":
        verdict.add(LOST, f"message {row.id} ({row.kind}) still waits")


def _message(row: Any, hits: Sequence[tuple[int, Mapping[str, Any]]], verdict: Verdict) -> None:
    if row.state == "delivered" and not hits and row.body:
        verdict.add(LOST, f"message {row.id} counts as delivered and was never accepted")
    if row.state == "maybe" and row.legal:
        verdict.add(LOST, f"message {row.id} is a receipt and was left at maybe")
    if row.state not in {"waiting", "delivered", "maybe", "undeliverable"}:
        verdict.add(UNEXPLAINED, f"message {row.id} is {row.state}")
    verdict.noted[row.state] += 1
    if len(hits) > 1:
        verdict.add(DUPLICATED, f"message {row.id} was accepted {len(hits)} times")
    for _, line in hits:
        if line["to"] != row.recipient:
            verdict.add(CROSSED, f"message {row.id} went to another account")
        if row.body and line["plain"] != _said(row.body):
            verdict.add(CROSSED, f"message {row.id} was sent with other words")


class _Accepted:
    """What the platform accepted, found by token and key; what nobody asked for is left."""

    def __init__(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self._lines = lines
        self._by: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, line in enumerate(lines):
            self._by[line["kind"], line["token"] or line["key"]].append(place)
        self._taken: set[int] = set()

    def of(self, row: Any) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """Return the calls that carried the message *row*, with their places."""
        places = [*self._by.get(("reply", row.reply_token), ()), *self._by.get(("push", row.retry_key), ())]
        self._taken.update(places)
        return [(place, self._lines[place]) for place in sorted(places)]

    def left(self, books: Books) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the calls that carried no message of the desk's."""
        known = Counter((row.recipient, row.body) for row in books.tables["outbox"] if row.kind == "messages")
        blanked = any(not body for _, body in known)
        left = [place for place in range(len(self._lines)) if place not in self._taken]
        words = {(user, _said(body)) for user, body in known if body} if left else set()
        for line in (self._lines[place] for place in left):
            if blanked and line["kind"] == "reply":
                continue
            same = (line["to"], line["plain"]) in words
            kind = DUPLICATED if same else UNEXPLAINED
            yield kind, f"a {line['kind']} was accepted under a name that no message has"


def _filings(books: Books, verdict: Verdict) -> None:
    people = {each.user: each for each in books.people}
    persons = {row.id: row.account for row in books.tables["people"]}
    filed = Counter(row.event_id for row in books.tables["submissions"])
    for each in books.sent.values():
        if each.files and each.acked and not filed[each.id]:
            verdict.add(LOST, f"the application of event {each.id} was not filed")
    for name, times in filed.items():
        if times > 1:
            verdict.add(DUPLICATED, f"the application of event {name} was filed {times} times")
    for row in books.tables["submissions"]:
        _filing(row, books.sent.get(row.event_id), people.get(persons.get(row.filed_by, "")), verdict)
    for name, times in Counter(row.vault_id for row in books.tables["submissions"]).items():
        if times > 1 or name is None:
            verdict.add(CROSSED, f"{times} submissions share the personal answers {name}")


def _filing(row: Any, sent: Sent | None, person: Resident | None, verdict: Verdict) -> None:
    if sent is None or not sent.files:
        verdict.add(UNEXPLAINED, f"submission {row.id} was filed by no event that files")
    elif person is None or sent.user != person.user:
        verdict.add(CROSSED, f"submission {row.id} was filed for another person")
    elif not _agree(person, json.loads(row.answers), all_of=True):
        verdict.add(LOST, f"submission {row.id} says {row.answers[:200]}")


def _talks(books: Books, verdict: Verdict) -> None:
    people = {each.user: each for each in books.people}
    persons = {row.id: row.account for row in books.tables["people"]}
    stored = {
        persons.get(row.person_id, ""): json.loads(row.answers) for row in books.tables["conversations"]
    }
    for user, answers in stored.items():
        person = people.get(user)
        if person is None:
            verdict.add(CROSSED, f"a conversation belongs to nobody known: {user}")
        elif not person.waiting and not _agree(person, answers):
            verdict.add(LOST, f"{user} answered {dict(person.answers)}, stored is {answers}")
    for person in books.people:
        if (
            not person.walk
            and 2 < person.at < len(person.steps)
            and not person.waiting
            and person.user not in stored
        ):
            verdict.add(LOST, f"the conversation of {person.user} is gone at step {person.at}")


def _links(books: Books, verdict: Verdict) -> None:
    """Check that every link that was sent leads to a page of whom it was sent to."""
    subjects = {row.token_hash: row.subject for row in books.tables["links"]}
    persons = {row.id: row.account for row in books.tables["people"]}
    for line in books.accepted:
        for name in line["links"]:
            subject = subjects.get(name)
            if subject and persons.get(subject) != line["to"]:
                verdict.add(CROSSED, f"a link of {subject} was sent to {line['to']}")


def _agree(person: Resident, answers: Mapping[str, Any], *, all_of: bool = False) -> bool:
    wanted = person.answers
    if all_of and len(wanted) < 3:
        return False
    return all(answers.get(key) == value for key, value in wanted.items())
