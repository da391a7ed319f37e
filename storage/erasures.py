"""Erasing a person or a case: what there is of them, and the removal of it in the caller's transaction.

Cases stay as numbers without answers, so that what was done can still be counted, and with them their keyed
fingerprints; the access log stays, which holds ids and no answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from storage import checkins, holders, unreached
from storage import submissions as filed
from storage.asjson import dump, load
from storage.erasures_file import Tombstone
from storage.keyring import VaultKeyMissing
from storage.outbox import UNDELIVERABLE, WAITING
from storage.showing import shown_in
from storage.tables import (
    cases,
    conversations,
    identities,
    inbox,
    links,
    outbox,
    people,
    photos,
    reminders,
    sessions,
    submissions,
    vault,
)
from storage.tables_erasures import erasures
from storage.tables_questions import questions
from storage.tables_surveys import survey_invitations
from storage.vault import Vault, VaultSealBroken

PERSON, CASE = "person", "case"
ERASED = "erased"
"""The error of a message that was still waiting, and of an event that was still to be tried again."""

SIGNED = ("outcome", "level", "seen", "deputy_for", "member", "document", "number")
"""What stays of a signature: that it was given, by whom, under which number.  The reason may tell of somebody."""

_NOBODY = "(nobody)"


@dataclass(frozen=True)
class Subject:
    """What is to be erased: the *kind* ``person`` with all their cases, or one ``case``.  *id* is our own."""

    kind: str
    id: str


@dataclass(frozen=True)
class Holdings:
    """Everything that there is of a subject, as ids of rows."""

    subject: Subject
    person: str
    cases: Sequence[str] = ()
    submissions: Sequence[str] = ()
    conversations: Sequence[str] = ()
    records: Sequence[str] = ()
    photos: Sequence[str] = ()
    messages: Sequence[int] = ()
    events: Sequence[str] = ()
    links: Sequence[str] = ()
    sessions: Sequence[str] = ()
    reminders: Sequence[str] = ()
    questions: Sequence[str] = ()
    accounts: Sequence[tuple[str, str]] = field(default=(), repr=False)

    def counts(self) -> Mapping[str, int]:
        """Return how many rows there are of each kind."""
        kinds = [each.name for each in fields(self) if each.name not in {"subject", "person"}]
        return {kind: len(getattr(self, kind)) for kind in kinds}

    def digest(self) -> str:
        """Return a SHA-256 over the ids of all that is erased: who has the ids can prove what was meant."""
        named = (
            f"{kind}:{each}"
            for kind in sorted(self.counts())
            if kind != "accounts"
            for each in sorted(map(str, getattr(self, kind)))
        )
        return hashlib.sha256("\n".join(named).encode()).hexdigest()


def person_of(conn: Connection, named: str) -> str | None:
    """Return the person that *named* means: a case's reference, our own id, or the SHA-256 of their account."""
    by_case = select(cases.c.person_id).where(cases.c.reference == named)
    by_id = select(people.c.id).where(people.c.id == named)
    for wanted in (by_case, by_id):
        found: str | None = conn.execute(wanted).scalar()
        if found:
            return found
    accounts = conn.execute(select(identities.c.person_id, identities.c.external_id))
    return next((row.person_id for row in accounts if hashed(row.external_id) == named.lower()), None)


def hashed(account: str) -> str:
    """Return how an account is named without saying it."""
    return hashlib.sha256(account.encode()).hexdigest()


def survey(conn: Connection, subject: Subject, vault_: Vault | None) -> Holdings | None:
    """Return all that there is of *subject*, None where there is nothing; *vault_* opens events to be retried."""
    if subject.kind == PERSON:
        there = conn.execute(select(people.c.id).where(people.c.id == subject.id)).scalar()
        return _of_person(conn, subject, vault_) if there else None
    owner = conn.execute(select(cases.c.person_id).where(cases.c.id == subject.id)).scalar()
    return _of_case(conn, subject, owner) if owner else None


