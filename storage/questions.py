"""Questions that residents put to the staff, their answers, and the staff's own words for entries of the guide."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Select, delete, func, select, update

from dialogs.events import Event
from dialogs.howto import talk
from dialogs.standing import Standing
from dialogs.world import World
from storage.tables import identities
from storage.tables_questions import howto_aliases, questions
from storage.upsert import into

LONGEST_WORD = 300
"""Characters of a question that may become another word for an entry."""


@dataclass(frozen=True)
class Question:
    """One question; times in ms UTC.  *person_id* is None once nobody needs to know it any more.

    *blocked* says that its person cannot be reached on their channel now.
    """

    id: str
    person_id: str | None
    locale: str
    text: str
    asked_at: int
    answered_at: int | None
    answered_by: str
    answer: str
    entry: str
    blocked: bool


def ask(conn: Connection, person_id: str, locale: str, text: str, message: str, now: int) -> str:
    """Store a question; return its id.  *text* holds nothing personal any more."""
    row = {"id": uuid.uuid4().hex, "person_id": person_id, "locale": locale, "text": text}
    conn.execute(questions.insert().values(**row, message=message[:128], asked_at=now))
    return row["id"]


def take_back(conn: Connection, person_id: str, message: str) -> int:
    """Remove what the person asked by *message*; return how many questions that were."""
    theirs = questions.c.person_id == person_id, questions.c.message == message
    return conn.execute(delete(questions).where(*theirs)).rowcount if message else 0


def answered(
    conn: Connection, question: str, by: str, now: int, *, answer: str = "", entry: str = ""
) -> bool:
    """Return whether *question* was still open; from now on it is answered, by *answer* or by an *entry*."""
    still = questions.c.id == question, questions.c.answered_at.is_(None)
    said = {"answered_at": now, "answered_by": by[:128], "answer": answer, "entry": entry}
    return conn.execute(update(questions).where(*still).values(**said)).rowcount == 1


def one(conn: Connection, question: str) -> Question | None:
    """Return the question with the id *question*."""
    row = conn.execute(_shown().where(questions.c.id == question)).first()
    return _question(row) if row else None


def waiting(conn: Connection, limit: int) -> Sequence[Question]:
    """Return what nobody has answered yet, the oldest first."""
    wanted = _shown().where(questions.c.answered_at.is_(None))
    return [_question(row) for row in conn.execute(wanted.order_by(*_ORDER).limit(limit))]


def done(conn: Connection, limit: int) -> Sequence[Question]:
    """Return what was answered last, the newest first."""
    wanted = _shown().where(questions.c.answered_at.is_not(None))
    newest = wanted.order_by(questions.c.answered_at.desc(), questions.c.id)
    return [_question(row) for row in conn.execute(newest.limit(limit))]


def between(conn: Connection, since: int | None, until: int | None) -> Sequence[Question]:
    """Return the questions asked in [since, until) (ms; None is open), the oldest first."""
    wanted = _shown().where(questions.c.asked_at >= (since or 0))
    if until is not None:
        wanted = wanted.where(questions.c.asked_at < until)
    return [_question(row) for row in conn.execute(wanted.order_by(*_ORDER))]


def forget_people(conn: Connection, before: int, limit: int) -> int:
    """Forget who asked what was answered before *before* (ms), *limit* at most; return how many."""
    old = questions.c.answered_at < before, questions.c.person_id.is_not(None)
    some = select(questions.c.id).where(*old).limit(limit)
    bare = {"person_id": None, "message": ""}
    return conn.execute(update(questions).where(questions.c.id.in_(some)).values(bare)).rowcount


def add_word(conn: Connection, entry: str, word: str, by: str, now: int) -> None:
    """Let *word* lead to *entry* of the guide; the same again changes nothing."""
    row = {"entry": entry, "word": word[:LONGEST_WORD], "added_by": by[:128], "added_at": now}
    conn.execute(into(conn, howto_aliases).values(row).on_conflict_do_nothing())


def remove_word(conn: Connection, entry: str, word: str) -> bool:
    """Return whether *word* led to *entry*; from now on it does not."""
    this = howto_aliases.c.entry == entry, howto_aliases.c.word == word
    return conn.execute(delete(howto_aliases).where(*this)).rowcount == 1


def words(conn: Connection) -> Mapping[str, tuple[str, ...]]:
    """Return the words that the staff gave to entries, by entry, in the order in which they were given."""
    found: dict[str, tuple[str, ...]] = {}
    columns = select(howto_aliases.c.entry, howto_aliases.c.word)
    for row in conn.execute(columns.order_by(howto_aliases.c.added_at, howto_aliases.c.word)):
        found[row.entry] = (*found.get(row.entry, ()), row.word)
    return found


def knowing(conn: Connection, world: World, standing: Standing, event: Event, person_id: str) -> World:
    """Return *world* with what a turn of the guide needs: the staff's words for entries, how much was asked before."""
    if talk.needs_count(standing, event):
        world = replace(world, asked=_count_open(conn, person_id))
    return replace(world, guide=words(conn)) if talk.needs_words(standing, event) else world


def _count_open(conn: Connection, person_id: str) -> int:
    mine = questions.c.person_id == person_id, questions.c.answered_at.is_(None)
    return conn.execute(select(func.count()).select_from(questions).where(*mine)).scalar_one()


_ORDER = (questions.c.asked_at, questions.c.id)


def _shown() -> Select[tuple[object, ...]]:
    newest = (
        select(identities.c.blocked_at)
        .where(identities.c.person_id == questions.c.person_id)
        .order_by(identities.c.seen_at.desc(), identities.c.channel, identities.c.external_id)
        .limit(1)
        .scalar_subquery()
    )
    return select(questions, newest.label("blocked_at"))


def _question(row: object) -> Question:
    values = dict(row._mapping)  # type: ignore[attr-defined]  # noqa: SLF001 -- SQLAlchemy's name for it
    values.pop("message")
    blocked = values.pop("blocked_at") is not None
    return Question(**values, blocked=blocked)
