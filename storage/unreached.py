"""Who must be told by telephone or letter: what did not arrive, until somebody has passed it on."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage import reminders as words
from storage.tables import cases, outbox, people, submissions
from storage.tables_time import unreached
from storage.upsert import into

WAYS = ("telephone", "letter", "in_person", "not_needed")
"""How a message is passed on; ``not_needed`` where it has come to nothing meanwhile."""

NO_ACCOUNT = "no account"
"""Why somebody is not reached who has no account with us: they came by telephone, on paper, to the counter."""

REMINDER = "reminder"
"""What the cause of everything begins with that time brought about."""

_ENDINGS = ("/talk", "/told")
"""What the cause of a message has behind the event that caused it: what is said in a talk, and to whom else."""

_OPEN = unreached.c.done_at.is_(None)


@dataclass(frozen=True)
class Unreached:
    """Somebody who was not told something, because of *why*.

    *reference*, *procedure* and *case_id* are of the case it is about ("" for none), *step* what was filed on it,
    *about* what they would have been reminded of; either may be "".  Times are in ms UTC.  *done_by* and *done_how*
    say who passed it on and how.
    """

    id: str
    cause: str
    why: str
    legal: bool
    since: int
    done_at: int | None
    done_by: str
    done_how: str
    reference: str
    procedure: str
    case_id: str
    step: str = ""
    about: str = ""

    @property
    def event(self) -> str:
        """Return the event in which what they were not told was filed."""
        return _event(self.cause)


def note(conn: Connection, person_id: str, cause: str, why: str, now: int) -> None:
    """Note that the person could not be told what *cause* brought about: once, however often it is noted."""
    _add(conn, person_id, cause, why, legal=True, since=now)


def gather(conn: Connection, staffed: Sequence[str], since: int = 0, limit: int = 500) -> int:
    """Return how many messages more there are that did not arrive and that somebody must pass on.

    Those are of legal effect, told by the office or brought about by time; what somebody was answered who has
    gone meanwhile is no loss.  *staffed* are the channels of members, who find everything on their list.  What did
    not arrive before *since* (ms) is not looked at: it was passed on, and is forgotten (see :func:`purge`).
    """
    recent = _lost(staffed).where(outbox.c.done_at >= since)
    found = conn.execute(recent.order_by(outbox.c.id).limit(limit)).all()
    for each in found:
        _add(conn, each.thread, each.cause, each.error or "", legal=each.legal, since=each.done_at)
    return len({each.cause for each in found})


def _lost(staffed: Sequence[str]) -> Select[Any]:
    columns = (outbox.c.thread, outbox.c.cause, outbox.c.error, outbox.c.legal, outbox.c.done_at)
    return select(*columns).where(
        # Spelt out for the partial index.
        outbox.c.state == literal_column("'undeliverable'"),
        outbox.c.kind == "messages",
        outbox.c.recipient != "",  # of whom is erased nobody is left to be told
        outbox.c.channel.not_in(list(staffed)),
        or_(outbox.c.legal, outbox.c.cause.startswith(f"{REMINDER}/")),
        ~exists().where(unreached.c.cause == outbox.c.cause),
        exists().where(people.c.id == outbox.c.thread),
    )


def waiting(conn: Connection, limit: int = 200) -> Sequence[Unreached]:
    """Return those whom nobody has told yet, the longest first."""
    return _found(conn, _rows(_OPEN).order_by(unreached.c.since, unreached.c.id).limit(limit))


def settled(conn: Connection, limit: int = 50) -> Sequence[Unreached]:
    """Return what was passed on, the latest first."""
    newest = unreached.c.done_at.desc(), unreached.c.id
    return _found(conn, _rows(~_OPEN).order_by(*newest).limit(limit))


def settle(conn: Connection, identity: str, by: str, how: str, now: int) -> bool:
    """Return whether *by* is the first who says that it was passed on, and *how* (one of ``WAYS``).

    Raises:
        ValueError: There is no such way.
    """
    if how not in WAYS:
        raise ValueError(how)
    mine = update(unreached).where(unreached.c.id == identity, _OPEN)
    return conn.execute(mine.values(done_at=now, done_by=by, done_how=how)).rowcount == 1


def purge(conn: Connection, before: int, limit: int) -> int:
    """Remove what was passed on before *before* (ms), *limit* at most; return how much that was.

    What nobody has passed on stays, however old it is.
    """
    old = select(unreached.c.id).where(unreached.c.done_at < before).limit(limit)
    return conn.execute(delete(unreached).where(unreached.c.id.in_(old))).rowcount


def forget(conn: Connection, cases_: Sequence[str], person_id: str = "") -> int:
    """Return how many lines went with the erased cases *cases_*, and with *person_id* ("" for nobody)."""
    theirs = or_(unreached.c.case_id.in_(cases_), unreached.c.person_id == person_id)
    return conn.execute(delete(unreached).where(theirs)).rowcount


def _add(conn: Connection, person_id: str, cause: str, why: str, *, legal: bool, since: int) -> None:
    row = {
        "id": uuid.uuid4().hex,
        "person_id": person_id,
        "case_id": _case_of(conn, person_id, cause),
        "cause": cause,
        "why": why,
        "legal": legal,
        "since": since,
    }
    conn.execute(into(conn, unreached).values(row).on_conflict_do_nothing())


def _case_of(conn: Connection, person_id: str, cause: str) -> str:
    """Return the case that *cause* is about, "" where it is about none that is known."""
    if reminder := _reminder(cause):
        return words.case_of(conn, reminder)
    filed = select(submissions.c.case_id).join(cases, cases.c.id == submissions.c.case_id)
    mine = filed.where(cases.c.person_id == person_id, submissions.c.event_id == _event(cause))
    return conn.execute(mine.limit(1)).scalar() or ""


def _event(cause: str) -> str:
    for each in _ENDINGS:
        cause = cause.removesuffix(each)
    return cause


def _reminder(cause: str) -> str:
    kind, _, rest = cause.partition("/")
    return rest.partition("/")[0] if kind == REMINDER else ""


def _rows(which: ColumnElement[bool]) -> Select[Any]:
    names = ("id", "cause", "why", "legal", "since", "done_at", "done_by", "done_how")
    case = func.coalesce(cases.c.reference, ""), func.coalesce(cases.c.procedure, "")
    event: Any = unreached.c.cause
    for each in _ENDINGS:
        event = func.replace(event, each, "")
    filed = and_(submissions.c.case_id == unreached.c.case_id, submissions.c.event_id == event)
    step = select(func.min(submissions.c.step)).where(filed).correlate(unreached).scalar_subquery()
    joined = unreached.outerjoin(cases, cases.c.id == unreached.c.case_id)
    wanted = (*(unreached.c[name] for name in names), *case, unreached.c.case_id, func.coalesce(step, ""))
    return select(*wanted).select_from(joined).where(which)


def _found(conn: Connection, wanted: Select[Any]) -> Sequence[Unreached]:
    found = [Unreached(*row) for row in conn.execute(wanted)]
    about = words.abouts(conn, {key for each in found if (key := _reminder(each.cause))})
    return [_about(each, about.get(_reminder(each.cause), "")) for each in found]


def _about(each: Unreached, about: str) -> Unreached:
    return Unreached(**{**vars(each), "about": about})