def _of_person(conn: Connection, subject: Subject, vault_: Vault | None) -> Holdings:
    person = subject.id
    mine = _ids(conn, cases.c.id, cases.c.person_id == person)
    rows = conn.execute(select(identities).where(identities.c.person_id == person))
    accounts = [(row.channel, row.external_id) for row in rows]
    # What members have half written down about somebody's cases is about that person as well.
    talks = or_(conversations.c.person_id == person, conversations.c.case_id.in_(mine))
    in_mine = submissions.c.case_id.in_(mine)
    shown = shown_in(conn, in_mine, talks)
    return Holdings(
        subject,
        person,
        mine,
        _ids(conn, submissions.c.id, in_mine),
        _ids(conn, conversations.c.id, talks),
        [*_records(conn, in_mine, talks), *checkins.records_of(conn, mine)],
        _ids(conn, photos.c.id, or_(photos.c.person_id == person, photos.c.id.in_(shown))),
        _ids(conn, outbox.c.id, _messages(person, accounts)),
        _events(conn, vault_, [external_id for _, external_id in accounts]),
        _ids(conn, links.c.token_hash, links.c.subject == person),
        _ids(conn, sessions.c.token_hash, sessions.c.subject == person),
        _ids(conn, reminders.c.id, reminders.c.person_id == person),
        _ids(conn, questions.c.id, questions.c.person_id == person),
        accounts,
    )


def _of_case(conn: Connection, subject: Subject, owner: str) -> Holdings:
    here, talks = submissions.c.case_id == subject.id, conversations.c.case_id == subject.id
    shown = shown_in(conn, here, talks)
    return Holdings(
        subject,
        owner,
        [subject.id],
        _ids(conn, submissions.c.id, here),
        _ids(conn, conversations.c.id, talks),
        [*_records(conn, here, talks), *checkins.records_of(conn, [subject.id])],
        _ids(conn, photos.c.id, photos.c.id.in_(shown)),
        # What the desk said about the case cannot be told from the rest of the talk.
        _ids(conn, outbox.c.id, and_(_messages(owner, ()), outbox.c.state != WAITING)),
        reminders=_ids(conn, reminders.c.id, reminders.c.case_id == subject.id),
    )


def _ids(conn: Connection, column: Any, *where: ColumnElement[bool]) -> list[Any]:
    return [*conn.execute(select(column).where(*where).order_by(column)).scalars()]


def _records(conn: Connection, here: ColumnElement[bool], talks: ColumnElement[bool]) -> list[str]:
    filed_ = select(submissions.c.vault_id).where(here, submissions.c.vault_id.is_not(None))
    half = select(conversations.c.vault_id).where(talks, conversations.c.vault_id.is_not(None))
    return _ids(conn, vault.c.id, or_(vault.c.id.in_(filed_), vault.c.id.in_(half)))


def _messages(person: str, accounts: Iterable[tuple[str, str]]) -> ColumnElement[bool]:
    own = [and_(outbox.c.channel == channel, outbox.c.recipient == name) for channel, name in accounts]
    return or_(outbox.c.thread == person, outbox.c.thread.endswith(f"/{person}", autoescape=True), *own)


def _events(conn: Connection, vault_: Vault | None, accounts: Sequence[str]) -> list[str]:
    """Return the events that are still to be tried again, or were given up, and speak of one of *accounts*."""
    if vault_ is None or not accounts:
        return []
    kept = conn.execute(select(inbox.c.event_id, inbox.c.raw).where(inbox.c.raw.is_not(None)))
    return [row.event_id for row in kept if _speaks_of(vault_, row, accounts)]


def _speaks_of(vault_: Vault, row: Any, accounts: Sequence[str]) -> bool:
    try:
        content = vault_.open_event(row.event_id, row.raw)
    except (VaultKeyMissing, VaultSealBroken):
        return False
    return any(account.encode() in content for account in accounts)


def hold(conn: Connection, subject: Subject) -> None:
    """Let no turn of the person be stored before the end of the transaction: nothing is added meanwhile."""
    owner = select(cases.c.person_id).where(cases.c.id == subject.id).scalar_subquery()
    wanted = people.c.id == (subject.id if subject.kind == PERSON else owner)
    conn.execute(select(people.c.id).where(wanted).with_for_update())


def erase(conn: Connection, there: Holdings, now: int) -> None:
    """Remove all that *there* names; turns of the person that are under way are run again."""
    changed = {"version": people.c.version + 1, "current": "", "at": ""}
    conn.execute(update(people).where(people.c.id == there.person).values(changed))
    conn.execute(delete(conversations).where(conversations.c.id.in_(there.conversations)))
    _erase_submissions(conn, there.submissions)
    for table, ids in ((photos, there.photos), (reminders, there.reminders), (questions, there.questions)):
        conn.execute(delete(table).where(table.c.id.in_(ids)))
    holders.forget(conn, there.cases)
    checkins.forget(conn, there.cases)
    unreached.forget(conn, there.cases, there.person if there.subject.kind == PERSON else "")
    _erase_records(conn, there.records)
    _erase_messages(conn, there.messages, now)
    gone = {"state": "dead", "raw": None, "error": ERASED, "due": None}
    conn.execute(update(inbox).where(inbox.c.event_id.in_(there.events)).values(gone))
    for table, ids in ((links, there.links), (sessions, there.sessions)):
        conn.execute(delete(table).where(table.c.token_hash.in_(ids)))
    if there.subject.kind == PERSON:
        _erase_person(conn, there)


def _erase_submissions(conn: Connection, ids: Sequence[str]) -> None:
    here = submissions.c.id.in_(ids)
    signed = select(submissions.c.id, submissions.c.answers).where(here, submissions.c.form == "")
    kept = {row.id: {key: load(row.answers).get(key) for key in SIGNED} for row in conn.execute(signed)}
    bare = {"answers": "{}", "sources": "{}", "vault_id": None}
    conn.execute(update(submissions).where(here).values(bare))
    for one, said in kept.items():
        left = {key: value for key, value in said.items() if value is not None}
        conn.execute(update(submissions).where(submissions.c.id == one).values(answers=dump(left)))


def _erase_records(conn: Connection, records: Sequence[str]) -> None:
    # A correction may begin with the record of what was filed: whoever still refers to it keeps it.
    free = [each for each in records if not filed.refers_to(conn, each)]
    conn.execute(delete(vault).where(vault.c.id.in_(free)))


def _erase_messages(conn: Connection, messages: Sequence[int], now: int) -> None:
    here = outbox.c.id.in_(messages)
    ended = {"state": UNDELIVERABLE, "error": ERASED, "done_at": now}
    conn.execute(update(outbox).where(here, outbox.c.state == WAITING).values(ended))
    blank = {"body": "", "recipient": "", "reply_token": None, "reply_until": None}
    conn.execute(update(outbox).where(here).values(blank))


def _erase_person(conn: Connection, there: Holdings) -> None:
    conn.execute(delete(identities).where(identities.c.person_id == there.person))
    conn.execute(delete(survey_invitations).where(survey_invitations.c.person_id == there.person))
    if there.cases:
        # A number without a name: the cases still belong to one and the same nobody.
        nobody = update(people).where(people.c.id == there.person)
        conn.execute(nobody.values(locale="ja", locale_chosen=False))
    else:
        conn.execute(delete(people).where(people.c.id == there.person))


def note(
    conn: Connection, stone: Tombstone, there: Mapping[str, int], by: tuple[str, str, str] | None = None
) -> None:
    """Keep *stone* in the database too, with the counts; *by* are who planned, who approved and a witness."""
    planned, approved, witness = by or (_NOBODY, _NOBODY, "")
    row = {"id": stone.id, "kind": stone.kind, "subject": stone.subject, "plan": stone.plan}
    row |= {"planned_by": planned, "approved_by": approved, "witness": witness}
    conn.execute(insert(erasures), {**row, "counts": dump(there), "erased_at": stone.erased_at})


def known(conn: Connection) -> Mapping[str, Tombstone]:
    """Return the erasures that the database knows, by id."""
    columns = (erasures.c.id, erasures.c.kind, erasures.c.subject, erasures.c.plan, erasures.c.erased_at)
    return {row.id: Tombstone(*row) for row in conn.execute(select(*columns))}


def counts(conn: Connection, erasure: str) -> Mapping[str, int]:
    """Return how many rows of each kind *erasure* removed."""
    stored = conn.execute(select(erasures.c.counts).where(erasures.c.id == erasure)).scalar_one()
    return load(stored)  # type: ignore[no-any-return]


def count(conn: Connection) -> int:
    """Return how many erasures the database knows."""
    return int(conn.execute(select(func.count()).select_from(erasures)).scalar_one())


def again(conn: Connection, stones: Sequence[Tombstone], vault_: Vault | None, now: int) -> int:
    """Return how many of *stones* were erased once more: people and cases that a backup brought back."""
    here, came_back = known(conn), 0
    for stone in stones:
        there = survey(conn, Subject(stone.kind, stone.subject), vault_)
        if there is not None and stone.id not in here:
            erase(conn, there, now)
            came_back += 1
        if stone.id not in here:
            note(conn, stone, there.counts() if there else {})
    return came_back
